"""The answer in short: what can be ceded, and what the next step costs, from claims that hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from okhotsk.assessment.claims import COMPARE, Claim, Condition, read_claims
from okhotsk.assessment.index import read_recipe
from okhotsk.assessment.record import Result
from okhotsk.assessment.verdicts import FIRM
from okhotsk.scenario.model import TODAY, Cession
from okhotsk.theatre.coast import groups, read_islands

LEAST, OF_INDEX = "least_component", "component:"
MOST_NAMES = 4  # more names than these are told as "the first to the last"
SIGNS: Mapping[str, str] = MappingProxyType(
    {"above": ">", "at_least": "≥", "below": "<", "at_most": "≤"}
)
# What figures are called where there is little room; components have their own titles.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        LEAST: "every component",
        "exits_russian": "Russian deep exits",
        "barrier_km": "seal line",
        "operating_area_km2": "section boats can use",
        "refuge_share": "refuge",
    }
)


@dataclass(frozen=True)
class Verdict:
    """One claim of the answer, its first condition, and in how many worlds it holds.

    ``held`` and ``worlds`` are 0 where it was evaluated under some other assumptions alone.
    """

    result: Result
    condition: Condition
    held: int = 0
    worlds: int = 0


@dataclass(frozen=True)
class Answer:
    """The answer to how much can be ceded.

    Attributes
    ----------
    kept
        The largest cession of which a claim says that every component is kept.
    lost
        The least cession beyond it of which a claim says that a component is lost.
    """

    kept: Verdict | None
    lost: Verdict | None

    @property
    def sentence(self) -> str:
        """The answer as a sentence; empty where no claim gives one."""
        kept, lost = self.kept, self.lost
        if not kept and not lost:
            return ""
        told = [_kept(kept)] if kept else []
        told += [_lost(lost, kept)] if lost else []
        text = "; ".join(told)
        if not any(verdict.worlds for verdict in (kept, lost) if verdict):
            return f"Under these assumptions, {text}."
        return f"In this model, {text}."


def find_answer(results: Sequence[Result], claims: pd.DataFrame | None) -> Answer:
    """Return the answer that some results give.

    Parameters
    ----------
    results
        The scenarios.
    claims
        From :func:`okhotsk.assessment.verdicts.claims_table`. Without it the conditions are
        evaluated on the results alone, whatever their assumptions.
    """
    known = {result.scenario.scenario_id: result for result in results}
    found = [
        verdict
        for claim in read_claims()
        if claim.answer and claim.scenarios <= set(known)
        for verdict in _judge(claim, known, claims)
    ]
    kept = [v for v in found if v.condition.term.figure == LEAST]
    most = max(kept, key=_size, default=None)
    beyond = set() if most is None else _ceded(most.result)
    lost = [
        v
        for v in found
        if v.condition.term.figure.startswith(OF_INDEX) and beyond < _ceded(v.result)
    ]
    return Answer(most, min(lost, key=_size, default=None))


def _judge(
    claim: Claim, known: Mapping[str, Result], claims: pd.DataFrame | None
) -> Iterable[Verdict]:
    """The claim as a verdict, where it holds: of what is kept, only in FIRM of the worlds."""
    first = claim.conditions[0]
    result = known[first.term.scenario]
    if claims is None:
        if first.term.figure == LEAST or first.term.figure.startswith(OF_INDEX):
            value: Any = _component(first.term.figure, result)
            if COMPARE[first.relation](value, first.limit):
                yield Verdict(result, first)
        return
    rows: list[Any] = claims[claims.claim_id == claim.claim_id].to_dict("records")
    for row in rows:
        if row["holds_share"] >= FIRM or first.term.figure != LEAST:
            held = round(row["holds_share"] * row["worlds"])
            yield Verdict(result, first, held, row["worlds"])


def _component(figure: str, result: Result) -> float:
    if figure == LEAST:
        return min(result.components.values())
    return result.components[figure.removeprefix(OF_INDEX)]


def _size(verdict: Verdict) -> float:
    return float(verdict.result.record["ceded_land_km2"])


def _ceded(result: Result) -> set[tuple[str, str | None]]:
    return {(cession.unit, cession.rule) for cession in result.scenario.cessions}


def _worlds(verdict: Verdict, noun: str) -> str:
    return f" (in {verdict.held} of {verdict.worlds}{noun})" if verdict.worlds else ""


def _kept(verdict: Verdict) -> str:
    return (
        f"if Russia ceded {ceded_names(verdict.result.scenario.cessions)}, every component of the "
        f"index would keep at least {verdict.condition.limit:.0%} of today's value"
        f"{_worlds(verdict, ' worlds')}"
    )


def _lost(verdict: Verdict, kept: Verdict | None) -> str:
    before = set() if kept is None else _ceded(kept.result)
    more = [c for c in verdict.result.scenario.cessions if (c.unit, c.rule) not in before]
    part = verdict.condition.term.figure.removeprefix(OF_INDEX)
    (title,) = (c.title for c in read_recipe().components if c.component_id == part)
    # A claim that holds in fewer worlds has an "if"; here there is no room for more than this.
    noun = "" if kept and kept.worlds else " worlds"
    held = _worlds(verdict, noun)
    if verdict.worlds and verdict.held < FIRM * verdict.worlds:
        held = f" by default and in {verdict.held} of {verdict.worlds}{noun}"
    name = f"{title[0].lower()}{title[1:]}"
    more_land = (
        f"with {ceded_names(more)} as well" if kept else f"if Russia ceded {ceded_names(more)}"
    )
    return f"{more_land}, less than {verdict.condition.limit:.0%} of the {name} would be left{held}"


def ceded_names(cessions: Iterable[Cession]) -> str:
    """Return what is ceded in words: groups that are ceded whole, islands, parts of islands.

    Examples
    --------
    >>> ceded_names([Cession(unit="kunashir", forces="JP"), Cession(unit="iturup", forces="JP")])
    'Kunashir and Iturup'
    """
    given, islands, names = list(cessions), read_islands(), dict[str, None]()
    whole = {cession.unit for cession in given if not cession.rule}
    for cession in given:
        unit = islands.get(cession.unit)
        group = unit.group if unit else ""
        name = unit.name.split(" (")[0] if unit else cession.unit.title()
        if group == "habomai" and whole >= set(groups()[group]):
            name = group.title()
        names[f"the {cession.side} of {name}" if cession.rule else name] = None
    told = list(names)
    if len(told) > MOST_NAMES:
        return f"{told[0]} to {told[-1]}"
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def short_title(result: Result) -> str:
    """Return the short title of a scenario, or its title where it has none."""
    return result.scenario.short or result.scenario.title


def in_short(claim: Claim, results: Mapping[str, Result]) -> str:
    """Return the conditions of a claim in few words; empty where it is not about today's values."""
    terms = [condition.term for condition in claim.conditions]
    names = [_name(term.figure) for term in terms]
    against = [
        term.of == TODAY or term.figure == LEAST or term.figure.startswith(OF_INDEX)
        for term in terms
    ]
    scenarios = {term.scenario for term in terms}
    if not all(names) or not all(against) or len(scenarios) > 1:
        return ""
    told = ", ".join(
        f"{name} {SIGNS[one.relation]} {100 * one.limit:g}%"
        for name, one in zip(names, claim.conditions, strict=True)
    )
    return f"{short_title(results[scenarios.pop()])}: {told}"


def _name(figure: str) -> str:
    titles = {f"{OF_INDEX}{c.component_id}": c.title for c in read_recipe().components}
    name = titles.get(figure) or NAMES.get(figure, "")
    return name[:1].lower() + name[1:] if figure in titles else name
