"""The tables of words: assumptions and columns, in Python and in the documentation."""

from __future__ import annotations

import re

import pytest
from documents import DOCS, load_script

import okhotsk
from okhotsk.assessment.sensitivity import summary_table
from okhotsk.datasets import citations
from okhotsk.theatre.model import Theatre


@pytest.mark.parametrize("name", ["assumptions.md", "columns.md"])
def test_the_documents_are_those_of_today(name: str) -> None:
    """Where this fails, run docs/words.py."""
    assert (DOCS / name).read_text("utf-8") == load_script("words").pages()[name]


def test_every_assumption_is_told_in_full() -> None:
    table = okhotsk.assumptions()
    assert list(table.assumption) == list(okhotsk.Assumptions().as_dict())
    assert table.drop(columns="choices").notna().all().all()
    assert (table.low <= table.value).all()
    assert (table.value <= table.high).all()
    own = okhotsk.assumptions(okhotsk.Assumptions(sensor_range_km=150)).set_index("assumption")
    assert own.value["sensor_range_km"] == 150


def test_sources_of_assumptions_are_cited() -> None:
    keys = re.findall(r"\b[SW]\d+", " ".join([*okhotsk.assumptions().source, *table_limits()]))
    assert keys
    assert set(keys) <= set(citations())


def table_limits() -> list[str]:
    return list(okhotsk.assumptions().limits)


def test_columns_are_told_once_and_in_full() -> None:
    table = okhotsk.columns()
    assert table.column.is_unique
    assert table[["title", "meaning", "high_serves"]].notna().all().all()
    assert not table.title.eq("").any()
    assert not table.meaning.eq("").any()
    assert set(table.high_serves) == {"Russia", "Japan", "neither"}
    assert {*okhotsk.assumptions(), *table} <= set(table.column)


def test_columns_of_two_seabeds_and_of_robustness_are_known(coarse: Theatre) -> None:
    known = set(okhotsk.columns().column)
    two = okhotsk.compare_seabeds(coarse, coarse, operating_depth_m=450)
    assert {*two, *okhotsk.compare_depths(coarse, coarse)} <= known
    told = re.findall(r"``(\w+)``", str(summary_table.__doc__))
    assert {"rank", "driver_total"} <= set(told) <= known
