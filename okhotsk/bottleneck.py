"""The deepest keel that gets through: widest paths over a seabed."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def _root(parent, cell):  # type: ignore[no-untyped-def]
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@njit(cache=True)
def _join_from_deepest(depth, cols, order, start, goal):  # type: ignore[no-untyped-def]
    """Flood from the deepest cell up; the depth at which start and goal first meet."""
    parent = np.full(len(depth), -1, np.int32)
    for cell in order:
        parent[cell] = cell
        col = cell % cols
        for step in (-cols, cols, -1, 1):
            if (step == -1 and col == 0) or (step == 1 and col == cols - 1):
                continue
            other = cell + step
            if 0 <= other < len(depth) and parent[other] >= 0:
                parent[_root(parent, other)] = _root(parent, cell)
        if parent[start] >= 0 and parent[goal] >= 0 and _root(parent, start) == _root(parent, goal):
            return depth[cell]
    return 0.0


def bottleneck_m(
    depth_m: NDArray[np.float32], start: tuple[int, int], goal: tuple[int, int]
) -> float:
    """Return the greatest least depth of all paths between two cells (max-min).

    Parameters
    ----------
    depth_m
        Depths, positive down; cells of depth 0 or less are closed.
    start, goal
        Row and column of the two ends.

    Returns
    -------
    float
        Depth of the controlling cell in metres, 0 where no path exists.

    Notes
    -----
    Cells are joined to their four neighbours from the deepest up (union-find, the single pass
    of Kruskal's maximum spanning tree). Diagonal steps are left out so that a wall one cell
    wide holds.
    """
    flat = np.ascontiguousarray(depth_m, np.float32).ravel()
    order = np.argsort(-flat, kind="stable").astype(np.int32)
    order = order[: np.count_nonzero(flat > 0)]
    cols = depth_m.shape[1]
    ends = (row * cols + col for row, col in (start, goal))
    return float(_join_from_deepest(flat, cols, order, *ends))


@njit(cache=True)
def _flood(depth, cols, start):  # type: ignore[no-untyped-def]
    """Deepest-first flood with one bucket per metre."""
    deepest = int(depth.max())
    reach = np.zeros(len(depth), np.int32)
    head = np.full(deepest + 1, -1, np.int32)
    following = np.full(len(depth), -1, np.int32)
    reach[start] = depth[start]
    head[depth[start]] = start
    level = depth[start]
    while level > 0:
        cell = head[level]
        if cell < 0:
            level -= 1
            continue
        head[level] = following[cell]
        col = cell % cols
        for step in (-cols, cols, -1, 1):
            if (step == -1 and col == 0) or (step == 1 and col == cols - 1):
                continue
            other = cell + step
            if 0 <= other < len(depth) and depth[other] > 0 and reach[other] == 0:
                reach[other] = min(level, depth[other])
                following[other] = head[reach[other]]
                head[reach[other]] = other
    return reach


def reach_m(depth_m: NDArray[np.float32], start: tuple[int, int]) -> NDArray[np.int32]:
    """Return for every cell the deepest keel (whole metres) that gets there from one cell.

    Parameters
    ----------
    depth_m
        Depths, positive down, rounded down to metres; cells shallower than 1 m are closed.
    start
        Row and column to start from.

    Returns
    -------
    numpy.ndarray
        Greatest least depth of all paths to each cell, 0 where none leads.
    """
    flat = np.ascontiguousarray(np.maximum(depth_m, 0), np.float32).ravel().astype(np.int32)
    reach = _flood(flat, depth_m.shape[1], start[0] * depth_m.shape[1] + start[1])
    return np.asarray(reach.reshape(depth_m.shape))
