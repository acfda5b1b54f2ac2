"""How firmly findings hold: their conditions, evaluated in every world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.claims import COMPARE, SHOWN, Claim, Term, read_claims
from okhotsk.assessment.record import Result
from okhotsk.assessment.seabeds import SeabedSampler
from okhotsk.assessment.uncertainty import Sampler, sampled_columns
from okhotsk.assessment.worlds import FLOOR, World, Worlds, world_figures
from okhotsk.cache import kept_at, recall
from okhotsk.datasets import data_digest, data_folder, sha256
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.scenario.assumptions import Assumptions, has_choices, in_words, unit_of
from okhotsk.scenario.model import TODAY

FIRM = 0.95  # a finding that holds in a smaller share of worlds is stated with its "if"
COLUMNS = ("claim_id", "sentence", "holds_share", "worlds", "flips_at")
BISECTIONS = 10  # three digits are told: to a thousandth of the range
TOGETHER = "joint changes only"


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
        other scenarios are left out: :func:`okhotsk.assessment.claims.claimed_scenarios` says
        which are enough for all.
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
        and every seabed of the ensemble; ``flips_at``, which single change ends it, and from where.
    """
    known = {result.scenario.scenario_id: result for result in results}
    first = next(iter(known.values()))
    sampler = Sampler(first.theatre, workers=workers)
    samples = uncertainty.SAMPLES if count is None else count
    worlds = Worlds(sampler, SeabedSampler(first.theatre, workers=workers), samples)
    given = (sampler.cells, data_digest(), sha256(data_folder() / "claims.toml"), sorted(known))
    path = kept_at("claims", __name__, first.theatre.key, str(given), samples)

    def find() -> dict[str, np.ndarray[Any, Any]]:
        judged = _Judge(known, worlds, progress).table()
        return {name: np.array(judged[name].tolist()) for name in COLUMNS}

    found = recall(path, find, names=COLUMNS)
    return pd.DataFrame({name: found[name].tolist() for name in COLUMNS})


def answers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of :func:`claims_table` that are the answer in short."""
    chosen = [claim.claim_id for claim in read_claims() if claim.answer]
    return table[table.claim_id.isin(chosen)]


def coast_claims() -> set[str]:
    """Return the ids of the findings that no world can change: they follow from the coast."""
    return {c.claim_id for c in read_claims() if all(one.term.strait for one in c.conditions)}


def firmness(row: Mapping[str, Any]) -> str:
    """Return in how many worlds a finding holds, and what ends it, in words.

    Examples
    --------
    >>> firmness({"holds_share": 0.75, "worlds": 4, "flips_at": "sensor range 222 km and more"})
    'holds in 3 of 4 worlds; ends with sensor range 222 km and more'
    >>> firmness({"holds_share": 1.0, "worlds": 4, "flips_at": ""})
    'holds in all 4 worlds'
    """
    claim = next((c for c in read_claims() if c.claim_id == row.get("claim_id")), None)
    if claim and claim.claim_id in coast_claims():
        return "follows from the coast and the 12-mile limit alone"
    worlds, held = int(row["worlds"]), round(row["holds_share"] * row["worlds"])
    if held == worlds:
        defined = ", since it follows from the definitions" if claim and claim.by_definition else ""
        return f"holds in all {worlds} worlds{defined}"
    words = f"holds in {held} of {worlds} worlds"
    if claim and claim.conditional and row["holds_share"] < FIRM:
        words = f"without its “if” it {words}"
    if row["flips_at"] == TOGETHER:
        return f"{words}; no single change tried ends it"
    return f"{words}; ends with {row['flips_at']}"


def at_defaults(claim: Claim, results: Mapping[str, Result]) -> tuple[bool, dict[str, str]]:
    """Return whether a claim holds under the defaults, and its figures as they are written.

    ``results`` are those of its scenarios and of the status quo, by id.
    """
    today, floors = results[TODAY].record, np.array([index.read_recipe().floor])
    columns, figures = sampled_columns(), {}
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
        self.claims = [one for one in read_claims() if one.scenarios <= set(results)]
        names = sorted({TODAY}.union(*(claim.scenarios for claim in self.claims)))
        worlds.seabeds.rows([results[name].scenario for name in names])  # together: one ensemble
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
            if world.assumption and not still:
                found.append(self._limit(claim, world))
        beds = [still for world, still in zip(worlds, held, strict=True) if world.seabed]
        if not all(beds):
            found.append(f"{beds.count(False)} of {len(beds)} seabeds")
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
