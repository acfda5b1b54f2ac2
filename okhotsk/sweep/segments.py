"""Seal lines of every cession as links between islands.

A seal line costs nothing over land and shallows, so the least one is a chain of links between
pieces of such free ground, and each link is the least one between its ends that the waters handed
over leave open. So a few hundred links make up the lines of a million cessions: they are taken
from lines solved one at a time until, for every cession, the cheapest chain costs what
:mod:`okhotsk.sweep.transfer` found for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray, Int32Array, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.raster.stencil import primitive_steps
from okhotsk.sweep.strip_graph import BarrierDomain
from okhotsk.sweep.subset_bounds import pareto_minimal

WEST, EAST = 1, 2  # the two ends of every line, on the mainland
ROUNDING = 2e-6  # relative: costs are added up in single precision
BATCH = 8  # cessions whose lines are solved before others are priced again
WINDOW = 1 << 16  # cessions priced at a time


@dataclass(frozen=True)
class Segment:
    """A stretch of line between two pieces of free ground.

    Attributes
    ----------
    ends
        Numbers of the pieces of free ground; :data:`WEST` and :data:`EAST` are the mainland's.
    cost
        What the stretch costs.
    closers
        Pieces of the chain that bar it: it is open while none of them is handed over (bits).
    cells
        Row and column of its vertices, shape (n, 2); none for neighbours that touch.
    crosses
        Rays of the ground that it crosses an odd number of times (bits).
    """

    ends: tuple[int, int]
    cost: float
    closers: int
    cells: IntArray
    crosses: int = 0


class FreeComponents:
    """The pieces of free ground, and how a closed curve falls into links between them.

    Parameters
    ----------
    ground
        From :func:`okhotsk.sweep.strip_graph.find_domain`.
    pieces
        Units of each piece of the chain, as sets.
    """

    def __init__(self, ground: BarrierDomain, pieces: Sequence[int]) -> None:
        self.ground, self.pieces = ground, tuple(pieces)
        self.stones = find_stones(ground)
        self._km = stencil.stencil(ground.grid)[-1]

    def bars(self, units: int) -> int:
        """Pieces that bar water which some units close together."""
        return sum(1 << n for n, own in enumerate(self.pieces) if own & units)

    def touching(self) -> list[Segment]:
        """Links of no length between neighbouring pieces of free ground."""
        found: dict[tuple[tuple[int, int], int], int] = {}
        shuts, stones = self.ground.shuts, self.stones
        for down, right in ((0, 1), (1, 0)):
            here, there = np.s_[: -down or None, : -right or None], np.s_[down:, right:]
            one, other = stones[here], stones[there]
            places = np.argwhere((one != other) & (one > 0) & (other > 0))
            flips = self.ground.crossings(places, np.broadcast_to((down, right), places.shape))
            for (row, col), crosses in zip(places, flips.tolist(), strict=True):
                a, b = sorted((int(one[row, col]), int(other[row, col])))
                units = int(shuts[here][row, col]) | int(shuts[there][row, col])
                found[(a, b), crosses] = self.bars(units)
        nowhere = np.empty((0, 2), np.int64)
        return [Segment(ends, 0.0, bars, nowhere, odd) for (ends, odd), bars in found.items()]

    def split(self, curve: planar_cut.GridPath, *, everywhere: bool = False) -> list[Segment]:
        """Links of a closed curve round the core; ``everywhere`` makes a link of each step.

        Steps join to more lines than stretches do: needed where cells are so coarse that lines
        cross much water between pieces of free ground.
        """
        cells = np.stack([curve.rows, curve.cols], axis=1)
        if (cells[0] == cells[-1]).all():
            cells = cells[:-1]
        marks = self.stones[tuple(cells.T)]
        turn = int(np.flatnonzero(marks == WEST)[0])
        cells, marks = np.roll(cells, -turn, axis=0), np.roll(marks, -turn)
        cells, marks = np.vstack([cells, cells[:1]]), np.append(marks, marks[0])
        if everywhere:
            flat = cells @ np.array([self.stones.shape[1], 1])
            marks = np.where(marks > 0, marks, self.stones.max() + 1 + flat)
        stops = np.flatnonzero(marks > 0)
        flips = self.ground.crossings(cells[:-1], np.diff(cells, axis=0))
        return [
            self._link(cells[a : b + 1], (int(marks[a]), int(marks[b])))
            for a, b in pairwise(stops)
            if marks[a] != marks[b]
            and {marks[a], marks[b]} != {WEST, EAST}
            or b - a > 1
            or flips[a]
        ]

    def _link(self, cells: IntArray, ends: tuple[int, int]) -> Segment:
        cost, units = 0.0, 0
        curve = planar_cut.GridPath(0.0, *cells.T)
        rows, cols = stencil.crossed(curve)
        for closers in np.unique(self.ground.shuts[rows, cols]):
            units |= int(closers)
        for (row, col), number in zip(cells[:-1], stencil.steps_of(curve), strict=True):
            cost += float(self._km[row, number]) * self._mean(row, col, number)
        flips = self.ground.crossings(cells[:-1], np.diff(cells, axis=0))
        crosses = int(np.bitwise_xor.reduce(flips))
        return Segment((min(ends), max(ends)), cost, self.bars(units), cells, crosses)

    def _mean(self, row: int, col: int, number: int) -> float:
        """Mean cost per km under a step."""
        under, shares = primitive_steps()[1:]
        known = shares[number] > 0
        places = under[number][known] + (row, col)
        return float((self.ground.cost[tuple(places.T)] * shares[number][known]).sum())


def find_stones(ground: BarrierDomain) -> Int32Array:
    """Number the pieces of free ground: connected, and closed by the same units; 0 elsewhere.

    Cells beside a ray are pieces of their own, so that no piece lies on both its sides.
    """
    free = ground.cost == 0
    stones = np.zeros(free.shape, np.int32)
    stones[ground.ends[0]], stones[ground.ends[1]] = WEST, EAST
    last, loose = EAST, ground.beside_rays
    alone = np.flatnonzero(free & loose & (stones == 0))
    stones.flat[alone] = last + 1 + np.arange(len(alone))
    last += len(alone)
    for units in np.unique(ground.shuts[free]):
        own, count = ndimage.label(
            free & ~loose & (ground.shuts == units) & ((stones == 0) | (stones > EAST))
        )
        stones[own > 0] = own[own > 0] + last
        last += count
    return stones


@dataclass(frozen=True)
class Segments:
    """Links that make up the line of every cession."""

    ARRAYS: ClassVar[tuple[str, ...]] = ("ends", "cost", "closers", "count", "cells", "crosses")

    links: tuple[Segment, ...]

    @classmethod
    def cheapest(cls, links: Iterable[Segment]) -> Segments:
        """The cheapest link for each pair of ends, what bars it and what it crosses."""
        best: dict[tuple[tuple[int, int], int, int], Segment] = {}
        for link in links:
            key = link.ends, link.closers, link.crosses
            if not np.isfinite(link.cost):
                continue  # across the mainland, where the curve closes
            if key not in best or link.cost < best[key].cost:
                best[key] = link
        return cls(tuple(best[key] for key in sorted(best)))

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Segments:
        """Links from what :meth:`arrays` returned."""
        cells = np.split(arrays["cells"], np.cumsum(arrays["count"]))[:-1]
        columns = (arrays[name].tolist() for name in ("ends", "cost", "closers", "crosses"))
        rows = zip(*columns, cells, strict=True)
        return cls(tuple(Segment((a, b), c, d, where, odd) for (a, b), c, d, odd, where in rows))

    def contracted(self) -> Segments:
        """The same chains of fewer links: those that always follow each other are one.

        Links that lead nowhere, or cost no less than one that fewer pieces bar, are left out.
        """
        links, before = list(self.links), -1
        while len(links) != before:
            before = len(links)
            links = _joined(_useful(links))
        return Segments(tuple(links))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All links as plain arrays."""
        return {
            "ends": np.array([link.ends for link in self.links], np.int64).reshape(-1, 2),
            "cost": np.array([link.cost for link in self.links]),
            "closers": np.array([link.closers for link in self.links], np.uint64),
            "count": np.array([len(link.cells) for link in self.links], np.int64),
            "cells": np.concatenate([np.empty((0, 2), np.int64), *(k.cells for k in self.links)]),
            "crosses": np.array([link.crosses for link in self.links], np.int64),
        }

    def costs(self, sets: SetArray) -> FloatArray:
        """Cost of the cheapest chain of links for some sets of pieces, where there are no rays."""
        return self.costs_by_side(sets, rays=0)[:, 0]

    def costs_by_side(self, sets: SetArray, *, rays: int) -> FloatArray:
        """Cost of the cheapest chain, by the rays crossed an odd number of times: column = bits."""
        return np.asarray(_chain(sets, 1 << rays, *self._table))

    @cached_property
    def _table(self) -> tuple[Any, ...]:
        """Links with their ends numbered, how many ends there are, and the mainland's two.

        In the order in which they are come to with nothing handed over: so most chains are found
        in one go over all links.
        """
        known = self.arrays()
        both = [*known["ends"].ravel(), WEST, EAST]
        names, places = np.unique(both, return_inverse=True)
        ends, (west, east) = places[:-2].reshape(-1, 2), places[-2:]
        cost, closers, crosses = known["cost"], known["closers"], known["crosses"]
        reached = np.full(len(names), np.inf)
        _reach(np.uint64(0), 1, ends, cost, closers, np.zeros_like(crosses), west, reached)
        order = np.argsort(reached[ends].min(axis=1), kind="stable")
        links = (column[order] for column in (ends, cost, closers, crosses))
        return *links, len(names), west, east


