"""Cards: what a theatre, an option, a result or a frontier shows of itself in a notebook.

Plain tables without scripts or links. Colours of text and ground are left to the notebook, so
that they are legible in light and dark ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from okhotsk.scenario.island_sets import name_runs
from okhotsk.theatre.coast import read_islands

if TYPE_CHECKING:
    from okhotsk.assessment.record import Assessment
    from okhotsk.scenario.island_sets import Block
    from okhotsk.scenario.model import Cession, Scenario
    from okhotsk.sweep.frontier import Frontier
    from okhotsk.theatre.model import Theatre

# Label, column of the record, and how its value is written.
FIGURES = (
    ("Ceded land", "ceded_land_km2", "{:,.0f} km²"),
    ("People on it", "ceded_population", "{:,}"),
    ("Japanese economic zone in the sea", "jp_eez_km2", "{:,.0f} km²"),
    ("Shortest seal line", "barrier_km", "{:,.0f} km"),
    ("Least cross-section of a seal line", "barrier_area_km2", "{:,.0f} km²"),
    ("Refuge, of patrol water", "refuge_share", "{:.1%}"),
    ("In sight of hostile shores, of patrol water", "sensed_share", "{:.1%}"),
    ("Deepest way in for others", "access_depth_m", "{:,.0f} m"),
    ("Exposure on Russia's least exposed way out", "egress_exposure", "{:.2f}"),
    ("Exposure on the least exposed way in for others", "intruder_exposure", "{:.2f}"),
)
FORCES = {"JP": "Japanese", "RU": "Russian", "none": "none (demilitarised)"}
COLOURS = {
    "JP": "dark blue",
    "none": "light blue (demilitarised)",
    "RU": "purple (Russian forces stay)",
}
# Notebooks style bare tables each in their own way: what must hold is said on every cell.
TABLE = "border-collapse:collapse;margin:0 0 .6em;text-align:left;color:inherit;font-size:13px"
CAPTION = (
    "caption-side:top;text-align:left;font-weight:600;font-size:15px;color:inherit;padding:0 0 .3em"
)
CELL = (
    "padding:.2em .8em .2em 0;text-align:{side};vertical-align:top;white-space:{wrap};"
    "font-weight:{weight};border:0;border-bottom:1px solid rgba(128,128,128,.35)"
)
NOTE = "margin:.2em 0;font-size:12px;max-width:60em;opacity:.85"
ROW = "display:flex;flex-wrap:wrap;gap:0 2em;align-items:flex-start"


def assessment_card(result: Assessment) -> str:
    """Return the figures of an option beside today's, its limits, and a small map, as HTML."""
    title, today = result.scenario.title, result.today
    beside = result.scenario.scenario_id != today["scenario_id"]
    head = ["", "this option", "today"] if beside else ["", "today"]
    records = [result.record, today] if beside else [result.record]
    rows = [
        [label, *(_written(record[key], style) for record in records)]
        for label, key, style in FIGURES
    ]
    if result.uncounted:
        rows[1][1] = f"at least {rows[1][1]}"
    rows.insert(3, [_exits_label(result), *map(_exits, records)])
    record = result.record
    rows.append(["Index, 100 as today", f"{record['index']:.0f}", *["100"] * beside])
    interval = f"{record['index_low']:.0f} to {record['index_high']:.0f}"
    rows.append(["Index, 5–95% over assumptions and weightings", interval, *[""] * beside])
    shown = f'<div style="{ROW}">{_table(title, head, rows)}{_picture(result)}</div>'
    return f"<div>{shown}{_notes([*_changed(result), *result.notes])}</div>"


def scenario_card(scenario: Scenario) -> str:
    """Return what an option hands over, who proposed it and when, as HTML."""
    names = ("date", "proponent", "status", "line")
    texts = [[name.title(), getattr(scenario, name)] for name in names if getattr(scenario, name)]
    texts += [["Sources", ", ".join(scenario.sources)]] if scenario.sources else []
    facts = _table(scenario.title, [], [["Id", scenario.scenario_id], *texts])
    rows = [[_names(units), part, FORCES[forces]] for units, part, forces in _ceded(scenario)]
    given = _table("", ["handed over", "part", "forces that may stand there"], rows)
    given = given if rows else f'<p style="{NOTE}">Nothing is handed over.</p>'
    return f"<div>{facts}{given}{_notes([scenario.context] if scenario.context else [])}</div>"


def theatre_card(theatre: Theatre) -> str:
    """Return what a theatre holds, and how fine, as HTML."""
    rows, cols = theatre.grid.shape
    deepest = theatre.seabed.depth_m[theatre.sea.mask].max()
    resolved = sum(throat.resolved for throat in theatre.throats)
    west, south, east, north = theatre.grid.bounds
    lines = [
        ["Sea of Okhotsk", f"{theatre.sea_km2:,.0f} km², down to {deepest:,.0f} m"],
        ["Straits", f"{len(theatre.throats)}, of which the seabed resolves {resolved}"],
        ["Islands of the chain", f"{len(theatre.islands)}"],
        ["Seabed", f"{theatre.seabed.name}, cells of {theatre.seabed.native_km:.1f} km"],
        ["Grid", f"{rows:,} by {cols:,} cells of {60 * theatre.grid.cell_deg[1]:g} arc-minutes"],
        ["Window", f"{west:g} to {east:g}° E, {south:g} to {north:g}° N"],
    ]
    return f"<div>{_table('Theatre', [], lines)}</div>"


