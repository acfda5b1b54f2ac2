"""Cells of the grid: size, area and place."""

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from okhotsk.raster.grid import Grid
from okhotsk.theatre.bathymetry import analysis_grid

GEOD = Geod(ellps="WGS84")
GRID = Grid((134.0, 41.0, 166.0, 64.0), (92, 128))


def geod_km2(bounds):
    """Area of a cell of parallels and meridians, its edges densified."""
    box = shapely.segmentize(shapely.box(*bounds), 0.002)
    return abs(GEOD.geometry_area_perimeter(box)[0]) / 1e6


@pytest.mark.parametrize("row", [0, 45, 91])
def test_cell_area(row):
    """A cell has the area of its geodesic polygon to 1e-6."""
    lat, height = GRID.lat[row], GRID.cell_deg[1] / 2
    cell = (150, lat - height, 150.25, lat + height)
    assert GRID.cell_area_km2()[row] == pytest.approx(geod_km2(cell), rel=1e-6)


def test_areas_of_cells_add_up():
    """All cells together have the area of the window, at every resolution."""
    whole = geod_km2(GRID.bounds)
    for grid in (GRID, analysis_grid(), Grid(GRID.bounds, (7, 5))):
        assert grid.cell_area_km2().sum() * grid.shape[1] == pytest.approx(whole, rel=1e-6)


def test_cell_size():
    """Width and height of 1-minute cells are geodesic distances to 1e-6."""
    grid = analysis_grid()
    width, height = grid.cell_size_km()
    half = grid.cell_deg[1] / 2
    for row in (0, 700, 1379):
        lat = grid.lat[row]
        assert width[row] * 1000 == pytest.approx(
            GEOD.inv(150, lat, 150 + grid.cell_deg[0], lat)[2], rel=1e-6
        )
        assert height[row] * 1000 == pytest.approx(
            GEOD.inv(150, lat - half, 150, lat + half)[2], rel=1e-6
        )


def test_aspect_of_cells():
    """Height over width is 1.5 at 48 north."""
    grid = Grid((150.0, 47.99, 150.1, 48.01), (2, 10))
    width, height = grid.cell_size_km()
    assert height[0] / width[0] * grid.cell_deg[0] / grid.cell_deg[1] == pytest.approx(1.49, 0.005)


@given(st.integers(0, 91), st.integers(0, 127))
def test_index_inverts_lonlat(row, col):
    """The centre of a cell lies in that cell, here and in rasterio."""
    lon, lat = GRID.lonlat(np.array([row]), np.array([col]))[0]
    assert GRID.index(lon, lat) == (row, col)
    assert rasterio.transform.rowcol(GRID.transform, lon, lat) == (row, col)
    assert (GRID.lon[col], GRID.lat[row]) == pytest.approx((lon, lat))


def test_index_outside_is_clipped():
    """Points off the grid belong to its nearest edge cell."""
    assert GRID.index(100, 80) == (0, 0)
    assert GRID.index(200, 0) == (91, 127)


def test_crop():
    """A block of cells keeps the places of its cells; slices may overrun the edge."""
    part = GRID.crop(slice(3, 10), slice(20, 500))
    assert part.shape == (7, 108)
    np.testing.assert_allclose(part.lon, GRID.lon[20:], rtol=1e-14)
    np.testing.assert_allclose(part.lat, GRID.lat[3:10], rtol=1e-14)
