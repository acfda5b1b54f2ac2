"""How deep a submarine can go in and out, and through which straits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.cost_surface import PathProblem, SearchTree
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.grid import find_box
from okhotsk.raster.widest_path import widest_path_depth
from okhotsk.theatre.exits import exit_sill_depths
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat

OFFING_NM = 200.0  # the high seas begin where the exclusive economic zone ends (UNCLOS Art. 57)
KEELS_M = (20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000)


@dataclass(frozen=True)
class Passage:
    """The deepest way between the open ocean and the patrol water.

    Attributes
    ----------
    depth_m
        Deepest keel that gets through; 0 where no way exists.
    route
        The shortest way at that depth (EPSG:4326), empty where none exists.
    straits
        Exits that the route passes.
    reached
        Patrol water in reach of each keel: columns ``keel_m``, ``reached_km2``.
    """

    depth_m: float
    route: shapely.LineString
    straits: tuple[str, ...]
    reached: pd.DataFrame


def find_passage(
    theatre: Theatre,
    patrol: BoolArray,
    closed: BoolArray,
    *,
    goal: BoolArray | None = None,
    baseline: SearchTree | None = None,
) -> Passage:
    """Return the deepest way from the ocean to the patrol water that avoids closed cells.

    Parameters
    ----------
    theatre
        The theatre.
    patrol
        Cells of the patrol water.
    closed
        Cells that may not be entered: the territorial sea of the other side, where a submarine
        would have to surface (UNCLOS Art. 20).
    goal
        Cells that depth and route are measured to, all patrol water by default. It begins in the
        throats of straits, so that the core tells more.
    baseline
        The solved :func:`passage_problem` of other closed cells, from which the search goes on.

    Notes
    -----
    One flood from the ocean in the order of depth gives the deepest keel for every cell at
    once; the way out is the way in. The route runs from the high seas, outside the sea and
    further than 200 nautical miles from every shore, to the nearest patrol water.
    """
    ends = patrol if goal is None else goal
    flood = flood_from_ocean(theatre, closed, ends)
    route = shapely.LineString()
    if flood.depth_m > 0:
        route = route_line(theatre, _route_problem(theatre, flood, ends).solve(baseline).curve)
    return Passage(
        depth_m=flood.depth_m,
        route=route,
        straits=passed_exits(route, theatre.throats),
        reached=_reached(flood.keel_m[patrol], theatre.water_km2[patrol]),
    )


@dataclass(frozen=True)
class Flood:
    """How deep a keel comes in from the ocean past closed cells.

    Attributes
    ----------
    keel_m
        Deepest keel that comes to each cell; 0 where none does.
    depth_m
        Deepest keel that comes to any of the ends.
    """

    keel_m: NDArray[np.float32]
    depth_m: float

    @property
    def deep(self) -> BoolArray:
        """Cells that a keel of ``depth_m`` comes to."""
        return np.asarray((self.keel_m >= self.depth_m) & (self.keel_m > 0))


def flood_from_ocean(theatre: Theatre, closed: BoolArray, ends: BoolArray) -> Flood:
    """Return how deep a keel comes from the ocean to each cell, and to any of the ends."""
    keel_m = widest_path_depth(open_depths_m(theatre, closed), theatre.sea.ocean)
    return Flood(keel_m, float(keel_m[ends].max(initial=0)))


def passage_problem(theatre: Theatre, closed: BoolArray, ends: BoolArray) -> PathProblem:
    """Return the problem whose solution is the route of :func:`find_passage` to the ends."""
    return _route_problem(theatre, flood_from_ocean(theatre, closed, ends), ends)


def _reached(patrol_m: NDArray[np.float32], water_km2: NDArray[np.float32]) -> pd.DataFrame:
    """Area of patrol water in reach of each keel, from what reaches its cells."""
    keels = np.searchsorted(np.array(KEELS_M, np.float32), patrol_m, side="right")
    areas = np.bincount(keels, water_km2.astype(float), minlength=len(KEELS_M) + 1)
    return pd.DataFrame({"keel_m": KEELS_M, "reached_km2": areas[::-1].cumsum()[::-1][1:]})


def open_depths_m(theatre: Theatre, closed: BoolArray) -> NDArray[np.float32]:
    """Depths with the closed cells taken out."""
    return np.where(closed, np.float32(0), theatre.seabed.depth_m)


def open_pacific(theatre: Theatre) -> BoolArray:
    """Water outside the sea and further than 200 nautical miles from every shore."""
    return ~theatre.sea.mask & (theatre.shore_km > OFFING_NM * KM_PER_NM)


def _route_problem(theatre: Theatre, flood: Flood, ends: BoolArray) -> PathProblem:
    """The problem of the shortest route over deep cells from the high seas to the ends."""
    # Sought from its end, which leaves less to search than the long limit of the high seas. A
    # step cannot leave the ends from deeper inside than it reaches.
    deep = flood.deep
    start = ends & deep
    reach = (planar_cut.REACH_ROWS, planar_cut.REACH_COLS)
    size = (2 * reach[0] + 1, 2 * reach[1] + 1)
    inner = np.zeros_like(start)
    if start.any():
        box = find_box(start, margin=reach)
        inner[box] = ndimage.minimum_filter(start[box], size=size, mode="nearest")
    cost = np.where(deep & ~inner, np.float32(1), np.float32(np.inf))
    goal = deep & open_pacific(theatre)
    return planar_cut.crossing_problem(cost, theatre.grid, start & ~inner, goal)


def route_line(theatre: Theatre, curve: planar_cut.GridPath) -> shapely.LineString:
    """A curve from patrol water as a line from the ocean; empty where there is none."""
    if not len(curve.rows):
        return shapely.LineString()
    return shapely.LineString(theatre.grid.lonlat(curve.rows[::-1], curve.cols[::-1]))


def passed_exits(route: shapely.LineString, throats: tuple[Throat, ...]) -> tuple[str, ...]:
    """Exits whose throat a route crosses, in the order of the data."""
    exits = (throat for throat in throats if throat.strait.exit)
    return tuple(t.strait.strait_id for t in exits if shapely.intersects(t.line, route))


def exit_depths(theatre: Theatre, closed: BoolArray) -> dict[str, float | None]:
    """Return the deepest keel through each exit alone that avoids closed cells.

    Parameters
    ----------
    theatre
        The theatre.
    closed
        Cells that may not be entered.

    Returns
    -------
    dict
        Metres by strait id, in the order of the data: between the deep basin and the ocean,
        leaving the sea once, through this exit. 0 where it is shut; None where the seabed is too
        coarse for the strait.

    Notes
    -----
    :func:`okhotsk.theatre.exits.exit_sill_depths` of the depths left open. With nothing closed
    these are the sills.

    The ocean is the Pacific. La Perouse leads there through the Sea of Japan and, within the
    theatre, only through the Tsugaru Strait: what closes that closes La Perouse as well.
    """
    depth_m = theatre.seabed.measured.depth_m
    parts = depth_m.shape[0] // closed.shape[0]
    shut = closed.repeat(parts, 0).repeat(parts, 1) if parts > 1 else closed
    return exit_sill_depths(theatre.doors, np.where(shut, np.float32(0), depth_m))


def keel_table(passage: Passage, depths: Mapping[str, float | None]) -> pd.DataFrame:
    """Return what each keel can do.

    Parameters
    ----------
    passage, depths
        From :func:`find_passage` and :func:`exit_depths` with the same closed cells.

    Returns
    -------
    pandas.DataFrame
        Columns ``keel_m``, ``straits_open`` (tuple of the exits that let it through; exits for
        which the seabed is too coarse are left out) and ``reached_km2``.
    """
    opened = [open_exits(depths, keel) for keel in passage.reached.keel_m]
    table = passage.reached.copy()
    table.insert(1, "straits_open", pd.Series(opened, dtype=object))
    return table


def open_exits(depths: Mapping[str, float | None], keel_m: float) -> tuple[str, ...]:
    """Exits that let a keel through."""
    return tuple(key for key, depth in depths.items() if depth is not None and depth >= keel_m)
