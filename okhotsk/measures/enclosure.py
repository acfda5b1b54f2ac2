"""The enclosure curve by parametric minimum cuts on a graph of blocks.

It tells how much patrol water a line of a given length can enclose at best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from okhotsk.cache import kept_at, recall
from okhotsk.raster.arrays import BoolArray, FloatArray, IntArray
from okhotsk.raster.kernel import kernel
from okhotsk.raster.max_flow import source_side
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.model import Theatre

BLOCK_ARCMIN = (10, 15)  # nearly square at 48 degrees north
LEAST_GAIN = 0.01  # of all patrol water: no points are sought between two that differ by less
COLUMNS = ("line_km", "enclosed_km2", "km2_per_km")
# One of each pair of opposite steps from a block to its 16 neighbours.
STEPS = ((0, 1), (1, 2), (1, 1), (2, 1), (1, 0), (2, -1), (1, -1), (1, -2))


@dataclass(frozen=True)
class Blocks:
    """The sea as a graph of blocks of cells.

    Attributes
    ----------
    area_km2
        Patrol water of each block, shape (n,); 0 in closed blocks.
    closed
        Blocks that must stay outside, shape (n,).
    start, end
        Blocks that each link joins, shape (m,).
    km
        Length of line that each link adds if only one of its ends is enclosed, shape (m,).
    """

    area_km2: FloatArray
    closed: BoolArray
    start: IntArray
    end: IntArray
    km: FloatArray

    def enclosed_km2(self, inside: BoolArray) -> float:
        """Patrol water of some blocks."""
        return float(self.area_km2[inside].sum())

    def line_km(self, inside: BoolArray) -> float:
        """Length of line round some blocks."""
        return float(self.km[inside[self.start] != inside[self.end]].sum())


def enclosure_curve(
    theatre: Theatre, patrol: BoolArray, closed: BoolArray, assumptions: Assumptions
) -> pd.DataFrame:
    """Return the most patrol water that lines of growing length can enclose.

    Parameters
    ----------
    theatre
        The theatre.
    patrol
        Cells of the patrol water.
    closed
        Cells that must stay outside, from :func:`okhotsk.measures.barrier.closed_water`.
    assumptions
        ``transit_depth_m``: land and shallower water cost the line nothing.

    Returns
    -------
    pandas.DataFrame
        Columns ``line_km``, ``enclosed_km2`` and ``km2_per_km``, from the shortest line to the
        longest. The first row is what can be enclosed without a line over deep water, often
        nothing; the last is all patrol water outside closed blocks, by the shortest line. Between
        rows the curve is straight; ``km2_per_km`` is its slope from the row before (the first
        row has infinity): the price of line at which the row becomes the best choice.

    Notes
    -----
    For a price p of line the best enclosure maximises area - p * length, a minimum cut. The best
    enclosures of all prices are nested and their points are the corners of a concave curve
    (Gallo, Grigoriadis & Tarjan 1989, doi:10.1137/0218003): no enclosure of blocks lies above
    it. Lengths are weights of crossed links to 16 neighbours (Boykov & Kolmogorov 2003,
    doi:10.1109/ICCV.2003.1238310). The edge of the window costs nothing.
    """
    # Depths count only as deep or not: that is kept with what else the curve follows from.
    deep = theatre.seabed.depth_m >= assumptions.transit_depth_m
    given = (str(theatre.grid), deep, theatre.water_km2, patrol, closed)
    path = kept_at("enclosure", __name__, *given)

    def find() -> dict[str, FloatArray]:
        return find_curve(make_blocks(theatre, patrol, closed, assumptions))

    return pd.DataFrame(recall(path, find, names=COLUMNS))


def find_curve(blocks: Blocks) -> dict[str, FloatArray]:
    """Return the columns of :func:`enclosure_curve` for a graph of blocks."""
    sets = best_enclosures(blocks, least_gain_km2=LEAST_GAIN * blocks.area_km2.sum())
    line_km = np.array([blocks.line_km(inside) for inside in sets])
    enclosed_km2 = np.array([blocks.enclosed_km2(inside) for inside in sets])
    slope = np.append(np.inf, np.diff(enclosed_km2) / np.diff(line_km))
    return dict(zip(COLUMNS, (line_km, enclosed_km2, slope), strict=True))


def make_blocks(
    theatre: Theatre, patrol: BoolArray, closed: BoolArray, assumptions: Assumptions
) -> Blocks:
    """Return the graph of blocks of 10 by 15 arc-minutes; a block is closed if most of it is.

    A link costs its weight times the share of its width that no free cell (land, shallow water)
    interrupts. A line may cross a link wherever that is cheapest, so islands thinner than a block
    shorten it. Closed cells are never free.
    """
    size = _block_size(theatre)
    deep = theatre.seabed.depth_m >= assumptions.transit_depth_m
    share = theatre.water_km2 / theatre.grid.cell_area_km2()[:, None]
    cost = _padded(np.where(closed, 1, np.where(deep, share, 0)).astype(np.float32), size)
    area_km2 = _padded(np.where(patrol & ~closed, theatre.water_km2, 0).astype(float), size)
    shut = _means(_padded(closed, size), size) > 0.5
    number = np.arange(shut.size).reshape(shut.shape)
    starts, ends, lengths_km = [], [], []
    for (dr, dc), weight_km in zip(STEPS, _weights_km(theatre, size), strict=True):
        begin, end = _ends(number, dr, dc)
        price = _open_share(cost, (dr, dc), size, needed=~(shut.ravel()[begin] & shut.ravel()[end]))
        rows_km = (weight_km[: len(begin)] + weight_km[dr : dr + len(begin)]) / 2
        starts.append(begin.ravel())
        ends.append(end.ravel())
        lengths_km.append((price * rows_km[:, None]).ravel())
    start, end, km = (np.concatenate(parts) for parts in (starts, ends, lengths_km))
    used = km > 0
    area_km2 = np.where(shut, 0, _means(area_km2, size) * size[0] * size[1])
    return Blocks(area_km2.ravel(), shut.ravel(), start[used], end[used], km[used])


def _block_size(theatre: Theatre) -> tuple[int, int]:
    """Rows and columns of cells in a block."""
    width_deg, height_deg = theatre.grid.cell_deg
    high, wide = BLOCK_ARCMIN
    return max(round(high / 60 / height_deg), 1), max(round(wide / 60 / width_deg), 1)


def _padded(values: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Values with zeros in the south and east that fill the last blocks."""
    return np.pad(values, [(0, -n % k) for n, k in zip(values.shape, size, strict=True)])


