"""The ways out of the sea, each exit by itself: which cells lie in its throat, and how deep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster.arrays import BoolArray, IntArray
from okhotsk.raster.grid import Grid, find_box
from okhotsk.raster.widest_path import widest_path_depth
from okhotsk.theatre.coast import touched_cells
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import Throat


@dataclass(frozen=True)
class ExitCells:
    """Where the throats of the exits let out of the sea.

    Attributes
    ----------
    exits
        Whether the seabed resolves each exit, by its id, in the order of the data.
    inside
        Water that the deep basin reaches without passing a throat, and the throats themselves.
    inner, outer
        Steps out of a throat: flat indices of the throat's cell and of the one outside.
    owner
        Number of the exit of every step.
    basin, ocean
        A cell of the deep basin and a cell of the open ocean (row, column).
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("exit_inside", "exit_steps", "exit_owner", "exit_ends")

    exits: Mapping[str, bool]
    inside: BoolArray
    inner: IntArray
    outer: IntArray
    owner: IntArray
    basin: tuple[int, int]
    ocean: tuple[int, int]

    @classmethod
    def of(
        cls, arrays: Mapping[str, NDArray[Any]], throats: Sequence[Throat], shape: tuple[int, int]
    ) -> ExitCells:
        """Return the exit cells of a grid from what :meth:`arrays` returned."""
        inside, steps, owner, ends = (arrays[name] for name in cls.ARRAYS)
        cells = np.unpackbits(inside, count=shape[0] * shape[1]).view(bool).reshape(shape)
        basin, ocean = ((int(row), int(col)) for row, col in ends)
        return cls(_resolved(throats), cells, steps[0], steps[1], owner, basin, ocean)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything but ``exits``, which follow from the throats, as plain arrays."""
        steps, ends = np.stack([self.inner, self.outer]), np.array([self.basin, self.ocean])
        return dict(
            zip(self.ARRAYS, (np.packbits(self.inside), steps, self.owner, ends), strict=True)
        )


def _resolved(throats: Sequence[Throat]) -> dict[str, bool]:
    """Whether the seabed resolves each exit, by its id."""
    return {t.strait.strait_id: t.resolved for t in throats if t.strait.exit}


def find_exit_cells(
    throats: Sequence[Throat], lands: Mapping[str, Any], grid: Grid, water: BoolArray, sea: Sea
) -> ExitCells:
    """Return the cells through which the exits let out of the sea.

    Throats and lands together close the sea. A cell that a land touches is closed, so that no path
    runs round the end of a throat; a gap between the rock on which a throat ends and its island is
    closed too. Where a gap is left nonetheless, the limit of the sea closes it.

    Parameters
    ----------
    throats
        All straits; those that are exits count.
    lands
        Land of every unit (EPSG:4326).
    grid, water, sea
        The grid, its cells that hold water, and the sea.
    """
    exits = [throat for throat in throats if throat.strait.exit]
    bridges = [line for throat in exits for line in _bridges(throat, lands)]
    shore = touched_cells([*lands.values(), *bridges], grid)
    lines = [np.flatnonzero(touched_cells([throat.line], grid)) for throat in exits]
    free = water & ~shore
    owned = [cells[free.ravel()[cells]] for cells in lines]
    for cells in owned:
        free.ravel()[cells] = False
    inside = _connected(free, sea.basin)
    if inside[sea.ocean]:
        inside = _connected(free & sea.mask, sea.basin)
    for cells in owned:
        inside.ravel()[cells] = True
    beyond = water & ~inside & ~shore
    steps = [_steps(cells, beyond) for cells in owned]
    return ExitCells(
        exits=_resolved(exits),
        inside=inside,
        inner=np.concatenate([np.empty(0, np.int64), *(inner for inner, _ in steps)]),
        outer=np.concatenate([np.empty(0, np.int64), *(outer for _, outer in steps)]),
        owner=np.repeat(np.arange(len(steps)), [len(inner) for inner, _ in steps]),
        basin=sea.basin,
        ocean=sea.ocean,
    )


def finer_sea(sea: Sea, depth_m: NDArray[np.float32]) -> Sea:
    """The sea on a finer grid, whose cells are whole parts of its own.

    Basin and ocean are the deepest cells within their cells.
    """
    parts = depth_m.shape[0] // sea.mask.shape[0]

    def deepest(cell: tuple[int, int]) -> tuple[int, int]:
        row, col = cell[0] * parts, cell[1] * parts
        block = depth_m[row : row + parts, col : col + parts]
        down, right = np.unravel_index(int(block.argmax()), block.shape)
        return row + int(down), col + int(right)

    mask = sea.mask.repeat(parts, 0).repeat(parts, 1)
    return replace(sea, mask=mask, basin=deepest(sea.basin), ocean=deepest(sea.ocean))


def exit_sill_depths(cells: ExitCells, open_m: NDArray[np.float32]) -> dict[str, float | None]:
    """Return the sill depth of each exit alone, by its id.

    Parameters
    ----------
    cells
        From :func:`find_exit_cells`.
    open_m
        Depths, positive down; 0 where a boat may not go.

    Returns
    -------
    dict
        Metres; 0 where the exit is shut, None where the seabed is too coarse for it.

    Notes
    -----
    Two searches for widest paths serve all exits: one from the basin over the inside, one from the
    ocean over the rest. A step out of a throat lets through the lesser of the two depths at its
    ends; the sill of an exit is the greatest over its steps.
    """
    rows, cols = find_box(cells.inside)
    start = cells.basin[0] - rows.start, cells.basin[1] - cols.start
    within = np.zeros_like(open_m)
    within[rows, cols] = widest_path_depth((open_m * cells.inside)[rows, cols], start)
    beyond = widest_path_depth(open_m * ~cells.inside, cells.ocean)
    sills = np.minimum(within.ravel()[cells.inner], beyond.ravel()[cells.outer])
    return {
        strait_id: float(sills[cells.owner == number].max(initial=0)) if resolved else None
        for number, (strait_id, resolved) in enumerate(cells.exits.items())
    }


def _bridges(throat: Throat, lands: Mapping[str, Any]) -> list[shapely.LineString]:
    """Lines from the rocks on which a throat ends to the main island of their unit.

    The gap between is no exit, but fine cells would let it through.
    """
    found = []
    for unit, at in ((throat.strait.side_a, 0), (throat.strait.side_b, -1)):
        parts = shapely.get_parts(lands[unit])
        rock = parts[shapely.distance(parts, shapely.Point(throat.line.coords[at])).argmin()]
        main = parts[shapely.area(parts).argmax()]
        if rock is not main:
            found.append(shapely.shortest_line(rock, main))
    return found


def _connected(cells: BoolArray, start: tuple[int, int]) -> BoolArray:
    """Cells of the component of a start cell; neighbours share a side."""
    labels, _ = ndimage.label(cells)
    return np.asarray((labels == labels[start]) & cells)


def _steps(cells: IntArray, beyond: BoolArray) -> tuple[IntArray, IntArray]:
    """Side steps from some cells (flat indices, ascending) to others, as flat indices."""
    rows, columns = beyond.shape
    inner, outer = [], []
    for down, right in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        row, col = cells // columns + down, cells % columns + right
        there = (row >= 0) & (row < rows) & (col >= 0) & (col < columns)
        there[there] = beyond[row[there], col[there]]
        inner.append(cells[there])
        outer.append(inner[-1] + down * columns + right)
    return np.concatenate(inner), np.concatenate(outer)
