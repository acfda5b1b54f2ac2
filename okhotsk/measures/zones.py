"""Maritime zones: which water is whose under a scenario, by nearest shore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.cache import kept_at, recall
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.raster.contours import polygons
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.proximity import DistanceField, distance_field, nearest_km
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre

HIGH_SEAS, RU_SEA, JP_SEA, RU_EEZ, JP_EEZ = range(5)
SOYA_SHORES = ("hokkaido", "sakhalin")
COLUMNS: Mapping[int, str] = MappingProxyType(
    {
        RU_SEA: "ru_territorial_sea_km2",
        JP_SEA: "jp_territorial_sea_km2",
        RU_EEZ: "ru_eez_km2",
        JP_EEZ: "jp_eez_km2",
        HIGH_SEAS: "high_seas_km2",
    }
)
NAMES: Mapping[int, str] = MappingProxyType(
    {
        RU_SEA: "Russian territorial sea",
        JP_SEA: "Japanese territorial sea",
        RU_EEZ: "Russian exclusive economic zone",
        JP_EEZ: "Japanese exclusive economic zone",
        HIGH_SEAS: "high seas",
    }
)


@dataclass(frozen=True)
class Zones:
    """Zones of a scenario.

    Attributes
    ----------
    code
        Zone of every cell (``HIGH_SEAS`` and so on; meaningless on land).
    ru_km, jp_km
        Distance of every water cell to the nearest Russian and Japanese shore; infinite beyond
        380 km.
    """

    code: NDArray[np.uint8]
    ru_km: Float32Array
    jp_km: Float32Array


def part_distance_field(theatre: Theatre, part: Part) -> DistanceField:
    """Distances to a part: the theatre's for a whole unit, computed for the side of a line."""
    if part.part_id == part.unit:
        return theatre.distances[part.unit]
    return _recall_distances(theatre, part.land)


def _recall_distances(theatre: Theatre, land: shapely.MultiPolygon) -> DistanceField:
    """Distances to the side of a line, from the cache where the same was asked before."""
    grid, water = theatre.grid, theatre.water_km2 > 0

    def measure() -> dict[str, NDArray[Any]]:
        field = distance_field(land, grid, water)
        return {"cells": field.cells, "km": field.km}

    path = kept_at("distance", __name__, str(grid), land.wkb, water)
    return DistanceField(**recall(path, measure, names=("cells", "km")))


def part_distances(theatre: Theatre, parts: Sequence[Part]) -> dict[str, DistanceField]:
    """Distances to every part of a scenario, by part id."""
    return {part.part_id: part_distance_field(theatre, part) for part in parts}


def find_zones(
    theatre: Theatre,
    parts: Sequence[Part],
    distances: Mapping[str, DistanceField],
    assumptions: Assumptions,
) -> Zones:
    """Return the zones under the default rules: the nearest shore decides (equidistance).

    Territorial sea and exclusive economic zone reach 12 and 200 nautical miles from normal
    baselines (UNCLOS Arts 3, 5, 15, 57); where coasts face each other they end at the median
    line. In the Soya Strait the Japanese belt is ``soya_nm`` wide: 3 miles by Japan's own law.
    """
    shape = theatre.grid.shape
    ru_km, jp_km = (
        nearest_km((distances[p.part_id] for p in parts if p.sovereign == holder), shape)
        for holder in ("RU", "JP")
    )
    russian, near_km = ru_km <= jp_km, np.minimum(ru_km, jp_km)
    code = np.full(shape, HIGH_SEAS, np.uint8)
    zone = near_km <= assumptions.eez_nm * KM_PER_NM
    code[zone] = np.where(russian[zone], RU_EEZ, JP_EEZ)
    sea = near_km <= assumptions.territorial_sea_nm * KM_PER_NM
    if assumptions.soya_nm < assumptions.territorial_sea_nm:
        claimed = jp_km <= assumptions.soya_nm * KM_PER_NM
        sea &= russian | claimed | ~soya_area(theatre, assumptions)
    code[sea] = np.where(russian[sea], RU_SEA, JP_SEA)
    return Zones(code, ru_km, jp_km)


def closed_to_others(zones: Zones, transit: BoolArray) -> BoolArray:
    """Cells that a foreign submarine may not cross submerged: Russia's territorial sea.

    Innocent passage is on the surface (UNCLOS Art. 20). ``transit`` is the water in which
    submerged transit passage holds (:func:`okhotsk.measures.transit.transit_water`).
    """
    return np.asarray((zones.code == RU_SEA) & ~transit)


def closed_to_russia(used: Zones, transit: BoolArray) -> BoolArray:
    """Cells that a Russian submarine may not cross submerged: Japan's territorial sea.

    ``used`` are the zones of :func:`administered` parts: waters of Japanese land where Russian
    forces stay are open to it. ``transit`` as in :func:`closed_to_others`.
    """
    return np.asarray((used.code == JP_SEA) & ~transit)


def administered(parts: Sequence[Part]) -> list[Part]:
    """Parts with Russia as holder wherever its forces stay."""
    return [replace(p, sovereign="RU") if p.forces == "RU" else p for p in parts]


