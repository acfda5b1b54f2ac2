"""Distance fields against geodesics to a densified shore."""

import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from okhotsk.raster.geodesy import chord_to_arc_km, to_ecef_km
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import (
    REACH_KM,
    distance_field,
    distance_fields,
    nearest_km,
    shore_points,
)

GEOD = Geod(ellps="WGS84")
GRID = Grid((146.0, 47.0, 158.0, 55.0), (160, 240))
WATER = np.ones(GRID.shape, bool)
WEST = shapely.box(151.0, 50.0, 151.3, 50.2)
EAST = shapely.Polygon([(152.0, 51.0), (152.4, 51.1), (152.1, 51.5)])
LAND = shapely.MultiPolygon([WEST, EAST])


def brute_km(lon, lat, land):
    """Least geodesic distance to points 20 m apart on the shore."""
    shore = shapely.get_coordinates(shapely.segmentize(land, 0.0002))
    here = np.full(len(shore), lon), np.full(len(shore), lat)
    return GEOD.inv(*here, *shore.T)[2].min() / 1000


@pytest.fixture(scope="module")
def km():
    """The field of two islands as a grid."""
    return nearest_km([distance_field(LAND, GRID, WATER)], GRID.shape)


def test_against_geodesics(km):
    """At 60 random cells beyond 5 km the distance is the geodesic's to 10 m and 1e-5."""
    rng = np.random.default_rng(3)
    far = np.argwhere(np.isfinite(km) & (km > 5))
    for row, col in rng.permutation(far)[:60]:
        exact = brute_km(GRID.lon[col], GRID.lat[row], LAND)
        assert km[row, col] == pytest.approx(exact, rel=1e-5, abs=0.01)


def test_near_the_shore(km):
    """Nearer than 5 km it is never too short, and too long by half a step of the shore at most."""
    for row, col in np.argwhere(km < 5)[::7]:
        exact = brute_km(GRID.lon[col], GRID.lat[row], LAND)
        assert exact - 0.011 <= km[row, col] <= exact + 0.225


def test_territorial_sea_is_sharp(km):
    """From 22 km the nearest shore point is within 2 m of the nearest point of the shore."""
    for row, col in np.argwhere(np.abs(km - 22.224) < 0.5)[::9]:
        assert km[row, col] == pytest.approx(
            brute_km(GRID.lon[col], GRID.lat[row], LAND), abs=0.002
        )


def test_reach(km):
    """Cells have a distance where the shore is within the reach, and only there."""
    for row, col in np.random.default_rng(4).integers(0, GRID.shape, (30, 2)):
        exact = brute_km(GRID.lon[col], GRID.lat[row], LAND)
        assert np.isfinite(km[row, col]) == (exact < REACH_KM)
    north, east = km[:, GRID.index(152.1, 51.5)[1]], km[GRID.index(152.4, 51.1)[0]]
    for line in (north, east):
        assert REACH_KM - 7 < line[np.isfinite(line)].max() < REACH_KM + 0.1
    assert np.isinf(km[0, 0])


def test_split_land(km):
    """The nearer of two parts is the distance of the whole, whatever the order."""
    parts = [distance_field(shapely.MultiPolygon([p]), GRID, WATER) for p in (WEST, EAST)]
    np.testing.assert_array_equal(nearest_km(parts, GRID.shape), km)
    np.testing.assert_array_equal(nearest_km(parts[::-1], GRID.shape), km)


def test_only_water():
    """A field holds water cells only, in ascending order."""
    water = np.random.default_rng(5).random(GRID.shape) < 0.5
    field = distance_field(LAND, GRID, water)
    assert water.ravel()[field.cells].all()
    assert (np.diff(field.cells) > 0).all()
    assert len(field.cells) == len(field.km)


def test_nothing():
    """No water and no land in reach give an empty field, and infinity everywhere."""
    far = shapely.MultiPolygon([shapely.box(100, 20, 101, 21)])
    for land, water in ((LAND, ~WATER), (far, WATER)):
        field = distance_field(land, GRID, water)
        assert len(field.cells) == len(field.km) == 0
    assert np.isinf(nearest_km([], GRID.shape)).all()


def test_equals_a_tree(km):
    """A library's k-d tree over the same shore points finds the same nearest point everywhere."""
    lon, lat = np.meshgrid(GRID.lon, GRID.lat)
    chord_km, _ = cKDTree(to_ecef_km(*shore_points(LAND).T)).query(to_ecef_km(lon, lat))
    expected = chord_to_arc_km(chord_km)
    np.testing.assert_allclose(km[chord_km < REACH_KM], expected[chord_km < REACH_KM], rtol=1e-6)
    assert np.isinf(km[chord_km > REACH_KM]).all()