def frontier_card(found: Frontier) -> str:
    """Return the largest cessions by land for every threshold, as HTML."""
    columns = [(f, m) for m in ("index", "all") for f in ("chain", "any")]
    by_land = found.table[found.table.by == "land"].to_dict("records")
    kept = {(row["threshold_percent"], row["family"], row["measure"]): row for row in by_land}
    rows = [
        [f"{percent:g}%", *(_cession(kept[percent, f, m], found.pieces) for f, m in columns)]
        for percent in dict.fromkeys(percent for percent, _, _ in kept)
    ]
    head = [
        "keep at least",
        "of the index, up the chain",
        "of the index, any combination",
        "of every measure, up the chain",
        "of every measure, any combination",
    ]
    note = (
        f"The largest by land of {found.count:,} cessions. In brackets, where it was sampled: 5 to "
        "95% over the assumptions. By people or waters, and measure by measure: .table; every "
        "step up the chain: .steps."
    )
    return f"<div>{_table('How much can be handed over', head, rows)}{_notes([note])}</div>"


def _cession(row: Mapping[Any, Any], pieces: Sequence[Block]) -> str:
    text = f"{name_runs(row['ceded'], pieces)}: {row['ceded_land_km2']:,.0f} km²"
    low, high = row.get("land_low_km2", math.nan), row.get("land_high_km2", math.nan)
    return text + (f" ({low:,.0f} to {high:,.0f})" if math.isfinite(low) else "")


def _written(value: Any, style: str) -> str:
    # No way, or no line: there is nothing to measure.
    return style.format(value) if math.isfinite(value) else "none"


def _exits_label(result: Assessment) -> str:
    deep = result.assumptions.transit_depth_m
    return f"Exits {deep:g} m deep or more: Russian / shared / Japanese"


def _exits(record: Mapping[str, Any]) -> str:
    return " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese"))


def _changed(result: Assessment) -> list[str]:
    """The assumptions that are not the default ones, in a sentence."""
    from okhotsk.scenario.assumptions import Assumptions, describe

    pairs = zip(describe(result.assumptions), describe(Assumptions()), strict=True)
    words = [
        f"{now['assumption']} is {now['value']:g} {now['unit']} (default {usual['value']:g})"
        for now, usual in pairs
        if now["value"] != usual["value"]
    ]
    return [f"Changed assumptions: {'; '.join(words)}."] if words else []


def _picture(result: Assessment) -> str:
    """The small map, as a picture in the text itself."""
    from okhotsk.maps.images import data_uri, thumbnail

    image, ceded = thumbnail(result), set(result.land[result.land.ceded].forces)
    parts = [f"ceded land {colour}" for forces, colour in COLOURS.items() if forces in ceded]
    words = "; ".join([*parts, "Japanese waters blue", "the shortest seal line black"])
    alt = escape(f"Map of {result.scenario.title}: {words}")
    return (
        f'<figure style="margin:0 0 .6em;max-width:100%"><img src="{data_uri(image)}" '
        f'width="{image.width}" height="{image.height}" alt="{alt}" '
        'style="max-width:100%;height:auto">'
        f'<figcaption style="{NOTE}">{words[0].upper()}{words[1:]}.</figcaption></figure>'
    )


def _ceded(scenario: Scenario) -> list[tuple[list[str], str, str]]:
    """Units, part and forces of what is handed over; neighbours that are alike in one row."""
    rows: list[tuple[list[str], str, str]] = []
    for cession in scenario.cessions:
        part = _part(cession)
        if rows and rows[-1][1:] == (part, cession.forces) and not cession.rule:
            rows[-1][0].append(cession.unit)
        else:
            rows.append(([cession.unit], part, cession.forces))
    return rows


def _part(cession: Cession) -> str:
    if cession.rule is None:
        return "whole"
    if cession.rule == "parallel":
        return f"south of {cession.lat:g}° N"
    return f"south of the line that halves the land of {_names(cession.among)}"


def _names(units: Iterable[str]) -> str:
    islands = read_islands()
    return ", ".join(islands[u].name if u in islands else u.title() for u in units)


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the rows; all texts are escaped here."""
    caption = f'<caption style="{CAPTION}">{escape(title)}</caption>' if title else ""
    side = "right" if len(head) in (2, 3) and not head[0] else "left"
    top = "".join(_cell("th", text, side if n else "left", 600) for n, text in enumerate(head))
    body = "".join(
        "<tr>"
        + _cell("th", row[0], "left", 400)
        + "".join(_cell("td", text, side, 400) for text in row[1:])
        + "</tr>"
        for row in rows
    )
    thead = f"<thead><tr>{top}</tr></thead>" if head else ""
    table = f'<table style="{TABLE}">{caption}{thead}<tbody>{body}</tbody></table>'
    return f'<div style="max-width:100%;overflow-x:auto">{table}</div>'  # for narrow notebooks


def _cell(tag: str, text: str, side: str, weight: int) -> str:
    # A figure stays with its unit.
    wrap = "nowrap" if side == "right" and tag == "td" else "normal"
    return (
        f'<{tag} style="{CELL.format(side=side, weight=weight, wrap=wrap)}">{escape(text)}</{tag}>'
    )


def _notes(notes: Iterable[str]) -> str:
    return "".join(f'<p style="{NOTE}">{escape(note)}</p>' for note in notes)
