"""Land: the shoreline polygons of every land unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from okhotsk.datasets import ID, OPTIONAL, PUBLISHED, data_folder, read_table
from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.schema import NUMBER, POSITION, TABLES, TEXTS, WHOLE, Key, Schema

Lands = Mapping[str, shapely.MultiPolygon]

FIXED_HOLDERS: Mapping[str, str] = MappingProxyType(
    {"mainland": "RU", "sakhalin": "RU", "hokkaido": "JP", "honshu": "JP"}
)
SUBCELLS = 4
ISLAND = Schema(
    {
        "id": ID,
        "name": Key(),
        "name_ru": Key(),
        "name_ja": OPTIONAL,
        "group": ID,
        "district": Key(),
        "seed": Key(POSITION),
        "population": Key(WHOLE, required=False, low=0),
        "population_year": Key(WHOLE, required=False),
        "population_source": Key(TEXTS, required=False),
        "published": PUBLISHED,
    },
    label="id",
)
TOTAL = Schema(
    {
        "of": Key(),
        "quantity": Key(),
        "value": Key(NUMBER),
        "year": Key(WHOLE, required=False),
        "survey": Key(WHOLE, required=False),
        "units": Key(TEXTS),
        "source": Key(TEXTS),
        "note": OPTIONAL,
        "derived": OPTIONAL,
    }
)
ISLANDS = Schema(
    {
        "island": Key(TABLES, table=ISLAND),
        "total": Key(TABLES, required=False, table=TOTAL),
    }
)


@dataclass(frozen=True)
class Island:
    """A land unit of the Kuril chain with what is published about it."""

    island_id: str
    name: str
    name_ru: str
    name_ja: str | None
    group: str
    district: str
    population: int | None
    population_year: int | None
    population_source: tuple[str, ...]
    published: tuple[Mapping[str, Any], ...]


@cache
def read_islands() -> Mapping[str, Island]:
    """Return all islands from south to north, by id."""
    islands = {
        record["id"]: Island(
            island_id=record["id"],
            name=record["name"],
            name_ru=record["name_ru"],
            name_ja=record.get("name_ja"),
            group=record["group"],
            district=record["district"],
            population=record.get("population"),
            population_year=record.get("population_year"),
            population_source=tuple(record.get("population_source", ())),
            published=tuple(record.get("published", ())),
        )
        for record in read_table("islands.toml", ISLANDS)["island"]
    }
    return MappingProxyType(islands)


@dataclass(frozen=True)
class Survey:
    """The area of some units as surveyed: in which year, and by which sources."""

    km2: float
    year: int
    source: tuple[str, ...]


@cache
def surveys() -> Mapping[frozenset[str], Survey]:
    """Return the surveyed area of every set of units that has one.

    Examples
    --------
    >>> max(survey.km2 for survey in surveys().values())
    5003.05
    """
    totals = read_table("islands.toml", ISLANDS).get("total", ())
    return MappingProxyType(
        {
            frozenset(total["units"]): Survey(
                total["value"], total["survey"], tuple(total["source"])
            )
            for total in totals
            if "survey" in total
        }
    )


@cache
def groups() -> Mapping[str, tuple[str, ...]]:
    """Return the units that a name stands for: a group of the island list, or one island."""
    islands = read_islands()
    found: dict[str, tuple[str, ...]] = {}
    for island in islands.values():
        found[island.group] = (*found.get(island.group, ()), island.island_id)
    return MappingProxyType(found | {unit: (unit,) for unit in islands})


def read_coast() -> Lands:
    """Return the land of every unit (EPSG:4326), rocks included, by unit id."""
    frame = gpd.read_file(data_folder() / "coast.fgb")
    return MappingProxyType(
        {
            str(unit): shapely.MultiPolygon(list(rows.geometry))
            for unit, rows in frame.groupby("unit_id")
        }
    )


def islands_table(coast: Lands) -> gpd.GeoDataFrame:
    """Return every island with area and coast length, both computed from the shoreline.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns of the ``islands`` command, and the land (EPSG:4326).
    """
    rows = []
    for unit, island in read_islands().items():
        point = shapely.point_on_surface(max(coast[unit].geoms, key=lambda p: p.area))
        rows.append(
            {
                "island_id": unit,
                "name": island.name,
                "name_ru": island.name_ru,
                "name_ja": island.name_ja,
                "group": island.group,
                "district": island.district,
                "area_km2": geodesy.area_km2(coast[unit]),
                "coast_km": geodesy.perimeter_km(coast[unit]),
                "lon": point.x,
                "lat": point.y,
                "population": island.population,
                "population_year": island.population_year,
                "source": " ".join(island.population_source) or None,
                "geometry": coast[unit],
            }
        )
    frame = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    return frame.astype({"population": "Int64", "population_year": "Int64"})


def water_fraction(lands: Lands, grid: Grid) -> NDArray[np.float32]:
    """Return the share of each cell that is water, sampled at 4 x 4 points."""
    rows, cols = grid.shape
    fine = Grid(grid.bounds, (rows * SUBCELLS, cols * SUBCELLS))
    land = rasterize(lands.values(), fine.shape, transform=fine.transform, dtype="uint8")
    blocks = land.reshape(rows, SUBCELLS, cols, SUBCELLS).mean(axis=(1, 3), dtype=np.float32)
    return np.asarray(1 - blocks, np.float32)


def touched_cells(lands: Iterable[Any], grid: Grid) -> NDArray[np.bool_]:
    """Return the cells that any of some lands or lines touches, shape as the grid's."""
    shapes, transform = list(lands), grid.transform
    mask = rasterize(shapes, grid.shape, transform=transform, all_touched=True, dtype="uint8")
    return np.asarray(mask == 1)


def nearest_points(one: Any, other: Any) -> NDArray[np.float64]:
    """Return the ends (lon, lat) of the shortest line between two lands, shape (2, 2).

    Found in the plane with longitudes shrunk to the mean latitude; over strait widths the
    geodesic length of the line found exceeds the true least by less than 0.1 %.
    """
    lat = (one.bounds[1] + one.bounds[3] + other.bounds[1] + other.bounds[3]) / 4
    for _ in range(2):  # again with the latitude of the line itself
        squeeze = np.array([np.cos(np.radians(lat)), 1.0])
        near, far = (shapely.transform(land, squeeze.__mul__) for land in (one, other))
        ends = shapely.get_coordinates(shapely.shortest_line(near, far)) / squeeze
        lat = ends[:, 1].mean()
    return np.asarray(ends)
