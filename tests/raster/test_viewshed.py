"""Lines of sight under water: analytic seabeds, another method, and the geodesics of the rays."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Geod
from seas import grid_at
from theatres import islet, make_theatre

from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_field
from okhotsk.raster.viewshed import DEPTHS_M, RANGE_KM, Viewshed, find_viewshed

SHAPE = (120, 180)
GRID = grid_at(48.0, SHAPE, arcmin=2)
CENTRE = (60, 90)
NATIVE_KM = 3.7
ALL = np.ones(SHAPE, bool)


def km_at(sight: Viewshed, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Distances as a raster per depth; infinite where out of sight."""
    km = np.full((len(DEPTHS_M), shape[0] * shape[1]), np.inf, np.float32)
    km[:, sight.cells] = sight.km
    return km.reshape(-1, *shape)


def look(depth_m: np.ndarray, *, native_km: float = NATIVE_KM) -> np.ndarray:
    """What a rock in the middle of the grid looks at."""
    lon, lat = GRID.lonlat(np.array([CENTRE[0]]), np.array([CENTRE[1]]))[0]
    field = distance_field(islet(lon, lat), GRID, ALL)
    return km_at(find_viewshed(field, GRID, depth_m.astype(np.float32), native_km))


def away_km() -> np.ndarray:
    """Geodesic distance of every cell from the middle."""
    lon, lat = np.meshgrid(GRID.lon, GRID.lat)
    here = GRID.lonlat(np.array([CENTRE[0]]), np.array([CENTRE[1]]))[0]
    return Geod(ellps="WGS84").inv(lon, lat, *np.broadcast_arrays(*here, lon)[:2])[2] / 1000


def test_open_deep_water_is_seen_to_the_range_at_its_distance() -> None:
    km, away = look(np.full(SHAPE, 1000.0)), away_km()
    inside = away < RANGE_KM - 3
    inside[CENTRE] = False
    for level in km:
        assert np.isfinite(level[inside]).all()
        assert np.abs(level[inside] - away[inside]).max() < 2.3  # half a cell's diagonal and step
    assert not np.isfinite(km[:, away > RANGE_KM + 3]).any()


def test_no_boat_where_the_water_is_too_shallow() -> None:
    depth_m = np.full(SHAPE, 1000.0)
    depth_m[:, 120:] = 120
    km = look(depth_m)
    there = np.zeros(SHAPE, bool)
    there[:, 121:140] = True
    seen = [bool(np.isfinite(level[there]).any()) for level in km]
    assert seen == [depth <= 120 for depth in DEPTHS_M]


@pytest.mark.parametrize("sill_m", [10, 20, 40, 80])
def test_a_sill_hides_what_the_line_over_it_does_not_reach(sill_m: float) -> None:
    # A sill at 20 to 30 km: the line to a boat at depth d and distance s leaves it at d * 30 / s.
    # Its cells are 4 km wide, so that rays meet it last between 26 and 32 km.
    depth_m = np.full(SHAPE, 1000.0)
    away = away_km()
    depth_m[(away > 20) & (away < 30)] = sill_m
    km = look(depth_m)
    for level, boat_m in zip(km, DEPTHS_M, strict=True):
        far = (away > boat_m * 32 / sill_m) & (away > 34) & (away < RANGE_KM - 3)
        hidden = (away > 34) & (away < min(boat_m * 26 / sill_m, RANGE_KM - 3))
        assert np.isfinite(level[far]).all()
        assert not np.isfinite(level[hidden]).any()


def test_land_hides_what_lies_behind_it() -> None:
    depth_m = np.full(SHAPE, 1000.0)
    depth_m[40:81, 110:112] = 0
    km = look(depth_m)[0]
    assert not np.isfinite(km[50:71, 114:150]).any()
    assert np.isfinite(km[0:10, 114:130]).all()
    assert np.isfinite(km[50:71, 30:80]).all()


def test_soundings_nearer_than_their_resolution_block_nothing() -> None:
    depth_m = np.full(SHAPE, 1000.0)
    depth_m[(away_km() > 2) & (away_km() < 8)] = 0.5
    assert not np.isfinite(look(depth_m, native_km=2)[:, 20:30, 20:30]).any()
    assert np.isfinite(look(depth_m, native_km=9)[:, 20:30, 20:30]).all()


