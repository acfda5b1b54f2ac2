"""The ways in and out: analytic straits, floods against other methods, laws of the rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage
from theatres import held, islet, make_theatre, nested_options

from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.legal_readings import RULES, UNCHANGED, legal_table, surfaced_route
from okhotsk.measures.passage import (
    KEELS_M,
    OFFING_NM,
    exit_depths,
    find_passage,
    keel_table,
)
from okhotsk.measures.refuge import find_patrol
from okhotsk.measures.transit import transit_water
from okhotsk.measures.zones import closed_to_others, find_zones, part_distances, soya_area
from okhotsk.raster.geodesy import KM_PER_NM, length_km
from okhotsk.raster.proximity import nearest_km
from okhotsk.raster.widest_path import widest_path_depth
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import Strait, Throat

A = Assumptions()

depths = arrays(
    np.float32,
    st.tuples(st.integers(2, 12), st.integers(2, 12)),
    elements=st.integers(0, 60).map(float),
)


@settings(max_examples=100)
@given(depths, st.data())
def test_closing_cells_never_deepens(depth_m: np.ndarray, data: st.DataObject) -> None:
    """More closed water never lets a deeper keel through."""
    closed = data.draw(arrays(np.bool_, depth_m.shape))
    assert (
        widest_path_depth(np.where(closed, 0, depth_m), (0, 0))
        <= widest_path_depth(depth_m, (0, 0))
    ).all()


def exit_at(name: str, lon: float, *, resolved: bool = True) -> Throat:
    """An exit with a throat across the wall of the made-up sea."""
    strait = Strait(
        name, name, None, None, "sakhalin", "hokkaido", True, True, None, None, (), False
    )
    line = shapely.LineString([(lon - 0.05, 46.5), (lon + 0.05, 46.5)])
    return Throat(strait, 8.0, line, 8.0, 1.0, np.array([0.0, 4.0, 8.0]), np.zeros(3), resolved)


@pytest.fixture(scope="module")
def two_straits() -> Theatre:
    """Two straits, with an islet in the middle of the deeper one."""
    far = {"sakhalin": islet(150.9, 47.9), "hokkaido": islet(150.1, 47.9)}
    return make_straits(far | {"gate": islet(150.2, 46.5)})


def make_straits(lands: dict[str, shapely.MultiPolygon]) -> Theatre:
    """A basin 500 m deep north of a wall with a strait of 300 m and one of 100 m."""
    theatre = make_theatre(lands, (150, 42.5, 151, 48))
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    depth_m = np.full(theatre.grid.shape, 500, np.float32)
    wall = (lat > 46.4) & (lat < 46.6)
    depth_m[wall] = 0
    depth_m[wall & (abs(lon - 150.2) < 0.05)] = 300
    depth_m[wall & (abs(lon - 150.7) < 0.05)] = 100
    sea = Sea(lat > 46.5, theatre.grid.index(150.5, 47.5), theatre.grid.index(150.5, 42.6), 0.0)
    throats = exit_at("west", 150.2), exit_at("east", 150.7), exit_at("no", 150, resolved=False)
    water_km2 = np.where(depth_m > 0, theatre.water_km2, np.float32(0))
    seabed = replace(theatre.seabed, depth_m=depth_m)
    return replace(theatre, seabed=seabed, water_km2=water_km2, sea=sea, throats=throats)


def near_straits(theatre: Theatre, *places: float) -> np.ndarray:
    """Cells that shut the straits at some longitudes."""
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    closed = np.zeros(lon.shape, bool)
    for place in places:
        closed |= (abs(lon - place) < 0.06) & (abs(lat - 46.5) < 0.15)
    return closed


def north_of(theatre: Theatre, lat: float) -> np.ndarray:
    """Cells of the sea north of a latitude."""
    return theatre.sea.mask & (theatre.grid.lat > lat)[:, None]


@pytest.mark.parametrize(
    ("places", "depth_m"), [((), 300), ((150.2,), 100), ((150.7,), 300), ((150.2, 150.7), 0)]
)
def test_two_straits(two_straits: Theatre, places: tuple[float, ...], depth_m: float) -> None:
    """The deeper strait decides, unless it is closed; no way at all is 0."""
    closed, patrol = near_straits(two_straits, *places), north_of(two_straits, 47.2)
    passage = find_passage(two_straits, patrol, closed)
    assert passage.depth_m == depth_m
    assert passage.route.is_empty == (depth_m == 0)
    reached = passage.reached.set_index("keel_m").reached_km2
    whole = float(two_straits.water_km2[patrol].sum(dtype=float))
    for keel in KEELS_M:
        assert reached[keel] == pytest.approx(whole if keel <= depth_m else 0)


def test_route_passes_the_open_strait(two_straits: Theatre) -> None:
    """The way drawn runs from the high seas through the gap and ends in the patrol water."""
    patrol = north_of(two_straits, 47.2)
    passage = find_passage(two_straits, patrol, near_straits(two_straits))
    at_wall = [x for x, y in passage.route.coords if 46.4 < y < 46.6]
    assert at_wall
    assert all(abs(x - 150.2) < 0.05 for x in at_wall)
    assert passage.route.coords[-1][1] > 47.2
    assert passage.straits == ("west",)
    start = two_straits.grid.index(*passage.route.coords[0])
    assert OFFING_NM * KM_PER_NM < two_straits.shore_km[start] < OFFING_NM * KM_PER_NM + 12
    # Due north, from 200 nautical miles off the islet in the strait, which it cannot cut short.
    assert length_km(passage.route) == pytest.approx(370.4 + 0.7 * 111.2, rel=0.01)


@pytest.mark.parametrize(
    ("places", "west", "east"),
    [((), 300, 100), ((150.2,), 0, 100), ((150.7,), 300, 0), ((150.2, 150.7), 0, 0)],
)
def test_exits_of_two_straits(
    two_straits: Theatre, places: tuple[float, ...], west: float, east: float
) -> None:
    """Each exit has its own depth, 0 where it is shut, none where it is not resolved."""
    closed = near_straits(two_straits, *places)
    depths = exit_depths(two_straits, closed)
    assert depths == {"west": west, "east": east, "no": None}
    table = keel_table(find_passage(two_straits, north_of(two_straits, 47.2), closed), depths)
    assert tuple(table.keel_m) == KEELS_M
    for row in table.itertuples():
        assert ("west" in row.straits_open) == (row.keel_m <= west)
        assert ("east" in row.straits_open) == (row.keel_m <= east)
        assert "no" not in row.straits_open
        assert bool(row.straits_open) == (row.reached_km2 > 0)


def test_exits_without_throats(two_straits: Theatre) -> None:
    assert exit_depths(replace(two_straits, throats=()), near_straits(two_straits)) == {}


def test_exits_are_the_sills(theatre: Theatre) -> None:
    depths = exit_depths(theatre, np.zeros(theatre.grid.shape, bool))
    sills = {t.strait.strait_id: t.sill_depth_m for t in theatre.throats if t.strait.exit}
    assert depths == sills
    assert list(depths) == list(sills)
    assert sum(depth is not None for depth in depths.values()) > 5


@pytest.mark.parametrize("name", ["status-quo", "half-area-2006", "st-petersburg-1875"])
def test_half_cells_of_land_carry_no_passage(theatre: Theatre, name: str) -> None:
    """Floods enter them, for narrow straits; figures would hardly change without."""
    context = Context(theatre, A)
    option, depth_m = ScenarioContext.of(context, load_scenario(name)), theatre.seabed.depth_m
    shut = replace(theatre.seabed, depth_m=np.where(theatre.clear, depth_m, np.float32(0)))
    assert (shut.depth_m != depth_m).sum() > 10_000
    for closed in (option.closed_to_others, option.closed_to_russia):
        passage, narrower = (
            find_passage(some, context.patrol, closed, goal=context.core)
            for some in (theatre, replace(theatre, seabed=shut))
        )
        assert narrower.depth_m == passage.depth_m > 0
        lost = 1 - narrower.reached.reached_km2 / passage.reached.reached_km2
        assert lost.between(0, 3e-4).all()


def connected(cells: np.ndarray, start: tuple[int, int]) -> np.ndarray:
    """Cells that four-neighbour steps join to a start."""
    labels = ndimage.label(cells)[0]
    return (labels == labels[start]) & (labels > 0)


def exits_open(theatre: Theatre, closed: np.ndarray, keel_m: float) -> set[str]:
    """Exits with a step between what a keel reaches from the basin and from the ocean."""
    sea, exit_cells = theatre.sea, theatre.exit_cells
    deep = ~closed & (theatre.seabed.depth_m >= keel_m - 0.001)
    within = connected(deep & exit_cells.inside, sea.basin).ravel()
    beyond = connected(deep & ~exit_cells.inside, sea.ocean).ravel()
    passed = exit_cells.owner[within[exit_cells.inner] & beyond[exit_cells.outer]]
    names = list(exit_cells.exits)
    return {names[number] for number in passed}


@pytest.fixture(scope="module")
def coarse_steps(coarse: Theatre) -> Theatre:
    """The coarse theatre with depths to a decimetre, as floods count them."""
    depth_m = np.round(coarse.seabed.depth_m.astype(float), 1)
    return replace(coarse, seabed=replace(coarse.seabed, depth_m=depth_m))


@settings(max_examples=15)
@given(options=nested_options())
def test_exits_by_labels(
    coarse: Theatre, coarse_steps: Theatre, options: tuple[Scenario, Scenario]
) -> None:
    """Connected waters at a keel agree with the floods: open at the depth found, not deeper."""
    parts = resolve(options[1], coarse.lands)
    zones = find_zones(coarse, parts, part_distances(coarse, parts), Assumptions())
    closed = closed_to_others(zones, transit_water(coarse, Assumptions()))
    depths = {k: d for k, d in exit_depths(coarse, closed).items() if d is not None}
    found = {round(d, 1) for d in depths.values() if d} | {30, 100, 500}
    for keel in sorted(found):
        for keel_m in (keel, keel + 0.06):
            opened = exits_open(coarse_steps, closed, keel_m) & set(depths)
            assert opened == {k for k, d in depths.items() if d >= keel_m - 0.001}


def test_surfaced_distance_is_the_breadth_of_the_closed_belt(two_straits: Theatre) -> None:
    """A belt of 24 rows right across both straits: its breadth, whatever its depth."""
    lat = two_straits.grid.lat
    closed = np.zeros(two_straits.grid.shape, bool)
    closed[abs(lat - 46.5) < 0.2] = True
    patrol = north_of(two_straits, 47.2)
    high_km = two_straits.grid.cell_size_km()[1][np.abs(lat - 46.5) < 0.2]
    assert len(high_km) == 24
    for depth_m in (20, 90, 400):
        km, line = surfaced_route(two_straits, patrol, closed, transit_depth_m=depth_m)
        assert km == pytest.approx(high_km.sum(), rel=1e-4)
        assert line.coords[0][1] < 46.3 < 46.7 < line.coords[-1][1]


def test_surfaced_route_around_or_none(two_straits: Theatre) -> None:
    """Nothing on the surface where a deep way is open; no way over land or shallows."""
    patrol = north_of(two_straits, 47.2)
    closed = near_straits(two_straits, 150.2)
    assert surfaced_route(two_straits, patrol, closed, transit_depth_m=90)[0] == 0
    # Too deep a draught for the strait of 100 m, so across the closed one: 18 rows, and wide
    # enough that no way out to the side is nearer.
    lon, lat = two_straits.grid.lon, two_straits.grid.lat
    closed = (abs(lon - 150.2) < 0.3) & (abs(lat - 46.5) < 0.15)[:, None]
    km, line = surfaced_route(two_straits, patrol, closed, transit_depth_m=110)
    assert km == pytest.approx(18 * 1.853, rel=1e-3)
    assert shapely.intersects(line, two_straits.throats[0].line)
    nowhere = near_straits(two_straits)
    km, line = surfaced_route(two_straits, patrol, nowhere, transit_depth_m=400)
    assert np.isinf(km)
    assert line.is_empty


def test_legal_table_of_two_straits(two_straits: Theatre) -> None:
    """The deep strait lies in Russian waters: what each rule makes of it."""
    patrol, values = north_of(two_straits, 47.2), Assumptions(transit_depth_m=120)
    parts = held(two_straits, {"hokkaido": "JP"})
    table = legal_table(two_straits, parts, two_straits.distances, patrol, values).set_index("rule")
    assert list(table.index) == [rule.rule_id for rule in RULES]
    assert list(table.access_depth_m) == [100] * 4
    assert list(table.access_straits) == [(), ("west",), (), ()]
    assert list(np.isnan(table.access_surfaced_km)) == [True, False, True, True]
    assert list(table.egress_depth_m) == [300] * 4
    assert list(table.egress_straits) == [("west",)] * 4
    assert list(table.egress_surfaced_km) == [0] * 4
    # 12 miles round the islet in the strait: along the side of the gap, then straight outwards;
    # half a cell either way at each end, for the limit runs along cells.
    gap_km, wall_km, limit_km = 0.05 * 76.7, 0.1 * 111.2, 12 * KM_PER_NM
    least_km = 2 * (wall_km + limit_km - np.hypot(gap_km, wall_km))
    assert table.access_surfaced_km["innocent-surfaced"] == pytest.approx(least_km, abs=1.853)


def test_legal_table_of_a_shallow_draught(two_straits: Theatre) -> None:
    """A boat that fits the open strait need not surface."""
    patrol, values = north_of(two_straits, 47.2), Assumptions(transit_depth_m=90)
    parts = held(two_straits, {"hokkaido": "JP"})
    table = legal_table(two_straits, parts, two_straits.distances, patrol, values)
    assert list(table.access_straits) == [("east",)] * 4
    assert list(table.access_surfaced_km) == [0] * 4
    assert list(table.changes) == ["", *[UNCHANGED] * 3]


def listed(theatre: Theatre, name: str) -> Theatre:
    """The same theatre, its straits between the islet and Sakhalin, one called international."""
    throats = tuple(
        replace(
            throat,
            strait=replace(
                throat.strait, side_b="gate", international=throat.strait.strait_id == name
            ),
        )
        for throat in theatre.throats
    )
    return replace(theatre, throats=throats)


def test_transit_passage_holds_in_listed_straits_only() -> None:
    """A foreign boat passes Russian waters where a source calls the strait international."""
    lands = {"sakhalin": islet(150.15, 46.5), "gate": islet(150.25, 46.5)}
    made = make_straits(lands | {"hokkaido": islet(150.9, 47.9)})
    parts, patrol = held(made, {"hokkaido": "JP"}), north_of(made, 47.2)
    found = {}
    for name in ("west", "none of them"):
        theatre = listed(made, name)
        table = legal_table(theatre, parts, theatre.distances, patrol, A).set_index("rule")
        found[name] = table.loc["transit-passage"]
        assert table.access_depth_m["soya-12nm"] == 100
    assert found["west"].access_depth_m == 300
    assert found["west"].access_straits == ("west", "east")
    assert found["west"].changes == "access_depth_m, access_straits"
    assert found["none of them"].access_depth_m == 100
    assert found["none of them"].changes == UNCHANGED


def test_transit_water_is_the_water_between_two_shores() -> None:
    """Within 24 miles of both: nothing unless assumed, listed, and without a corridor."""
    lands = {"sakhalin": islet(150.15, 46.5), "gate": islet(150.25, 46.5)}
    made, passes = listed(make_straits(lands), "west"), A.with_values({"transit_passage": 1})
    water = transit_water(made, passes)
    near = [nearest_km([made.distances[unit]], made.grid.shape) for unit in lands]
    inside = np.maximum(*near) <= 24 * KM_PER_NM
    np.testing.assert_array_equal(water, inside)
    assert inside.any()
    assert not transit_water(made, A).any()
    assert not transit_water(listed(made, "none of them"), passes).any()
    # A corridor along the throat: Part III does not apply (Art. 36).
    wide = replace(made.throats[0], distance_km=np.array([0.0, 30.0, 60.0]), depth_m=np.zeros(3))
    line = shapely.LineString([(150.15, 46.5), (150.9, 46.5)])
    wide = replace(wide, line=line)
    assert not transit_water(replace(made, throats=(wide,)), passes).any()


def test_by_default_transit_passage_opens_nothing(theatre: Theatre) -> None:
    """La Perouse alone is listed, and 3 miles leave it a corridor (docs/method.md)."""
    assert [t.strait.strait_id for t in theatre.throats if t.strait.international] == ["la-perouse"]
    passes = A.with_values({"transit_passage": 1})
    assert not transit_water(theatre, passes).any()
    water = transit_water(theatre, passes.with_values({"soya_nm": 12}))
    np.testing.assert_array_equal(water, soya_area(theatre, passes))
    assert water.any()


def test_three_miles_open_the_strait() -> None:
    """Of a strait 4 to 11 km off Japan's shore, 12 miles close all and 3 miles only a part."""
    made = make_straits({"hokkaido": islet(150.1, 46.5), "sakhalin": islet(150.4, 46.55)})
    parts = held(made, {"hokkaido": "JP"})
    table = legal_table(made, parts, made.distances, north_of(made, 47.2), A).set_index("rule")
    assert dict(table.egress_depth_m) == {
        "submerged-outside": 300,
        "innocent-surfaced": 300,
        "soya-12nm": 100,
        "transit-passage": 100,
    }
    assert table.egress_straits["submerged-outside"] == ("west", "east")
    assert table.egress_straits["soya-12nm"] == ("east",)
    assert table.changes["soya-12nm"] == "egress_depth_m, egress_straits"


