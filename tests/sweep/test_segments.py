"""Shortest paths over segments, against Dijkstra's algorithm and however they are contracted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from okhotsk.sweep.segments import EAST, WEST, Segment, Segments

NOWHERE = np.empty((0, 2), np.int64)


def segment(a, b, cost, closers=0, crosses=0):
    """A segment without a course."""
    return Segment((min(a, b), max(a, b)), float(cost), closers, NOWHERE, crosses)


def drawn(seed):
    """Segments at random: long rows, forks, dead ends, loops, and segments side by side."""
    rng = np.random.default_rng(seed)
    row = [WEST, *range(3, 12), EAST]
    segments = [
        segment(a, b, rng.integers(1, 9), 1 << int(rng.integers(5))) for a, b in pairwise(row)
    ]
    for _ in range(14):
        a, b = rng.integers(1, 16, 2)
        cost, closers, crosses = (int(rng.integers(low, 32)) for low in (1, 0, 0))
        segments.append(segment(int(a), int(b), cost, closers, crosses // 8))
    return Segments(tuple(segments))


def shortest(segments, ceded, rays):
    """Costs of the shortest paths by parity, by SciPy's Dijkstra on one graph for one set."""
    sheets = 1 << rays
    graph = {}
    for one in segments.segments:
        if one.closers & ceded:
            continue
        for parity in range(sheets):
            pair = one.ends[0] * sheets + parity, one.ends[1] * sheets + (parity ^ one.crosses)
            graph[pair] = min(graph.get(pair, np.inf), one.cost)
    size = (1 + max(EAST, *(end for one in segments.segments for end in one.ends))) * sheets
    (rows, cols), costs = np.array(list(graph)).reshape(-1, 2).T, list(graph.values())
    table = csr_array((costs, (rows, cols)), (size, size))
    return dijkstra(table, directed=False, indices=WEST * sheets)[EAST * sheets :][:sheets]


@pytest.mark.parametrize("rays", [1, 2])
@pytest.mark.parametrize("seed", range(12))
def test_paths_are_the_shortest_of_every_set_and_parity(seed, rays):
    segments = drawn(seed)
    mask = (1 << rays) - 1
    segments = Segments(
        tuple(
            segment(*one.ends, one.cost, one.closers, one.crosses & mask)
            for one in segments.segments
        )
    )
    sets = np.arange(32, dtype=np.uint64)
    known = np.array([shortest(segments, int(ceded), rays) for ceded in sets])
    assert len(np.unique(known)) > 3
    assert segments.costs_by_parity(sets, rays=rays).tolist() == known.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_paths_without_rays_are_the_shortest_of_every_set(seed):
    plain = [segment(*one.ends, one.cost, one.closers) for one in drawn(seed).segments]
    segments = Segments(tuple(plain))
    sets = np.arange(32, dtype=np.uint64)
    known = [shortest(segments, int(ceded), 0)[0] for ceded in sets]
    assert segments.costs(sets).tolist() == known
    assert segments.costs(sets[::-1]).tolist() == known[::-1]
    assert segments.costs(sets[:0]).tolist() == []


def test_a_path_may_run_against_the_order_of_its_segments():
    """Ends far from west come first, so that several passes are needed."""
    row = [WEST, 9, 4, 8, 3, 7, EAST]
    segments = [segment(a, b, n + 1, 1 << n) for n, (a, b) in enumerate(pairwise(row))]
    detour = segment(4, 7, 50.0, 1 << 6)
    found = Segments((*reversed(segments), detour))
    assert found.costs(np.array([0, 0b100, 0b1000, 0b1, 0b1000100], np.uint64)).tolist() == [
        21.0,
        59.0,
        59.0,
        np.inf,
        np.inf,
    ]


def test_the_cheapest_of_equal_segments_is_kept():
    few = Segments.cheapest(
        [
            segment(3, 4, 5.0, 0b1),
            segment(3, 4, 4.0, 0b1),
            segment(3, 4, 4.5, 0b1),
            segment(3, 4, 9.0, 0b10),
            segment(3, 4, 7.0, 0b1, crosses=1),
            segment(WEST, EAST, np.inf),
        ]
    )
    kept = [(one.cost, one.closers, one.crosses) for one in few.segments]
    assert kept == [(4.0, 0b1, 0), (7.0, 0b1, 1), (9.0, 0b10, 0)]


def test_segments_come_back_from_their_arrays():
    courses = [np.array([[1, 2], [3, 4], [5, 5]]), NOWHERE, np.array([[7, 7], [8, 9]])]
    segments = Segments(
        tuple(Segment((n + 1, n + 3), 1.5 * n, 1 << n, cells, n) for n, cells in enumerate(courses))
    )
    again = Segments.of(segments.arrays())
    for one, other in zip(segments.segments, again.segments, strict=True):
        assert (one.ends, one.cost, one.closers, one.crosses) == (
            other.ends,
            other.cost,
            other.closers,
            other.crosses,
        )
        assert one.cells.tolist() == other.cells.tolist()


def test_joined_segments_have_the_rays_of_both():
    row = Segments((segment(WEST, 3, 1, crosses=1), segment(3, EAST, 2, crosses=3)))
    (only,) = row.contracted().segments
    assert (only.cost, only.crosses) == (3.0, 2)


@pytest.mark.parametrize("seed", range(30))
def test_contracted_segments_cost_the_same_for_every_set(seed):
    segments = drawn(seed)
    short = segments.contracted()
    sets = np.arange(32, dtype=np.uint64)
    costs = segments.costs_by_parity(sets, rays=2)
    assert np.array_equal(costs, short.costs_by_parity(sets, rays=2))
    assert len(set(costs[0])) > 1
    assert len(short.segments) <= len(segments.segments)


def test_a_row_of_segments_becomes_one_with_all_that_closes_it():
    segments = Segments((segment(WEST, 3, 1, 0b1), segment(3, 4, 2, 0b100), segment(4, EAST, 4)))
    (only,) = segments.contracted().segments
    assert (only.ends, only.cost, only.closers) == ((WEST, EAST), 7.0, 0b101)


def test_dead_ends_loops_and_segments_that_another_replaces_go():
    kept = segment(WEST, EAST, 3, 0b1), segment(WEST, EAST, 5)
    segments = Segments(
        (*kept, segment(WEST, EAST, 4, 0b11), segment(3, 4, 1), segment(4, 4, 1), segment(4, 5, 1))
    )
    left = segments.contracted().segments
    assert sorted((e.cost, e.closers) for e in left) == sorted((e.cost, e.closers) for e in kept)


def test_a_loop_round_the_end_of_a_ray_stays():
    """A path may need it to have crossed the ray an odd number of times."""
    segments = Segments(
        (segment(WEST, 3, 1), segment(3, EAST, 1), segment(3, 4, 2), segment(4, 3, 3, crosses=1))
    )
    none = np.zeros(1, np.uint64)
    for same in (segments, segments.contracted()):
        assert same.costs_by_parity(none, rays=1).tolist() == [[2.0, 7.0]]
