"""Steps on a grid, and the compiled search over them: Dijkstra over cells and crossing parities."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import Float32Array, IntArray
from okhotsk.raster.grid import Grid
from okhotsk.raster.kernel import kernel
from okhotsk.raster.radix_heap import LEFT, grow, make_queue, put, take
from okhotsk.raster.stencil import REACH_COLS, REACH_ROWS, lengths_km, primitive_steps

NONE = 255  # instead of a step, at the states that paths start from


class Fans(NamedTuple):
    """In which order steps follow a step, and which never do.

    Going on by step ``order[n, k]`` after step n costs at least ``turns[n, k]`` times as much as
    the cheapest steps straight to the same cell if all cells cost the same; k ascends with it.
    A last row (after no step) has all steps and 0. ``slack`` is how much lengths may differ with
    the row.
    """

    order: NDArray[np.uint8]
    turns: Float32Array
    slack: np.float32


@cache
def _cones() -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """For two steps in turn, the two directions next to their sum and how often each is taken."""
    steps = primitive_steps()[0]
    ring = np.argsort(np.arctan2(steps[:, 0], steps[:, 1]))
    one, other = steps[ring], np.roll(steps[ring], -1, axis=0)  # determinant 1: a lattice basis
    to = (steps[:, None] + steps)[:, :, None]
    times = to[..., 0] * other[:, 1] - to[..., 1] * other[:, 0]
    others = one[:, 0] * to[..., 1] - one[:, 1] * to[..., 0]
    sign = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    times, others = times * sign, others * sign
    cone = np.argmax((times >= 0) & (others >= 0), axis=-1)[..., None]
    shares = (np.take_along_axis(a, cone, axis=-1)[..., 0] for a in (times, others))
    return ring[cone[..., 0]], np.roll(ring, -1)[cone[..., 0]], *shares


def find_fans(lengths_km: Float32Array) -> Fans:
    """Fans of turns for the step lengths (rows, n) of a grid."""
    one, other, times, others = _cones()
    some = np.linspace(0, len(lengths_km) - 1, min(len(lengths_km), 16)).astype(int)
    turns = np.full(one.shape, np.inf)
    for km in lengths_km[some].astype(float):
        straight = np.maximum(times * km[one] + others * km[other], 1e-9)  # 0: straight back
        turns = np.minimum(turns, (km[:, None] + km) / straight)
    order = np.argsort(turns, axis=1, kind="stable")
    turns = np.take_along_axis(turns, order, axis=1)
    count = len(turns)
    apart = lengths_km[REACH_ROWS:] / lengths_km[:-REACH_ROWS]
    slack = np.max([apart, 1 / apart], initial=1.0001) ** 2
    return Fans(
        np.vstack([order, np.arange(count)]).astype(np.uint8),
        np.vstack([turns, np.zeros(count)]).astype(np.float32),
        np.float32(slack),
    )


@lru_cache(maxsize=32)
def bordered_lengths(grid: Grid) -> tuple[Float32Array, Fans]:
    """Step lengths from every row of a grid within its border, and their fans."""
    km = np.pad(lengths_km(grid), ((REACH_ROWS, REACH_ROWS), (0, 0)), "edge")
    return km, find_fans(km)


@kernel
def _find_extremes(field, low, high):  # type: ignore[no-untyped-def]
    """Write the least and greatest cost within reach of each cell."""
    tall, wide = 2 * REACH_ROWS + 1, 2 * REACH_COLS + 1
    cols = field.shape[1]
    # Row by row in two pairs of lines: written in place, the loops would not be vectorised.
    lows, highs = np.empty((2, cols), field.dtype), np.empty((2, cols), field.dtype)
    for row in range(len(low)):
        least, most, least_too, most_too = lows[0], highs[0], lows[1], highs[1]
        for col in range(cols):
            small = large = field[row, col]
            for n in range(1, tall):
                value = field[row + n, col]
                small = value if value < small else small
                large = value if value > large else large
            least[col], most[col] = small, large
        seen = 1
        while seen < wide:
            shift = min(seen, wide - seen)
            seen += shift
            for col in range(cols - seen + 1):
                one, other = least[col], least[col + shift]
                least_too[col] = one if one < other else other
                one, other = most[col], most[col + shift]
                most_too[col] = one if one > other else other
            least, least_too, most, most_too = least_too, least, most_too, most
        for col in range(low.shape[1]):  # a slice would compile for two seconds
            low[row, col], high[row, col] = least[col], most[col]


def find_extremes(field: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Least and greatest cost within reach of each cell; smaller by the reach on each side."""
    rows, cols = field.shape
    # Made here, not in the compiled part: NumPy asks for large pages, which is much faster.
    low, high = np.empty((2, rows - 2 * REACH_ROWS, cols - 2 * REACH_COLS), field.dtype)
    _find_extremes(field, low, high)
    return low, high


