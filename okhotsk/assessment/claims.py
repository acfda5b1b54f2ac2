"""Claims: the findings in sentences, and the conditions under which each is true."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from okhotsk.assessment.uncertainty import sampled_columns
from okhotsk.assessment.worlds import component_names
from okhotsk.datasets import ID, read_table
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.scenario.model import TODAY
from okhotsk.scenario.read import scenario_ids
from okhotsk.schema import FLAG, NUMBER, TABLES, Key, Rule, Schema
from okhotsk.theatre.straits import read_straits

SCENARIO_FIGURES = ("index", "index_without_sensors", "least_component")
STRAIT_FIGURES = ("corridor_km", "width_km")  # these follow from the coast alone
BY_DEFAULT = "Under our default assumptions"  # the "if" of a finding that has no other
COMPARE: Mapping[str, Callable[[FloatArray, float], BoolArray]] = {
    "above": np.greater,
    "at_least": lambda values, limit: values >= limit - 1e-9 * abs(limit),
    "below": np.less,
    "at_most": lambda values, limit: values <= limit + 1e-9 * abs(limit),
}
SHOWN: Mapping[str, Callable[[float], str]] = {
    "whole": lambda value: f"{value:,.0f}",
    "tenth": lambda value: f"{value:,.1f}",
    "hundredth": lambda value: f"{value:.2f}",
    "percent": lambda value: f"{value:.0%}",
    "more": lambda value: f"{value - 1:.0%}",
    "less": lambda value: f"{1 - value:.0%}",
}


@dataclass(frozen=True)
class Term:
    """A figure of a scenario, or of a strait; over that of another scenario where one is named."""

    scenario: str
    figure: str
    strait: str | None = None
    of: str | None = None


@dataclass(frozen=True)
class Condition:
    """What must be true of a figure: how it compares with a limit."""

    term: Term
    relation: str
    limit: float


@dataclass(frozen=True)
class Claim:
    """A finding.

    Attributes
    ----------
    claim_id
        Its id.
    sentence, sentence_if
        What is said where it is firm, and with its condition where it is not; figures stand in
        braces by the names of ``values``.
    conditions
        All must be true where the claim holds.
    values
        Terms by name, and how each is written.
    answer
        Whether it is part of the answer in short.
    by_definition
        Whether it follows from the definitions of the model, so that no world can end it.
    """

    claim_id: str
    sentence: str
    sentence_if: str
    conditions: tuple[Condition, ...]
    values: Mapping[str, tuple[Term, str]]
    answer: bool = False
    by_definition: bool = False

    @property
    def conditional(self) -> bool:
        """Whether its "if" names a condition other than that of the default assumptions."""
        return self.sentence_if != self.sentence and not self.sentence_if.startswith(BY_DEFAULT)

    @property
    def scenarios(self) -> set[str]:
        """The scenarios that it speaks of."""
        terms = [c.term for c in self.conditions] + [term for term, _ in self.values.values()]
        return {name for term in terms for name in (term.scenario, term.of) if name}


@cache
def read_claims() -> tuple[Claim, ...]:
    """Read and check the findings.

    Raises
    ------
    DataError
        Naming all problems of the file at once.
    """
    data = read_table("claims.toml", claims_schema())
    return tuple(map(_claim, data["claim"]))


@cache
def claims_schema() -> Schema:
    """Return what ``claims.toml`` may hold."""
    strait = Key(choices=tuple(s.strait_id for s in read_straits()))
    scenario = Key(choices=tuple(scenario_ids()))
    term = {
        "scenario": scenario,
        "figure": Key(choices=(*_world_figures(), *STRAIT_FIGURES)),
        "strait": Key(choices=strait.choices, required=False),
        "of": Key(choices=scenario.choices, required=False),
    }
    limits = {name: Key(NUMBER, required=False) for name in COMPARE}
    value = {"name": ID, "show": Key(choices=tuple(SHOWN)), **term}
    placed = (_PLACE,)
    claim = {
        "id": ID,
        "answer": Key(FLAG, required=False),
        "by_definition": Key(FLAG, required=False),
        "sentence": Key(),
        "sentence_if": Key(required=False),
        "holds": Key(TABLES, table=Schema({**term, **limits}, rules=(_ONE_LIMIT, *placed))),
        "value": Key(TABLES, required=False, table=Schema(value, label="name", rules=placed)),
    }
    return Schema({"claim": Key(TABLES, table=Schema(claim, label="id", rules=(_NAMES,)))})


def _one_limit(record: Mapping[str, Any]) -> list[str]:
    given = [name for name in COMPARE if name in record]
    if len(given) == 1:
        return []
    return [f"has {len(given)} limits, expected one of {', '.join(COMPARE)}"]


_ONE_LIMIT = Rule(("figure",), _one_limit)


def _place(record: Mapping[str, Any]) -> list[str]:
    figure, expected = record["figure"], " or ".join(STRAIT_FIGURES)
    if (figure in STRAIT_FIGURES) != ("strait" in record):
        return [f"figure is {figure!r}, expected {expected} with a strait, another without one"]
    if "strait" in record and "of" in record:
        return ["has 'strait' and 'of', expected one of them"]
    return []


_PLACE = Rule(("figure", "strait", "of"), _place)


def _names(record: Mapping[str, Any]) -> list[str]:
    known = {one["name"] for one in record.get("value", ())}
    texts = (record["sentence"], record.get("sentence_if", ""))
    braces = [brace for text in texts for brace in re.findall(r"{[^{}]*}|[{}]", text)]
    wrong = sorted({brace for brace in braces if brace[1:-1] not in known})
    return [f"a sentence holds {', '.join(wrong)}, expected names of its values"] if wrong else []


_NAMES = Rule(("sentence", "sentence_if", "value"), _names)


def _world_figures() -> tuple[str, ...]:
    return (*sampled_columns(), *component_names(), *SCENARIO_FIGURES)


def _claim(record: Mapping[str, Any]) -> Claim:
    conditions = []
    for one in record["holds"]:
        relation = next(name for name in COMPARE if name in one)
        conditions.append(Condition(_term(one), relation, float(one[relation])))
    return Claim(
        claim_id=record["id"],
        sentence=record["sentence"],
        sentence_if=record.get("sentence_if", record["sentence"]),
        conditions=tuple(conditions),
        answer=record.get("answer", False),
        by_definition=record.get("by_definition", False),
        values={one["name"]: (_term(one), one["show"]) for one in record.get("value", ())},
    )


def _term(record: Mapping[str, Any]) -> Term:
    return Term(record["scenario"], record["figure"], record.get("strait"), record.get("of"))


def claimed_scenarios() -> list[str]:
    """Return the scenarios that the findings speak of, the status quo among them."""
    named = {name for claim in read_claims() for name in claim.scenarios} | {TODAY}
    return [name for name in scenario_ids() if name in named]
