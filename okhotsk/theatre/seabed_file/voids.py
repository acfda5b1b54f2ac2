"""Cells without a value that a file does not declare: fill on land, in numbers no depth can be."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from okhotsk.raster.arrays import BoolArray, Float32Array

# The deepest place of the earth is about 11 km under the sea, the highest 8.85 km above.
DEEPEST_M = 12_000.0
HIGHEST_M = 9_000.0
# What programs write for "no value", in metres of depth or of height.
USUAL = (9999, 32767, 32768, 65535, 99999, 999999, 2147483647, 2147483648)
HUGE = 1e9
FEW_VALUES = 3
MANY_CELLS = 100
LAND_SHARE = 0.6
SHORE_CELLS = 3
SAMPLE = 200_000


def find_voids(depth_m: Float32Array, land: BoolArray) -> set[float]:
    """Return the values that stand for no value though the file does not declare them.

    Parameters
    ----------
    depth_m
        Metres, positive down, as the file has them; NaN where it declares no value.
    land
        Cells that hold no sea.

    Notes
    -----
    Two marks tell fill from a depth. A depth that no place of the earth has is fill where it is a
    number that programs use, or where a few such values fill many cells. One depth below the sea
    on most of the land is fill, too: land is uneven, and lies above the sea.

    Examples
    --------
    >>> bed = np.array([[-32768, 20, 30], [-32768, -5, 40]], np.float32)
    >>> find_voids(bed, bed < 0)
    {-32768.0}
    """
    return _impossible(depth_m) | _below_land(depth_m, land)


def mark_voids(depth_m: Float32Array, land: BoolArray, found: Set[float]) -> BoolArray:
    """Return the cells that hold fill.

    Parameters
    ----------
    depth_m, land
        As for :func:`find_voids`.
    found
        What it returned. A value that depths at sea can have is fill on land and a few cells
        beside it only.
    """
    marked = np.zeros(depth_m.shape, bool)
    for value in sorted(found):
        cells = depth_m == np.float32(value)
        sure = abs(value) in USUAL or not -HIGHEST_M <= value <= DEEPEST_M
        marked |= cells if sure else cells & _widened(land)
    return marked


def _widened(cells: BoolArray) -> BoolArray:
    """Cells and those beside them."""
    for axis in (0, 1):
        wide = np.pad(cells, [(SHORE_CELLS,) * 2 if axis == n else (0, 0) for n in (0, 1)])
        size = cells.shape[axis]
        steps = range(2 * SHORE_CELLS + 1)
        cells = np.any([wide.take(range(k, k + size), axis) for k in steps], axis=0)
    return cells


def _impossible(depth_m: Float32Array) -> set[float]:
    beyond = depth_m[(depth_m > DEEPEST_M) | (depth_m < -HIGHEST_M)]
    if not beyond.size:
        return set()
    values, counts = np.unique(beyond, return_counts=True)
    usual = np.isin(np.abs(values), np.array(USUAL, np.float32)) | (np.abs(values) > HUGE)
    rest = values[~usual]
    many = (counts >= MANY_CELLS) & ~usual if len(rest) <= FEW_VALUES else np.zeros_like(usual)
    return set(values[usual | many].tolist())


def _below_land(depth_m: Float32Array, land: BoolArray) -> set[float]:
    there = depth_m[land]
    there = there[:: max(1, there.size // SAMPLE)]
    wet = there[there > 1]
    if wet.size < max(MANY_CELLS, LAND_SHARE * there.size):
        return set()
    values, counts = np.unique(wet, return_counts=True)
    return set(values[counts > LAND_SHARE * there.size].tolist())