def _useful(links: Iterable[Segment]) -> list[Segment]:
    """Links that lead on and that no other replaces, cheapest first."""
    best = sorted(filter(_leads_on, links), key=lambda link: (link.cost, link.closers))
    return pareto_minimal(best, lambda link: link.closers, lambda link: (link.ends, link.crosses))


def _leads_on(link: Segment) -> bool:
    """Whether a chain may want it: not from an end back to it, unless round the end of a ray."""
    return link.ends[0] != link.ends[1] or link.crosses != 0


def _joined(links: Sequence[Segment]) -> list[Segment]:
    """Join the two links of every end where just two meet; drop those that lead nowhere."""
    at: dict[int, dict[int, Segment]] = {}
    for number, link in enumerate(links):
        for end in link.ends:
            at.setdefault(end, {})[number] = link
    fresh = len(links)
    for end in sorted(set(at) - {WEST, EAST}):
        own = at[end]
        if len(own) > 2 or any(link.ends == (end, end) for link in own.values()):
            continue
        for number, link in own.items():
            del at[sum(link.ends) - end][number]
        joined = _join(list(own.values()), end) if len(own) == 2 else None
        if joined and _leads_on(joined):
            fresh += 1
            for far in joined.ends:
                at[far][fresh] = joined
        at[end] = {}
    return list({number: link for own in at.values() for number, link in own.items()}.values())