@kernel
def crossings(rays, row, col, dr, dc):  # type: ignore[no-untyped-def]
    """Return the parity bits that a step changes: of the rays, north from a cell's right edge."""
    bits = 0
    for n in range(len(rays)):
        edge = rays[n, 1] + 0.5
        if (col < edge) != (col + dc < edge) and row + (edge - col) * dr / dc < rays[n, 0]:
            bits |= 1 << n
    return bits


class SearchGrid(NamedTuple):
    """What a search runs over: a grid in a closed border as wide as a step reaches.

    Costs per km, the least and greatest within reach of each cell (all three flat), step lengths
    (rows, n), and the steps of :func:`primitive_steps` with the cells under them as flat offsets.
    """

    cost: Float32Array
    low: Float32Array
    high: Float32Array
    lengths_km: Float32Array
    steps: IntArray
    offsets: IntArray
    shares: Float32Array
    fans: Fans


@kernel
def _run(grid, queue, reached, came, rays, is_goal, want, best, ends):  # type: ignore[no-untyped-def]
    """Search until done (True) or the queue has too little room to go on (False)."""
    cost, low, high, lengths_km, steps, offsets, shares, (order, turns, slack) = grid
    heads, bits, states, links = queue
    wide, count, labels = len(cost) // len(lengths_km), len(steps), reached.view(np.uint32)
    shifts = (steps[:, 0] * wide + steps[:, 1]) << len(rays)
    while heads[LEFT] >= count:
        state = take(heads, bits, states, links, labels)
        if state < 0 or reached[state] * (2 if want >= 0 else 1) >= best[0]:
            return True
        here, cell = reached[state], state >> len(rays)
        row = cell // wide
        col = cell - row * wide
        own, least, most = cost[cell], low[cell], high[cell]
        near = False
        for n in range(len(rays)):
            near |= abs(rays[n, 1] - col) <= REACH_COLS
        # Where steps straight to the cell ahead cost no more, they reach it, and not this turn;
        # but they may pass the end of a ray on its other side.
        last = count if near or most == 0 else min(np.int64(came[state]), count)
        for k in range(4 if most == 0 else count):
            if turns[last, k] * least > most * slack:
                break
            step = order[last, k]
            target, km = np.uint64(state + shifts[step]), lengths_km[row, step]
            if near:
                target ^= np.uint64(crossings(rays, row, col, steps[step, 0], steps[step, 1]))
            old = reached[target]
            if not (here + least * km < old and here + least * km <= best[0]):
                continue
            mean = own
            if least != most:  # written out, for a function called here takes twice the time
                mean = np.float32(0)
                for m in range(shares.shape[1]):
                    if shares[step, m] < 0:
                        break
                    mean += shares[step, m] * cost[np.uint64(cell + offsets[step, m])]
            there = here + mean * km
            # Closed (infinite, or 0 * inf = NaN at a corner that is only touched), or too dear.
            if not (there < old and there <= best[0]):
                continue
            reached[target], came[target] = there, step
            if want >= 0:
                mirror = target ^ np.uint64(want)
                if there + reached[mirror] < best[0]:
                    best[0], ends[0], ends[1] = there + reached[mirror], target, mirror
            elif is_goal[target]:
                best[0], ends[0] = there, target
            if there * (2 if want >= 0 else 1) < best[0]:
                put(heads, bits, states, links, labels[target], target)
    return False


