"""Distance of every cell of a grid to the nearest of many marked cells, on the ellipsoid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal, overload

import numpy as np
from numba import njit
from numpy.typing import NDArray

from okhotsk import geodesy
from okhotsk.grid import Grid

STRIP = 16  # columns taken together: one cache line of results in each row
SERIES_UP_TO = 0.1  # (chord / radius) squared up to which the series of the arc is good to 1e-9
TINY = 1e-30  # keeps the arc of a cell to itself from 0 / 0

BoolArray = NDArray[np.bool_]
KmArray = NDArray[np.float32]
IndexArray = NDArray[np.int32]


@overload
def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: Literal[False] = False, threads: int = 2
) -> KmArray: ...


@overload
def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: Literal[True], threads: int = 2
) -> tuple[KmArray, IndexArray]: ...


def nearest_cell_km(
    sources: BoolArray, grid: Grid, *, index: bool = False, threads: int = 2
) -> KmArray | tuple[KmArray, IndexArray]:
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
    Exact for straight lines through the Earth, in a time that grows with the cells alone. In a
    row the nearest marked column is nearest from all rows, which leaves one candidate per row
    for each column (as Meijster et al. 2000, doi:10.1007/0-306-47025-X_36, do in the plane). A
    point of the meridian at reduced latitude b is nearer to the northern of two candidates where
    ``u cos b + v sin b + w > 0`` with v > 0; north of the equator w >= 0, south of it w <= 0
    (the Earth is flat at the poles), and then that changes sign at most once between equator
    and pole. So the northern one serves what lies north of one row, and candidates can be kept
    on a stack with the row from which each is nearest. The line becomes an arc whose radius
    is that of the ellipsoid in its direction, the mean of both ends.
    """
    _check(sources, grid)
    rows, cols = grid.shape
    km = np.full((rows, cols), np.inf, np.float32)
    where = np.full((rows, cols) if index else (0, 0), -1, np.int32)
    column = np.empty((rows, cols), np.int16 if cols < 2**15 else np.int32)
    table, row_at = _meridian(grid)
    angle = np.radians(np.arange(cols) * grid.cell_deg[0])
    turn = np.column_stack([np.cos(angle), 4 * np.sin(angle / 2) ** 2])
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda s: _mark_columns(sources[s], column[s]), _shares(rows, threads)))
        list(
            pool.map(
                lambda s: _measure(column, table, row_at, turn, s.start, s.stop, km, where),
                _shares(cols, 4 * threads),
            )
        )
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


@njit(cache=True, nogil=True)
def _mark_columns(sources, column):  # type: ignore[no-untyped-def]
    """Column of the nearest marked cell in each row; -1 in rows without any."""
    rows, cols = sources.shape
    for r in range(rows):
        last = -1
        for c in range(cols):
            if sources[r, c]:
                # What lies between two marked cells is nearer to the left one up to the middle.
                middle = (last + c) // 2 + 1 if last >= 0 else 0
                for k in range(last + 1, middle):
                    column[r, k] = last
                for k in range(max(middle, last + 1), c + 1):
                    column[r, k] = c
                last = c
        for k in range(last + 1, cols):
            column[r, k] = last


@njit(cache=True, nogil=True)
def _lead(table, north, south, gap, row):  # type: ignore[no-untyped-def]
    """How much nearer a row is to the southern of two candidates (sign only)."""
    rise = table[south, 1] - table[north, 1]
    weight = table[north, 2] - table[south, 2]
    return gap + rise * table[row, 3] + weight * table[row, 4]


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _stack(column, own, table, row_at, turn, kept, first, reach):  # type: ignore[no-untyped-def]
    """Candidates that are nearest somewhere in a column, with their first row; their number."""
    rows, size = len(column), 0
    for r in range(rows):
        source = column[r]
        if source < 0:
            continue
        if source == own and 0 < r < rows - 1 and column[r - 1] == own and column[r + 1] == own:
            continue  # inside a marked stretch: its ends are nearer to all others
        level, start = table[r, 0] * turn[abs(own - source), 0], 0
        while size > 0:
            top = kept[size - 1]
            gap = level - reach[size - 1]
            if _lead(table, top, r, gap, first[size - 1]) > 0:
                size -= 1
                continue
            start = rows
            if _lead(table, top, r, gap, rows - 1) > 0:
                start = _first_row(table, row_at, top, r, gap, first[size - 1])
            break
        if size == 0:
            start = 0
        if start < rows:
            kept[size], first[size], reach[size] = r, start, level
            size += 1
    return size


