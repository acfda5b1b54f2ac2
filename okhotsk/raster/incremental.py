"""Paths of a finished search, and how they are mended where costs have changed since."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.dijkstra import NONE, crossings
from okhotsk.raster.kernel import kernel
from okhotsk.raster.stencil import REACH_COLS, REACH_ROWS


@kernel
def _before(came, steps, rays, wide, state):  # type: ignore[no-untyped-def]
    """The state that a path came from."""
    dr, dc = steps[came[state]]
    cell = (state >> len(rays)) - dr * wide - dc
    cover = state & ((1 << len(rays)) - 1)
    return cell << len(rays) | cover ^ crossings(rays, cell // wide, cell % wide, dr, dc)


@kernel
def trace(came, steps, rays, wide, state):  # type: ignore[no-untyped-def]
    """Return the cells of the path that leads to a state, from its end to its start."""
    cells = [state >> len(rays)]
    while came[state] != NONE:
        state = _before(came, steps, rays, wide, state)
        cells.append(state >> len(rays))
    return np.array(cells)


@kernel
def _crosses(offsets, shares, cells, step, start):  # type: ignore[no-untyped-def]
    """Whether a step runs over any of some cells, or touches their corner."""
    for m in range(shares.shape[1]):
        if shares[step, m] < 0:
            break
        if cells[start + offsets[step, m]]:
            return True
    return False


@kernel
def stands(steps, offsets, shares, came, rays, wide, state, dearer):  # type: ignore[no-untyped-def]
    """Return whether the path that leads to a state runs over no cell that is dearer now."""
    while came[state] != NONE:
        before = _before(came, steps, rays, wide, state)
        if _crosses(offsets, shares, dearer, came[state], before >> len(rays)):
            return False
        state = before
    return True


@kernel
def _in_reach(cells, wide):  # type: ignore[no-untyped-def]
    """For each row, the first and last column from which a step may run over any of some cells."""
    high = len(cells) // wide
    first, last = np.full(high, wide), np.full(high, -1)
    for row in range(high):
        line = cells[row * wide : (row + 1) * wide]
        left, right = wide, -1
        for col in range(wide):
            if line[col]:
                left, right = min(left, col), col
        if right >= 0:  # no such cell lies in the border, so that all rows in reach exist
            for near in range(row - REACH_ROWS, row + REACH_ROWS + 1):
                first[near] = min(first[near], left - REACH_COLS)
                last[near] = max(last[near], right + REACH_COLS)
    return first, last


@kernel
def _is_near(rays, col):  # type: ignore[no-untyped-def]
    """Whether a step from some column may cross a ray."""
    near = False
    for n in range(len(rays)):
        near |= abs(rays[n, 1] - col) <= REACH_COLS
    return near


@kernel
def keep(labels, came, limit, kept, kept_came):  # type: ignore[no-untyped-def]
    """Write labels up to a limit and the steps that led to them; the rest as not come to."""
    for n in range(len(labels)):  # two loops: the processor takes more at once
        kept[n] = labels[n] if labels[n] <= limit else np.float32(np.inf)
    for n in range(len(labels)):
        kept_came[n] = came[n] if labels[n] <= limit else np.uint8(NONE)


# Arrays one by one, as in the search: taken from a tuple they would be counted in and out.
@kernel
def fell(steps, offsets, shares, wide, reached, came, rays, dearer):  # type: ignore[no-untyped-def]
    """Take back the label of every state whose path runs over a cell that is dearer now."""
    covers, none = 1 << len(rays), came.dtype.type(NONE)
    first, last = _in_reach(dearer, wide)
    fallen, size = np.empty(len(reached), np.int64), 0
    for row in range(len(first)):
        left, right = row * wide + first[row], row * wide + last[row]
        for state in range(left * covers, (right + 1) * covers):
            step = came[state]
            if step != none and reached[state] < np.inf:
                cell = state // covers
                before = cell - steps[step, 0] * wide - steps[step, 1]
                if _crosses(offsets, shares, dearer, step, before):
                    reached[state] = np.inf
                    fallen[size] = state
                    size += 1
    shifts = (steps[:, 0] * wide + steps[:, 1]) * covers
    while size > 0:  # what came from there falls too
        size -= 1
        state = fallen[size]
        came[state] = none
        row, col = state // covers // wide, state // covers % wide
        near = _is_near(rays, col)
        for step in range(len(steps)):
            other = np.uint64(state + shifts[step])
            if near:
                other ^= np.uint64(crossings(rays, row, col, steps[step, 0], steps[step, 1]))
            if came[other] == step and reached[other] < np.inf:
                reached[other] = np.inf
                fallen[size] = other
                size += 1


@kernel
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


@kernel
def _gather(reached, wide, rays, near_news, done):  # type: ignore[no-untyped-def]
    """States with a label that are not searched from yet, or near news."""
    bits, found = len(rays), []
    kind = np.empty(wide << bits, np.uint8)
    for row in range(REACH_ROWS, REACH_ROWS + len(near_news)):
        begin = (row * wide) << bits
        labels, news = reached[begin : begin + len(kind)], near_news[row - REACH_ROWS]
        for n in range(len(kind)):  # a loop of its own: the processor takes several at once
            reached_here = labels[n] < np.inf
            kind[n] = np.uint8(reached_here) + np.uint8(reached_here & (labels[n] >= done))
        for n in range(REACH_COLS << bits, (wide - REACH_COLS) << bits):
            if kind[n] == 1:  # searched from before
                col, cover = n >> bits, n & ((1 << bits) - 1)
                new = news[col - REACH_COLS]
                if new and (new >> cover & 1 or _is_near(rays, col)):
                    found.append(begin + n)
            elif kind[n] == 2:
                found.append(begin + n)
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
