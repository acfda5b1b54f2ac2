"""Findings in sentences, made of figures: singular and plural right, nothing without a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.assessment import intervals
from okhotsk.assessment.claims import read_claims
from okhotsk.assessment.compare import compare
from okhotsk.assessment.record import Result
from okhotsk.assessment.verdicts import answers, firmness
from okhotsk.report.captions import INTERVAL
from okhotsk.report.comparison import REGIMES, join_names, summarise_changes
from okhotsk.scenario.island_sets import Block
from okhotsk.tables import records
from okhotsk.theatre.coast import Survey, surveys

THRESHOLDS = (99, 90, 75, 50)
NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
# From here on a figure of 100 is written as 100.0.
WHOLE = 99.95


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``no exits``, ``one exit``, ``13 exits``."""
    words = NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"
    return f"{words} {one if number == 1 else many or one + 's'}"


def capital(words: str) -> str:
    """With a capital first letter."""
    return words[:1].upper() + words[1:]


def answer(steps: pd.DataFrame, blocks: Sequence[Block] = ()) -> list[str]:
    """What can go up the chain from the south, by how much of the index it keeps.

    Parameters
    ----------
    steps, blocks
        Those of :class:`okhotsk.sweep.frontier.Frontier`; the blocks say which steps a survey has.
    """
    kept = {percent: _last(steps, percent) for percent in THRESHOLDS}
    sentences = []
    for place, percents in _grouped(kept).items():
        keep = f"To keep {_either(percents)}% of today's index, "
        row = steps.iloc[place]
        if place == 0:
            sentences.append(f"{keep}no step up the chain keeps as much.")
        else:
            people = count(int(row.ceded_population), "person", "people")
            survey = surveys().get(frozenset(u for block in blocks[:place] for u in block.units))
            sentences.append(
                f"{keep}the border can move up to {_name(row.up_to)}: "
                f"{_land(row.ceded_land_km2, survey)} with {people}; the index is {_index(row)}."
            )
    return [*sentences, *_next(steps)]


def ranking(losses: pd.DataFrame) -> list[str]:
    """Return which strait costs most under each regime, from the table of ``strait_losses``.

    What costs most by default need not do so in most samples: both are said where they differ.
    """
    said = []
    for regime, table in losses.groupby("turns", sort=False):
        rows = records(table)
        first = max(rows, key=lambda row: row["index_loss"])
        often = max(rows, key=lambda row: row["first_share"])
        other = f", {join_names([often['strait']])} in {often['first_share']:.0%}"
        other = "" if often is first else other
        said.append(
            f"Of {len(rows)} deep exits that can turn {REGIMES[str(regime)]} by a cession of the "
            f"chain, {join_names([first['strait']])} costs the index most: "
            f"{first['index_loss']:.0f} points, with {first['ceded']} ceded. It costs most in "
            f"{first['first_share']:.0%} of samples and weightings{other}."
        )
    return said


def _land(km2: float, survey: Survey | None) -> str:
    """An area of land, with the surveyed one where there is one."""
    surveyed = f" (survey of {survey.year}: {survey.km2:,.0f} km²)" if survey else ""
    return f"{km2:,.0f} km²{surveyed}"


def findings(claims: pd.DataFrame, results: Sequence[Result]) -> list[str]:
    """Return the findings with how firmly each holds, of a claims table.

    The answer in short where all scenarios stand; else what is said of those that do.
    """
    about = {result.scenario.scenario_id for result in results}
    rows: list[Any] = claims.to_dict("records")
    if len(about) == 1:
        ids = {claim.claim_id for claim in read_claims() if about <= claim.scenarios}
    else:
        ids = set(answers(claims).claim_id)
    chosen = [row for row in rows if row["claim_id"] in ids]
    return [f"{row['sentence']} ({capital(firmness(row))}.)" for row in chosen]


def _either(numbers: Sequence[int]) -> str:
    """Numbers of which each will do: ``90 or 75``."""
    first = ", ".join(map(str, numbers[:-1]))
    return f"{first} or {numbers[-1]}" if first else str(numbers[-1])


def _last(steps: pd.DataFrame, percent: float) -> int:
    """The last step that keeps so much."""
    return int(np.flatnonzero(steps["index"].to_numpy() >= percent - 1e-7)[-1])


def _grouped(kept: dict[int, int]) -> dict[int, list[int]]:
    """Thresholds by the step they allow."""
    found: dict[int, list[int]] = {}
    for percent, place in kept.items():
        found.setdefault(place, []).append(percent)
    return found


