"""The index page: every option with its picture, and the table that compares them."""

from __future__ import annotations

import html
from collections.abc import Sequence

from okhotsk.assessment.detail import WRITTEN
from okhotsk.assessment.record import Result
from okhotsk.datasets import citations
from okhotsk.maps.images import data_uri, thumbnail

COLUMNS = (
    ("Seal line", "barrier_km", ",.0f", "km"),
    ("Seal cross-section", "barrier_area_km2", ",.0f", "km²"),
    ("Refuge", "refuge_share", ".1%", "of patrol water"),
    ("In sight of hostile shores", "sensed_share", ".1%", "of patrol water"),
    ("Throat area Russian", "russian_throat_share", ".0%", ""),
    ("Ceded land", "ceded_land_km2", ",.0f", "km²"),
    ("People", "ceded_population", ",", ""),
    ("Japanese territorial sea", "jp_territorial_sea_km2", ",.0f", "km²"),
    ("Japanese economic zone", "jp_eez_km2", ",.0f", "km²"),
)

STYLES = """
:root { --ink: #17222d; --quiet: #4a5866; --line: #c5cdd5; --accent: #17567f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 20px 60px; color: var(--ink);
  background: #fff; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; }
h2 { font-size: 18px; margin: 34px 0 10px; }
p { max-width: 76ch; margin: 0 0 10px; }
a { color: var(--accent); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 4px; }
table { border-collapse: collapse; width: 100%; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th, td { padding: 7px 10px; text-align: right; border-bottom: 1px solid #e4e9ed; }
thead th { vertical-align: bottom; font-weight: 600; color: var(--quiet); font-size: 12.5px;
  line-height: 1.3; background: #f5f7f9; }
thead small { display: block; font-weight: 400; }
tbody th { text-align: left; font-weight: 500; min-width: 190px; position: sticky; left: 0;
  background: #fff; }
thead th:first-child { text-align: left; position: sticky; left: 0; }
tbody tr:last-child > * { border-bottom: 0; }
.options { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr));
  gap: 22px 18px; }
.options a { text-decoration: none; color: inherit; display: block; }
.options img { width: 100%; height: auto; display: block; border: 1px solid var(--line);
  border-radius: 3px; }
.options a:hover img, .options a:focus-visible img { border-color: var(--accent);
  box-shadow: 0 0 0 2px var(--accent); }
.options strong { display: block; margin-top: 6px; line-height: 1.3; color: var(--accent); }
.options span { color: var(--quiet); font-size: 13.5px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13.5px; color: var(--quiet);
  padding: 0; margin: 0 0 12px; list-style: none; }
.key i { display: inline-block; width: 22px; height: 10px; margin-right: 6px; }
dt { font-weight: 600; }
dd { margin: 0 0 6px; color: var(--quiet); max-width: 80ch; overflow-wrap: anywhere; }
td { white-space: nowrap; }
.small { margin-top: 10px; font-size: 13px; color: var(--quiet); overflow-wrap: anywhere; }
@media (max-width: 599px) { body { padding: 16px 12px 40px; } h1 { font-size: 21px; }
  tbody th { min-width: 130px; } th, td { padding: 6px 7px; } }
@media print { @page { size: A4; margin: 15mm; } body { padding: 0; font-size: 10pt; }
  h2, dt { break-after: avoid; } h2:has(+ .key) { break-before: page; }
  p, dd { orphans: 3; widows: 3; max-width: none; }
  .scroll { overflow: visible; border: 0; } a { color: inherit; } table { font-size: 7.5pt; }
  th, td { padding: 3px; } tr, .options a { break-inside: avoid; } thead th { font-size: 7pt; }
  thead th small { font-size: 6.5pt; } tbody th { min-width: 110px; position: static; }
  .options { grid-template-columns: repeat(4, 1fr); gap: 12px; }
  .key i, .options img, thead th { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handing over the Kurils: what it does to the Okhotsk bastion</title>
<link rel="icon" href="data:,">
<style>{styles}</style>
</head>
<body>
<h1>Handing over the Kurils: what it does to the Okhotsk bastion</h1>
<p>How much of the Kuril chain can Russia hand to Japan and still keep the Sea of Okhotsk as a \
sealed bastion for its missile submarines? Each option below was assessed on the coast, seabed \
and straits of the sea.</p>
{explorer}{table}
<p class="small">Zones are measured inside the Sea of Okhotsk. Seal line: the shortest line over \
water at least {transit:g} m deep that keeps the core of the sea from the open ocean and Japanese \
territorial sea. Refuge: patrol water ({patrol:g} m and deeper) further than {standoff:g} km from \
every shore where Japanese forces may stand. In sight: in submerged line of sight of such a shore, \
within {sensor:g} km, a point of the swept range and no claim. Index: a weighted geometric mean of \
seven ratios to the status quo; in brackets the 5th and 95th percentile over all assumptions and \
weightings. Deep exits have a sill of at least {transit:g} m on \
this seabed. People: civil residents where a source counts them.</p>
<h2>Maps</h2>
<ul class="key"><li><i style="background:#0b5fa5"></i>ceded land, Japanese forces allowed</li>\
<li><i style="background:#8fc1ea"></i>demilitarised</li>\
<li><i style="background:repeating-linear-gradient(135deg,#fff 0 2px,#8a3d8f 2px 6px)"></i>\
Russian forces stay</li>\
<li><i style="background:#0b5fa5;opacity:.5"></i>Japanese territorial sea</li>\
<li><i style="background:#0b5fa5;opacity:.2"></i>Japanese economic zone</li>\
<li><i style="background:#111;height:3px;vertical-align:middle"></i>shortest seal line</li></ul>
<div class="options">{cards}</div>
<h2>What limits these figures</h2>
<p>{limits}</p>
<h2>Sources of the options</h2>
<dl>{sources}</dl>
<p class="small">Coast: GSHHG 2.3.6 (LGPL-3). Seabed: {seabed}. Theatre {key}. Tables: \
<a href="assessment.csv">assessment.csv</a>, <a href="straits.csv">straits.csv</a>; behind them \
{details} (also as .json). Assumptions, versions, digests: <a href="run.json">run.json</a>.</p>
</body>
</html>
"""


