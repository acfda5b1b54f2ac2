"""Paths of a finished search, and how they are mended where the ground has changed since."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from okhotsk.search import NONE, REACH_COLS, REACH_ROWS, crossings


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


@njit(cache=True, nogil=True)
def _in_reach(cells, wide):  # type: ignore[no-untyped-def]
    """First and last row and column from which a step may run over any of some cells."""
    top, bottom, left, right = len(cells), -1, wide, -1
    for row in range(len(cells) // wide):
        line = cells[row * wide : (row + 1) * wide]
        for col in range(wide):
            if line[col]:
                top, bottom = min(top, row), row
                left, right = min(left, col), max(right, col)
    return top - REACH_ROWS, bottom + REACH_ROWS, left - REACH_COLS, right + REACH_COLS


# Arrays one by one, as in the search: taken from a tuple they would be counted in and out.
@njit(cache=True, nogil=True)
def fell(steps, offsets, shares, wide, reached, came, rays, dearer):  # type: ignore[no-untyped-def]
    """Take back the label of every state whose path runs over a cell that is dearer now."""
    covers, none = 1 << len(rays), came.dtype.type(NONE)
    top, bottom, left, right = _in_reach(dearer, wide)
    fallen, size = np.empty(len(reached), np.int64), 0
    for row in range(top, bottom + 1):
        for state in range((row * wide + left) * covers, (row * wide + right + 1) * covers):
            step = came[state]
            if step != none and reached[state] < np.inf:
                cell = state // covers
                before = cell - steps[step, 0] * wide - steps[step, 1]
                if _crosses(offsets, shares, dearer, step, before):
                    reached[state] = np.inf
                    fallen[size] = state
                    size += 1
    while size > 0:  # what came from there falls too
        size -= 1
        state = fallen[size]
        came[state] = none
        row, col = state // covers // wide, state // covers % wide
        for step in range(len(steps)):
            flips = crossings(rays, row, col, steps[step, 0], steps[step, 1])
            other = (state + (steps[step, 0] * wide + steps[step, 1]) * covers) ^ flips
            if came[other] == step and reached[other] < np.inf:
                reached[other] = np.inf
                fallen[size] = other
                size += 1


@njit(cache=True, nogil=True)
def _find_news(reached, cost, cheaper, news):  # type: ignore[no-untyped-def]
    """Mark the states of each cell, as bits, that have no label or are cheaper now."""
    covers = len(reached) // len(cost)
    for cell in range(len(cost)):
        if cheaper[cell]:
            news[cell] = (1 << covers) - 1
        elif cost[cell] < np.inf:
            for cover in range(covers):
                if reached[cell * covers + cover] == np.inf:
                    news[cell] |= 1 << cover


def _spread(news: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """Spread marks to all cells within reach of a step; smaller by the reach on each side."""
    for axis, reach in enumerate((REACH_ROWS, REACH_COLS)):
        seen = 1
        while seen < 2 * reach + 1:
            shift = min(seen, 2 * reach + 1 - seen)
            ends = ([slice(None)] * axis + [cut] for cut in (slice(-shift), slice(shift, None)))
            one, other = (news[tuple(end)] for end in ends)
            news, seen = one | other, seen + shift
    return news


@njit(cache=True, nogil=True)
def _gather(reached, wide, rays, near_news, done):  # type: ignore[no-untyped-def]
    """States with a label that are not searched from yet, or near news."""
    covers, found = 1 << len(rays), []
    for row in range(REACH_ROWS, REACH_ROWS + len(near_news)):
        for col in range(REACH_COLS, REACH_COLS + near_news.shape[1]):
            near, first = False, (row * wide + col) * covers
            news = near_news[row - REACH_ROWS, col - REACH_COLS]
            for n in range(len(rays)):
                near |= abs(rays[n, 1] - col) <= REACH_COLS
            for cover in range(covers):
                new = news >> cover & 1 or (near and news)
                if reached[first + cover] < np.inf and (new or reached[first + cover] >= done):
                    found.append(first + cover)
    return np.array(found, np.int64)


def open_ends(
    reached: NDArray[np.float32],
    cost: NDArray[np.float32],
    wide: int,
    rays: NDArray[np.int64],
    cheaper: NDArray[np.bool_],
    *,
    done: float,
) -> NDArray[np.int64]:
    """States that a search must go on from.

    Those not searched from yet, with labels of ``done`` and more, and those in reach of what has
    no label or is cheaper now.

    Parameters
    ----------
    reached, cost, cheaper
        Labels of the states, and costs of the cells within their border, flat.
    wide
        Cells in a row.
    rays
        What parities count.
    """
    news: NDArray[np.unsignedinteger]
    news = np.zeros(len(cost), np.uint8 if len(rays) <= 3 else np.uint32)
    _find_news(reached, cost, cheaper, news)
    return np.asarray(_gather(reached, wide, rays, _spread(news.reshape(-1, wide)), done))
