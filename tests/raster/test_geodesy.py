"""Lengths and areas against pyproj's geodesics and an equal-area projection."""

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from okhotsk.raster import geodesy

GEOD = Geod(ellps="WGS84")
SQUARE = shapely.box(150, 50, 152, 52)
HOLE = shapely.box(150.5, 50.5, 151, 51)


@pytest.mark.parametrize("lat", [41, 45, 50, 55, 60, 64])
@pytest.mark.parametrize("km", [0.1, 22.224, 200, 350, 400])
def test_chord_to_arc(lat, km):
    """Arcs from chords are within 1e-6 of the geodesic to 350 km, within 1.3e-6 to 400 km."""
    azimuth = np.linspace(0, 360, 73)
    start = np.full(73, 150.0), np.full(73, float(lat))
    ends = GEOD.fwd(*start, azimuth, np.full(73, km * 1000))[:2]
    chord = np.linalg.norm(geodesy.to_ecef_km(*ends) - geodesy.to_ecef_km(*start), axis=1)
    np.testing.assert_allclose(
        geodesy.chord_to_arc_km(chord), km, rtol=1e-6 if km <= 350 else 1.3e-6
    )


def test_ecef_lies_on_the_ellipsoid():
    """Space coordinates agree with PROJ's geocentric ones to a millimetre."""
    lon, lat = np.array([134.0, 150, 166, 0]), np.array([41.0, 52, 64, -90])
    there = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    expected = np.stack(there.transform(lon, lat, np.zeros(4)), axis=-1) / 1000
    np.testing.assert_allclose(geodesy.to_ecef_km(lon, lat), expected, atol=1e-6)


def laea_km2(shape):
    """Area in an equal-area projection, edges densified along the straight lon-lat lines."""
    there = "+proj=laea +lon_0=150 +lat_0=52 +ellps=WGS84 +units=m"
    project = Transformer.from_crs("EPSG:4326", there, always_xy=True).transform
    dense = shapely.segmentize(shape, 0.005)
    return shapely.transform(dense, lambda xy: np.column_stack(project(*xy.T))).area / 1e6


@pytest.mark.parametrize(
    "shape",
    [
        SQUARE,
        SQUARE.difference(HOLE),
        shapely.Polygon([(140, 45), (160, 44), (155, 60), (142, 58)]),
        shapely.MultiPolygon([SQUARE.difference(HOLE), shapely.box(160, 45, 160.1, 45.1)]),
    ],
    ids=["square", "hole", "large", "parts"],
)
def test_area_against_equal_area_projection(shape):
    """Areas agree with an equal-area projection to 1e-6, whichever way the rings run."""
    assert geodesy.area_km2(shape) == pytest.approx(laea_km2(shape), rel=1e-6)
    assert geodesy.area_km2(shapely.reverse(shape)) == pytest.approx(laea_km2(shape), rel=1e-6)


def test_perimeter_counts_holes():
    """The girth of a shape is that of all its rings."""
    rings = [geodesy.length_km(shape.exterior) for shape in (SQUARE, HOLE)]
    assert geodesy.perimeter_km(SQUARE.difference(HOLE)) == pytest.approx(sum(rings), rel=1e-9)


def test_length_of_a_degree_of_meridian():
    """A degree of meridian from 50 north is 111.239 km, of parallel there 71.7 km."""
    assert geodesy.length_km(shapely.LineString([(150, 50), (150, 51)])) == pytest.approx(
        111.2388, abs=5e-4
    )
    assert geodesy.distance_km(150, 50, 151, 50) == pytest.approx(71.6958, abs=5e-3)
