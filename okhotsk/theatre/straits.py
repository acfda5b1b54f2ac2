"""Straits: where each is narrowest in cross-section, how deep its sill is, who holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from okhotsk.datasets import ID, OPTIONAL, PUBLISHED, read_table
from okhotsk.raster import geodesy
from okhotsk.raster.arrays import FloatArray
from okhotsk.schema import FLAG, POSITION, TABLES, TEXTS, Key, Schema
from okhotsk.theatre.coast import (
    FIXED_HOLDERS,
    Lands,
    nearest_points,
    read_islands,
)

NEAR_DEG = 0.6
# Under twice 3 nautical miles, the least breadth assumed: territorial seas within a piece meet.
JOINED_KM = 10.0
# Depths down to which the least section of every throat is known; between them it is nearly linear.
OPERATING_DEPTHS_M = (300, 350, 400, 450, 500, 550, 600)


@dataclass(frozen=True)
class Strait:
    """A strait as named in the data, with what is published about it.

    ``international`` says that a source calls it a strait used for international navigation.
    """

    strait_id: str
    name: str
    name_ru: str | None
    name_ja: str | None
    side_a: str
    side_b: str
    exit: bool
    kuril: bool
    near: tuple[float, float] | None
    note: str | None
    published: tuple[Mapping[str, Any], ...]
    international: bool


@dataclass(frozen=True)
class Throat:
    """The least cross-section of a strait and what the theatre knows of it.

    Attributes
    ----------
    strait
        The strait.
    width_km
        Shore to shore, the shortest line between the two lands.
    line
        The throat from side a to side b (EPSG:4326), through water.
    throat_width_km, throat_area_km2
        Length of the throat over water and its cross-section.
    distance_km, depth_m
        Section profile along the line.
    resolved
        False where the seabed is too coarse for the strait: depths are then not given.
    sill_depth_m
        Depth of the widest path between the deep basin and the ocean through this strait alone;
        None where it is no exit or not resolved.
    operating_areas_km2
        Least cross-section of the water down to each of :data:`OPERATING_DEPTHS_M`.
    """

    strait: Strait
    width_km: float
    line: shapely.LineString
    throat_width_km: float
    throat_area_km2: float
    distance_km: FloatArray
    depth_m: FloatArray
    resolved: bool
    sill_depth_m: float | None = None
    operating_areas_km2: tuple[float, ...] = ()

    def operating_area_km2(self, depth_m: float) -> float:
        """Return the least cross-section of the water down to some depth.

        Between the depths at which it is known it is interpolated: least sections are concave in
        the depth, so that this is never too much, and too little by less than 1 % of an exit.
        """
        return float(np.interp(depth_m, OPERATING_DEPTHS_M, self.operating_areas_km2))


def read_straits() -> tuple[Strait, ...]:
    """All straits in the order of the data, south-west to north-east."""
    return tuple(
        Strait(
            strait_id=record["id"],
            name=record["name"],
            name_ru=record.get("name_ru"),
            name_ja=record.get("name_ja"),
            side_a=record["side_a"],
            side_b=record["side_b"],
            exit=record["exit"],
            kuril=record["kuril"],
            near=tuple(record["near"]) if "near" in record else None,
            note=record.get("note"),
            published=tuple(record.get("published", ())),
            international=record["international"],
        )
        for record in read_table("straits.toml", straits_schema())["strait"]
    )


def straits_schema() -> Schema:
    """Return what ``straits.toml`` may hold; a strait lies between two known units."""
    side = Key(choices=(*read_islands(), *FIXED_HOLDERS))
    strait = {
        "id": ID,
        "name": Key(),
        "name_ru": OPTIONAL,
        "name_ja": OPTIONAL,
        "side_a": side,
        "side_b": side,
        "exit": Key(FLAG),
        "kuril": Key(FLAG),
        "international": Key(FLAG),
        "international_source": Key(TEXTS, required=False),
        "near": Key(POSITION, required=False),
        "near_source": Key(TEXTS, required=False),
        "series": Key(TEXTS, required=False),
        "note": OPTIONAL,
        "published": PUBLISHED,
    }
    return Schema({"strait": Key(TABLES, table=Schema(strait, label="id"))})


@dataclass(frozen=True)
class Shore:
    """How near a land is to a throat.

    Attributes
    ----------
    km
        Geodesic distance of every point of the throat's profile.
    ends_deg
        Distance of both ends of the throat in degrees, to tell which land is nearer.
    """

    km: FloatArray
    ends_deg: tuple[float, float]


def near_box(throat: Throat) -> tuple[float, float, float, float]:
    """Return the box round a throat that holds all land whose territorial sea may reach it."""
    west, south, east, north = throat.line.bounds
    return west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG


def clip_near(throat: Throat, land: Any) -> Any:
    """Return what of a land lies in the box round a throat."""
    box = shapely.box(*near_box(throat))
    parts = shapely.get_parts(land)
    return shapely.union_all(shapely.intersection(parts[shapely.intersects(parts, box)], box))


def find_shore(throat: Throat, land: Any) -> Shore | None:
    """Return how near a land is to a throat; None where it lies beyond any territorial sea."""
    close = clip_near(throat, land)
    if close.is_empty:
        return None
    share = np.linspace(0, 1, len(throat.distance_km))
    points = shapely.line_interpolate_point(throat.line, share, normalized=True)
    ends = (shapely.distance(close, shapely.Point(throat.line.coords[n])) for n in (0, -1))
    first, last = map(float, ends)
    return Shore(_distance_km(close, points), (first, last))


def find_shores(throat: Throat, lands: Lands) -> dict[str, Shore]:
    """Return how near each land is to a throat, by unit id; distant lands are left out."""
    found = {unit: find_shore(throat, land) for unit, land in lands.items()}
    return {unit: shore for unit, shore in found.items() if shore is not None}


@dataclass(frozen=True)
class Gaps:
    """Pieces of land near a throat, and how far apart their shores are.

    Attributes
    ----------
    owner
        Id of the land of every piece. Islands of one land that lie within ``JOINED_KM`` of each
        other, or are linked by such, are one piece.
    km
        Geodesic distance between every two pieces.
    ends
        The pieces at which the throat begins and ends.
    """

    owner: tuple[str, ...]
    km: FloatArray
    ends: tuple[int, int]


def find_gaps(throat: Throat, lands: Mapping[str, Any]) -> Gaps:
    """Return how far apart the lands near a throat are, by id."""
    pieces = [(key, piece) for key, land in lands.items() for piece in _pieces(throat, land)]
    shapes = np.array([piece for _, piece in pieces], object)
    apart_km = np.zeros((len(pieces), len(pieces)))
    for row, col in combinations(range(len(pieces)), 2):
        start, end = nearest_points(shapes[row], shapes[col])
        apart_km[row, col] = apart_km[col, row] = geodesy.distance_km(*start, *end)
    first, last = (
        int(shapely.distance(shapes, shapely.Point(throat.line.coords[n])).argmin())
        for n in (0, -1)
    )
    return Gaps(tuple(key for key, _ in pieces), apart_km, (first, last))


def _pieces(throat: Throat, land: Any) -> list[Any]:
    """What of a land lies near a throat, islands far from each other apart."""
    islands = shapely.get_parts(clip_near(throat, land))
    squeeze = np.array([np.cos(np.radians(throat.line.centroid.y)), 1.0])
    flat = shapely.transform(islands, squeeze.__mul__)
    near = shapely.STRtree(flat).query(flat, "dwithin", JOINED_KM / geodesy.KM_PER_DEG)
    links = coo_array((np.ones(near.shape[1]), near), shape=(len(islands),) * 2)
    count, label = connected_components(links)
    return [shapely.union_all(islands[label == number]) for number in range(count)]


def _distance_km(land: Any, points: Any) -> FloatArray:
    """Geodesic distance of points to a nearby land."""
    squeeze = np.array([np.cos(np.radians(shapely.get_y(points).mean())), 1.0])
    flat_land, flat = (shapely.transform(g, squeeze.__mul__) for g in (land, points))
    near = shapely.get_coordinates(shapely.shortest_line(flat, flat_land))[1::2] / squeeze
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    return np.asarray(geodesy.distance_km(lon, lat, *near.T))


def straits_table(throats: Sequence[Throat], *, operating_depth_m: float) -> gpd.GeoDataFrame:
    """One row per strait: the columns of the ``straits`` command, and the throat (EPSG:4326)."""
    total = sum(t.throat_area_km2 for t in throats if t.strait.kuril and t.resolved)
    rows = []
    for throat in throats:
        strait, known = throat.strait, throat.resolved
        rows.append(
            {
                "strait_id": strait.strait_id,
                "name": strait.name,
                "name_ru": strait.name_ru,
                "name_ja": strait.name_ja,
                "side_a": strait.side_a,
                "side_b": strait.side_b,
                "exit": strait.exit,
                "resolved": known,
                "width_km": throat.width_km,
                "throat_width_km": throat.throat_width_km,
                "throat_area_km2": throat.throat_area_km2 if known else np.nan,
                "operating_area_km2": throat.operating_area_km2(operating_depth_m)
                if known
                else np.nan,
                "throat_share": throat.throat_area_km2 / total
                if known and strait.kuril
                else np.nan,
                "sill_depth_m": np.nan if throat.sill_depth_m is None else throat.sill_depth_m,
                "geometry": throat.line,
            }
        )
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs="EPSG:4326")
