"""Least barrier costs of every island set, by dynamic programming along the chain.

Cross-cuts are straight bands across the chain. What a barrier has cost when it reaches a
cross-cut depends only on the blocks behind it. So a forward pass transfers the costs from
cross-cut to cross-cut, for every combination of the blocks passed so far, from either end of the
chain to one cross-cut in its middle. The least cost of an island set is then the least sum of both
sides there.

A barrier that reaches its other end before a cross-cut is complete, and is carried on as such: the
mainland is one free component, which may lie on both sides of a cross-cut.

Complexity: with b blocks and the middle cross-cut after k of them, the passes search
O(2^k + 2^(b-k)) strips instead of 2^b seas, and combinations with equal costs are merged on the
way. An island set then costs O(cells of the cross-cut).

Exactness: the answer is that of :func:`okhotsk.raster.planar_cut.cheapest_enclosure`, to rounding
in single precision. It may be too high where the best barrier recrosses a cross-cut by more than
:data:`MARGIN_KM` and some block can close it, or where the best barrier runs north of the core.
``tests/sweep/test_engine.py`` compares both methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, Float32Array, FloatArray, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.sweep.allocation import NO_UNITS
from okhotsk.sweep.strip_graph import BarrierDomain, find_strip_graph

MARGIN_KM = 100.0
BEFORE_KM = 1e-3  # a cross-cut ends this much before the block behind it begins
FIELDS = ("passed", "sets", "state", "costs")


@dataclass(frozen=True)
class CrossCutCosts:
    """Least costs at a cross-cut, for combinations of the blocks passed so far.

    Attributes
    ----------
    passed
        The blocks passed, as a set.
    sets
        Combinations of them, ascending.
    state
        Row of ``costs`` for each combination; combinations with equal costs share a row.
    costs
        Least cost from the end of the chain to every node of the cross-cut, and last to the other
        end of the chain for barriers that need not come to the cross-cut, shape (rows, sheets,
        nodes + 1).
    """

    passed: np.uint64
    sets: SetArray
    state: IntArray
    costs: Float32Array

    @classmethod
    def at_start(cls, sheets: int) -> CrossCutCosts:
        """Before any block is passed: no cross-cut, one combination."""
        costs = np.full((1, sheets, 1), np.inf, np.float32)
        return cls(NO_UNITS, np.zeros(1, np.uint64), np.zeros(1, np.int64), costs)

    def with_block(self, block: int, island_sets: SetArray) -> CrossCutCosts:
        """The same costs for the combinations that island sets make with one more block."""
        passed = self.passed | np.uint64(1 << block)
        sets = np.unique(island_sets & passed)
        return CrossCutCosts(passed, sets, self.rows_of(sets), self.costs)

    def rows_of(self, island_sets: SetArray) -> IntArray:
        """Row of ``costs`` for each island set."""
        return self.state[np.searchsorted(self.sets, island_sets & self.passed)]


@dataclass(frozen=True)
class TransferCosts:
    """What the least barrier cost of every island set follows from.

    Attributes
    ----------
    west, east
        Costs at the middle cross-cut, from either end of the chain.
    free
        Least cost of a barrier through water that no block can close, by crossing parity of the
        rays (:class:`okhotsk.sweep.strip_graph.BarrierDomain`). Such a barrier need not respect
        the cross-cuts.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = (
        *(f"{side}_{name}" for side in ("west", "east") for name in FIELDS),
        "free",
    )

    west: CrossCutCosts
    east: CrossCutCosts
    free: FloatArray

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> TransferCosts:
        """Transfer costs from what :meth:`arrays` returned."""
        columns = [arrays[name] for name in cls.ARRAYS]
        west, east = (CrossCutCosts(np.uint64(c[0]), *c[1:]) for c in (columns[:4], columns[4:8]))
        return cls(west, east, columns[8])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as plain arrays."""
        values = [getattr(side, name) for side in (self.west, self.east) for name in FIELDS]
        named = zip(self.ARRAYS, [*values, self.free], strict=True)
        return {name: np.asarray(value) for name, value in named}

    def costs(self, island_sets: SetArray, *, parity: int = 0, workers: int = 1) -> FloatArray:
        """Return the least barrier cost for each island set.

        The barrier has a given crossing parity: the parities of its two sides add up to it
        (exclusive or).
        """
        both = np.arange(len(self.free)) ^ parity
        west, east = (
            side.costs[:, order, :-1].reshape(len(side.costs), -1)
            for side, order in ((self.west, np.arange(len(both))), (self.east, both))
        )
        west_rows, east_rows = (side.rows_of(island_sets) for side in (self.west, self.east))
        pairs, which = np.unique(west_rows << 32 | east_rows, return_inverse=True)
        with ThreadPoolExecutor(workers) as pool:
            parts = np.array_split(pairs, workers)
            sums = pool.map(lambda part: _least_sums(west, east, part), parts)
            least = np.concatenate(list(sums))[which].astype(float)
        arrived = np.minimum(
            self.west.costs[west_rows, parity, -1], self.east.costs[east_rows, parity, -1]
        )
        return np.asarray(np.minimum(np.minimum(least, arrived), self.free[parity]))


def find_transfer_costs(
    domain: BarrierDomain,
    blocks: Sequence[int],
    *,
    island_sets: SetArray,
    bound: float = np.inf,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> TransferCosts:
    """Return the transfer costs of a domain.

    Parameters
    ----------
    domain
        Where barriers may run.
    blocks
        Units of each block, as sets.
    island_sets
        Sets of blocks that will be asked for.
    bound
        Upper bound of the cost of every barrier.
    workers
        Threads; the costs do not depend on their number.
    progress
        Called with the number of cross-cuts passed and of all.
    """
    remaining = [_remaining_costs(replace(domain, rays=()), side, bound)[0] for side in (0, 1)]
    free = _free_costs(domain, bound)
    domain, remaining = _below(domain, remaining, bound)
    plan = _Plan.of(domain, blocks)
    tell = _Count(2 * len(blocks), progress)
    west, east = (
        _ForwardPass(
            domain=replace(domain, along_km=sign * domain.along_km),
            ends=(domain.ends[side], domain.ends[1 - side]),
            spans=plan.spans if sign > 0 else tuple((-high, -low) for low, high in plan.spans),
            blocks=tuple(blocks),
            island_sets=island_sets,
            remaining=remaining[1 - side],
            middle=plan.middle,
            margin_km=plan.margin_km,
            step_km=plan.step_km,
            bound=bound,
            workers=workers,
            count=tell,
        ).run(*limits_km)
        for side, sign, limits_km in (
            (0, 1, (plan.begin_km, plan.middle_km)),
            (1, -1, (-plan.middle_km, plan.margin_km - plan.begin_km)),
        )
    )
    return TransferCosts(west, east, free.astype(float))


@dataclass(frozen=True)
class _Plan:
    """Where the cross-cuts lie, in km along the chain.

    Attributes
    ----------
    spans
        Where each block closes cells: least and greatest distance.
    step_km, margin_km
        Thickness of a cross-cut, and how far a barrier may turn back across it.
    begin_km, middle_km
        The two sides of the middle cross-cut.
    middle
        Its cells.
    """

    spans: tuple[tuple[float, float], ...]
    step_km: float
    margin_km: float
    begin_km: float
    middle_km: float
    middle: BoolArray

    @classmethod
    def of(cls, domain: BarrierDomain, blocks: Sequence[int]) -> _Plan:
        spans = tuple(_span(domain, units) for units in blocks)
        step_km = _step_km(domain)
        margin_km = step_km + MARGIN_KM
        middle_km = _middle_km(spans, step_km + margin_km)
        middle = _cross_cut(domain, middle_km, step_km)
        return cls(spans, step_km, margin_km, middle_km - step_km, middle_km, middle)


class _Count:
    """Counts cross-cuts and reports them."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def step(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(min(self.done, self.total), self.total)


