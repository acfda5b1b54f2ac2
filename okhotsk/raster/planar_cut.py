"""Cheapest separating curves on a grid: minimum cuts in the plane as shortest paths.

A curve that separates an inside from an outside in the plane is a closed curve that crosses a
ray from the inside an odd number of times. Its least cost is therefore a shortest path from a
cell to itself in a covering of the grid by crossing parities (Itai & Shiloach 1979,
doi:10.1137/0208012; Reif 1983, doi:10.1137/0212005), not a max-flow. Curves may run along 16
directions to the quarter circle, and an edge costs the integral of the cell costs under it, so
that lengths are isotropic: see :func:`metrication_error`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster.arrays import BoolArray, FloatArray, IntArray
from okhotsk.raster.cost_surface import CostSurface, PathProblem, PathQuery, Ray, SearchTree
from okhotsk.raster.grid import Grid, find_box
from okhotsk.raster.stencil import NOWHERE
from okhotsk.raster.stencil import REACH_COLS as REACH_COLS
from okhotsk.raster.stencil import REACH_ROWS as REACH_ROWS
from okhotsk.raster.stencil import GridPath as GridPath

MAX_PIECES = 4


@dataclass(frozen=True)
class Enclosure:
    """Closed curves that together separate an inside from an outside at least cost.

    Attributes
    ----------
    cost
        Sum over the curves.
    curves
        The closed curves; the first contains the inside.
    main
        The curve through the anchor that takes in no piece of the outside.
    surface, anchor, ray
        Where they were sought, the cell of the mainland, and a ray that ends in the inside.
    """

    cost: float
    curves: tuple[GridPath, ...]
    main: GridPath
    surface: CostSurface
    anchor: tuple[int, int]
    ray: Ray

    def is_proven(self, baseline: SearchTree | None = None) -> bool:
        """Return True where no curve that avoids the mainland can be cheaper.

        One more search, unless a baseline tells (the solved :func:`ring_problem` of the same
        inside): where the surface has only become dearer since, its cheapest such curve bounds
        this one's from below.
        """
        problem = ring_problem(self.surface, self.anchor, self.ray, bound=self.cost)
        return not np.isfinite(problem.solve(baseline).curve.cost)


def shortest_crossing(cost: FloatArray, grid: Grid, start: BoolArray, goal: BoolArray) -> GridPath:
    """Return the cheapest path of :func:`crossing_problem`."""
    return crossing_problem(cost, grid, start, goal).solve().curve


def crossing_problem(
    cost: NDArray[np.floating], grid: Grid, start: BoolArray, goal: BoolArray
) -> PathProblem:
    """Return the problem of the cheapest path from any start cell to any goal cell.

    Its solution has infinite cost and no vertices where the two are not connected.

    Parameters
    ----------
    cost
        Cost per km in each cell; 0 is free, ``inf`` cannot be entered.
    start, goal
        Cells of the two ends.
    """
    query = PathQuery(np.flatnonzero(start), np.flatnonzero(goal))
    return PathProblem(CostSurface.of(cost, grid), query)


def find_ray(piece: BoolArray) -> Ray:
    """A ray that ends in a piece, at its northernmost row."""
    row, col = np.unravel_index(piece.argmax(), piece.shape)
    return Ray(int(row), int(col))


def outer_pieces(outside: BoolArray) -> list[BoolArray]:
    """Pieces of the outside that do not reach the edge of the grid, largest first."""
    labels, count = ndimage.label(outside, np.ones((3, 3)))
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inner = np.setdiff1d(np.arange(1, count + 1), edge)
    sizes = np.bincount(labels.ravel())[inner]
    return [labels == n for n in inner[np.argsort(-sizes, kind="stable")]]


def enclosure_problem(
    cost: NDArray[np.floating],
    grid: Grid,
    *,
    inside: BoolArray,
    outside: BoolArray,
    anchor: tuple[int, int],
    pieces: list[BoolArray] | None = None,
) -> PathProblem:
    """Return the problem of the curve through the anchor that takes in no piece of the outside.

    The first search of :func:`cheapest_enclosure`, with the same parameters and errors.
    """
    pieces = outer_pieces(outside & ~inside) if pieces is None else pieces
    if len(pieces) > MAX_PIECES:
        raise ValueError(f"the outside lies in {len(pieces)} pieces, at most {MAX_PIECES}")
    rays = (find_ray(inside), *map(find_ray, pieces))
    query = PathQuery(np.array([anchor[0] * cost.shape[1] + anchor[1]]), rays=rays, want=1)
    return PathProblem(CostSurface.of(np.where(inside | outside, np.inf, cost), grid), query)


def ring_problem(
    surface: CostSurface, anchor: tuple[int, int], ray: Ray, *, bound: float = np.inf
) -> PathProblem:
    """Return the problem of the cheapest closed curve that avoids the mainland's free ground.

    Parameters
    ----------
    surface
        That of :func:`enclosure_problem`.
    anchor, ray
        A cell of the mainland, and a ray that ends in the inside.
    bound
        No dearer curve is wanted.
    """
    free, _ = ndimage.label(surface.cost == 0, np.ones((3, 3)))
    mainland = (free == free[anchor]) & (free > 0)
    around = CostSurface.of(np.where(mainland, np.inf, surface.cost), surface.grid)
    starts = _near_ray(ray, surface.cost.shape)
    starts = starts[np.isfinite(around.cost.ravel()[starts])]
    return PathProblem(around, PathQuery(starts, rays=(ray,), want=1, bound=bound))


def cheapest_enclosure(
    cost: NDArray[np.floating],
    grid: Grid,
    *,
    inside: BoolArray,
    outside: BoolArray,
    anchor: tuple[int, int],
    pieces: list[BoolArray] | None = None,
    baseline: SearchTree | None = None,
) -> Enclosure:
    """Return the cheapest closed curves that keep an inside from an outside.

    Parameters
    ----------
    cost
        Cost per km in each cell; 0 is free (land), ``inf`` cannot be entered.
    inside
        Connected cells to be enclosed.
    outside
        Cells to be kept out: those that reach the edge of the grid, and any pieces that do not
        (at most 4, e.g. the territorial sea of an island ceded alone).
    anchor
        Row and column of a free cell of the mainland: its free ground must touch the edge of
        the grid. Curves are sought through it; :meth:`Enclosure.is_proven` says whether one that
        avoids it may cost less.
    pieces
        Its pieces off the edge, :func:`outer_pieces` of what lies not inside; found where not
        given.
    baseline
        The solved :func:`enclosure_problem` of the same inside where the costs or the outside were
        little different: only what has changed is searched anew.

    Raises
    ------
    ValueError
        Where the outside has more than 4 pieces or nothing can be separated.

    Notes
    -----
    With k pieces off the edge, 2 ** k searches in the covering by k + 1 parities price the
    curves through the anchor by the pieces they take in; those are ringed, alone or together,
    and the best combination wins. Exact for the graph but for one thing: rings are sought in
    the surroundings of their pieces only.
    """
    pieces = outer_pieces(outside & ~inside) if pieces is None else pieces
    problem = enclosure_problem(
        cost, grid, inside=inside, outside=outside, anchor=anchor, pieces=pieces
    )
    main = problem.solve(baseline).curve
    curves = _with_rings(problem, pieces, main)
    best = sum(curve.cost for curve in curves)
    if not np.isfinite(best):
        raise ValueError("no curve separates the inside from the outside")
    # Without what the searches made of the surface, which takes much of the memory.
    surface, ray = CostSurface(problem.surface.cost, grid), problem.query.rays[0]
    return Enclosure(best, curves, main, surface, anchor, ray)


def _with_rings(
    problem: PathProblem, pieces: list[BoolArray], main: GridPath
) -> tuple[GridPath, ...]:
    """The best of the curves through the anchor, each with rings round the pieces it takes in."""
    best: float = main.cost
    curves: tuple[GridPath, ...] = (main,)
    if not pieces:
        return curves
    surface, base, rays = problem.surface, problem.query.starts, problem.query.rays
    mains = {n: surface.loop(base, rays, n | 1, bound=best) for n in range(2, 1 << len(rays), 2)}
    least = min([best, *(curve.cost for curve in mains.values())])

    @cache
    def ring(bits: int) -> GridPath:
        chosen = [n for n in range(len(pieces)) if bits >> (n + 1) & 1]
        # It must leave room for a main curve, and a joint ring be worth it.
        apart = sum(ring(2 << n).cost for n in chosen) if len(chosen) > 1 else np.inf
        room = best - least if np.isfinite(best) else np.inf
        piece = np.logical_or.reduce([pieces[n] for n in chosen])
        return find_ring(surface, piece, rays, bits, bound=min(apart, room))

    for taken, curve in mains.items():
        if curve.cost < best:
            parts = (curve, *find_rings(taken, ring))
            if (total := sum(part.cost for part in parts)) < best:
                best, curves = total, parts
    return curves


def find_rings(pieces: int, rings: Callable[[int], GridPath]) -> tuple[GridPath, ...]:
    """Cheapest set of rings that together go once round each of the pieces (bits)."""
    if not pieces:
        return ()
    lowest, choices = pieces & -pieces, []
    part = pieces
    while part:
        if part & lowest:
            choices.append((rings(part), *find_rings(pieces ^ part, rings)))
        part = (part - 1) & pieces
    return min(choices, key=lambda curves: sum(curve.cost for curve in curves))


def _near_ray(ray: Ray, shape: tuple[int, int]) -> IntArray:
    """Cells from which a step may cross a ray eastwards, from its end to the north edge."""
    rows, cols = np.meshgrid(
        np.arange(min(ray.row + REACH_ROWS, shape[0] - 1), -1, -1),
        np.arange(ray.col, max(ray.col - REACH_COLS, -1), -1),
        indexing="ij",
    )
    return np.asarray((rows * shape[1] + cols).ravel(), np.int64)


def _surroundings(surface: CostSurface, piece: BoolArray) -> tuple[slice, slice]:
    """Window of a piece grown on each side by its width and height together."""
    rows, cols = find_box(piece)
    width_km, height_km = (size[rows.start] for size in surface.grid.cell_size_km())
    down, right = rows.stop - rows.start - 1, cols.stop - cols.start - 1
    span_km = down * height_km + right * width_km + 2 * REACH_ROWS * height_km
    return find_box(piece, margin=(int(span_km / height_km) + 1, int(span_km / width_km) + 1))


def find_ring(
    surface: CostSurface, piece: BoolArray, rays: tuple[Ray, ...], bits: int, *, bound: float
) -> GridPath:
    """Cheapest closed curve below a bound round some pieces and nothing else.

    Sought in the surroundings of the pieces; one that runs further can only be cheaper by way
    of the anchor's free ground, and such curves are priced with the main one.
    """
    window = _surroundings(surface, piece)
    near = surface.crop(window)
    top, left = window[0].start, window[1].start
    rays = tuple(Ray(ray.row - top, ray.col - left) for ray in rays)
    best = GridPath(np.inf, NOWHERE, NOWHERE)
    # A path between two starts bounds the rings through any of their group from below; once its
    # ends are one cell it is such a ring, so that few groups are searched down to single cells.
    groups = [_ring_starts(near.cost, rays[(bits & -bits).bit_length() - 1])]
    while groups:
        starts = groups.pop()
        found = near.loop(starts, rays, bits, bound=min(best.cost, bound))
        if found.cost >= min(best.cost, bound):
            continue
        if (found.rows[0], found.cols[0]) == (found.rows[-1], found.cols[-1]):
            best = GridPath(found.cost, found.rows + top, found.cols + left)
        else:
            groups += [starts[len(starts) // 2 :], starts[: len(starts) // 2]]
    return best


def _ring_starts(cost: NDArray[np.float32], ray: Ray) -> IntArray:
    """Open cells near a ray, nearest to its end first; one for each connected free ground."""
    free = ndimage.label(cost == 0, np.ones((3, 3)))[0].ravel()
    cells = _near_ray(ray, cost.shape)
    cells = cells[np.isfinite(cost.ravel()[cells])]
    same = np.where(free[cells] > 0, free[cells], -1 - cells)
    return cells[np.sort(np.unique(same, return_index=True)[1])]


def enclosed(curve: GridPath, shape: tuple[int, int]) -> BoolArray:
    """Cells whose centre a closed curve goes round an odd number of times."""
    toggles = np.zeros(shape, np.uint8)
    pairs = zip(
        curve.rows, curve.cols, np.roll(curve.rows, -1), np.roll(curve.cols, -1), strict=True
    )
    for row, col, to_row, to_col in pairs:
        if col == to_col:
            continue
        columns = np.arange(min(col, to_col), max(col, to_col))  # half open: no column twice
        crossed = np.ceil(row + (columns - col) * (to_row - row) / (to_col - col))
        toggles[crossed.astype(int), columns] ^= 1
    return np.asarray(np.bitwise_xor.accumulate(toggles, axis=0) == 1)
