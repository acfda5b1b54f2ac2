"""Outlines of positive ground."""

import numpy as np
import pytest
import shapely

from okhotsk.raster import contours, geodesy
from okhotsk.raster.grid import Grid

GRID = Grid((149.0, 47.0, 151.0, 49.0), (200, 200))
LON, LAT = np.meshgrid(GRID.lon, GRID.lat)
FAR = np.hypot(LON - 150, LAT - 48)  # degrees, in the plane of the grid


def test_disc():
    """A disc has its area within 0.1 %, on the plane and on the ellipsoid."""
    shape = contours.polygons(0.7 - FAR, GRID)
    exact = shapely.Point(150, 48).buffer(0.7, 256)
    assert len(shape.geoms) == 1
    assert shape.is_valid
    assert shape.area == pytest.approx(np.pi * 0.49, rel=1e-3)
    assert geodesy.area_km2(shape) == pytest.approx(geodesy.area_km2(exact), rel=1e-3)
    assert shape.hausdorff_distance(exact) < 0.2 * GRID.cell_deg[0]


def test_holes_and_islands():
    """A ring with a disc inside keeps its hole and its disc."""
    level = np.maximum(np.minimum(0.8 - FAR, FAR - 0.5), 0.2 - FAR)
    shape = contours.polygons(level, GRID)
    assert sorted(len(part.interiors) for part in shape.geoms) == [0, 1]
    assert shape.area == pytest.approx(np.pi * (0.64 - 0.25 + 0.04), rel=1e-3)
    assert not shape.contains(shapely.Point(150.35, 48))
    assert shape.contains(shapely.Point(150, 48))


def test_empty():
    """Nothing positive gives no polygon."""
    assert contours.polygons(np.full(GRID.shape, -1.0), GRID).is_empty


def test_all():
    """All positive, infinity included, gives the rectangle of the cell centres."""
    level = np.ones(GRID.shape)
    assert contours.polygons(level, GRID).bounds == pytest.approx(
        (149.005, 47.005, 150.995, 48.995)
    )


def test_touching_parts_are_valid():
    """Areas that meet in a single point give a valid shape of the right area."""
    shape = contours.polygons((LON - 150) * (LAT - 48), GRID)
    assert shape.is_valid
    assert shape.area == pytest.approx(2 * 0.995**2, rel=1e-3)
