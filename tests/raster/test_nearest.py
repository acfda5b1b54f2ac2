"""Distances to the nearest marked cell against a search of all pairs and geodesics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Geod
from scipy.spatial import cKDTree

from okhotsk.raster.geodesy import to_ecef_km
from okhotsk.raster.grid import Grid
from okhotsk.raster.nearest import nearest_cell_km

GEOD = Geod(ellps="WGS84")
BOUNDS = (135.0, 42.0, 172.0, 65.0)
WINDOWS = (
    BOUNDS,
    (140.0, -60.0, 175.0, 0.0),
    (-20.0, 0.0, 160.0, 90.0),
    (10.0, -0.002, 10.002, 0.0),
    (150.0, 50.0, 150.01, 70.0),
)
shapes = st.tuples(st.integers(1, 12), st.integers(1, 40))


def centres_km(grid):
    """Cell centres in space, one row each."""
    return to_ecef_km(*np.meshgrid(grid.lon, grid.lat)).reshape(-1, 3)


def geodesic_km(grid, index):
    """Geodesics from every cell to the cell of an index."""
    lon, lat = (a.ravel() for a in np.meshgrid(grid.lon, grid.lat))
    index = index.ravel()
    return GEOD.inv(lon, lat, lon[index], lat[index])[2].reshape(grid.shape) / 1000


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(WINDOWS))
def test_no_marked_cell_is_nearer(data, bounds):
    """The straight line to the cell found is the least to all marked cells."""
    sources = data.draw(arrays(bool, data.draw(shapes)))
    grid = Grid(bounds, sources.shape)
    km, index = nearest_cell_km(sources, grid, index=True)
    if not sources.any():
        assert np.isinf(km).all()
        assert (index == -1).all()
        return
    points = centres_km(grid)
    assert sources.ravel()[index].all()
    all_km = np.linalg.norm(points[:, None] - points[sources.ravel()][None], axis=2)
    found_km = np.linalg.norm(points - points[index.ravel()], axis=1)
    np.testing.assert_allclose(found_km, all_km.min(axis=1), rtol=1e-9, atol=1e-9)
    assert ((km == 0) == sources).all()


@pytest.mark.parametrize("share", [0.0002, 0.01, 0.4])
def test_against_a_tree_and_geodesics(share):
    """On 240 by 370 cells the nearest is a tree's, and the distance the geodesic's to 1e-7."""
    grid = Grid(BOUNDS, (240, 370))
    sources = np.random.default_rng(7).random(grid.shape) < share
    km, index = nearest_cell_km(sources, grid, index=True)
    points = centres_km(grid)
    chord_km, _ = cKDTree(points[sources.ravel()]).query(points)
    found_km = np.linalg.norm(points - points[index.ravel()], axis=1)
    np.testing.assert_allclose(found_km, chord_km, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(km, geodesic_km(grid, index), rtol=1.5e-7, atol=1e-9)


def test_one_cell_far_away():
    """From a single cell the distance is the geodesic's to 2e-6 over 2,500 km."""
    grid = Grid(BOUNDS, (120, 180))
    sources = np.zeros(grid.shape, bool)
    sources[70, 3] = True
    km, index = nearest_cell_km(sources, grid, index=True)
    assert (index == 70 * 180 + 3).all()
    assert km.max() > 2500
    np.testing.assert_allclose(km, geodesic_km(grid, index), rtol=2e-6, atol=1e-9)


def test_along_the_equator_and_a_meridian():
    """One degree is 111.319 km on the equator and 110.574 km from it northwards."""
    grid = Grid((10.0, 0.0, 14.0, 0.000002), (1, 4))
    km = nearest_cell_km(np.array([[True, False, False, False]]), grid)
    np.testing.assert_allclose(km[0], 111.319491 * np.arange(4), rtol=1e-6)
    grid = Grid((10.0, 0.0, 10.1, 1.5), (3, 1))
    km = nearest_cell_km(np.array([[False], [False], [True]]), grid)
    np.testing.assert_allclose(km[0, 0], GEOD.inv(10, 0.25, 10, 1.25)[2] / 1000, rtol=1e-6)


def test_threads_do_not_matter():
    """The answer is the same to the last bit, whoever does the work."""
    grid = Grid(BOUNDS, (61, 83))
    sources = np.random.default_rng(8).random(grid.shape) < 0.02
    one, many = (nearest_cell_km(sources, grid, index=True, threads=n) for n in (1, 3))
    for a, b in zip(one, many, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(nearest_cell_km(sources, grid), one[0])


def test_refuses_what_it_cannot_do():
    """Other shapes, the equator inside and more than half the globe are refused."""
    sources = np.ones((4, 6), bool)
    with pytest.raises(ValueError, match="shape"):
        nearest_cell_km(sources, Grid(BOUNDS, (6, 4)))
    for bounds in ((0, -1, 5, 1), (-100, 10, 100, 20)):
        with pytest.raises(ValueError, match="equator"):
            nearest_cell_km(sources, Grid(bounds, sources.shape))