@dataclass(frozen=True)
class _ForwardPass:
    """The recursion from one end of the chain to the middle cross-cut.

    ``along_km`` of the domain grows in its direction. ``ends`` are where barriers begin and end;
    ``remaining`` is a lower bound of the cost from each cell to where they end, infinite where a
    barrier has no vertex.
    """

    domain: BarrierDomain
    ends: tuple[BoolArray, BoolArray]
    spans: Sequence[tuple[float, float]]
    blocks: tuple[int, ...]
    island_sets: SetArray
    remaining: Float32Array
    middle: BoolArray
    margin_km: float
    step_km: float
    bound: float
    workers: int
    count: _Count

    def run(self, begin_km: float, goal_km: float) -> CrossCutCosts:
        """Return the costs at the middle cross-cut.

        It begins at ``begin_km``. Barriers may run as far as ``goal_km`` before they reach it.
        """
        spans, along_km = self.spans, self.domain.along_km
        order = sorted((n for n, s in enumerate(spans) if s[0] <= goal_km), key=lambda n: spans[n])
        costs = CrossCutCosts.at_start(self.domain.sheets)
        at_km, entry = -np.inf, np.zeros(along_km.shape, bool)
        for block in (*order, None):
            to_km = goal_km if block is None else spans[block][0] - BEFORE_KM
            if block is None or at_km < to_km <= begin_km:
                leave = self.middle
                if block is not None:
                    leave = _cross_cut(self.domain, to_km, self.step_km)
                costs = self._advance(costs, (entry, leave), at_km - self.margin_km, to_km)
                at_km, entry = to_km, leave
            if block is not None:
                costs = costs.with_block(block, self.island_sets)
            self.count.step()
        return costs

    def _advance(
        self,
        costs: CrossCutCosts,
        cross_cuts: tuple[BoolArray, BoolArray],
        back_km: float,
        to_km: float,
    ) -> CrossCutCosts:
        """Transfer every row of costs, under every combination of the blocks in the strip."""
        inside = (self.domain.along_km >= back_km) & (self.domain.along_km <= to_km)
        strip = find_strip_graph(self.domain, inside, cross_cuts, self.ends, self.remaining)
        active = sum(1 << n for n, span in enumerate(self.spans) if span[1] >= back_km)
        here = costs.sets & np.uint64(active)
        both = np.stack([costs.state.astype(np.uint64), here])
        runs, which = np.unique(both, axis=1, return_inverse=True)

        def run(number: int) -> Float32Array:
            row, island_set = (int(n) for n in runs[:, number])
            ceded = sum(units for n, units in enumerate(self.blocks) if island_set >> n & 1)
            return strip.transfer(costs.costs[row], ceded, self.bound)

        with ThreadPoolExecutor(self.workers) as pool:
            found = np.stack(list(pool.map(run, range(runs.shape[1]))))
        distinct, same = np.unique(found, axis=0, return_inverse=True)
        return replace(costs, state=same.ravel()[which.ravel()], costs=distinct)