def soya_area(theatre: Theatre, assumptions: Assumptions) -> BoolArray:
    """Water of the Soya Strait: within 24 nautical miles of both Hokkaido and Sakhalin.

    A stand-in for the lines of the Act's annex, which no source at hand gives.
    """
    return np.asarray(beyond_strait_km(theatre, SOYA_SHORES, assumptions) <= 0)


def beyond_strait_km(
    theatre: Theatre, shores: Sequence[str], assumptions: Assumptions
) -> Float32Array:
    """How far every cell lies beyond 24 nautical miles from the farther of two shores.

    Infinite everywhere in a theatre without these lands.
    """
    shape, limit_km = theatre.grid.shape, assumptions.contiguous_zone_nm * KM_PER_NM
    if not set(shores) <= set(theatre.distances):
        return np.full(shape, np.inf, np.float32)
    farther_km = np.maximum(*(nearest_km([theatre.distances[unit]], shape) for unit in shores))
    return np.asarray(farther_km - np.float32(limit_km))


def zone_areas_km2(theatre: Theatre, zones: Zones) -> dict[str, float]:
    """Area of every zone inside the sea; together they are the sea."""
    inside = theatre.sea.mask
    sums = np.bincount(zones.code[inside], theatre.water_km2[inside], minlength=len(COLUMNS))
    return {column: float(sums[code]) for code, column in COLUMNS.items()}


def zones_table(
    theatre: Theatre,
    zones: Zones,
    assumptions: Assumptions,
    *,
    high_seas: shapely.MultiPolygon | None = None,
) -> gpd.GeoDataFrame:
    """Zones as polygons over the whole window, for maps (EPSG:4326).

    Limits are interpolated between cell centres. Columns: ``zone``, ``holder``, ``name``,
    ``area_km2`` (inside the sea, from the cells) and ``geometry``. ``high_seas`` is what
    :func:`high_seas_shape` returns, the same for every scenario.
    """
    areas = zone_areas_km2(theatre, zones)
    rows = [
        {
            "zone": COLUMNS[code].removesuffix("_km2").replace("_", "-"),
            "holder": {"ru": "RU", "jp": "JP"}.get(COLUMNS[code][:2], ""),
            "name": NAMES[code],
            "area_km2": areas[COLUMNS[code]],
            "geometry": shape,
        }
        for code, shape in _zone_shapes(theatre, zones, assumptions, high_seas).items()
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def high_seas_shape(theatre: Theatre, assumptions: Assumptions) -> shapely.MultiPolygon:
    """Return the water beyond every zone, whoever holds the land, as polygons (EPSG:4326)."""
    shore_km = _inland(theatre, np.minimum(theatre.shore_km, np.float32(1e4)))
    return polygons(shore_km - np.float32(assumptions.eez_nm * KM_PER_NM), theatre.grid)


def _zone_shapes(
    theatre: Theatre,
    zones: Zones,
    assumptions: Assumptions,
    high_seas: shapely.MultiPolygon | None,
) -> dict[int, shapely.MultiPolygon]:
    """Outline of every zone, from the smooth distance fields where they draw the limit."""
    ru_km, jp_km = (_inland(theatre, np.minimum(km, 1e4)) for km in (zones.ru_km, zones.jp_km))
    lead_km, near_km = jp_km - ru_km, np.minimum(ru_km, jp_km)
    sea_km = assumptions.territorial_sea_nm * KM_PER_NM - near_km
    claimed_km = _claimed_km(theatre, near_km, sea_km, assumptions)
    eez_km = assumptions.eez_nm * KM_PER_NM - near_km
    limits = {
        RU_SEA: (sea_km, lead_km),
        JP_SEA: (claimed_km, -lead_km),
        RU_EEZ: (np.minimum(eez_km, -sea_km), lead_km),
        JP_EEZ: (np.minimum(eez_km, -claimed_km), -lead_km),
    }
    shapes = {zone: polygons(np.minimum(*km), theatre.grid) for zone, km in limits.items()}
    return shapes | {HIGH_SEAS: high_seas or high_seas_shape(theatre, assumptions)}


def _claimed_km(
    theatre: Theatre, near_km: Float32Array, sea_km: Float32Array, assumptions: Assumptions
) -> Float32Array:
    """How far inside the territorial sea that Japan claims a cell lies; negative outside.

    ``sea_km`` says the same of the general breadth; the Soya Strait has its own.
    """
    if assumptions.soya_nm >= assumptions.territorial_sea_nm:
        return sea_km
    beyond_km = beyond_strait_km(theatre, SOYA_SHORES, assumptions)
    beyond_km = _inland(theatre, np.minimum(beyond_km, np.float32(1e4)))
    soya_km = np.float32(assumptions.soya_nm * KM_PER_NM) - near_km
    return np.asarray(np.maximum(soya_km, np.minimum(sea_km, beyond_km)))


def _inland(theatre: Theatre, values: NDArray[Any]) -> NDArray[Any]:
    """Values that run on under the land, which maps draw over them, so that no gap shows."""
    dry, water = theatre.nearest_water
    filled = values.copy()
    filled.ravel()[dry] = filled.ravel()[water]
    return filled
