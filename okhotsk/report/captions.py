"""Words of figures: short titles, and sources and assumptions for the foot."""

from __future__ import annotations

from collections.abc import Sequence

from okhotsk.assessment.intervals import definition, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.theatre.model import Theatre

COAST = "Coast: GSHHG 2.3.6."


def short_title(result: Result) -> str:
    """The short title of a scenario, or its title where it has none."""
    return result.scenario.short or result.scenario.title


def theatre_credit(theatre: Theatre) -> str:
    """Sources of coast and seabed."""
    seabed = theatre.seabed
    return f"{COAST} Seabed: {seabed.title}, cells of {seabed.native_km:.1f} km."


def scenario_credit(result: Result) -> str:
    """Sources and assumptions of a scenario."""
    values = result.assumptions
    return (
        f"{theatre_credit(result.theatre)} Lines cross water "
        f"{values.transit_depth_m:g} m deep or more. Refuge: water "
        f"{values.patrol_depth_m:g} m deep or more, over {values.refuge_standoff_km:g} km from "
        f"shores where Japanese forces may stand. Sight: {values.sensor_range_km:g} km. "
        "Computed with okhotsk."
    )


def spread_credit(results: Sequence[Result]) -> str:
    """Sources of what is computed over many assumptions; without scenarios only the coast's."""
    known = theatre_credit(results[0].theatre) if results else COAST
    return f"{known} Computed with okhotsk."


def seabed_note(theatre: Theatre, marks: str) -> str:
    """What some marks that stand for intervals over the seabed are; empty where there are none."""
    words = definition(theatre)
    return f"{marks}: {words}. " if words else ""


def record_note(result: Result, marks: str) -> str:
    """The same of intervals of a record; empty under other assumptions than the defaults too."""
    known = seabed_interval(result.record, "barrier_km")
    return seabed_note(result.theatre, marks) if known else ""
