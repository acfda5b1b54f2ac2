"""The answer in short follows from claims: other shares, other figures, another sentence."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from okhotsk.assessment.claims import read_claims
from okhotsk.maps.answer import ceded_names, find_answer, in_short
from okhotsk.scenario.read import load_scenario, scenario_ids

LAND_KM2 = {
    "status-quo": 0,
    "habomai-shikotan-1956": 367,
    "three-islands": 1887,
    "half-area-2006": 2556,
    "four-islands": 5112,
}


def made(left=None):
    """Scenarios with made-up shares of today's value: of all components, or the warning's."""
    return [
        SimpleNamespace(
            scenario=load_scenario(name),
            record={"ceded_land_km2": km2},
            components={"seal": 1.0, "warning": (left or {}).get(name, 1.0)},
        )
        for name, km2 in LAND_KM2.items()
    ]


def judged(**shares):
    """A table of claims that hold in all of 100 worlds, or in some shares of them."""
    ids = [claim.claim_id for claim in read_claims() if claim.answer]
    rows = [{"claim_id": n, "holds_share": shares.get(n.replace("-", "_"), 1.0)} for n in ids]
    return pd.DataFrame(rows).assign(worlds=100)


def test_the_answer_says_what_is_kept_what_is_lost_and_how_firmly():
    table = judged(three_at_75=0.96, warning_halved=0.82)
    assert find_answer(made(), table).sentence == (
        "In this model, if Russia ceded Habomai, Shikotan and Kunashir, every component of the "
        "index would keep at least 75% of today's value (in 96 of 100 worlds); with the south of "
        "Iturup as well, less than 50% of the warning of intruders would be left by default and "
        "in 82 of 100."
    )


def test_what_holds_in_too_few_worlds_is_not_the_answer():
    said = find_answer(made(), judged(three_at_75=0.94)).sentence
    assert said.startswith("In this model, if Russia ceded Habomai and Shikotan, every component")
    assert "with Kunashir and the south of Iturup as well, less than 50% of" in said
    said = find_answer(made(), judged(three_at_75=0.5, two_at_99=0.5)).sentence
    assert said.startswith(
        "In this model, if Russia ceded Habomai, Shikotan, Kunashir and the south of"
    )
    assert "(in 100 of 100 worlds)" in said


def test_without_claims_the_figures_decide():
    left = {"three-islands": 0.8, "half-area-2006": 0.01}
    said = find_answer(made(left), None).sentence
    assert said.startswith(
        "Under these assumptions, if Russia ceded Habomai, Shikotan and Kunashir,"
    )
    assert said.endswith("less than 50% of the warning of intruders would be left.")
    assert "worlds" not in said
    said = find_answer(made(left | {"half-area-2006": 0.6}), None).sentence
    assert said.endswith("every component of the index would keep at least 75% of today's value.")
    said = find_answer(made(left | {"three-islands": 0.7}), None).sentence
    assert "Habomai and Shikotan, every component of the index would keep at least 99%" in said
    assert find_answer(made(dict.fromkeys(LAND_KM2, 0.7)), None).sentence == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("habomai-shikotan-1956", "Habomai and Shikotan"),
        ("three-islands", "Habomai, Shikotan and Kunashir"),
        ("half-area-2006", "Habomai, Shikotan, Kunashir and the south of Iturup"),
        ("four-islands", "Habomai, Shikotan, Kunashir and Iturup"),
        ("st-petersburg-1875", "Habomai to Atlasov"),
    ],
)
def test_what_is_ceded_is_named_in_few_words(name, words):
    assert ceded_names(load_scenario(name).cessions) == words


def test_islets_of_a_group_that_stays_are_named_one_by_one():
    some = load_scenario("habomai-shikotan-1956").cessions[:2]
    assert ceded_names(some) == "Tanfilyev and Storozhevoy and Rifovy"


def test_conditions_are_told_in_few_words_where_they_compare_with_today():
    known = {n: SimpleNamespace(scenario=load_scenario(n)) for n in scenario_ids()}
    short = {claim.claim_id: in_short(claim, known) for claim in read_claims()}
    assert short["warning-halved"] == "Half the area (2006): warning of intruders < 50%"
    assert short["four-longer-line"] == (
        "Four islands: seal line ≥ 105%, section boats can use ≥ 110%"
    )
    assert short["whole-chain"] == ""  # an index is no share of today's value
    assert short["demilitarised-warning"] == ""  # two scenarios
    assert all(short[claim.claim_id] for claim in read_claims() if claim.answer)
