"""What the briefing says: its sections, from assessments and the frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import pandas as pd

from okhotsk.assessment.intervals import between, seabed_interval, section_words
from okhotsk.assessment.record import Result
from okhotsk.assessment.statements import NO_TITLE, kept_note, unsealed
from okhotsk.datasets import in_full
from okhotsk.report import sentences
from okhotsk.report.captions import INTERVAL, name_of, record_note, seabed_note
from okhotsk.report.document import Document, Picture, Section, Table, draw_picture
from okhotsk.report.figures import draw
from okhotsk.report.titles import exits_finding, line_finding
from okhotsk.scenario.assumptions import describe, in_words
from okhotsk.scenario.origin import origin
from okhotsk.sweep.frontier import Frontier

QUESTION = (
    "How much of the Kuril chain can Russia hand to Japan and still keep the Sea of Okhotsk as a "
    "sealed bastion for its missile submarines?"
)
METHOD = (
    "The coast is the full-resolution shoreline of GSHHG; the seabed lies on a grid of one "
    "arc-minute, however coarse its source (see Limits). "
    "Distances and areas are geodesic (WGS84). The nearest shore decides whose a stretch of water "
    "is: territorial sea to 12 nautical miles (Japan's to 3 in the Soya Strait), exclusive "
    "economic zone to 200.",
    "A strait's throat is the line of least cross-section between its two lands, found as a least "
    "cut of the seabed; its sill is the greatest depth that can be kept all the way from the "
    "basin to the ocean through that strait alone.",
    "The core of the sea is patrol water far from every shore that any option hands over, the same "
    "for all options. The seal line is the shortest that keeps it from the open ocean and from "
    "Japanese territorial sea; land and shallow water cost nothing. The same search with depth "
    "times length gives the least cross-section; water below the operating depth is not "
    "counted in it, since no boat to be kept out is assumed to dive deeper. Because the core is "
    "the same for all, ceding more can never shorten the line.",
    "Refuge is patrol water further than a standoff from every shore where Japanese or allied "
    "forces may stand. Sensed water is in straight submerged line of sight of such a shore within "
    "a range. A way of least exposure integrates how near and in sight a boat "
    "passes the other side's shores: "
    "a run straight from such a shore to the end of the range, or back, counts 1. A foreign boat "
    "keeps out of Russian territorial sea and may use Japanese territorial sea submerged; for any "
    "but a Japanese boat that takes Japan's consent (UNCLOS Art. 20).",
    "The index is a weighted geometric mean of ratios to the status quo. Beside it "
    "stands its interval: the 5th and 95th percentile over all swept assumptions, the floor of "
    "components and all weightings, drawn evenly. Where a sentence gives the index alone, it is "
    "that of the default assumptions and weights.",
)
# Columns of the comparison and their widths.
COLUMNS: Mapping[str, float] = MappingProxyType(
    {
        "Option": 2.9,
        "Ceded, km²": 1.8,
        "People": 1.1,
        "Exits RU / shared / JP": 1.4,
        "Line, km": 2.5,
        "Section, km²": 1.8,
        "Refuge": 1.0,
        "In sight": 0.9,
        "Warning of intruders": 1.2,
        "Index (5–95%)": 1.8,
    }
)
COLUMNS_NOTE = (
    "Ceded: within the shoreline used here, in brackets as surveyed. Exits: the deep ones, by who "
    "holds their shores. Line and section: the shortest seal line, and the least cross-section "
    "that boats can use. Refuge and in sight: shares of the patrol water, far from and in sight of "
    "shores where Japanese or allied forces may stand. Warning of intruders: how "
    "close to Russian shores, and in their sight, the least exposed way in runs; high is good for "
    "Russia. Behind the index "
    f"in brackets: {INTERVAL}."
)
# Columns of the straits and their widths.
STRAITS: Mapping[str, float] = MappingProxyType(
    {"Exit": 2.0, "Width, km": 1.0, "Corridor, km": 1.0, "Section": 1.6, "Sill": 1.6}
)
STRAITS_NOTE = (
    "Exits that have a sill on this seabed. Width: from shore to shore. Corridor: the widest way "
    "outside all territorial seas, where it is narrowest, today. Section: the least cross-section "
    "from shore to shore. Sill: the greatest depth that can be kept all "
    "the way from the basin to the ocean through that strait alone. "
)
MAP_CAPTION = "Ceded land, maritime zones, exits by who holds their shores, refuge and seal lines."
ASSUMPTIONS_NOTE = "Every figure rests on these. What is not swept does not widen the intervals."
# Name, caption, and words of the charts of several scenarios, and whether today's is among them.
CHARTS = (
    (
        "components",
        "What each option keeps of each component of the index, in per cent.",
        "Table of components by option",
        False,
    ),
    (
        "options",
        "The options: ceded land, zones, exits, and the shortest seal line in black.",
        "Small maps of the options",
        True,
    ),
    (
        "refuge",
        "Refuge: patrol water further than the distance below from every shore where Japanese or "
        "allied forces may stand.",
        "Curves of refuge over the standoff",
        False,
    ),
)


def make_briefing(
    results: Sequence[Result],
    today: Result,
    frontier: Frontier,
    *,
    claims: pd.DataFrame | None = None,
) -> Document:
    """Return the briefing of some scenarios.

    Parameters
    ----------
    results
        The scenarios, in order.
    today
        The status quo under the same assumptions.
    frontier
        Steps up the chain, as :func:`okhotsk.sweep.frontier.frontier` finds them.
    claims
        The findings, from :func:`okhotsk.assessment.verdicts.claims_table`.
    """
    sections = (
        *_opening(frontier, results, today, claims),
        _compared(results, today),
        *_changes(results, today),
        _straits(today),
        Section(title="Method", paragraphs=(*METHOD, kept_note())),
        _assumptions(results[0]),
        Section(title="Limits", points=(*sentences.limits(results), NO_TITLE)),
        _sources(results),
    )
    made = f"Computed with okhotsk {version('okhotsk')}, theatre {results[0].theatre.key[:12]}."
    if len(results) == 1:
        return Document(results[0].scenario.title, f"A briefing on: {QUESTION}", made, sections)
    briefed = f"A briefing on {sentences.count(len(results), 'option')}"
    return Document(QUESTION, briefed, made, sections)


def _opening(
    frontier: Frontier, results: Sequence[Result], today: Result, claims: pd.DataFrame | None
) -> list[Section]:
    """The answer; before it, where the report is on one option, the verdict on that one."""
    firm = [] if claims is None else sentences.findings(claims, results)
    found = sentences.answer(frontier.steps, frontier.blocks)
    picture = draw_picture(
        "frontier",
        "The index and its components as the border moves up the chain.",
        "Chart: the index and its components over the steps up the chain",
        lambda: draw("frontier", frontier=frontier, results=results, width="page"),
    )
    if len(results) > 1:
        first = tuple(filter(None, [unsealed(results)]))
        points = (*firm, *found)
        return [Section(title="The answer", paragraphs=first, points=points, pictures=(picture,))]
    (result,) = results
    told = sentences.verdict(today, result)
    if result.land.ceded.any():
        told += [f"{line_finding(result)}.", f"{exits_finding(result)}."]
    maps = (_scenario_map(result),) if result.land.ceded.any() else ()
    up_the_chain = Section(title="How far up the chain", points=tuple(found), pictures=(picture,))
    return [
        Section(title="Verdict", paragraphs=(" ".join(told),), points=tuple(firm), pictures=maps),
        up_the_chain,
    ]


def _compared(results: Sequence[Result], today: Result) -> Section:
    several = len(results) > 1
    rows = tuple(map(_row, results if today in results else [today, *results]))
    note = COLUMNS_NOTE + record_note(results, " In brackets behind line and section").rstrip()
    table = Table(note, tuple(COLUMNS), rows, tuple(COLUMNS.values()), figures=True)
    title = "The options compared" if several else "The option compared with today"
    return Section(title=title, tables=(table,), pictures=_charts(results) if several else ())


def _charts(results: Sequence[Result]) -> tuple[Picture, ...]:
    """The maps of several scenarios, and what each of them keeps."""
    chosen = [(chart, results if chart[-1] else _ceding(results)) for chart in CHARTS]
    return tuple(
        draw_picture(name, caption, alt, partial(draw, name, results=shown, width="page"))
        for (name, caption, alt, _), shown in chosen
        if len(shown) > 1
    )


def _ceding(results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.land.ceded.any()]


def _row(result: Result) -> tuple[str, ...]:
    r, survey = result.record, result.survey
    exits = f"{r['exits_russian']} / {r['exits_shared']} / {r['exits_japanese']}"
    return (
        name_of(result),
        f"{r['ceded_land_km2']:,.0f}{f' ({survey.km2:,.0f})' if survey else ''}",
        f"{'≥ ' if result.uncounted else ''}{r['ceded_population']:,}",
        exits,
        _ranged(r, "barrier_km"),
        _ranged(r, "operating_area_km2"),
        f"{r['refuge_share']:.1%}",
        f"{r['sensed_share']:.1%}",
        f"{r['intruder_exposure']:.2f}",
        f"{r['index']:.0f} ({r['index_low']:.0f}–{r['index_high']:.0f})",
    )


def _ranged(record: Mapping[str, Any], column: str) -> str:
    """A figure, and behind it its interval over seabeds in brackets."""
    found = seabed_interval(record, column)
    ends = f" ({found.dashed(',.0f')})" if found else ""
    return f"{record[column]:,.0f}{ends}"


def _straits(today: Result) -> Section:
    """The exits that have a sill, as today and on other seabeds."""
    rows = today.straits[today.straits.sill_depth_m.notna()].to_dict("records")
    note = STRAITS_NOTE + seabed_note(today.theatre, "In brackets")
    cells = tuple(map(_strait, rows))
    table = Table(note.rstrip(), tuple(STRAITS), cells, tuple(STRAITS.values()), figures=True)
    return Section(title="The exits of the sea", tables=(table,))


def _strait(row: Mapping[Any, Any]) -> tuple[str, ...]:
    corridor_km = row["corridor_km"]
    return (
        row["name"].split(" (")[0],
        f"{row['width_km']:.1f}",
        f"{corridor_km:.0f}" if corridor_km >= 0.5 else "none",
        section_words(row),
        f"{row['sill_depth_m']:,.0f} m{between(row, 'sill_depth_m', ',.0f')}",
    )


def _changes(results: Sequence[Result], today: Result) -> list[Section]:
    """What changes under every scenario that cedes land; nothing where none does."""
    ceding = _ceding(results)
    if len(results) == 1 and ceding:
        told = _told(today, ceding[0])
        return [Section(title="What changes, and why", paragraphs=told)]
    title = Section(title="What changes, and why, option by option")
    found = [
        Section(
            title=result.scenario.title,
            level=2,
            pictures=(_scenario_map(result),) if len(ceding) == 1 else (),
            paragraphs=_told(today, result),
        )
        for result in ceding
    ]
    return [title, *found] if found else []


def _told(today: Result, result: Result) -> tuple[str, ...]:
    """Where an option comes from, what it hands over, and what that changes."""
    leads = (result.scenario.border, sentences.headline(result), sentences.exits(result))
    told = " ".join(filter(None, leads)), " ".join(sentences.changes(today, result))
    return (*origin(result.scenario), *told)


def _scenario_map(result: Result) -> Picture:
    make = partial(draw, "option", results=[result], width="page")
    return draw_picture("option", MAP_CAPTION, f"Map: {result.scenario.title}", make)


def _assumptions(result: Result) -> Section:
    heads = ("Assumption", "Value", "Range", "Unit", "Source")
    rows = tuple(map(_assumption, describe(result.assumptions)))
    table = Table(ASSUMPTIONS_NOTE, heads, rows, (2.2, 0.9, 1.6, 1.7, 5.0))
    return Section(title="Assumptions", tables=(table,))


def _assumption(item: Mapping[str, Any]) -> tuple[str, ...]:
    span = f"{item['low']:,g} to {item['high']:,g}"
    value = item["value"]
    return (
        in_words(item["assumption"]),
        value if isinstance(value, str) else f"{value:,g}",
        span if item["swept"] else f"{span}, not swept",
        str(item["unit"]),
        str(item["source"]),
    )


def _sources(results: Sequence[Result]) -> Section:
    keys = dict.fromkeys(key for result in results for key in result.scenario.sources)
    seabed = results[0].theatre.seabed
    data: list[Any] = [
        "Coast: GSHHG 2.3.6 (Wessel & Smith 1996, doi:10.1029/96JB00104), LGPL-3.",
        f"Seabed: {seabed.title}.",
        "Straits, islands and populations: published values with their sources in data/.",
    ]
    return Section(title="Sources", points=(*data, *map(in_full, keys)))
