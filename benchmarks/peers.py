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
from benchmarks.problems import UNIT_KM2, Problem
from okhotsk.raster.geodesy import chord_to_arc_km, to_ecef_km
from okhotsk.raster.proximity import REACH_KM, shore_points

# One of each pair of opposite steps to the 16 neighbours, in the order of their angles.
STEPS = ((0, 1), (1, 2), (1, 1), (2, 1), (1, 0), (2, -1), (1, -1), (1, -2))
ROOK = ((0, 1), (1, 0))


def _find(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise Absent(f"{module} is not installed: make bench installs it") from error


def pykdtree_fields(problem: Problem) -> Job:
    """A tree of the shore points of each land, asked for all water cells within reach.

    Shore points and water cells are turned into places in space beforehand, untimed.
    """
    tree = _find("pykdtree.kdtree").KDTree
    water = np.flatnonzero(~problem.land.ravel())
    shores = [to_ecef_km(*shore_points(land).T) for land in problem.lands.values()]
    places = to_ecef_km(*np.meshgrid(problem.grid.lon, problem.grid.lat))[~problem.land]

    def work() -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        fields = []
        for shore in shores:
            chord_km, _ = tree(shore).query(places, k=1, distance_upper_bound=REACH_KM)
            near = np.isfinite(chord_km)
            fields.append((water[near], chord_to_arc_km(chord_km[near]).astype(np.float32)))
        return fields

    def sample(fields: list[tuple[Any, Any]]) -> NDArray[np.float64]:
        return np.concatenate([problem.at_samples(cells, km.astype(float)) for cells, km in fields])

    return Job(sample, work)


def _windows(dr: int, dc: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Windows of the first and the last cells of all steps (dr, dc) within a grid."""
    rows = (slice(None, -dr or None), slice(dr, None))
    left, right = slice(None, -abs(dc) or None), slice(abs(dc), None)
    cols = (left, right) if dc >= 0 else (right, left)
    return (rows[0], cols[0]), (rows[1], cols[1])


def _crofton_km(width_km: NDArray[np.float64], height_km: NDArray[np.float64]) -> Any:
    """Length that each crossed link stands for, by step and row (Boykov & Kolmogorov 2003)."""
    rows, cols = np.array(STEPS, float).T[:, :, None]
    angle = np.arctan2(rows * height_km, cols * width_km)
    gaps = np.diff(np.concatenate([angle, angle[:1] + np.pi]), axis=0)
    share = (gaps + np.roll(gaps, 1, axis=0)) / 2
    return width_km * height_km * share / (2 * np.hypot(rows * height_km, cols * width_km))


def _under(section: NDArray[np.float32], dr: int, dc: int) -> NDArray[np.float64]:
    """Mean cost under a step: its ends and its middle, which may lie between two cells."""
    rows, cols = section.shape
    left = max(-dc, 0)
    high, wide = rows - dr, cols - abs(dc)

    def at(r: int, c: int) -> NDArray[np.float32]:
        return section[r : r + high, left + c : left + c + wide]

    ends = (at(0, 0) + at(dr, dc)) / 2
    if max(dr, abs(dc)) < 2:
        return ends
    low, far = (dr // 2, int(dc / 2)), (dr - dr // 2, dc - int(dc / 2))
    return ends / 2 + (at(*low) + at(*far)) / 4


def maxflow_cut(problem: Problem) -> Job:
    """Least cut of the 16-neighbour grid, weighted so that crossed links measure lengths.

    Boykov and Kolmogorov's maximum flow, with the building of its graph.
    """
    if problem.resolution == "15s":
        raise Absent("40 million cells with 16 neighbours take more memory than 24 GB")
    maxflow = _find("maxflow")
    section, (rows, cols) = problem.section(), problem.grid.shape
    inside, outside = problem.basin(), problem.ocean()

    def work() -> int:
        weights_km = _crofton_km(*problem.grid.cell_size_km())
        graph = maxflow.Graph[int](rows * cols, len(STEPS) * rows * cols)
        nodes, total = graph.add_grid_nodes((rows, cols)), 1
        for (dr, dc), km in zip(STEPS, weights_km, strict=True):
            price = np.zeros((rows, cols), np.int64)
            middle_km = (km[: rows - dr] + km[dr:])[:, None] / 2
            price[_windows(dr, dc)[0]] = np.rint(_under(section, dr, dc) * middle_km / UNIT_KM2)
            arrow = np.zeros((5, 5), np.int64)
            arrow[2 + dr, 2 + dc] = 1
            graph.add_grid_edges(nodes, price, arrow, symmetric=True)
            total += int(price.sum())
        graph.add_grid_tedges(nodes, inside * total, outside * total)
        return graph.maxflow()

    return Job(lambda flow: np.array([flow * UNIT_KM2]), work)


def scipy_widest(problem: Problem) -> Job:
    """All pairs of cells: the tree of the widest links, with the building of its graph."""
    depth_m = problem.depth_m
    open_water = (depth_m > 0) & ~problem.land
    number = np.cumsum(open_water.ravel()).reshape(depth_m.shape) - 1
    start, count = int(number[problem.start]), int(number[-1, -1]) + 1
    top = depth_m.max() + 1  # so that the deepest link is the least, and none is 0

    def work() -> sparse.csr_matrix:
        parts = []
        for here, there in (_windows(*step) for step in ROOK):
            linked = open_water[here] & open_water[there]
            weight = top - np.minimum(depth_m[here], depth_m[there])[linked]
            parts.append((weight, number[here][linked], number[there][linked]))
        weight, one, other = (np.concatenate(column) for column in zip(*parts, strict=True))
        graph = sparse.coo_matrix((weight, (one, other)), shape=(count, count))
        return csgraph.minimum_spanning_tree(graph.tocsr())

    def sample(tree: sparse.csr_matrix) -> NDArray[np.float64]:
        order, before = csgraph.breadth_first_order(tree, start, directed=False)
        depths = depth_m[open_water].astype(np.float64)
        return _along(order, before, depths)[number.ravel()[problem.cells]]

    return Job(sample, work)


@njit
def _along(order, before, depths):  # type: ignore[no-untyped-def]
    """Least depth from the first cell of a tree to each other."""
    least = np.zeros(len(depths))
    least[order[0]] = depths[order[0]]
    for cell in order[1:]:
        least[cell] = min(least[before[cell]], depths[cell])
    return least


def skimage_widest(problem: Problem) -> Job:
    """One seed, all depths: morphological reconstruction by dilation."""
    solve = _find("skimage.morphology").reconstruction
    seed = np.zeros_like(problem.depth_m)
    seed[problem.start] = problem.depth_m[problem.start]
    rook = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
    mask = problem.depth_m

    def work() -> NDArray[np.float32]:
        return solve(seed, mask, method="dilation", footprint=rook)

    return Job(lambda reach: reach.ravel()[problem.cells], work)
