"""Seal lines of every cession as links between islands.

A seal line costs nothing over land and shallows, so the least one is a chain of links between
pieces of such free ground, and each link is the least one between its ends that the waters handed
over leave open. So a few hundred links make up the lines of a million cessions: they are taken
from lines solved one at a time until, for every cession, the cheapest chain costs what
:mod:`okhotsk.gates` found for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk import cut
from okhotsk.regions import SetArray
from okhotsk.search import primitive_steps
from okhotsk.sector import Ground

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LabelArray = NDArray[np.int32]

WEST, EAST = 1, 2  # the two ends of every line, on the mainland
ROUNDING = 2e-6  # relative: costs are added up in single precision
BATCH = 8  # cessions whose lines are solved before others are priced again
WINDOW = 1 << 16  # cessions priced at a time


@dataclass(frozen=True)
class Link:
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
    """

    ends: tuple[int, int]
    cost: float
    closers: int
    cells: IntArray


class Chart:
    """The pieces of free ground, and how a closed curve falls into links between them.

    Parameters
    ----------
    ground
        From :func:`okhotsk.sector.find_ground`.
    pieces
        Units of each piece of the chain, as sets.
    """

    def __init__(self, ground: Ground, pieces: Sequence[int]) -> None:
        self.ground, self.pieces = ground, tuple(pieces)
        self.stones = find_stones(ground)
        self._km = cut.stencil(ground.grid)[-1]

    def bars(self, units: int) -> int:
        """Pieces that bar water which some units close together."""
        return sum(1 << n for n, own in enumerate(self.pieces) if own & units)

    def touching(self) -> list[Link]:
        """Links of no length between neighbouring pieces of free ground."""
        found: dict[tuple[int, int], int] = {}
        shuts, stones = self.ground.shuts, self.stones
        for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
            one, other = stones[here], stones[there]
            for row, col in np.argwhere((one != other) & (one > 0) & (other > 0)):
                ends = sorted((int(one[row, col]), int(other[row, col])))
                units = int(shuts[here][row, col]) | int(shuts[there][row, col])
                found[ends[0], ends[1]] = self.bars(units)
        nowhere = np.empty((0, 2), np.int64)
        return [Link(ends, 0.0, closers, nowhere) for ends, closers in found.items()]

    def split(self, curve: cut.Curve, *, everywhere: bool = False) -> list[Link]:
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
        return [
            self._link(cells[a : b + 1], (int(marks[a]), int(marks[b])))
            for a, b in pairwise(stops)
            if marks[a] != marks[b] and {marks[a], marks[b]} != {WEST, EAST} or b - a > 1
        ]

    def _link(self, cells: IntArray, ends: tuple[int, int]) -> Link:
        cost, units = 0.0, 0
        curve = cut.Curve(0.0, *cells.T)
        rows, cols = cut.crossed(curve)
        for closers in np.unique(self.ground.shuts[rows, cols]):
            units |= int(closers)
        for (row, col), number in zip(cells[:-1], cut.steps_of(curve), strict=True):
            cost += float(self._km[row, number]) * self._mean(row, col, number)
        return Link((min(ends), max(ends)), cost, self.bars(units), cells)

    def _mean(self, row: int, col: int, number: int) -> float:
        """Mean cost per km under a step."""
        under, shares = primitive_steps()[1:]
        known = shares[number] > 0
        places = under[number][known] + (row, col)
        return float((self.ground.cost[tuple(places.T)] * shares[number][known]).sum())


def find_stones(ground: Ground) -> LabelArray:
    """Number the pieces of free ground: connected, and closed by the same units; 0 elsewhere."""
    free = ground.cost == 0
    stones = np.zeros(free.shape, np.int32)
    stones[ground.ends[0]], stones[ground.ends[1]] = WEST, EAST
    last = EAST
    for units in np.unique(ground.shuts[free]):
        own, count = ndimage.label(
            free & (ground.shuts == units) & ((stones == 0) | (stones > EAST))
        )
        stones[own > 0] = own[own > 0] + last
        last += count
    return stones


