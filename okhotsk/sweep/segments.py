"""Barriers of every island set as shortest paths over segments between free components.

A barrier costs nothing over land and shallows. So a least barrier is a path of segments: each is
the least curve between two connected components of free cells. Components are the nodes and
segments the edges of a small graph, in which blocks close some edges. A few hundred segments make
up the barriers of a million island sets (:mod:`okhotsk.sweep.free_components` collects them).

A shortest path is found with the Bellman-Ford algorithm, once for each crossing parity of the rays
(:class:`okhotsk.sweep.strip_graph.BarrierDomain`), in O(segments) for each pass over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import FloatArray, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.sweep.subset_bounds import pareto_minimal

WEST, EAST = 1, 2  # components of the mainland, where every barrier begins and ends
NOWHERE = np.empty((0, 2), np.int64)


@dataclass(frozen=True)
class Segment:
    """A least curve between two free components.

    Attributes
    ----------
    ends
        Numbers of the components, ascending; :data:`WEST` and :data:`EAST` are the mainland's.
    cost
        Cost of the curve.
    closers
        Blocks that close it, as a set: it is open while none of them is ceded.
    cells
        Row and column of its vertices, shape (n, 2); none for components that touch.
    crosses
        Rays that it crosses an odd number of times, as bits.
    """

    ends: tuple[int, int]
    cost: float
    closers: int
    cells: IntArray
    crosses: int = 0


@dataclass(frozen=True)
class Segments:
    """The segments that make up the barrier of every island set."""

    ARRAYS: ClassVar[tuple[str, ...]] = ("ends", "cost", "closers", "count", "cells", "crosses")

    segments: tuple[Segment, ...]

    @classmethod
    def cheapest(cls, segments: Iterable[Segment]) -> Segments:
        """Keep the cheapest segment for each pair of ends, closers and rays crossed."""
        best: dict[tuple[tuple[int, int], int, int], Segment] = {}
        for segment in segments:
            key = segment.ends, segment.closers, segment.crosses
            if not np.isfinite(segment.cost):
                continue  # across the wall, where the curve closes
            if key not in best or segment.cost < best[key].cost:
                best[key] = segment
        return cls(tuple(best[key] for key in sorted(best)))

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Segments:
        """Segments from what :meth:`arrays` returned."""
        cells = np.split(arrays["cells"], np.cumsum(arrays["count"]))[:-1]
        columns = (arrays[name].tolist() for name in ("ends", "cost", "closers", "crosses"))
        rows = zip(*columns, cells, strict=True)
        return cls(tuple(Segment((a, b), c, d, where, odd) for (a, b), c, d, odd, where in rows))

    def contracted(self) -> Segments:
        """Return fewer segments with the same shortest paths.

        Two segments that meet where no other does become one. Segments that lead nowhere are left
        out, and those that a segment with fewer closers replaces at no higher cost.
        """
        segments, before = list(self.segments), -1
        while len(segments) != before:
            before = len(segments)
            segments = _joined(_useful(segments))
        return Segments(tuple(segments))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all segments as plain arrays."""
        each = self.segments
        return {
            "ends": np.array([one.ends for one in each], np.int64).reshape(-1, 2),
            "cost": np.array([one.cost for one in each]),
            "closers": np.array([one.closers for one in each], np.uint64),
            "count": np.array([len(one.cells) for one in each], np.int64),
            "cells": np.concatenate([NOWHERE, *(one.cells for one in each)]),
            "crosses": np.array([one.crosses for one in each], np.int64),
        }

    def costs(self, island_sets: SetArray) -> FloatArray:
        """Return the cost of the shortest path for each island set, where there are no rays."""
        return self.costs_by_parity(island_sets, rays=0)[:, 0]

    def costs_by_parity(self, island_sets: SetArray, *, rays: int) -> FloatArray:
        """Return the cost of the shortest path for each island set and crossing parity.

        Shape (island sets, 2 to the power of the rays); infinite where there is no path.
        """
        return np.asarray(_shortest_paths(island_sets, 1 << rays, *self._table))

    @cached_property
    def _table(self) -> tuple[Any, ...]:
        """Columns of the segments, with their ends numbered from 0; the ends of a path.

        Segments are in the order in which a search reaches them when no island is ceded. So most
        shortest paths need a single pass over all segments.
        """
        columns = self.arrays()
        both = [*columns["ends"].ravel(), WEST, EAST]
        names, places = np.unique(both, return_inverse=True)
        ends, (west, east) = places[:-2].reshape(-1, 2), places[-2:]
        cost, closers, crosses = columns["cost"], columns["closers"], columns["crosses"]
        reached = np.full(len(names), np.inf)
        _reach(np.uint64(0), 1, ends, cost, closers, np.zeros_like(crosses), west, reached)
        order = np.argsort(reached[ends].min(axis=1), kind="stable")
        ordered = (column[order] for column in (ends, cost, closers, crosses))
        return *ordered, len(names), west, east


