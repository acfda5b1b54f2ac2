"""Scenarios as dots on the scale of the index, with their intervals as bars, as SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from okhotsk.assessment.intervals import seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.colours import BEFORE
from okhotsk.maps import assets
from okhotsk.maps.answer import short_title
from okhotsk.style import LOOKS, Swatch, land_status
from okhotsk.theatre.ensemble import INTERVAL, count_members

TICKS = (0, 25, 50, 75, 100)
FOOT = 22  # room for the ticks
SEEN = 4.0  # of the index: a shorter interval over seabeds is hidden by its dot
UNCHANGED = Swatch("nothing is ceded", BEFORE, BEFORE)
KEY: Mapping[str, str] = {  # what the colours of dots mean, in few words
    "ceded": "Japanese forces allowed",
    "ceded, demilitarised": "demilitarised",
    "ceded, Russian forces": "Russian forces stay",
}


@dataclass(frozen=True)
class Form:
    """How a chart is laid out, in units of its view box.

    Attributes
    ----------
    name
        Of the class of the style sheet that shows it.
    wide
        Width of the whole.
    labels, figures
        Width of the column of labels, and of that of the figures on the right.
    row, line
        Height of a row of one line, and of every further line.
    type
        Size of the type.
    letters
        Most letters of a line of a label.
    ends
        Whether the ends of the interval stand beside the index.
    """

    name: str
    wide: int
    labels: int
    figures: int
    row: int
    line: int
    type: float
    letters: int
    ends: bool


WIDE = Form("wide", 600, 196, 98, 29, 14, 13, 28, ends=True)
NARROW = Form("narrow", 366, 146, 24, 18, 11, 10.5, 22, ends=False)


def dot_chart(results: Sequence[Result], form: Form) -> Markup:
    """Return the chart of the indices of some scenarios, each row a link to its map."""
    left, right = form.labels + 8, form.wide - form.figures - 8

    def place(value: float) -> float:
        return round(left + (right - left) * value / 100, 1)

    rows: list[dict[str, Any]] = []
    top = 4.0
    for result in results:
        lines = textwrap.wrap(short_title(result), form.letters) or [""]
        high = form.row + form.line * (len(lines) - 1)
        middle = top + high / 2
        rows.append(_row(result, form, place) | {"lines": _set(lines, middle, form), "y": middle})
        rows[-1] |= {"top": top, "high": high}
        top += high
    return assets.fragment(
        "dot_chart.svg.j2",
        form=form,
        rows=rows,
        ticks=[(value, place(value)) for value in TICKS],
        left=left,
        right=right,
        foot=round(top, 1),
        high=round(top + FOOT),
        thick=9 if form.ends else 7,
    )


def dot_style(result: Result) -> Swatch:
    """Return how the dot of a scenario is drawn: as the land that it cedes."""
    status = {
        land_status(part.forces, part.sovereign, ceded=True) for part in result.parts if part.ceded
    }
    if not status:
        return UNCHANGED
    return LOOKS["land"].of(min(status, key=list(KEY).index))


def dot_kinds(results: Sequence[Result]) -> list[tuple[Swatch, str]]:
    """Return how dots are drawn, and what each way means, in the order of the scenarios."""
    status = {LOOKS["land"].of(name).label: words for name, words in KEY.items()}
    styles = {look.label: look for look in map(dot_style, results)}
    return [(look, status.get(label, label)) for label, look in styles.items()]


def seabed_words(results: Sequence[Result]) -> str:
    """Return what the chart shows of the intervals over seabeds; empty where there are none."""
    found = [seabed_interval(result.record, "index_seabed") for result in results]
    spans = [one.high - one.low for one in found if one]
    if not spans:
        return ""
    members = count_members(results[0].theatre)
    low, high = INTERVAL
    if max(spans) > SEEN:
        return f"Thin line: its {low}–{high}% interval over {members} seabeds, if wider than a dot."
    return (
        f"Its {low}–{high}% interval over {members} seabeds is at most {max(spans):.1f} wide, less "
        "than a dot."
    )


def _set(lines: Sequence[str], middle: float, form: Form) -> list[tuple[str, float]]:
    """Lines of a label and where each of them stands, round the middle of the row."""
    first = middle + 0.35 * form.type - form.line * (len(lines) - 1) / 2
    return [(text, round(first + n * form.line, 1)) for n, text in enumerate(lines)]


def _row(result: Result, form: Form, place: Any) -> dict[str, Any]:
    record, look = result.record, dot_style(result)
    low, high = record["index_low"], record["index_high"]
    seabeds = seabed_interval(record, "index_seabed")
    shown = seabeds is not None and seabeds.high - seabeds.low > SEEN
    told = f"5–95% over assumptions {low:.0f} to {high:.0f}"
    if seabeds:
        told += f", over seabeds {seabeds.write('.0f')}"
    return {
        "page": f"{result.scenario.scenario_id}.html",
        "name": f"{result.scenario.title}: index {record['index']:.0f}; {told}",
        "x": place(record["index"]),
        "bar": (place(low), round(place(high) - place(low), 1)),
        "seabeds": (place(seabeds.low), place(seabeds.high)) if shown and seabeds else None,
        "figure": f"{record['index']:.0f}",
        "ends": f"{low:.0f}–{high:.0f}",
        "fill": look.fill,
        "edge": look.line,
    }
