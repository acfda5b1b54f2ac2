"""Distance of every cell of a grid to the nearest of many marked cells, on the ellipsoid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster import geodesy
from okhotsk.raster.arrays import BoolArray, Float32Array, Int32Array
from okhotsk.raster.grid import Grid
from okhotsk.raster.kernel import kernel

WEST, EAST = 1, -1  # the side from which candidates come
CHUNK = 64  # cells of a row looked at together for edges
STRIP = 32  # columns taken together: one cache line of results in each row
SERIES_UP_TO = 0.1  # (chord / radius) squared up to which the series of the arc is good to 1e-9
EQUATOR, POLE = (1e6 / geodesy.GEOD.a**2, 1e6 / geodesy.GEOD.b**2)  # 1 / squared radii, per km2
TINY = 1e-30  # keeps the arc of a cell to itself from 0 / 0


@overload
def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: Literal[False] = False, threads: int = 2
) -> Float32Array: ...


@overload
def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: Literal[True], threads: int = 2
) -> tuple[Float32Array, Int32Array]: ...


def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: bool = False, threads: int = 2
) -> Float32Array | tuple[Float32Array, Int32Array]:
    """Return the distance of every cell centre to the nearest marked cell centre.

    Parameters
    ----------
    sources
        Marked cells, shape of the grid.
    grid
        A grid on one side of the equator and at most 180 degrees wide.
    index
        Whether to return the flat index of the nearest marked cell too.
    threads
        Threads that share the work; the answer does not depend on them.

    Returns
    -------
    numpy.ndarray or tuple of numpy.ndarray
        Distance in km, infinite where nothing is marked; with ``index`` also the flat indices,
        -1 where nothing is marked.

    Raises
    ------
    ValueError
        Where the shapes differ, or the grid crosses the equator or is too wide.

    Notes
    -----
    Exact for straight lines through the Earth. What a marked cell is nearest to, of all that lie
    on one side of it, is star-shaped: it holds the great ellipse to the cell from each of its
    points (a plane that halves the line between two cells meets a great ellipse in one arc of
    about half of it). So of the marked cells west of a column only those can be nearest to it
    that are nearest to a point of the meridian before, and those in between: a few hundred are
    carried from column to column, once from the west and once from the east, and the best of
    both serve a column. In a row only the nearest marked cell counts (as in the plane: Meijster
    et al. 2000, doi:10.1007/0-306-47025-X_36). A point of the meridian at reduced latitude b is
    nearer to the northern of two candidates where ``u cos b + v sin b + w > 0`` with v > 0;
    north of the equator w >= 0, south of it w <= 0 (the Earth is flat at the poles), and then
    that changes sign at most once between equator and pole. So candidates can be kept on a
    stack, each with the place from which it is nearest. The line becomes an arc whose radius is
    that of the ellipsoid in its direction, the mean of both ends.
    """
    _check(sources, grid)
    rows, cols = grid.shape
    km = np.empty((rows, cols), np.float32)
    where = np.empty((rows, cols) if index else (0, 0), np.int32)
    table, row_at = _meridian(grid)
    angle = np.radians(np.arange(cols) * grid.cell_deg[0])
    turn = np.column_stack([np.cos(angle), 4 * np.sin(angle / 2) ** 2])

    def measure(share: slice) -> None:
        _measure(sources, west, east, table, row_at, turn, share.start, share.stop, km, where)

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(lambda s: _edges(sources, s.start, s.stop), _shares(rows, threads))
        edges = tuple(np.concatenate(part) for part in zip(*parts, strict=True))
        west, east = pool.map(
            lambda side: _carry(sources, *_arrivals(edges, side, cols), table, turn[:, 0], side),
            (WEST, EAST),
        )
        list(pool.map(measure, _shares(cols, 4 * threads)))
    return (km, where) if index else km


def _check(sources: BoolArray, grid: Grid) -> None:
    """Refuse what the method does not hold for."""
    west, south, east, north = grid.bounds
    if sources.shape != grid.shape:
        raise ValueError(f"sources have shape {sources.shape}, the grid has {grid.shape}")
    if south < 0 < north or east - west > 180:
        raise ValueError("the grid must lie on one side of the equator, within 180 degrees")


def _shares(size: int, count: int) -> list[slice]:
    """Stretches of whole strips that together cover a number of rows or columns."""
    strips = np.linspace(0, -(-size // STRIP), count + 1).astype(int) * STRIP
    return [slice(a, min(b, size)) for a, b in zip(strips[:-1], strips[1:], strict=True) if a < b]


def _meridian(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Tables by row, and the row at equal steps of the ratio z / x (to guess crossings).

    Columns: distance x from the axis and z from the equator's plane (km), half the squared
    distance from the Earth's centre, z / x, 1 / x, curvature across and along the meridian.
    """
    phi, es = np.radians(grid.lat), geodesy.GEOD.es
    root = 1 - es * np.sin(phi) ** 2
    across = geodesy.GEOD.a / 1000 / np.sqrt(root)
    x, z = across * np.cos(phi), across * (1 - es) * np.sin(phi)
    along = across * (1 - es) / root
    table = np.column_stack([x, z, (x**2 + z**2) / 2, z / x, 1 / x, 1 / across, 1 / along])
    steps = np.linspace(table[-1, 3], table[0, 3], 4 * len(x) + 1)
    row_at = np.interp(steps, table[::-1, 3], np.arange(len(x))[::-1])
    return table, np.rint(row_at).astype(np.int32)


