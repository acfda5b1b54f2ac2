"""What the README states is what the package computes, and its findings are claims."""

from __future__ import annotations

import re
from functools import cache, partial

import pytest
from documents import DOCS, load_script

import okhotsk
from okhotsk.api import Assessment
from okhotsk.assessment import index, statements, verdicts
from okhotsk.assessment.claims import Claim, claimed_scenarios, read_claims
from okhotsk.assessment.verdicts import at_defaults
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.read import scenario_ids
from okhotsk.theatre.coast import surveys
from okhotsk.theatre.ensemble import read_errors
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import read_straits

README = DOCS.parent / "README.md"


findings = partial(load_script, "findings")


@cache
def told() -> dict[str, tuple[str, float]]:
    """Sentence and share of worlds of each claim in docs/claims.md, by id."""
    rows = re.findall(
        r"^\| (.+) `([a-z0-9-]+)` \| (\d+) of (\d+) \|",
        (DOCS / "claims.md").read_text("utf-8"),
        re.M,
    )
    return {name: (sentence, int(held) / int(worlds)) for sentence, name, held, worlds in rows}


def marked(name: str) -> str:
    """A marked block of the README."""
    text = README.read_text("utf-8")
    return text.split(f"<!-- {name} -->\n")[1].split(f"\n<!-- end of {name} -->")[0]


def matches(template: str, sentence: str) -> bool:
    """Whether a sentence is a template with its figures filled in."""
    pattern = re.sub(r"\\\{[a-z-]+\\\}", r"[\\d.,%]+", re.escape(template))
    return re.fullmatch(pattern, sentence) is not None


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_rows_of_options_are_computed(results: list[Assessment], number: int) -> None:
    """Up to the interval, which rests on more samples than tests take."""
    row = findings().option_row(results[number])
    assert row.rsplit(" (", 1)[0] in marked("options")
    assert row.endswith(f"| {results[number].index_without_sensors:.0f} |")


def test_every_option_has_a_row() -> None:
    assert all(f"(`{name}`) |" in marked("options") for name in scenario_ids())


def test_the_documents_follow_from_the_tables_of_today() -> None:
    """Where this fails, run docs/findings.py."""
    assert f"Inputs: {findings().input_key()}." in (DOCS / "claims.md").read_text("utf-8")


def test_every_claim_is_told_once() -> None:
    assert list(told()) == [claim.claim_id for claim in read_claims()]


def ends(name: str) -> list[float]:
    """The sensor ranges (km) with which a finding ends, from docs/claims.md."""
    (row,) = [
        line
        for line in (DOCS / "claims.md").read_text("utf-8").splitlines()
        if f" `{name}` |" in line
    ]
    return sorted(map(float, re.findall(r"sensor range ([\d.]+) km", row)))


@pytest.mark.parametrize(
    "claim",
    [c for c in read_claims() if "see a boat" in c.sentence_if],
    ids=lambda claim: claim.claim_id,
)
def test_an_if_about_the_range_names_the_ranges_that_end_it(claim: Claim) -> None:
    condition = re.search(r"see a boat (.*?) km", claim.sentence_if)
    assert condition
    named = sorted(map(float, re.findall(r"\d+", condition[1])))
    assert named == pytest.approx(ends(claim.claim_id), rel=0.05)


def test_the_certainty_of_the_readme_is_made_of_the_options() -> None:
    below = [
        row for row in marked("options").splitlines()[2:] if float(row.split(" | ")[-2][:3]) < 99
    ]
    assert f"for the {len(below)} options whose index is below 99" in marked("certainty")


@pytest.mark.parametrize("claim", read_claims(), ids=lambda claim: claim.claim_id)
def test_a_finding_carries_its_if_unless_it_is_firm(claim: Claim) -> None:
    sentence, share = told()[claim.claim_id]
    assert matches(claim.sentence if share >= verdicts.FIRM else claim.sentence_if, sentence)
    if share < verdicts.FIRM:
        assert " if " in f" {claim.sentence_if.lower()}"