@pytest.mark.parametrize(("forces", "egress_m"), [("RU", 300), ("none", 100), ("JP", 100)])
def test_a_ceded_islet_shuts_its_strait_unless_russian_forces_stay(
    two_straits: Theatre, forces: str, egress_m: float
) -> None:
    patrol, parts = north_of(two_straits, 47.2), held(two_straits, {"gate": forces})
    table = legal_table(two_straits, parts, two_straits.distances, patrol, A).set_index("rule")
    assert table.egress_depth_m["submerged-outside"] == egress_m
    assert table.access_depth_m["submerged-outside"] == 300


def test_rules_fix_what_they_name(coarse: Theatre) -> None:
    """The table does not depend on what the rules themselves set."""
    parts, patrol = resolve(load_scenario("urup-line"), coarse.lands), find_patrol(coarse, A)
    distances = part_distances(coarse, parts)
    tables = [
        legal_table(coarse, parts, distances, patrol, A.with_values(values))
        for values in ({}, {"transit_passage": 1, "soya_nm": 12})
    ]
    pd.testing.assert_frame_equal(*tables)
    closed = closed_to_others(find_zones(coarse, parts, distances, A), transit_water(coarse, A))
    assert tables[0].access_depth_m[0] == find_passage(coarse, patrol, closed).depth_m