@dataclass(frozen=True)
class Links:
    """Links that make up the line of every cession."""

    ARRAYS: ClassVar[tuple[str, ...]] = ("ends", "cost", "closers", "count", "cells")

    links: tuple[Link, ...]

    @classmethod
    def cheapest(cls, links: Iterable[Link]) -> Links:
        """The cheapest link for each pair of ends and of what bars it."""
        best: dict[tuple[tuple[int, int], int], Link] = {}
        for link in links:
            key = link.ends, link.closers
            if not np.isfinite(link.cost):
                continue  # across the mainland, where the curve closes
            if key not in best or link.cost < best[key].cost:
                best[key] = link
        return cls(tuple(best[key] for key in sorted(best)))

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Links:
        """Links from what :meth:`arrays` returned."""
        cells = np.split(arrays["cells"], np.cumsum(arrays["count"])[:-1])
        rows = zip(arrays["ends"].tolist(), arrays["cost"], arrays["closers"], cells, strict=True)
        return cls(tuple(Link((a, b), float(c), int(d), e) for (a, b), c, d, e in rows))

    def contracted(self) -> Links:
        """The same chains of fewer links: those that always follow each other are one.

        Links that lead nowhere, or cost no less than one that fewer pieces bar, are left out.
        """
        links, before = list(self.links), -1
        while len(links) != before:
            before = len(links)
            links = _joined(_useful(links))
        return Links(tuple(links))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All links as plain arrays."""
        return {
            "ends": np.array([link.ends for link in self.links], np.int64),
            "cost": np.array([link.cost for link in self.links]),
            "closers": np.array([link.closers for link in self.links], np.uint64),
            "count": np.array([len(link.cells) for link in self.links], np.int64),
            "cells": np.concatenate([link.cells for link in self.links]),
        }

    def costs(self, sets: SetArray) -> FloatArray:
        """Cost of the cheapest chain of links for some sets of pieces."""
        return np.asarray(_chain(sets, *self._table))

    @cached_property
    def _table(self) -> tuple[Any, ...]:
        """Links with their ends numbered, how many ends there are, and the mainland's.

        In the order in which they are come to with nothing handed over: so most chains are found
        in one go over all links.
        """
        known = self.arrays()
        names, ends = np.unique(known["ends"], return_inverse=True)
        west, east = (int(np.searchsorted(names, end)) for end in (WEST, EAST))
        ends, cost, closers = ends.reshape(-1, 2), known["cost"], known["closers"]
        reached = np.full(len(names), np.inf)
        _reach(np.uint64(0), ends, cost, closers, west, reached)
        order = np.argsort(reached[ends].min(axis=1), kind="stable")
        return ends[order], cost[order], closers[order], len(names), west, east


def _useful(links: Iterable[Link]) -> list[Link]:
    """Links between different ends that no other replaces, cheapest first."""
    kept: dict[tuple[int, int], list[Link]] = {}
    for link in sorted(links, key=lambda link: (link.cost, link.closers)):
        known = kept.setdefault(link.ends, [])
        if link.ends[0] != link.ends[1] and all(one.closers & ~link.closers for one in known):
            known.append(link)
    return [link for known in kept.values() for link in known]


def _joined(links: Sequence[Link]) -> list[Link]:
    """Join the two links of every end where just two meet; drop those that lead nowhere."""
    at: dict[int, dict[int, Link]] = {}
    for number, link in enumerate(links):
        for end in link.ends:
            at.setdefault(end, {})[number] = link
    fresh = len(links)
    for end in sorted(set(at) - {WEST, EAST}):
        own = at[end]
        if len(own) > 2:
            continue
        for number, link in own.items():
            del at[sum(link.ends) - end][number]
        joined = _join(list(own.values()), end) if len(own) == 2 else None
        if joined and joined.ends[0] != joined.ends[1]:
            fresh += 1
            for far in joined.ends:
                at[far][fresh] = joined
        at[end] = {}
    return list({number: link for own in at.values() for number, link in own.items()}.values())


def _join(pair: Sequence[Link], end: int) -> Link:
    """Two links that meet at an end, as one."""
    one, other = pair
    far = sorted(sum(link.ends) - end for link in pair)
    cells = np.concatenate([one.cells, other.cells])
    return Link((far[0], far[1]), one.cost + other.cost, one.closers | other.closers, cells)


@njit(cache=True, nogil=True)
def _reach(wanted, ends, cost, closers, west, reached):  # type: ignore[no-untyped-def]
    """Cost of the cheapest chain from west to every end, by relaxing links until none is better."""
    reached[:] = np.inf
    reached[west] = 0
    better = True
    while better:
        better = False
        for n in range(len(cost)):
            if closers[n] & wanted:
                continue
            a, b = ends[n, 0], ends[n, 1]
            if reached[a] + cost[n] < reached[b]:
                reached[b] = reached[a] + cost[n]
                better = True
            elif reached[b] + cost[n] < reached[a]:
                reached[a] = reached[b] + cost[n]
                better = True


@njit(cache=True, nogil=True)
def _chain(sets, ends, cost, closers, count, west, east):  # type: ignore[no-untyped-def]
    """Cheapest chain from west to east under each set."""
    out, reached = np.empty(len(sets)), np.empty(count)
    for s in range(len(sets)):
        _reach(sets[s], ends, cost, closers, west, reached)
        out[s] = reached[east]
    return out


def find_links(
    chart: Chart,
    sets: SetArray,
    costs: FloatArray,
    solve: Callable[[int], cut.Curve],
    *,
    everywhere: bool = False,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Links:
    """Return links whose cheapest chain is the least line for every one of some cessions.

    Parameters
    ----------
    chart
        The free ground.
    sets
        Sets of pieces.
    costs
        Least cost for each (:class:`okhotsk.gates.Gates`); infinite where there is no line.
    solve
        Returns the least closed curve for a set of pieces.
    everywhere
        As :meth:`Chart.split`; links that always follow each other are then joined.
    workers
        Threads that solve.
    progress
        Called with the sets priced right and all.

    Raises
    ------
    ValueError
        Where a chain costs less than the least line, or the solved line is not found again.
    """
    found = chart.touching()
    pending = np.random.default_rng(0).permutation(len(sets))  # unlike ones teach the most
    none, pending = (pending[np.isfinite(costs[pending]) == some] for some in (False, True))
    asked, links = pending[:BATCH], Links(())
    with ThreadPoolExecutor(workers) as pool:
        while len(pending):
            for curve in pool.map(solve, [int(s) for s in sets[asked]]):
                found += chart.split(curve, everywhere=everywhere)
            links = Links.cheapest(found)
            links = links.contracted() if everywhere else links
            some = pending[:WINDOW]
            wrong = some[_wrong(links.costs(sets[some]), costs[some])]
            if np.isin(asked, wrong).any():
                raise ValueError("a line falls into links that do not make it up again")
            pending, asked = np.append(wrong, pending[WINDOW:]), wrong[:BATCH]
            if progress:
                progress(len(sets) - len(pending), len(sets))
    _wrong(links.costs(sets[none]), costs[none])
    return links


def _wrong(found: FloatArray, known: FloatArray) -> BoolArray:
    """Where chains do not cost what lines do."""
    if (found < known * (1 - ROUNDING)).any():
        raise ValueError("a chain of links costs less than the least line")
    return np.asarray(found > known * (1 + ROUNDING))
