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


FREE, EVEN = 1, 2


@njit(cache=True, nogil=True)
def find_kinds(cost, high, wide):  # type: ignore[no-untyped-def]
    """Kind of ground around each cell, as far as a step reaches (rows up and down, columns).

    Returns
    -------
    numpy.ndarray
        ``FREE`` where all costs nothing, so that steps to the four neighbours do; ``EVEN`` where
        all costs the same, which is then the mean cost of every step; else 0. Shape of cost.
    """
    rows, cols = cost.shape
    kinds = np.zeros((rows, cols), np.uint8)
    level = np.zeros((rows, cols), np.bool_)  # even along its row
    for r in range(rows):
        first = 0
        for c in range(1, cols + 1):
            if c == cols or cost[r, c] != cost[r, first]:
                low = first if first == 0 else first + wide
                top = c if c == cols else c - wide
                for k in range(low, top):
                    level[r, k] = True
                first = c
    since = np.zeros(cols, np.int64)
    for r in range(rows + high):
        for c in range(cols):
            if r < rows and (not level[r, c] or (r > 0 and cost[r, c] != cost[r - 1, c])):
                since[c] = r if level[r, c] else r + 1
            middle = r - high
            if middle >= 0 and (since[c] <= middle - high or since[c] == 0):
                kinds[middle, c] = FREE if cost[middle, c] == 0 else EVEN
    return kinds


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
def _room(keys, states, need):  # type: ignore[no-untyped-def]
    """The heap, doubled where it is too small."""
    if len(keys) >= need:
        return keys, states
    more = max(need, 2 * len(keys)) - len(keys)
    return (
        np.concatenate((keys, np.empty(more, np.float32))),
        np.concatenate((states, np.empty(more, np.int64))),
    )


@njit(cache=True, nogil=True)
def search(  # type: ignore[no-untyped-def]
    cost, kinds, lengths_km, steps, offsets, shares, rays, starts, goals, want, bound
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
    rows, cols = kinds.shape
    covers = 1 << len(rays)
    reached = np.full(rows * cols * covers, np.inf, np.float32)
    came = np.full(rows * cols * covers, -1, np.int32)
    is_goal = np.zeros(rows * cols if want < 0 else 0, np.bool_)
    is_goal[goals] = True
    best, ends, far = np.float32(bound), (-1, -1), np.abs(steps).max()
    keys, states, size = np.zeros(len(starts), np.float32), starts * covers, len(starts)
    reached[states] = 0
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
        kind, own = kinds[row, col], cost[cell]
        count = 4 if kind == FREE else len(steps)
        keys, states = _room(keys, states, size + count)
        near = False
        for n in range(len(rays)):
            near |= abs(rays[n, 1] - col) <= far
        for n in range(count):
            dr, dc = steps[n, 0], steps[n, 1]
            r, c = row + dr, col + dc
            if r < 0 or c < 0 or r >= rows or c >= cols:
                continue
            over = cover ^ _flips(rays, row, col, dr, dc) if near else cover
            target = (r * cols + c) * covers + over
            mirror = target - over + (over ^ want) if want >= 0 else -1
            rest = reached[mirror] if want >= 0 else np.float32(np.inf)
            if reached[target] <= here and here + rest >= best:
                continue
            mean = own if kind else _mean_cost(cost, cell, offsets[n], shares[n])
            there = here + mean * lengths_km[row, n]
            if not there <= best:  # closed (infinite or NaN), or too dear
                continue
            if there + rest < best:
                best, ends = there + rest, (state, mirror)
            if there < reached[target]:
                reached[target] = there
                came[target] = state
                keys[size], states[size] = there, target
                _sift_up(keys, states, size)
                size += 1
    return (best if ends[0] >= 0 else np.float32(np.inf)), came, ends
