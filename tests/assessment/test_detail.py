"""The tables behind the records: the option first, and nothing missing that should be there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from okhotsk.api import Assessment, assess_all
from okhotsk.assessment import index
from okhotsk.assessment.detail import TABLES, detail
from okhotsk.assessment.uncertainty import Sampler
from okhotsk.cli.main import main
from okhotsk.tables import rounded
from okhotsk.theatre.model import Theatre

NAMES = ("status-quo", "half-area-2006")
COLUMNS = {
    "refuge": ["standoff_km", "refuge_km2"],
    "sensed": ["boat_depth_m", "range_km", "sensed_km2", "sensed_share"],
    "passages": ["way", "keel_m", "reached_km2", "straits_open"],
    "law": [
        "rule",
        "title",
        "articles",
        "access_depth_m",
        "access_straits",
        "access_surfaced_km",
        "egress_depth_m",
        "egress_straits",
        "egress_surfaced_km",
        "changes",
    ],
    "routes": ["route", "exposure", "length_km", "straits"],
    "enclosure": ["line_km", "enclosed_km2", "km2_per_km"],
    "force": [
        "sweep_km",
        "sensors_today",
        "sensors",
        "today_force_static",
        "patrols_today",
        "patrols",
        "today_force_patrol",
    ],
    "strait-force": [
        "strait_id",
        "name",
        "regime",
        "deep_width_km",
        "break_even_1_km",
        "break_even_2_km",
        "break_even_4_km",
    ],
    "missiles": [  # and a share per range
        "strait_id",
        "name",
        "ru_nearest_km",
        "ru_farthest_km",
        "jp_nearest_km",
        "jp_farthest_km",
    ],
    "components": ["component", "title", "weight", "component_share"],
}
UNRESOLVED = {"deep_width_km", "break_even_1_km", "break_even_2_km", "break_even_4_km"}


@pytest.fixture(scope="module")
def two(coarse: Theatre) -> list[Assessment]:
    """Two options on the coarse sea, one with a split island; intervals over weightings alone."""
    same = {c.column: 0.5 for c in index.read_recipe().components}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sampler, "records", lambda self, scenario, units: [same] * len(units))
        return assess_all(coarse, NAMES)


@pytest.fixture(scope="module")
def tables(two: list[Assessment]) -> dict[str, pd.DataFrame]:
    """Every table of both."""
    return {name: detail(two, name) for name in TABLES}


def test_every_table_has_its_columns(tables: dict[str, pd.DataFrame]) -> None:
    assert list(tables) == list(COLUMNS)
    for name, table in tables.items():
        expected = ["scenario_id", *COLUMNS[name]]
        assert list(table.columns[: len(expected)]) == expected
        rest = table.columns[len(expected) :]
        assert len(rest) == (8 if name == "missiles" else 0)
        assert all(column.endswith("_share") for column in rest)
        assert list(table.index) == list(range(len(table)))


def test_options_in_order_with_as_many_rows(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        assert list(dict.fromkeys(table.scenario_id)) == list(NAMES)
        if name not in ("enclosure", "passages"):
            assert table.scenario_id.value_counts().nunique() == 1, name
        keys = table.select_dtypes(exclude="float")
        assert name == "enclosure" or not table.duplicated(list(keys.columns)).all()


def test_nothing_is_missing_but_widths_of_unresolved_straits(
    tables: dict[str, pd.DataFrame], two: list[Assessment]
) -> None:
    for name, table in tables.items():
        missing = set(table.columns[table.isna().any()])
        assert missing <= (UNRESOLVED if name == "strait-force" else set()), name
        cells = table.stack()
        assert not any(isinstance(value, list | tuple | dict | set) for value in cells), name
    force = tables["strait-force"]
    exits = two[0].straits[two[0].straits.exit]
    assert set(force.strait_id) == set(exits.strait_id)
    for column in UNRESOLVED:
        missing = set(force.strait_id[force[column].isna()])
        assert missing == set(exits.strait_id[~exits.resolved])


def test_each_option_alone_is_its_part(
    tables: dict[str, pd.DataFrame], two: list[Assessment]
) -> None:
    for name in set(TABLES) - {"law"}:
        both = tables[name]
        turned = detail(two[::-1], name)
        for result in two:
            own = result.scenario.scenario_id
            expected = both[both.scenario_id == own].reset_index(drop=True)
            pd.testing.assert_frame_equal(detail([result], name), expected)
            again = turned[turned.scenario_id == own].reset_index(drop=True)
            pd.testing.assert_frame_equal(again, expected)


def test_the_results_are_left_as_they_were(two: list[Assessment]) -> None:
    before = {name: getattr(two[0], name).copy() for name in ("force", "refuge_curve", "keels")}
    for name in ("force", "refuge", "passages"):
        table = detail(two, name)
        table.loc[:, table.columns[1]] = table.iloc[::-1, 1].to_numpy()
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(two[0], name), frame)


def test_tables_agree_with_the_records(
    tables: dict[str, pd.DataFrame], two: list[Assessment]
) -> None:
    recipe = index.read_recipe()
    for result in two:
        record, name = result.record, result.scenario.scenario_id
        own = {key: table[table.scenario_id == name] for key, table in tables.items()}
        curve = own["refuge"].set_index("standoff_km").refuge_km2
        assert curve[200] == pytest.approx(record["refuge_km2"], rel=1e-6)
        sensed = own["sensed"].set_index(["boat_depth_m", "range_km"]).sensed_share
        assert sensed[100, 100] == pytest.approx(record["sensed_share"], rel=1e-6)
        routes = own["routes"].set_index("route").exposure
        assert list(routes.index) == ["egress", "base", "intruder"]
        for way in ("egress", "intruder"):
            assert routes[way] == record[f"{way}_exposure"]
        shares = own["components"].set_index("component")
        assert shares.weight.sum() == pytest.approx(1)
        raised = shares.component_share.clip(lower=recipe.floor)
        score = 100 * np.prod(raised**shares.weight)
        assert score == pytest.approx(record["index"], rel=1e-9)
        line = own["force"].set_index("sweep_km").sensors
        for sweep_km, sensors in line.items():
            assert sensors == np.ceil(record["barrier_km"] / sweep_km - 1e-9)
        for way in ("access", "egress"):
            keels = own["passages"][own["passages"].way == way]
            reach = keels.keel_m[keels.reached_km2 > 0]
            assert reach.empty or reach.max() <= record[f"{way}_depth_m"]


def test_law_as_assumed_is_the_record(
    tables: dict[str, pd.DataFrame], two: list[Assessment]
) -> None:
    """One of the readings is that of the default assumptions."""
    law = tables["law"]
    for result in two:
        own = law[law.scenario_id == result.scenario.scenario_id]
        depths = own[["access_depth_m", "egress_depth_m"]]
        expected = [result.record[column] for column in depths]
        assert np.isclose(depths, expected, rtol=1e-6).all(axis=1).any()
        assert own.rule.is_unique
        assert (own[["access_surfaced_km", "egress_surfaced_km"]] >= 0).all(axis=None)


def test_unknown_table(two: list[Assessment]) -> None:
    with pytest.raises(KeyError, match="refuges"):
        detail(two, "refuges")


# The command


@pytest.fixture
def run(two: list[Assessment], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run a command on what is already assessed."""
    known = {result.scenario.scenario_id: result for result in two}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: None)
    monkeypatch.setattr(
        "okhotsk.assessment.compute.compute_results",
        lambda theatre, chosen, **_: [known[s.scenario_id] for s in chosen] if chosen else two,
    )
    return lambda *words: CliRunner().invoke(main, ["detail", *words])


