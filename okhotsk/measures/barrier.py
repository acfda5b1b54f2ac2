"""The barrier that seals the core: the shortest line, and the one of least section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.errors import AssumptionError
from okhotsk.measures.zones import JP_SEA, Zones, part_distance_field
from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.raster.cost_surface import PathProblem, SearchTree
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.raster.proximity import DistanceField, nearest_km
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import find_place

LINES = ("barrier_km", "barrier_area_km2", "operating_area_km2")
# What sealing costs; the section down to the bottom is for comparison with hydrography.
SEALS = ("barrier_km", "operating_area_km2")
# The search for a ring that avoids the mainland proves a line.
RINGS: Mapping[str, str] = MappingProxyType({name: f"{name} ring" for name in LINES})
LINE_SEARCHES = (*LINES, *RINGS.values())
BELT_NM = 24.0  # how far outside the sea Russia's line may run: its contiguous zone


@dataclass(frozen=True)
class Barrier:
    """The lines of a scenario over water at least ``transit_depth_m`` deep.

    Attributes
    ----------
    figures
        By the names of :data:`LINES`: length of the shortest line, least cross-section, and least
        cross-section of the water down to ``operating_depth_m``.
    lines
        Where each runs over such water (EPSG:4326).
    proven
        Whether no line that avoids the mainland can be better.
    """

    figures: Mapping[str, float]
    lines: Mapping[str, shapely.MultiLineString]
    proven: bool


def exposed_km(theatre: Theatre) -> NDArray[np.float32]:
    """Distance to the nearest shore that is Japanese or that any named scenario hands over."""
    exposed: dict[str, DistanceField] = {}
    for name in scenario_ids():
        for part in resolve(load_scenario(name), theatre.lands):
            if part.sovereign == "JP" and part.part_id not in exposed:
                exposed[part.part_id] = part_distance_field(theatre, part)
    return nearest_km(exposed.values(), theatre.grid.shape)


def find_core(
    theatre: Theatre, patrol: BoolArray, exposed: NDArray[np.float32], assumptions: Assumptions
) -> BoolArray:
    """Return the cells of the core: the same for every scenario.

    The largest connected patrol water further than ``core_standoff_km`` from every shore that
    is Japanese or that any named scenario hands over (:func:`exposed_km`).

    Raises
    ------
    AssumptionError
        Where the assumptions leave no core.
    """
    far = exposed > assumptions.core_standoff_km
    labels, count = ndimage.label(patrol & far, np.ones((3, 3)))
    if not count:
        raise AssumptionError(
            f"no patrol water of {assumptions.patrol_depth_m:g} m lies further than "
            f"{assumptions.core_standoff_km:g} km from every shore that may be handed over; "
            "lower core_standoff_km or patrol_depth_m"
        )
    sizes = ndimage.sum_labels(theatre.water_km2, labels, np.arange(1, count + 1))
    return np.asarray(labels == 1 + int(np.argmax(sizes)))


def find_barrier(
    theatre: Theatre,
    closed: BoolArray,
    core: BoolArray,
    assumptions: Assumptions,
    *,
    costs: Mapping[str, Float32Array] | None = None,
    baselines: Mapping[str, SearchTree | None] = MappingProxyType({}),
) -> Barrier:
    """Return the lines that keep the core from closed water (see :func:`closed_water`).

    Land and water shallower than ``transit_depth_m`` cost nothing. ``costs`` are some or all of
    :func:`line_costs`, computed here where they are not given: a line for each. ``baselines`` are
    the solved problems of other closed water (:func:`line_problem`), by the names of
    :data:`LINE_SEARCHES`: only what has changed is searched anew.

    Raises
    ------
    ValueError
        Where no line can be drawn.
    """
    deep = theatre.seabed.depth_m >= assumptions.transit_depth_m
    costs = costs or line_costs(theatre, assumptions)
    pieces = planar_cut.outer_pieces(closed & ~core)
    found = {
        name: find_line(
            theatre,
            costs[name],
            closed=closed,
            core=core,
            pieces=pieces,
            baseline=baselines.get(name),
        )
        for name in costs
    }
    proven = all(lines.is_proven(baselines.get(RINGS[name])) for name, lines in found.items())
    return Barrier(
        figures={name: lines.cost for name, lines in found.items()},
        lines={name: _over_deep_water(lines, deep, theatre) for name, lines in found.items()},
        proven=proven,
    )


def find_line(
    theatre: Theatre,
    cost: Float32Array,
    *,
    closed: BoolArray,
    core: BoolArray,
    pieces: list[BoolArray] | None = None,
    baseline: SearchTree | None = None,
) -> planar_cut.Enclosure:
    """Return the cheapest curves that keep the core from closed water.

    ``pieces`` and ``baseline`` as :func:`okhotsk.raster.planar_cut.cheapest_enclosure`.
    """
    return planar_cut.cheapest_enclosure(
        cost,
        theatre.grid,
        inside=core,
        outside=closed,
        anchor=find_anchor(theatre),
        pieces=pieces,
        baseline=baseline,
    )


def line_problem(
    theatre: Theatre,
    costs: Mapping[str, Float32Array],
    name: str,
    *,
    closed: BoolArray,
    core: BoolArray,
) -> PathProblem:
    """Return one of :data:`LINE_SEARCHES`: the problem of a line or of the ring that proves it."""
    anchor = find_anchor(theatre)
    line = next(line for line in LINES if name in (line, RINGS[line]))
    problem = planar_cut.enclosure_problem(
        costs[line], theatre.grid, inside=core, outside=closed, anchor=anchor
    )
    if name == line:
        return problem
    return planar_cut.ring_problem(problem.surface, anchor, problem.query.rays[0])


def line_costs(theatre: Theatre, assumptions: Assumptions) -> dict[str, Float32Array]:
    """Return what a km of each line of :data:`LINES` costs in each cell.

    That is its length in km, its section in km2, and the part of that above ``operating_depth_m``.
    """
    deep = theatre.seabed.depth_m >= assumptions.transit_depth_m
    share = theatre.water_km2 / theatre.grid.cell_area_km2()[:, None]
    length, depth_m = np.where(deep, share, 0.0), theatre.seabed.depth_m
    operating_m = np.minimum(depth_m, np.float32(assumptions.operating_depth_m))
    costs = (length, length * (depth_m / 1000), length * (operating_m / 1000))
    return {name: cost.astype(np.float32) for name, cost in zip(LINES, costs, strict=True)}


def find_anchor(theatre: Theatre) -> tuple[int, int]:
    """Row and column of a cell of the mainland that every line runs through."""
    return theatre.grid.index(*find_place("anchor"))


def closed_water(theatre: Theatre, parts: Sequence[Part], used: Zones) -> BoolArray:
    """Cells that Russia's line may not enter: foreign waters, the land in them, the ocean.

    ``used`` are the zones of administered parts: the line may run in the sea, and outside it in
    Russia's 24-mile belt, but not in the territorial sea of land that is neither Russian nor left
    to Russian forces.
    """
    theirs, water = used.jp_km < used.ru_km, theatre.water_km2 > 0
    closed = water & (used.code == JP_SEA)
    closed |= water & ~theatre.sea.mask & (theirs | (used.ru_km > BELT_NM * KM_PER_NM))
    for part in parts:
        if part.sovereign == "JP" and part.forces != "RU":
            whole = part.part_id == part.unit
            land = theatre.dry_cells[part.unit] if whole else theatre.find_dry(part.land)
            closed.flat[land] = True
    return np.asarray(closed)


def _over_deep_water(
    enclosure: planar_cut.Enclosure, deep: BoolArray, theatre: Theatre
) -> shapely.MultiLineString:
    """The stretches of closed curves that cost something."""
    lines = []
    paid = deep & (theatre.water_km2 > 0)
    for curve in enclosure.curves:
        rows, cols = np.append(curve.rows, curve.rows[0]), np.append(curve.cols, curve.cols[0])
        wet = paid[rows, cols]
        step = wet[:-1] | wet[1:]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], step.astype(int), [0]])))
        points = theatre.grid.lonlat(rows, cols)
        lines += [points[a : b + 1] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return shapely.MultiLineString([line for line in lines if len(line) > 1])
