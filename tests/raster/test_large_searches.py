"""Searches whose queue grows and whose grid is many rows high, against SciPy and from scratch."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from okhotsk.raster import dijkstra, radix_heap, stencil
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.cost_surface import CostSurface, PathQuery, Ray
from okhotsk.raster.grid import Grid
from okhotsk.raster.stencil import REACH_COLS, REACH_ROWS

SHAPE = (97, 141)
GRID = Grid((150.0, 41.0, 167.0, 53.0), SHAPE)
START = 50 * SHAPE[1] + 60


def rough_ground(seed: int) -> FloatArray:
    """Costs over three decades, with even and free stretches and closed cells."""
    rng = np.random.default_rng(seed)
    cost = 10 ** rng.uniform(-2, 1, SHAPE)
    for value in (0, 0, 0.5, 0.5, 1, 1, 2):
        row, col = rng.integers(0, SHAPE)
        cost[row : row + rng.integers(5, 40), col : col + rng.integers(5, 60)] = value
    cost[rng.random(SHAPE) < 0.05] = np.inf
    cost.ravel()[START] = 1
    return cost.astype(np.float32).astype(float)


def hopeless(ray: Ray | None) -> PathQuery:
    """What is not there, so that all is searched: a closed goal, or a loop past the top edge."""
    if ray is None:
        return PathQuery(np.array([START]), np.array([5]))
    return PathQuery(np.array([START]), rays=(ray, Ray(0, 70)), want=2)


def by_scipy(cost: FloatArray, ray: Ray | None) -> FloatArray:
    """Least costs from the start to all states: cells, and the parities of crossings of the ray."""
    rows, cols = SHAPE
    steps, cells, shares = stencil.primitive_steps()
    km = stencil.lengths_km(GRID).astype(float)
    covers = 2 if ray else 1
    number = np.arange(rows * cols).reshape(SHAPE)
    parts = []
    for n, (dr, dc) in enumerate(steps.tolist()):
        top, left = max(-dr, 0), max(-dc, 0)
        high, wide = rows - abs(dr), cols - abs(dc)
        under = [
            (float(shares[n, m]), cost[top + r : top + r + high, left + c : left + c + wide])
            for m, (r, c) in enumerate(cells[n].tolist())
            if shares[n, m] >= 0
        ]
        with np.errstate(invalid="ignore"):  # 0 * inf: a closed cell of which a corner is touched
            price = sum(share * window for share, window in under) * km[top : top + high, n, None]
        row, col = np.indices((high, wide)) + np.array([top, left])[:, None, None]
        flip = np.zeros((high, wide), int)
        if ray and dc:
            share = (ray.col + 0.5 - col) / dc
            flip = ((share > 0) & (share < 1) & (row + share * dr < ray.row)).astype(int)
        passable = np.isfinite(price)
        tail, head = number[row, col][passable], number[row + dr, col + dc][passable]
        for cover in range(covers):
            to = cover ^ flip[passable]
            # SciPy takes 0 for no edge.
            weight = np.maximum(price[passable], 1e-12)
            parts.append((tail * covers + cover, head * covers + to, weight))
    tails, heads, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    graph = sparse.csr_array((weights, (tails, heads)), (cost.size * covers,) * 2)
    return np.asarray(csgraph.dijkstra(graph, indices=START * covers)).reshape(*SHAPE, covers)


@pytest.mark.parametrize("ray", [None, Ray(60, 70)])
@pytest.mark.parametrize("seed", [1, 2])
def test_all_labels_against_scipy(seed: int, ray: Ray | None, monkeypatch) -> None:
    """A search that finds no goal has the least cost of every state; its queue has grown."""
    cost = rough_ground(seed)
    cost[0] = np.inf  # the goal, which cannot be reached
    grown = []
    monkeypatch.setattr(dijkstra, "grow", lambda q: grown.append(1) or radix_heap.grow(q))
    monkeypatch.setattr(dijkstra, "make_queue", lambda room: radix_heap.make_queue(room - 960))
    task = hopeless(ray)
    found = CostSurface.of(cost, GRID).solve(task)
    assert not np.isfinite(found.curve.cost)
    assert len(grown) >= 3
    labels = found.labels.reshape(SHAPE[0] + 2 * REACH_ROWS, SHAPE[1] + 2 * REACH_COLS, -1)
    inner = labels[REACH_ROWS:-REACH_ROWS, REACH_COLS:-REACH_COLS]
    expected = by_scipy(cost, ray)
    np.testing.assert_allclose(inner[..., : expected.shape[2]], expected, rtol=1e-5, atol=1e-7)
    assert np.isinf(inner[..., expected.shape[2] :]).all()


@pytest.mark.parametrize("ray", [None, Ray(60, 70)])
@pytest.mark.parametrize("change", ["dearer", "cheaper", "both"])
def test_mended_searches_have_all_labels(change: str, ray: Ray | None) -> None:
    """Ground changed in several far places: every label is that of a search from scratch."""
    rng = np.random.default_rng(3)
    before = rough_ground(4)
    before[0] = np.inf
    task = hopeless(ray)
    baseline = CostSurface.of(before, GRID).solve(task)
    after = before.copy()
    for n, (row, col) in enumerate(rng.integers((1, 0), SHAPE, (8, 2))):
        patch = np.s_[row : row + rng.integers(1, 12), col : col + rng.integers(1, 16)]
        dearer = change == "dearer" or (change == "both" and n % 2)
        after[patch] = np.where(
            dearer, 4 * after[patch] + (0.5 if n % 3 else np.inf), after[patch] / 4
        )
    # Single cells, which steps pass over, and the start, of which no step falls with its end.
    for row, col in rng.integers((1, 0), SHAPE, (12, 2)):
        after[row, col] += 3
    # One cell is cheaper in any case: where all is dearer, what was not found needs no search.
    after.ravel()[START], after[90, 130] = 4, 0.001
    ground = CostSurface.of(after, GRID)
    mended, scratch = ground.solve(task, baseline=baseline), ground.solve(task)
    assert mended is not baseline
    assert (baseline.labels != scratch.labels).sum() > 500
    np.testing.assert_allclose(mended.labels, scratch.labels, rtol=1e-5, atol=1e-7)


def test_extremes_of_a_large_grid() -> None:
    field = np.random.default_rng(9).random((150, 700), dtype=np.float32)
    inner = np.s_[REACH_ROWS:-REACH_ROWS, REACH_COLS:-REACH_COLS]
    filters = (ndimage.minimum_filter, ndimage.maximum_filter)
    for found, extreme in zip(dijkstra.find_extremes(field), filters, strict=True):
        expected = extreme(field, (2 * REACH_ROWS + 1, 2 * REACH_COLS + 1))[inner]
        np.testing.assert_array_equal(found, expected)