@njit(cache=True, nogil=True, error_model="numpy")
def _arcs_km(x, z, bends, other, turn, first, stop, arcs):  # type: ignore[no-untyped-def]
    """Arcs from the cells of a column to a cell of another; how many lie beyond the series."""
    x0, z0, across0, along0 = x[other], z[other], bends[0, other], bends[1, other]
    far = 0
    for r in range(first, stop):
        dx, dz = x[r] - x0, z[r] - z0
        along, across = dx * dx + dz * dz, x[r] * x0 * turn
        square = along + across
        # The mean of the curvatures at both ends: 1e-7 from that at the middle over 2000 km.
        bend = (across * (bends[0, r] + across0) + along * (bends[1, r] + along0)) / 2
        v = bend * bend / max(square, TINY)
        series = 1 + v * (1 / 24 + v * (3 / 640 + v * (5 / 7168 + v * (35 / 294912))))
        arcs[r] = np.sqrt(square) * series
        far += v > SERIES_UP_TO
    return far


@njit(cache=True, nogil=True, error_model="numpy")
def _far_arc_km(x, z, bends, other, turn, row):  # type: ignore[no-untyped-def]
    """One arc of any length."""
    dx, dz = x[row] - x[other], z[row] - z[other]
    along, across = dx * dx + dz * dz, x[row] * x[other] * turn
    ends = bends[:, row] + bends[:, other]
    bend = (across * ends[0] + along * ends[1]) / 2 / max(along + across, TINY)
    return 2 / max(bend, TINY) * np.arcsin(min(np.sqrt(along + across) * bend / 2, 1.0))


@njit(cache=True, nogil=True)
def _measure(column, table, row_at, turn, left, right, km, where):  # type: ignore[no-untyped-def]
    """Distances (and nearest cells, where wanted) of some columns, a strip at a time."""
    rows, cols = column.shape
    x, z, bends = table[:, 0].copy(), table[:, 1].copy(), table[:, 5:].T.copy()
    near = np.empty((STRIP, rows), column.dtype)
    arcs, found = np.empty((STRIP, rows)), np.empty((STRIP, rows), np.int32)
    kept, first = np.empty(rows, np.int32), np.empty(rows + 1, np.int32)
    reach = np.empty(rows)
    for c in range(left, right, STRIP):
        wide = min(STRIP, right - c)
        for r in range(rows):
            for k in range(wide):
                near[k, r] = column[r, c + k]
        for k in range(wide):
            size = _stack(near[k], c + k, table, row_at, turn, kept, first, reach)
            if size == 0:
                return  # nothing is marked
            first[size] = rows
            for n in range(size):
                other, start, stop = kept[n], first[n], first[n + 1]
                bow = turn[abs(c + k - near[k, other]), 1]
                if _arcs_km(x, z, bends, other, bow, start, stop, arcs[k]) > 0:
                    for r in range(start, stop):
                        arcs[k, r] = _far_arc_km(x, z, bends, other, bow, r)
                found[k, start:stop] = other
        for r in range(rows):
            for k in range(wide):
                km[r, c + k] = 0 if near[k, r] == c + k else arcs[k, r]
        if len(where) > 0:
            for r in range(rows):
                for k in range(wide):
                    source = r if near[k, r] == c + k else found[k, r]
                    where[r, c + k] = source * cols + near[k, source]
