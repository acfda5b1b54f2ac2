"""Steps of a path on a grid: the stencil, the cells under each step, and lengths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import BoolArray, IntArray
from okhotsk.raster.grid import Grid

REACH_ROWS, REACH_COLS = 3, 6


@cache
def vectors() -> tuple[tuple[int, int], ...]:
    """All primitive steps within the reach, in a fixed order."""
    steps = [
        (r, c)
        for r in range(-REACH_ROWS, REACH_ROWS + 1)
        for c in range(-REACH_COLS, REACH_COLS + 1)
        if gcd(r, c) == 1
    ]
    return tuple(sorted(steps, key=lambda s: (s[0] ** 2 + s[1] ** 2, s)))


def _pieces(dr: int, dc: int) -> Iterator[tuple[int, int, float]]:
    """Cells under a step and the share of its length in each; 0 for a touched corner."""
    cuts = {0.0, 1.0}
    cuts |= {(k + 0.5) / abs(dr) for k in range(abs(dr))} if dr else set()
    cuts |= {(k + 0.5) / abs(dc) for k in range(abs(dc))} if dc else set()
    edges = sorted(cuts)
    places = [
        (int(np.floor(dr * m + 0.5)), int(np.floor(dc * m + 0.5)))
        for m in ((a + b) / 2 for a, b in zip(edges, edges[1:], strict=False) if b - a > 1e-9)
    ]
    shares = [b - a for a, b in zip(edges, edges[1:], strict=False) if b - a > 1e-9]
    yield from ((r, c, s) for (r, c), s in zip(places, shares, strict=True))
    for (r1, c1), (r2, c2) in zip(places, places[1:], strict=False):
        if r1 != r2 and c1 != c2:  # through a corner: the flanking cells may block it
            yield from ((r1, c2, 0.0), (r2, c1, 0.0))


@cache
def primitive_steps() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Steps (n, 2), and their cells (n, k, 2) with shares (n, k), padded with share -1."""
    pieces = [list(_pieces(r, c)) for r, c in vectors()]
    width = max(map(len, pieces))
    cells = np.zeros((len(pieces), width, 2), np.int64)
    shares = np.full((len(pieces), width), -1, np.float32)
    for n, row in enumerate(pieces):
        for k, (r, c, share) in enumerate(row):
            cells[n, k], shares[n, k] = (r, c), share
    return np.array(vectors(), np.int64), cells, shares


@lru_cache(maxsize=32)
def lengths_km(grid: Grid) -> NDArray[np.float32]:
    """Length of every step from every row, with the cell size at its middle."""
    steps, rows = primitive_steps()[0], np.arange(grid.shape[0])
    to = np.clip(rows[:, None] + steps[:, 0], 0, grid.shape[0] - 1)
    width_km, height_km = ((size[:, None] + size[to]) / 2 for size in grid.cell_size_km())
    return np.asarray(np.hypot(steps[:, 1] * width_km, steps[:, 0] * height_km), np.float32)


NOWHERE = np.empty(0, np.int64)


@dataclass(frozen=True)
class GridPath:
    """A path on the grid.

    Attributes
    ----------
    cost
        Integral of the cost along the path (cost unit times km).
    rows, cols
        Cell positions of its vertices, in order.
    """

    cost: float
    rows: IntArray
    cols: IntArray


def stencil(
    grid: Grid,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return the steps of a grid that a compiled search runs over.

    Steps (n, 2); flat offsets (n, k) of the cells under each and their shares (n, k) of its
    length, padded with share -1; lengths in km (rows, n).
    """
    steps, cells, shares = primitive_steps()
    return steps, cells @ np.array([grid.shape[1], 1]), shares, lengths_km(grid)


@cache
def _numbers() -> dict[tuple[int, int], int]:
    return {(int(r), int(c)): n for n, (r, c) in enumerate(primitive_steps()[0])}


def steps_of(curve: GridPath) -> IntArray:
    """Return the numbers of a curve's steps in :func:`stencil`, in order."""
    known = _numbers()
    moves = zip(np.diff(curve.rows).tolist(), np.diff(curve.cols).tolist(), strict=True)
    return np.array([known[move] for move in moves], np.int64)


def crossed(curve: GridPath) -> tuple[IntArray, IntArray]:
    """Return rows and columns of every cell whose closing would forbid a curve.

    Those under its steps, with the two at each corner that a step goes through.
    """
    _, cells, shares = primitive_steps()
    taken = steps_of(curve)
    places = np.stack([curve.rows, curve.cols], axis=-1)
    under = (places[:-1, None] + cells[taken])[shares[taken] >= 0]
    rows, cols = np.concatenate([places, under]).T
    return rows, cols


def between(vertices: BoolArray) -> BoolArray:
    """Return some cells and those that any step from one of them to another needs open."""
    found = vertices.copy()
    shape = np.array(vertices.shape)
    for step, under, shares in zip(*primitive_steps(), strict=True):
        if tuple(step) < (0, 0):  # the same cells as the step back
            continue
        first = np.maximum(-step, 0)
        last = np.maximum(first, shape - np.maximum(step, 0))
        starts = vertices[_window(first, last)] & vertices[_window(first + step, last + step)]
        for place in under[shares >= 0]:
            found[_window(first + place, last + place)] |= starts
    return found


def _window(first: IntArray, last: IntArray) -> tuple[slice, slice]:
    return slice(first[0], last[0]), slice(first[1], last[1])


def stretches(curve: GridPath, grid: Grid) -> tuple[IntArray, NDArray[np.float64]]:
    """Return the flat numbers of the cells under each step of a curve, and how far it runs in each.

    The sum of a cost per km times these is the cost of the curve, without the rounding of a search.
    """
    (_, cells, shares), taken = primitive_steps(), steps_of(curve)
    places = np.stack([curve.rows, curve.cols], axis=-1)[:-1, None] + cells[taken]
    km = lengths_km(grid)[curve.rows[:-1], taken][:, None] * shares[taken].astype(float)
    return (places @ np.array([grid.shape[1], 1]))[km > 0], km[km > 0]


def metrication_error(*, aspect: float) -> float:
    """Greatest relative excess of a grid path over a straight line in open water.

    ``aspect`` is the height of a cell over its width (1.5 at 48 degrees north).
    """
    angles = np.sort([np.arctan2(r * aspect, c) for r, c in primitive_steps()[0]])
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    return float(np.max(1 / np.cos(gaps / 2)) - 1)
