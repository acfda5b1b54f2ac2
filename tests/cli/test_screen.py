"""Tables on a terminal: one block that fits, nothing lost without a word; pipes get all."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from commands import rows

from okhotsk.cli.screen import Columns, fitted_table, measures_table, room_of

LISTS = ["scenarios", "islands", "straits", "straits --scenario half-area-2006"]


@pytest.fixture(params=[80, 100, 140])
def screen(request, monkeypatch):
    """A terminal of some width."""
    monkeypatch.setenv("COLUMNS", str(request.param))
    return request.param


@pytest.mark.parametrize("words", LISTS)
def test_lists_are_one_block_that_fits_and_say_how_to_see_the_rest(run, done, screen, words):
    text = run(*words.split()).stdout
    whole = rows(run(*words.split(), "--format", "json"))
    block, _, hint = text.rstrip("\n").rpartition("\n\n")
    assert "\n\n" not in block
    assert max(map(room_of, text.splitlines())) <= screen
    assert f" of {len(whole[0])} columns. All of them: --format csv" in hint
    key = next(name for name in block.splitlines()[0].split() if name.endswith("_id"))
    shown = {line.split()[0] for line in block.splitlines()}
    assert {row[key] for row in whole} <= shown


@pytest.mark.parametrize("words", [*LISTS, "assess"])
def test_a_pipe_gets_every_column(run, done, words, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    text = run(*words.split()).stdout
    assert "columns. All of them" not in text
    for name in rows(run(*words.split(), "--format", "json"))[0]:
        assert name in text or words == "assess"


@pytest.mark.parametrize("ids", [["half-area-2006"], ["status-quo", "half-area-2006"]])
def test_assess_is_one_block_with_a_row_a_measure(run, done, screen, ids):
    text = run("assess", *ids).stdout
    whole = rows(run("assess", *ids, "--format", "json"))
    assert max(map(room_of, text.splitlines())) <= screen
    block, notes = text.split("\n\n")
    assert "5–95% over assumptions, the floor of components" in notes
    assert "seabeds" in notes
    lines = {line.split()[0]: line.split()[1:] for line in block.splitlines() if line.split()}
    for name in whole[0]:
        if name.endswith(("_low", "_high")) or name == "scenario_id":
            continue
        assert name in lines
        for row in whole:
            value = row[name]
            assert value is None or any(
                float(cell) == value for cell in lines[name] if "–" not in cell
            )


def test_today_stands_beside_what_is_asked_where_it_is_not_among_it():
    record = {"scenario_id": "a", "barrier_km": 773.0, "barrier_km_low": 694.0}
    frame = pd.DataFrame([record | {"barrier_km_high": 756.0, "index": 69.3}])
    text = measures_table(frame, {"barrier_km": 656.0}, 80)
    assert text.splitlines()[0].split() == ["today", "a"]
    assert text.splitlines()[1].split() == ["barrier_km", "656.0", "773.0", "694.0–756.0"]
    assert text.splitlines()[2].split() == ["index", "100.0", "69.3"]
    assert measures_table(frame, {}, 80).splitlines()[0].split() == ["a"]


def test_four_long_names_and_intervals_fit_80_columns():
    record = {"patrol_km2": 969197.0, "patrol_km2_low": 950000.0, "patrol_km2_high": 1971000.0}
    record |= {"russian_operating_share": 0.8, "russian_operating_share_low": 0.71234}
    record |= {"russian_operating_share_high": 0.91234}
    ids = ["four-islands-demilitarised", "habomai-shikotan-1956", "x" * 60, "日本-" * 9]
    frame = pd.DataFrame([{"scenario_id": name, **record} for name in ids])
    text = measures_table(frame, record, 80)
    assert max(map(room_of, text.splitlines())) <= 80
    assert "950k–1971k" in text
    assert "0.712–0.912" in text
    assert "today" not in text


def test_more_than_four_scenarios_show_what_fits(run, done, screen, results, monkeypatch):
    def give(theatre, scenarios=None, **options):
        return [*results, *results]

    monkeypatch.setattr("okhotsk.assessment.compute.compute_results", give)
    text = run("assess").stdout
    assert max(map(room_of, text.splitlines())) <= screen
    head = text.splitlines()[0].split()
    assert head[:4] == ["scenario_id", "index", "index_low", "index_high"]
    assert "columns. All of them: --format csv" in text
    assert len(json.loads(run("assess", "--format", "json").stdout)) == 6


def test_words_take_lines_and_the_block_keeps_its_width():
    frame = pd.DataFrame({"id": ["a"], "title": ["word " * 20], "n": [7]})
    text = fitted_table(frame, Columns(("id", "title"), ("title",)), 40)
    assert text.count("word") == 20
    assert max(map(len, text.splitlines())) <= 40
