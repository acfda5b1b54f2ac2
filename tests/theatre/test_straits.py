"""Throats and sills of the real straits against what is published."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_field
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.coast import water_fraction
from okhotsk.theatre.sea import section_cost
from okhotsk.theatre.straits import (
    OPERATING_DEPTHS_M,
    Strait,
    read_straits,
    straits_table,
)
from okhotsk.theatre.throat_search import find_search, find_throat

GEOD = Geod(ellps="WGS84")
NARROWEST = ("narrowest", "shore to shore", "distance between the islands")
# Published least widths that the shoreline does not bear out, and why.
ODD_WIDTHS = {
    ("krenitsyn", 13): "rounded or to other rocks; the coast leaves 14.8 km",
    ("fourth-kuril", 43): "to Makanrushi's side or an error; two other sources give 53",
    ("fourth-kuril", 40): "as 43; two other sources give 53",
    ("snow", 2.7): "to the beach, not to the rocks between",
    ("voeykov", 1.5): "rounded; 0.2 km off",
    ("golovnin", 16): "rounded or from outlying rocks; 18.0 km on the coast",
    ("second-kuril", 1.5): "0.2 km off; other sources give 1.8",
    ("second-kuril", 2): "a typical width; the least is 1.7",
    ("second-kuril", 2.5): "a typical width; the least is 1.7",
    ("ekarma-strait", 9): "rounded up; another source gives 8, the coast 7.8",
    ("first-kuril", 12.4): "beside 12 from other sources; the coast leaves 11.1",
    ("izmena", 20): "a typical width; S40 gives 16 shore to shore",
}
STRAITS = read_straits()


def least_widths():
    """Published least widths: said to be so, or without any note."""
    return [
        (strait.strait_id, known["value"])
        for strait in STRAITS
        for known in strait.published
        if known["quantity"] == "width_km" and known.get("note") in (None, *NARROWEST)
    ]


@pytest.fixture(scope="module")
def throats(theatre):
    """Throats by id."""
    return {throat.strait.strait_id: throat for throat in theatre.throats}


@pytest.fixture(scope="module")
def exits(theatre):
    """Throats of the exits."""
    return [throat for throat in theatre.throats if throat.strait.exit]


@pytest.mark.parametrize(("strait_id", "km"), least_widths())
def test_width(throats, strait_id, km):
    """Published least widths agree within 10 %, or are listed as odd and do not."""
    off = abs(throats[strait_id].width_km / km - 1)
    assert (off > 0.1) == ((strait_id, km) in ODD_WIDTHS), throats[strait_id].width_km


def test_odd_widths_are_published():
    """The list of odd widths names no width that the data do not hold."""
    assert set(ODD_WIDTHS) <= set(least_widths())


def test_exits_make_up_the_limits_of_the_sea(theatre, exits):
    """The throats of the exits add up to the section of the sea's limits, never beyond it."""
    total = sum(throat.throat_area_km2 for throat in exits)
    assert total == pytest.approx(theatre.sea.section_km2, rel=0.02)


def test_bussol_is_the_deepest_and_largest(throats, exits):
    """Bussol has the deepest sill and the largest section, as every source says."""
    assert max(exits, key=lambda t: t.throat_area_km2) is throats["bussol"]
    assert max(exits, key=lambda t: t.sill_depth_m or 0) is throats["bussol"]
    assert 2000 < throats["bussol"].sill_depth_m < 2318


def test_kruzenshtern_is_second(throats, exits):
    """Kruzenshtern has the second deepest sill and the second largest section."""
    by_area = sorted(exits, key=lambda t: t.throat_area_km2)
    by_sill = sorted(exits, key=lambda t: t.sill_depth_m or 0)
    assert by_area[-2] is by_sill[-2] is throats["kruzenshtern"]


