"""Chains of links cost the same however their links are put together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from okhotsk.links import EAST, WEST, Link, Links

NOWHERE = np.empty((0, 2), np.int64)


def link(a, b, cost, closers=0):
    """A link without a course."""
    return Link((min(a, b), max(a, b)), float(cost), closers, NOWHERE)


def drawn(seed):
    """Links at random: long rows of them, forks, dead ends, loops, and links side by side."""
    rng = np.random.default_rng(seed)
    row = [WEST, *range(3, 12), EAST]
    links = [link(a, b, rng.integers(1, 9), 1 << int(rng.integers(5))) for a, b in pairwise(row)]
    for _ in range(14):
        a, b = rng.integers(1, 16, 2)
        links.append(link(int(a), int(b), rng.integers(1, 30), int(rng.integers(32))))
    return Links(tuple(links))


@pytest.mark.parametrize("seed", range(30))
def test_contracted_links_cost_the_same_for_every_set(seed):
    links = drawn(seed)
    short = links.contracted()
    sets = np.arange(32, dtype=np.uint64)
    assert np.array_equal(links.costs(sets), short.costs(sets))
    assert len(short.links) <= len(links.links)


def test_a_row_of_links_becomes_one_with_all_that_bars_it():
    links = Links((link(WEST, 3, 1, 0b1), link(3, 4, 2, 0b100), link(4, EAST, 4)))
    (only,) = links.contracted().links
    assert (only.ends, only.cost, only.closers) == ((WEST, EAST), 7.0, 0b101)


def test_dead_ends_loops_and_links_that_another_replaces_go():
    kept = link(WEST, EAST, 3, 0b1), link(WEST, EAST, 5)
    links = Links((*kept, link(WEST, EAST, 4, 0b11), link(3, 4, 1), link(4, 4, 1), link(4, 5, 1)))
    left = links.contracted().links
    assert sorted((e.cost, e.closers) for e in left) == sorted((e.cost, e.closers) for e in kept)
