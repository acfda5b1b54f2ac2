"""Least cost from one cell: known lengths, and SciPy's Dijkstra on the same graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from okhotsk.raster import cost
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.cost import cost_distance
from okhotsk.raster.geodesy import distance_km
from okhotsk.raster.grid import Grid

BOUNDS = (140.0, 45.0, 150.0, 60.0)


def by_scipy(field: FloatArray, grid: Grid, start: tuple[int, int]) -> FloatArray:
    """The same least costs, edge by edge."""
    rows, cols = grid.shape
    wide, high = grid.cell_size_km()
    graph = sparse.dok_matrix((rows * cols, rows * cols))
    for row, col in np.ndindex(rows, cols):
        for dr, dc in ((0, 1), (1, -1), (1, 0), (1, 1)):
            r, c = row + dr, col + dc
            if not (r < rows and 0 <= c < cols):
                continue
            mean = (field[row, col] + field[r, c]) / 2
            if np.isfinite(mean + field[row, c] + field[r, col]):
                far = np.hypot(dc * (wide[row] + wide[r]) / 2, dr * (high[row] + high[r]) / 2)
                # SciPy takes 0 for no edge.
                graph[row * cols + col, r * cols + c] = max(mean * far, 1e-30)
    first = start[0] * cols + start[1]
    return np.asarray(csgraph.dijkstra(graph.tocsr(), directed=False, indices=first)).reshape(
        rows, cols
    )


def random_field(seed: int, shape: tuple[int, int], *, decades: float, closed: float) -> FloatArray:
    rng = np.random.default_rng(seed)
    field = 10 ** rng.uniform(0, decades, shape)
    field[rng.random(shape) < closed] = np.inf
    field[rng.random(shape) < closed / 3] = 0
    return np.asarray(field.astype(np.float32), float)


def check(field: FloatArray, grid: Grid, start: tuple[int, int]) -> None:
    field[start] = 1
    found = cost_distance(field.astype(np.float32), grid, start)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, by_scipy(field, grid, start), rtol=1.2e-7, atol=1e-20)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    rows=st.integers(1, 14),
    cols=st.integers(1, 14),
    decades=st.sampled_from([0.0, 0.7, 4.0, 9.0]),
    closed=st.sampled_from([0.0, 0.15, 0.4]),
)
def test_same_as_scipy(seed: int, rows: int, cols: int, decades: float, closed: float) -> None:
    field = random_field(seed, (rows, cols), decades=decades, closed=closed)
    check(field, Grid(BOUNDS, (rows, cols)), (seed % rows, seed % cols))


@pytest.mark.parametrize("decades", [0.7, 9.0])
def test_same_as_scipy_where_the_front_outgrows_the_queue(decades: float) -> None:
    check(random_field(7, (90, 80), decades=decades, closed=0.1), Grid(BOUNDS, (90, 80)), (45, 40))


@pytest.mark.parametrize("start", [(6, 0), (0, 70), (3, 149)])
def test_same_as_scipy_from_strip_to_strip(start: tuple[int, int]) -> None:
    check(random_field(5, (12, 150), decades=1, closed=0.15), Grid(BOUNDS, (12, 150)), start)


def test_threads_change_nothing() -> None:
    field = random_field(9, (30, 200), decades=2, closed=0.2).astype(np.float32)
    field[0, 0] = 1
    grid = Grid(BOUNDS, field.shape)
    one, three = (cost_distance(field, grid, (0, 0), threads=n) for n in (1, 3))
    np.testing.assert_array_equal(one, three)


def test_a_bucket_of_any_width_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    field = random_field(3, (40, 40), decades=1, closed=0.2)
    field[0, 0] = 1
    grid = Grid(BOUNDS, field.shape)
    narrow = cost_distance(field.astype(np.float32), grid, (0, 0))
    monkeypatch.setattr(cost, "LEAST_SHARE", 100.0)
    np.testing.assert_array_equal(cost_distance(field.astype(np.float32), grid, (0, 0)), narrow)


def test_many_steps_add_up_without_loss() -> None:
    grid = Grid((100.0, -1 / 120, 160.0, 1 / 120), (1, 20_000))
    found = cost_distance(np.full(grid.shape, 0.1, np.float32), grid, (0, 0))
    width_km = grid.cell_size_km()[0][0]
    true = np.float64(np.float32(0.1)) * width_km * np.arange(20_000)
    np.testing.assert_allclose(found[0], true, rtol=1.2e-7)


def test_open_water_along_a_meridian_and_a_diagonal() -> None:
    grid = Grid((-1.0, -1.0, 1.0, 1.0), (201, 201))
    found = cost_distance(np.full(grid.shape, 2, np.float32), grid, (100, 100))
    lon, lat = np.meshgrid(grid.lon, grid.lat)
    zero = np.zeros_like(lon)
    ratio = found / 2 / np.maximum(distance_km(zero, zero, lon, lat), 1e-9)
    line = np.arange(101, 201)
    for rows, cols in ((line, 100), (100, line), (line, line)):
        np.testing.assert_allclose(ratio[rows, cols], 1, rtol=1e-4)
    most = ratio[np.hypot(lon, lat) > 0.1].max()
    assert 1.075 < most < 1.085  # of eight neighbours: 1 / cos(22.5 deg) = 1.0824


def test_a_diagonal_wall_holds_and_a_gap_lets_through() -> None:
    grid = Grid((0.0, 0.0, 0.5, 0.5), (5, 5))
    field = np.ones(grid.shape, np.float32)
    field[np.arange(5), np.arange(5)[::-1]] = np.inf
    beyond = np.add.outer(np.arange(5), np.arange(5)) > 4
    found = cost_distance(field, grid, (0, 0))
    assert np.isinf(found[beyond]).all()
    assert np.isfinite(found[~beyond & np.isfinite(field)]).all()
    field[2, 2] = 1
    assert np.isfinite(cost_distance(field, grid, (0, 0))[beyond]).all()


def test_free_water_costs_nothing() -> None:
    grid = Grid((0.0, 0.0, 0.5, 0.5), (5, 5))
    assert (cost_distance(np.zeros(grid.shape, np.float32), grid, (2, 2)) == 0).all()


@pytest.mark.parametrize(
    ("value", "start", "said"),
    [
        (-1, (0, 0), "negative"),
        (np.nan, (0, 0), "NaN"),
        (np.inf, (2, 2), "closed"),
        (1, (5, 0), "off the grid"),
        (1, (0, -1), "off the grid"),
    ],
)
def test_refuses(value: float, start: tuple[int, int], said: str) -> None:
    field = np.ones((5, 5), np.float32)
    field[2, 2] = value
    with pytest.raises(ValueError, match=said):
        cost_distance(field, Grid((0.0, 0.0, 1.0, 1.0), (5, 5)), start)


def test_refuses_another_shape() -> None:
    with pytest.raises(ValueError, match="shape"):
        cost_distance(np.ones((5, 4), np.float32), Grid((0.0, 0.0, 1.0, 1.0), (5, 5)), (0, 0))
