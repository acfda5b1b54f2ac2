"""The ways of least exposure: a submarine's past the other side's shores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from okhotsk.raster import geodesy, planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.raster.cost_surface import PathProblem, SearchTree
from okhotsk.raster.grid import Grid
from okhotsk.raster.stencil import GridPath
from okhotsk.theatre.straits import Throat

# Of ways equally exposed the shortest is taken: so little that no exposure is traded for it.
TIE_PER_KM = 1e-6
PROFILE_STEP_KM = 2.0
NEAR_DEG = 0.05  # a throat ends at the shore, and a boat may pass close to it


@dataclass(frozen=True)
class Route:
    """A way of least exposure.

    Attributes
    ----------
    exposure
        Integral of the exposure per km along the way (dimensionless); infinite where no way
        exists.
    line
        The way (EPSG:4326), empty where none exists.
    straits
        Exits that it passes, in the order of the data.
    profile
        Along the way: columns ``distance_km``, ``depth_m``, ``sight_km`` (to the nearest shore of
        the other side that has it in sight), ``exposure_per_km``, ``exposure`` (so far).
    """

    exposure: float
    line: shapely.LineString
    straits: tuple[str, ...]
    profile: pd.DataFrame


def exposure_per_km(sight_km: NDArray[np.floating], range_km: float) -> FloatArray:
    """Return how exposed a boat is at a distance from the nearest shore that has it in sight.

    ``2 / R * (1 - s / R)`` within the range R and 0 beyond, per km. So a boat that runs straight
    from a hostile shore to the end of the range collects an exposure of 1, whatever the range.
    """
    return np.asarray(2 / range_km * np.clip(1 - sight_km / range_km, 0, None), np.float64)


def find_route(
    grid: Grid,
    depth_m: NDArray[np.float32],
    sight_km: NDArray[np.float32],
    *,
    start: BoolArray,
    goal: BoolArray,
    navigable: BoolArray,
    range_km: float,
    throats: Sequence[Throat] = (),
    baseline: SearchTree | None = None,
) -> Route:
    """Return the way of least exposure from any start cell to any goal cell.

    Parameters
    ----------
    grid, depth_m
        Seabed.
    sight_km
        Distance to the nearest shore of the other side that has a boat in sight; infinite where
        none has.
    start, goal
        Cells of the two ends.
    navigable
        Cells that may be entered.
    range_km
        Sensor range.
    throats
        Straits whose passing is reported.
    baseline
        The solved :func:`exposure_problem` of the same ends, from which the search goes on.

    Notes
    -----
    Dijkstra's algorithm over steps in 56 directions, the exposure integrated exactly over the
    cells under each step. In open water a way is at most 0.8 % too exposed, by its directions
    (:func:`okhotsk.raster.stencil.metrication_error`); ``tests/measures/test_exposure.py`` shows
    it against seas whose answer is known.
    """
    problem = exposure_problem(
        grid, sight_km, start=start, goal=goal, navigable=navigable, range_km=range_km
    )
    curve = problem.solve(baseline).curve
    if not len(curve.rows):
        empty = pd.DataFrame(columns=["distance_km", "depth_m", "sight_km", "exposure_per_km"])
        return Route(np.inf, shapely.LineString(), (), empty.assign(exposure=[]))
    line = shapely.LineString(grid.lonlat(curve.rows, curve.cols))
    exits = [t for t in throats if t.strait.exit and shapely.dwithin(t.line, line, NEAR_DEG)]
    return Route(
        exposure=measure(curve, grid, sight_km, range_km=range_km)[0],
        line=line,
        straits=tuple(t.strait.strait_id for t in exits),
        profile=_profile(line, grid, depth_m, sight_km, range_km),
    )


def measure(
    curve: GridPath, grid: Grid, sight_km: NDArray[np.float32], *, range_km: float
) -> tuple[float, float]:
    """Return how exposed a way is, and how long in km.

    Added up anew, not what the search has found less its ties: what rounding leaves of a way that
    nobody sees, some 1e-10, would count as exposed, and the index take ratios of it.
    """
    cells, km = stencil.stretches(curve, grid)
    per_km = exposure_per_km(sight_km.ravel()[cells], range_km)
    return float(per_km @ km), float(km.sum())


def exposure_problem(
    grid: Grid,
    sight_km: NDArray[np.float32],
    *,
    start: BoolArray,
    goal: BoolArray,
    navigable: BoolArray,
    range_km: float,
) -> PathProblem:
    """Return the problem whose solution is the route of :func:`find_route`."""
    cost = np.where(navigable, np.float32(TIE_PER_KM), np.float32(np.inf))
    seen = navigable & (sight_km < range_km)
    cost[seen] = exposure_per_km(sight_km[seen], range_km) + TIE_PER_KM
    ends = (start & navigable, goal & navigable)
    return planar_cut.crossing_problem(cost, grid, *ends)


def _profile(
    line: shapely.LineString,
    grid: Grid,
    depth_m: NDArray[np.float32],
    sight_km: NDArray[np.float32],
    range_km: float,
) -> pd.DataFrame:
    """What a boat meets along a way, every 2 km."""
    length_km = geodesy.length_km(line)
    share = np.linspace(0, 1, max(2, round(length_km / PROFILE_STEP_KM) + 1))
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))
    cells = tuple(np.array([grid.index(*point) for point in points]).T)
    per_km = exposure_per_km(sight_km[cells], range_km)
    step_km = length_km / (len(share) - 1)
    so_far = np.concatenate([[0], np.cumsum((per_km[1:] + per_km[:-1]) / 2 * step_km)])
    return pd.DataFrame(
        {
            "distance_km": share * length_km,
            "depth_m": depth_m[cells],
            "sight_km": sight_km[cells],
            "exposure_per_km": per_km,
            "exposure": so_far,
        }
    )