@pytest.mark.parametrize("name", [name for name in COLUMNS if name != "law"])
def test_command_prints_the_table(run, tables: dict[str, pd.DataFrame], name: str) -> None:
    result: Result = run(name, *NAMES[:1], "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = json.loads(result.stdout, parse_constant=pytest.fail)
    expected = rounded(tables[name][tables[name].scenario_id == NAMES[0]])
    assert [list(row) for row in rows] == [list(expected.columns)] * len(expected)
    for column in expected.columns:
        own = expected[column].replace(np.inf, np.nan)  # JSON has no infinity
        got = pd.Series([row[column] for row in rows], dtype=own.dtype)
        pd.testing.assert_series_equal(got, own.reset_index(drop=True), check_names=False)


def test_command_without_an_option_takes_all(run) -> None:
    result: Result = run("routes", "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == 1 + 3 * len(NAMES)
    assert lines[0] == "scenario_id,route,exposure,length_km,straits"


def test_help_names_every_table(run) -> None:
    text = " ".join(run("--help").stdout.split()).replace("- ", "-")
    assert all(name in text for name in TABLES)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Missing argument 'TABLE'"),
        (["refuges", "status-quo"], "unknown table 'refuges', expected one of refuge, sensed, "),
        (["status-quo"], "unknown table 'status-quo'"),
        (["routes", "five-islands"], "unknown scenario 'five-islands'"),
        (["routes", "--set", "patrol_depth_m=9"], "expected 50 to 300"),
        (["routes", "status-quo", "--demilitarised"], "--demilitarised goes with --cede"),
        (["routes", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_bad_words_are_refused_in_one_sentence(run, words: list[str], sentence: str) -> None:
    result: Result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert sentence in errors[0]
    assert "Traceback" not in result.stderr