@kernel
def _edges(sources, top, bottom):  # type: ignore[no-untyped-def]
    """Marked cells of some rows beside unmarked ones: row, column, side that is not marked."""
    rows, cols = sources.shape
    found, size = np.empty((3, 1024), np.int32), 0
    for r in range(top, bottom):
        here, north = sources[r], sources[max(r - 1, 0)]
        south = sources[min(r + 1, rows - 1)]
        for left in range(0, cols, CHUNK):
            right, some = min(left + CHUNK, cols), False
            for c in range(left, right):
                some |= (here[c] != north[c]) | (here[c] != south[c])
            for c in range(max(left, 1), right):
                some |= here[c] != here[c - 1]
            if not some:
                continue
            if size + 3 * CHUNK > found.shape[1]:
                found = np.concatenate((found, np.empty_like(found)), axis=1)
            for c in range(left, right):
                if here[c] and not (north[c] and south[c]):
                    found[0, size], found[1, size], found[2, size] = r, c, 0
                    size += 1
                if c > 0 and here[c] != here[c - 1]:
                    west = here[c]
                    found[0, size], found[1, size] = r, c if west else c - 1
                    found[2, size] = -1 if west else 1
                    size += 1
    return found[0, :size].copy(), found[1, :size].copy(), found[2, :size].copy()


def _arrivals(
    edges: tuple[Int32Array, ...], side: int, cols: int
) -> tuple[NDArray[np.intp], Int32Array, Int32Array]:
    """Marked cells that become candidates at each column: where each column begins, row, column.

    Northern and southern ends of marked stretches do so at once; what has unmarked cells only
    beside it, at the next column (within the stretch nothing but itself is nearest to it).
    """
    row, col, open_to = edges
    taken = (open_to == 0) | (open_to == side)
    at = (col + side * (open_to != 0))[taken]
    order = np.argsort(at.astype(np.int16 if cols < 2**15 else np.int32), kind="stable")
    return np.searchsorted(at[order], np.arange(cols + 1)), row[taken][order], col[taken][order]


@kernel
def _merge(rows_a, cols_a, rows_b, cols_b, own, rows, cols):  # type: ignore[no-untyped-def]
    """Candidates of two lists by row, the nearer one where both have one; their number."""
    a, b, size = 0, 0, 0
    while a < len(rows_a) or b < len(rows_b):
        if b == len(rows_b) or (a < len(rows_a) and rows_a[a] < rows_b[b]):
            rows[size], cols[size] = rows_a[a], cols_a[a]
            a += 1
        else:
            rows[size], cols[size] = rows_b[b], cols_b[b]
            b += 1
            if a < len(rows_a) and rows_a[a] == rows[size]:
                if abs(own - cols_a[a]) < abs(own - cols[size]):
                    cols[size] = cols_a[a]
                a += 1
        size += 1
    return size


@kernel
def _cross(gap, rise, weight, guess):  # type: ignore[no-untyped-def]
    """Ratio z / x south of which the southern of two candidates is nearer, and 1 / x there."""
    ratio = guess
    for _ in range(4):  # nearly straight: each step of Newton's doubles the digits and more
        root = np.sqrt(EQUATOR + POLE * ratio * ratio)
        slope = rise + weight * POLE * ratio / root
        ratio -= (gap + rise * ratio + weight * root) / slope
    return ratio, np.sqrt(EQUATOR + POLE * ratio * ratio)


