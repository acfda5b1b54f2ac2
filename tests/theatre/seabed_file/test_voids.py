"""Fill that no metadata declare: found by its values, and land is left where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.seabed_file.voids import SHORE_CELLS, find_voids, mark_voids

BED = np.add.outer(np.arange(40.0), np.arange(50.0)).astype(np.float32) * 30 - 400
LAND = BED < 0


@pytest.mark.parametrize("value", [-32768, 32767, -9999, 65535, 1e38, -9.96921e36, 99999, -20000])
def test_values_that_no_depth_can_have(value: float) -> None:
    bed = np.where(LAND, np.float32(value), BED)
    found = find_voids(bed, LAND)
    assert found == {float(np.float32(value))}
    assert np.array_equal(mark_voids(bed, LAND, found), LAND)


@pytest.mark.parametrize("value", [9999, 5000, 250])
def test_depth_under_all_of_the_land(value: float) -> None:
    bed = np.where(LAND, np.float32(value), BED)
    bed[-1, -1] = value  # at sea, far from land
    found = find_voids(bed, LAND)
    assert found == {value}
    marked = mark_voids(bed, LAND, found)
    assert marked[LAND].all()
    assert marked[-1, -1] == (value == 9999)


def test_shore_cells_hold_fill_too() -> None:
    bed = np.where(np.roll(LAND, SHORE_CELLS, axis=1), np.float32(5000), BED)
    marked = mark_voids(bed, LAND, {5000.0})
    assert marked[:, SHORE_CELLS:].sum() == (bed[:, SHORE_CELLS:] == 5000).sum()


def test_depths_of_the_sea_are_no_fill() -> None:
    assert find_voids(BED, LAND) == set()
    assert find_voids(np.where(LAND, 0, BED), LAND) == set()
    assert find_voids(np.full((40, 50), np.nan, np.float32), LAND) == set()
    # Depths in decimetres are many, and a single spike is an error to be named.
    assert find_voids(BED * 30, LAND) == set()
    spike = BED.copy()
    spike[20, 20] = -12345.6
    assert find_voids(spike, LAND) == set()


@pytest.mark.parametrize("value", [-32768, -9999, 32767, 1e38, -4999.75])
def test_file_with_undeclared_fill_is_read_as_if_it_were_declared(
    write: Callable[..., Path], depths: np.ndarray, shipped: Seabed, value: float
) -> None:
    up = np.where(depths > 0, -depths, value).astype(np.float32)
    declared = read_seabed(write(up, "said.tif", nodata=value), positive="up")
    silent = read_seabed(write(up, "silent.tif"), positive="up")
    assert np.array_equal(silent.depth_m, declared.depth_m)
