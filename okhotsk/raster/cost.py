"""Least cost from one cell to every other: Dijkstra's search with a queue of buckets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.grid import Grid
from okhotsk.raster.kernel import kernel

BUCKETS = 4096  # a power of two; what lies further ahead waits in the last
CHUNK = 64  # places in a chunk of the queue, the first of them a link; a power of two
# Columns kept together, each strip row by row, a power of two: cells north and south of each
# other then share pages of memory, of which a processor finds but some 2000 at once.
STRIP = 64
# No bucket is narrower than this share of the mean step, so that few cheap cells do not make
# the search walk over many empty buckets.
LEAST_SHARE = 1 / 16
# North, south, west, east, then the diagonals: the two bits of 4 to 7 tell south and east.
STEPS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)])
FREE, SPARE, WAITING = range(3)  # the first free chunk, how many are free, cells in the queue


@kernel(fastmath={"reassoc"})
def _pack(cost, strip, packed, reached):  # type: ignore[no-untyped-def]
    """Fill a strip with costs, in a closed border, and with labels of inf; survey the costs.

    Returns the least, the sum and the number of the finite costs, and whether none is negative
    or NaN.
    """
    rows, cols = cost.shape
    least, total, count, good = np.float32(np.inf), 0.0, 0, True
    left = strip * STRIP - 1  # the first column of the first strip is border
    first, last = max(left, 0), min(left + STRIP, cols)
    packed[:], reached[:] = np.inf, np.inf
    for r in range(rows):
        for c in range(first, last):
            own = cost[r, c]
            packed[r + 1, c - left] = own
            good &= own >= 0
            finite = own < np.inf
            least = min(least, own)
            total += own if finite else 0.0
            count += finite
    return least, total, count, good


@kernel
def _unpack(strip, reached, out):  # type: ignore[no-untyped-def]
    """Write the labels of a strip where its cells lie in the grid."""
    rows, cols = out.shape
    left = strip * STRIP - 1
    for r in range(rows):
        for c in range(max(left, 0), min(left + STRIP, cols)):
            out[r, c] = reached[r + 1, c - left]


@kernel
def _grow(cells, left):  # type: ignore[no-untyped-def]
    """The queue's chunks doubled; the new ones are free."""
    size = len(cells)
    cells = np.concatenate((cells, np.empty(size, np.int32)))
    for chunk in range(size, 2 * size, CHUNK):
        cells[chunk], left[FREE] = left[FREE], chunk
        left[SPARE] += 1
    return cells


@kernel
def _slot(bucket, level):  # type: ignore[no-untyped-def]
    """Where the cells of a bucket wait: the extra place for more of the one being emptied."""
    if bucket == level:
        return BUCKETS
    return min(bucket, level + BUCKETS - 1) & (BUCKETS - 1)


@kernel
def _put(cells, ends, left, slot, cell):  # type: ignore[no-untyped-def]
    """Add a cell to a bucket; a chunk must be free."""
    end = ends[slot]
    if end & (CHUNK - 1) == 0:  # none yet, or a full one, to whose end the next is linked
        chunk = left[FREE]
        left[FREE], cells[chunk], end = cells[chunk], end, chunk + 1
        left[SPARE] -= 1
    cells[end] = cell
    ends[slot] = end + 1
    left[WAITING] += 1


@kernel
def _expand(  # type: ignore[no-untyped-def]
    cost, half_km, moves, reached, cell, level, per_cost, cells, ends, left
):
    """Lower the labels around a cell, and enter those in the queue."""
    here, own = reached[cell], cost[cell]
    for n in range(8):
        target = np.uint64(cell + moves[n])
        old = reached[target]
        if old <= here:
            continue
        there = here + (own + cost[target]) * half_km[n]
        if not there < old:
            continue
        if n >= 4:  # diagonal: not past the corner of a closed cell
            across, along = cell + moves[n >> 1 & 1], cell + moves[2 + (n & 1)]
            if cost[np.uint64(across)] + cost[np.uint64(along)] == np.inf:
                continue
        reached[target] = there
        bucket = np.int64(there * per_cost)
        if bucket > level and old < np.inf and np.int64(old * per_cost) == bucket:
            continue  # it waits there already
        _put(cells, ends, left, _slot(bucket, level), target)


@kernel
def _search(cost, half_km, moves, reached, start, per_cost):  # type: ignore[no-untyped-def]
    """Fill in the least cost from a cell to all, inf before; both flat, strip after strip.

    Bucket n holds the cells that cost from ``n / per_cost`` to one bucket more. A cell reached
    again at less is entered again and its older entry skipped; that may happen within a bucket,
    after the cell was expanded, so that the answer does not hang on the width of the buckets.
    What enters the bucket that is being emptied waits for the next round, in an extra one, or
    cells of very unlike costs would be expanded over and over.
    """
    size = len(half_km) * STRIP
    per_cell = 1 / size  # times this is faster than division, and safe for a cell's middle
    reached[start] = 0
    ends, left = np.zeros(BUCKETS + 1, np.int64), np.zeros(3, np.int64)
    cells, level = _grow(np.empty(1024 * CHUNK, np.int32), left), 0
    _put(cells, ends, left, 0, start)
    while left[WAITING]:
        slot = level & (BUCKETS - 1)
        if ends[slot] == 0:
            slot = BUCKETS
        if ends[slot] == 0:
            level += 1
            continue
        end, ends[slot] = ends[slot], 0
        while end > 0:
            if left[SPARE] < 8 * CHUNK:  # what a chunk of cells may come to need
                cells = _grow(cells, left)
            chunk = (end - 1) & -CHUNK
            left[WAITING] -= end - 1 - chunk
            for n in range(chunk + 1, end):
                cell = np.int64(cells[n])
                due = np.int64(reached[cell] * per_cost)
                if due > level:  # it lay beyond the last bucket
                    _put(cells, ends, left, _slot(due, level), cell)
                elif due == level:  # not an older entry
                    strip, col = np.int64((cell + 0.5) * per_cell), cell & (STRIP - 1)
                    row, side = (cell - strip * size) // STRIP, (col == 0) + 2 * (col == STRIP - 1)
                    _expand(
                        cost,
                        half_km[row],
                        moves[side],
                        reached,
                        cell,
                        level,
                        per_cost,
                        cells,
                        ends,
                        left,
                    )
            end, cells[chunk], left[FREE] = np.int64(cells[chunk]), left[FREE], chunk
            left[SPARE] += 1


