"""The domain that barriers run over, and strips of it between two cross-cuts as graphs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.errors import ScenarioError
from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, Float32Array, Int32Array, IntArray, SetArray
from okhotsk.raster.geodesy import KM_PER_DEG
from okhotsk.raster.grid import Grid, find_box
from okhotsk.sweep.allocation import NO_UNITS, Allocation
from okhotsk.sweep.strip_search import Edges, find_edges, search_strip

Rays = tuple[tuple[int, int], ...]
Axis = tuple[tuple[float, float], tuple[float, float]]
MAX_CLOSERS = 64  # bits that an edge has for what closes it
STENCIL = (2 * planar_cut.REACH_ROWS + 1, 2 * planar_cut.REACH_COLS + 1)


@dataclass(frozen=True)
class BarrierDomain:
    """Where barriers may run when no island is ceded, and the axis along the chain.

    Attributes
    ----------
    cost
        Cost per km; infinite where no barrier may run.
    closing_units
        Units that close each cell (:attr:`okhotsk.sweep.allocation.Allocation.closing_units`).
    along_km
        Distance along the chain, from its southern end.
    ends
        Free cells of the mainland west and east of the core, where every barrier begins and ends.
    rays
        Cells from whose right edges rays run south. A barrier that crosses such a ray an odd
        number of times has the cell inside. A set of rays is a number whose bit n stands for the
        n-th ray; the set crossed an odd number of times is the crossing parity of a barrier.
    """

    grid: Grid
    cost: Float32Array
    closing_units: SetArray
    along_km: Float32Array
    ends: tuple[BoolArray, BoolArray]
    rays: Rays = ()

    @property
    def sheets(self) -> int:
        """Number of crossing parities: the search runs on one sheet of the domain for each."""
        return 1 << len(self.rays)

    @property
    def beside_rays(self) -> BoolArray:
        """Cells next to a ray."""
        beside = np.zeros(self.cost.shape, bool)
        for row, col in self.rays:
            beside[row + 1 :, col : col + 2] = True
        return beside

    def crossings(self, places: NDArray[np.integer], steps: NDArray[np.integer]) -> Int32Array:
        """Rays that some steps (n, 2) from some cells (n, 2) cross, as bits (n,)."""
        (rows, cols), (down, right) = places.T, steps.T
        bits = np.zeros(len(rows), np.int32)
        for n, (row, col) in enumerate(self.rays):
            edge = col + 0.5
            across = (cols < edge) != (cols + right < edge)
            at = rows + (edge - cols) * down / np.where(right == 0, 1, right)
            bits |= np.where(across & (at > row), 1 << n, 0).astype(np.int32)
        return bits


def find_domain(
    grid: Grid,
    allocation: Allocation,
    cost: Float32Array,
    *,
    core: BoolArray,
    anchor: tuple[int, int],
    axis: Axis,
    rays: Rays = (),
) -> BarrierDomain:
    """Return the domain of a cost per km.

    Parameters
    ----------
    grid, allocation, cost
        The grid, what closes its cells, and the cost per km: 0 over land and shallows.
    core
        Cells that every barrier must enclose.
    anchor
        Row and column of a cell of the mainland.
    axis
        Southern and northern end of the chain (longitude, latitude).
    rays
        As :attr:`BarrierDomain.rays`.

    Raises
    ------
    ValueError
        Where the mainland surrounds the sea, or a ray runs over the mainland.

    Notes
    -----
    A closed curve round the core becomes a path: a wall from the core to the northern edge of the
    grid cuts the mainland into a western and an eastern end.
    """
    open_cost = np.where(allocation.always_closed | core, np.inf, cost).astype(np.float32)
    row, col = np.argwhere(core)[0]
    wall = np.zeros(core.shape, bool)
    wall[: row + 1, col : col + planar_cut.REACH_COLS] = True
    free = (open_cost == 0) & (allocation.closing_units == NO_UNITS)
    ends = _mainland_ends(free, anchor, wall, (row, col))
    walled = np.where(wall, np.float32(np.inf), open_cost)
    along_km = _along_km(grid, axis).astype(np.float32)
    domain = BarrierDomain(grid, walled, allocation.closing_units, along_km, ends, rays)
    if ((ends[0] | ends[1]) & domain.beside_rays).any():
        raise ValueError("water that lies cut off has mainland south of it")
    return domain


def _mainland_ends(
    free: BoolArray, anchor: tuple[int, int], wall: BoolArray, foot: tuple[int, int]
) -> tuple[BoolArray, BoolArray]:
    """The mainland's free cells that touch the wall from the west, and from the east."""
    row, col = foot
    joined = ndimage.label(free)[0]
    sides = ndimage.label((joined == joined[anchor]) & ~wall)[0]
    west, east = (
        np.isin(sides, np.setdiff1d(sides[: row + 1, c], 0))
        for c in (col - 1, col + planar_cut.REACH_COLS)
    )
    if (west & east).any():
        raise ValueError("the mainland lies all round the sea, expected it to end at the window")
    return west, east


def _along_km(grid: Grid, axis: Axis) -> NDArray[np.floating]:
    """Distance of every cell along the axis of the chain, on a plane at its middle latitude."""
    (lon, lat), (to_lon, to_lat) = axis
    km_per_lon = KM_PER_DEG * np.cos(np.radians((lat + to_lat) / 2))
    aim = np.array([(to_lon - lon) * km_per_lon, (to_lat - lat) * KM_PER_DEG])
    aim /= np.hypot(*aim)
    along_km: NDArray[np.floating] = (grid.lon - lon)[None, :] * km_per_lon * aim[0] + (
        grid.lat - lat
    )[:, None] * KM_PER_DEG * aim[1]
    return along_km