def test_sills_lie_above_the_deepest_sounding(throats):
    """No sill is deeper than what is published as the greatest depth of its strait, or 10 %."""
    for throat in throats.values():
        if throat.sill_depth_m is None:
            continue
        known = [p for p in throat.strait.published if p["quantity"] == "max_depth_m"]
        known = [p["value"] for p in known if "more than" not in p.get("note", "")]
        if known:
            assert throat.sill_depth_m <= 1.1 * max(known), throat.strait.strait_id


def test_unresolved_straits_have_no_sill(throats, theatre):
    """A strait narrower than two cells of the seabed has no depth; a wider exit has one."""
    for throat in throats.values():
        wide = throat.throat_width_km >= 2 * theatre.seabed.native_km
        assert throat.resolved == wide
        assert (throat.sill_depth_m is not None) == (wide and throat.strait.exit)
    assert not throats["second-kuril"].resolved
    assert not throats["nevelskoy"].resolved


def ends_of(throat):
    """First and last point of a throat."""
    return throat.line.coords[0], throat.line.coords[-1]


def test_throats_run_from_shore_to_shore(throats, theatre):
    """Every throat starts at its first land, ends at the other, and is no shorter than the gap."""
    for throat in throats.values():
        lands = (theatre.lands[throat.strait.side_a], theatre.lands[throat.strait.side_b])
        for end, land in zip(ends_of(throat), lands, strict=True):
            assert land.distance(shapely.Point(end)) < 0.04, throat.strait.strait_id
        if not throat.strait.near:
            assert throat.width_km <= 1.01 * GEOD.geometry_length(throat.line) / 1000 + 1.9


def test_profiles(throats):
    """A profile spans its throat, and its integral is near the cross-section."""
    for throat in throats.values():
        assert throat.distance_km[0] == 0
        assert throat.distance_km[-1] == pytest.approx(throat.throat_width_km)
        assert (np.diff(throat.distance_km) > 0).all()
        assert len(throat.distance_km) == len(throat.depth_m)
        if throat.resolved:
            integral = np.trapezoid(throat.depth_m, throat.distance_km) / 1000
            assert integral == pytest.approx(throat.throat_area_km2, rel=0.12, abs=0.02)


def test_exits_border_the_sea(theatre, exits):
    """Each exit has water of the sea and water outside it near its throat.

    Within 0.15 degrees; 0.4 where the seabed is too coarse to place the limits (Nevelskoy).
    """
    grid, water = theatre.grid, theatre.water_km2 > 0
    for throat in exits:
        west, south, east, north = throat.line.buffer(0.15 if throat.resolved else 0.4).bounds
        (top, left), (bottom, right) = grid.index(west, north), grid.index(east, south)
        rows, cols = slice(top, bottom + 1), slice(left, right + 1)
        inside, wet = theatre.sea.mask[rows, cols], water[rows, cols]
        assert inside.any(), throat.strait.strait_id
        assert (wet & ~inside).any(), throat.strait.strait_id


def test_side_passages_do_not_bound_the_sea(theatre, throats):
    """The middle of a passage wholly on the Okhotsk side lies in the sea, none beyond it does."""
    for name, inside in (
        ("alaid", True),
        ("nemuro", True),
        ("shpanberg", False),
        ("south-kuril", False),
    ):
        middle = throats[name].line.interpolate(0.5, normalized=True)
        assert theatre.sea.mask[theatre.grid.index(middle.x, middle.y)] == inside, name


def strait_of(side_a, side_b):
    """A made-up strait."""
    return Strait("s", "S", None, None, side_a, side_b, True, True, None, None, (), False)


