"""The shipped shoreline and what is measured on it."""

import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from okhotsk.raster import geodesy, proximity
from okhotsk.raster.grid import Grid
from okhotsk.theatre import coast

GEOD = Geod(ellps="WGS84")
LANDS = coast.read_coast()
ISLANDS = coast.read_islands()


def test_every_unit_has_land():
    """Every island of the data, and every fixed unit, has land, and there is no other."""
    assert set(LANDS) == set(ISLANDS) | set(coast.FIXED_HOLDERS)
    assert all(not land.is_empty for land in LANDS.values())


@pytest.mark.parametrize("unit", sorted(LANDS))
def test_polygons_are_valid(unit):
    """Every polygon is valid, within the window, and larger than nothing."""
    for polygon in LANDS[unit].geoms:
        assert polygon.is_valid, shapely.is_valid_reason(polygon)
        assert polygon.area > 0
    assert shapely.box(133.9, 40.9, 166.1, 64.1).contains(LANDS[unit])


def test_units_do_not_overlap():
    """The areas of the islands add up to the area of their union."""
    lands = [LANDS[unit] for unit in ISLANDS]
    total = sum(geodesy.area_km2(land) for land in lands)
    assert geodesy.area_km2(shapely.union_all(lands)) == pytest.approx(total, rel=1e-9)


def test_total_area():
    """The chain has its published area, Russian and Japanese totals, within 2 %."""
    table = coast.islands_table(LANDS).set_index("island_id")
    total = table.area_km2.sum()
    assert total == pytest.approx(10503.2, rel=0.02)
    assert table.loc["iturup"].area_km2 == table.area_km2.max()
    assert (table.coast_km > 2 * np.sqrt(np.pi * table.area_km2)).all()  # no less than a circle


def test_table_points_lie_on_their_island():
    """The point given for an island is on its land."""
    for row in coast.islands_table(LANDS).itertuples():
        assert LANDS[row.island_id].contains(shapely.Point(row.lon, row.lat))


@pytest.mark.parametrize(
    ("one", "other"), [("iturup", "urup"), ("kunashir", "iturup"), ("paramushir", "shumshu")]
)
def test_nearest_points(one, other):
    """The shortest line is within 0.1 % of the least geodesic between dense shore points."""
    ends = coast.nearest_points(LANDS[one], LANDS[other])
    near = shapely.box(*shapely.LineString(ends).bounds).buffer(0.2)
    shores = [
        shapely.get_coordinates(
            shapely.segmentize(shapely.intersection(LANDS[unit].boundary, near), 0.0003)
        )
        for unit in (one, other)
    ]
    there = [geodesy.to_ecef_km(*points.T) for points in shores]
    chord, nearest = cKDTree(there[1]).query(there[0])
    first = int(chord.argmin())
    brute = GEOD.inv(*shores[0][first], *shores[1][nearest[first]])[2]
    found = GEOD.inv(*ends[0], *ends[1])[2]
    assert found == pytest.approx(brute, rel=1e-3)
    for unit, end in zip((one, other), ends, strict=True):
        assert LANDS[unit].distance(shapely.Point(end)) < 1e-9


@pytest.mark.parametrize("unit", ["iturup", "simushir", "ketoi", "matua"])
def test_water_fraction(unit):
    """The land left by the shares of water has the area of the island within 1.5 %."""
    west, south, east, north = np.round(np.array(LANDS[unit].bounds) * 60)
    bounds = ((west - 3) / 60, (south - 3) / 60, (east + 3) / 60, (north + 3) / 60)
    grid = Grid(bounds, (round(north - south + 6), round(east - west + 6)))
    water = coast.water_fraction({unit: LANDS[unit]}, grid)
    assert water.min() == 0
    assert water.max() == 1
    land_km2 = ((1 - water) * grid.cell_area_km2()[:, None]).sum()
    assert land_km2 == pytest.approx(geodesy.area_km2(LANDS[unit]), rel=0.015)


def test_shore_points_are_close():
    """Neighbouring points along a shore lie at most 450 m apart and keep every vertex."""
    land = shapely.MultiPolygon([max(LANDS["simushir"].geoms, key=lambda p: p.area)])
    points = proximity.shore_points(land)
    steps = GEOD.inv(*points[:-1].T, *points[1:].T)[2]
    rings = 1 + len(land.geoms[0].interiors)
    assert np.sort(steps)[-rings] <= 450
    assert {tuple(p) for p in shapely.get_coordinates(land)} <= {tuple(p) for p in points}
