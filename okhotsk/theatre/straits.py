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
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from okhotsk.datasets import ID, OPTIONAL, PUBLISHED, read_table
from okhotsk.raster import geodesy, planar_cut
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.grid import Grid
from okhotsk.schema import FLAG, POSITION, TABLES, TEXTS, Key, Schema
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.coast import (
    FIXED_HOLDERS,
    Lands,
    nearest_points,
    read_islands,
    touched_cells,
    water_fraction,
)
from okhotsk.theatre.sea import section_cost

NEAR_DEG = 0.6
KM_PER_DEG = 111.2  # of latitude
# Under twice 3 nautical miles, the least breadth assumed: territorial seas within a piece meet.
JOINED_KM = 10.0
PROFILE_STEP_KM = 0.5
# A seabed needs two of its cells across a strait before its depths there mean anything.
CELLS_ACROSS = 2
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
        the depth, so that this is never too much, and too little by less than 1 % of a strait
        (in the Lovushek Strait by 1.2 % at 320 m).
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


def _search_window(strait: Strait, ends: FloatArray, grid: Grid) -> tuple[slice, slice]:
    """Block of cells in which a throat is sought: the strait and its approaches."""
    width_km = float(geodesy.distance_km(*ends[0], *ends[1]))
    centre = ends.mean(axis=0)
    if strait.near:
        lon, lat = strait.near
        if geodesy.distance_km(centre[0], centre[1], lon, lat) > max(width_km, 10):
            centre, width_km = np.array([lon, lat]), 30.0
    half_km = max(10.0, width_km) * 1.2
    row, col = grid.index(*centre)
    wide, high = (int(half_km / size[row]) + 1 for size in grid.cell_size_km())
    return (
        slice(max(row - high, 0), row + high + 1),
        slice(max(col - wide, 0), col + wide + 1),
    )


def find_throat(
    strait: Strait, lands: Lands, seabed: Seabed, water: NDArray[np.float32] | None = None
) -> Throat:
    """Return the least cross-section between the two lands of a strait.

    Parameters
    ----------
    strait
        The strait; where it names a place and its lands are nearest elsewhere (Nemuro), the
        throat is sought within 36 km of that place.
    lands
        Land of every unit.
    seabed, water
        Depths and share of water on one grid; the share is found where it is needed unless given.
    """
    search = _find_search(strait, lands, seabed, water)
    curve = search.crossing()
    line = _over_water(search.grid.lonlat(curve.rows, curve.cols), search.sides)
    distance_km, depth_m = _profile(line, search.grid, search.depth_m)
    return Throat(
        strait=strait,
        width_km=search.width_km,
        line=line,
        throat_width_km=geodesy.length_km(line),
        throat_area_km2=curve.cost,
        distance_km=distance_km,
        depth_m=depth_m,
        resolved=geodesy.length_km(line) >= CELLS_ACROSS * seabed.native_km,
        operating_areas_km2=tuple(search.crossing(cap).cost for cap in OPERATING_DEPTHS_M),
    )


@dataclass(frozen=True)
class _Search:
    """Where a throat is sought: depths and share of water, and the cells of both sides."""

    grid: Grid
    sides: tuple[Any, Any]
    width_km: float
    depth_m: NDArray[np.float32]
    share: NDArray[np.float32]
    ends: tuple[Any, Any]

    def crossing(self, deepest_m: float = np.inf) -> planar_cut.GridPath:
        """Return the curve of least cross-section, of the water down to some depth."""
        depth_m = np.minimum(self.depth_m, np.float32(deepest_m))
        # Ties between shallows of no depth go to the shorter line.
        cost = section_cost(depth_m, self.share) + 1e-6 * self.share
        return planar_cut.shortest_crossing(cost, self.grid, *self.ends)


def _find_search(
    strait: Strait, lands: Lands, seabed: Seabed, water: NDArray[np.float32] | None
) -> _Search:
    sides: tuple[Any, Any] = lands[strait.side_a], lands[strait.side_b]
    window = _search_window(strait, nearest_points(*sides), seabed.grid)
    grid = seabed.grid.crop(*window)
    box = shapely.box(*grid.bounds)
    sides = shapely.intersection(sides[0], box), shapely.intersection(sides[1], box)
    shores = nearest_points(*sides)
    return _Search(
        grid=grid,
        sides=sides,
        width_km=float(geodesy.distance_km(*shores[0], *shores[1])),
        depth_m=seabed.depth_m[window],
        share=water_fraction(lands, grid) if water is None else water[window],
        ends=(touched_cells([sides[0]], grid), touched_cells([sides[1]], grid)),
    )


def _over_water(points: FloatArray, sides: tuple[Any, Any]) -> shapely.LineString:
    """A path between two shores, its ends on land cut off at the shore."""
    if len(points) > 1:
        wet = shapely.difference(shapely.LineString(points), shapely.union_all(sides))
        parts = [part for part in shapely.get_parts(wet) if part.length > 0]
        if parts:
            return shapely.LineString([point for part in parts for point in part.coords])
    return shapely.LineString(nearest_points(*sides))


def _profile(
    line: shapely.LineString, grid: Grid, depth_m: NDArray[np.float32]
) -> tuple[FloatArray, FloatArray]:
    """Distance along a line and depth under it."""
    length_km = geodesy.length_km(line)
    share = np.linspace(0, 1, max(3, int(np.ceil(length_km / PROFILE_STEP_KM)) + 1))
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))
    cells = [grid.index(*point) for point in points]
    return share * length_km, np.array([depth_m[cell] for cell in cells], float)


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
    near = shapely.STRtree(flat).query(flat, "dwithin", JOINED_KM / KM_PER_DEG)
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
