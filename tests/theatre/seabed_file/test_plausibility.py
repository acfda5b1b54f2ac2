"""Depths that are not those of this sea are refused in one sentence that says what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from seabeds import TENTHS, netcdf, refused

from okhotsk.errors import SeabedError
from okhotsk.theatre.bathymetry import WINDOW, Seabed, read_seabed

Write = Callable[..., Path]


def test_netcdf_upside_down_is_refused(tmp_path: Path, depths: np.ndarray) -> None:
    refused(netcdf(tmp_path / "flipped.nc", depths), "upside down or mirrored")


@pytest.mark.parametrize(
    ("metres", "unit"),
    [(0.3048, "feet"), (1.8288, "fathoms"), (1000, "kilometres"), (0.1, "decimetres")],
)
def test_other_unit(write: Write, depths: np.ndarray, metres: float, unit: str) -> None:
    refused(write(depths / np.float32(metres)), f"seems to be in {unit}", "expected metres")


def test_strange_unit(write: Write, depths: np.ndarray) -> None:
    refused(write(depths * 37), "37 times", "unit is unknown")


def test_positive_up_undeclared(write: Write, depths: np.ndarray) -> None:
    refused(write(-depths), "read as positive down", "m above the surface", "positive up$")


def test_upside_down(write: Write, depths: np.ndarray) -> None:
    refused(write(depths[::-1]), "upside down or mirrored", "expected 0.6 or more")


def test_mirrored(write: Write, depths: np.ndarray) -> None:
    refused(write(depths[:, ::-1]), "upside down or mirrored")


def test_another_place_under_the_right_bounds(write: Write) -> None:
    wave = np.sin(np.linspace(0, 20, 330)) * np.ones((240, 1)) * 2000 + 2500
    refused(write(wave.astype(np.float32)), "another place", "correlation")


def test_all_zero(write: Write) -> None:
    refused(write(np.zeros(TENTHS, np.float32)), "same value everywhere")


def test_mostly_nodata(write: Write, depths: np.ndarray) -> None:
    holed = depths.copy()
    holed[:, 100:] = -1
    refused(write(holed, nodata=-1), r"\d\d% of the sea has no value", "at most 2%")


def test_all_nodata(write: Write) -> None:
    refused(write(np.full(TENTHS, np.nan, np.float32), nodata=np.nan), "100% of the sea")


def test_undeclared_fill_value(write: Write, depths: np.ndarray) -> None:
    holed = depths.copy()
    holed[60:180, 60:260] = -32768
    refused(write(holed))


def test_many_small_gaps_are_refused_above_two_percent(write: Write, shipped: Seabed) -> None:
    chance = np.random.default_rng(1).random(shipped.depth_m.shape)
    for share, serves in ((0.01, True), (0.04, False)):
        holed = np.where(chance < share, np.nan, shipped.depth_m).astype(np.float32)
        path = write(holed, f"{serves}.tif", bounds=WINDOW, nodata=np.nan)
        if serves:
            assert (read_seabed(path).depth_m >= 0).all()
        else:
            refused(path, "4% of the sea")


@pytest.mark.parametrize(
    ("east", "north", "said"),
    [
        (1, 0, "1.00 degrees east of"),
        (-1, 0, "1.00 degrees west of"),
        (0, 1.5, "1.50 degrees north of"),
        (-0.2, -0.2, "0.20 degrees south and 0.20 degrees west of"),
    ],
)
def test_shifted_grid_is_refused_with_its_shift(
    write: Write, depths: np.ndarray, east: float, north: float, said: str
) -> None:
    wide = np.pad(depths, 20, mode="edge")
    bounds = (131.5 + east, 38.5 + north, 168.5 + east, 66.5 + north)
    refused(write(wide, bounds=bounds), f"seems to lie {said}", "correlation")


def test_shift_by_less_than_a_cell_passes(write: Write, depths: np.ndarray) -> None:
    assert read_seabed(write(depths, bounds=(133.55, 40.5, 166.55, 64.5))).depth_m.max() > 3000


@pytest.mark.parametrize(("value", "side"), [(13_500, "below"), (-9_500, "above")])
def test_value_beyond_the_earth_is_named_with_its_place(
    write: Write, depths: np.ndarray, value: float, side: str
) -> None:
    spiked = depths.copy()
    spiked[100, 200] = value
    refused(write(spiked), f"lies {abs(value):,} m {side} the surface at 153.55 E 54.45 N")


def test_drowned_land_is_refused(write: Write, depths: np.ndarray) -> None:
    uneven = np.random.default_rng(1).uniform(200, 4000, depths.shape)
    refused(write(np.where(depths > 0, depths, uneven).astype(np.float32)), "of the inland lies")


def test_file_of_bytes_or_colours_is_refused(write: Write) -> None:
    grey = np.zeros((240, 330), np.uint8)
    refused(write(grey), "of the type uint8")
    refused(write(np.stack([grey] * 3), photometric="RGB"), "its values are colours")
    refused(write(grey + 0j), "of the type complex")


def test_infinite_cells_are_gaps(write: Write, depths: np.ndarray) -> None:
    holed, infinite = depths.copy(), depths.copy()
    holed[100, 200], infinite[100, 200] = np.nan, -np.inf
    one, other = read_seabed(write(holed, "a.tif")), read_seabed(write(infinite, "b.tif"))
    assert np.array_equal(one.depth_m, other.depth_m)


@pytest.mark.parametrize("factor", [0.75, 0.9, 1.1, 1.2])
def test_scaled_depths(write: Write, depths: np.ndarray, factor: float) -> None:
    refused(write(depths * np.float32(factor)), f"{factor:.2g}", "times the shipped ones")


@pytest.mark.parametrize("factor", [0.97, 1.03])
def test_depths_that_differ_as_public_grids_do(
    write: Write, depths: np.ndarray, shipped: Seabed, factor: float
) -> None:
    found = read_seabed(write(depths * np.float32(factor)))
    deep = shipped.depth_m > 2000
    assert np.median(found.depth_m[deep] / shipped.depth_m[deep]) == pytest.approx(factor, abs=0.01)


def test_zero_for_no_value_on_the_shelf(write: Write, depths: np.ndarray) -> None:
    shelf = np.where(depths < 200, 0, depths).astype(np.float32)
    refused(write(shelf), "of the sea lies at or above the surface", "fill the gaps")


def test_zero_for_no_value_here_and_there(write: Write, depths: np.ndarray) -> None:
    speckled = depths.copy()
    speckled[np.random.default_rng(1).random(depths.shape) < 0.2] = 0
    refused(write(speckled), "% of the (deep )?sea", "expected")


def test_depths_cut_off(write: Write, depths: np.ndarray) -> None:
    refused(write(np.minimum(depths, 3300).astype(np.float32)), "greatest depth, 3,300 m")


def test_depths_from_another_surface(write: Write, depths: np.ndarray) -> None:
    heights = np.random.default_rng(1).uniform(10, 80, depths.shape)
    raised = np.where(depths > 0, depths, -heights) + 90
    refused(write(raised.astype(np.float32)), "of the inland lies more than 0 m under the sea")


@pytest.mark.parametrize("unit", ["fathoms", "feet", "km"])
def test_a_unit_that_is_declared_and_foreign(write: Write, depths: np.ndarray, unit: str) -> None:
    path = write(depths)
    with rasterio.open(path, "r+") as sink:
        sink.set_band_unit(1, unit)
    refused(path, f"its unit is '{unit}'", "expected metres")


def test_what_cannot_be_a_path(tmp_path: Path) -> None:
    loop = tmp_path / "loop.tif"
    loop.symlink_to(loop)
    for path in (loop, tmp_path / "a\0b.tif", tmp_path / ("x" * 300)):
        with pytest.raises(SeabedError):
            read_seabed(path)


def test_a_name_that_is_too_long(write: Write, depths: np.ndarray) -> None:
    refused(write(depths), "a name of 200,000 letters", variable="x" * 200_000)


def test_an_aligned_copy_has_the_same_land(write: Write, shipped: Seabed) -> None:
    """Less than a centimetre is what rounding leaves of 0."""
    padded = np.pad(shipped.depth_m, 60)
    found = read_seabed(write(padded, bounds=(133, 40, 167, 65)))
    np.testing.assert_array_equal(found.depth_m > 0, shipped.depth_m > 0)
