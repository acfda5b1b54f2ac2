"""What the other Python tools do: the same question, or the nearest one that each answers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from benchmarks.jobs import Absent, Job
from benchmarks.problems import CLASSES, UNIT_KM2, Problem, shore_cells
from okhotsk.raster.geodesy import MEAN_RADIUS_KM

QUEEN = ((0, 1), (1, 0), (1, 1), (1, -1))  # one of each pair of opposite steps
ROOK = QUEEN[:2]


def _find(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise Absent(f"{module} is not installed: make bench installs it") from error


def pykdtree_nearest(problem: Problem) -> Job:
    """Nearest shore cell on the sphere for all water cells; tree and query."""
    tree = _find("pykdtree.kdtree").KDTree
    grid, water = problem.grid, ~problem.land
    rows, cols = shore_cells(problem.land)
    shore = _unit_vectors(np.radians(grid.lon[cols]), np.radians(grid.lat[rows]))
    lon, lat = np.meshgrid(np.radians(grid.lon), np.radians(grid.lat))
    points = _unit_vectors(lon[water], lat[water])
    places = np.searchsorted(np.flatnonzero(water), problem.cells)

    def sample(chord: NDArray[np.float64]) -> NDArray[np.float64]:
        return 2 * MEAN_RADIUS_KM * np.arcsin(chord[places] / 2)

    return Job(sample, lambda: tree(shore).query(points, k=1)[0])


def _unit_vectors(lon: Any, lat: Any) -> NDArray[np.float64]:
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def skimage_cost(problem: Problem) -> Job:
    """Eight neighbours, cells of one size everywhere (that of the middle row)."""
    solver = _find("skimage.graph").MCP_Geometric
    field = problem.travel_cost()
    width_km, height_km = (size[len(size) // 2] for size in problem.grid.cell_size_km())

    def work() -> NDArray[np.float64]:
        return solver(field, sampling=(height_km, width_km)).find_costs([problem.start])[0]

    return Job(lambda reached: reached.ravel()[problem.cells], work)


def _edges(problem: Problem, steps: tuple[tuple[int, int], ...]) -> Any:
    """Pairs of water cells one step apart; none that squeezes past the corner of land."""
    rows, cols = problem.grid.shape
    water = ~problem.land & (problem.depth_m > 0 if steps is ROOK else True)
    node = np.full((rows, cols), -1, np.int32)
    node[water] = np.arange(np.count_nonzero(water), dtype=np.int32)
    for dr, dc in steps:
        here, there = _shifted(dr, dc)
        linked = water[here] & water[there]
        if dr and dc:
            across = ((here[0], there[1]), (there[0], here[1]))
            linked &= water[across[0]] & water[across[1]]
        yield (dr, dc), here, there, linked, node[here][linked], node[there][linked]


def _shifted(dr: int, dc: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Windows of the first and the last cells of all steps (dr, dc) within a grid."""
    rows = (slice(None, -dr or None), slice(dr, None))
    left, right = slice(None, -abs(dc) or None), slice(abs(dc), None)
    cols = (left, right) if dc >= 0 else (right, left)
    return (rows[0], cols[0]), (rows[1], cols[1])


def _graph(parts: list[tuple[Any, Any, Any]], count: int) -> sparse.csr_matrix:
    start, end, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return sparse.coo_matrix((weight, (start, end)), shape=(count, count)).tocsr()


def scipy_cost(problem: Problem) -> Job:
    """The same graph as ours, with its building."""
    field, water = problem.travel_cost(), ~problem.land
    width_km, height_km = problem.grid.cell_size_km()
    number = np.cumsum(water.ravel()) - 1
    start = number[np.ravel_multi_index(problem.start, problem.grid.shape)]

    def work() -> NDArray[np.float64]:
        parts = []
        for (dr, dc), here, there, linked, one, other in _edges(problem, QUEEN):
            size = [(s[here[0]] + s[there[0]]) / 2 for s in (width_km, height_km)]
            length_km = np.hypot(dc * size[0], dr * size[1])[:, None]
            weight = ((field[here] + field[there]) / 2 * length_km)[linked]
            parts += [(one, other, weight), (other, one, weight)]
        graph = _graph(parts, int(number[-1]) + 1)
        return csgraph.dijkstra(graph, indices=[start], min_only=True)

    return Job(lambda reached: reached[number[problem.cells]], work)