def brute(depth_m: np.ndarray, native_km: float) -> np.ndarray:
    """Deepest boat in sight of the middle in each cell, by a straight line to each cell."""
    deepest, away = np.zeros(depth_m.shape), away_km()
    for row, col in np.ndindex(depth_m.shape):
        steps = 2 * max(abs(row - CENTRE[0]), abs(col - CENTRE[1]), 1)
        share = np.arange(1, steps + 1) / steps
        if (row, col) == CENTRE:
            continue
        rows = np.rint(CENTRE[0] + share * (row - CENTRE[0])).astype(int)
        cols = np.rint(CENTRE[1] + share * (col - CENTRE[1])).astype(int)
        s, z = share * away[row, col], depth_m[rows, cols]
        if (z[s > 2] <= 0).any():
            continue
        known = s > native_km
        slope = (z[known] / s[known]).min(initial=np.inf)
        deepest[row, col] = min(slope * away[row, col], depth_m[row, col])
    return deepest


def test_rays_agree_with_a_line_to_every_cell() -> None:
    """A rough seabed with islands, both ways: they differ at the edges of shadows only."""
    rng = np.random.default_rng(7)
    coarse = rng.uniform(-60, 700, (13, 19))
    depth_m = np.clip(np.kron(coarse, np.ones((10, 10)))[:120, :180], 0, None)
    depth_m[CENTRE[0] - 4 : CENTRE[0] + 5, CENTRE[1] - 4 : CENTRE[1] + 5] = 300
    km, other = look(depth_m), brute(depth_m, NATIVE_KM)
    reach = away_km() < RANGE_KM - 3
    for level, boat_m in zip(km, DEPTHS_M, strict=True):
        seen, expected = np.isfinite(level[reach]), other[reach] >= boat_m
        assert 0.02 < expected.mean() < 0.9
        assert (seen != expected).mean() < 0.03


