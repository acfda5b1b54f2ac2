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
