"""Throats: the least cross-section between the two lands of a strait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.raster import geodesy, planar_cut
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.grid import Grid
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.coast import Lands, nearest_points, touched_cells, water_fraction
from okhotsk.theatre.sea import section_cost
from okhotsk.theatre.straits import OPERATING_DEPTHS_M, Strait, Throat

PROFILE_STEP_KM = 0.5
# A seabed needs two of its cells across a strait before its depths there mean anything.
CELLS_ACROSS = 2


@dataclass(frozen=True)
class ThroatSearch:
    """Where a throat is sought: depths and share of water, and the cells of both sides.

    ``window`` is the block of the seabed's cells that ``depth_m`` and ``share`` are cut from.
    """

    grid: Grid
    window: tuple[slice, slice]
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

    def operating_areas_km2(self) -> tuple[float, ...]:
        """Return the least cross-section down to each of :data:`OPERATING_DEPTHS_M`."""
        return tuple(self.crossing(cap).cost for cap in OPERATING_DEPTHS_M)

    def on(self, depth_m: NDArray[np.float32]) -> ThroatSearch:
        """Return the same search on other depths of the whole seabed."""
        return replace(self, depth_m=depth_m[self.window])


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


def find_search(
    strait: Strait, lands: Lands, seabed: Seabed, water: NDArray[np.float32] | None = None
) -> ThroatSearch:
    """Return where the throat of a strait is sought; parameters as :func:`find_throat`."""
    sides: tuple[Any, Any] = lands[strait.side_a], lands[strait.side_b]
    window = _search_window(strait, nearest_points(*sides), seabed.grid)
    grid = seabed.grid.crop(*window)
    box = shapely.box(*grid.bounds)
    sides = shapely.intersection(sides[0], box), shapely.intersection(sides[1], box)
    shores = nearest_points(*sides)
    return ThroatSearch(
        grid=grid,
        window=window,
        sides=sides,
        width_km=float(geodesy.distance_km(*shores[0], *shores[1])),
        depth_m=seabed.depth_m[window],
        share=water_fraction(lands, grid) if water is None else water[window],
        ends=(touched_cells([sides[0]], grid), touched_cells([sides[1]], grid)),
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
    search = find_search(strait, lands, seabed, water)
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
        operating_areas_km2=search.operating_areas_km2(),
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