@settings(max_examples=15)
@given(options=nested_options())
def test_legal_laws(coarse: Theatre, options: tuple[Scenario, Scenario]) -> None:
    """Ceding more never makes access shallower or egress deeper; transit passage shuts neither."""
    patrol, tables = find_patrol(coarse, A), []
    for option in options:
        parts = resolve(option, coarse.lands)
        distances = part_distances(coarse, parts)
        table = legal_table(coarse, parts, distances, patrol, A).set_index("rule")
        tables.append(table)
        for way in ("access", "egress"):
            depth_m = table[f"{way}_depth_m"]
            assert depth_m["submerged-outside"] >= depth_m["soya-12nm"]
            assert depth_m["transit-passage"] >= depth_m["soya-12nm"]
            assert depth_m["innocent-surfaced"] == depth_m["submerged-outside"]
            opened = table[f"{way}_straits"]
            assert set(opened["soya-12nm"]) <= set(opened["transit-passage"])
    fewer, more = tables
    assert (more.access_depth_m >= fewer.access_depth_m).all()
    assert (more.egress_depth_m <= fewer.egress_depth_m).all()
    for rule in fewer.index:
        assert set(fewer.access_straits[rule]) <= set(more.access_straits[rule])
        assert set(more.egress_straits[rule]) <= set(fewer.egress_straits[rule])