def _moves(high: int) -> NDArray[np.int64]:
    """How far each of ``STEPS`` leads in strips of a number of rows, shape (3, 8).

    First from within a strip, then from its first column, then from its last.
    """
    south, east = STEPS.T
    over = (high - 1) * STRIP  # to the next strip, less the columns gone over
    leaves = np.array([np.zeros_like(east), east < 0, east > 0])
    return np.asarray(south * STRIP + east * (1 + over * leaves))


def _half_lengths_km(grid: Grid) -> NDArray[np.float64]:
    """Half the length of each of ``STEPS`` from each row of the bordered grid.

    Shape (rows + 2, 8). A step between rows has the mean of their cell sizes.
    """
    size_km = np.pad(np.stack(grid.cell_size_km()), ((0, 0), (2, 2)), "edge")
    rows = np.arange(1, grid.shape[0] + 3)[:, None]
    wide_km, high_km = (size_km[:, rows] + size_km[:, rows + STEPS[:, 0]]) / 2
    return np.asarray(np.hypot(STEPS[:, 1] * wide_km, STEPS[:, 0] * high_km) / 2)


def _in_strips(
    cost: NDArray[np.float32], pool: ThreadPoolExecutor
) -> tuple[NDArray[np.float32], NDArray[np.float64], float]:
    """Costs and labels, each of shape (strips, rows + 2, STRIP), and a typical cost."""
    shape = -(-(cost.shape[1] + 2) // STRIP), cost.shape[0] + 2, STRIP
    # Made here, not in the compiled part: NumPy asks for large pages, which is much faster.
    packed, reached = np.empty(shape, np.float32), np.empty(shape)
    surveys = pool.map(lambda n: _pack(cost, n, packed[n], reached[n]), range(shape[0]))
    least, total, count, good = (np.array(part) for part in zip(*surveys, strict=True))
    if not good.all():
        raise ValueError("costs must not be negative or NaN; inf closes a cell")
    mean = total.sum() / max(count.sum(), 1)
    return packed, reached, max(float(least.min()), mean * LEAST_SHARE)


def cost_distance(
    cost: NDArray[np.float32], grid: Grid, start: tuple[int, int], *, threads: int = 2
) -> NDArray[np.float32]:
    """Return the least cost of getting from one cell to every other.

    Parameters
    ----------
    cost
        Cost per km in each cell, shape of the grid; ``inf`` cannot be entered.
    grid
        The cells.
    start
        Row and column to start from.
    threads
        Threads that read the costs and write the answer; the search itself is one.

    Returns
    -------
    numpy.ndarray
        Cost unit times km, shape of the grid; ``inf`` where no path leads.

    Raises
    ------
    ValueError
        Where a cost is negative or not a number, the shapes differ, or the start is closed or
        off the grid.

    Notes
    -----
    Steps lead to the eight neighbours and cost the mean of both cells times the distance
    between their centres; none leads diagonally past a closed cell. Straight lines therefore
    come out up to 8 % too long where cells are square, 14 % at 50 degrees. The search adds in
    double precision. Its queue is a ring of buckets (Denardo & Fox 1979,
    doi:10.1287/opre.27.1.161) no wider than the shortest step where costs differ little, so
    that no cell is expanded twice. Costs and labels lie in memory by strips of columns.
    """
    rows, cols = grid.shape
    if cost.shape != grid.shape:
        raise ValueError(f"cost of shape {cost.shape}, expected that of the grid, {grid.shape}")
    if not (0 <= start[0] < rows and 0 <= start[1] < cols):
        raise ValueError(f"the start {start} is off the grid of shape {grid.shape}")
    cost = np.ascontiguousarray(cost, np.float32)
    half_km = _half_lengths_km(grid)
    with ThreadPoolExecutor(threads) as pool:
        packed, reached, typical = _in_strips(cost, pool)
        if not np.isfinite(cost[start]):
            raise ValueError(f"the start {start} is closed")
        width = typical * 2 * float(half_km.min())
        strip, col = divmod(start[1] + 1, STRIP)
        first = (strip * (rows + 2) + start[0] + 1) * STRIP + col
        flat, labels = packed.ravel(), reached.ravel()
        _search(flat, half_km, _moves(rows + 2), labels, first, 1 / width if width else 1.0)
        # In place of the costs: fresh memory costs more than it takes to fill.
        found = flat[: cost.size].reshape(cost.shape)
        list(pool.map(lambda n: _unpack(n, reached[n], found), range(len(reached))))
    return found
