"""What the briefing says: its sections, from assessments and the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from okhotsk.assessment.record import Result
from okhotsk.datasets import citations
from okhotsk.report import sentences
from okhotsk.report.document import Document, Picture, Section, Table, join, picture_of
from okhotsk.report.figures import draw
from okhotsk.scenario.assumptions import describe, in_words
from okhotsk.sweep.frontier import Frontier

QUESTION = (
    "How much of the Kuril chain can Russia hand to Japan and still keep the Sea of Okhotsk as a "
    "sealed bastion for its missile submarines?"
)
METHOD = (
    "The coast is the full-resolution shoreline of GSHHG; the seabed lies on a grid of one "
    "arc-minute, however coarse its source (see Limits). "
    "Distances and areas are geodesic (WGS84). The nearest shore decides whose a stretch of water "
    "is: territorial sea to 12 nautical miles, exclusive economic zone to 200.",
    "A strait's throat is the line of least cross-section between its two lands, found as a least "
    "cut of the seabed; its sill is the deepest keel that comes through that strait alone.",
    "The core of the sea is patrol water far from every shore that any option hands over, the same "
    "for all options. The seal line is the shortest that keeps it from the open ocean and from "
    "Japanese territorial sea; land and shallow water cost nothing. The same search with depth "
    "times length gives the least cross-section. Because the core is the same for all, ceding more "
    "can never shorten the line.",
    "Refuge is patrol water further than a standoff from every shore where Japanese forces may "
    "stand. Sensed water is in straight submerged line of sight of such a shore within a range. A "
    "way of least exposure integrates how near and in sight a boat passes the other side's shores: "
    "a run straight in from the end of the range to a shore counts 1.",
    "The index is a weighted geometric mean of seven ratios to the status quo. It is never given "
    "without its interval: the 5th and 95th percentile over the ranges of all assumptions and, in "
    "the comparison of options, over all weightings, drawn evenly.",
)
HEADS = (
    "Option",
    "Ceded, km²",
    "People",
    "Exits RU / shared / JP",
    "Line, km",
    "Section, km²",
    "Refuge",
    "In sight",
    "Intruder's exposure",
    "Index (5–95%)",
)


def make_briefing(results: Sequence[Result], today: Result, frontier: Frontier) -> Document:
    """Return the briefing of some options.

    Parameters
    ----------
    results
        The options, in order.
    today
        The status quo under the same assumptions.
    frontier
        Steps up the chain, as :func:`okhotsk.sweep.frontier.frontier` finds them.
    """
    ceding = _ceding(results)
    sections = [
        _answer(frontier, results),
        _compared(results, today),
        Section(title="What changes, and why, option by option"),
        *(_option(today, result, alone=len(ceding) == 1) for result in ceding),
        Section(title="Method", paragraphs=METHOD),
        _assumptions(results[0]),
        Section(title="Limits", points=tuple(sentences.limits(results))),
        _sources(results),
    ]
    made = f"Computed with okhotsk {version('okhotsk')}, theatre {results[0].theatre.key[:12]}."
    kept = tuple(s for s in sections if ceding or not s.title.startswith("What changes"))
    return Document(QUESTION, _subtitle(results), made, kept)


def _subtitle(results: Sequence[Result]) -> str:
    if len(results) == 1:
        return f"A briefing on one option: {results[0].scenario.title}"
    return f"A briefing on {sentences.count(len(results), 'option')}"


def _answer(frontier: Frontier, results: Sequence[Result]) -> Section:
    picture = picture_of(
        "frontier",
        "The index and its components as the border moves up the chain.",
        "Chart: the index and its components over the steps up the chain",
        lambda: draw("frontier", frontier=frontier, results=results, width="page"),
    )
    found = tuple(sentences.answer(frontier.steps))
    return Section(title="The answer", points=found, pictures=(picture,))


def _compared(results: Sequence[Result], today: Result) -> Section:
    several = len(results) > 1
    rows = results if today in results else [today, *results]
    caption = (
        "Exits: the deep ones, by who holds their shores. Line and section: the shortest seal "
        "line, and the least cross-section of one. Refuge and in sight: shares of the patrol "
        "water, far from and in sight of hostile shores. Intruder's exposure: how near and in "
        "sight the least exposed way in runs."
    )
    table = Table(
        caption,
        HEADS,
        tuple(map(_row, rows)),
        (3.2, 1.1, 1.3, 1.8, 1.0, 1.3, 1.2, 1.1, 1.4, 1.9),
        figures=True,
    )
    title = "The options compared" if several else "The option compared with today"
    return Section(title=title, tables=(table,), pictures=_charts(results) if several else ())


def _charts(results: Sequence[Result]) -> tuple[Picture, ...]:
    """The maps of several options, and what each of them keeps."""
    wanted = (
        (
            "components",
            "What each option keeps of each component of the index, in per cent.",
            "Table of components by option",
            _ceding(results),
        ),
        (
            "options",
            "The options: ceded land and Japanese waters in blue, the shortest seal line in black.",
            "Small maps of the options",
            results,
        ),
        (
            "refuge",
            "Refuge: patrol water further from every hostile shore than the distance below.",
            "Curves of refuge over the standoff",
            _ceding(results),
        ),
    )
    return tuple(
        picture_of(name, caption, alt, partial(draw, name, results=shown, width="page"))
        for name, caption, alt, shown in wanted
        if len(shown) > 1
    )


def _ceding(results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.land.ceded.any()]


def _row(result: Result) -> tuple[str, ...]:
    r = result.record
    exits = f"{r['exits_russian']} / {r['exits_shared']} / {r['exits_japanese']}"
    return (
        result.scenario.short or result.scenario.title,
        f"{r['ceded_land_km2']:,.0f}",
        f"{'≥ ' if result.uncounted else ''}{r['ceded_population']:,}",
        exits,
        f"{r['barrier_km']:,.0f}",
        f"{r['barrier_area_km2']:,.0f}",
        f"{r['refuge_share']:.1%}",
        f"{r['sensed_share']:.1%}",
        f"{r['intruder_exposure']:.2f}",
        f"{r['index']:.0f} ({r['index_low']:.0f}–{r['index_high']:.0f})",
    )


def _option(today: Result, result: Result, *, alone: bool) -> Section:
    pictures: tuple[Picture, ...] = ()
    if alone:
        pictures = (
            picture_of(
                "option",
                result.scenario.title,
                f"Map: {result.scenario.title}",
                lambda: draw("option", results=[result], width="page"),
            ),
        )
    lead = " ".join(
        filter(
            None, [sentences.border(result), sentences.headline(result), sentences.exits(result)]
        )
    )
    return Section(
        title=result.scenario.title,
        level=2,
        pictures=pictures,
        paragraphs=(lead, join(sentences.changes(today, result))),
    )


def _assumptions(result: Result) -> Section:
    rows = []
    for item in describe(result.assumptions):
        span = f"{item['low']:,g} to {item['high']:,g}"
        value = item["value"]
        shown = value if isinstance(value, str) else f"{value:,g}"
        name = in_words(item["assumption"])
        rows.append(
            (
                name,
                shown,
                span if item["swept"] else f"{span}, not swept",
                str(item["unit"]),
                str(item["source"]),
            )
        )
    heads = ("Assumption", "Value", "Range", "Unit", "Source")
    caption = "Every figure rests on these. What is not swept does not widen the intervals."
    table = Table(caption, heads, tuple(rows), (2.2, 0.9, 1.6, 1.7, 5.0))
    return Section(title="Assumptions", tables=(table,))


def _sources(results: Sequence[Result]) -> Section:
    cited = citations()
    keys = dict.fromkeys(key for result in results for key in result.scenario.sources)
    seabed = results[0].theatre.seabed
    name = "ETOPO5 (NOAA, public domain)" if seabed.name.startswith("shipped") else seabed.name
    data: list[Any] = [
        "Coast: GSHHG 2.3.6 (Wessel & Smith 1996, doi:10.1029/96JB00104), LGPL-3.",
        f"Seabed: {name}.",
        "Straits, islands and populations: published values with their sources in data/.",
    ]
    return Section(title="Sources", points=(*data, *(f"{k}: {cited.get(k, k)}" for k in keys)))
