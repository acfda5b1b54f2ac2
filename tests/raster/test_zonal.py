"""Areas by class against sums of the library and known totals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from okhotsk.raster.geodesy import GEOD
from okhotsk.raster.grid import Grid
from okhotsk.raster.zonal import BAND, class_areas_km2

SHAPE = (2 * BAND + 7, 90)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_against_bincount(data):
    """Every class has the sum that numpy finds, whatever the mask and the stretches."""
    shape = data.draw(st.tuples(st.integers(1, 70), st.integers(1, 9)))
    classes = data.draw(arrays(np.uint8, shape, elements=st.integers(0, 3)))
    where = data.draw(arrays(bool, shape))
    water_km2 = data.draw(arrays(np.float32, shape, elements=st.floats(0, 2, width=32)))
    for mask in (None, where):
        inside = slice(None) if mask is None else mask
        expected = np.bincount(classes[inside].ravel(), water_km2[inside].ravel(), minlength=4)
        found = class_areas_km2(classes, water_km2, count=4, where=mask)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_threads_do_not_matter():
    """The sums are the same to the last bit with one thread and with several."""
    rng = np.random.default_rng(1)
    classes = rng.integers(0, 3, SHAPE, dtype=np.uint8)
    water_km2 = rng.random(SHAPE, dtype=np.float32)
    one, two, many = (class_areas_km2(classes, water_km2, count=3, threads=n) for n in (1, 2, 5))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, many)


def test_classes_beyond_the_count_are_left_out():
    """A class that was not asked for is not counted anywhere."""
    classes = np.array([[0, 1, 9, 9], [9, 1, 0, 255]], np.uint8)
    found = class_areas_km2(classes, np.ones(classes.shape, np.float32), count=2)
    np.testing.assert_array_equal(found, [2, 2])
    rows = np.full(SHAPE, 2, np.uint8)
    np.testing.assert_array_equal(class_areas_km2(rows, np.ones(SHAPE, "f4"), count=2), [0, 0])


def test_a_window_of_the_ellipsoid():
    """Two halves of a window have half its area on the ellipsoid each."""
    grid = Grid((150.0, 45.0, 152.0, 47.0), (200, 200))
    water_km2 = np.broadcast_to(grid.cell_area_km2()[:, None], grid.shape).astype(np.float32)
    classes = np.repeat(np.uint8([0, 1]), 100)[None].repeat(200, axis=0)
    lon = np.concatenate([np.linspace(150, 151, 9999), np.linspace(151, 150, 9999)])
    lat = np.repeat([45.0, 47.0], 9999)
    half_km2 = abs(GEOD.polygon_area_perimeter(lon, lat)[0]) / 1e6
    found = class_areas_km2(classes, water_km2, count=2)
    np.testing.assert_allclose(found, half_km2, rtol=1e-7)


def test_refuses_other_shapes():
    """Arrays of different shapes have no common cells."""
    classes, water_km2 = np.zeros((3, 4), np.uint8), np.ones((3, 4), np.float32)
    with pytest.raises(ValueError, match="areas have shape"):
        class_areas_km2(classes, water_km2[:2], count=1)
    with pytest.raises(ValueError, match="where has shape"):
        class_areas_km2(classes, water_km2, count=1, where=np.ones((4, 3), bool))
