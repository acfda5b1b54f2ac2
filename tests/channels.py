"""Made-up channels between two mainlands, and the least barriers in them by brute force.

The brute force lists every edge of the grid with NumPy and runs SciPy's Dijkstra on one island
set at a time. It shares nothing with the sweep but the stencil of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from seas import grid_at

from okhotsk.raster.planar_cut import GridPath
from okhotsk.raster.stencil import lengths_km, primitive_steps
from okhotsk.sweep.strip_graph import BarrierDomain

SHAPE = (16, 90)
WALL = 44  # first of seven columns of the top row that part the mainland into west and east
Rays = tuple[tuple[int, int], ...]
# Units of the islands; the second block has two, and ceding the fourth bars the whole channel.
BLOCKS = (0b1, 0b110, 0b1000, 0b10000, 0b100000)


def make_channel(
    seed: int, *, rays: Rays = (), tilt: float = 0.02, overlap: bool = True
) -> BarrierDomain:
    """A channel of random cost with six islands along it, free until they are ceded.

    Its mainlands are the first and the last column, joined by the top row but for a wall; another
    wall parts the top row from the channel. Where waters of neighbours overlap, both must be ceded
    to close them; else the first holds them.
    """
    rng = np.random.default_rng(seed)
    row, col = np.indices(SHAPE)
    cost = rng.uniform(0.5, 2, SHAPE).astype(np.float32)
    units = np.zeros(SHAPE, np.uint64)
    for unit, middle in enumerate(np.linspace(12, 77, 6).astype(int)):
        bars = unit == 4 and seed % 2 == 1
        low, high = (2, SHAPE[0]) if bars else np.sort(rng.choice(np.arange(4, 14), 2, False))
        rows = (row >= low - 2) & (row < high + 2)
        own = rows & (col >= middle - 5) & (col <= middle + 5 + 4 * (unit % 2))
        units[own & (overlap | (units == 0))] |= np.uint64(1 << unit)
        cost[(row >= low) & (row < high) & (abs(col - middle) < 2)] = 0
    west = (col == 0) | (row == 0) & (col < WALL)
    east = (col == SHAPE[1] - 1) | (row == 0) & (col > WALL + 6)
    cost[(row < 2) & ~west & ~east] = np.inf
    cost[west | east], units[west | east | (row < 2)] = 0, 0
    for place in rays:
        cost[place] = np.inf
    along_km = 12.4 * (col + tilt * (SHAPE[0] - row))
    return BarrierDomain(
        grid_at(48, SHAPE, arcmin=10), cost, units, along_km.astype(np.float32), (west, east), rays
    )


def units_of(island_set: int, blocks: Sequence[int] = BLOCKS) -> int:
    """Units of a set of blocks."""
    return sum(units for n, units in enumerate(blocks) if island_set >> n & 1)


def least_costs(domain: BarrierDomain, ceded: int) -> NDArray[np.float64]:
    """Least cost of a barrier when some units are ceded, by crossing parity."""
    return _solve(domain, ceded)[0]


def least_curve(domain: BarrierDomain, ceded: int, parity: int = 0) -> GridPath:
    """A barrier of least cost and some parity, closed over the top row."""
    costs, before, starts, ends = _solve(domain, ceded)
    end = ends[parity]
    path = [end]
    while path[-1] not in starts:
        path.append(before[path[-1]])
    cells = [divmod(int(node) // domain.sheets, SHAPE[1]) for node in path]  # from east to west
    (row, col), (to_row, to_col) = cells[-1], cells[0]
    up = [(n, col) for n in range(row - 1, -1, -1)]
    over = [(0, n) for n in range(col + 1, to_col)] if col < to_col else []
    down = [(n, to_col) for n in range(0, to_row)]
    rows, cols = np.array([*cells, *up, *over, *down, (to_row, to_col)]).T
    moved = np.append(True, (np.diff(rows) != 0) | (np.diff(cols) != 0))
    return GridPath(float(costs[parity]), rows[moved], cols[moved])


def distances(domain: BarrierDomain, ceded: int) -> NDArray[np.float64]:
    """Least cost from the western mainland to every cell, shape (sheets, rows, cols)."""
    reached = _search(domain, ceded)[0]
    return reached.reshape(*SHAPE, domain.sheets).transpose(2, 0, 1)


def _solve(
    domain: BarrierDomain, ceded: int
) -> tuple[NDArray[np.float64], NDArray[np.int32], set[int], list[int]]:
    """Costs by parity, predecessors, start nodes, and the last node of each parity."""
    reached, before = _search(domain, ceded)
    west, east = (np.flatnonzero(end) * domain.sheets for end in domain.ends)
    parities = range(domain.sheets)
    lasts = [int((east + parity)[reached[east + parity].argmin()]) for parity in parities]
    return reached[lasts], before, set(west.tolist()), lasts


def _search(domain: BarrierDomain, ceded: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Costs from the western mainland and predecessors; node = cell times sheets plus parity."""
    units, sheets = domain.closing_units, domain.sheets
    closed = (units != 0) & (units & ~np.uint64(ceded) == 0)
    start, to, weight, flips = _edges(replace(domain, cost=np.where(closed, np.inf, domain.cost)))
    parities = np.arange(sheets)
    one = (start[:, None] * sheets + parities).ravel()
    other = (to[:, None] * sheets + (parities ^ flips[:, None])).ravel()
    size = domain.cost.size * sheets
    graph = coo_array((np.repeat(weight, sheets), (one, other)), (size, size)).tocsr()
    west = np.flatnonzero(domain.ends[0]) * sheets
    reached, before, _ = dijkstra(graph, indices=west, min_only=True, return_predecessors=True)
    return reached, before


def _edges(domain: BarrierDomain) -> tuple[NDArray[np.generic], ...]:
    """All open steps: from, to, cost and rays crossed. Closed corners close a step too."""
    (rows, cols), cost = domain.cost.shape, domain.cost.astype(float)
    found = []
    steps, cells, shares = primitive_steps()
    row, col = np.indices(cost.shape)
    for n, (down, right) in enumerate(steps):
        ends = (row + down >= 0) & (row + down < rows) & (col + right >= 0) & (col + right < cols)
        r, c = row[ends], col[ends]
        mean = np.zeros(len(r))
        shut = np.zeros(len(r), bool)
        for (dr, dc), share in zip(cells[n], shares[n], strict=True):
            if share >= 0:
                under = cost[r + dr, c + dc]
                shut |= np.isinf(under)
                mean += np.where(np.isinf(under), 0, under) * float(share)
        open_ = ~shut
        km = lengths_km(domain.grid)[r[open_], n].astype(float)
        flips = _crossed(r[open_], c[open_], int(down), int(right), domain.rays)
        at = r[open_] * cols + c[open_]
        found.append((at, at + down * cols + right, mean[open_] * km, flips))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def _crossed(
    rows: NDArray[np.integer], cols: NDArray[np.integer], down: int, right: int, rays: Rays
) -> NDArray[np.int64]:
    """Rays that steps cross, in whole numbers: twice the columns, times the width of the step."""
    bits = np.zeros(len(rows), np.int64)
    for n, (ray_row, ray_col) in enumerate(rays):
        edge, left = 2 * ray_col + 1, 2 * np.minimum(cols, cols + right)
        across = (left < edge) & (edge < left + 2 * abs(right))
        below = 2 * abs(right) * (rows - ray_row) + np.sign(right) * (edge - 2 * cols) * down
        bits |= (across & (below > 0)).astype(np.int64) << n
    return bits