def test_made_up_strait():
    """A canal of 20 km between two lands, 300 m deep, has 6 km2 and a flat profile."""
    grid = Grid((150.0, 47.0, 152.0, 49.0), (120, 120))
    half = 10 / (111.32 * np.cos(np.radians(48)))
    lands = {
        "west": shapely.MultiPolygon([shapely.box(150.2, 47.4, 151 - half, 48.6)]),
        "east": shapely.MultiPolygon([shapely.box(151 + half, 47.4, 151.8, 48.6)]),
    }
    seabed = Seabed(np.full(grid.shape, 300, np.float32), grid, 1.852, "made up", "")
    throat = find_throat(strait_of("west", "east"), lands, seabed, water_fraction(lands, grid))
    assert throat.resolved
    # The narrow end is in the north, where a degree of longitude is shorter.
    north = GEOD.inv(151 - half, 48.6, 151 + half, 48.6)[2] / 1000
    assert throat.width_km == pytest.approx(north, rel=1e-3)
    assert throat.throat_width_km == pytest.approx(north, rel=0.02)
    assert throat.throat_area_km2 == pytest.approx(0.3 * north, rel=0.05)
    assert set(throat.depth_m) == {300.0}


def test_friza_on_a_shifted_grid(theatre, throats):
    """Moved by half a cell, the seabed gives Friza the same cross-section within 5 %."""
    strait = throats["friza"].strait
    window = theatre.grid.crop(slice(1020, 1180), slice(840, 980))
    depth_m = theatre.seabed.depth_m[1020:1180, 840:980]
    moved = (depth_m[:-1, :-1] + depth_m[1:, :-1] + depth_m[:-1, 1:] + depth_m[1:, 1:]) / 4
    (west, south, east, north), (width, height) = window.bounds, window.cell_deg
    grid = Grid(
        (west + width / 2, south + height / 2, east - width / 2, north - height / 2), moved.shape
    )
    seabed = Seabed(moved, grid, theatre.seabed.native_km, "moved", "")
    lands = {unit: theatre.lands[unit] for unit in (strait.side_a, strait.side_b)}
    found = find_throat(strait, lands, seabed, water_fraction(lands, grid))
    assert found.throat_area_km2 == pytest.approx(throats["friza"].throat_area_km2, rel=0.05)
    assert found.throat_area_km2 != throats["friza"].throat_area_km2


def test_width_is_the_least_distance(theatre, throats):
    """The width of a strait is what the distance field gives at one shore."""
    throat = throats["friza"]
    land = theatre.lands["urup"]
    field = distance_field(land, theatre.grid, np.ones(theatre.grid.shape, bool))
    end = throat.line.coords[0]
    row, col = theatre.grid.index(*end)
    at = np.searchsorted(field.cells, row * theatre.grid.shape[1] + col)
    assert field.km[at] == pytest.approx(throat.width_km, abs=6)


def test_section_cost_of_friza(theatre, throats):
    """No straight line between the lands of Friza has a smaller section than its throat."""
    throat, grid = throats["friza"], theatre.grid
    water = theatre.water_km2 / grid.cell_area_km2()[:, None]
    cost = section_cost(theatre.seabed.depth_m, water)
    start, end = (np.array(point) for point in ends_of(throat))
    for shift in np.linspace(-0.1, 0.1, 9):
        move = shift * np.array([1.0, -0.5])
        points = np.linspace(start + move, end + move, 400)
        cells = np.array([grid.index(*point) for point in points])
        km = GEOD.inv(*points[0], *points[-1])[2] / 1000
        straight = cost[cells[:, 0], cells[:, 1]].mean() * km
        assert straight > 0.95 * throat.throat_area_km2


# Sections of the water that boats use


@pytest.fixture(scope="module")
def searches(theatre, throats):
    """Where each throat is sought, by id; the measures of the theatre are those of its build."""
    seabed = theatre.seabed.measured
    share = (theatre.water_km2 / theatre.grid.cell_area_km2()[:, None]).astype(np.float32)
    return {
        key: find_search(throat.strait, theatre.lands, seabed, share)
        for key, throat in throats.items()
    }


def test_an_operating_depth_below_all_water_gives_the_throat(throats, searches):
    """To the bit, and by the same cells."""
    for key, search in searches.items():
        whole, capped = search.crossing(), search.crossing(float(search.depth_m.max()))
        assert capped.cost == whole.cost == pytest.approx(throats[key].throat_area_km2, rel=1e-6)
        np.testing.assert_array_equal(capped.rows, whole.rows)
        np.testing.assert_array_equal(capped.cols, whole.cols)


