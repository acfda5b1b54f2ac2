"""The index page: every scenario with its picture, and the table that compares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from okhotsk.assessment.detail import WRITTEN
from okhotsk.assessment.intervals import caution, definition, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.assessment.verdicts import answers, firmness
from okhotsk.colours import CEDED
from okhotsk.datasets import citations
from okhotsk.maps import assets
from okhotsk.maps.base_map import BaseMap, find_base_map
from okhotsk.maps.images import data_uri
from okhotsk.maps.range_chart import range_chart
from okhotsk.maps.thumbnail import thumbnail
from okhotsk.maps.widgets.takeaway import index_parts
from okhotsk.style import LOOKS
from okhotsk.theatre.ensemble import count_members

TITLE = "Handing over the Kurils: what it does to the Okhotsk bastion"
COLUMNS = (
    ("Seal line", "barrier_km", ",.0f", "km"),
    ("Section boats can use", "operating_area_km2", ",.0f", "km²"),
    ("Refuge", "refuge_share", ".1%", "of patrol water"),
    ("In sight", "sensed_share", ".1%", "of patrol water"),
    ("Russian section", "russian_operating_share", ".0%", "of the deep exits"),
    ("Ceded land", "ceded_land_km2", ",.0f", "km²"),
    ("People", "ceded_population", ",", ""),
    ("Japanese economic zone", "jp_eez_km2", ",.0f", "km²"),
)


def overview_page(
    results: Sequence[Result],
    *,
    claims: pd.DataFrame | None = None,
    explorer: str | None = None,
    base: BaseMap | None = None,
) -> str:
    """Return the page that compares scenarios and links to their maps.

    Parameters
    ----------
    results
        The assessments, of one theatre.
    claims
        The findings, from :func:`okhotsk.assessment.verdicts.claims_table`.
    explorer
        Address of the page of :mod:`okhotsk.maps.explorer.page`, where there is one.
    base
        What the pictures of a theatre share, where it is at hand.
    """
    first = results[0]
    base = base or find_base_map(first.theatre)
    return assets.render(
        "overview.html.j2",
        take=index_parts(results, TITLE),
        styles=Markup(assets.text("okhotsk/overview.css")),
        explorer=explorer,
        answers=[] if claims is None else _findings(answers(claims)),
        others=[] if claims is None else _findings(claims.drop(answers(claims).index)),
        columns=COLUMNS,
        rows=[_row(result, base) for result in results],
        values=first.assumptions,
        g="{:g}".format,
        ceded=CEDED,
        zones=LOOKS["zones"].swatches,
        seal=LOOKS["seal_lines"].of("seal").line,
        surveyed=_surveyed(results),
        spread=_spread(first),
        members=count_members(first.theatre),
        limits=_limits(results),
        seabed=_seabed(first),
        key=first.theatre.key[:12],
        details=WRITTEN,
    )


def _findings(claims: pd.DataFrame) -> list[dict[str, str]]:
    """Sentences, and how firmly each holds."""
    rows: list[Any] = claims.to_dict("records")
    return [{"sentence": row["sentence"], "firm": firmness(row)} for row in rows]


def _row(result: Result, base: BaseMap) -> dict[str, Any]:
    """What the page says of one scenario."""
    scenario, record, cited = result.scenario, result.record, citations()
    return {
        "page": f"{scenario.scenario_id}.html",
        "title": scenario.title,
        "index": f"{record['index']:.0f}",
        "chart": range_chart(result.range_curve, chosen_km=result.assumptions.sensor_range_km),
        "changes": bool(result.land.ceded.any()),
        "plain": f"{result.index_without_sensors:.0f}",
        "spread": f"({record['index_low']:.0f}–{record['index_high']:.0f})",
        "cells": [_cell(result, key, style) for _, key, style, _ in COLUMNS],
        "below": [_below(result, key, style) for _, key, style, _ in COLUMNS],
        "exits": " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese")),
        "picture": data_uri(thumbnail(result, base=base)),
        "line": f"seal line {record['barrier_km']:,.0f} km, refuge {record['refuge_share']:.0%}",
        "context": scenario.context,
        "sources": "; ".join(cited.get(key, key) for key in scenario.sources),
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
