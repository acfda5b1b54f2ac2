"""Maps for print: the theatre, one scenario, and several scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
COLUMNS: Mapping[str, int] = MappingProxyType({"column": 2, "page": 4, "slide": 5})
MOST_SMALL_PT = 7.5  # the type of small maps, and of names of straits, on a slide
# Of the width of the sheet that the names of small maps in a row may fill: beside a legend less.
SMALL_ROOM: Mapping[str, float] = MappingProxyType({"column": 0.95, "page": 0.95, "slide": 0.66})
# Between names of straits, so that none lies on the next.
NAME_GAP_KM: Mapping[str, float] = MappingProxyType({"column": 62, "page": 40, "slide": 54})


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
    columns = min(len(results), COLUMNS[width])
    rows = -(-len(results) // columns)
    figure = sheet(width, column=0.57 * rows, page=0.29 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    wide_pt = SMALL_ROOM[width] * WIDTHS[width].mm / MM_PER_PT
    for axes, result in zip(grid.flat, results, strict=False):
        _draw_small(axes, result, room_pt=wide_pt / columns)
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
    points = min(mpl.rcParams["font.size"] - 0.5, MOST_SMALL_PT)
    name = fitted(drawn(name_of(result)), room_pt, points, lines=2)
    axes.set_title("\n".join(name), fontsize=points, pad=3)
    record = result.record
    axes.text(
        0.03,
        0.97,
        _small_words(record),
        transform=axes.transAxes,
        va="top",
        fontsize=0.833 * (points + 0.5),  # "small"
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
    _draw_exits(axes, theatre, gap_km=NAME_GAP_KM[width])
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
        points = min(0.833 * mpl.rcParams["font.size"], MOST_SMALL_PT)  # "small"
        axes.text(x, y, words, va="center", fontsize=points, path_effects=edge, zorder=8)