def _join(pair: Sequence[Segment], end: int) -> Segment:
    """Two links that meet at an end, as one."""
    one, other = pair
    far = sorted(sum(link.ends) - end for link in pair)
    cells = np.concatenate([one.cells, other.cells])
    cost, closers = one.cost + other.cost, one.closers | other.closers
    return Segment((far[0], far[1]), cost, closers, cells, one.crosses ^ other.crosses)


@kernel
def _reach(  # type: ignore[no-untyped-def]
    wanted, sheets, ends, cost, closers, crosses, west, reached
):
    """Cost of the cheapest chain from west to every end, by relaxing links until none is better.

    A place for each set of rays crossed an odd number of times, for one end after the other.
    """
    reached[:] = np.inf
    reached[west * sheets] = 0
    better = True
    while better:
        better = False
        for n in range(len(cost)):
            if closers[n] & wanted:
                continue
            for odd in range(sheets):
                a, b = ends[n, 0] * sheets + odd, ends[n, 1] * sheets + (odd ^ crosses[n])
                if reached[a] + cost[n] < reached[b]:
                    reached[b] = reached[a] + cost[n]
                    better = True
                elif reached[b] + cost[n] < reached[a]:
                    reached[a] = reached[b] + cost[n]
                    better = True


@kernel
def _chain(  # type: ignore[no-untyped-def]
    sets, sheets, ends, cost, closers, crosses, count, west, east
):
    """Cheapest chains from west to east under each set."""
    out, reached = np.empty((len(sets), sheets)), np.empty(count * sheets)
    for s in range(len(sets)):
        _reach(sets[s], sheets, ends, cost, closers, crosses, west, reached)
        out[s] = reached[east * sheets : (east + 1) * sheets]
    return out


def find_segments(
    chart: FreeComponents,
    sets: SetArray,
    costs: FloatArray,
    solve: Callable[[int], planar_cut.GridPath],
    *,
    everywhere: bool = False,
    rings: FloatArray | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Segments:
    """Return links whose cheapest chain is the least line for every one of some cessions.

    Parameters
    ----------
    chart
        The free ground.
    sets
        Sets of pieces.
    costs
        Least cost for each (:class:`okhotsk.sweep.transfer.TransferCosts`); infinite where there is
        no line.
    solve
        Returns the least closed curve for a set of pieces.
    everywhere
        As :meth:`FreeComponents.split`; links that always follow each other are then joined.
    rings
        What is added to a chain, for each set (row) and by the rays it crosses an odd number of
        times (column); nothing where the ground has none.
    workers
        Threads that solve.
    progress
        Called with the sets priced right and all.

    Raises
    ------
    ValueError
        Where a chain costs less than the least line, or the solved line is not found again.
    """
    found, rays = chart.touching(), len(chart.ground.rays)
    more = np.zeros((len(sets), 1)) if rings is None else rings

    def price(some: IntArray) -> FloatArray:
        return np.asarray((links.costs_by_side(sets[some], rays=rays) + more[some]).min(axis=1))

    pending = np.random.default_rng(0).permutation(len(sets))  # unlike ones teach the most
    none, pending = (pending[np.isfinite(costs[pending]) == some] for some in (False, True))
    asked, links = pending[:BATCH], Segments(())
    with ThreadPoolExecutor(workers) as pool:
        while len(pending):
            for curve in pool.map(solve, [int(s) for s in sets[asked]]):
                found += chart.split(curve, everywhere=everywhere)
            links = Segments.cheapest(found)
            links = links.contracted() if everywhere else links
            some = pending[:WINDOW]
            wrong = some[_wrong(price(some), costs[some])]
            if np.isin(asked, wrong).any():
                raise ValueError("a line falls into links that do not make it up again")
            pending, asked = np.append(wrong, pending[WINDOW:]), wrong[:BATCH]
            if progress:
                progress(len(sets) - len(pending), len(sets))
    _wrong(price(none), costs[none])
    return links


def _wrong(found: FloatArray, known: FloatArray) -> BoolArray:
    """Where chains do not cost what lines do."""
    if (found < known * (1 - ROUNDING)).any():
        raise ValueError("a chain of links costs less than the least line")
    return np.asarray(found > known * (1 + ROUNDING))
