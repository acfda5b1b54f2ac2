"""What words mean on the command line: every column of every command; in brief, chosen, as HTML."""

from __future__ import annotations

import json
from typing import Any

import click
import pytest
from commands import Run, refusal, rows
from readers import read_markdown

import okhotsk
from okhotsk.assessment.detail import TABLES
from okhotsk.cli.main import main
from okhotsk.measures.columns import heads_of

PIECES = ("--pieces", "shikotan,kunashir")
# Every command that prints a table, but those whose tables are asked for elsewhere.
COMMANDS = (
    ["assess"],
    ["assumptions"],
    ["columns"],
    ["compare", "status-quo", "four-islands"],
    *(["detail", name] for name in TABLES),
    ["frontier", *PIECES],
    ["frontier", *PIECES, "--steps"],
    ["islands"],
    ["scenarios"],
    ["straits"],
    ["straits", "--scenario", "four-islands"],
    ["sweep", *PIECES],
)
ELSEWHERE = {"claims", "data"}  # tests/cli/test_outputs.py, tests/assessment/test_glossary.py


@pytest.fixture
def quick(
    rough: None, coarse_results: dict[str, okhotsk.Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the commands have the results of the coarse sea."""
    known = list(coarse_results.values())

    def give(theatre: Any, scenarios: Any = None, **_: Any) -> list[okhotsk.Assessment]:
        return known if scenarios is None else known[: len(scenarios)]

    monkeypatch.setattr("okhotsk.assessment.compute.compute_results", give)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_column_that_a_command_prints_is_in_the_catalogue(
    run: Run, quick: None, words: list[str]
) -> None:
    quiet = [] if words[0] in ("islands", "scenarios", "assumptions", "columns") else ["-q"]
    found = rows(run(*words, *quiet, "--format", "json"))
    assert found
    assert {*found[0]} <= set(okhotsk.columns().column)


def test_no_command_that_prints_a_table_is_left_out() -> None:
    context = click.Context(main)
    tables = {
        name
        for name in main.list_commands(context)
        if isinstance(main.get_command(context, name), click.Group)
        or any("--columns" in p.opts for p in main.get_command(context, name).params)  # type: ignore[union-attr]
    }
    assert tables == {words[0] for words in COMMANDS} | ELSEWHERE


def test_brief_is_six_columns_under_their_titles(run: Run) -> None:
    head, *body = read_markdown(run("islands", "--brief", "--format", "markdown").stdout.strip())
    assert head[:5] == ["Island", "Name", "Group", "Area, km2", "People"]
    assert len(head) == 6
    assert len(body) == len(rows(run("islands", "--format", "json")))
    assert list(rows(run("islands", "--brief", "--format", "json"))[0])[0] == "island_id"
    assert len(rows(run("islands", "--brief", "--format", "json"))[0]) == 6


def test_a_brief_assessment_warns_of_intruders(run: Run, quick: None) -> None:
    said = run("assess", "-q", "--brief", "--format", "markdown").stdout
    head, *body = read_markdown(said.strip())
    names = ["ceded_land_km2", "barrier_km", "refuge_share", "intruder_exposure", "index"]
    assert head == heads_of(["scenario_id", *names])
    assert "Warning of intruders" in head
    known = rows(run("assess", "-q", "--format", "json"))
    for cells, row in zip(body, known, strict=True):
        assert [float(cell) for cell in cells[1:]] == [row[name] for name in names]


def test_chosen_columns_come_in_their_order(run: Run) -> None:
    found = rows(run("islands", "--columns", "area_km2, name,area_km2", "--format", "json"))
    assert all(list(row) == ["area_km2", "name"] for row in found)
    plain = run("islands", "--columns", "name,area_km2").stdout
    assert plain.split()[:2] == ["name", "area_km2"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("iland_id", "no column 'iland_id', expected island_id"),
        ("barrier_km", "no column 'barrier_km' in this table"),
        ("zzzz", "expected a name that `okhotsk columns` lists"),
        (" , ", "names no column"),
    ],
)
def test_columns_that_there_are_not_are_refused(run: Run, asked: str, said: str) -> None:
    assert said in refusal(run("islands", "--columns", asked))


def test_html_is_a_table_with_titles_and_escaped_texts(run: Run) -> None:
    said = run("scenarios", "--format", "html").stdout
    assert said.count("<tr>") == 1 + len(okhotsk.scenario_ids())
    assert ">Title</th>" in said
    assert "Japan&#x27;s claim" in said
    assert "<script" not in said
    numbers = run("islands", "--columns", "name,area_km2", "--format", "html").stdout
    assert "text-align:right" in numbers.split("<tbody>")[1]
    assert ">Area, km2</th>" in numbers


def test_assumptions_take_values_and_say_why_a_range_ends(run: Run) -> None:
    found = {r["assumption"]: r for r in rows(run("assumptions", "--format", "json"))}
    assert found["soya_nm"]["choices"] == "3 or 12"
    changed = rows(run("assumptions", "--set", "sensor_range_km=150", "--format", "json"))
    assert {r["assumption"]: r["value"] for r in changed}["sensor_range_km"] == 150
    why = found["sensor_range_km"]["limits"]
    assert why in refusal(run("assumptions", "--set", "sensor_range_km=500"))


def test_columns_by_name(run: Run) -> None:
    (row,) = json.loads(run("columns", "intruder_exposure", "--format", "json").stdout)
    assert (row["title"], row["high_serves"]) == ("Warning of intruders", "Russia")
    assert "unknown column zzz" in refusal(run("columns", "zzz"))
    assert max(map(len, run("columns").stdout.splitlines())) <= 100