@kernel
def _flood(grid, reached, came, rays, starts, line):  # type: ignore[no-untyped-def]
    """Enter the starts and the free ground about them; return the states to search on from.

    ``line`` has room for all of them. First in, first out: so paths over free ground are short,
    and few of them cross a given cell.
    """
    cost, high = grid.cost, grid.high
    wide, head, tail, kept = len(cost) // len(grid.lengths_km), 0, 0, 0
    for start in starts:
        if reached[start << len(rays)] != 0:
            reached[start << len(rays)] = 0
            line[tail] = start << len(rays)
            tail += 1
    while head < tail:
        state, cell = line[head], line[head] >> len(rays)
        head += 1
        if high[cell] != 0:
            line[kept] = state
            kept += 1
        if cost[cell] != 0:
            continue
        row = cell // wide
        for step in range(4):  # one row or column
            dr, dc = grid.steps[step, 0], grid.steps[step, 1]
            flips = crossings(rays, row, cell - row * wide, dr, dc)
            target = (state + ((dr * wide + dc) << len(rays))) ^ flips
            if cost[cell + dr * wide + dc] == 0 and reached[target] != 0:
                reached[target], came[target] = 0, step
                line[tail] = target
                tail += 1
    return line[:kept]


@kernel
def _best(reached, rays, goals, want, bound):  # type: ignore[no-untyped-def]
    """Least cost, below a bound, by the labels there are, and the last states of its path."""
    best, ends = np.full(1, bound, np.float32), np.full(2, -1, np.int64)
    if want < 0:
        for goal in goals:
            if reached[goal << len(rays)] < best[0]:
                best[0], ends[0] = reached[goal << len(rays)], goal << len(rays)
        return best, ends
    for state in range(len(reached)):
        mirror = state ^ want
        if reached[state] + reached[mirror] < best[0]:
            best[0], ends[0], ends[1] = reached[state] + reached[mirror], state, mirror
    return best, ends


@kernel
def _enter(queue, labels, first):  # type: ignore[no-untyped-def]
    """Put states into a queue that has room for them."""
    heads, bits, states, links = queue
    for n in range(len(first)):
        put(heads, bits, states, links, labels[first[n]], np.uint64(first[n]))


def run(
    grid: SearchGrid,
    reached: Float32Array,
    came: NDArray[np.uint8],
    rays: IntArray,
    first: IntArray,
    goals: IntArray,
    want: int,
    bound: float,
) -> tuple[float, IntArray]:
    """Search on from some states that have labels; return what :func:`search` does."""
    is_goal = np.zeros(len(grid.cost) if want < 0 else 0, np.bool_)
    is_goal[goals] = True
    best, ends = _best(reached, rays, goals, want, bound)
    queue = make_queue(len(first) + 1024)
    _enter(queue, reached.view(np.uint32), first)
    while not _run(grid, queue, reached, came, rays, is_goal, want, best, ends):
        queue = grow(queue)
    return (float(best[0]) if ends[0] >= 0 else np.inf), ends


def search(
    grid: SearchGrid,
    reached: Float32Array,
    came: NDArray[np.uint8],
    rays: IntArray,
    starts: IntArray,
    goals: IntArray,
    want: int,
    bound: float,
) -> tuple[float, IntArray]:
    """Find the cheapest path to a goal cell, or the cheapest closed path of given parities.

    A state is ``cell * covers + parities`` with ``covers = 2 ** len(rays)``; all starts have
    parity 0 and cost 0. With ``want < 0`` the path to the cheapest goal cell is sought. Else two
    half paths from the starts are joined whose parities differ by ``want``: neither half of the
    best costs more than half, so nothing further is entered.

    ``reached`` (all ``inf``) and ``came`` (all ``NONE``) hold the label of each state and the
    step that led to it; they are filled in.

    Returns
    -------
    tuple
        Least cost (``inf``: none below the bound), and the last states of the two halves, which
        share their cell (the second -1 for a path to a goal).
    """
    from_free = (grid.cost[starts] == 0).any()
    free = np.count_nonzero(grid.cost == 0) << len(rays) if from_free else 0
    line = np.empty(len(starts) + free, np.int64)
    first = _flood(grid, reached, came, rays, starts, line)
    return run(grid, reached, came, rays, first, goals, want, bound)
