"""The deepest way through against a search by threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from okhotsk.raster.widest_path import widest_path_depth

shapes = st.tuples(st.integers(2, 9), st.integers(2, 9))
values = st.sampled_from(np.float32([0, 0, -1, 1, 2, 3, 5, 8, 13.5]))
depths = arrays(np.float32, shapes, elements=values)


def bottleneck_m(depth_m, start, goal):
    """The sill depth between two cells."""
    return float(widest_path_depth(depth_m, start)[goal])


def by_threshold(depth_m, start, goal):
    """The greatest depth at which the water that deep joins both ends."""
    for depth in np.unique(depth_m[depth_m > 0])[::-1]:
        labels, _ = ndimage.label(depth_m >= depth)
        if labels[start] and labels[start] == labels[goal]:
            return float(depth)
    return 0.0


@settings(max_examples=300)
@given(depths, st.data())
def test_against_thresholds(depth_m, data):
    """Flooding from the deepest cell finds what lowering the sea step by step finds."""
    ends = [tuple(data.draw(st.integers(0, size - 1)) for size in depth_m.shape) for _ in range(2)]
    found = bottleneck_m(depth_m, *ends)
    assert found == by_threshold(depth_m, *ends)
    assert found == bottleneck_m(depth_m, *ends[::-1])


def test_large_grid():
    """The answer holds on a rough seabed of 200 by 300 cells."""
    depth_m = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(200, 300)), 4).astype(
        np.float32
    )
    depth_m = np.round((depth_m - np.quantile(depth_m, 0.2)) * 3000, 1)
    ends = [np.unravel_index(block.argmax(), block.shape) for block in (depth_m[:, :50],)]
    ends.append((int(depth_m[:, -1].argmax()), 299))
    ends = [(int(row), int(col)) for row, col in ends]
    found = bottleneck_m(depth_m, *ends)
    labels, _ = ndimage.label(depth_m >= found)
    assert labels[ends[0]] == labels[ends[1]] > 0
    labels, _ = ndimage.label(depth_m > found)
    assert labels[ends[0]] == 0 or labels[ends[0]] != labels[ends[1]]


@pytest.mark.parametrize("threads", [1, 3])
def test_every_cell_of_a_large_grid(threads):
    """On 430 by 610 cells, at each of forty depths, the cells reached are those of one label."""
    rng = np.random.default_rng(5)
    noise = ndimage.gaussian_filter(rng.normal(size=(430, 610)), 3)
    levels_m = np.cumsum(rng.uniform(0.1, 300, 40)).round(1).astype(np.float32)
    shares = np.searchsorted(np.quantile(noise, np.linspace(0.2, 1, 41)[1:-1]), noise)
    depth_m = np.where(noise > np.quantile(noise, 0.2), levels_m[shares], np.float32(-3))
    start = np.unravel_index(noise.argmax(), noise.shape)
    found = widest_path_depth(depth_m, start, threads=threads)
    assert found.dtype == np.float32
    for level_m in levels_m:
        labels, _ = ndimage.label(depth_m >= level_m)
        reached = labels == labels[start]
        np.testing.assert_array_equal(found >= level_m, reached)
    assert set(np.unique(found)) <= {0, *levels_m}
    assert len(np.unique(found)) > 20


@pytest.mark.parametrize("diagonal", [False, True])
def test_walls_one_cell_wide_hold(diagonal):
    """Neither a straight wall nor one that steps over corners lets anything through."""
    depth_m = np.full((9, 9), 100, np.float32)
    rows = np.arange(9)
    depth_m[rows, rows if diagonal else 4] = 0
    assert bottleneck_m(depth_m, (8, 0), (0, 8)) == 0
    depth_m[3, 3 if diagonal else 4] = 7
    assert bottleneck_m(depth_m, (8, 0), (0, 8)) == 7


def test_rows_do_not_join_round_the_edge():
    """The last cell of a row is no neighbour of the first of the next."""
    depth_m = np.zeros((2, 3), np.float32)
    depth_m[0, 2] = depth_m[1, 0] = 50
    assert bottleneck_m(depth_m, (0, 2), (1, 0)) == 0


def test_closed_ends():
    """No path starts or ends on land; a cell reaches itself at its own depth."""
    depth_m = np.array([[0, 5], [5, 5]], np.float32)
    assert bottleneck_m(depth_m, (0, 0), (1, 1)) == 0
    assert bottleneck_m(depth_m, (1, 1), (0, 0)) == 0
    assert bottleneck_m(depth_m, (1, 1), (1, 1)) == 5
