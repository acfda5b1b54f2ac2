"""docs/straits.md is what a fresh run writes, and counts what it says it counts."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pytest
from documents import DOCS, load_script

from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import read_straits

PAGE = (DOCS / "straits.md").read_text("utf-8")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


script = partial(load_script, "straits")


def rows(heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[1:]]


def test_the_page_follows_from_the_tables_and_rasters_of_today() -> None:
    """Where this fails, run docs/straits.py."""
    assert PAGE.endswith(f"\nInputs: {script().input_key()}.\n")


@pytest.mark.slow
def test_the_page_is_a_fresh_run(theatre: Theatre) -> None:
    """Word by word; a number may differ by the last digit that another machine rounds."""
    fresh = script().document(theatre)
    assert NUMBER.sub("#", fresh) == NUMBER.sub("#", PAGE)
    for new, old in zip(NUMBER.findall(fresh), NUMBER.findall(PAGE), strict=True):
        last = 10.0 ** -len(old.partition(".")[2])
        assert float(new.replace(",", "")) == pytest.approx(float(old.replace(",", "")), abs=last)


def test_every_strait_has_a_row() -> None:
    assert [cells[0] for cells in rows("Every strait")] == [s.name for s in read_straits()]


def test_every_published_value_is_compared_or_counted() -> None:
    """The counts of the list, and the rows of the table, add up to what the data hold."""
    kinds = script().KINDS
    told = [kinds.get(v["quantity"]) for strait in read_straits() for v in strait.published]
    table = rows("Against what is published")
    counted = " ".join(PAGE.split())
    for title, group in script().GROUPS.items():
        found = re.search(rf"- {title}: .*? for (\d+) of (\d+)(.*?)(?= - | \| )", counted)
        assert found
        left = re.search(r"(\d+) more are not", found[3])
        chosen = [cells for cells in table if cells[1] in group]
        assert int(found[2]) == len(chosen)
        assert int(found[1]) == sum(cells[4] == "yes" for cells in chosen)
        assert len(chosen) + int(left[1] if left else 0) == sum(kind in group for kind in told)


def row(value: float, low: float, high: float, note: str = "") -> object:
    """A published greatest depth beside a figure."""
    module = script()
    published = {"quantity": "max_depth_m", "value": value, "note": note, "source": ["S1"]}
    return module.Row(None, module.DEEPEST, published, module.Found(value, low, high))


@pytest.mark.parametrize(
    ("value", "note", "held"),
    [(500, "", True), (400, "", True), (600, "", True), (399, "", False), (601, "", False)]
    + [(300, "more than this", True), (599, "more than this", True)]
    + [(600, "more than this", False), (300, "almost this", False)],
)
def test_an_interval_holds_what_lies_in_it(value: float, note: str, held: bool) -> None:
    assert row(value, 400, 600, note).holds is held  # type: ignore[attr-defined]


def test_no_unresolved_strait_is_compared(theatre: Theatre) -> None:
    known = {t.strait.name.split(" (")[0] for t in theatre.throats if t.resolved}
    names = {cells[0].removesuffix(" with Lovushek") for cells in rows("Against what is published")}
    assert names
    assert names <= known


def test_a_depth_near_a_throat_is_at_least_the_one_under_it(theatre: Theatre) -> None:
    for throat in theatre.throats:
        near_m = script().near_m(throat, theatre)
        assert near_m >= throat.depth_m.max() - 1e-6
        assert near_m <= np.nanmax(theatre.seabed.depth_m)
