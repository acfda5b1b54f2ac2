"""Chains of links cost the same however their links are put together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from seas import grid_at

from okhotsk.measures.barrier import LINES
from okhotsk.raster.planar_cut import GridPath
from okhotsk.scenario.island_sets import parse_blocks
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.segments import EAST, WEST, FreeComponents, Segment, Segments, find_segments
from okhotsk.sweep.strip_graph import BarrierDomain

NOWHERE = np.empty((0, 2), np.int64)


@pytest.fixture(scope="module")
def sweep(coarse):
    """A sweep of two pieces."""
    return Sweep(coarse, pieces=parse_blocks("iturup,urup"))


def link(a, b, cost, closers=0, crosses=0):
    """A link without a course."""
    return Segment((min(a, b), max(a, b)), float(cost), closers, NOWHERE, crosses)


def drawn(seed):
    """Links at random: long rows of them, forks, dead ends, loops, and links side by side."""
    rng = np.random.default_rng(seed)
    row = [WEST, *range(3, 12), EAST]
    links = [link(a, b, rng.integers(1, 9), 1 << int(rng.integers(5))) for a, b in pairwise(row)]
    for _ in range(14):
        a, b = rng.integers(1, 16, 2)
        cost, closers, crosses = (int(rng.integers(low, 32)) for low in (1, 0, 0))
        links.append(link(int(a), int(b), cost, closers, crosses // 8))
    return Segments(tuple(links))


@pytest.mark.parametrize("seed", range(30))
def test_contracted_links_cost_the_same_for_every_set(seed):
    links = drawn(seed)
    short = links.contracted()
    sets = np.arange(32, dtype=np.uint64)
    costs = links.costs_by_side(sets, rays=2)
    assert np.array_equal(costs, short.costs_by_side(sets, rays=2))
    assert len(set(costs[0])) > 1
    assert len(short.links) <= len(links.links)


def test_a_row_of_links_becomes_one_with_all_that_bars_it():
    links = Segments((link(WEST, 3, 1, 0b1), link(3, 4, 2, 0b100), link(4, EAST, 4)))
    (only,) = links.contracted().links
    assert (only.ends, only.cost, only.closers) == ((WEST, EAST), 7.0, 0b101)


def test_dead_ends_loops_and_links_that_another_replaces_go():
    kept = link(WEST, EAST, 3, 0b1), link(WEST, EAST, 5)
    links = Segments(
        (*kept, link(WEST, EAST, 4, 0b11), link(3, 4, 1), link(4, 4, 1), link(4, 5, 1))
    )
    left = links.contracted().links
    assert sorted((e.cost, e.closers) for e in left) == sorted((e.cost, e.closers) for e in kept)


def test_a_loop_round_the_end_of_a_ray_stays():
    """A chain may need it to have crossed the ray an odd number of times."""
    links = Segments((link(WEST, 3, 1), link(3, EAST, 1), link(3, 4, 2), link(4, 3, 3, crosses=1)))
    none = np.zeros(1, np.uint64)
    for same in (links, links.contracted()):
        assert same.costs_by_side(none, rays=1).tolist() == [[2.0, 7.0]]


def test_where_no_cession_has_a_line_there_are_no_links(sweep):
    sets = np.arange(4, dtype=np.uint64)
    links = find_segments(sweep.chart(LINES[0]), sets, np.full(4, np.inf), never)
    assert links.links == ()
    assert Segments.of(links.arrays()).costs(sets).tolist() == [np.inf] * 4


def test_a_step_across_a_ray_is_a_link_though_both_its_ends_are_one_stone():
    row, col = np.indices((12, 12))
    west, east = ((col == edge) | (row == 0) & side for edge, side in ((0, col < 6), (11, col > 5)))
    cost = np.zeros(col.shape, np.float32)
    cost[4:, 5:7] = 1.0  # beside the ray, so that the stone goes round its end
    nothing = np.zeros(col.shape, np.uint64)
    ground = BarrierDomain(
        grid_at(50, col.shape), cost, nothing, cost, (west, east), rays=((3, 5),)
    )
    chart = FreeComponents(ground, ())
    down, across, up = [[n, 0] for n in range(9)], [[8, n] for n in range(1, 5)], range(9, -1, -1)
    over = [[9, n] for n in range(7, 11)]
    top = [[0, n] for n in range(10, 0, -1)]
    rows, cols = np.array(down + across + over + [[n, 11] for n in up] + top).T
    found = chart.split(GridPath(0.0, rows, cols), everywhere=True)
    costs = Segments.cheapest(found + chart.touching()).costs_by_side(
        np.zeros(1, np.uint64), rays=1
    )
    assert costs[0, 0] == 0
    assert 0 < costs[0, 1] < np.inf


def never(_):
    """Must not be called."""
    raise AssertionError
