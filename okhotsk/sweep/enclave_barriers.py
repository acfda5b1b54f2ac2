"""Barrier families: the barriers of all island sets that leave the same enclaves.

A barrier is a main curve round the core and, for every enclave that the main curve encloses, a
share of a curve round it. Main curves are priced by crossing parity of one ray for each enclave
(:class:`okhotsk.sweep.strip_graph.BarrierDomain`): the parity says which enclaves the curve
encloses. Curves round enclaves only get dearer the more is ceded, so few of them are solved
(:mod:`okhotsk.sweep.subset_bounds`). The answers are exact: island sets of a family have the same
enclaves, so that a curve found for one set goes round the same enclaves under every other set
that leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray, SetArray
from okhotsk.raster.cost_surface import CostSurface
from okhotsk.scenario.island_sets import block_units, to_unit_sets
from okhotsk.sweep.barriers import Barriers
from okhotsk.sweep.free_components import find_segments
from okhotsk.sweep.segments import Segments
from okhotsk.sweep.subset_bounds import Solution, SubsetBounds, pareto_minimal


@dataclass(frozen=True)
class EnclaveBarriers:
    """Curves round the enclaves that a main curve encloses.

    Attributes
    ----------
    enclosed
        The enclaves that the main curve encloses, as bits.
    cost
        Cost of the curves round them.
    closers
        Blocks that close these curves, as a set.
    """

    enclosed: int
    cost: float
    closers: int


@dataclass(frozen=True)
class BarrierFamily:
    """What the barrier of every island set with the same enclaves is made of.

    Attributes
    ----------
    count
        Number of enclaves.
    segments
        Segments of the main curve; ray n belongs to the n-th enclave.
    enclave_barriers
        Curves round enclaves, the cheapest first; one of no cost for a main curve that encloses no
        enclave.
    """

    count: int
    segments: Segments
    enclave_barriers: tuple[EnclaveBarriers, ...]

    def costs(self, island_sets: SetArray) -> FloatArray:
        """Return the least cost of a barrier for some sets of blocks."""
        mains = self.segments.costs_by_parity(island_sets, rays=self.count)
        least = np.full(len(island_sets), np.inf)
        for own in self.enclave_barriers:
            still_open = island_sets & np.uint64(own.closers) == 0
            total = np.minimum(least, mains[:, own.enclosed] + own.cost)
            least[still_open] = total[still_open]
        return least


def find_barrier_family(
    barriers: Barriers, name: str, island_sets: SetArray, enclaves: tuple[BoolArray, ...]
) -> BarrierFamily:
    """Return what the barriers of some island sets with the same enclaves are made of.

    Parameters
    ----------
    barriers
        The sweep that they belong to.
    name
        One of :data:`okhotsk.measures.barrier.LINES`.
    island_sets
        Sets of blocks.
    enclaves
        Cells of each enclave that they leave (:func:`okhotsk.sweep.enclaves.find_enclaves`).
    """
    if len(enclaves) > planar_cut.MAX_PIECES:  # a single scenario has no barrier there either
        return BarrierFamily(0, Segments(()), ())
    rays = tuple(_southernmost(cells) for cells in enclaves)
    transfer_costs = barriers.find_transfer_costs(name, island_sets, rays=rays)
    parities = range(1 << len(rays))
    mains = np.stack([transfer_costs.costs(island_sets, parity=n) for n in parities], axis=1)
    bounds = [
        _EnclaveSolver(barriers, name, enclaves, n).settled(island_sets) for n in parities[1:]
    ]
    surcharge = np.stack([np.zeros(len(island_sets)), *(found.costs for found in bounds)], axis=1)
    segments = find_segments(
        barriers.free_components(name, rays),
        island_sets,
        (mains + surcharge).min(axis=1),
        lambda island_set: barriers.curve(name, island_set),
        everywhere=True,
        surcharge=surcharge,
    )
    return BarrierFamily(len(rays), segments, _useful(bounds, block_units(barriers.blocks)))


def _useful(bounds: Iterable[SubsetBounds], blocks: list[int]) -> tuple[EnclaveBarriers, ...]:
    """The solved curves round enclaves that no other dominates, the cheapest first."""
    found = [
        EnclaveBarriers(
            enclosed,
            one.cost,
            sum(1 << n for n, units in enumerate(blocks) if units & one.needs),
        )
        for enclosed, own in enumerate(bounds, 1)
        for one in own.found
        if np.isfinite(one.cost)
    ]
    none = EnclaveBarriers(0, 0.0, 0)
    best = sorted([none, *found], key=lambda own: (own.cost, own.enclosed, own.closers))
    return tuple(pareto_minimal(best, lambda own: own.closers, lambda own: own.enclosed))


def _southernmost(cells: BoolArray) -> tuple[int, int]:
    row, col = np.argwhere(cells)[-1]
    return int(row), int(col)


@dataclass(frozen=True)
class _EnclaveSolver:
    """Solves the curves round some enclaves: those ``enclosed`` (bits)."""

    barriers: Barriers
    name: str
    enclaves: tuple[BoolArray, ...]
    enclosed: int

    def settled(self, island_sets: SetArray) -> SubsetBounds:
        """Return the cheapest curves for some sets of blocks."""
        blocks = self.barriers.blocks
        unit_sets = to_unit_sets(island_sets, blocks)
        bounds = SubsetBounds(unit_sets, self.solve, groups=block_units(blocks))
        bounds.settle(np.arange(len(unit_sets)))
        return bounds

    def solve(self, ceded: int) -> Solution:
        """Return the cheapest curves when some units are ceded, and what closes them."""
        context, allocation = self.barriers.context, self.barriers.allocation
        closed = np.logical_or.reduce([allocation.closed_to_barrier(ceded), *self.enclaves])
        cost = np.where(closed | context.core, np.inf, context.line_costs[self.name])
        curves = self._curves(CostSurface.of(cost, context.theatre.grid))
        total = float(sum(curve.cost for curve in curves))
        if not np.isfinite(total):
            return Solution(ceded, np.inf, 0, np.inf)
        closers = [allocation.closing_units[stencil.crossed(curve)] for curve in curves]
        needs = int(np.bitwise_or.reduce(np.concatenate(closers))) & ~ceded
        return Solution(ceded, total, needs, total)

    def _curves(self, surface: CostSurface) -> tuple[planar_cut.GridPath, ...]:
        """The curves that a single cheapest enclosure would draw round these enclaves."""
        core, enclaves = self.barriers.context.core, self.enclaves
        rays = tuple(planar_cut.find_ray(cells) for cells in (core, *enclaves))

        @cache
        def ring(bits: int) -> planar_cut.GridPath:
            own = np.logical_or.reduce([c for n, c in enumerate(enclaves, 1) if bits >> n & 1])
            return planar_cut.find_ring(surface, own, rays, bits, bound=np.inf)

        return planar_cut.find_rings(self.enclosed << 1, ring)
