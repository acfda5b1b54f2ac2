"""Seabeds brought by users: good ones agree with the shipped one, bad ones get one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.transform import from_bounds
from seabeds import ROUND, TENTHS, agrees, netcdf, refused

from okhotsk.errors import SeabedError
from okhotsk.theatre.bathymetry import WINDOW, Seabed, analysis_grid, read_seabed
from okhotsk.theatre.seabed_file.source import resample

Write = Callable[..., Path]


def test_shipped_seabed_is_this_sea_in_metres_down(shipped: Seabed) -> None:
    grid = shipped.grid
    assert (grid.bounds, grid.shape) == (WINDOW, (23 * 60, 32 * 60))
    assert shipped.native_km == pytest.approx(5 * 1.852)
    assert shipped.depth_m.min() == 0
    assert 3000 < shipped.depth_m[grid.index(148.0, 46.5)] < 3600  # Kuril Basin
    assert shipped.depth_m[grid.index(150.0, 62.5)] == 0  # Magadan's hinterland
    assert len(shipped.sha256) == 64


def test_path_of_the_shipped_file_is_the_shipped_seabed(shipped: Seabed) -> None:
    from okhotsk.datasets import data_folder

    again = read_seabed(data_folder() / "." / "seabed.tif")
    assert again.name == shipped.name
    assert np.array_equal(again.depth_m, shipped.depth_m)


def test_coarser_grid_is_interpolated(write: Write, depths: np.ndarray, shipped: Seabed) -> None:
    seabed = read_seabed(write(depths))
    agrees(seabed, shipped)
    assert seabed.native_km == pytest.approx(6 * 1.852, rel=0.01)
    assert seabed.name == "bed.tif"


def test_linear_slope_is_interpolated_without_a_shift(shipped: Seabed) -> None:
    # Half a cell of shift would show as 25 m.
    lon = 133.5 + (np.arange(330) + 0.5) / 10
    known = shipped.depth_m
    slope = np.broadcast_to((lon - 130) * 500, TENTHS).astype(np.float32)
    values = resample(slope, from_bounds(*ROUND, 330, 240), analysis_grid(), None)
    expected = (analysis_grid().lon - 130) * 500
    assert np.abs(values - expected).max() < 0.05
    assert values.shape == known.shape


def test_finer_grid_is_averaged(write: Write, shipped: Seabed) -> None:
    fine = np.repeat(np.repeat(shipped.depth_m, 2, axis=0), 2, axis=1)
    ripple = np.where(np.indices(fine.shape).sum(axis=0) % 2, 40, -40)
    seabed = read_seabed(write((fine + ripple).astype(np.float32), bounds=WINDOW))
    deep = shipped.depth_m > 40
    assert np.abs(seabed.depth_m - shipped.depth_m)[deep].max() < 0.1
    assert seabed.native_km == pytest.approx(0.5 * 1.852, rel=0.01)
    assert seabed.fine is not None
    assert seabed.measured.grid.shape == fine.shape
    there = np.maximum(fine + ripple, 0)
    assert np.abs(seabed.measured.depth_m - there)[fine > 0].max() < 0.1
    assert shipped.measured is shipped


def test_same_grid_comes_back_unchanged(write: Write, shipped: Seabed) -> None:
    seabed = read_seabed(write(shipped.depth_m, bounds=WINDOW))
    assert np.abs(seabed.depth_m - shipped.depth_m).max() < 0.01


@pytest.mark.parametrize(
    "said",
    [
        {"band_tags": {"positive": "up"}},
        {"tags": {"elevation#positive": "up"}},
        {"band_tags": {"standard_name": "height_above_mean_sea_level"}},
        {"band_tags": {"long_name": "Elevation relative to sea level"}},
    ],
)
def test_positive_up_that_says_so_is_turned(
    write: Write, depths: np.ndarray, said: dict[str, Any]
) -> None:
    down = read_seabed(write(depths, "down.tif"))
    up = read_seabed(write(-depths, "up.tif", **said))
    assert np.array_equal(up.depth_m, down.depth_m)


def test_positive_up_by_argument_is_turned(write: Write, depths: np.ndarray) -> None:
    land = np.where(depths > 0, -depths, 300)  # as GEBCO has it: heights on land
    up = read_seabed(write(land.astype(np.float32), "up.tif"), positive="up")
    assert up.depth_m.min() >= 0
    assert up.depth_m[analysis_grid().index(148.0, 46.5)] > 3000


def test_argument_outweighs_what_the_file_says(write: Write, depths: np.ndarray) -> None:
    path = write(depths, band_tags={"positive": "up"})
    refused(path, "positive down: add --seabed-positive down")
    assert read_seabed(path, positive="down").depth_m.max() > 3000


def test_unknown_sign_is_refused(write: Write, depths: np.ndarray) -> None:
    with pytest.raises(SeabedError, match="positive is 'sideways', expected 'up' or 'down'"):
        read_seabed(write(depths), positive="sideways")


def test_geographic_grid_on_another_datum_serves(
    write: Write, depths: np.ndarray, shipped: Seabed
) -> None:
    agrees(read_seabed(write(depths, crs="EPSG:4284")), shipped)  # Pulkovo 1942


def test_declared_nodata_on_land_is_no_gap(
    write: Write, depths: np.ndarray, shipped: Seabed
) -> None:
    holed = np.where(depths > 0, depths, -9999).astype(np.float32)
    seabed = read_seabed(write(holed, nodata=-9999))
    # Bilinear weights run over valid cells only, so shallow rims grow deeper, never below zero.
    assert seabed.depth_m.min() == 0
    assert seabed.depth_m.max() == pytest.approx(shipped.depth_m.max(), rel=0.1)


def test_netcdf_in_the_order_of_gebco_serves(
    tmp_path: Path, depths: np.ndarray, write: Write
) -> None:
    up = netcdf(tmp_path / "gebco.nc", -depths[::-1], units="m", positive="up")
    seabed = read_seabed(up)
    assert np.allclose(seabed.depth_m, read_seabed(write(depths)).depth_m, atol=0.01)
    down = read_seabed(netcdf(tmp_path / "down.nc", depths[::-1]))
    assert np.array_equal(down.depth_m, seabed.depth_m)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("compress", ["deflate", "none"])
def test_truncated_file(write: Write, depths: np.ndarray, share: float, compress: str) -> None:
    path = write(depths, compress=compress)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, "cannot be read")


@pytest.mark.parametrize(("given", "km"), [(None, 6 * 1.8533), (6, 6 * 1.852), (12, 12 * 1.852)])
def test_resolution_that_its_user_declares(
    write: Write, depths: np.ndarray, given: float | None, km: float
) -> None:
    seabed = read_seabed(write(depths), resolution_arcmin=given)
    assert seabed.native_km == pytest.approx(km, rel=1e-4)


@pytest.mark.parametrize("given", [5, 0, -1, float("nan"), float("inf")])
def test_resolution_finer_than_the_cells_is_refused(
    write: Write, depths: np.ndarray, given: float
) -> None:
    refused(write(depths), f"resolution is {given:g} arc-minutes", "6", resolution_arcmin=given)


@pytest.mark.parametrize("option", [{"variable": "z"}, {"resolution_arcmin": 9}])
def test_options_of_a_file_need_a_file(option: dict[str, Any]) -> None:
    with pytest.raises(SeabedError, match="name it: --seabed FILE"):
        read_seabed(**option)