def test_high_latitudes():
    """Near the pole, where cells are slivers and bulge most, it still equals a tree's answer."""
    grid = Grid((0.0, 80.0, 60.0, 86.0), (90, 70))
    land = shapely.MultiPolygon([shapely.Point(30, 83).buffer(1.5)])
    field = distance_field(land, grid, np.ones(grid.shape, bool))
    points = to_ecef_km(*np.meshgrid(grid.lon, grid.lat)).reshape(-1, 3)
    chord_km, _ = cKDTree(to_ecef_km(*shore_points(land).T)).query(points)
    np.testing.assert_array_equal(field.cells, np.flatnonzero(chord_km <= REACH_KM))
    np.testing.assert_allclose(field.km, chord_to_arc_km(chord_km[field.cells]), rtol=1e-6)


def test_several_at_once():
    """Fields of several lands come under their keys, as each land has them alone."""
    lands = {"west": shapely.MultiPolygon([WEST]), "none": shapely.MultiPolygon(), "both": LAND}
    fields = distance_fields(lands, GRID, WATER)
    assert list(fields) == list(lands)
    for key, land in lands.items():
        alone = distance_field(land, GRID, WATER)
        np.testing.assert_array_equal(fields[key].cells, alone.cells)
        np.testing.assert_array_equal(fields[key].km, alone.km)


# Beyond one block of 512 cells both ways, with cells of every shape that blocks of them can have.
LARGE = {
    "temperate": Grid((140.0, 44.0, 160.5, 55.5), (690, 1230)),
    "polar": Grid((0.0, 72.0, 61.5, 83.5), (690, 1230)),
}


def scattered_lands(grid, rng):
    """Specks, a ragged island and a long thin one, far apart and some of them off the grid."""
    west, south, east, north = grid.bounds
    size = np.array([east - west, north - south])
    specks = [shapely.Point(west, south + 1.0 * size[1])]
    specks += [
        shapely.Point(*(np.array([west, south]) + rng.uniform(-0.05, 1.05, 2) * size))
        for _ in range(9)
    ]
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ragged = rng.uniform(0.2, 1, len(turn)) * np.array([np.cos(turn), np.sin(turn)])
    middle = np.array([west, south]) + 0.53 * size
    ragged = shapely.Polygon(middle + 0.07 * size * ragged.T)
    thin = shapely.LineString(
        [
            [west + 0.7 * size[0], south + 0.1 * size[1]],
            [west + 0.9 * size[0], south + 0.3 * size[1]],
        ]
    )
    return shapely.MultiPolygon(
        [*(speck.buffer(0.003) for speck in specks), ragged, thin.buffer(0.002)]
    )


@pytest.mark.parametrize("grid", LARGE.values(), ids=LARGE.keys())
def test_equals_a_tree_beyond_one_block(grid):
    """Cells and distances of 690 by 1230 cells are those of a k-d tree, one block after another."""
    rng = np.random.default_rng(11)
    land = scattered_lands(grid, rng)
    water = rng.random(grid.shape) < 0.8
    water[500:540, 200:900] = False  # across blocks, and some blocks without any water
    water[512:640, 512:640] = False
    field = distance_field(land, grid, water)
    places = to_ecef_km(*np.meshgrid(grid.lon, grid.lat))[water]
    tree = cKDTree(to_ecef_km(*shore_points(land).T))
    chord_km, _ = tree.query(places, distance_upper_bound=REACH_KM + 1, workers=2)
    near = chord_km <= REACH_KM
    np.testing.assert_array_equal(field.cells, np.flatnonzero(water)[near])
    np.testing.assert_allclose(field.km, chord_to_arc_km(chord_km[near]), rtol=1.2e-7)
    # Otherwise the far blocks and the bounds of the reach are not put to the test.
    assert 0.2 < near.mean() < 0.95
    assert field.cells[0] < 512 * grid.shape[1] < field.cells[-1]


def test_blocks_bulge_out_of_their_corners():
    """South of the chord between two corners lies water that only the southern speck is near to.

    Both specks lie on the meridian through the middle of a block; the plane half-way between
    them leaves all its corners in the north, but not the middle of its southern edge.
    """
    grid = LARGE["polar"]
    lon, lat = grid.lon[767], grid.lat[507]
    specks = [shapely.Point(lon, lat + away).buffer(0.0005) for away in (1.5, -1.5)]
    land, water = shapely.MultiPolygon(specks), np.ones(grid.shape, bool)
    field = distance_field(land, grid, water)
    places = to_ecef_km(*np.meshgrid(grid.lon, grid.lat)).reshape(-1, 3)[field.cells]
    chord_km, nearest = cKDTree(to_ecef_km(*shore_points(land).T)).query(places)
    np.testing.assert_allclose(field.km, chord_to_arc_km(chord_km), rtol=1.2e-7)
    block = (field.cells // grid.shape[1] < 512) & (abs(field.cells % grid.shape[1] - 767) < 256)
    southern = shore_points(land)[nearest, 1] < lat
    assert 0 < (southern & block).sum() < 0.01 * block.sum()
