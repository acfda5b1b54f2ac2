"""The deepest keel that gets through: widest paths over a seabed."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEPS_PER_M = 10  # depths count to a decimetre


@njit(cache=True, nogil=True)
def _flood(depth, start, reach, cells):  # type: ignore[no-untyped-def]
    """Flood from a cell, always on from the deepest water reached; one stack per step of depth.

    ``depth`` and ``reach`` have a closed cell all around, so that no step leaves them. Cells no
    shallower than the flood are walked at once: only shallower ones wait, each in the stretch of
    ``cells`` that belongs to its depth, which can never overflow.
    """
    wide = depth.shape[1]
    depth, reach = depth.ravel(), reach.ravel()
    end = np.zeros(depth.max() + 2, np.int64)
    for n in range(len(depth)):
        end[depth[n] + 1] += depth[n] > 0
    end = np.cumsum(end)[:-1]  # where the stack of each depth starts, then where it ends
    begin = end.copy()
    walk, size = cells[len(cells) // 2 :], 1
    level = depth[start]
    reach[start] = level
    walk[0] = start
    while level > 0:
        while size > 0:
            size -= 1
            cell = walk[size]
            for step in (-wide, wide, -1, 1):
                other = cell + step
                if depth[other] == 0 or reach[other] != 0:
                    continue
                if depth[other] >= level:
                    reach[other] = level
                    walk[size] = other
                    size += 1
                else:
                    reach[other] = depth[other]
                    cells[end[depth[other]]] = other
                    end[depth[other]] += 1
        while level > 0 and end[level] == begin[level]:
            level -= 1
        while level > 0 and end[level] > begin[level]:
            end[level] -= 1
            walk[size] = cells[end[level]]
            size += 1


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
    steps = np.zeros((depth_m.shape[0] + 2, depth_m.shape[1] + 2), np.int32)
    np.rint(np.maximum(depth_m, 0) * STEPS_PER_M, out=steps[1:-1, 1:-1], casting="unsafe")
    reach, cells = np.zeros_like(steps), np.empty(2 * steps.size, np.int32)
    _flood(steps, (start[0] + 1) * steps.shape[1] + start[1] + 1, reach, cells)
    return np.asarray(reach[1:-1, 1:-1] / STEPS_PER_M, np.float32)


def bottleneck_m(
    depth_m: NDArray[np.float32], start: tuple[int, int], goal: tuple[int, int]
) -> float:
    """Return the deepest keel that gets from one cell to another, 0 where no path exists."""
    return float(reach_m(depth_m, start)[goal])