def maxflow_cut(problem: Problem) -> Job:
    """Least cut of the four-neighbour grid: Boykov and Kolmogorov's max-flow, with its building."""
    maxflow = _find("maxflow")
    section, (rows, cols) = problem.section(), problem.grid.shape
    inside, outside = problem.basin(), problem.ocean()
    width_km, height_km = problem.grid.cell_size_km()

    def work() -> int:
        right, down = np.zeros((2, rows, cols), np.int64)
        across = (section[:, 1:] + section[:, :-1]) / 2 * height_km[:, None]
        along = (section[1:] + section[:-1]) / 2 * ((width_km[1:] + width_km[:-1]) / 2)[:, None]
        right[:, :-1], down[:-1] = np.rint(across / UNIT_KM2), np.rint(along / UNIT_KM2)
        never = int(right.sum() + down.sum()) + 1
        graph = maxflow.Graph[int](rows * cols, 2 * rows * cols)
        nodes = graph.add_grid_nodes((rows, cols))
        east, south = np.zeros((2, 3, 3), np.int64)
        east[1, 2], south[2, 1] = 1, 1
        graph.add_grid_edges(nodes, right, east, symmetric=True)
        graph.add_grid_edges(nodes, down, south, symmetric=True)
        graph.add_grid_tedges(nodes, inside * never, outside * never)
        return graph.maxflow()

    return Job(lambda flow: np.array([flow * UNIT_KM2]), work)


def scipy_bottleneck(problem: Problem) -> Job:
    """All pairs of cells: the tree of the widest links, with the building of its graph."""
    depth_m = problem.depth_m
    open_water = (depth_m > 0) & ~problem.land
    number = np.cumsum(open_water.ravel()) - 1
    start = int(number[np.ravel_multi_index(problem.start, problem.grid.shape)])
    top = depth_m.max() + 1  # so that the deepest link is the least, and none is 0

    def work() -> sparse.csr_matrix:
        parts = [
            (one, other, top - np.minimum(depth_m[here], depth_m[there])[linked])
            for _, here, there, linked, one, other in _edges(problem, ROOK)
        ]
        return csgraph.minimum_spanning_tree(_graph(parts, int(number[-1]) + 1))

    def sample(tree: sparse.csr_matrix) -> NDArray[np.float64]:
        order, before = csgraph.breadth_first_order(tree, start, directed=False)
        depths = depth_m[open_water].astype(np.float64)
        return _along(order, before, depths)[number[problem.cells]]

    return Job(sample, work)


@njit
def _along(order, before, depths):  # type: ignore[no-untyped-def]
    """Least depth from the first cell of a tree to each other."""
    least = np.zeros(len(depths))
    least[order[0]] = depths[order[0]]
    for cell in order[1:]:
        least[cell] = min(least[before[cell]], depths[cell])
    return least


def skimage_bottleneck(problem: Problem) -> Job:
    """One seed, all depths: morphological reconstruction by dilation."""
    solve = _find("skimage.morphology").reconstruction
    seed = np.zeros_like(problem.depth_m)
    seed[problem.start] = problem.depth_m[problem.start]
    rook = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
    mask = problem.depth_m

    def work() -> NDArray[np.float32]:
        return solve(seed, mask, method="dilation", footprint=rook)

    return Job(lambda reach: reach.ravel()[problem.cells], work)


def bincount_areas(problem: Problem) -> Job:
    """Weighted counts; the weights of all cells are made beforehand, untimed."""
    classes = problem.classes().ravel()
    weights = np.repeat(problem.grid.cell_area_km2(), problem.grid.shape[1])
    return Job(np.asarray, lambda: np.bincount(classes, weights, minlength=CLASSES))