def _index(row: pd.Series) -> str:
    """The index of a step, with its interval where that says more."""
    # Rounded to 100 it would seem that nothing is lost.
    words = "above 99.9" if row["index"] >= WHOLE else f"{row['index']:.1f}"
    if "index_low" not in row or row.index_low >= WHOLE:
        return words
    ends = f"{_bound(row.index_low)} to {_bound(row.index_high)}"
    return f"{words} ({ends}, {INTERVAL})"


def _bound(value: float) -> str:
    """An end of an interval, with its decimal where whole numbers would hide a loss."""
    return f"{value:.1f}" if 99.5 <= value < WHOLE else f"{value:.0f}"


def _name(title: str) -> str:
    return title.replace("the ", "")


def _next(steps: pd.DataFrame) -> Iterator[str]:
    """The step after which most is lost at once."""
    losses = -np.diff(steps["index"].to_numpy())
    worst = int(losses.argmax())
    if losses[worst] >= 1:
        before, after = steps.iloc[worst], steps.iloc[worst + 1]
        yield (
            f"With these assumptions the step that lowers the index most is the one to "
            f"{_name(after.up_to)}: from "
            f"{before['index']:.0f} to {after['index']:.0f}."
        )


def headline(result: Result) -> str:
    """What an option hands over, and what the index makes of it."""
    record = result.record
    people = count(int(record["ceded_population"]), "person", "people")
    least = "at least " if result.uncounted else ""
    ceded = f"Ceded: {_land(record['ceded_land_km2'], result.survey)} with {least}{people}."
    if record["index_low"] >= WHOLE:
        return f"{ceded} The index stays above 99.9 ({INTERVAL})."
    verb = "stays at" if f"{record['index']:.0f}" == "100" else "falls from 100 to"
    return (
        f"{ceded} The index {verb} {record['index']:.0f} ({_bound(record['index_low'])} to "
        f"{_bound(record['index_high'])}, {INTERVAL})."
    )


def verdict(today: Result, result: Result) -> list[str]:
    """What an option costs the bastion, and what most of that is."""
    if not result.land.ceded.any():
        km = f"{result.record['barrier_km']:,.0f} km"
        return [f"Nothing is handed over: the index stays at 100, the shortest seal line at {km}."]
    record, lost = result.record, 100 - result.record["index"]
    ends = f"{_bound(record['index_low'])} to {_bound(record['index_high'])} left, {INTERVAL}"
    cost = f"{lost:.0f} of the 100 points" if lost >= 1 else "less than one of the 100 points"
    parts = compare(today, result).contributions if lost >= 1 else {}
    most = max(parts, key=lambda title: parts[title], default="")
    weighed = "under the default weights"
    why = f" {most} is {parts[most]:.0%} of that, {weighed}." if most else ""
    return [f"This option costs the bastion {cost} of the index ({ends}).{why}"]


def exits(result: Result) -> str:
    """Who holds the shores of the deep exits."""
    numbers = [int(result.record[f"exits_{who}"]) for who in ("russian", "shared", "japanese")]
    deep = f"a sill of {result.assumptions.transit_depth_m:g} m or more"
    kinds = ("Russian on both shores", "shared", "Japanese on both shores")
    held = [(n, kind) for n, kind in zip(numbers, kinds, strict=True) if n]
    if not held:
        return f"No exit has {deep}."
    if len(held) == 1:
        whole, kind = held[0]
        all_ = f"All {number(whole)} exits with {deep} are"
        return f"{all_ if whole > 1 else f'The one exit with {deep} is'} {kind}."
    parts = [f"{number(n)} {'is' if n == 1 else 'are'} {kind}" for n, kind in held]
    return (
        f"Of the {count(sum(numbers), 'exit')} with {deep}, {', '.join(parts[:-1])} and "
        f"{parts[-1]}."
    )


def number(size: int) -> str:
    """A number as a word where it is small: ``twelve``, ``13``."""
    return NUMBERS[size] if size < len(NUMBERS) else str(size)


def changes(today: Result, result: Result) -> list[str]:
    """What an option changes and why, from the comparison with today."""
    return summarise_changes(compare(today, result))


def limits(results: Sequence[Result]) -> list[str]:
    """What the figures do not say, each once."""
    theatre = results[0].theatre
    return [
        f"The seabed has cells of {theatre.seabed.native_km:.1f} km: sills of narrow straits are "
        "smoothed, and for the narrowest no depth is given.",
        *filter(None, [intervals.caution(theatre)]),
        *dict.fromkeys(note for result in results for note in result.notes),
        "Baselines are normal, rocks have zones, and the nearest shore decides.",
        "Ice, currents and sound are left out: sensors see along straight lines, blocked by the "
        "seabed, without propagation, noise or sonar equation.",
        "We found no official least depth for patrols or for submerged transit, and no sonar range "
        "for these waters: they are assumptions, with the ranges given.",
        "The weights of the index are a choice of this project: read the interval.",
    ]