def line_to_every_cell(
    depth_m: np.ndarray, grid: Grid, rock: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Deepest boat in sight of a rock, and its distance, by a straight line to each cell."""
    lon, lat = np.meshgrid(grid.lon, grid.lat)
    here = np.full_like(lon, grid.lon[rock[1]]), np.full_like(lat, grid.lat[rock[0]])
    away = Geod(ellps="WGS84").inv(*here, lon, lat)[2] / 1000
    deepest = np.zeros(depth_m.shape)
    rows, cols = np.nonzero((away < RANGE_KM + 5) & (away > 0))
    down, right, s = rows - rock[0], cols - rock[1], away[rows, cols]
    slope, open_water = np.full(len(s), np.inf), np.ones(len(s), bool)
    steps = 2 * np.maximum(abs(down), abs(right)).max()
    for share in np.arange(1, steps + 1) / steps:
        z = depth_m[
            np.rint(rock[0] + share * down).astype(int),
            np.rint(rock[1] + share * right).astype(int),
        ]
        open_water &= (z > 0) | (share * s <= 2.5)
        known = share * s > NATIVE_KM
        slope[known] = np.minimum(slope, z / (share * s))[known]
    deepest[rows, cols] = np.where(open_water, np.minimum(slope * s, depth_m[rows, cols]), 0)
    return deepest, away


def test_many_lookouts_on_a_large_grid() -> None:
    """Rocks far apart, some near the edges: what any has in sight, and how far the nearest is.

    A line to every cell from every rock tells it in another way; shadows differ at their edges.
    """
    grid = grid_at(48.0, (300, 500), arcmin=2)
    rocks = [(5, 60), (40, 480), (150, 250), (155, 262), (255, 430), (294, 20)]
    rng = np.random.default_rng(8)
    depth_m = np.clip(np.kron(rng.uniform(-40, 900, (25, 42)), np.ones((12, 12))), 0, None)
    depth_m = depth_m[: grid.shape[0], : grid.shape[1]].astype(np.float32)
    for row, col in rocks:
        depth_m[max(row - 6, 0) : row + 7, max(col - 6, 0) : col + 7] = 300
    places = [grid.lonlat(np.array([row]), np.array([col]))[0] for row, col in rocks]
    land = shapely.MultiPolygon([islet(*place).geoms[0] for place in places])
    field = distance_field(land, grid, np.ones(grid.shape, bool))
    one, many = (find_viewshed(field, grid, depth_m, NATIVE_KM, threads=n) for n in (1, 3))
    np.testing.assert_array_equal(one.cells, many.cells)
    np.testing.assert_array_equal(one.km, many.km)
    lines = [line_to_every_cell(depth_m, grid, rock) for rock in rocks]
    apart = np.minimum.reduce([abs(away - RANGE_KM) for _, away in lines]) > 5
    for level, boat_m in zip(km_at(one, grid.shape), DEPTHS_M, strict=True):
        seen_km = [
            np.where((deepest >= boat_m) & (away < RANGE_KM), away, np.inf)
            for deepest, away in lines
        ]
        nearest_km = np.minimum.reduce(seen_km)
        seen, expected = np.isfinite(level[apart]), np.isfinite(nearest_km[apart])
        assert 0.01 < expected.mean() < 0.9
        assert (seen != expected).mean() < 0.03
        both = apart & np.isfinite(level) & np.isfinite(nearest_km)
        off_km = abs(level[both] - nearest_km[both])
        assert np.quantile(off_km, 0.95) < 2.5
        assert np.median(off_km) < 1.2


def open_lines(rock: np.ndarray, block: np.ndarray, length: int) -> np.ndarray:
    """Cells of the first row into which some straight line from a rock runs past a block.

    The lines end at ten points across each cell and ten along it.
    """
    ends = np.stack(np.meshgrid(np.arange(-0.45, 0.5, 0.1), np.arange(-0.45, length - 0.5, 0.1)))
    share = np.linspace(0, 1, 1000)
    paths = rock + share[:, None] * (ends.reshape(2, 1, -1) - rock[:, None, None]).T
    meets = (np.floor(paths + 0.5) == block).all(axis=-1).any(axis=-1)
    return np.isin(np.arange(length), np.floor(ends[1].ravel() + 0.5)[~meets])


@pytest.mark.parametrize("far", [False, True], ids=["north and west", "south and east"])
@pytest.mark.parametrize("axis", [0, 1], ids=["row", "column"])
def test_a_ray_ends_at_the_edge_of_the_grid(axis: int, *, far: bool) -> None:
    """A rock beside an edge, and a block beside it that hides most of the edge's cells.

    A line that passes between the block and the edge soon leaves the grid. What it would meet
    there is not in sight.
    """
    shape = (60, 60)
    grid = grid_at(48.0, shape, arcmin=2)
    rock, block = np.array([1, 5]), np.array([1, 9])
    known = open_lines(rock, block, shape[1])
    assert np.flatnonzero(~known)[0] == 16  # it leaves the edge row 3 times 3.5 columns on

    def placed(cell: np.ndarray) -> tuple[int, int]:
        row, col = cell if axis == 0 else cell[::-1]
        return (row, col) if not far else (row, shape[1] - 1 - col) if axis else (59 - row, col)

    depth_m = np.full(shape, 1000.0, np.float32)
    depth_m[placed(block)] = 0
    row, col = placed(rock)
    field = distance_field(
        islet(*grid.lonlat(np.array([row]), np.array([col]))[0]), grid, np.ones(shape, bool)
    )
    seen = np.isfinite(km_at(find_viewshed(field, grid, depth_m, NATIVE_KM), shape)[0])
    edge = np.moveaxis(seen, axis, 0)[-1 if far else 0]
    assert np.flatnonzero(edge != known).tolist() in ([], [15], [16])  # rays have gaps


@settings(max_examples=25)
@given(arrays(np.float32, (12, 18), elements=st.integers(-50, 400).map(float)), st.data())
def test_a_deeper_seabed_hides_nothing_more(coarse: np.ndarray, data: st.DataObject) -> None:
    block = np.ones((10, 10), np.float32)
    depth_m = np.clip(np.kron(coarse, block), 0, None)
    more = data.draw(arrays(np.float32, (12, 18), elements=st.integers(0, 200).map(float)))
    deeper = np.where(depth_m > 0, depth_m + np.kron(more, block), 0)
    before, after = look(depth_m), look(deeper)
    assert (after <= before).all()
    for shallow, deep in zip(before, before[1:], strict=False):
        assert (shallow <= deep).all()


@pytest.mark.parametrize("lat", [43.0, 52.0, 61.0])
def test_rays_follow_geodesics(lat: float) -> None:
    """A wall with a gap on a geodesic lets the ray through: the end is off by less than a cell."""
    grid = Grid((140.0, lat - 3.5, 150.0, lat + 3.5), (420, 600))
    row, col = 210, 300
    north, east = (1 / size[row] for size in grid.cell_size_km()[::-1])
    lon0, lat0 = grid.lonlat(np.array([row]), np.array([col]))[0]
    for azimuth in np.radians([10, 60, 90, 135, 250]):
        s, bend = RANGE_KM, np.tan(np.radians(lat0)) / 6371.0088
        down = s * (-np.cos(azimuth) * north + s * np.sin(azimuth) ** 2 * bend * north / 2)
        right = s * np.sin(azimuth) * (east + s * np.cos(azimuth) * bend * east)
        end = grid.lonlat(np.array([row + down]), np.array([col + right]))[0]
        lon, true_lat, _ = Geod(ellps="WGS84").fwd(lon0, lat0, np.degrees(azimuth), s * 1000)
        off_km = Geod(ellps="WGS84").inv(*end, lon, true_lat)[2] / 1000
        assert off_km < 1.9


def test_a_land_out_of_the_grid_sees_nothing() -> None:
    theatre = make_theatre({"far": islet(170, 47)}, (150, 45, 151, 48))
    assert len(theatre.viewsheds["far"].cells) == 0
