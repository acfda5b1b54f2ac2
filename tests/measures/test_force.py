"""Search theory against simulation, and the reach of coastal missiles against the map."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from theatres import held, islet, make_theatre

from okhotsk.datasets import citations, read_data
from okhotsk.measures import force, missiles, search_theory
from okhotsk.measures.regimes import straits_under
from okhotsk.raster import geodesy
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coast import read_islands
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Strait, Throat

CROSSINGS = 10000
SAMPLING = 4 * 0.5 / CROSSINGS**0.5  # four standard errors at worst: 0.02

lines = st.just(0.0) | st.floats(0.01, 2000)
sweeps = st.floats(0.5, 100)
ratios = st.floats(0, 20)
counts = st.integers(1, 500)


def simulate(searchers: int, sweep: float, ratio: float, *, own_part: bool) -> float:
    """Share of boats detected that cross a line of length 1 at speed 1, by brute force.

    Searchers run back and forth at a constant speed over the whole line, or each over its own
    part, all out of step. A boat is detected within sweep / 2 of a searcher.
    """
    rng = np.random.default_rng(7)
    place = rng.uniform(0, 1, (CROSSINGS, 1))
    # Only so near the line can a boat be detected; steps are 1/30 of the sweep width.
    time = np.linspace(-sweep / 2, sweep / 2, int(30 * np.hypot(1, ratio)) + 2)
    length = 1 / searchers if own_part else 1.0
    seen = np.zeros(CROSSINGS, bool)
    for number in range(searchers):
        start = rng.uniform(0, 2 * length, (CROSSINGS, 1))
        at = np.abs((start + ratio * time) % (2 * length) - length)
        at += number * length if own_part else 0
        seen |= ((at - place) ** 2 + time**2 <= (sweep / 2) ** 2).any(axis=1)
    return float(seen.mean())


@pytest.mark.parametrize("c", [0.3, 0.8, 1.2, 1.9])
def test_one_searcher_back_and_forth(c: float) -> None:
    """Thin strips: what is swept twice at the turns is all that is lost."""
    sweep = 0.02
    ratio = float(np.sqrt((c / sweep) ** 2 - 1))
    assert search_theory.patrol_coverage(1, 1, sweep, ratio) == pytest.approx(c)
    found = simulate(1, sweep, ratio, own_part=False)
    forms = [
        search_theory.patrol_detection(1, 1, sweep, ratio, form=f) for f in ("random", "turns")
    ]
    assert found == pytest.approx(forms[1], abs=SAMPLING + sweep / 2)
    assert found < search_theory.patrol_detection(1, 1, sweep, ratio, form="bound")
    assert c < 0.5 or found > forms[0] + 0.01  # the random form is too low for one searcher


def test_many_searchers_out_of_step() -> None:
    """Twenty on the whole line come to the random form, well below the bound."""
    found = simulate(20, 0.02, 2, own_part=False)
    assert found == pytest.approx(search_theory.patrol_detection(20, 1, 0.02, 2), abs=SAMPLING)
    assert found < search_theory.patrol_detection(20, 1, 0.02, 2, form="bound") - 0.2


def test_searchers_on_their_own_parts() -> None:
    """Each its own part of the line: as one searcher on one part."""
    found = simulate(5, 0.004, 45, own_part=True)
    expected = search_theory.patrol_detection(5, 1, 0.004, 45, form="turns")
    assert found == pytest.approx(expected, abs=SAMPLING + 0.01)


@pytest.mark.parametrize(("sweep", "ratio"), [(0.2, 0.0), (0.3, 1.0), (0.5, 1.0), (0.3, 3.0)])
def test_wide_strips_lose_what_lies_beyond_the_ends(sweep: float, ratio: float) -> None:
    """The bound holds for any width; what is beyond the ends costs at most half a width there."""
    found = simulate(1, sweep, ratio, own_part=False)
    bound = float(search_theory.patrol_detection(1, 1, sweep, ratio, form="bound"))
    turns = float(search_theory.patrol_detection(1, 1, sweep, ratio, form="turns"))
    assert found < bound + SAMPLING
    assert turns - sweep / 2 - SAMPLING < found < turns + SAMPLING


@pytest.mark.parametrize(("searchers", "own_part"), [(5, False), (5, True), (8, True)])
def test_several_wide_strips_lie_between_random_and_bound(searchers: int, own_part: bool) -> None:
    found = simulate(searchers, 0.1, 1, own_part=own_part)
    low, turns, high = (
        float(search_theory.patrol_detection(searchers, 1, 0.1, 1, form=f))
        for f in ("random", "turns", "bound")
    )
    assert low - SAMPLING < found < high + SAMPLING
    assert (found > turns) == own_part


def test_sensors_on_paper() -> None:
    assert search_theory.sensors_needed(
        [0, 1, 100, 100.1, 0.3], [10, 10, 10, 10, 0.1]
    ).tolist() == [*[0, 1, 10, 11, 3]]
    assert search_theory.static_detection(3, 100, 10) == pytest.approx(0.3)
    assert search_theory.static_detection([11, 0], [100, 0], 10).tolist() == [1, 1]
    assert search_theory.break_even_sweep_km(100, 4) == 25
    assert search_theory.patrol_detection(1, 0, 10, 1) == 1
    # 3-4-5: v / u = 3 / 4, so that one boat sweeps 1.25 times its width.
    assert search_theory.patrol_detection(2, 50, 10, 0.75, form="bound") == pytest.approx(0.5)
    assert search_theory.patrols_needed(100, 10, 0) == 24  # 10 ln 10 = 23.03


def test_fixed_sensors_by_simulation() -> None:
    """Sensors side by side detect the share of the line that they cover."""
    place = np.random.default_rng(3).uniform(0, 100, CROSSINGS)
    middles = 5 + 10 * np.arange(7)
    seen = (abs(place[:, None] - middles) <= 5).any(axis=1).mean()
    assert seen == pytest.approx(search_theory.static_detection(7, 100, 10), abs=SAMPLING)


@given(lines, sweeps)
def test_sensors_needed_close_the_line_and_one_fewer_does_not(line: float, sweep: float) -> None:
    n = int(search_theory.sensors_needed(line, sweep))
    assert search_theory.static_detection(n, line, sweep) == pytest.approx(1, abs=1e-9)
    if n > 1:
        assert search_theory.static_detection(n - 1, line, sweep) < 1
        assert search_theory.break_even_sweep_km(line, n) <= sweep * (1 + 1e-9)
        assert search_theory.break_even_sweep_km(line, n - 1) > sweep


@given(lines.filter(bool), sweeps, ratios, st.floats(0.05, 0.99))
def test_patrols_needed_is_least(line: float, sweep: float, ratio: float, aim: float) -> None:
    n = int(search_theory.patrols_needed(line, sweep, ratio, detection=aim))
    assert search_theory.patrol_detection(n, line, sweep, ratio) >= aim - 1e-9
    assert search_theory.patrol_detection(n - 1, line, sweep, ratio) < aim


@given(counts, lines, sweeps, ratios)
def test_forms_in_order(n: int, line: float, sweep: float, ratio: float) -> None:
    """Random, turns, bound; a patrol is at least as good as standing still."""
    random, turns, bound = (
        search_theory.patrol_detection(n, line, sweep, ratio, form=f)
        for f in ("random", "turns", "bound")
    )
    assert 0 <= random <= turns + 1e-12
    assert turns <= bound <= 1
    assert bound >= search_theory.static_detection(n, line, sweep) - 1e-12
    still = search_theory.patrol_detection(n, line, sweep, 0, form="bound")
    assert still == pytest.approx(float(search_theory.static_detection(n, line, sweep)))


def test_wrong_values_are_named() -> None:
    with pytest.raises(ValueError, match="line_km"):
        search_theory.sensors_needed(-1, 10)
    with pytest.raises(ValueError, match="positive"):
        search_theory.static_detection(1, 10, 0)
    with pytest.raises(ValueError, match="speed_ratio"):
        search_theory.patrol_coverage(1, 10, 1, -1)
    with pytest.raises(ValueError, match="form"):
        search_theory.patrol_detection(1, 10, 1, 1, form="best")
    with pytest.raises(ValueError, match="detection"):
        search_theory.patrols_needed(10, 1, 1, detection=1)


def test_force_table() -> None:
    """Twice the line: twice the sensors; those of today find half, patrols less than 0.9."""
    table = force.force_table(200, 100, speed_ratio=0).set_index("sweep_km")
    assert table.index.tolist() == [2, 5, 10, 20, 40]
    assert table.sensors_today.tolist() == [50, 20, 10, 5, 3]
    assert table.sensors.tolist() == [100, 40, 20, 10, 5]
    assert table.today_force_static.tolist() == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.6])
    assert table.patrols_today.tolist() == [116, 47, 24, 12, 6]
    assert table.today_force_patrol[2] == pytest.approx(1 - np.exp(-1.16))
    same = force.force_table(100, 100, speed_ratio=1.5)
    assert (same.today_force_static == 1).all()
    assert (same.today_force_patrol >= 0.9).all()
    assert (same.patrols == same.patrols_today).all()


def throat(
    points: list[tuple[float, float]], depth_m: list[float], *, resolved: bool = True
) -> Throat:
    """A throat through some points with an even profile."""
    line = shapely.LineString(points)
    strait = Strait("gap", "Gap", None, None, "west", "east", True, True, None, None, (), False)
    km = np.linspace(0, geodesy.length_km(line), len(depth_m))
    return Throat(strait, 0.0, line, km[-1], 0.0, km, np.array(depth_m, float), resolved)


def test_deep_width_counts_midpoints() -> None:
    gap = throat([(150, 45), (150, 46)], [0, 40, 60, 100, 20])
    # Midpoints 20, 50, 80, 60 m: at 50 m three of four stretches.
    assert force.deep_width_km(gap, 50) == pytest.approx(0.75 * gap.throat_width_km)
    assert force.deep_width_km(gap, 81) == 0
    table = force.strait_force_table(
        [gap, replace(gap, resolved=False)],
        pd.DataFrame({"strait_id": ["gap"], "regime": ["shared"]}),
        Assumptions(),
    )
    assert table.regime.tolist() == ["shared", "shared"]
    assert table.break_even_4_km[0] == pytest.approx(0.75 * gap.throat_width_km / 4)
    assert table.loc[1].isna().sum() == 4


def test_real_straits(theatre: Theatre) -> None:
    """Every exit once; deep water no wider than the throat, narrower the deeper."""
    parts = resolve(load_scenario("four-islands"), theatre.lands)
    straits = straits_under(theatre, parts, Assumptions(), scenario_id="x")
    table = force.strait_force_table(theatre.throats, straits, Assumptions()).set_index("strait_id")
    exits = straits[straits.exit].set_index("strait_id")
    assert list(table.index) == list(exits.index)
    assert (table.regime == exits.regime).all()
    assert (table.deep_width_km.isna() == ~exits.resolved).all()
    known = table.deep_width_km.dropna()
    assert (known <= exits.throat_width_km[known.index] + 1e-9).all()
    deeper = force.strait_force_table(theatre.throats, straits, Assumptions(transit_depth_m=150))
    deeper_km = deeper.set_index("strait_id").deep_width_km[known.index]
    assert (deeper_km <= known).all()
    assert (deeper_km < known).any()


def test_shore_distance_of_an_islet_is_geodesic() -> None:
    """Against pyproj to the islet's middle, at up to 900 km and across the whole window."""
    points = np.array([[150, 46], [158, 50], [141, 46], [151, 60]], float)
    km = missiles.shore_km(islet(150.5, 52), points)
    middle_km = [float(geodesy.distance_km(*point, 150.5, 52)) for point in points]
    assert km == pytest.approx(middle_km, abs=0.003)
    assert (missiles.shore_km(shapely.MultiPolygon(), points) == inf).all()


