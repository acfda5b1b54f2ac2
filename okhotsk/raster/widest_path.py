"""The deepest keel that gets through: widest paths over a seabed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.kernel import kernel

STEPS_PER_M = 10  # depths count to a decimetre


@kernel
def _to_steps(depth_m, state, count):  # type: ignore[no-untyped-def]
    """Write depths as whole steps, and count the cells of each step, closed ones left out."""
    for r in range(len(depth_m)):
        row, steps = depth_m[r], state[r]
        for c in range(len(row)):  # a loop of its own: the processor takes several at once
            steps[c] = np.int32(np.rint(max(row[c], np.float32(0)) * STEPS_PER_M))
        for c in range(len(row)):
            if steps[c] > 0:
                count[steps[c]] += 1


@kernel
def _flood(state, wide, start, end, cells):  # type: ignore[no-untyped-def]
    """Flood from a cell, always on from the deepest water reached; one stack per step of depth.

    ``state`` is flat, with a closed cell all around so that no step leaves it: the depth of a
    cell not yet reached, 0 where closed, and once reached the least depth on the way, negative.
    Cells no shallower than the flood are walked at once: only shallower ones wait, each in the
    stretch of ``cells`` that belongs to its depth (from ``end`` on), which can never overflow.
    """
    begin = end.copy()
    walk, size = cells[len(cells) // 2 :], 1
    level = state[start]
    state[start] = -level
    walk[0] = start
    while level > 0:
        while size > 0:
            size -= 1
            cell = walk[size]
            for step in (-wide, wide, -1, 1):
                other = np.uint64(cell + step)
                depth = state[other]
                if depth <= 0:
                    continue
                if depth >= level:
                    state[other] = -level
                    walk[size] = other
                    size += 1
                else:
                    state[other] = -depth
                    cells[end[depth]] = other
                    end[depth] += 1
        while level > 0 and end[level] == begin[level]:
            level -= 1
        while level > 0 and end[level] > begin[level]:
            end[level] -= 1
            walk[size] = cells[end[level]]
            size += 1


@kernel
def _to_m(state, depth_m):  # type: ignore[no-untyped-def]
    """Write what was reached in metres, 0 elsewhere."""
    for r in range(len(state)):
        for c in range(state.shape[1]):
            steps = np.float32(-min(state[r, c], np.int32(0)))
            depth_m[r, c] = steps / np.float32(STEPS_PER_M)


def widest_path_depth(
    depth_m: NDArray[np.float32], start: tuple[int, int], *, threads: int = 2
) -> NDArray[np.float32]:
    """Return for every cell the deepest keel that gets there from one cell (max-min).

    Parameters
    ----------
    depth_m
        Depths, positive down, to a decimetre; cells of depth 0 or less are closed.
    start
        Row and column to start from.
    threads
        Threads that convert depths; the flood itself is one.

    Returns
    -------
    numpy.ndarray
        Greatest least depth of all paths to each cell in metres, 0 where none leads.

    Notes
    -----
    One flood answers all depths and all cells. Cells join their four neighbours; diagonal steps
    are left out so that a wall one cell wide holds.
    """
    rows, cols = depth_m.shape
    depth_m = np.ascontiguousarray(depth_m)
    state = np.zeros((rows + 2, cols + 2), np.int32)
    inner = state[1:-1, 1:-1]
    shares = [slice(rows * n // threads, rows * (n + 1) // threads) for n in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        deepest_m = max(pool.map(lambda s: depth_m[s].max(initial=0), shares))
        count = np.zeros((threads, int(deepest_m * STEPS_PER_M) + 2), np.int64)
        list(pool.map(lambda s, n: _to_steps(depth_m[s], inner[s], n), shares, count))
        size = count.sum(axis=0)
        cells = np.empty(2 * state.size, np.int32)
        first = (start[0] + 1) * (cols + 2) + start[1] + 1
        _flood(state.ravel(), cols + 2, first, np.cumsum(size) - size, cells)
        reach = inner.view(np.float32)  # in place: fresh memory costs more than it takes to fill
        list(pool.map(lambda s: _to_m(inner[s], reach[s]), shares))
    return reach


def bottleneck_m(
    depth_m: NDArray[np.float32], start: tuple[int, int], goal: tuple[int, int]
) -> float:
    """Return the deepest keel that gets from one cell to another, 0 where no path exists."""
    return float(widest_path_depth(depth_m, start)[goal])
