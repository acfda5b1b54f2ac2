"""The deepest keel that gets through: widest paths over a seabed."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEPS_PER_M = 10  # depths count to a decimetre


@njit(cache=True, nogil=True)
def _flood(depth, cols, start):  # type: ignore[no-untyped-def]
    """Flood from a cell, always on from the deepest water reached; one bucket per step."""
    reach = np.zeros(len(depth), np.int32)
    head = np.full(depth.max() + 1, -1, np.int32)
    following = np.full(len(depth), -1, np.int32)
    level = depth[start]
    reach[start] = level
    head[level] = start
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


def reach_m(depth_m: NDArray[np.float32], start: tuple[int, int]) -> NDArray[np.float32]:
    """Return for every cell the deepest keel that gets there from one cell (max-min).

    Parameters
    ----------
    depth_m
        Depths, positive down, to a decimetre; cells of depth 0 or less are closed.
    start
        Row and column to start from.

    Returns
    -------
    numpy.ndarray
        Greatest least depth of all paths to each cell in metres, 0 where none leads.

    Notes
    -----
    One flood answers all depths and all cells. Cells join their four neighbours; diagonal steps
    are left out so that a wall one cell wide holds.
    """
    steps = np.rint(np.maximum(depth_m, 0) * STEPS_PER_M).astype(np.int32)
    reach = _flood(steps.ravel(), depth_m.shape[1], start[0] * depth_m.shape[1] + start[1])
    return np.asarray(reach.reshape(depth_m.shape) / STEPS_PER_M, np.float32)


def bottleneck_m(
    depth_m: NDArray[np.float32], start: tuple[int, int], goal: tuple[int, int]
) -> float:
    """Return the deepest keel that gets from one cell to another, 0 where no path exists."""
    return float(reach_m(depth_m, start)[goal])
