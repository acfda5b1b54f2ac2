"""The compiled search against SciPy's Dijkstra on a graph of every cell, step and parity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from okhotsk.raster import dijkstra, stencil
from okhotsk.raster.cost_surface import CostSurface, PathQuery, Ray
from okhotsk.raster.grid import Grid

DistanceField = NDArray[np.float64]
Rays = tuple[tuple[int, int], ...]
seeds = st.integers(0, 10**6)


def sea(seed: int) -> tuple[DistanceField, Grid]:
    """Rough, even and free ground with closed cells, somewhere on the globe."""
    rng = np.random.default_rng(seed)
    rows, cols = int(rng.integers(8, 20)), int(rng.integers(14, 28))
    cell, south = rng.choice([1 / 60, 1 / 3, 1]), rng.uniform(-60, 62)
    grid = Grid((0, south, cols * cell, south + rows * cell), (rows, cols))
    field = np.ones(grid.shape) if seed % 2 else 10 ** rng.uniform(-3, 1, grid.shape)
    for value in rng.choice([0, 0.5, 1, 2], 3):
        row, col = rng.integers(0, grid.shape)
        field[row : row + rng.integers(3, 12), col : col + rng.integers(3, 20)] = value
    field[rng.random(grid.shape) < rng.choice([0, 0.05, 0.2])] = np.inf
    return field.astype(np.float32).astype(float), grid


def crosses(ray: tuple[int, int], row: int, col: int, dr: int, dc: int) -> bool:
    """Whether a step crosses the line north from a cell's right edge."""
    share = (ray[1] + 0.5 - col) / dc if dc else -1
    return 0 < share < 1 and row + share * dr < ray[0]


def by_scipy(field: DistanceField, grid: Grid, start: int, rays: Rays) -> DistanceField:
    """Least costs from a cell to all: shape (cells, parities)."""
    rows, cols = grid.shape
    steps, cells, shares = stencil.primitive_steps()
    km = stencil.lengths_km(grid)
    covers = 1 << len(rays)
    tails, heads, prices = [], [], []
    for row, col in np.ndindex(rows, cols):
        for n, (dr, dc) in enumerate(steps.tolist()):
            if not (0 <= row + dr < rows and 0 <= col + dc < cols):
                continue
            used = shares[n] >= 0
            under = field[tuple((cells[n][used] + (row, col)).T)]
            if not np.isfinite(under).all():
                continue
            flip = sum(1 << k for k, ray in enumerate(rays) if crosses(ray, row, col, dr, dc))
            for cover in range(covers):
                tails.append((row * cols + col) * covers + cover)
                heads.append(((row + dr) * cols + col + dc) * covers + (cover ^ flip))
                # SciPy takes 0 for no edge.
                prices.append(max(float(under @ shares[n][used]) * km[row, n], 1e-12))
    graph = sparse.csr_matrix((prices, (tails, heads)), shape=(rows * cols * covers,) * 2)
    return np.asarray(csgraph.dijkstra(graph, indices=start * covers)).reshape(-1, covers)


def check(found: float, expected: float) -> None:
    assert found == pytest.approx(expected, rel=2e-6, abs=1e-8)


@settings(max_examples=12)
@given(seeds)
@example(1)
def test_path_against_scipy(seed: int) -> None:
    field, grid = sea(seed)
    rng = np.random.default_rng(seed)
    start, *goals = rng.choice(np.flatnonzero(np.isfinite(field)), 4, replace=False)
    curve = CostSurface.of(field, grid).solve(PathQuery(np.array([start]), np.array(goals))).curve
    check(curve.cost, by_scipy(field, grid, start, ())[goals, 0].min())
    if np.isfinite(curve.cost):
        ends = (curve.rows * grid.shape[1] + curve.cols)[[0, -1]]
        assert ends[0] == start
        assert ends[1] in goals


@settings(max_examples=12)
@given(seeds, st.integers(1, 3))
@example(3, 1)
def test_loop_against_scipy(seed: int, number: int) -> None:
    field, grid = sea(seed)
    rng = np.random.default_rng(seed)
    start = int(rng.choice(np.flatnonzero(np.isfinite(field))))
    rays = tuple((int(r), int(c)) for r, c in rng.integers(0, grid.shape, (number, 2)))
    want = int(rng.integers(1, 1 << number))
    expected = by_scipy(field, grid, start, rays)[start, want]
    ground, lines = CostSurface.of(field, grid), tuple(Ray(*ray) for ray in rays)
    curve = ground.loop(np.array([start]), lines, want)
    check(curve.cost, expected)
    if 1e-9 < expected < np.inf:  # SciPy's free steps are not quite free
        bits = [
            sum(1 << k for k, ray in enumerate(rays) if crosses(ray, *place, *move))
            for place, move in zip(
                zip(curve.rows, curve.cols, strict=True),
                zip(np.diff(curve.rows), np.diff(curve.cols), strict=True),
                strict=False,
            )
        ]
        assert np.bitwise_xor.reduce(bits) == want
        for part, there in ((1.01, True), (0.99, False)):
            near = ground.loop(np.array([start]), lines, want, bound=curve.cost * part)
            assert np.isfinite(near.cost) == there


@pytest.mark.parametrize(("cell", "south"), [(1 / 60, 50), (1 / 3, 62), (1, 40)])
def test_turns_left_out_on_even_ground_cost_nothing(cell: float, south: float) -> None:
    """Where hardly any turn is tried, with one patch that a path must go round or cross."""
    grid = Grid((0, south, 30 * cell, south + 18 * cell), (18, 30))
    field = np.ones(grid.shape)
    field[6:9, 18:21] = 3
    start = 9 * 30 + 13
    ground, expected = CostSurface.of(field, grid), by_scipy(field, grid, start, ())
    for goal in range(0, field.size, 7):
        check(
            ground.solve(PathQuery(np.array([start]), np.array([goal]))).curve.cost,
            expected[goal, 0],
        )


def test_turns_at_the_end_of_a_ray_are_kept() -> None:
    """A loop round the end of a ray turns where even ground would have it go straight."""
    grid = Grid((0, 50, 0.5, 50.3), (18, 30))
    field, rays = np.ones(grid.shape), ((9, 14),)
    ground = CostSurface.of(field, grid)
    for start in [row * 30 + col for row in (7, 9, 11) for col in (9, 12, 15, 18)]:
        expected = by_scipy(field, grid, start, rays)[start, 1]
        check(ground.loop(np.array([start]), (Ray(*rays[0]),), 1).cost, expected)


@settings(max_examples=12)
@given(seeds)
def test_extremes_against_scipy(seed: int) -> None:
    field = sea(seed)[0].astype(np.float32)
    high, wide = stencil.REACH_ROWS, stencil.REACH_COLS
    inner = np.s_[high:-high, wide:-wide]
    filters = (ndimage.minimum_filter, ndimage.maximum_filter)
    for found, extreme in zip(dijkstra.find_extremes(field), filters, strict=True):
        expected = extreme(field, (2 * high + 1, 2 * wide + 1))[inner]
        np.testing.assert_array_equal(found, expected)
