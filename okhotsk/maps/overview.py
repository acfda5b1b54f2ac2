"""The index page: every scenario with its picture, and the table that compares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from okhotsk.assessment.claims import read_claims
from okhotsk.assessment.detail import WRITTEN
from okhotsk.assessment.index import PERCENTILES
from okhotsk.assessment.intervals import caution, definition, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.assessment.statements import NO_TITLE, kept_note, unsealed
from okhotsk.assessment.verdicts import answers, firmness
from okhotsk.colours import CEDED
from okhotsk.datasets import citations
from okhotsk.maps import assets
from okhotsk.maps.answer import Answer, find_answer, in_short, short_title
from okhotsk.maps.base_map import BaseMap, find_base_map
from okhotsk.maps.chain_picture import chain_picture
from okhotsk.maps.dot_chart import NARROW, WIDE, dot_chart, dot_kinds, seabed_words
from okhotsk.maps.images import data_uri
from okhotsk.maps.range_chart import range_chart
from okhotsk.maps.thumbnail import thumbnail
from okhotsk.maps.widgets.takeaway import index_parts
from okhotsk.measures.columns import read_columns
from okhotsk.style import BASELINE, LOOKS
from okhotsk.theatre.coast import read_islands
from okhotsk.theatre.ensemble import count_members

TITLE = "How much of the Kurils can Russia cede and keep the Sea of Okhotsk a sealed bastion?"


def _exposure(column: str) -> str:
    """What stands below the name of an exposure: whether a high one is good for Russia."""
    return f"exposure; {read_columns()[column].judged}"


# The columns of the table that all readers see, and of the one on demand.
COLUMNS = (
    ("Ceded land", "ceded_land_km2", ",.0f", "km²"),
    ("Seal line", "barrier_km", ",.0f", "km"),
)
MORE = (
    ("Section boats can use", "operating_area_km2", ",.0f", "km²"),
    ("Refuge", "refuge_share", ".1%", "of patrol water"),
    ("In sight", "sensed_share", ".1%", "of patrol water"),
    ("Russian section", "russian_operating_share", ".0%", "of the deep exits"),
    ("Warning of intruders", "intruder_exposure", ".2f", _exposure("intruder_exposure")),
    ("Way out", "egress_exposure", ".2f", _exposure("egress_exposure")),
    ("Way from the base", "base_exposure", ".2f", _exposure("base_exposure")),
    ("People", "ceded_population", ",", ""),
    ("Japanese economic zone", "jp_eez_km2", ",.0f", "km²"),
)
WARNING = "warning"
HALF = 0.5  # a component with less left is marked


def overview_page(
    results: Sequence[Result],
    *,
    claims: pd.DataFrame | None = None,
    explorer: str | None = None,
    report: str | None = None,
    base: BaseMap | None = None,
) -> str:
    """Return the page that compares scenarios and links to their maps.

    Parameters
    ----------
    results
        The assessments, of one theatre.
    claims
        The findings, from :func:`okhotsk.assessment.verdicts.claims_table`.
    explorer, report
        Addresses of the page of :mod:`okhotsk.maps.explorer.page` and of the briefing, where
        there is one.
    base
        What the pictures of a theatre share, where it is at hand.
    """
    first = results[0]
    base = base or find_base_map(first.theatre)
    answer = find_answer(results, claims)
    return assets.render(
        "overview.html.j2",
        title=TITLE,
        take=index_parts(results, TITLE),
        styles=Markup(assets.text("okhotsk/overview.css")),
        explorer=explorer,
        report=report,
        answer=answer.sentence,
        unsealed=unsealed(results),
        kept=kept_note(),
        no_title=NO_TITLE,
        answers=[] if claims is None else _findings(answers(claims), results),
        findings=[] if claims is None else _findings(claims, results),
        picture=_picture(results, answer, base),
        charts=[dot_chart(results, form) for form in (WIDE, NARROW)],
        kinds=dot_kinds(results),
        seabeds=seabed_words(results),
        columns=COLUMNS,
        more=MORE,
        rows=[_row(result, base) for result in results],
        values=first.assumptions,
        g="{:g}".format,
        ceded=CEDED,
        zones=LOOKS["zones"].swatches,
        seal=LOOKS["seal_lines"].of("seal").line,
        baseline=BASELINE.line,
        surveyed=_surveyed(results),
        spread=_spread(first),
        below=_below_figure(results),
        members=count_members(first.theatre),
        percentiles=PERCENTILES,
        limits=_limits(results),
        seabed=_seabed(first),
        key=first.theatre.key[:12],
        details=WRITTEN,
    )


def _findings(claims: pd.DataFrame, results: Sequence[Result]) -> list[dict[str, Any]]:
    """Sentences, in full and in few words, and how firmly each holds."""
    known = {result.scenario.scenario_id: result for result in results}
    short = {
        claim.claim_id: in_short(claim, known)
        for claim in read_claims()
        if claim.scenarios <= set(known)
    }
    rows: list[Any] = claims.to_dict("records")
    return [
        {
            "sentence": row["sentence"],
            "short": short.get(row["claim_id"]) or row["sentence"],
            "firm": firmness(row),
            "held": round(row["holds_share"] * row["worlds"]),
            "worlds": row["worlds"],
        }
        for row in rows
    ]


def _picture(results: Sequence[Result], answer: Answer, base: BaseMap) -> dict[str, Any]:
    """The one picture: what the answer speaks of, beside today."""
    today = next((r for r in results if not r.scenario.cessions), None)
    told = answer.lost or answer.kept
    shown = told.result if told else results[-1]
    drawn = chain_picture(shown, today, _steps(results), base=base)
    return {
        "page": f"{shown.scenario.scenario_id}.html",
        "source": data_uri(drawn.image),
        "size": drawn.image.size,
        "labels": drawn.labels,
        "ceded": bool(shown.scenario.cessions),
        "title": shown.scenario.title,
        "short": short_title(shown),
        "km": f"{shown.record['barrier_km']:,.0f}",
        "today_km": f"{today.record['barrier_km']:,.0f}" if today else "",
    }


def _steps(results: Sequence[Result]) -> list[Result]:
    """Scenarios up the chain, each with more islands than the last, open to Japanese forces."""
    steps: list[Result] = []
    islands = set(read_islands())
    for result in sorted(results, key=lambda r: float(r.record["ceded_land_km2"])):
        ceded = {part.unit for part in result.parts if part.ceded}
        open_ = all(part.forces == "JP" for part in result.parts if part.ceded)
        last = {part.unit for part in steps[-1].parts if part.ceded} if steps else set()
        if ceded and open_ and last <= ceded <= islands:
            steps.append(result)
    return steps


def _row(result: Result, base: BaseMap) -> dict[str, Any]:
    """What the page says of one scenario."""
    scenario, record, cited = result.scenario, result.record, citations()
    left = result.components[WARNING]
    return {
        "page": f"{scenario.scenario_id}.html",
        "title": scenario.title,
        "index": f"{record['index']:.0f}",
        "chart": range_chart(result.range_curve, chosen_km=result.assumptions.sensor_range_km),
        "changes": bool(result.land.ceded.any()),
        "plain": f"{result.index_without_sensors:.0f}",
        "spread": f"({record['index_low']:.0f}–{record['index_high']:.0f})",
        "cells": [(_cell(result, key, s), _below(result, key, s)) for _, key, s, _ in COLUMNS],
        "warning": f"{left:.0%}",
        "lost": left < HALF,
        "exposure": f"{record['intruder_exposure']:.2f}",
        "more": [_cell(result, key, style) for _, key, style, _ in MORE],
        "exits": " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese")),
        "picture": data_uri(thumbnail(result, base=base)),
        "line": f"seal line {record['barrier_km']:,.0f} km, refuge {record['refuge_share']:.0%}",
        "context": scenario.context,
        "sources": [cited.get(key, key) for key in scenario.sources],
    }


def _cell(result: Result, key: str, style: str) -> str:
    least = "≥ " if key == "ceded_population" and result.uncounted else ""
    survey = result.survey if key == "ceded_land_km2" else None
    surveyed = f" ({format(survey.km2, style)})" if survey else ""
    return least + format(result.record[key], style) + surveyed


def _below(result: Result, key: str, style: str) -> str:
    """What stands below a figure in small type: how far the seal line moves with the seabed."""
    found = seabed_interval(result.record, key) if key == "barrier_km" else None
    return found.dashed(style) if found else ""


def _spread(result: Result) -> str:
    """What stands below the seal line, in a sentence; empty where nothing does."""
    known = seabed_interval(result.record, "barrier_km")
    return f"Below the seal line: {definition(result.theatre)}. " if known else ""


def _below_figure(results: Sequence[Result]) -> str:
    """Why an interval of a line may lie below its figure; empty where none does."""
    for result in results:
        known, km = seabed_interval(result.record, "barrier_km"), result.record["barrier_km"]
        if known and known.high < km:
            return (
                f"The interval of a line over seabeds ({result.scenario.title}: {km:,.0f} km, "
                f"{known.dashed(',.0f')}) can lie below the figure itself: the other seabeds "
                "are rougher than the one used here, and a shortest line uses every shallow."
            )
    return ""


def _seabed(result: Result) -> str:
    seabed = result.theatre.seabed
    return f"{seabed.title}, cells of {seabed.native_km:.1f} km"


def _surveyed(results: Sequence[Result]) -> str:
    """What the brackets behind ceded land are; empty where there are none."""
    found = [result.survey for result in results if result.survey is not None]
    if not found:
        return ""
    years = " and ".join(str(year) for year in sorted({survey.year for survey in found}))
    keys = dict.fromkeys(key for survey in found for key in survey.source)
    cited = "; ".join(citations().get(key, key) for key in keys)
    return (
        "Ceded land is measured inside the shoreline of the map; in brackets the survey of "
        f"{years} ({cited}). "
    )


def _limits(results: Sequence[Result]) -> str:
    """Every note once, in order of appearance."""
    notes = dict.fromkeys(note for result in results for note in result.notes)
    return " ".join(
        [
            f"The seabed has cells of {results[0].theatre.seabed.native_km:.1f} km: sills of "
            "narrow straits are smoothed. A better one can be given on the command line.",
            *filter(None, [caution(results[0].theatre)]),
            *notes,
        ]
    )
