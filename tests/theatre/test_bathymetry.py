"""Seabeds brought by users: good ones agree with the shipped one, bad ones get one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_bounds
from scipy.io import netcdf_file

from okhotsk.errors import OkhotskError, SeabedError
from okhotsk.theatre.bathymetry import WINDOW, Seabed, analysis_grid, read_seabed

Write = Callable[..., Path]
TENTHS = (24 * 10, 33 * 10)  # the window and half a degree all round, in cells of 6 minutes


@pytest.fixture(scope="session")
def shipped() -> Seabed:
    """The shipped seabed."""
    return read_seabed()


@pytest.fixture(scope="session")
def depths(shipped: Seabed) -> np.ndarray:
    """The shipped depths averaged to 6 minutes, the rim repeated half a degree outwards."""
    blocks = shipped.depth_m.reshape(230, 6, 320, 6).mean(axis=(1, 3), dtype=np.float32)
    return np.pad(blocks, 5, mode="edge")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write depths as a raster of the window and half a degree all round."""

    def write(values: np.ndarray, name: str = "bed.tif", **options: Any) -> Path:
        west, south, east, north = WINDOW
        bounds = options.pop("bounds", (west - 0.5, south - 0.5, east + 0.5, north + 0.5))
        tags, band_tags = options.pop("tags", {}), options.pop("band_tags", {})
        profile = {
            "driver": "GTiff",
            "count": 1,
            "dtype": values.dtype,
            "height": values.shape[0],
            "width": values.shape[1],
            "crs": "EPSG:4326",
            "transform": from_bounds(*bounds, values.shape[1], values.shape[0]),
        }
        with rasterio.open(tmp_path / name, "w", **(profile | options)) as sink:
            sink.write(values, 1)
            sink.update_tags(**tags)
            sink.update_tags(1, **band_tags)
        return tmp_path / name

    return write


def refused(path: Path, *words: str, **options: Any) -> str:
    """The sentence with which a file is refused: one line that names it and holds the words."""
    with pytest.raises(SeabedError) as caught:
        read_seabed(path, **options)
    said = str(caught.value)
    assert isinstance(caught.value, OkhotskError | ValueError)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    assert len(said) < 400
    for word in words:
        assert re.search(word, said), f"{word!r} not in {said!r}"
    return said


def agrees(seabed: Seabed, shipped: Seabed) -> None:
    """Depths on the analysis grid like those shipped."""
    assert seabed.grid == analysis_grid()
    assert seabed.depth_m.shape == shipped.depth_m.shape
    assert seabed.depth_m.dtype == np.float32
    assert seabed.depth_m.min() >= 0
    sea = shipped.depth_m > 0
    gap = np.abs(seabed.depth_m - shipped.depth_m)[sea]
    assert np.corrcoef(seabed.depth_m[sea], shipped.depth_m[sea])[0, 1] > 0.995
    assert np.median(gap) < 20


# The shipped seabed


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


# Good files


def test_coarser_grid_is_interpolated(write: Write, depths: np.ndarray, shipped: Seabed) -> None:
    seabed = read_seabed(write(depths))
    agrees(seabed, shipped)
    assert seabed.native_km == pytest.approx(6 * 1.852, rel=0.01)
    assert seabed.name == "bed.tif"


def test_linear_slope_is_interpolated_without_a_shift(write: Write, shipped: Seabed) -> None:
    # Half a cell of shift would show as 25 m.
    lon = 133.5 + (np.arange(330) + 0.5) / 10
    known = shipped.depth_m
    slope = np.broadcast_to((lon - 130) * 500, TENTHS).astype(np.float32)
    path = write(slope)
    with rasterio.open(path) as source:
        from okhotsk.theatre.bathymetry import _resample

        values = _resample(source, analysis_grid())
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
    assert np.abs(seabed.measured.depth_m - np.maximum(fine + ripple, 0)).max() < 0.1
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


def test_longitudes_from_0_to_360_serve(write: Write, depths: np.ndarray, shipped: Seabed) -> None:
    world = np.zeros((180 * 5, 360 * 5), np.float32)
    world[130:250, 667:832] = depths.reshape(120, 2, 165, 2).mean(axis=(1, 3))[:, :165]
    # Window rows: 90 - 64.5 = 25.5 degrees down, so shift by half a cell is within the tolerance.
    world = np.roll(world, (-3, 0), axis=(0, 1))
    seabed = read_seabed(write(world, bounds=(0, -90, 360, 90)))
    sea = shipped.depth_m > 0
    assert np.corrcoef(seabed.depth_m[sea], shipped.depth_m[sea])[0, 1] > 0.98


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


