"""Tables of commands: their columns, and the same values in every format."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from commands import ASSESS, HELD, STRAIT_ENDS, STRAITS, rows
from readers import read_latex, read_markdown

import okhotsk
from okhotsk.cli.printing import FORMATS

SCENARIOS = ["scenario_id", "title", "date", "proponent", "status", "line", "source"]
ISLANDS = [
    "island_id",
    "name",
    "name_ru",
    "name_ja",
    "group",
    "district",
    "area_km2",
    "coast_km",
    "lon",
    "lat",
    "population",
    "population_year",
    "source",
]


def commands(style: str) -> dict[str, list[str]]:
    named = {
        "scenarios": ["scenarios"],
        "islands": ["islands"],
        "straits": ["straits"],
        "straits of an option": ["straits", "--scenario", "half-area-2006"],
        "assess": ["assess"],
    }
    return {name: [*words, "--format", style] for name, words in named.items()}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("scenarios", SCENARIOS),
        ("islands", ISLANDS),
        ("straits", [*STRAITS, *STRAIT_ENDS]),
        ("straits of an option", [*STRAITS, *HELD, *STRAIT_ENDS]),
    ],
)
def test_columns_are_those_of_the_contract(run, done, name, columns):
    for row in rows(run(*commands("json")[name])):
        assert list(row) == columns


def test_columns_of_assess_are_those_of_the_contract(run, done):
    for row in rows(run(*commands("json")["assess"])):
        assert list(row) == ASSESS


def test_every_option_island_and_strait_is_listed(run, real):
    assert [row["scenario_id"] for row in rows(run("scenarios", "--format", "json"))] == (
        okhotsk.scenario_ids()
    )
    islands, straits = (
        [row[key] for row in rows(run(name, "--format", "json"))]
        for name, key in (("islands", "island_id"), ("straits", "strait_id"))
    )
    for ids, least in ((islands, 30), (straits, 25)):
        assert len(ids) == len(set(ids)) >= least
        assert all(id == id.lower() and " " not in id and "_" not in id for id in ids)


@pytest.mark.parametrize("name", commands("json"))
def test_formats_agree(run, done, name):
    """CSV, Markdown and LaTeX read back to the values of JSON; a table of few columns says so."""
    known = rows(run(*commands("json")[name]))
    texts = {style: run(*commands(style)[name]).stdout for style in FORMATS}
    readers = {
        "csv": lambda text: list(csv.reader(io.StringIO(text))),
        "markdown": lambda text: read_markdown(text.rstrip("\n")),
        "latex": read_latex,
    }
    for style, read in readers.items():
        head, *body = read(texts[style])
        assert head == list(known[0]), style
        for cells, row in zip(body, known, strict=True):
            for cell, value in zip(cells, row.values(), strict=True):
                assert_same(cell, value)
    told = texts["table"]
    if "--format csv" in told:  # what fits, and how to see the rest
        assert all(next(iter(row.values())) in told for row in known)
        return
    for row in known:
        for value in row.values():
            assert value is None or isinstance(value, bool | float) or str(value) in told


def assert_same(cell: str, value: Any) -> None:
    if value is None:
        assert cell == ""
    elif isinstance(value, bool):
        assert cell in (("yes", "True") if value else ("no", "False"))
    elif isinstance(value, int | float):
        assert float(cell) == value
    else:
        assert cell == " ".join(value.split())
