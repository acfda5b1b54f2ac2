"""Findings in sentences, made of figures: singular and plural right, nothing without a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from okhotsk.assessment import Assessment
from okhotsk.compare import compare

THRESHOLDS = (99, 90, 75, 50)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")  # fmt: skip
# In this order, and these only: the rest is in the tables.
# Details of the lines and of passages inside the sea are left to `okhotsk compare`.
DETAILS = ("A stretch of ", "(other passages).", "The index goes from ")
TOPICS = ("straits", "seal", "refuge", "sensed water", "routes", "depth", "index")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``no exits``, ``one exit``, ``13 exits``."""
    words = NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"
    return f"{words} {one if number == 1 else many or one + 's'}"


def capital(words: str) -> str:
    """With a capital first letter."""
    return words[:1].upper() + words[1:]


def answer(steps: pd.DataFrame) -> list[str]:
    """What can go up the chain from the south, by how much of the index it keeps.

    Parameters
    ----------
    steps
        :attr:`okhotsk.frontiers.Frontier.steps`.
    """
    kept = {percent: _last(steps, percent) for percent in THRESHOLDS}
    sentences = []
    for place, percents in _grouped(kept).items():
        words = " and ".join(f"{percent} %" for percent in percents)
        row = steps.iloc[place]
        index = f"the index is {row['index']:.1f}{_range(row)}"
        if place == 0:
            sentences.append(f"To keep {words} of today's index, nothing can be handed over.")
        else:
            people = count(int(row.ceded_population), "person", "people")
            sentences.append(
                f"The border can move up to {_name(row.up_to)} and keep {words} of today's index: "
                f"{row.ceded_land_km2:,.0f} km² with {people}; {index}."
            )
    return [*sentences, *_next(steps)]


def _last(steps: pd.DataFrame, percent: float) -> int:
    """The last step that keeps so much."""
    return int(np.flatnonzero(steps["index"].to_numpy() >= percent - 1e-7)[-1])


def _grouped(kept: dict[int, int]) -> dict[int, list[int]]:
    """Thresholds by the step they allow."""
    found: dict[int, list[int]] = {}
    for percent, place in kept.items():
        found.setdefault(place, []).append(percent)
    return found


def _range(row: pd.Series) -> str:
    if "index_low" not in row:
        return ""
    return f" ({row.index_low:.0f} to {row.index_high:.0f} over all assumptions)"


def _name(title: str) -> str:
    return title.replace("the ", "")


def _next(steps: pd.DataFrame) -> Iterator[str]:
    """The step after which most is lost at once."""
    losses = -np.diff(steps["index"].to_numpy())
    worst = int(losses.argmax())
    if losses[worst] >= 1:
        before, after = steps.iloc[worst], steps.iloc[worst + 1]
        yield (
            f"The costliest single step is {_name(after.up_to)}: the index falls from "
            f"{before['index']:.0f} to {after['index']:.0f}."
        )


def headline(result: Assessment) -> str:
    """What an option hands over, and what the index makes of it."""
    record = result.record
    people = count(int(record["ceded_population"]), "person", "people")
    least = "at least " if result.uncounted else ""
    return (
        f"{record['ceded_land_km2']:,.0f} km² with {least}{people}. Index {record['index']:.0f}, "
        f"{record['index_low']:.0f} to {record['index_high']:.0f} over all assumptions and "
        "weightings (today 100)."
    )


def exits(result: Assessment) -> str:
    """Who holds the shores of the deep exits."""
    numbers = [int(result.record[f"exits_{who}"]) for who in ("russian", "shared", "japanese")]
    deep = result.assumptions.transit_depth_m
    kinds = ("Russian on both shores", "shared", "Japanese on both shores")
    parts = [
        f"{_number(n)} {'is' if n == 1 else 'are'} {k}" for n, k in zip(numbers, kinds, strict=True)
    ]
    return (
        f"Of the {count(sum(numbers), 'exit')} with a sill of {deep:g} m or more, {parts[0]}, "
        f"{parts[1]} and {parts[2]}."
    )


def _number(number: int) -> str:
    return "none" if number == 0 else NUMBERS[number] if number < len(NUMBERS) else str(number)


def changes(today: Assessment, result: Assessment) -> list[str]:
    """What an option changes and why, from the comparison with today."""
    found = [f for f in compare(today, result) if f.sentence != "Nothing changes."]
    kept = [f for f in found if not any(words in f.sentence for words in DETAILS)]
    return [f.sentence for topic in TOPICS for f in kept if f.topic == topic]


def limits(results: Sequence[Assessment]) -> list[str]:
    """What the figures do not say, each once."""
    seabed = results[0].theatre.seabed
    return [
        f"The seabed has cells of {seabed.native_km:.1f} km: sills of narrow straits are smoothed, "
        "and for the narrowest no depth is given.",
        *dict.fromkeys(note for result in results for note in result.notes),
        "Baselines are normal, rocks have zones, and the nearest shore decides.",
        "Ice, currents and sound are left out: sensors see along straight lines, blocked by the "
        "seabed, without propagation, noise or sonar equation.",
        "No official least depth for patrols or for submerged transit is published, and no sonar "
        "range for these waters: they are assumptions, with the ranges given.",
        "The weights of the index are a choice of this project: read the interval.",
    ]
