"""Where the cells of a file lie: read by its own coordinates, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from rasterio.transform import from_bounds
from seabeds import refused, write_netcdf

from okhotsk.errors import SeabedError
from okhotsk.theatre.bathymetry import Seabed, analysis_grid, read_seabed
from okhotsk.theatre.seabed_file.axes import Axes, check_degrees, cut_window
from okhotsk.theatre.seabed_file.source import _evened

Write = Callable[..., Path]


def test_longitudes_from_0_to_360_serve(write: Write, depths: np.ndarray, shipped: Seabed) -> None:
    world = np.zeros((180 * 5, 360 * 5), np.float32)
    world[130:250, 667:832] = depths.reshape(120, 2, 165, 2).mean(axis=(1, 3))[:, :165]
    # Window rows: 90 - 64.5 = 25.5 degrees down, so shift by half a cell is within the tolerance.
    world = np.roll(world, (-3, 0), axis=(0, 1))
    seabed = read_seabed(write(world, bounds=(0, -90, 360, 90)))
    sea = shipped.depth_m > 0
    assert np.corrcoef(seabed.depth_m[sea], shipped.depth_m[sea])[0, 1] > 0.98


def test_another_region(write: Write, depths: np.ndarray) -> None:
    path = write(depths, bounds=(0, 30, 33, 54))
    refused(path, "covers 0, 30, 33, 54", "expected all of 134, 41, 166, 64", "larger piece")


def test_half_of_the_window(write: Write, depths: np.ndarray) -> None:
    path = write(depths[:, :165], bounds=(133.5, 40.5, 150, 64.5))
    refused(path, "covers 133.5, 40.5, 150, 64.5", "expected all of 134, 41, 166, 64")


def test_one_degree_short_in_the_north(write: Write, depths: np.ndarray) -> None:
    refused(write(depths[15:], bounds=(133.5, 40.5, 166.5, 63)), "64.5|63", "expected all of")


def test_west_longitudes(write: Write, depths: np.ndarray) -> None:
    west = read_seabed(write(depths, "west.tif", bounds=(-226.5, 40.5, -193.5, 64.5)))
    assert np.allclose(west.depth_m, read_seabed(write(depths)).depth_m, atol=0.01)


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
    south_up = read_seabed(write(depths[::-1], "south.tif", transform=transform))
    assert np.array_equal(south_up.depth_m, read_seabed(write(depths)).depth_m)


def test_rotated_grid_is_refused(write: Write, depths: np.ndarray) -> None:
    turned = Affine.translation(133.5, 64.5) @ Affine.rotation(3) @ Affine.scale(0.1, -0.1)
    refused(write(depths, transform=turned), "rotated", "gdalwarp")


def mercator_rows(south: float, north: float, count: int) -> np.ndarray:
    """Latitudes of a Mercator map from north to south."""
    ends = np.arcsinh(np.tan(np.radians([north, south])))
    return np.degrees(np.arctan(np.sinh(np.linspace(*ends, count))))


def test_uneven_rows_are_read_by_their_own_latitudes(tmp_path: Path, shipped: Seabed) -> None:
    # Depth is one part latitude: a shift of a minute would show as 3 m.
    lat, lon = mercator_rows(40.9, 64.1, 1400), 133.9 + np.arange(1940) / 60
    axes = Axes(lon, lat)
    cut = cut_window(axes, analysis_grid(), tmp_path)
    assert not cut.even
    slope = (cut.lat[:, None] - 40) * 180 + np.zeros(len(lon))
    values, even = _evened(slope.astype(np.float32), cut.lat, cut.step_deg[1])
    assert np.abs(values - (even[:, None] - 40) * 180).max() < 0.01
    assert cut.native_deg == pytest.approx(-np.diff(cut.lat).min())


def test_sills_of_a_mercator_grid_are_those_of_the_even_grid(
    tmp_path: Path, shipped: Seabed
) -> None:
    grid, lat = analysis_grid(), mercator_rows(40.5, 64.5, 2200)
    rows = np.interp(-lat, -grid.lat, np.arange(len(grid.lat)))
    values = -shipped.depth_m[np.round(rows).astype(int)]
    path = write_netcdf(tmp_path / "smith.nc", values, lat, grid.lon, positive="up")
    seabed = read_seabed(path)
    deep = shipped.depth_m > 200
    gap = np.abs(seabed.depth_m - shipped.depth_m)[deep] / shipped.depth_m[deep]
    assert np.median(gap) < 0.01
    refused(
        write_netcdf(tmp_path / "even.nc", values, np.linspace(64.5, 40.5, 2200), grid.lon),
        "positive up",
    )


@pytest.mark.parametrize("lat", [[41, 42, 42, 43], [41, np.nan, 43, 44], [44, 42, 43, 41], [41]])
def test_coordinates_out_of_order_are_refused(lat: list[float], tmp_path: Path) -> None:
    axes = Axes(np.arange(130.0, 170), np.array(lat, float))
    with pytest.raises(SeabedError, match="latitudes are not in order"):
        check_degrees(axes, tmp_path)


def test_columns_with_a_gap_are_no_cover(tmp_path: Path) -> None:
    lon = np.arange(133.0, 167, 0.1)
    axes = Axes(lon[(lon < 150) | (lon > 150.5)], np.arange(40.0, 66, 0.1))
    with pytest.raises(SeabedError, match="expected all of"):
        cut_window(axes, analysis_grid(), tmp_path)


@pytest.mark.parametrize("west", [-360, -226.5, -200, -180, -20, 0, 100, 133.5, 150])
def test_columns_are_the_same_wherever_longitudes_begin(west: float, tmp_path: Path) -> None:
    lat = np.arange(66.0, 39, -0.5)
    cut = cut_window(Axes(west + np.arange(0, 360, 0.5), lat), analysis_grid(), tmp_path)
    assert np.diff(cut.lon) == pytest.approx(0.5)
    assert cut.even
    assert cut.lon[0] <= 134 < 166 <= cut.lon[-1]
    assert np.allclose((west + cut.cols / 2) % 360, cut.lon)