def test_shore_distance_equals_the_fields(theatre: Theatre) -> None:
    """The same distances as the theatre's grid has, where that reaches."""
    field = theatre.distances["sakhalin"]
    some = np.random.default_rng(5).choice(len(field.cells), 200)
    points = theatre.grid.lonlat(*np.divmod(field.cells[some], theatre.grid.shape[1]))
    km = missiles.shore_km(theatre.lands["sakhalin"], points)
    assert km == pytest.approx(field.km[some], rel=1e-4)


def gap_theatre() -> Theatre:
    """A throat of a degree of latitude between two islets on the meridian of 150 E."""
    lands = {"west": islet(150, 46), "east": islet(150, 47), "far": islet(150, 50)}
    made = make_theatre(lands, (149, 45, 151, 51), arcmin=10)
    return replace(made, throats=(throat([(150, 46), (150, 47)], [100] * 201),))


def test_cover_of_a_made_up_exit() -> None:
    """Lengths of the meridian say how much of the throat each range covers."""
    theatre = gap_theatre()

    def cover(**japanese: str) -> pd.Series:
        return missiles.missile_cover(theatre, held(theatre, japanese)).iloc[0]

    degree_km = float(geodesy.distance_km(150, 46, 150, 47))
    assert cover().ru_farthest_km == pytest.approx(degree_km / 2, abs=0.01)
    assert cover(west="JP").ru_farthest_km == pytest.approx(degree_km, abs=0.01)
    far = cover(west="JP", east="none")
    near_km, far_km = (float(geodesy.distance_km(150, lat, 150, 50)) for lat in (47, 46))
    assert far.ru_nearest_km == pytest.approx(near_km, abs=0.01)
    assert far.ru_farthest_km == pytest.approx(far_km, abs=0.01)
    assert (far.bal_120_share, far.bastion_300_share, far.bastion_500_share) == (0, 0, 1)
    # Russian forces on Japanese land count; Japanese ones never.
    assert cover(west="RU", east="RU").ru_farthest_km == pytest.approx(degree_km / 2, abs=0.01)
    none = cover(west="JP", east="JP", far="none")
    assert none.ru_nearest_km == inf
    assert none.bastion_600_share == 0


