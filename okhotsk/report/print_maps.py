"""Maps for print: the theatre, one scenario, and several scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from okhotsk.assessment.intervals import between
from okhotsk.assessment.record import Result
from okhotsk.colours import SECTION, SOFT, WHITE
from okhotsk.report import map_layers as layers
from okhotsk.report.captions import (
    full_title,
    name_of,
    record_note,
    scenario_credit,
    theatre_credit,
)
from okhotsk.report.layout import MM_PER_PT, WIDTHS, entitle, foot, sheet
from okhotsk.report.lettering import drawn, fitted
from okhotsk.report.map_frame import HALO_PT, draw_frame, draw_names, draw_scale, halo
from okhotsk.report.projection import Edges, clip, fill, project, stroke
from okhotsk.report.titles import line_finding, lines_finding, theatre_finding
from okhotsk.theatre.model import Theatre

SEA: Edges = (-950.0, -850.0, 950.0, 1330.0)
CHAIN: Edges = (-730.0, -800.0, 700.0, 640.0)
LARGE_LANDS = layers.LARGE_LANDS | {"sakhalin"}
EXIT_PT = 2.6
SMALL_ROOM = 0.95  # of its column that the name of a small map may fill


def draw_scenario(result: Result, *, width: str) -> Figure:
    """Draw the map of one scenario: the layers of its interactive map."""
    figure = sheet(width, column=1.0, page=1.0)
    axes = figure.subplots()
    draw_frame(axes, CHAIN)
    layers.draw_seabed(axes, result.theatre, CHAIN)
    layers.draw_waters(axes, result, CHAIN)
    layers.draw_zones(axes, result, CHAIN)
    layers.draw_land(axes, result, CHAIN, tolerance_km=2.0)
    layers.draw_straits(axes, result)
    layers.draw_seal(axes, result)
    draw_names(axes, CHAIN, ("sea", "ocean", "land", "island", "island-west"))
    draw_scale(axes, CHAIN)
    narrow = width == "column"
    entitle(figure, line_finding(result), width, name=full_title(result))
    keys = [*_common_keys(), *layers.water_keys(), *layers.ceded_keys([result])]
    foot(figure, scenario_credit([result]), width, handles=keys, ncols=2 if narrow else 3)
    return figure


def _common_keys(*, section: bool = True) -> list[Artist]:
    return [*layers.seal_keys(section=section), *layers.strait_keys(), *layers.zone_keys()]


def draw_scenarios(results: Sequence[Result], *, width: str) -> Figure:
    """Draw small maps of several scenarios, each with the length of its line and its refuge."""
    narrow = width == "column"
    columns = min(len(results), 2 if narrow else 4)
    rows = -(-len(results) // columns)
    figure = sheet(width, column=0.57 * rows, page=0.29 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, result in zip(grid.flat, results, strict=False):
        _draw_small(axes, result, room_pt=SMALL_ROOM * WIDTHS[width].mm / MM_PER_PT / columns)
    for axes in grid.flat[len(results) :]:
        axes.set_visible(False)
    entitle(figure, lines_finding(results), width)
    keys = [*_common_keys(section=False), *layers.ceded_keys(results)]
    note = record_note(results, "In brackets behind the length of the line")
    foot(figure, note + scenario_credit(results), width, handles=keys, ncols=2 if narrow else 4)
    return figure


def _draw_small(axes: Axes, result: Result, *, room_pt: float) -> None:
    draw_frame(axes, CHAIN, every_deg=10)
    axes.set_xticks([])
    axes.set_yticks([])
    layers.draw_seabed(axes, result.theatre, CHAIN)
    layers.draw_zones(axes, result, CHAIN)
    layers.draw_land(axes, result, CHAIN, tolerance_km=6.0)
    layers.draw_straits(axes, result, scale=0.6)
    layers.draw_seal(axes, result, section=False, scale=0.8)
    points = mpl.rcParams["font.size"] - 0.5
    name = fitted(drawn(name_of(result)), room_pt, points, lines=2)
    axes.set_title("\n".join(name), fontsize=points, pad=3)
    record = result.record
    axes.text(
        0.03,
        0.97,
        _small_words(record),
        transform=axes.transAxes,
        va="top",
        fontsize="small",
        zorder=9,
        bbox={"facecolor": WHITE, "alpha": 0.8, "linewidth": 0, "pad": 1.5},
    )


def _small_words(record: Mapping[str, Any]) -> str:
    """Length of the line with its interval over seabeds, and refuge."""
    line = f"line {record['barrier_km']:,.0f} km{between(record, 'barrier_km', ',.0f')}"
    return f"{line}\nrefuge {record['refuge_share']:.0%}"


def draw_theatre(theatre: Theatre, *, width: str) -> Figure:
    """Draw the sea with its limits, its straits and its depths."""
    figure = sheet(width, column=1.16, page=1.14)
    axes = figure.subplots()
    draw_frame(axes, SEA)
    layers.draw_seabed(axes, theatre, SEA)
    for unit, land in theatre.lands.items():
        shape = clip(land, SEA, tolerance_km=2.5 if unit in LARGE_LANDS else 0.6)
        fill(axes, shape, zorder=4, **layers.land_look("RU"))
    _draw_exits(axes, theatre, gap_km=62 if width == "column" else 40)
    draw_names(axes, SEA, ("sea", "land"))
    draw_scale(axes, SEA)
    entitle(figure, theatre_finding(theatre), width)
    credit = (
        f"Sea inside its computed limits: {theatre.sea_km2:,.0f} km². {theatre_credit(theatre)} "
        "Computed with okhotsk."
    )
    foot(figure, credit, width, handles=_exit_keys(), ncols=1 if width == "column" else 2)
    return figure


def _draw_exits(axes: Axes, theatre: Theatre, *, gap_km: float) -> None:
    exits = [throat for throat in theatre.throats if throat.strait.exit]
    for throat in exits:
        colour = SOFT if throat.sill_depth_m is None else SECTION
        line = project(throat.line)
        stroke(axes, line, color=colour, linewidth=EXIT_PT, zorder=5, **layers.BUTT)
    _name_straits(axes, [t for t in exits if t.sill_depth_m is not None], gap_km=gap_km)


def _exit_keys() -> list[Artist]:
    return [
        Line2D([], [], color=colour, linewidth=EXIT_PT, label=words)
        for colour, words in (
            (SECTION, "exit, with its sill in metres"),
            (SOFT, "exit too narrow for the seabed: no depth"),
        )
    ]


def _name_straits(axes: Axes, throats: Sequence[Any], *, gap_km: float) -> None:
    """Write names on the Pacific side, one under the other, each with a line to its strait."""
    ends = sorted(((project(t.line.centroid), t) for t in throats), key=lambda end: -end[0].y)
    last = np.inf
    for end, throat in ends:
        kuril = throat.strait.kuril
        y = min(end.y - 25, last - gap_km) if kuril else end.y - 60
        last = y if kuril else last
        x = end.x + (120 + 0.3 * (end.y - y) if kuril else 60)
        axes.plot([end.x, x - 8], [end.y, y], color=SOFT, linewidth=0.4, zorder=6)
        words = f"{throat.strait.name.split(' (')[0]} {throat.sill_depth_m:.0f}"
        edge = halo(HALO_PT, alpha=0.85)
        axes.text(x, y, words, va="center", fontsize="small", path_effects=edge, zorder=8)
