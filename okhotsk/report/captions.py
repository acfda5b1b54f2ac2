"""Words of figures: names of options, what intervals are, sources and assumptions."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from okhotsk.assessment.intervals import INDEX_OVER, definition, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.report.lettering import ELLIPSIS, drawn, lacking
from okhotsk.theatre.model import Theatre

COAST = "Coast: GSHHG 2.3.6."
INTERVAL = f"5–95% {INDEX_OVER}"
BELOW = (
    "The interval of a line can lie below its figure: those seabeds are rougher than the shipped "
    "one, and a shortest line uses every shallow. "
)
LONGEST_NAME = 32  # letters of an option's name in a chart; wide ones count twice


def name_of(result: Result) -> str:
    """The short title of a scenario, or its title where it has none."""
    return result.scenario.short or result.scenario.title


def short_title(result: Result) -> str:
    """The name of a scenario as charts draw it, cut where it is long."""
    words = drawn(name_of(result))
    if _room(words) <= LONGEST_NAME:
        return words
    while _room(words) >= LONGEST_NAME:
        words = words[:-1]
    return words.rstrip(" ,;:") + ELLIPSIS


def _room(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


def full_title(result: Result) -> str:
    """The title of a scenario as figures draw it."""
    return drawn(result.scenario.title)


def theatre_credit(theatre: Theatre) -> str:
    """Sources of coast and seabed."""
    seabed = theatre.seabed
    return f"{COAST} Seabed: {seabed.title}, cells of {seabed.native_km:.1f} km."


def scenario_credit(results: Sequence[Result]) -> str:
    """Sources and assumptions of scenarios, and the letters of their names that are missing."""
    values = results[0].assumptions
    return (
        f"{theatre_credit(results[0].theatre)} Lines cross water "
        f"{values.transit_depth_m:g} m deep or more. Refuge: water "
        f"{values.patrol_depth_m:g} m deep or more, over {values.refuge_standoff_km:g} km from "
        f"shores where Japanese or allied forces may stand. Sight: {values.sensor_range_km:g} km. "
        f"{lacking(texts_of(results))}Computed with okhotsk."
    )


def spread_credit(results: Sequence[Result]) -> str:
    """Sources of what is computed over many assumptions; without scenarios only the coast's."""
    known = theatre_credit(results[0].theatre) if results else COAST
    return f"{known} {lacking(texts_of(results))}Computed with okhotsk."


def texts_of(results: Sequence[Result]) -> list[str]:
    """The texts of people that figures draw."""
    return [text for r in results for text in (r.scenario.title, r.scenario.short)]


def seabed_note(theatre: Theatre, marks: str) -> str:
    """What some marks that stand for intervals over the seabed are; empty where there are none."""
    words = definition(theatre)
    return f"{marks}: {words}. " if words else ""


def index_note(results: Sequence[Result], marks: str) -> str:
    """The same of the index of records; empty where they have no such intervals."""
    known = any(seabed_interval(result.record, "index_seabed") for result in results)
    return seabed_note(results[0].theatre, marks) if known else ""


def record_note(results: Sequence[Result], marks: str) -> str:
    """The same of lines and sections of records, and why a line may be longer than its interval."""
    found = [seabed_interval(result.record, "barrier_km") for result in results]
    if not any(found):
        return ""
    below = any(
        ends and ends.high < result.record["barrier_km"]
        for result, ends in zip(results, found, strict=True)
    )
    return seabed_note(results[0].theatre, marks) + (BELOW if below else "")