@kernel
def _thin(rows, cols, size, own, table, cosine, start, reach):  # type: ignore[no-untyped-def]
    """Keep those of the candidates that are nearest to a point of a meridian; their number.

    A great ellipse between two points may lie nearer to the pole than both, so the meridian
    goes on to the pole.
    """
    north = table[-1, 3] >= 0
    least = table[-1, 3] if north else -np.inf
    kept = 0
    for n in range(size):
        row, col = rows[n], cols[n]
        level = table[row, 0] * cosine[abs(own - col)]
        ratio, over = (np.inf, np.inf) if north else (table[0, 3], table[0, 4])
        while kept > 0:
            top = rows[kept - 1]
            gap, rise = level - reach[kept - 1], table[row, 1] - table[top, 1]
            weight = table[top, 2] - table[row, 2]
            if gap + rise * start[kept - 1, 0] + weight * start[kept - 1, 1] > 0:
                kept -= 1
                continue
            ratio, over = _cross(gap, rise, weight, (table[row, 3] + table[top, 3]) / 2)
            break
        if ratio > least:
            rows[kept], cols[kept], reach[kept] = row, col, level
            start[kept, 0], start[kept, 1] = ratio, over
            kept += 1
    return kept


@kernel
def _carry(sources, begin, row, col, table, cosine, side):  # type: ignore[no-untyped-def]
    """Candidates of every column among what is marked on one side of it: begin, row, column."""
    high, wide = sources.shape
    rows, cols = np.empty(2 * high, np.int32), np.empty(2 * high, np.int32)
    old_rows, old_cols = np.empty(high, np.int32), np.empty(high, np.int32)
    start, reach = np.empty((high, 2)), np.empty(high)
    first, kept, size, old = np.zeros((wide, 2), np.int64), np.empty((2, 4096), np.int32), 0, 0
    for k in range(wide):
        own, count = k if side == WEST else wide - 1 - k, 0
        for n in range(old):  # a marked cell of this column hides what lies behind it in its row
            if not sources[rows[n], own]:
                old_rows[count], old_cols[count] = rows[n], cols[n]
                count += 1
        new = slice(begin[own], begin[own + 1])
        old = _merge(old_rows[:count], old_cols[:count], row[new], col[new], own, rows, cols)
        old = _thin(rows, cols, old, own, table, cosine, start, reach)
        if size + old > kept.shape[1]:
            kept = np.concatenate((kept, np.empty_like(kept)), axis=1)
        kept[0, size : size + old], kept[1, size : size + old] = rows[:old], cols[:old]
        first[own, 0], first[own, 1] = size, size + old
        size += old
    return first, kept[:, :size].copy()


@kernel
def _lead(table, north, south, gap, row):  # type: ignore[no-untyped-def]
    """How much nearer a row is to the southern of two candidates (sign only)."""
    rise = table[south, 1] - table[north, 1]
    weight = table[north, 2] - table[south, 2]
    return gap + rise * table[row, 3] + weight * table[row, 4]


@kernel
def _first_row(table, row_at, north, south, gap, after):  # type: ignore[no-untyped-def]
    """First row beyond another that is nearer to the southern candidate; it must exist."""
    rise = table[south, 1] - table[north, 1]
    weight = table[north, 2] - table[south, 2]
    least, last = table[-1, 3], len(table) - 1
    scale = (len(row_at) - 1) / max(table[0, 3] - least, 1e-300)
    row = (north + south) // 2
    for _ in range(2):  # the weight is small, so that 1 / x of a guess is good enough
        ratio = -(gap + weight * table[row, 4]) / rise
        step = (ratio - least) * scale
        row = row_at[int(min(max(step, 0.0), len(row_at) - 1.0))]
    row = min(max(row, after + 1), last)
    while row > after + 1 and gap + rise * table[row - 1, 3] + weight * table[row - 1, 4] > 0:
        row -= 1
    while gap + rise * table[row, 3] + weight * table[row, 4] <= 0:
        row += 1
    return row


