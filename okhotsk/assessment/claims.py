"""Claims: the findings in sentences, and in which share of worlds each of them holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.record import Result
from okhotsk.assessment.uncertainty import EXITS, Sampler
from okhotsk.assessment.worlds import FLOOR, SeabedChange, World, Worlds, world_figures
from okhotsk.cache import kept_at, recall
from okhotsk.datasets import ID, data_digest, data_folder, read_table, sha256
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.scenario.assumptions import Assumptions, has_choices, in_words, unit_of
from okhotsk.scenario.model import TODAY
from okhotsk.scenario.read import scenario_ids
from okhotsk.schema import FLAG, NUMBER, TABLES, Key, Rule, Schema
from okhotsk.theatre.straits import read_straits

FIRM = 0.95  # a finding that holds in a smaller share of worlds is stated with its "if"
COLUMNS = ("claim_id", "sentence", "holds_share", "worlds", "flips_at")
SCENARIO_FIGURES = ("index", "index_without_sensors", "least_component")
STRAIT_FIGURES = ("corridor_km", "width_km")  # these follow from the coast alone
BISECTIONS = 10  # three digits are told: to a thousandth of the range
TOGETHER = "joint changes only"
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
    """

    claim_id: str
    sentence: str
    sentence_if: str
    conditions: tuple[Condition, ...]
    values: Mapping[str, tuple[Term, str]]
    answer: bool = False

    @property
    def scenarios(self) -> set[str]:
        """The scenarios that it speaks of."""
        terms = [c.term for c in self.conditions] + [term for term, _ in self.values.values()]
        return {name for term in terms for name in (term.scenario, term.of) if name}


@dataclass(frozen=True)
class ClaimFile:
    """The findings, and the seabeds that stand for what is not known of the depths."""

    claims: tuple[Claim, ...]
    changes: tuple[SeabedChange, ...]


@cache
def read_claims() -> ClaimFile:
    """Read and check the findings.

    Raises
    ------
    DataError
        Naming all problems of the file at once.
    """
    data = read_table("claims.toml", claims_schema())
    return ClaimFile(
        claims=tuple(map(_claim, data["claim"])),
        changes=tuple(
            SeabedChange(one["title"], one["strait"], float(one["factor"]))
            for one in data["seabed"]
        ),
    )


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
        "sentence": Key(),
        "sentence_if": Key(required=False),
        "holds": Key(TABLES, table=Schema({**term, **limits}, rules=(_ONE_LIMIT, *placed))),
        "value": Key(TABLES, required=False, table=Schema(value, label="name", rules=placed)),
    }
    seabed = {
        "title": Key(),
        "strait": strait,
        "factor": Key(NUMBER, low=0.1, high=10),
        "why": Key(),
    }
    return Schema(
        {
            "claim": Key(TABLES, table=Schema(claim, label="id", rules=(_NAMES,))),
            "seabed": Key(TABLES, table=Schema(seabed, label="title")),
        }
    )


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
    recipe = index.read_recipe()
    columns = tuple(component.column for component in recipe.components)
    ids = tuple(f"component:{component.component_id}" for component in recipe.components)
    return (*columns, *EXITS, *ids, *SCENARIO_FIGURES)


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
        values={one["name"]: (_term(one), one["show"]) for one in record.get("value", ())},
    )


def _term(record: Mapping[str, Any]) -> Term:
    return Term(record["scenario"], record["figure"], record.get("strait"), record.get("of"))


def claimed_scenarios() -> list[str]:
    """Return the scenarios that the findings speak of, the status quo among them."""
    named = {name for claim in read_claims().claims for name in claim.scenarios} | {TODAY}
    return [name for name in scenario_ids() if name in named]