def test_the_readme_states_no_finding_that_is_no_claim() -> None:
    stated = [line for name in ("answer", "findings") for line in marked(name).splitlines()]
    sentences = [line.removeprefix("- ").rsplit(" (", 1)[0] for line in stated]
    assert sorted(sentences) == sorted(sentence for sentence, _ in told().values())
    assert marked("answer").count("\n") + 1 == sum(c.answer for c in read_claims())


@pytest.fixture(scope="module")
def claimed(theatre: Theatre) -> list[Assessment]:
    """The options that claims speak of, on the real theatre."""
    return okhotsk.assess_all(theatre, claimed_scenarios())


@pytest.mark.parametrize("claim", read_claims(), ids=lambda claim: claim.claim_id)
def test_a_finding_holds_by_default_with_the_figures_told(
    claimed: list[Assessment], claim: Claim
) -> None:
    holds, values = at_defaults(claim, {r.scenario.scenario_id: r for r in claimed})
    assert holds
    sentence, share = told()[claim.claim_id]
    template = claim.sentence if share >= verdicts.FIRM else claim.sentence_if
    assert template.format(**values) == sentence


def test_the_documents_state_figures_of_the_tables(claimed: list[Assessment]) -> None:
    by_id = {result.scenario.scenario_id: result for result in claimed}
    told = (DOCS / "not-modelled.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| \w+ \| ([\d.]+) \| [\d.]+ \|$", told, re.M)
    assert len(rows) == 5
    for name, exposure in rows:
        assert exposure == f"{by_id[name].record['intruder_exposure']:.3f}", name
    assert f"falls from {by_id['status-quo'].record['barrier_km']:.0f} to" in told
    method = " ".join((DOCS / "method.md").read_text("utf-8").split())
    pairs = re.findall(r"(\d+) against (\d+) for `([a-z0-9-]+)`", method)
    assert len(pairs) == 3
    for without, index_, name in pairs:
        assert without == f"{by_id[name].index_without_sensors:.0f}", name
        assert index_ == f"{by_id[name].record['index']:.0f}", name


def prose() -> str:
    """The words of the README on the figures, outside the marked blocks and above the commands."""
    text = README.read_text("utf-8").split("## Two commands")[0]
    for name in ("answer", "frontier", "options", "findings"):
        text = text.replace(marked(name), "")
    return " ".join(text.split())


def test_what_is_said_everywhere_is_said_in_the_readme(results: list[Assessment]) -> None:
    words = " ".join(README.read_text("utf-8").replace("\n  ", " ").split())
    sealed = statements.unsealed(results)
    assert sealed
    for statement in (sealed, statements.kept_note(), statements.NO_TITLE):
        assert statement in words


def test_every_number_in_the_words_is_in_a_table(claimed: list[Assessment]) -> None:
    """Assumptions, surveys, the sill of La Perouse and what is published of it, counts, years."""
    assumed = Assumptions()
    (today, *_) = claimed
    perouse = today.straits.set_index("strait_id").loc["la-perouse"]
    published = next(s for s in read_straits() if s.strait_id == "la-perouse").published
    known = {
        f"{value:g}"
        for value in (
            assumed.transit_depth_m,
            assumed.patrol_depth_m,
            assumed.refuge_standoff_km,
            assumed.sensor_range_km,
            assumed.operating_depth_m,
            round(perouse.sill_depth_m),
            *(one["value"] for one in published),
            *index.PERCENTILES,
            read_errors().members,
        )
    }
    known |= {f"{survey.km2:,.0f}" for survey in surveys().values()}
    known |= {f"{survey.year}" for survey in surveys().values()}
    known |= set(re.findall(r"\d+", statements.kept_note()))
    years = {"1956", "1969", "1951"}  # docs/history.md
    found = set(re.findall(r"(?<![\w.])\d[\d,]*\d|(?<![\w.])\d(?![\w.])", prose()))
    assert found - known - years == set()