def test_a_sill_above_the_operating_depth_has_all_its_section(throats):
    """In a throat no deeper than 300 m, boats use all water at any operating depth."""
    shallow = [t for t in throats.values() if t.resolved and t.depth_m.max() <= 300]
    assert len(shallow) > 5
    for throat in shallow:
        assert set(throat.operating_areas_km2) == {throat.throat_area_km2}, throat.strait.strait_id


def test_sections_grow_with_the_operating_depth_by_less_and_less(throats):
    """They rise, never above the throat's, and are concave: least values of what is."""
    depths = np.array(OPERATING_DEPTHS_M)
    for throat in throats.values():
        areas = np.array(throat.operating_areas_km2)
        slack = 1e-5 * throat.throat_area_km2
        assert len(areas) == len(depths)
        assert (areas <= throat.throat_area_km2 + slack).all(), throat.strait.strait_id
        assert (np.diff(areas) >= -slack).all()
        assert (np.diff(areas, 2) <= slack).all()
        # Concave from nothing at no depth: no more per metre than at a lesser depth.
        assert (np.diff(areas / depths) <= slack / depths[0]).all()
        for depth_m, area in zip(OPERATING_DEPTHS_M, areas, strict=True):
            assert throat.operating_area_km2(depth_m) == area
    assert np.ptp(throats["bussol"].operating_areas_km2) > 10


# In exits it is less than 1 % everywhere.
@pytest.mark.parametrize(("depth_m", "off"), [(320, 0.013), (425, 0.01), (575, 0.01)])
def test_between_known_depths_sections_are_nearly_linear(throats, searches, depth_m, off):
    """By a search of its own: never more than the truth, and less by no more than said."""
    wrong = {
        key: 1 - throats[key].operating_area_km2(depth_m) / search.crossing(depth_m).cost
        for key, search in searches.items()
    }
    assert min(wrong.values()) >= -1e-5
    assert max(wrong.values()) < off
    assert not [key for key, share in wrong.items() if share > 0.01 and throats[key].strait.exit]


def test_the_table_has_the_section_of_the_depth_asked_for(throats):
    """Given where the seabed resolves the strait."""
    for depth_m in (300, 430):
        table = straits_table(tuple(throats.values()), operating_depth_m=depth_m)
        assert (table.operating_area_km2.isna() == ~table.resolved).all()
        for row in table[table.resolved].itertuples():
            throat = throats[row.strait_id]
            assert row.operating_area_km2 == throat.operating_area_km2(depth_m)


def test_deeper_water_than_boats_use_adds_nothing():
    """A canal 900 m deep has the section of one of 450 m, down to 450 m."""
    grid = Grid((150.0, 47.0, 152.0, 49.0), (120, 120))
    half = 10 / (111.32 * np.cos(np.radians(48)))
    lands = {
        "west": shapely.MultiPolygon([shapely.box(150.2, 47.4, 151 - half, 48.6)]),
        "east": shapely.MultiPolygon([shapely.box(151 + half, 47.4, 151.8, 48.6)]),
    }
    share = water_fraction(lands, grid)
    made = {
        depth_m: find_throat(
            strait_of("west", "east"),
            lands,
            Seabed(np.full(grid.shape, depth_m, np.float32), grid, 1.852, "made up", ""),
            share,
        )
        for depth_m in (450, 900)
    }
    assert made[900].throat_area_km2 == pytest.approx(2 * made[450].throat_area_km2, rel=1e-4)
    for depth_m in (300, 450):
        here, there = (throat.operating_area_km2(depth_m) for throat in made.values())
        assert here == there
    assert made[450].operating_area_km2(600) == made[450].throat_area_km2
    assert made[900].operating_area_km2(600) == pytest.approx(
        made[900].throat_area_km2 * 600 / 900, rel=1e-4
    )