@kernel
def _stack(rows, cols, size, own, table, row_at, turn, first, reach):  # type: ignore[no-untyped-def]
    """Keep the candidates that are nearest to a cell, with their first row; their number."""
    high, kept = len(table), 0
    for n in range(size):
        row, col = rows[n], cols[n]
        level, start = table[row, 0] * turn[abs(own - col), 0], 0
        while kept > 0:
            top = rows[kept - 1]
            gap = level - reach[kept - 1]
            if _lead(table, top, row, gap, first[kept - 1]) > 0:
                kept -= 1
                continue
            start = high
            if _lead(table, top, row, gap, high - 1) > 0:
                start = _first_row(table, row_at, top, row, gap, first[kept - 1])
            break
        if start < high:
            rows[kept], cols[kept], first[kept], reach[kept] = row, col, start, level
            kept += 1
    return kept


@kernel(error_model="numpy")
def _arcs_km(here, there, bow, arcs):  # type: ignore[no-untyped-def]
    """Arcs between cells of a column and others; how many lie beyond the series."""
    far = 0
    for r in range(len(arcs)):
        dx, dz = here[0, r] - there[0, r], here[1, r] - there[1, r]
        along, across = dx * dx + dz * dz, here[0, r] * there[0, r] * bow[r]
        square = along + across
        # The mean of the curvatures at both ends: 1e-7 from that at the middle over 2000 km.
        bend = (across * (here[2, r] + there[2, r]) + along * (here[3, r] + there[3, r])) / 2
        v = bend * bend / max(square, TINY)
        series = 1 + v * (1 / 24 + v * (3 / 640 + v * (5 / 7168 + v * (35 / 294912))))
        arcs[r] = np.sqrt(square) * series
        far += v > SERIES_UP_TO
    return far


@kernel(error_model="numpy")
def _far_arcs_km(here, there, bow, arcs):  # type: ignore[no-untyped-def]
    """The same for arcs of any length."""
    for r in range(len(arcs)):
        dx, dz = here[0, r] - there[0, r], here[1, r] - there[1, r]
        along, across = dx * dx + dz * dz, here[0, r] * there[0, r] * bow[r]
        bend = across * (here[2, r] + there[2, r]) + along * (here[3, r] + there[3, r])
        bend = bend / 2 / max(along + across, TINY)
        arcs[r] = 2 / max(bend, TINY) * np.arcsin(min(np.sqrt(along + across) * bend / 2, 1.0))


@kernel
def _measure(sources, west, east, table, row_at, turn, left, right, km, where):  # type: ignore[no-untyped-def]
    """Distances (and nearest cells, where wanted) of some columns, a strip at a time."""
    high, wide = sources.shape
    here = np.ascontiguousarray(table[:, np.array([0, 1, 5, 6])].T)
    there, bow = np.empty_like(here), np.empty(high)
    arcs, found = np.empty((STRIP, high), np.float32), np.empty((STRIP, high), np.int32)
    rows, cols = np.empty(2 * high, np.int32), np.empty(2 * high, np.int32)
    first, reach = np.empty(2 * high, np.int32), np.empty(2 * high)
    (begin_w, kept_w), (begin_e, kept_e) = west, east
    for c in range(left, right, STRIP):
        count = min(STRIP, right - c)
        for k in range(count):
            own = c + k
            a, b = begin_w[own], begin_e[own]
            size = _merge(
                kept_w[0, a[0] : a[1]],
                kept_w[1, a[0] : a[1]],
                kept_e[0, b[0] : b[1]],
                kept_e[1, b[0] : b[1]],
                own,
                rows,
                cols,
            )
            size = _stack(rows, cols, size, own, table, row_at, turn, first, reach)
            arcs[k], found[k] = np.inf, -1  # where nothing at all is marked
            first[size] = high
            for n in range(size):
                part = slice(first[n], first[n + 1])
                for line in range(4):
                    there[line, part] = here[line, rows[n]]
                bow[part] = turn[abs(own - cols[n]), 1]
                found[k, part] = rows[n] * wide + cols[n]
            if size > 0 and _arcs_km(here, there, bow, arcs[k]) > 0:
                _far_arcs_km(here, there, bow, arcs[k])
        for r in range(high):
            for k in range(count):
                km[r, c + k] = 0 if sources[r, c + k] else arcs[k, r]
        if len(where) > 0:
            for r in range(high):
                for k in range(count):
                    marked = sources[r, c + k]
                    where[r, c + k] = r * wide + c + k if marked else found[k, r]