@dataclass(frozen=True)
class StripGraph:
    """A strip between two cross-cuts as a graph of its cells, one node a cell and sheet.

    Attributes
    ----------
    edges
        From :func:`okhotsk.sweep.strip_search.find_edges`. Bit n of what closes an edge stands for
        ``closers[n]``: units that close it when all of them are ceded.
    entry, ends, exit, goal
        Nodes of the cross-cut behind, of free cells where barriers begin, of the cross-cut ahead,
        and of free cells where barriers end. Nodes are listed sheet by sheet, a row for each;
        those of ``ends`` on the first sheet only.
    remaining
        Lower bound of the cost from each node to the other end of the barrier.
    """

    edges: Edges
    closers: tuple[int, ...]
    entry: Int32Array
    ends: Int32Array
    exit: Int32Array
    goal: Int32Array
    remaining: Float32Array

    def transfer(self, costs: Float32Array, ceded: int, bound: float) -> Float32Array:
        """Return the costs at the cross-cut ahead, from the costs at the cross-cut behind.

        A row for each sheet; the last column is the least cost of a barrier that has reached its
        other end already, on any side of the cross-cuts: it need not come to the one ahead.
        """
        closed = sum(1 << n for n, units in enumerate(self.closers) if not units & ~ceded)
        starts = np.concatenate([self.entry.ravel(), self.ends])
        begun = np.zeros(len(self.ends), np.float32)
        reached = search_strip(
            self.edges,
            np.uint64(closed),
            starts,
            np.concatenate([costs[:, :-1].ravel(), begun]),
            self.remaining,
            np.float32(bound),
        )
        arrived = reached[self.goal].min(axis=1, initial=np.inf)
        ahead = [reached[self.exit], np.minimum(arrived, costs[:, -1])[:, None]]
        return np.concatenate(ahead, axis=1)


def find_strip_graph(
    domain: BarrierDomain,
    inside: BoolArray,
    cross_cuts: tuple[BoolArray, BoolArray],
    ends: tuple[BoolArray, BoolArray],
    remaining: Float32Array,
) -> StripGraph:
    """Return the strip of some cells of a domain, between two cross-cuts.

    ``ends`` are the free cells where barriers begin and end. A cell whose remaining cost is
    infinite has no node; steps may pass over it.

    Raises
    ------
    ScenarioError
        Where more than :data:`MAX_CLOSERS` different sets of units close its cells.
    """
    inside = inside & np.isfinite(domain.cost)
    nodes = inside & np.isfinite(remaining)
    box = find_box(inside)
    cost = np.where(inside, domain.cost, np.float32(np.inf))[box]
    units = np.where(inside, domain.closing_units, NO_UNITS)[box]
    closers, bits = _number_closers(units)
    cells = np.flatnonzero(nodes[box])
    node = np.full(cost.shape, -1, np.int32)
    node.ravel()[cells] = np.arange(len(cells))
    steps, offsets, shares, lengths_km = stencil.stencil(domain.grid.crop(*box))
    inner = _within((cost == 0) & (units == NO_UNITS) & nodes[box])
    edges = find_edges(cost, bits, node, cells, inner, lengths_km, steps, offsets, shares)
    # A free cell with only free cells in reach of a step has nothing to pass on.
    shores = [end[box] & ~_within(end[box]) for end in ends]
    entry, leave, start, goal = (
        node[mask & nodes[box]] for mask in (*(cut[box] for cut in cross_cuts), *shores)
    )
    sheets = np.arange(domain.sheets, dtype=np.int32)[:, None] * np.int32(len(cells))
    if domain.rays:
        edges = _on_sheets(domain, edges, _places(cells, box, cost.shape))
    entry, leave, goal = (sheets + nodes for nodes in (entry, leave, goal))
    onward = np.tile(remaining[box].ravel()[cells], domain.sheets)
    return StripGraph(edges, closers, entry, start, leave, goal, onward)


def _number_closers(units: SetArray) -> tuple[tuple[int, ...], SetArray]:
    """The distinct sets of units that close cells, and for each cell the bit of its set."""
    closers = [int(closing) for closing in np.unique(units) if closing]
    if len(closers) > MAX_CLOSERS:
        raise ScenarioError(
            f"{len(closers)} different sets of islands close water between two cross-cuts of a "
            f"sweep, expected at most {MAX_CLOSERS}: join islands in islands.toml"
        )
    bits = np.zeros(units.shape, np.uint64)
    for n, closing in enumerate(closers):
        bits[units == np.uint64(closing)] = np.uint64(1 << n)
    return tuple(closers), bits


def _within(mask: BoolArray) -> BoolArray:
    """Cells of a mask from which no step leaves it."""
    return np.asarray(ndimage.minimum_filter(mask, size=STENCIL, mode="nearest"))


def _places(cells: IntArray, box: tuple[slice, slice], shape: tuple[int, ...]) -> IntArray:
    """Row and column in the whole grid of some cells of a box, shape (n, 2)."""
    corner = (box[0].start, box[1].start)
    return np.asarray(np.stack(np.unravel_index(cells, shape), axis=1) + corner)


def _on_sheets(domain: BarrierDomain, edges: Edges, places: NDArray[np.integer]) -> Edges:
    """The same edges on every sheet; an edge that crosses a ray leads to another sheet."""
    first, to, price, closing = edges
    sheets, count = domain.sheets, len(places)
    start = places[np.repeat(np.arange(count), np.diff(first))]
    flips = domain.crossings(start, places[to] - start)
    targets = [(flips ^ np.int32(n)) * np.int32(count) + to for n in range(sheets)]
    begins = [first[1:] + n * len(to) for n in range(sheets)]
    return (
        np.concatenate([first[:1], *begins]),
        np.concatenate(targets),
        np.tile(price, sheets),
        np.tile(closing, sheets),
    )