def test_each_side_reaches_from_its_own_land() -> None:
    """Japan's missiles are reckoned from land with Japanese forces, Russia's from the rest."""
    theatre = gap_theatre()
    near_km, far_km = (float(geodesy.distance_km(150, lat, 150, 50)) for lat in (47, 46))
    row = missiles.missile_cover(theatre, held(theatre, {"far": "JP", "east": "none"})).iloc[0]
    assert row.ru_nearest_km == pytest.approx(0, abs=0.01)  # the throat begins at the western islet
    assert row.jp_nearest_km == pytest.approx(near_km, abs=0.01)
    assert row.jp_farthest_km == pytest.approx(far_km, abs=0.01)
    assert (row.type12_200_share, row.type12_1000_share) == (0, 1)
    assert row.bal_120_share == 1
    swapped = held(theatre, {"west": "JP"})
    row = missiles.missile_cover(theatre, swapped).iloc[0]
    assert row.type12_200_share == 1
    today = missiles.missile_cover(theatre, held(theatre)).iloc[0]
    assert (today.jp_nearest_km, today.type12_1000_share) == (inf, 0)


def test_partly_covered_exit() -> None:
    """The share in reach is the length within range over that of the throat."""
    theatre = replace(gap_theatre(), throats=(throat([(150, 47.8), (150, 49.8)], [100] * 401),))
    row = missiles.missile_cover(theatre, held(theatre, {"west": "JP", "east": "JP"})).iloc[0]
    whole_km = float(geodesy.distance_km(150, 47.8, 150, 49.8))
    start_km = float(geodesy.distance_km(150, 49.8, 150, 50))
    for reach in (120, 130):
        assert row[f"bal_{reach}_share"] == pytest.approx((reach - start_km) / whole_km, abs=0.005)