def _remaining_costs(domain: BarrierDomain, side: int, bound: float) -> Float32Array:
    """Least cost from every cell to an end when no island is ceded, shape (sheets, rows, cols)."""
    end, shape = domain.ends[side], domain.cost.shape
    everywhere, nowhere = np.ones(shape, bool), np.zeros(shape, bool)
    nothing = np.zeros(shape, np.float32)
    whole = find_strip_graph(domain, everywhere, (nowhere, everywhere), (end, nowhere), nothing)
    costs = np.full((domain.sheets, *shape), np.inf, np.float32)
    found = whole.transfer(np.full((domain.sheets, 1), np.inf, np.float32), 0, bound)
    costs[:, np.isfinite(domain.cost)] = found[:, :-1]
    costs[0, end] = 0
    return costs


def _below(
    domain: BarrierDomain, remaining: Sequence[Float32Array], bound: float
) -> tuple[BarrierDomain, list[Float32Array]]:
    """Leave out what no barrier within the bound needs, given the least costs to both ends.

    A barrier has its vertices where both costs together stay within the bound. Elsewhere the costs
    become infinite. A long step also needs the cells that it passes over: these stay in the domain.
    """
    whole = remaining[0] + remaining[1]
    vertices = np.isfinite(whole) & (whole <= bound)
    needed = stencil.between(vertices)
    domain = replace(domain, cost=np.where(needed, domain.cost, np.float32(np.inf)))
    return domain, [np.where(vertices, costs, np.float32(np.inf)) for costs in remaining]


def _free_costs(domain: BarrierDomain, bound: float) -> Float32Array:
    """Least cost from end to end through water that no block can close, by crossing parity."""
    safe = np.where(domain.closing_units == NO_UNITS, domain.cost, np.float32(np.inf))
    costs = _remaining_costs(replace(domain, cost=safe), 0, bound)
    return np.asarray(costs[:, domain.ends[1]].min(axis=1, initial=np.inf))


def _span(domain: BarrierDomain, units: int) -> tuple[float, float]:
    """Least and greatest distance along the chain at which a block closes cells."""
    own = (domain.closing_units & np.uint64(units) != 0) & np.isfinite(domain.cost)
    along_km = domain.along_km[own]
    return (float(along_km.min()), float(along_km.max())) if along_km.size else (np.inf, -np.inf)


def _middle_km(spans: Sequence[tuple[float, float]], back_km: float) -> float:
    """Where both sides together have the fewest combinations: 2^behind + 2^ahead."""
    places = [low - BEFORE_KM for low, high in spans if low <= high] or [0.0]
    sizes = [
        2.0 ** sum(low <= place for low, _ in spans)
        + 2.0 ** sum(high >= place - back_km for _, high in spans)
        for place in places
    ]
    return places[int(np.argmin(sizes))]


def _step_km(domain: BarrierDomain) -> float:
    """Thickness of a cross-cut: no step is longer, so no barrier jumps over it."""
    across, down = (abs(np.diff(domain.along_km, axis=n)[0, 0]) for n in (1, 0))
    return float(planar_cut.REACH_COLS * across + planar_cut.REACH_ROWS * down) * 1.01


def _cross_cut(domain: BarrierDomain, to_km: float, step_km: float) -> BoolArray:
    """Cells of the cross-cut that ends at a distance along the chain."""
    along_km = domain.along_km
    return np.isfinite(domain.cost) & (along_km <= to_km) & (along_km >= to_km - step_km)


@kernel
def _least_sums(west, east, pairs):  # type: ignore[no-untyped-def]
    """Least sum of a western and an eastern row of costs, for pairs of rows (32 bits each)."""
    least = np.empty(len(pairs), np.float32)
    for n in range(len(pairs)):
        one, other = west[pairs[n] >> 32], east[pairs[n] & 0xFFFFFFFF]
        best = np.float32(np.inf)
        for k in range(len(one)):
            best = min(best, one[k] + other[k])
        least[n] = best
    return least