def claims_table(
    results: Iterable[Result],
    *,
    count: int | None = None,
    workers: int = 2,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> pd.DataFrame:
    """Return the findings and how firmly each of them holds.

    Parameters
    ----------
    results
        Results under the default assumptions, the status quo among them. Findings that speak of
        other scenarios are left out; :func:`claimed_scenarios` are enough for all.
    count
        Size of the joint sample of the assumptions
        (:data:`okhotsk.assessment.uncertainty.SAMPLES` by default).
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with a stage, how much of it is done, and how much there is.

    Returns
    -------
    pandas.DataFrame
        Columns ``claim_id``; ``sentence``, with its "if" where it holds in fewer than 95 of 100
        worlds; ``holds_share``, the share of worlds in which it holds; ``worlds``, how many there
        are: the defaults, each assumption alone at both ends of its range, a joint sample of all,
        and each change of the seabed; ``flips_at``, which single change ends it, and from where.
    """
    known = {result.scenario.scenario_id: result for result in results}
    first = next(iter(known.values()))
    sampler = Sampler(first.theatre, workers=workers)
    samples = uncertainty.SAMPLES if count is None else count
    worlds = Worlds(sampler, read_claims().changes, samples)
    given = (sampler.cells, data_digest(), sha256(data_folder() / "claims.toml"), sorted(known))
    path = kept_at("claims", __name__, first.theatre.key, str(given), samples)

    def find() -> dict[str, np.ndarray[Any, Any]]:
        judged = _Judge(known, worlds, progress).table()
        return {name: np.array(judged[name].tolist()) for name in COLUMNS}

    found = recall(path, find, names=COLUMNS)
    return pd.DataFrame({name: found[name].tolist() for name in COLUMNS})


def answers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of :func:`claims_table` that are the answer in short."""
    chosen = [claim.claim_id for claim in read_claims().claims if claim.answer]
    return table[table.claim_id.isin(chosen)]


def firmness(row: Mapping[str, Any]) -> str:
    """Return in how many worlds a finding holds, and what ends it, in words.

    Examples
    --------
    >>> firmness({"holds_share": 0.75, "worlds": 4, "flips_at": "sensor range 222 km and more"})
    'holds in 3 of 4 worlds; ends with sensor range 222 km and more'
    >>> firmness({"holds_share": 1.0, "worlds": 4, "flips_at": ""})
    'holds in all 4 worlds'
    """
    worlds, held = int(row["worlds"]), round(row["holds_share"] * row["worlds"])
    if held == worlds:
        return f"holds in all {worlds} worlds"
    words = f"holds in {held} of {worlds} worlds"
    if row["flips_at"] == TOGETHER:
        return f"{words}; no single change ends it"
    return f"{words}; ends with {row['flips_at']}"


def at_defaults(claim: Claim, results: Mapping[str, Result]) -> tuple[bool, dict[str, str]]:
    """Return whether a claim holds under the defaults, and its figures as they are written.

    ``results`` are those of its scenarios and of the status quo, by id.
    """
    today, floors = results[TODAY].record, np.array([index.read_recipe().floor])
    columns = [*(c.column for c in index.read_recipe().components), *EXITS]
    figures = {}
    for name, result in results.items():
        rows, base = ([{c: float(one[c]) for c in columns}] for one in (result.record, today))
        figures[name] = world_figures(rows, base, result.record, today, floors=floors)
    return bool(_holds(claim, figures, results)[0]), _written(claim, figures, results)


Figures = Mapping[str, Mapping[str, FloatArray]]


def _holds(claim: Claim, figures: Figures, results: Mapping[str, Result]) -> BoolArray:
    """In which worlds a claim holds."""
    each = [
        COMPARE[one.relation](_value(one.term, figures, results), one.limit)
        for one in claim.conditions
    ]
    return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*each)))


def _written(claim: Claim, figures: Figures, results: Mapping[str, Result]) -> dict[str, str]:
    """The figures of a claim in the first world, as they are written."""
    return {
        name: SHOWN[show](float(_value(term, figures, results)[0]))
        for name, (term, show) in claim.values.items()
    }


def _value(term: Term, figures: Figures, results: Mapping[str, Result]) -> FloatArray:
    """A term in every world."""
    if term.strait:
        straits = results[term.scenario].straits.set_index("strait_id")
        size = len(figures[TODAY]["index"])
        return np.full(size, float(straits.loc[term.strait, term.figure]))
    value = figures[term.scenario][term.figure]
    return value / figures[term.of][term.figure] if term.of else value


class _Judge:
    """Evaluates conditions in every world."""

    def __init__(
        self,
        results: Mapping[str, Result],
        worlds: Worlds,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self.results, self.worlds = results, worlds
        self.today = results[TODAY].record
        self.claims = [one for one in read_claims().claims if one.scenarios <= set(results)]
        names = sorted({TODAY}.union(*(claim.scenarios for claim in self.claims)))
        self.figures = {}
        for n, name in enumerate(names):
            progress("worlds", n, len(names))
            result = results[name]
            self.figures[name] = worlds.figures(result.scenario, result.record, self.today)
        progress("worlds", len(names), len(names))

    def table(self) -> pd.DataFrame:
        rows = [self._row(claim) for claim in self.claims]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _row(self, claim: Claim) -> tuple[str, str, float, int, str]:
        held, worlds = _holds(claim, self.figures, self.results), self.worlds.worlds
        share = float(held.mean())
        values = _written(claim, self.figures, self.results)
        sentence = claim.sentence if share >= FIRM else claim.sentence_if
        flips = self._flips(claim, held, worlds)
        return claim.claim_id, sentence.format(**values), share, len(worlds), flips

    def _flips(self, claim: Claim, held: BoolArray, worlds: Sequence[World]) -> str:
        """Which single changes end a claim, and from where; empty where none does."""
        if not held[0]:
            return "defaults"
        found = []
        for world, still in zip(worlds, held, strict=True):
            if still or world.name.startswith("sample "):
                continue
            found.append(self._limit(claim, world) if world.assumption else world.name)
        return "; ".join(found) if found or held.all() else TOGETHER

    def _limit(self, claim: Claim, world: World) -> str:
        """From which value of an assumption on a claim fails, between the default and an end."""
        name, recipe = world.assumption, index.read_recipe()
        good = recipe.floor if name == FLOOR else float(getattr(Assumptions(), name))
        bad, choices = world.value, name != FLOOR and has_choices(name)
        for _ in range(0 if choices else BISECTIONS):
            middle = (good + bad) / 2
            if self._holds_at(claim, name, middle):
                good = middle
            else:
                bad = middle
        side = "" if choices else (" and more" if world.value > good else " and less")
        unit = unit_of(name) if name != FLOOR else ""
        return f"{in_words(name)} {bad:.3g}{f' {unit}' if unit else ''}{side}"

    def _holds_at(self, claim: Claim, name: str, value: float) -> bool:
        figures = {
            scenario: self.worlds.at(
                self.results[scenario].scenario,
                self.results[scenario].record,
                self.today,
                assumption=name,
                value=value,
            )
            for scenario in claim.scenarios | {TODAY}
        }
        return bool(_holds(claim, figures, self.results)[1])