def netcdf(path: Path, values: np.ndarray, **attributes: str) -> Path:
    """A classic NetCDF of the window and half a degree all round, rows from south to north."""
    rows, cols = values.shape
    with netcdf_file(path, "w") as sink:
        for name, size, start in (("lat", rows, 40.5), ("lon", cols, 133.5)):
            sink.createDimension(name, size)
            axis = sink.createVariable(name, "f8", (name,))
            axis[:] = start + (np.arange(size) + 0.5) / 10
            axis.units = "degrees_north" if name == "lat" else "degrees_east"
        band = sink.createVariable("elevation", "f4", ("lat", "lon"))
        band[:] = values
        for key, value in attributes.items():
            setattr(band, key, value)
    return path


def test_netcdf_in_the_order_of_gebco_serves(
    tmp_path: Path, depths: np.ndarray, write: Write
) -> None:
    up = netcdf(tmp_path / "gebco.nc", -depths[::-1], units="m", positive="up")
    seabed = read_seabed(up)
    assert np.allclose(seabed.depth_m, read_seabed(write(depths)).depth_m, atol=0.01)
    down = read_seabed(netcdf(tmp_path / "down.nc", depths[::-1]))
    assert np.array_equal(down.depth_m, seabed.depth_m)


def test_netcdf_upside_down_is_refused(tmp_path: Path, depths: np.ndarray) -> None:
    refused(netcdf(tmp_path / "flipped.nc", depths), "upside down or mirrored")


# Bad files


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.tif", "cannot be read", "No such file", "GeoTIFF or NetCDF")


def test_folder(tmp_path: Path) -> None:
    refused(tmp_path, "cannot be read", "GeoTIFF or NetCDF")


def test_text_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.tif"
    path.write_text("depths follow\n")
    refused(path, "cannot be read", "GeoTIFF or NetCDF")


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.nc"
    path.touch()
    refused(path, "cannot be read", "GeoTIFF or NetCDF")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("compress", ["deflate", "none"])
def test_truncated_file(write: Write, depths: np.ndarray, share: float, compress: str) -> None:
    path = write(depths, compress=compress)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, "cannot be read")


def test_picture_without_coordinates(tmp_path: Path) -> None:
    import PIL.Image

    path = tmp_path / "picture.png"
    PIL.Image.fromarray(np.full((240, 330), 7, np.uint8)).save(path)
    refused(path, "coordinates", "gdal_translate")


def test_another_region(write: Write, depths: np.ndarray) -> None:
    path = write(depths, bounds=(0, 30, 33, 54))
    refused(path, "covers 0, 30, 33, 54", "expected all of 134, 41, 166, 64", "larger piece")


def test_half_of_the_window(write: Write, depths: np.ndarray) -> None:
    path = write(depths[:, :165], bounds=(133.5, 40.5, 150, 64.5))
    refused(path, "covers 133.5, 40.5, 150, 64.5", "expected all of 134, 41, 166, 64")


def test_one_degree_short_in_the_north(write: Write, depths: np.ndarray) -> None:
    refused(write(depths[15:], bounds=(133.5, 40.5, 166.5, 63)), "64.5|63", "expected all of")


def test_west_longitudes(write: Write, depths: np.ndarray) -> None:
    refused(write(depths, bounds=(-226.5, 40.5, -193.5, 64.5)), "covers -226.5", "expected all of")


def test_projected(write: Write, depths: np.ndarray) -> None:
    path = write(depths, crs="EPSG:32655", bounds=(0, 4.5e6, 2e6, 7.1e6))
    refused(path, "is projected", "EPSG:32655", "expected EPSG:4326", "gdalwarp")


def test_metres_in_the_guise_of_degrees(write: Write, depths: np.ndarray) -> None:
    path = write(depths, bounds=(0, 4.5e6, 2e6, 7.1e6))
    refused(path, "are not degrees", "true CRS")


def test_longitude_and_latitude_swapped(write: Write, depths: np.ndarray) -> None:
    refused(write(depths.T.copy(), bounds=(40.5, 133.5, 64.5, 166.5)), "not degrees")


def test_rows_from_the_south(write: Write, depths: np.ndarray) -> None:
    transform = from_bounds(133.5, 64.5, 166.5, 40.5, 330, 240)
    refused(write(depths[::-1], transform=transform), "from south to north", "flip it")


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