def test_cover_shrinks_as_more_is_ceded(theatre: Theatre) -> None:
    """Status quo: everything near. More ceded, never nearer; a split island lies between."""
    known = missiles.exit_distances(theatre)
    farthest = {
        name: missiles.missile_cover(
            theatre, resolve(load_scenario(name), theatre.lands), distances=known
        ).set_index("strait_id")["ru_farthest_km"]
        for name in ("status-quo", "half-area-2006", "four-islands", "st-petersburg-1875")
    }
    steps = list(farthest.values())
    for fewer, more in zip(steps, steps[1:], strict=False):
        assert (more >= fewer).all()
    assert (farthest["status-quo"] < 120).all()
    yekaterina = [step["yekaterina"] for step in steps]
    assert yekaterina == sorted(set(yekaterina))
    # Bussol is out of Oniks's 500 km from Sakhalin and Kamchatka, La Perouse never leaves Sakhalin.
    assert 500 < farthest["st-petersburg-1875"]["bussol"] < 600
    assert farthest["st-petersburg-1875"]["la-perouse"] == farthest["status-quo"]["la-perouse"]


def test_forces_decide_not_sovereignty(theatre: Theatre) -> None:
    """Kawana leaves Russian forces, so that nothing changes; demilitarising is as ceding."""
    known = missiles.exit_distances(theatre)
    kawana, today, bare, ceded = (
        missiles.missile_cover(theatre, resolve(load_scenario(n), theatre.lands), distances=known)
        for n in ("kawana-1998", "status-quo", "four-islands-demilitarised", "four-islands")
    )
    pd.testing.assert_frame_equal(kawana, today)
    japan = ["jp_nearest_km", "jp_farthest_km", "type12_200_share", "type12_1000_share"]
    pd.testing.assert_frame_equal(bare.drop(columns=japan), ceded.drop(columns=japan))
    pd.testing.assert_frame_equal(bare[japan], today[japan])
    assert (ceded.jp_farthest_km <= today.jp_farthest_km).all()
    assert (ceded.type12_200_share > today.type12_200_share).any()


