"""Widest (minimax) paths over a seabed: one flood from a cell in order of falling depth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.kernel import kernel

STEPS_PER_M = 10  # depths are rounded to a decimetre


@kernel
def _to_steps(depth_m, state, count):  # type: ignore[no-untyped-def]
    """Write depths as whole steps, and count the open cells of each step."""
    for r in range(len(depth_m)):
        row, steps = depth_m[r], state[r]
        for c in range(len(row)):  # a loop of its own: the compiler vectorises it
            steps[c] = np.int32(np.rint(max(row[c], np.float32(0)) * STEPS_PER_M))
        for c in range(len(row)):
            if steps[c] > 0:
                count[steps[c]] += 1


@kernel
def _flood(state, wide, start, end, cells):  # type: ignore[no-untyped-def]
    """Flood from a cell, always from the deepest water reached; one stack per step of depth.

    ``state`` is flat, with a closed cell all around so that no step leaves it. It holds the depth
    of a cell not yet reached, 0 where closed; once reached, the least depth on the way, negative.
    Cells no shallower than the flood are entered at once. Shallower ones wait in the part of
    ``cells`` that belongs to their depth, from ``end`` on; it has room for all cells of the depth.
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
    """Write the least depth on the way in metres, 0 where no way leads."""
    for r in range(len(state)):
        for c in range(state.shape[1]):
            steps = np.float32(-min(state[r, c], np.int32(0)))
            depth_m[r, c] = steps / np.float32(STEPS_PER_M)


def widest_path_depth(
    depth_m: NDArray[np.float32], start: tuple[int, int], *, threads: int = 2
) -> NDArray[np.float32]:
    """Return for every cell the sill depth of the widest path from one cell.

    Parameters
    ----------
    depth_m
        Depths in metres, positive down, rounded to a decimetre; cells of depth 0 or less are
        closed.
    start
        Row and column to start from.
    threads
        Threads that convert depths; the flood itself runs on one.

    Returns
    -------
    numpy.ndarray
        For each cell the greatest least depth of all paths to it in metres, both ends included;
        0 where none leads.

    Notes
    -----
    One flood answers all depths and all cells: Dijkstra's algorithm with a stack per depth for a
    queue (Pollack 1960, doi:10.1287/opre.8.5.733, on the maximum capacity route). Cells join
    their four neighbours; without diagonal steps a wall one cell wide holds.

    Examples
    --------
    A basin of 90 m behind a sill of 40 m, and water behind land:

    >>> widest_path_depth(np.float32([[100, 40, 90, 0, 50]]), (0, 0)).tolist()
    [[100.0, 40.0, 40.0, 0.0, 0.0]]
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
        sill_depth_m = inner.view(np.float32)  # in place, because fresh memory costs more
        list(pool.map(lambda s: _to_m(inner[s], sill_depth_m[s]), shares))
    return sill_depth_m
