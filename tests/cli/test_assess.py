"""Scenarios of one's own, and assumptions, reach the assessment."""

from __future__ import annotations

from typing import Any

from commands import rows

import okhotsk
from okhotsk.datasets import data_folder

FOUR = "habomai,shikotan,kunashir,iturup"


def test_cede_and_a_file_equal_the_named_option(run, rough, tmp_path):
    named = (data_folder() / "scenarios" / "four-islands.toml").read_text("utf-8")
    copy = tmp_path / "mine.toml"
    copy.write_text(named.replace('id = "four-islands"', 'id = "mine"'), encoding="utf-8")
    words = ["assess", "four-islands", copy, "--cede", FOUR, "--format", "json"]
    ids, figures = zip(*(split(row) for row in rows(run(*words))), strict=True)
    assert ids == ("four-islands", "mine", "cede-habomai-iturup-kunashir-shikotan")
    assert figures[0] == figures[1] == figures[2]


def test_cede_demilitarised_equals_the_named_option(run, rough):
    words = ["assess", "four-islands-demilitarised", "--cede", FOUR, "--demilitarised"]
    ids, figures = zip(*(split(row) for row in rows(run(*words, "--format", "json"))), strict=True)
    assert ids[1] == "cede-habomai-iturup-kunashir-shikotan-demilitarised"
    assert figures[0] == figures[1]


def split(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return row["scenario_id"], {key: row[key] for key in row if key != "scenario_id"}


def test_groups_and_units_may_be_mixed_in_any_order(run, done):
    run("assess", "--cede", " iturup , shikotan,,habomai")
    mixed = done["scenarios"][0]
    assert mixed.title == "Ceded: Iturup, Shikotan, habomai"
    assert {c.unit for c in mixed.cessions} == {
        c.unit for c in okhotsk.load_scenario("four-islands").cessions
    } - {"kunashir"}


def test_set_reaches_the_assessment(run, done):
    run("assess", "status-quo", "--set", "refuge_standoff_km=150", "--set", "patrol_depth_m = 100")
    changed = {"refuge_standoff_km": 150, "patrol_depth_m": 100}
    assert done["assumptions"] == okhotsk.Assumptions().with_values(changed)
