"""The record and the straits of an option: the contract, the facts, and what cannot depend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from commands import ASSESS, HELD, STRAIT_ENDS, STRAITS
from theatres import option

from okhotsk.api import Assessment, assess, assess_all
from okhotsk.assessment import index
from okhotsk.errors import AssumptionError, ScenarioError
from okhotsk.measures.barrier import LINES
from okhotsk.measures.passage import exit_depths
from okhotsk.measures.regimes import straits_under
from okhotsk.raster import geodesy
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import cede, load_scenario, scenario_ids
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre

# Which straits change hands: R both shores Russian, S shared, J both Japanese; the options in
# the order of OPTIONS. From the published lines, not from the coast.
OPTIONS = (
    "status-quo",
    "habomai-shikotan-1956",
    "three-islands",
    "half-area-2006",
    "four-islands",
    "st-petersburg-1875",
    "portsmouth-1905",
)
HANDS = {
    "la-perouse": "SSSSSSJ",
    "nemuro": "SSJJJJJ",
    "izmena": "SSJJJJJ",
    "sovetsky": "SJJJJJJ",
    "tanfilyev-strait": "RJJJJJJ",
    "yuri-strait": "RJJJJJJ",
    "voeykov": "RJJJJJJ",
    "polonsky-strait": "RJJJJJJ",
    "shpanberg": "RJJJJJJ",
    "south-kuril": "RSJJJJJ",
    "yekaterina": "RRSJJJJ",
    "friza": "RRRRSJJ",
    "nevelskoy": "RRRRRRR",
    "first-kuril": "RRRRRSS",
    **dict.fromkeys(
        [
            "urup-strait",
            "snow",
            "bussol",
            "diana",
            "rikord",
            "srednego",
            "nadezhda",
            "golovnin",
            "kruzenshtern",
            "lovushek",
            "ekarma-strait",
            "severgin",
            "krenitsyn",
            "yevreinov",
            "fourth-kuril",
            "luzhin",
            "alaid",
            "second-kuril",
        ],
        "RRRRRJJ",
    ),
}
WORDS = {"R": "russian", "S": "shared", "J": "japanese"}
LAW = Assumptions()


def straits_of(
    theatre: Theatre, scenario: str | Scenario, assumptions: Assumptions = LAW
) -> pd.DataFrame:
    option = load_scenario(scenario) if isinstance(scenario, str) else scenario
    parts = resolve(option, theatre.lands)
    table = straits_under(theatre, parts, assumptions, scenario_id=option.scenario_id)
    return table.set_index("strait_id")


@pytest.fixture(scope="module")
def every(coarse: Theatre) -> dict[str, Assessment]:
    """All named options on the coarse sea."""
    return {a.scenario.scenario_id: a for a in assess_all(coarse)}


def alike(one: Assessment, other: Assessment, *, but: set[str] = frozenset()) -> None:
    """Equal records, but for some columns and the intervals of all."""
    ends = {name for name in ASSESS if name.endswith(("_low", "_high"))}
    for column in set(ASSESS) - {"scenario_id"} - set(but) - ends:
        assert one.record[column] == other.record[column], column


# The contract


def test_record_has_the_columns_of_the_contract(every: dict[str, Assessment]) -> None:
    assert list(every) == scenario_ids()
    for name, result in every.items():
        assert list(result.record) == ASSESS
        assert list(result.to_frame().columns) == ASSESS
        assert len(result.to_frame()) == 1
        assert result.record["scenario_id"] == name
        for column, value in result.record.items():
            if column == "scenario_id" or column.endswith(("_low", "_high")) and np.isnan(value):
                continue
            assert type(value) in (int, float), column  # plain numbers, for JSON
            assert np.isfinite(value), column
            assert value >= 0, column
        with pytest.raises(TypeError):
            result.record["sea_km2"] = 1  # type: ignore[index]


def test_record_adds_up(every: dict[str, Assessment]) -> None:
    zones = [column for column in ASSESS if column.endswith(("_sea_km2", "_eez_km2", "seas_km2"))]
    assert len(zones) == 5
    exits = {sum(r.record[c] for c in ASSESS if c.startswith("exits_")) for r in every.values()}
    assert len(exits) == 1
    for result in every.values():
        record = result.record
        assert sum(record[c] for c in zones) == pytest.approx(record["sea_km2"], rel=1e-9)
        assert record["refuge_share"] == record["refuge_km2"] / record["patrol_km2"] <= 1
        assert 0 <= record["russian_throat_share"] <= 1
        assert record["patrol_km2"] < record["sea_km2"]
        curve = result.refuge_curve.set_index("standoff_km").refuge_km2
        assert record["refuge_km2"] == pytest.approx(curve[200], rel=1e-6)
        assert result.zones.area_km2.sum() == pytest.approx(record["sea_km2"], rel=1e-9)
        assert {name: record[name] for name in LINES} == result.barrier.figures
        assert 0 < record["operating_area_km2"] < record["barrier_area_km2"]
        straits = result.straits
        deep = straits[straits.exit & (straits.sill_depth_m >= LAW.transit_depth_m)]
        for kind, km2 in (("throat", deep.throat_area_km2), ("operating", deep.operating_area_km2)):
            both = km2[deep.regime == "russian"].sum() / km2.sum()
            assert record[f"russian_{kind}_share"] == pytest.approx(both, rel=1e-12)
        for way, route in result.routes.items():
            assert record[f"{way}_exposure"] == route.exposure
        assert shapely.area(result.refuge) <= shapely.area(result.patrol)
        assert set(result.land.sovereign) == {"RU", "JP"}


def test_straits_have_the_columns_and_values_of_the_contract(
    coarse: Theatre, every: dict[str, Assessment]
) -> None:
    # Throats keep the sills of finer cells, so that these are found anew on this grid.
    sills = pd.Series(exit_depths(coarse, np.zeros(coarse.grid.shape, bool)), dtype=float)
    for name, result in every.items():
        table = result.straits
        assert list(table.columns) == [*STRAITS, *HELD, "geometry", *STRAIT_ENDS]
        assert table.crs.to_epsg() == 4326
        assert set(table.scenario_id) == {name}
        assert set(table.holder_a) | set(table.holder_b) <= {"RU", "JP"}
        assert set(table.regime) <= set(WORDS.values())
        assert (table.corridor_km >= 0).all()
        assert (table.corridor_km <= table.throat_width_km * (1 + 1e-9)).all()
        # Only corridors through exits have a depth, where cells are fine enough for both; on
        # this grid Kruzenshtern's is too narrow.
        deep = table.corridor_depth_m.notna()
        assert (deep <= ((table.corridor_km > 0) & table.exit & table.resolved)).all()
        assert deep[table.strait_id == "bussol"].all()
        sill_depth_m = table.strait_id.map(sills)
        assert (table.corridor_depth_m <= sill_depth_m)[deep].all()
        for row in table.itertuples():
            both = {row.holder_a, row.holder_b}
            expected = {"RU": "russian", "JP": "japanese"}[both.pop()] if len(both) == 1 else None
            assert row.regime == (expected or "shared")


# The facts


@pytest.mark.parametrize("number", range(len(OPTIONS)), ids=OPTIONS)
def test_straits_change_hands_as_the_lines_say(theatre: Theatre, number: int) -> None:
    table = straits_of(theatre, OPTIONS[number])
    assert set(table.index) == set(HANDS)
    expected = {strait: WORDS[hands[number]] for strait, hands in HANDS.items()}
    assert table.regime.to_dict() == expected


@pytest.mark.parametrize("name", ["four-islands-demilitarised", "kawana-1998"])
def test_forces_change_no_regime(every: dict[str, Assessment], name: str) -> None:
    pd.testing.assert_series_equal(every[name].straits.regime, every["four-islands"].straits.regime)


def test_urup_line_turns_the_straits_south_of_bussol(every: dict[str, Assessment]) -> None:
    regime = every["urup-line"].straits.set_index("strait_id").regime
    assert regime["friza"] == regime["urup-strait"] == regime["snow"] == "japanese"
    assert regime["bussol"] == "shared"
    assert regime["diana"] == regime["kruzenshtern"] == "russian"


@pytest.mark.parametrize(
    ("strait", "open_"),
    # 24 nautical miles are 44.4 km: narrower straits have no corridor.
    [
        ("yekaterina", False),
        ("friza", False),
        ("diana", False),
        ("nadezhda", False),
        ("rikord", False),
        ("bussol", True),
        ("fourth-kuril", True),
        ("la-perouse", True),
    ],
)
def test_corridor_by_width(every: dict[str, Assessment], strait: str, open_: bool) -> None:
    row = every["status-quo"].straits.set_index("strait_id").loc[strait]
    assert (row.corridor_km > 0) == open_
    belts_nm = 12 + (LAW.soya_nm if strait == "la-perouse" else 12)
    assert row.corridor_km == pytest.approx(max(0, row.width_km - belts_nm * 1.852), abs=0.1)


def test_soya_option_opens_a_corridor_there_and_nowhere_else(theatre: Theatre) -> None:
    wide = straits_of(theatre, "status-quo", LAW.with_values({"soya_nm": 12}))
    three = straits_of(theatre, "status-quo")
    # Japan's waters shrink by 9 miles; Russia's 12 and the rock off Krilon stay.
    assert wide.corridor_km["la-perouse"] == 0
    assert 10 < three.corridor_km["la-perouse"] < 20
    assert 0 < three.corridor_depth_m["la-perouse"] <= three.sill_depth_m["la-perouse"]
    assert np.isnan(wide.corridor_depth_m["la-perouse"])
    rest = wide.index != "la-perouse"
    pd.testing.assert_series_equal(wide.corridor_km[rest], three.corridor_km[rest])


def test_soya_breadth_never_exceeds_the_general_one(theatre: Theatre) -> None:
    narrow = LAW.with_values({"territorial_sea_nm": 3, "soya_nm": 12})
    at_3 = straits_of(theatre, "status-quo", narrow).corridor_km["la-perouse"]
    both = straits_of(theatre, "status-quo", narrow.with_values({"soya_nm": 3}))
    assert at_3 == both.corridor_km["la-perouse"] > 0


def test_ceded_land_people_and_coast(every: dict[str, Assessment], coarse: Theatre) -> None:
    record = {name: result.record for name, result in every.items()}
    assert record["status-quo"]["ceded_land_km2"] == 0
    assert record["status-quo"]["ceded_population"] == 0
    assert record["status-quo"]["ceded_coast_km"] == 0
    # Published for the four islands: 5,003 (GSI) to 5,036 km2.
    assert record["four-islands"]["ceded_land_km2"] == pytest.approx(5036, rel=0.02)
    assert record["half-area-2006"]["ceded_land_km2"] == pytest.approx(
        record["four-islands"]["ceded_land_km2"] / 2, rel=1e-3
    )
    islands = coarse.islands
    whole = record["st-petersburg-1875"]
    assert whole["ceded_land_km2"] == pytest.approx(islands.area_km2.sum(), rel=1e-9)
    assert whole["ceded_coast_km"] == pytest.approx(islands.coast_km.sum(), rel=1e-9)
    assert whole["ceded_population"] == islands.population.sum()
    # A line across a unit is no coast.
    half, three, four = (
        record[name]["ceded_coast_km"]
        for name in ("half-area-2006", "three-islands", "four-islands")
    )
    parts = {p.part_id: p.land for p in resolve(load_scenario("half-area-2006"), coarse.lands)}
    south, north = parts["iturup-south"], parts["iturup-north"]
    line = shapely.intersection(shapely.boundary(south), shapely.boundary(north))
    expected = geodesy.perimeter_km(south) - geodesy.length_km(line)
    assert half - three == pytest.approx(expected, rel=1e-4)
    assert half < four


def test_notes_name_what_is_left_out(every: dict[str, Assessment]) -> None:
    quo, half = every["status-quo"].notes, " ".join(every["half-area-2006"].notes)
    assert len(quo) == 2
    exits = every["status-quo"].straits
    exits = exits[exits.exit].set_index("name")
    shallow = exits.index[exits.resolved & (exits.sill_depth_m < 50)]
    assert quo[0].endswith(f": {', '.join(exits.index[~exits.resolved])}.")
    assert [quo[1].split(": ")[1]] == [f"{name}." for name in shallow] == ["La Perouse (Soya)."]
    assert "The people of the south of Iturup are not counted" in half
    assert "the south of Sakhalin" in " ".join(every["portsmouth-1905"].notes)


def test_note_where_the_seal_is_not_proven(
    coarse: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from okhotsk.measures import context

    found = context.find_barrier
    monkeypatch.setattr(
        context,
        "find_barrier",
        lambda *given, **known: replace(found(*given, **known), proven=False),
    )
    assert "avoids the mainland may be shorter" in assess(coarse, "status-quo").notes[-1]


# Laws


def test_nothing_ceded_is_the_status_quo(coarse: Theatre, every: dict[str, Assessment]) -> None:
    alike(assess(coarse, cede([])), every["status-quo"])


def test_habomai_and_shikotan_change_no_exit_and_no_line(every: dict[str, Assessment]) -> None:
    quo, two = every["status-quo"], every["habomai-shikotan-1956"]
    alike(
        quo,
        two,
        but={
            "ceded_land_km2",
            "ceded_population",
            "ceded_coast_km",
            "refuge_km2",
            "refuge_share",
            "ru_territorial_sea_km2",
            "jp_territorial_sea_km2",
            "ru_eez_km2",
            "jp_eez_km2",
            "sensed_share",
            "index",
            "index_low",
            "index_high",
        },
    )
    exits = [a.straits[a.straits.exit].drop(columns="scenario_id") for a in (quo, two)]
    pd.testing.assert_frame_equal(*(pd.DataFrame(e.drop(columns="geometry")) for e in exits))


def test_demilitarised_moves_zones_and_leaves_the_refuge(every: dict[str, Assessment]) -> None:
    quo, four, none = (
        every[name] for name in ("status-quo", "four-islands", "four-islands-demilitarised")
    )
    forces = {"refuge_km2", "refuge_share", "sensed_share", "egress_exposure"}
    alike(four, none, but={*forces, "index", "index_low", "index_high"})
    assert none.record["sensed_share"] == quo.record["sensed_share"] < four.record["sensed_share"]
    assert none.record["index"] > four.record["index"]
    assert none.record["refuge_km2"] == quo.record["refuge_km2"] > four.record["refuge_km2"]
    assert none.record["jp_eez_km2"] > quo.record["jp_eez_km2"]


def test_one_hostile_island_beside_the_base_is_passed_round(
    coarse: Theatre, every: dict[str, Assessment]
) -> None:
    """The way from Vilyuchinsk leads past Paramushir; ceded alone, another strait is as unseen."""
    today, alone = every["status-quo"], assess(coarse, cede(["paramushir"]))
    assert today.routes["base"].straits == ("fourth-kuril",)
    assert "fourth-kuril" not in alone.routes["base"].straits
    assert alone.components["base"] == 1
    before, after = (geodesy.length_km(a.routes["base"].line) for a in (today, alone))
    assert after > before + 50


def test_ways_from_the_base_stay_unseen_from_the_south(every: dict[str, Assessment]) -> None:
    four, chain = every["four-islands"], every["st-petersburg-1875"]
    assert four.components["base"] == 1
    # Every way in has hostile shores on it then; the corridor of Bussol alone may be entered.
    assert chain.routes["base"].straits == ("bussol",)
    ratio = (1 + chain.today["base_exposure"]) / (1 + chain.record["base_exposure"])
    assert chain.components["base"] == pytest.approx(ratio, rel=1e-12)
    assert chain.components["base"] < 0.75


def test_the_index_over_the_range_passes_through_the_record(
    every: dict[str, Assessment],
) -> None:
    for name, result in every.items():
        curve = result.range_curve.set_index("sensor_range_km")["index"]
        assert list(curve.index) == [50, 100, 150, 200, 250, 300]
        assert curve[LAW.sensor_range_km] == pytest.approx(result.record["index"], rel=1e-12), name
        assert curve.between(0, 100 + 1e-9).all()
    assert every["status-quo"].range_curve["index"].to_numpy() == pytest.approx(100)
    # Beyond the default, hostile shores see more of what is ceded to.
    assert every["st-petersburg-1875"].range_curve["index"].iloc[-1] < 60


def test_the_index_without_sensors_leaves_these_components_out(
    every: dict[str, Assessment],
) -> None:
    kept = [c for c in index.read_recipe().components if not c.sensor]
    assert {c.component_id for c in kept} == {"seal", "section", "straits", "refuge"}
    weights = np.array([c.weight for c in kept])
    for name, result in every.items():
        shares = [max(result.components[c.component_id], 0.05) for c in kept]
        mean = np.exp((np.log(shares) * weights).sum() / weights.sum())
        assert result.index_without_sensors == pytest.approx(100 * mean, rel=1e-9), name


def test_kawana_leaves_line_and_refuge(every: dict[str, Assessment]) -> None:
    quo, four, kawana = (every[name] for name in ("status-quo", "four-islands", "kawana-1998"))
    kept = {
        "barrier_km",
        "barrier_area_km2",
        "operating_area_km2",
        "refuge_km2",
        "refuge_share",
        "sensed_share",
        "egress_exposure",
        "base_exposure",
        "intruder_exposure",
    }
    alike(four, kawana, but=kept | {"index", "index_low", "index_high"})
    alike(quo, kawana, but=set(ASSESS) - kept)


def test_bigger_options_never_favour_russia(every: dict[str, Assessment]) -> None:
    chain = [
        "status-quo",
        "habomai-shikotan-1956",
        "three-islands",
        "half-area-2006",
        "four-islands",
        "urup-line",
        "st-petersburg-1875",
        "portsmouth-1905",
    ]
    falls = [
        "ru_territorial_sea_km2",
        "ru_eez_km2",
        "exits_russian",
        "russian_throat_share",
        "russian_operating_share",
        "refuge_km2",
    ]
    grows = [
        "ceded_land_km2",
        "ceded_coast_km",
        "jp_territorial_sea_km2",
        "jp_eez_km2",
        "exits_japanese",
        "barrier_km",
        "barrier_area_km2",
        "operating_area_km2",
        "base_exposure",
    ]
    frame = pd.concat([every[name].to_frame() for name in chain], ignore_index=True)
    for column in falls:
        assert (frame[column].diff().dropna() <= 1e-3).all(), column
    for column in grows:
        assert (frame[column].diff().dropna() >= -1e-3).all(), column


def test_workers_and_order_do_not_matter(coarse: Theatre, every: dict[str, Assessment]) -> None:
    names = ["half-area-2006", "status-quo"]
    for workers in (1, 3):
        results = assess_all(coarse, names, workers=workers)
        assert [r.scenario.scenario_id for r in results] == names
        for result in results:
            before = every[result.scenario.scenario_id]
            assert dict(result.record) == dict(before.record)
            assert result.barrier.lines["barrier_km"].equals_exact(
                before.barrier.lines["barrier_km"], 0
            )
            assert result.zones.geometry.geom_equals_exact(before.zones.geometry, 0).all()


def test_order_of_units_in_a_file_does_not_matter(coarse: Theatre, tmp_path: Path) -> None:
    results = []
    for units in ('"iturup", "yuri", "urup"', '"urup", "iturup", "yuri"'):
        path = tmp_path / "mine.toml"
        path.write_text(f'id = "mine"\ntitle = "Mine"\n[[cede]]\nunits = [{units}]\n')
        results.append(assess(coarse, path))
    assert dict(results[0].record) == dict(results[1].record)


def test_progress_is_told_once_per_option(coarse: Theatre) -> None:
    told: list[str] = []
    assess_all(coarse, ["status-quo", "four-islands"], progress=told.append)
    assert sorted(told) == ["four-islands", "status-quo"]
    assert assess_all(coarse, []) == []


# What cannot be assessed


def test_unknown_option(coarse: Theatre) -> None:
    with pytest.raises(ScenarioError, match="unknown scenario 'nothing'"):
        assess(coarse, "nothing")


def test_one_bad_option_stops_before_the_work(coarse: Theatre) -> None:
    told: list[str] = []
    with pytest.raises(ScenarioError):
        assess_all(coarse, ["status-quo", "nothing"], progress=told.append)
    assert told == []


def test_too_many_lone_islands_name_the_option(
    coarse: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from okhotsk.raster import planar_cut

    monkeypatch.setattr(planar_cut, "MAX_PIECES", 0)
    with pytest.raises(ScenarioError, match="'drawn': no seal can be drawn .*fewer separate"):
        assess(coarse, option({"atlasov": "JP"}))


def test_assumptions_that_leave_nothing(coarse: Theatre) -> None:
    shallow = replace(
        coarse, seabed=replace(coarse.seabed, depth_m=np.minimum(coarse.seabed.depth_m, 100))
    )
    with pytest.raises(AssumptionError, match="no patrol water of 200 m"):
        assess(shallow, "status-quo")