def test_what_the_type_12_covers_today(theatre: Theatre) -> None:
    """docs/method.md names the exits within 200 km, and those beyond 1,000 km."""
    parts = resolve(load_scenario("status-quo"), theatre.lands)
    table = missiles.missile_cover(theatre, parts).set_index("strait_id")
    assert set(table.index[table.type12_200_share == 1]) == {"la-perouse", "izmena", "yekaterina"}
    assert set(table.index[table.type12_1000_share < 1]) == {"first-kuril", "second-kuril"}


def test_missile_data() -> None:
    """Known launchers, a source for every range, ranges in order and each once."""
    data, known = read_data("missiles.toml"), citations()
    for missile in data["missile"]:
        ranges = [reach["km"] for reach in missile["range"]]
        assert ranges == sorted(set(ranges))
        assert all(0 < km <= 1000 for km in ranges)
        assert all(reach["source"] for reach in missile["range"])
    named = {missile["id"] for missile in data["missile"]}
    for deployment in data["deployment"]:
        assert deployment["launcher"] in read_islands()
        assert deployment["missile"] in named
        assert 2016 <= deployment["reported"].year <= 2026
    keys = [r["source"] for m in data["missile"] for r in m["range"]]
    keys += [d["source"] for d in data["deployment"]]
    assert {key for some in keys for key in some} <= set(known)
    assert {(one.holder, one.column, one.km) for one in missiles.missile_ranges()} == {
        *(("RU", f"bal_{km}_share", km) for km in (120, 130, 260)),
        *(("RU", f"bastion_{km}_share", km) for km in (300, 500, 600)),
        *(("JP", f"type12_{km}_share", km) for km in (200, 1000)),
    }
