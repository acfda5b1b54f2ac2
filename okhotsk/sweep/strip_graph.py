"""The ground that seal lines run over, and stretches of it between two gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, Float32Array, Int32Array, SetArray
from okhotsk.raster.grid import Grid, find_box
from okhotsk.sweep.allocation import ANY, Allocation
from okhotsk.sweep.strip_search import Edges, find_edges, relax

KM_PER_DEG = 111.2
Rays = tuple[tuple[int, int], ...]
STENCIL = (2 * planar_cut.REACH_ROWS + 1, 2 * planar_cut.REACH_COLS + 1)


@dataclass(frozen=True)
class BarrierDomain:
    """Where lines may run when nothing is handed over, and along what.

    Attributes
    ----------
    cost
        Cost per km; infinite where no line may run.
    shuts
        Units that close each cell, as :attr:`okhotsk.sweep.allocation.Allocation.shuts`.
    along_km
        Distance along the chain, from its southern end.
    ends
        Free ground of the mainland west and east of the core: where lines begin and end.
    rays
        Cells from whose right edges rays run south: a line that crosses one of them an odd number
        of times has the cell inside. Where there are any, nodes stand on sheets, one for each set
        of rays crossed an odd number of times (bits).
    """

    grid: Grid
    cost: Float32Array
    shuts: SetArray
    along_km: Float32Array
    ends: tuple[BoolArray, BoolArray]
    rays: Rays = ()

    @property
    def beside_rays(self) -> BoolArray:
        """Cells next to a ray."""
        beside = np.zeros(self.cost.shape, bool)
        for row, col in self.rays:
            beside[row + 1 :, col : col + 2] = True
        return beside

    def crossings(self, places: NDArray[np.integer], steps: NDArray[np.integer]) -> Int32Array:
        """Rays that some steps (n, 2) from some cells (n, 2) cross, as bits."""
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
    regions: Allocation,
    cost: Float32Array,
    *,
    core: BoolArray,
    anchor: tuple[int, int],
    axis: tuple[tuple[float, float], tuple[float, float]],
    rays: Rays = (),
) -> BarrierDomain:
    """Return the ground of a cost (per km; 0 where a line costs nothing).

    ``anchor`` is a cell of the mainland, ``axis`` the southern and northern end of the chain
    (longitude, latitude).

    Raises
    ------
    ValueError
        Where the mainland lies all round the sea, or a ray runs over it.
    """
    open_cost = np.where(regions.shut | core, np.inf, cost).astype(np.float32)
    row, col = np.argwhere(core)[0]
    wall = np.zeros(core.shape, bool)
    wall[: row + 1, col : col + planar_cut.REACH_COLS] = True
    free = (open_cost == 0) & (regions.shuts == 0)
    joined = ndimage.label(free)[0]
    sides = ndimage.label((joined == joined[anchor]) & ~wall)[0]
    west, east = (
        np.isin(sides, np.setdiff1d(sides[: row + 1, c], 0))
        for c in (col - 1, col + planar_cut.REACH_COLS)
    )
    if (west & east).any():
        raise ValueError("the mainland lies all round the sea, expected it to end at the window")
    (lon, lat), (to_lon, to_lat) = axis
    east_km = KM_PER_DEG * np.cos(np.radians((lat + to_lat) / 2))
    aim = np.array([(to_lon - lon) * east_km, (to_lat - lat) * KM_PER_DEG])
    aim /= np.hypot(*aim)
    along_km = (grid.lon - lon)[None, :] * east_km * aim[0] + (grid.lat - lat)[
        :, None
    ] * KM_PER_DEG * aim[1]
    cost_now = np.where(wall, np.float32(np.inf), open_cost)
    ground = BarrierDomain(
        grid, cost_now, regions.shuts, along_km.astype(np.float32), (west, east), rays
    )
    if ((west | east) & ground.beside_rays).any():
        raise ValueError("water that lies cut off has mainland south of it")
    return ground


@dataclass(frozen=True)
class StripGraph:
    """The stretch between two gates as a graph of its cells.

    Attributes
    ----------
    edges
        From :func:`okhotsk.sweep.strip_search.find_edges`; bit n of what closes them stands for
        ``closers[n]``: units that must all be handed over to close.
    entry, ends, exit
        Nodes of the gate behind, of free ground where lines end, and of the gate ahead; gates sheet
        by sheet, ends on the first only.
    rest
        What any line costs at least from each node on.
    """

    edges: Any
    closers: tuple[int, ...]
    entry: Int32Array
    ends: Int32Array
    exit: Int32Array
    rest: Float32Array

    def pass_on(self, costs: Float32Array, ceded: int, bound: float) -> Float32Array:
        """Costs at the gate ahead from those at the gate behind."""
        closed = sum(1 << n for n, units in enumerate(self.closers) if not units & ~ceded)
        starts = np.concatenate([self.entry, self.ends])
        values = np.concatenate([costs, np.zeros(len(self.ends), np.float32)])
        reached = relax(self.edges, np.uint64(closed), starts, values, self.rest, np.float32(bound))
        return np.asarray(reached[self.exit])


def find_strip_graph(
    ground: BarrierDomain,
    inside: BoolArray,
    gates: tuple[BoolArray, BoolArray],
    ends: BoolArray,
    rest: Float32Array,
) -> StripGraph:
    """Cut a stretch out of the ground: the cells inside, between two gates."""
    inside = inside & np.isfinite(ground.cost)
    box = find_box(inside)
    cost = np.where(inside, ground.cost, np.float32(np.inf))[box]
    shuts = np.where(inside, ground.shuts, ANY)[box]
    closers = [units for units in np.unique(shuts) if units]
    bits = np.zeros(shuts.shape, np.uint64)
    for n, units in enumerate(closers):
        bits[shuts == units] = np.uint64(1 << n)
    free = (cost == 0) & (shuts == ANY)
    cells = np.flatnonzero(inside[box])
    node = np.full(cost.shape, -1, np.int32)
    node.ravel()[cells] = np.arange(len(cells))
    grid = ground.grid.crop(*box)
    steps, offsets, shares, lengths_km = stencil.stencil(grid)
    inner = ndimage.minimum_filter(free, size=STENCIL, mode="nearest")
    edges = find_edges(cost, bits, node, cells, inner, lengths_km, steps, offsets, shares)
    # Free ground out of reach of water has nothing to pass on.
    shore = ends[box] & ~ndimage.minimum_filter(ends[box], size=STENCIL, mode="nearest")
    entry, start, leave = (
        node[mask & inside[box]] for mask in (gates[0][box], shore, gates[1][box])
    )
    sheets = np.arange(1 << len(ground.rays), dtype=np.int32)[:, None] * np.int32(len(cells))
    if ground.rays:
        corner = (box[0].start, box[1].start)
        places = np.stack(np.unravel_index(cells, cost.shape), axis=1) + corner
        edges = _on_sheets(ground, edges, places)
    entry, leave = ((sheets + nodes).ravel() for nodes in (entry, leave))
    onward = np.tile(rest[box].ravel()[cells], len(sheets))
    return StripGraph(edges, tuple(map(int, closers)), entry, start, leave, onward)


def _on_sheets(ground: BarrierDomain, edges: Edges, places: NDArray[np.integer]) -> Edges:
    """The same steps on every sheet; one that crosses a ray leads to another sheet."""
    first, to, price, closing = edges
    sheets, count = 1 << len(ground.rays), len(places)
    start = places[np.repeat(np.arange(count), np.diff(first))]
    flips = ground.crossings(start, places[to] - start)
    targets = [(flips ^ np.int32(n)) * np.int32(count) + to for n in range(sheets)]
    begins = [first[1:] + n * len(to) for n in range(sheets)]
    return (
        np.concatenate([first[:1], *begins]),
        np.concatenate(targets),
        np.tile(price, sheets),
        np.tile(closing, sheets),
    )
