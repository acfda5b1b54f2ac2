"""Depths and exposures of the ways in and out, solved for one set of units at a time.

Each function here is a ``solve`` for :class:`okhotsk.sweep.subset_bounds.Bounds`. For Russia's ways
the set is what is handed over; for other navies' it is what Russia keeps, since that is what bars
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from okhotsk.measures.context import Context
from okhotsk.measures.exposure import TIE_PER_KM, exposure_problem, measure
from okhotsk.measures.passage import flood_from_ocean
from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, IntArray, SetArray
from okhotsk.raster.proximity import DistanceField, nearest_km
from okhotsk.sweep.allocation import ANY, Allocation, members
from okhotsk.sweep.subset_bounds import Solution

Solve = Callable[[int], Solution]


@dataclass(frozen=True)
class Ways:
    """What the ways of all cessions follow from.

    Attributes
    ----------
    armed
        Whether Japanese forces may stand on what is handed over.
    """

    ground: Context
    regions: Allocation
    armed: bool

    @cached_property
    def everything(self) -> int:
        """The set of all units."""
        return (1 << len(self.regions.units)) - 1

    @cached_property
    def seen(self) -> Mapping[str, DistanceField]:
        """Water that each land has in sight, and how far off."""
        return self.ground.seen

    def egress_depth(self, ceded: int) -> Solution:
        """The deepest keel that leaves past Japanese territorial sea."""
        return self._depth(ceded, self.closed_to_russia(ceded), self.closers_japanese)

    def access_depth(self, kept: int) -> Solution:
        """The deepest keel that comes in past Russian territorial sea."""
        return self._depth(kept, self.closed_to_others(kept), self.closers_russian)

    def egress(self, ceded: int) -> Solution:
        """Exposure of the least exposed way from the core to the Pacific."""
        looking = ceded if self.armed else 0
        ends = self.ground.core, self.ground.pacific
        closed = self.closed_to_russia(ceded)
        fixed = ("hokkaido", "honshu")
        return self._exposure(
            "egress", ceded, looking, closed, ends, self.closers_japanese, fixed, watched=self.armed
        )

    def intruder(self, kept: int) -> Solution:
        """Exposure of the least exposed way from the Pacific to the core."""
        ends = self.ground.pacific, self.ground.core
        closed = self.closed_to_others(kept)
        fixed = ("mainland", "sakhalin")
        return self._exposure(
            "intruder", kept, kept, closed, ends, self.closers_russian, fixed, watched=True
        )

    def closed_to_russia(self, ceded: int) -> BoolArray:
        """Cells that a Russian boat may not cross submerged."""
        closed = self.regions.japanese_sea(ceded)
        return np.asarray(closed & (not self.ground.assumptions.transit_passage))

    def closed_to_others(self, kept: int) -> BoolArray:
        """Cells that a foreign boat may not cross submerged."""
        closed = self.regions.russian_sea(self.everything & ~kept)
        return np.asarray(closed & (not self.ground.assumptions.transit_passage))

    @cached_property
    def closers_japanese(self) -> SetArray:
        """Units that close each cell to Russia when all of them are handed over."""
        return self._closers(self.regions.sea_if_japanese)

    @cached_property
    def closers_russian(self) -> SetArray:
        """Units that close each cell to others when one of them is kept."""
        return self._closers(self.regions.sea)

    def _closers(self, sea: BoolArray) -> SetArray:
        shut = sea & (not self.ground.assumptions.transit_passage)
        return np.where(shut, self.regions.decider, ANY).ravel()

    def _depth(self, taken: int, closed: BoolArray, closers: SetArray) -> Solution:
        """Solve the deepest keel between the ocean and the core."""
        theatre, core = self.ground.theatre, self.ground.core
        flood = flood_from_ocean(theatre, closed, core)
        if flood.depth_m <= 0:
            return Solution(taken, 0.0, 0, 0.0)
        deep, ocean = flood.deep, np.zeros_like(core)
        ocean[theatre.sea.ocean] = True
        curve = planar_cut.shortest_crossing(
            np.where(deep, 1.0, np.inf), theatre.grid, core & deep, ocean
        )
        needs = self.closing(curve, closers) & ~taken
        return Solution(taken, -flood.depth_m, needs, flood.depth_m)

    def _exposure(
        self,
        name: str,
        taken: int,
        looking: int,
        closed: BoolArray,
        ends: tuple[BoolArray, BoolArray],
        closers: SetArray,
        fixed: tuple[str, str],
        *,
        watched: bool,
    ) -> Solution:
        """Solve the least exposed way past some lookouts."""
        ground, units = self.ground, self.regions.units
        range_km, grid = ground.assumptions.sensor_range_km, ground.theatre.grid
        eyes = [*members(looking, units), *fixed]
        sight_km = nearest_km((self.seen[unit] for unit in eyes), grid.shape)
        # What lies beyond the range makes no difference.
        sight_km[sight_km >= range_km] = np.inf
        navigable = ground.deep & ~closed
        problem = exposure_problem(
            grid,
            sight_km,
            start=ends[0],
            goal=ends[1],
            navigable=navigable,
            range_km=range_km,
        )
        curve = problem.solve(ground.baseline(name)).curve
        if not len(curve.rows):
            return Solution(taken, np.inf, 0, np.inf)
        cells = self._cells(curve)
        needs = _closers(closers, cells) & ~taken
        if watched:
            nearer_km = np.minimum(sight_km.ravel()[cells], np.float32(range_km))
            needs |= self._lookers(cells, nearer_km, looking)
        exposure, length_km = measure(curve, grid, sight_km, range_km=range_km)
        cost = exposure + TIE_PER_KM * length_km
        return Solution(taken, cost, needs, exposure, least=exposure == 0)

    def closing(self, curve: planar_cut.GridPath, closers: SetArray) -> int:
        """Units that would close some cell of a curve."""
        return _closers(closers, self._cells(curve))

    def _cells(self, curve: planar_cut.GridPath) -> IntArray:
        rows, cols = stencil.crossed(curve)
        return np.unique(rows * self.ground.theatre.grid.shape[1] + cols)

    def _lookers(self, cells: IntArray, sight_km: NDArray[np.float32], looking: int) -> int:
        """Units that do not look yet and would see some cells from nearer than some distances."""
        found = 0
        for n, unit in enumerate(self.regions.units):
            field = self.seen[unit]
            if looking >> n & 1 or not len(field.cells):
                continue
            place = np.minimum(np.searchsorted(field.cells, cells), len(field.cells) - 1)
            there = field.cells[place] == cells
            if (field.km[place][there] < sight_km[there]).any():
                found |= 1 << n
        return found


def _closers(closers: SetArray, cells: IntArray) -> int:
    """Units that would close any of some cells."""
    return int(np.bitwise_or.reduce(np.unique(closers[cells]), initial=0))
