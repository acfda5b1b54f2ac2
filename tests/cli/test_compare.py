"""Options side by side in sentences: of the user's own, several, under other assumptions."""

from __future__ import annotations

import pytest
from commands import refusal, rows

FEW = ("status-quo", "three-islands", "four-islands")


@pytest.fixture
def quick(rough, monkeypatch):
    monkeypatch.setattr("okhotsk.assessment.uncertainty.SAMPLES", 2)


def test_with_more_options_each_is_compared_with_the_first(run, quick):
    several = rows(run("compare", *FEW, "--format", "json"))
    assert list(dict.fromkeys(row["scenario_id"] for row in several)) == [*FEW[1:]]
    for name in FEW[1:]:
        alone = rows(run("compare", FEW[0], name, "--format", "json"))
        own = [row for row in several if row["scenario_id"] == name]
        assert [row["sentence"] for row in own] == [row["sentence"] for row in alone]
        assert list(alone[0]) == ["topic", "sentence"]


def test_a_cession_of_ones_own_comes_last(run, quick):
    text = run("compare", "status-quo", "--cede", "Etorofu").stdout
    assert text.startswith("From Status quo: Russia holds the whole chain\nto Ceded: Iturup\n")


def test_other_assumptions_for_all_but_the_first(run, quick):
    given = ("compare", "four-islands", "--set", "refuge_standoff_km=250")
    found = rows(run(*given, "--set-b", "refuge_standoff_km=120", "--format", "json"))
    said = [row["sentence"] for row in found if row["topic"] == "assumptions"]
    assert said == [
        "refuge_standoff_km is 250 for the first option and 120 for the second.",
        "Each index compares with today under the assumptions of its own option.",
    ]
    changed = {row["topic"] for row in found if row["sentence"] != "Nothing changes."}
    assert changed <= {"assumptions", "refuge", "index"}
    assert "refuge" in changed


def test_under_the_same_assumptions_none_are_told(run, quick):
    found = rows(run("compare", "status-quo", "four-islands", "--format", "json"))
    assert "assumptions" not in {row["topic"] for row in found}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name two options or more"),
        (["four-islands"], "name two options or more"),
        (["four-islands", "--set-b", "depth=3"], "depth"),
    ],
)
def test_what_cannot_be_compared_is_said(run, words, said):
    assert said in refusal(run("compare", *words))
