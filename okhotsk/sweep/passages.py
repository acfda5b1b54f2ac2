"""Depths and exposures of passages, solved for one set of units at a time.

Each method of :class:`PassageSolver` is a ``solve`` for
:class:`okhotsk.sweep.subset_bounds.SubsetBounds`. The set holds the units that bar the passages:
for Russian boats the units ceded, for others the units that Russia keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from okhotsk.measures.context import Context
from okhotsk.measures.exposure import TIE_PER_KM, exposure_problem, measure
from okhotsk.measures.passage import flood_from_ocean
from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, IntArray, SetArray
from okhotsk.raster.proximity import nearest_km
from okhotsk.scenario.island_sets import members
from okhotsk.sweep.allocation import NO_UNITS, Allocation
from okhotsk.sweep.subset_bounds import Solution
from okhotsk.theatre.coast import FIXED_HOLDERS

JAPAN_PROPER, RUSSIA_PROPER = (
    tuple(unit for unit, holder in FIXED_HOLDERS.items() if holder == side) for side in ("JP", "RU")
)


@dataclass(frozen=True)
class Waters:
    """The waters that a boat may run in.

    Attributes
    ----------
    start, goal
        Cells of the two ends.
    closed
        Cells that it may not enter submerged.
    closers
        Units that close each cell (flat).
    lookouts
        Lands whose shores look out for it.
    """

    start: BoolArray
    goal: BoolArray
    closed: BoolArray
    closers: SetArray
    lookouts: tuple[str, ...]


@dataclass(frozen=True)
class PassageSolver:
    """What the passages of all island sets follow from.

    Attributes
    ----------
    armed
        Whether Japanese forces may stand on ceded islands.
    """

    context: Context
    allocation: Allocation
    armed: bool

    def solve(self, column: str, taken: int) -> Solution:
        """Solve a figure under the rule ``passage`` for a set of units that bar passages."""
        solvers: dict[str, Callable[[int], Solution]] = {
            "access_depth_m": self.access_depth,
            "egress_depth_m": self.egress_depth,
            "egress_exposure": self.egress,
            "base_exposure": self.base,
            "intruder_exposure": self.intruder,
        }
        return solvers[column](taken)

    @cached_property
    def everything(self) -> int:
        """The set of all units."""
        return (1 << len(self.allocation.units)) - 1

    def egress_depth(self, ceded: int) -> Solution:
        """The deepest keel that leaves past Japanese territorial sea."""
        return self._depth(ceded, self.closed_to_russia(ceded), self.closers_japanese)

    def access_depth(self, kept: int) -> Solution:
        """The deepest keel that comes in past Russian territorial sea."""
        return self._depth(kept, self.closed_to_others(kept), self.closers_russian)

    def egress(self, ceded: int) -> Solution:
        """Exposure of the least exposed passage from the core to the Pacific."""
        return self._russian("egress", ceded, self.context.core, self.context.pacific)

    def base(self, ceded: int) -> Solution:
        """Exposure of the least exposed passage from the submarine base to the core."""
        return self._russian("base", ceded, self.context.base_cell, self.context.core)

    def _russian(self, name: str, ceded: int, start: BoolArray, goal: BoolArray) -> Solution:
        """Exposure of the least exposed passage of a Russian boat."""
        looking = ceded if self.armed else 0
        waters = Waters(
            start,
            goal,
            self.closed_to_russia(ceded),
            self.closers_japanese,
            (*members(looking, self.allocation.units), *JAPAN_PROPER),
        )
        unseen = self.everything & ~looking if self.armed else 0
        return self._exposure(name, ceded, waters, unseen)

    def intruder(self, kept: int) -> Solution:
        """Exposure of the least exposed passage from the Pacific to the core."""
        waters = Waters(
            self.context.pacific,
            self.context.core,
            self.closed_to_others(kept),
            self.closers_russian,
            (*members(kept, self.allocation.units), *RUSSIA_PROPER),
        )
        return self._exposure("intruder", kept, waters, self.everything & ~kept)

    def closed_to_russia(self, ceded: int) -> BoolArray:
        """Cells that a Russian boat may not cross submerged."""
        return self._territorial(self.allocation.japanese_sea(ceded))

    def closed_to_others(self, kept: int) -> BoolArray:
        """Cells that a foreign boat may not cross submerged."""
        return self._territorial(self.allocation.russian_sea(self.everything & ~kept))

    @cached_property
    def closers_japanese(self) -> SetArray:
        """Units that close each cell to Russia when all of them are ceded."""
        return self._closers(self.allocation.sea_if_japanese)

    @cached_property
    def closers_russian(self) -> SetArray:
        """Units that close each cell to others when one of them is kept."""
        return self._closers(self.allocation.sea)

    def _closers(self, sea: BoolArray) -> SetArray:
        return np.where(self._territorial(sea), self.allocation.allocated_units, NO_UNITS).ravel()

    def _territorial(self, sea: BoolArray) -> BoolArray:
        """Territorial sea that is closed: all but that in which transit passage holds."""
        return np.asarray(sea & ~self.context.transit_water)

    def _depth(self, taken: int, closed: BoolArray, closers: SetArray) -> Solution:
        """Solve the deepest keel between the ocean and the core: a widest path."""
        theatre, core = self.context.theatre, self.context.core
        flood = flood_from_ocean(theatre, closed, core)
        if flood.depth_m <= 0:
            return Solution(taken, 0.0, 0, 0.0)
        deep, ocean = flood.deep, np.zeros_like(core)
        ocean[theatre.sea.ocean] = True
        curve = planar_cut.shortest_crossing(
            np.where(deep, 1.0, np.inf), theatre.grid, core & deep, ocean
        )
        needs = _closing(closers, self._cells(curve)) & ~taken
        return Solution(taken, -flood.depth_m, needs, flood.depth_m)

    def _exposure(self, name: str, taken: int, waters: Waters, unseen: int) -> Solution:
        """Solve the least exposed passage past some lookouts.

        ``unseen`` are the units that do not look out yet and would once they bar passages.
        """
        context = self.context
        range_km, grid = context.assumptions.sensor_range_km, context.theatre.grid
        sight_km = nearest_km((context.seen[unit] for unit in waters.lookouts), grid.shape)
        sight_km[sight_km >= range_km] = np.inf  # what lies beyond the range makes no difference
        problem = exposure_problem(
            grid,
            sight_km,
            start=waters.start,
            goal=waters.goal,
            navigable=context.deep & ~waters.closed,
            range_km=range_km,
        )
        curve = problem.solve(context.baseline(name)).curve
        if not len(curve.rows):
            return Solution(taken, np.inf, 0, np.inf)
        cells = self._cells(curve)
        nearer_km = np.minimum(sight_km.ravel()[cells], np.float32(range_km))
        needs = _closing(waters.closers, cells) & ~taken | self._nearer(cells, nearer_km, unseen)
        exposure, length_km = measure(curve, grid, sight_km, range_km=range_km)
        cost = exposure + TIE_PER_KM * length_km
        return Solution(taken, cost, needs, exposure, least=exposure == 0)

    def _cells(self, curve: planar_cut.GridPath) -> IntArray:
        """Flat numbers of the cells that a curve needs open."""
        rows, cols = stencil.crossed(curve)
        return np.unique(rows * self.context.theatre.grid.shape[1] + cols)

    def _nearer(self, cells: IntArray, sight_km: NDArray[np.float32], units: int) -> int:
        """Which of some units see some of the cells from nearer than given distances, as a set."""
        found = 0
        for n, unit in enumerate(self.allocation.units):
            field = self.context.seen[unit]
            if not units >> n & 1 or not len(field.cells):
                continue
            place = np.minimum(np.searchsorted(field.cells, cells), len(field.cells) - 1)
            there = field.cells[place] == cells
            if (field.km[place][there] < sight_km[there]).any():
                found |= 1 << n
        return found


def _closing(closers: SetArray, cells: IntArray) -> int:
    """Units that would close any of some cells."""
    return int(np.bitwise_or.reduce(np.unique(closers[cells]), initial=0))