def _means(values: NDArray[Any], size: tuple[int, int]) -> FloatArray:
    """Mean of each block."""
    (rows, cols), (high, wide) = values.shape, size
    blocks = values.reshape(rows // high, high, cols // wide, wide)
    return np.asarray(blocks.mean(axis=3).mean(axis=1), float)


def _ends(values: IntArray, dr: int, dc: int) -> tuple[IntArray, IntArray]:
    """Values at the two ends of every step that stays on the grid."""
    rows, cols = values.shape
    left, right = max(-dc, 0), cols - max(dc, 0)
    return values[: rows - dr, left:right], values[dr:, left + dc : right + dc]


def _open_share(
    cost: NDArray[np.float32], step: tuple[int, int], size: tuple[int, int], *, needed: BoolArray
) -> FloatArray:
    """Mean, over parallel lines from block to block, of the least cost of the cells under each.

    It is 0 where it is not needed. The lines of all blocks cover the plane once. They start in the
    middle row of a block (for the step along a row, in the middle column), and their distance is
    the area of a block divided by their length.
    """
    (high, wide), (down, right) = size, step
    dr, dc = down * high, right * wide
    rows, cols = max(cost.shape[0] - dr, 0), max(cost.shape[1] - abs(dc), 0)
    left, count = max(-dc, 0), max(dr, abs(dc))
    lines = max(wide // down, 1) if down else high
    middle = range((wide - lines) // 2, (wide - lines) // 2 + lines) if down else range(high)
    offsets = np.array(
        [
            (top + round(dr * part / count), first + left + round(dc * part / count))
            for top, first in ((high // 2, n) if down else (n, wide // 2) for n in middle)
            for part in range(count + 1)
        ]
    ).reshape(len(middle), count + 1, 2)
    total = np.zeros((rows // high, cols // wide))
    _add_least(cost, offsets, size, needed, total)
    return np.asarray(total / len(middle))


@kernel
def _add_least(cost, offsets, size, needed, total):  # type: ignore[no-untyped-def]
    """Add up, for every block, the least cost of the cells under each of some lines."""
    for block_row in range(total.shape[0]):
        for block in range(total.shape[1]):
            top, first = block_row * size[0], block * size[1]
            for n in range(len(offsets) if needed[block_row, block] else 0):
                least = np.float32(np.inf)
                for k in range(offsets.shape[1]):
                    least = min(least, cost[top + offsets[n, k, 0], first + offsets[n, k, 1]])
                    if least == 0:
                        break
                total[block_row, block] += least


def _weights_km(theatre: Theatre, size: tuple[int, int]) -> FloatArray:
    """Length of line for each link crossed, by step and row of blocks (Cauchy-Crofton)."""
    width_km, height_km = (
        np.pad(km, (0, -len(km) % size[0]), mode="edge").reshape(-1, size[0]).mean(axis=1) * n
        for km, n in zip(theatre.grid.cell_size_km(), size[::-1], strict=True)
    )
    rows, cols = np.array(STEPS).T[:, :, None]
    length_km = np.hypot(rows * height_km, cols * width_km)
    angle = np.arctan2(rows * height_km, cols * width_km)  # STEPS are in the order of angles
    gaps = np.diff(np.concatenate([angle, angle[:1] + np.pi]), axis=0)
    share = (gaps + np.roll(gaps, 1, axis=0)) / 2
    return np.asarray(width_km * height_km * share / (2 * length_km))


def best_enclosures(blocks: Blocks, *, least_gain_km2: float) -> list[BoolArray]:
    """Return the nested enclosures that are best for some price of line, smallest first.

    Between two neighbours that differ by more than ``least_gain_km2`` no enclosure is missing.
    """
    wanted = blocks.area_km2 > 0
    most = _best(blocks, wanted, ~blocks.closed, price=1.0)
    least = most & _free(blocks)
    found = [least]
    pending = [(least, most)]
    while pending:
        less, more = pending.pop()
        gain_km2 = blocks.enclosed_km2(more) - blocks.enclosed_km2(less)
        extra_km = blocks.line_km(more) - blocks.line_km(less)
        if gain_km2 <= 0:
            continue
        # At this price both are equally good. A third between them is better, or there is none.
        price = gain_km2 / extra_km
        middle = _best(blocks, less, more, price=price) if gain_km2 > least_gain_km2 else less
        surplus = blocks.enclosed_km2(middle & ~less) - price * (
            blocks.line_km(middle) - blocks.line_km(less)
        )
        if surplus > 1e-6 * gain_km2:
            pending += [(middle, more), (less, middle)]
        else:
            found.append(more)
    return found


def _free(blocks: Blocks) -> BoolArray:
    """Blocks that are cut off from closed ones without any line."""
    count = len(blocks.closed)
    links = sparse.coo_array((np.ones(len(blocks.km)), (blocks.start, blocks.end)), (count,) * 2)
    labels = connected_components(links, directed=False)[1]
    return ~np.isin(labels, labels[blocks.closed])


def _best(blocks: Blocks, less: BoolArray, more: BoolArray, *, price: float) -> BoolArray:
    """The enclosure with the greatest area - price * length that contains less and is in more."""
    undecided = more & ~less
    number = np.where(less, 0, 1)  # the terminals of the flow
    number[undecided] = 2 + np.arange(np.count_nonzero(undecided))
    start, end = number[blocks.start], number[blocks.end]
    value = price * blocks.km
    size = 2 + np.count_nonzero(undecided)
    pull = np.zeros((2, size))  # of the inside and of the outside on each block
    for side in (0, 1):
        for one, other in ((start, end), (end, start)):
            there = one == side
            pull[side] += np.bincount(other[there], value[there], size)
    pull[0, 2:] += blocks.area_km2[undecided]
    pull -= pull.min(axis=0)
    between = (start > 1) & (end > 1)
    reached = source_side(start[between], end[between], value[between], pull[:, 2:])
    return less | (undecided & reached[number])
