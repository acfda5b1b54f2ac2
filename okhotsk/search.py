"""The compiled search under :mod:`okhotsk.cut`: Dijkstra over cells and crossing parities."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _sift_up(keys, states, at):  # type: ignore[no-untyped-def]
    key, state = keys[at], states[at]
    while at > 0:
        parent = (at - 1) >> 2
        if keys[parent] <= key:
            break
        keys[at], states[at] = keys[parent], states[parent]
        at = parent
    keys[at], states[at] = key, state


@njit(cache=True, nogil=True)
def _sift_down(keys, states, size):  # type: ignore[no-untyped-def]
    at, key, state = 0, keys[size], states[size]
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < keys[child]:
                child = other
        if keys[child] >= key:
            break
        keys[at], states[at] = keys[child], states[child]
        at = child
    keys[at], states[at] = key, state


@njit(cache=True, nogil=True)
def _flips(rays, row, col, dr, dc):  # type: ignore[no-untyped-def]
    """Parity bits that a step changes: the rays (north from a cell's right edge) it crosses."""
    bits = 0
    for n in range(len(rays)):
        edge = rays[n, 1] + 0.5
        if (col < edge) != (col + dc < edge) and row + (edge - col) * dr / dc < rays[n, 0]:
            bits |= 1 << n
    return bits


@njit(cache=True, nogil=True)
def _mean_cost(cost, cell, offsets, shares):  # type: ignore[no-untyped-def]
    """Mean cost along a step: infinite if a cell under it or at a corner of it is closed."""
    total = np.float32(0)
    for k in range(len(shares)):
        if shares[k] < 0:
            break
        total += shares[k] * cost[cell + offsets[k]]  # 0 * inf at a closed corner: NaN
    return total


@njit(cache=True, nogil=True)
def search(  # type: ignore[no-untyped-def]
    cost, inner, lengths_km, steps, offsets, shares, rays, starts, goals, want, bound
):
    """Find the cheapest path to a goal cell, or the cheapest closed path of given parities.

    A state is ``cell * covers + parities`` with ``covers = 2 ** len(rays)``; all starts have
    parity 0 and cost 0. With ``want < 0`` the search ends at the first goal cell settled. Else
    two half paths from the starts are joined whose parities differ by ``want``: neither half of
    the best costs more than half, so nothing further is entered.

    Returns
    -------
    tuple
        Least cost (``inf``: none below the bound), the predecessor of each state, and the last
        states of the two halves (the second -1 for a path to a goal).
    """
    rows, cols = inner.shape
    covers = 1 << len(rays)
    reached = np.full(rows * cols * covers, np.inf, np.float32)
    came = np.full(rows * cols * covers, -1, np.int32)
    is_goal = np.zeros(rows * cols if want < 0 else 0, np.bool_)
    for goal in goals:
        is_goal[goal] = True
    best, ends = np.float32(bound), (-1, -1)
    keys = np.empty(max(1024, 2 * len(starts)), np.float32)
    states = np.empty(len(keys), np.int64)
    size = 0
    for start in starts:
        reached[start * covers] = 0
        keys[size], states[size] = 0, start * covers
        size += 1
    while size:
        here, state = keys[0], states[0]
        size -= 1
        _sift_down(keys, states, size)
        if here > reached[state]:
            continue
        cell, cover = state // covers, state % covers
        if want < 0 and is_goal[cell]:
            return here, came, (state, -1)
        if want >= 0 and 2 * here >= best:
            break
        row, col = cell // cols, cell % cols
        count = 4 if inner[row, col] else len(steps)
        if len(keys) < size + count:
            keys = np.concatenate((keys, np.empty(len(keys), np.float32)))
            states = np.concatenate((states, np.empty(len(states), np.int64)))
        for n in range(count):
            dr, dc = steps[n, 0], steps[n, 1]
            r, c = row + dr, col + dc
            if r < 0 or c < 0 or r >= rows or c >= cols:
                continue
            over = cover ^ _flips(rays, row, col, dr, dc)
            there_cell = (r * cols + c) * covers
            target = there_cell + over
            if want < 0 and reached[target] <= here:
                continue
            if (
                want >= 0
                and reached[target] <= here
                and (here + reached[there_cell + (over ^ want)] >= best)
            ):
                continue
            there = here + _mean_cost(cost, cell, offsets[n], shares[n]) * lengths_km[row, n]
            if not there <= best:  # closed (infinite or NaN), or too dear
                continue
            if want >= 0:
                whole = there + reached[there_cell + (over ^ want)]
                if whole < best:
                    best, ends = whole, (state, there_cell + (over ^ want))
            if there < reached[target]:
                reached[target] = there
                came[target] = state
                keys[size], states[size] = there, target
                _sift_up(keys, states, size)
                size += 1
    return (best if ends[0] >= 0 else np.float32(np.inf)), came, ends
