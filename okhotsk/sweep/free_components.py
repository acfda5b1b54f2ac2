"""Free components of the barrier domain, and the search for all segments between them.

Segments are collected by column generation: barriers are solved one at a time and cut into
segments where they touch free components, until for every island set the shortest path over
segments costs what :mod:`okhotsk.sweep.transfer` found. That needs a few dozen solved barriers
for a million island sets, and it is exact for every set given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from scipy import ndimage

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray, Int32Array, IntArray, SetArray
from okhotsk.raster.stencil import primitive_steps
from okhotsk.sweep.segments import EAST, NOWHERE, WEST, Segment, Segments
from okhotsk.sweep.strip_graph import BarrierDomain

UNIT_ROUNDOFF = 2.0**-24  # relative error of an addition in single precision
SOLVED_AT_ONCE = 8  # barriers solved before the remaining island sets are priced again
CHUNK_SETS = 1 << 16  # island sets priced together


class FreeComponents:
    """The free components of a domain, and how closed curves fall into segments between them.

    Parameters
    ----------
    domain
        From :func:`okhotsk.sweep.strip_graph.find_domain`.
    blocks
        Units of each block, as sets.
    """

    def __init__(self, domain: BarrierDomain, blocks: Sequence[int]) -> None:
        self.domain, self.blocks = domain, tuple(blocks)
        self.labels = label_components(domain)
        self._km = stencil.stencil(domain.grid)[-1]

    def closing_blocks(self, units: int) -> int:
        """Return the blocks that have some of the units, as a set."""
        return sum(1 << n for n, own in enumerate(self.blocks) if own & units)

    def touching(self) -> list[Segment]:
        """Return segments of no cost between components that have neighbouring cells."""
        found: dict[tuple[tuple[int, int], int], int] = {}
        units, labels = self.domain.closing_units, self.labels
        for down, right in ((0, 1), (1, 0)):
            here, there = np.s_[: -down or None, : -right or None], np.s_[down:, right:]
            one, other = labels[here], labels[there]
            places = np.argwhere((one != other) & (one > 0) & (other > 0))
            flips = self.domain.crossings(places, np.broadcast_to((down, right), places.shape))
            for (row, col), crosses in zip(places, flips.tolist(), strict=True):
                a, b = sorted((int(one[row, col]), int(other[row, col])))
                both = int(units[here][row, col]) | int(units[there][row, col])
                found[(a, b), crosses] = self.closing_blocks(both)
        return [Segment(ends, 0.0, closers, NOWHERE, odd) for (ends, odd), closers in found.items()]

    def count_steps(self, curve: planar_cut.GridPath) -> int:
        """Return how many costs add up to that of a curve, at most: those of a step, and all steps.

        Steps between free cells cost nothing; every cell of water has two steps.
        """
        water = int((self.labels[curve.rows, curve.cols] == 0).sum())
        return 2 * water + int(primitive_steps()[2].shape[1])

    def split(self, curve: planar_cut.GridPath, *, everywhere: bool = False) -> list[Segment]:
        """Return the segments of a closed curve round the core.

        ``everywhere`` makes a segment of each step. Steps recombine to more barriers than whole
        segments do. Coarse cells need that, because their barriers cross much water between free
        components.
        """
        cells, marks = self._from_mainland(curve)
        if everywhere:
            flat = cells @ np.array([self.labels.shape[1], 1])
            marks = np.where(marks > 0, marks, self.labels.max() + 1 + flat)
        stops = np.flatnonzero(marks > 0)
        flips = self.domain.crossings(cells[:-1], np.diff(cells, axis=0))
        return [
            self._segment(cells[a : b + 1], (int(marks[a]), int(marks[b])))
            for a, b in pairwise(stops)
            if marks[a] != marks[b]
            and {marks[a], marks[b]} != {WEST, EAST}
            or b - a > 1
            or flips[a]
        ]

    def _from_mainland(self, curve: planar_cut.GridPath) -> tuple[IntArray, Int32Array]:
        """Cells of a closed curve from a cell of the western mainland back to it, and labels."""
        cells = np.stack([curve.rows, curve.cols], axis=1)
        if (cells[0] == cells[-1]).all():
            cells = cells[:-1]
        marks = self.labels[tuple(cells.T)]
        turn = int(np.flatnonzero(marks == WEST)[0])
        cells, marks = np.roll(cells, -turn, axis=0), np.roll(marks, -turn)
        return np.vstack([cells, cells[:1]]), np.append(marks, marks[0])

    def _segment(self, cells: IntArray, ends: tuple[int, int]) -> Segment:
        cost, units = 0.0, 0
        curve = planar_cut.GridPath(0.0, *cells.T)
        rows, cols = stencil.crossed(curve)
        for closing in np.unique(self.domain.closing_units[rows, cols]):
            units |= int(closing)
        for (row, col), number in zip(cells[:-1], stencil.steps_of(curve), strict=True):
            cost += float(self._km[row, number]) * self._mean(row, col, number)
        flips = self.domain.crossings(cells[:-1], np.diff(cells, axis=0))
        crosses = int(np.bitwise_xor.reduce(flips))
        return Segment((min(ends), max(ends)), cost, self.closing_blocks(units), cells, crosses)

    def _mean(self, row: int, col: int, number: int) -> float:
        """Mean cost per km under a step."""
        under, shares = primitive_steps()[1:]
        crossed = shares[number] > 0
        places = under[number][crossed] + (row, col)
        return float((self.domain.cost[tuple(places.T)] * shares[number][crossed]).sum())


def label_components(domain: BarrierDomain) -> Int32Array:
    """Return the number of the free component of each cell; 0 where a cell is not free.

    Cells of a component are connected and closed by the same units. A cell beside a ray is a
    component of its own, so that no component lies on both sides of a ray.
    """
    free = domain.cost == 0
    labels = np.zeros(free.shape, np.int32)
    labels[domain.ends[0]], labels[domain.ends[1]] = WEST, EAST
    last, beside = EAST, domain.beside_rays
    single = np.flatnonzero(free & beside & (labels == 0))
    labels.flat[single] = last + 1 + np.arange(len(single))
    last += len(single)
    for units in np.unique(domain.closing_units[free]):
        own, count = ndimage.label(
            free & ~beside & (domain.closing_units == units) & ((labels == 0) | (labels > EAST))
        )
        labels[own > 0] = own[own > 0] + last
        last += count
    return labels


def find_segments(
    components: FreeComponents,
    island_sets: SetArray,
    costs: FloatArray,
    solve: Callable[[int], planar_cut.GridPath],
    *,
    everywhere: bool = False,
    surcharge: FloatArray | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Segments:
    """Return segments whose shortest path is the least barrier of every island set.

    Parameters
    ----------
    components
        The free components of the domain.
    island_sets
        Sets of blocks.
    costs
        Least cost for each (:class:`okhotsk.sweep.transfer.TransferCosts`), surcharge included;
        infinite where there is no barrier.
    solve
        Returns the least closed curve for a set of blocks.
    everywhere
        As :meth:`FreeComponents.split`; the segments are then contracted.
    surcharge
        What is added to a path, by island set (row) and crossing parity (column); nothing by
        default.
    workers
        Threads that solve.
    progress
        Called with the number of island sets priced right, and of all.

    Returns
    -------
    Segments
        Exact for every island set given, to rounding: the least costs are sums in single precision,
        of which n terms, all positive, err by at most n times :data:`UNIT_ROUNDOFF` (Higham 2002,
        *Accuracy and Stability of Numerical Algorithms*, section 4.2,
        doi:10.1137/1.9780898718027). For the barriers here that is below 1e-4; found were 4e-6.

    Raises
    ------
    ValueError
        Where a path costs less than the least barrier, or more than a barrier it was cut from.
    """
    found, rays, steps = components.touching(), len(components.domain.rays), 0
    more = np.zeros((len(island_sets), 1)) if surcharge is None else surcharge

    def price(some: IntArray) -> FloatArray:
        paths = segments.costs_by_parity(island_sets[some], rays=rays)
        return np.asarray((paths + more[some]).min(axis=1))

    pending = np.random.default_rng(0).permutation(len(island_sets))  # unlike sets teach the most
    none, pending = (pending[np.isfinite(costs[pending]) == some] for some in (False, True))
    asked, segments = pending[:SOLVED_AT_ONCE], Segments(())
    with ThreadPoolExecutor(workers) as pool:
        while len(pending):
            for curve in pool.map(solve, [int(s) for s in island_sets[asked]]):
                found += components.split(curve, everywhere=everywhere)
                steps = max(steps, components.count_steps(curve))
            segments = Segments.cheapest(found)
            segments = segments.contracted() if everywhere else segments
            some = pending[:CHUNK_SETS]
            wrong = some[_too_dear(price(some), costs[some], steps * UNIT_ROUNDOFF)]
            if np.isin(asked, wrong).any():
                raise ValueError("a barrier falls into segments that do not make it up again")
            pending, asked = np.append(wrong, pending[CHUNK_SETS:]), wrong[:SOLVED_AT_ONCE]
            if progress:
                progress(len(island_sets) - len(pending), len(island_sets))
    _too_dear(price(none), costs[none], 0)
    return segments


def _too_dear(paths: FloatArray, least: FloatArray, rounding: float) -> BoolArray:
    """Where paths cost more than the least barriers; a path that costs less is an error."""
    if (paths < least * (1 - rounding)).any():
        raise ValueError("a path over segments costs less than the least barrier")
    return np.asarray(paths > least * (1 + rounding))
