"""What a scenario comes to: one sentence, and its figures beside today's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from okhotsk.assessment import index
from okhotsk.assessment.intervals import INDEX_OVER, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.measures.columns import read_columns
from okhotsk.theatre.ensemble import INTERVAL

ROUGHER = "rougher ones, on which a shortest line finds more shallows"
INTRUDER = read_columns()["intruder_exposure"]
KEPT = 99.5  # an index of at least this is written as 100
WHOLE = 99.95  # and from here on nothing is lost that the figures show
OVER = f"5–95% {INDEX_OVER}"
INDEX = "Index"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A figure of a scenario beside today's, as they are written.

    Attributes
    ----------
    label, told
        What it is called, and what it measures where the name does not say.
    now, today, change
        Values, and their difference; no ``today`` where the scenario is today's.
    note
        Its interval, where it has one.
    headed
        Whether it stands in the heading.
    """

    label: str
    told: str = ""
    now: str
    today: str = ""
    change: str = ""
    note: str = ""
    headed: bool = False

    @property
    def words(self) -> str:
        """What stands under it."""
        return "; ".join(filter(None, [self.told, self.note]))


@dataclass(frozen=True, kw_only=True)
class _Figure:
    label: str
    column: str
    style: str
    unit: str = ""
    told: str = ""
    points: bool = False  # a share: its change is told in percentage points
    headed: bool = False


FIGURES = (
    _Figure(label="Seal line", column="barrier_km", style=",.0f", unit=" km", headed=True),
    _Figure(
        label="Section of the seal",
        column="operating_area_km2",
        style=",.0f",
        unit=" km²",
        told="to the operating depth, which boats can use",
    ),
    _Figure(
        label="Refuge",
        column="refuge_share",
        style=".1%",
        told="of patrol water",
        points=True,
        headed=True,
    ),
    _Figure(
        label="In sight",
        column="sensed_share",
        style=".1%",
        told="of shores where Japanese or allied forces may stand; of patrol water",
        points=True,
    ),
    _Figure(
        label=INTRUDER.title,
        column=INTRUDER.name,
        style=",.2f",
        told=f"exposure to Russian shores on the least exposed way in; {INTRUDER.judged}",
    ),
    _Figure(
        label="Deep exits", column="exits_russian", style=",d", told="with both shores Russian"
    ),
)


def changes(result: Result) -> list[Change]:
    """The figures of a scenario, each beside today's where the scenario is another."""
    record, beside = result.record, bool(result.scenario.cessions)
    today = result.today if beside else None
    return [*(_row(figure, record, today) for figure in FIGURES), *_indices(result, beside)]


def _indices(result: Result, beside: bool) -> list[Change]:
    """The index, and that of the components which need no sensor range; 100 is today's."""
    record, told = result.record, "without the components that need a sensor range"
    note = f"{record['index_low']:.0f} to {record['index_high']:.0f}, {OVER}" if beside else ""

    def row(value: float, **words: Any) -> Change:
        change = _signed(round(value) - 100, ",.0f") if beside else ""
        return Change(now=f"{value:.0f}", today="100" if beside else "", change=change, **words)

    return [
        row(record["index"], label=INDEX, note=note, headed=True),
        row(result.index_without_sensors, label="Index without sensors", told=told),
    ]


def _row(figure: _Figure, record: Mapping[str, Any], today: Mapping[str, Any] | None) -> Change:
    now = record[figure.column]
    told = {}
    if today is not None:
        before = today[figure.column]
        told = {"today": _written(before, figure), "change": _difference(before, now, figure)}
    return Change(
        label=figure.label,
        told=figure.told,
        headed=figure.headed,
        now=_written(now, figure),
        note=_note(record, figure),
        **told,
    )


def _note(record: Mapping[str, Any], figure: _Figure) -> str:
    """Its interval over seabeds; empty where none is known, or where no seabed moves it."""
    found = seabed_interval(record, figure.column)
    if found is None or f"{found.low:{figure.style}}" == f"{found.high:{figure.style}}":
        return ""
    low, high = INTERVAL
    told = f"{low}–{high}% on other seabeds: {found.write(figure.style)}{figure.unit}"
    below = figure.column == "barrier_km" and found.high < record[figure.column]
    return f"{told}, {ROUGHER}" if below else told


def _written(value: float, figure: _Figure) -> str:
    # No line, or no way: there is nothing to measure.
    return f"{value:{figure.style}}{figure.unit}" if math.isfinite(value) else "none"


def _difference(before: float, now: float, figure: _Figure) -> str:
    """The difference of two figures as they are written, so that a reader's sum comes out."""
    if not (math.isfinite(before) and math.isfinite(now)):
        return ""
    digits = {",.0f": 0, ",d": 0, ",.2f": 2, ".1%": 3}[figure.style]
    gap = round(now, digits) - round(before, digits)
    if figure.points:
        return f"{_signed(100 * gap, '.1f')} points" if round(gap, digits) else "none"
    return _signed(gap, figure.style.replace("d", ".0f")) if round(gap, digits) else "none"


def _signed(value: float, style: str) -> str:
    if not round(value, 6):
        return "none"
    return f"{'+' if value > 0 else '−'}{abs(value):{style}}"


def verdict(result: Result) -> str:
    """Return what a scenario comes to under its assumptions, in one sentence."""
    if not result.scenario.cessions:
        return _today(result)
    record = result.record
    least = min(result.components.values())
    if record["index"] >= KEPT:
        level = "above 99.9" if record["index"] >= WHOLE else f"at {record['index']:.1f}"
        return (
            f"Under these assumptions the index stays {level}, and every component keeps at least "
            f"{math.floor(100 * least + 1e-9)}% of today's value."
        )
    title, share = _heaviest(result)
    held = any(cession.forces == "RU" for cession in result.scenario.cessions)
    when = "While Russian forces stay" if held else "Under these assumptions"
    return (
        f"{when} the index falls from 100 to {record['index']:.0f} "
        f"({record['index_low']:.0f} to {record['index_high']:.0f}, {OVER}); the component that "
        f"lowers it most is “{title}”, at {_share(share)} of today's value."
    )


def _today(result: Result) -> str:
    record = result.record
    russian, others = record["exits_russian"], record["exits_shared"] + record["exits_japanese"]
    held = f"all {russian}" if not others else f"{russian} of {russian + others}"
    deep = result.assumptions.transit_depth_m
    return (
        f"On this seabed {held} exits with a sill of {deep:g} m or more have Russian shores on "
        "both sides, and the shortest line that seals the core is "
        f"{record['barrier_km']:,.0f} km long."
    )


def _heaviest(result: Result) -> tuple[str, float]:
    """Title and value of the component that lowers the index most."""
    recipe = index.read_recipe()

    def pull(component: Any) -> float:
        value = max(result.components[component.component_id], recipe.floor)
        return float(-component.weight * np.log(value))

    heaviest = max(recipe.components, key=pull)
    return heaviest.title, result.components[heaviest.component_id]


def _share(value: float) -> str:
    whole = f"{value:.0%}"
    return f"{value:.1%}" if whole in ("0%", "100%") and 0 < value < 1 else whole