def overview_page(results: Sequence[Result], *, explorer: str | None = None) -> str:
    """Return the page that compares options and links to their maps.

    ``explorer`` is the address of the page of :mod:`okhotsk.maps.explorer.page`, where there is
    one.
    """
    first = results[0]
    values = first.assumptions
    return PAGE.format(
        styles=STYLES,
        explorer=_explorer(explorer) if explorer else "",
        table=_table(results),
        cards="".join(map(_card, results)),
        limits=html.escape(_limits(results)),
        sources="".join(map(_sources, results)),
        transit=values.transit_depth_m,
        patrol=values.patrol_depth_m,
        standoff=values.refuge_standoff_km,
        sensor=values.sensor_range_km,
        seabed=html.escape(_seabed(first)),
        key=first.theatre.key[:12],
        details=", ".join(f'<a href="{name}.csv">{name}</a>' for name in WRITTEN),
    )


def _explorer(address: str) -> str:
    words = "hand islands over at a click, or drag the border along the chain"
    return f'<p><a href="{html.escape(address)}">Explorer</a>: {words}.</p>\n'


def _seabed(result: Result) -> str:
    seabed = result.theatre.seabed
    name = "ETOPO5 (NOAA, public domain)" if seabed.name.startswith("shipped") else seabed.name
    return f"{name}, cells of {seabed.native_km:.1f} km"


def _table(results: Sequence[Result]) -> str:
    heads = "".join(
        f'<th scope="col">{label}<small>{unit}</small></th>' for label, _, _, unit in COLUMNS
    )
    rows = "".join(_row(result) for result in results)
    heads = '<th scope="col">Index<small>today 100 (5–95%)</small></th>' + heads
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Comparison of the options">'
        f'<table><thead><tr><th scope="col">Option</th>{heads}<th scope="col">Deep exits'
        f"<small>Russian / shared / Japanese</small></th></tr></thead><tbody>{rows}</tbody></table>"
        "</div>"
    )


def _row(result: Result) -> str:
    record = result.record
    cells = "".join(f"<td>{_cell(result, key, style)}</td>" for _, key, style, _ in COLUMNS)
    spread = f"({record['index_low']:.0f}–{record['index_high']:.0f})"
    cells = f"<td><b>{record['index']:.0f}</b> {spread}</td>{cells}"
    exits = " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese"))
    name, title = result.scenario.scenario_id, html.escape(result.scenario.title)
    link = f'<a href="{name}.html">{title}</a>'
    return f'<tr><th scope="row">{link}</th>{cells}<td>{exits}</td></tr>'


def _cell(result: Result, key: str, style: str) -> str:
    least = "≥ " if key == "ceded_population" and result.uncounted else ""
    return least + format(result.record[key], style)


def _card(result: Result) -> str:
    scenario, record = result.scenario, result.record
    title = html.escape(scenario.title)
    picture = data_uri(thumbnail(result))
    line = f"seal line {record['barrier_km']:,.0f} km, refuge {record['refuge_share']:.0%}"
    return (
        f'<a href="{scenario.scenario_id}.html"><img src="{picture}" width="420" '
        f'alt="Map: {title}" loading="lazy"><strong>{title}</strong><span>{line}</span></a>'
    )


def _limits(results: Sequence[Result]) -> str:
    """Every note once, in order of appearance."""
    notes = dict.fromkeys(note for result in results for note in result.notes)
    return " ".join(
        [
            f"The seabed has cells of {results[0].theatre.seabed.native_km:.1f} km: sills of "
            "narrow straits are smoothed. A better one can be given on the command line.",
            *notes,
        ]
    )


def _sources(result: Result) -> str:
    cited = citations()
    scenario = result.scenario
    listed = "; ".join(html.escape(cited.get(key, key)) for key in scenario.sources)
    context = html.escape(scenario.context)
    return (
        f"<dt>{html.escape(scenario.title)}</dt><dd>{context}</dd>"
        f'<dd class="small">Sources: {listed}.</dd>'
    )
