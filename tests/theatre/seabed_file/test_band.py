"""Which grid of a file is read: the one that says so, or the one that its user names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rasterio.errors import NotGeoreferencedWarning
from seabeds import TENTHS, refused, write_netcdf

from okhotsk.theatre.bathymetry import read_seabed

Write = Callable[..., Path]
LAT, LON = 40.55 + np.arange(TENTHS[0]) / 10, 133.55 + np.arange(TENTHS[1]) / 10


@pytest.fixture
def several(tmp_path: Path, depths: np.ndarray) -> Callable[..., Path]:
    """A NetCDF of several grids with the same depths."""

    def make(*names: str, **attributes: str) -> Path:
        return write_netcdf(tmp_path / "bed.nc", depths[::-1], LAT, LON, names=names, **attributes)

    return make


def test_the_only_variable_needs_no_name(several: Callable[..., Path]) -> None:
    assert read_seabed(several("anything")).depth_m.max() > 3000


def test_variable_is_chosen_by_its_standard_name(several: Callable[..., Path]) -> None:
    path = several("a", "b", standard_name="sea_floor_depth_below_geoid")
    assert read_seabed(path).depth_m.max() > 3000


def test_variable_is_chosen_by_a_usual_name(several: Callable[..., Path]) -> None:
    assert read_seabed(several("tid", "elevation")).depth_m.max() > 3000


def test_several_variables_are_named(several: Callable[..., Path]) -> None:
    path = several("first", "second")
    refused(path, "holds the grids first, second", "--seabed-variable NAME")
    refused(path, "no grid 'third', expected one of first, second", variable="third")
    assert read_seabed(path, variable="second").depth_m.max() > 3000


def test_two_usual_names_are_one_too_many(several: Callable[..., Path]) -> None:
    refused(several("z", "depth"), "holds the grids z, depth")


def test_bands_are_chosen_by_number(write: Write, depths: np.ndarray) -> None:
    path = write(np.stack([depths * 0, depths]))
    refused(path, "has 2 bands", "--seabed-variable NUMBER")
    refused(path, "no band '3', expected a number from 1 to 2", variable="3")
    refused(path, "same value everywhere", variable="1")
    assert read_seabed(path, variable="2").depth_m.max() > 3000


def test_netcdf_without_coordinates(tmp_path: Path, depths: np.ndarray) -> None:
    path = write_netcdf(tmp_path / "bed.nc", depths, LAT, LON)
    # The names of coordinates are all that GDAL needs to open them.
    path.write_bytes(
        path.read_bytes()
        .replace(b"lat\\0".replace(b"\\0", b"\0"), b"row\0")
        .replace(b"degrees_north", b"degrees_along")
    )
    refused(path, "has no coordinates", "gdal_translate")


def test_tif_without_coordinates(write: Write, depths: np.ndarray) -> None:
    with pytest.warns(NotGeoreferencedWarning):
        path = write(depths, transform=None)
    refused(path, "has no coordinates", "gdal_translate")


def test_transposed_variable(tmp_path: Path, depths: np.ndarray, write: Write) -> None:
    turned = np.ascontiguousarray(depths[::-1].T)
    path = write_netcdf(tmp_path / "bed.nc", turned, LAT, LON, axes=("lon", "lat"))
    assert np.allclose(read_seabed(path).depth_m, read_seabed(write(depths)).depth_m, atol=0.01)
