"""Paths of a finished search, and how they are mended where the ground has changed since."""

from __future__ import annotations

import numpy as np
from numba import njit

from okhotsk.search import NONE, REACH_COLS, REACH_ROWS, crossings, run

STANDS, FALLEN = 1, 2


@njit(cache=True, nogil=True)
def _before(came, steps, rays, wide, state):  # type: ignore[no-untyped-def]
    """The state that a path came from."""
    dr, dc = steps[came[state]]
    cell = (state >> len(rays)) - dr * wide - dc
    cover = state & ((1 << len(rays)) - 1)
    return cell << len(rays) | cover ^ crossings(rays, cell // wide, cell % wide, dr, dc)


@njit(cache=True, nogil=True)
def trace(came, steps, rays, wide, state):  # type: ignore[no-untyped-def]
    """Return the cells of the path that leads to a state, from its end to its start."""
    cells = [state >> len(rays)]
    while came[state] != NONE:
        state = _before(came, steps, rays, wide, state)
        cells.append(state >> len(rays))
    return np.array(cells)


@njit(cache=True, nogil=True)
def _crosses(offsets, shares, cells, step, start):  # type: ignore[no-untyped-def]
    """Whether a step runs over any of some cells, or touches their corner."""
    for m in range(shares.shape[1]):
        if shares[step, m] < 0:
            break
        if cells[start + offsets[step, m]]:
            return True
    return False


@njit(cache=True, nogil=True)
def stands(steps, offsets, shares, came, rays, wide, state, dearer):  # type: ignore[no-untyped-def]
    """Return whether the path that leads to a state runs over no cell that is dearer now."""
    while came[state] != NONE:
        before = _before(came, steps, rays, wide, state)
        if _crosses(offsets, shares, dearer, came[state], before >> len(rays)):
            return False
        state = before
    return True


# Arrays one by one, as in the search: taken from a tuple they would be counted in and out.
@njit(cache=True, nogil=True)
def _judge(steps, offsets, shares, wide, came, rays, dearer, known, path, state):  # type: ignore[no-untyped-def]
    """Write the states back to one that is judged into a path: the verdict, and their count."""
    cell, cover, count = state >> len(rays), state & ((1 << len(rays)) - 1), 0
    row = cell // wide
    col = cell - row * wide  # carried along: divisions would take most of the time
    while not known[state] and count < len(path):
        path[count] = state
        count += 1
        step = came[state]
        if step == NONE:
            return STANDS, count
        row, col = row - steps[step, 0], col - steps[step, 1]
        cell = row * wide + col
        cover ^= crossings(rays, row, col, steps[step, 0], steps[step, 1])
        for m in range(shares.shape[1]):
            if shares[step, m] < 0:
                break
            if dearer[cell + offsets[step, m]]:
                return FALLEN, count
        state = cell << len(rays) | cover
    return known[state], count


@njit(cache=True, nogil=True)
def _fell(steps, offsets, shares, wide, reached, came, rays, dearer):  # type: ignore[no-untyped-def]
    """Take back the label of every state whose path runs over a cell that is dearer now."""
    known, path = np.zeros(len(reached), np.uint8), np.empty(1 << 12, np.int64)
    for first in range(len(reached)):
        if known[first] or reached[first] == np.inf:
            continue
        judged = (0, 0)
        while not judged[0]:
            judged = _judge(steps, offsets, shares, wide, came, rays, dearer, known, path, first)
            if not judged[0]:
                path = np.empty(2 * len(path), np.int64)
        for n in range(judged[1]):
            known[path[n]] = judged[0]
    for state in range(len(reached)):
        if known[state] == FALLEN:
            reached[state], came[state] = np.inf, NONE


@njit(cache=True, nogil=True)
def _spread(news, wide, covers):  # type: ignore[no-untyped-def]
    """Spread marks to all states within reach of a step."""
    rows = len(news) // (wide * covers)
    across = np.zeros_like(news)
    for ahead in (True, False):
        for row in range(rows):
            last = np.full(covers, -REACH_COLS - 1)
            for k in range(wide):
                col = k if ahead else wide - 1 - k
                for cover in range(covers):
                    state = (row * wide + col) * covers + cover
                    if news[state]:
                        last[cover] = k
                    across[state] |= k - last[cover] <= REACH_COLS
    spread = np.zeros_like(news)
    for ahead in (True, False):
        lasts = np.full(wide * covers, -REACH_ROWS - 1)
        for k in range(rows):
            start = (k if ahead else rows - 1 - k) * wide * covers
            for n in range(wide * covers):
                if across[start + n]:
                    lasts[n] = k
                spread[start + n] |= k - lasts[n] <= REACH_ROWS
    return spread


@njit(cache=True, nogil=True)
def _open_ends(ground, reached, rays, cheaper, done):  # type: ignore[no-untyped-def]
    """States that a search must go on from.

    Those not searched from yet, and those in reach of what has lost its label, never had one, or
    is cheaper now.
    """
    wide, covers = len(ground.cost) // len(ground.lengths_km), 1 << len(rays)
    news = np.empty(len(reached), np.bool_)
    for state in range(len(reached)):
        cell = state >> len(rays)
        news[state] = cheaper[cell] or (reached[state] == np.inf and ground.cost[cell] < np.inf)
    news = _spread(news, wide, covers)
    found = []
    for cell in range(len(ground.cost)):
        near, col = False, cell % wide
        for n in range(len(rays)):
            near |= abs(rays[n, 1] - col) <= REACH_COLS
        first = cell * covers
        for state in range(first, first + covers):
            if reached[state] < np.inf:
                new = news[first : first + covers].any() if near else news[state]
                if new or reached[state] >= done:
                    found.append(state)
    return np.array(found, np.int64)


@njit(cache=True, nogil=True)
def mend(ground, reached, came, rays, goals, want, bound, dearer, cheaper, limit):  # type: ignore[no-untyped-def]
    """Bring a finished search from the same starts up to date, as :func:`okhotsk.search.search`.

    ``reached`` and ``came`` are what it left over other ground, and are changed. ``dearer`` and
    ``cheaper`` are the cells that differ, ``limit`` the cost that it found, or its bound.

    Labels stand whose paths cross nothing dearer; the search goes on from the edge of the rest,
    from what it had not come to, and from the surroundings of what is cheaper.
    """
    for state in range(len(reached)):
        if limit < reached[state] < np.inf:  # perhaps not the least: dearer ways were left out
            reached[state], came[state] = np.inf, NONE
    wide = len(ground.cost) // len(ground.lengths_km)
    _fell(ground.steps, ground.offsets, ground.shares, wide, reached, came, rays, dearer)
    ends_open = _open_ends(ground, reached, rays, cheaper, limit / (2 if want >= 0 else 1))
    return run(ground, reached, came, rays, ends_open, goals, want, bound)
