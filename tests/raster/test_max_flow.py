"""The source's side of minimum cuts against all subsets of small graphs, and known cuts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okhotsk.raster.max_flow import source_side

Graph = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A handful of nodes with random links, some of them parallel or of no capacity.

    The last node makes the capacity at the source 128, so that rounding cannot part equal cuts.
    """
    count = draw(st.integers(2, 8))
    node, room = st.integers(2, count + 1), st.integers(0, 9)
    pairs = st.tuples(node, node, room).filter(lambda link: link[0] != link[1])
    links = np.array(draw(st.lists(pairs, max_size=20)), np.int64).reshape(-1, 3).T
    pull = np.array(draw(st.lists(room, min_size=2 * count, max_size=2 * count)), float)
    source, sink = pull.reshape(2, -1)
    both = np.array([[*source, 128 - source.sum()], [*sink, 0]])
    return links[0], links[1], links[2].astype(float), both


def cut_value(side: np.ndarray, graph: Graph) -> float:
    """Capacity of all that leads from one side to the other."""
    start, end, value, (source, sink) = graph
    across = value[side[start] != side[end]].sum()
    return float(across + source[~side[2:]].sum() + sink[side[2:]].sum())


@settings(max_examples=200)
@given(graphs())
def test_no_subset_is_a_lesser_or_smaller_cut(graph: Graph) -> None:
    """Of all subsets of the nodes, the one found cuts least, and lies in all that cut as little."""
    count = graph[3].shape[1]
    found = source_side(*graph)
    assert found[0]
    assert not found[1]
    sets = ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(bool)
    sides = np.hstack([np.ones((len(sets), 1), bool), np.zeros((len(sets), 1), bool), sets])
    values = np.array([cut_value(side, graph) for side in sides])
    assert cut_value(found, graph) == values.min()
    assert (~found | sides[values == values.min()]).all()


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_units_do_not_matter(scale: float) -> None:
    """A chain of 5000 nodes is cut at its weakest link, whatever capacities are counted in."""
    chain = np.arange(2, 5002)
    value = np.full(len(chain) - 1, 3.0)
    value[3210] = 2.0
    pull = np.zeros((2, len(chain)))
    pull[0, 0], pull[1, -1] = 7.0, 5.0
    side = source_side(chain[:-1], chain[1:], scale * value, scale * pull)
    np.testing.assert_array_equal(np.flatnonzero(side), [0, *range(2, 2 + 3211)])


def test_a_source_without_capacity_reaches_nothing() -> None:
    start, end = np.array([2]), np.array([3])
    side = source_side(start, end, np.ones(1), np.array([[0.0, 0], [1, 1]]))
    np.testing.assert_array_equal(side, [True, False, False, False])


def test_links_wider_than_all_that_leaves_the_source_hold() -> None:
    """A link of almost any capacity does not overflow the whole numbers."""
    start, end, wide = np.array([2, 3]), np.array([3, 4]), np.array([1e30, 1e30])
    pull = np.array([[2.0, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(source_side(start, end, wide, pull)[2:], [True] * 3)
    np.testing.assert_array_equal(source_side(start, end, wide, pull[::-1])[2:], [False] * 3)