def _useful(segments: Iterable[Segment]) -> list[Segment]:
    """Segments that lead on and that no other replaces, cheapest first."""
    best = sorted(filter(_leads_on, segments), key=lambda one: (one.cost, one.closers))
    return pareto_minimal(best, lambda one: one.closers, lambda one: (one.ends, one.crosses))


def _leads_on(segment: Segment) -> bool:
    """Whether a shortest path may use a segment: no loop, unless it changes the parity."""
    return segment.ends[0] != segment.ends[1] or segment.crosses != 0


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Join the two segments of every end of degree two; drop the segment of an end of degree one.

    Series reduction of the graph, in one pass over its ends.
    """
    at: dict[int, dict[int, Segment]] = {}
    for number, segment in enumerate(segments):
        for end in segment.ends:
            at.setdefault(end, {})[number] = segment
    fresh = len(segments)
    for end in sorted(set(at) - {WEST, EAST}):
        own = at[end]
        if len(own) > 2 or any(one.ends == (end, end) for one in own.values()):
            continue
        for number, segment in own.items():
            del at[sum(segment.ends) - end][number]
        joined = _join(list(own.values()), end) if len(own) == 2 else None
        if joined and _leads_on(joined):
            fresh += 1
            for far in joined.ends:
                at[far][fresh] = joined
        at[end] = {}
    return list({number: one for own in at.values() for number, one in own.items()}.values())


def _join(pair: Sequence[Segment], end: int) -> Segment:
    """Two segments that meet at an end, as one."""
    one, other = pair
    far = sorted(sum(segment.ends) - end for segment in pair)
    cells = np.concatenate([one.cells, other.cells])
    cost, closers = one.cost + other.cost, one.closers | other.closers
    return Segment((far[0], far[1]), cost, closers, cells, one.crosses ^ other.crosses)


@kernel
def _reach(  # type: ignore[no-untyped-def]
    ceded, sheets, ends, cost, closers, crosses, west, reached
):
    """Shortest paths from west to every end (Bellman-Ford): relax edges until none gets better.

    ``reached`` has a place for each crossing parity of the first end, then of the second, ...
    """
    reached[:] = np.inf
    reached[west * sheets] = 0
    better = True
    while better:
        better = False
        for n in range(len(cost)):
            if closers[n] & ceded:
                continue
            for parity in range(sheets):
                a, b = ends[n, 0] * sheets + parity, ends[n, 1] * sheets + (parity ^ crosses[n])
                if reached[a] + cost[n] < reached[b]:
                    reached[b] = reached[a] + cost[n]
                    better = True
                elif reached[b] + cost[n] < reached[a]:
                    reached[a] = reached[b] + cost[n]
                    better = True


@kernel
def _shortest_paths(  # type: ignore[no-untyped-def]
    sets, sheets, ends, cost, closers, crosses, count, west, east
):
    """Costs of the shortest paths from west to east under each set, by crossing parity."""
    out, reached = np.empty((len(sets), sheets)), np.empty(count * sheets)
    for s in range(len(sets)):
        _reach(sets[s], sheets, ends, cost, closers, crosses, west, reached)
        out[s] = reached[east * sheets : (east + 1) * sheets]
    return out
