"""Charts of curves: refuge over the standoff, enclosed water over the line, reach over depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from okhotsk.assessment.record import Result
from okhotsk.colours import INK, JAPAN, RUSSIA, SERIES, SOFT
from okhotsk.raster.arrays import FloatArray
from okhotsk.report.captions import full_title, scenario_credit, short_title
from okhotsk.report.layout import entitle, foot, sheet
from okhotsk.report.titles import depths_finding, enclosure_finding, in_sentence, refuge_finding

PASSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"access": ("others, in", JAPAN), "egress": ("Russia, out", RUSSIA)}
)
DEPTH_MARKS_M = (20, 50, 100, 200, 500, 1000, 2000)
ENCLOSURE_NOTE = (
    "Most patrol water that a line of given length can enclose. Computed on blocks of 10' x 15': "
    "lengths are not those of the seal line. The first and last "
    "point of each curve are left out as unreliable. "
)
DEPTH_NOTE = "Numbers: exits that the keel passes outside the other side's territorial sea. "


@dataclass(frozen=True)
class Curve:
    """A named curve, with its colour and stroke."""

    name: str
    x: FloatArray
    y: FloatArray
    colour: str
    stroke: str

    @property
    def look(self) -> dict[str, Any]:
        """Its colour and stroke, as matplotlib names them."""
        return {"color": self.colour, "linestyle": self.stroke}

    @property
    def end(self) -> tuple[float, float]:
        """Its last point."""
        return float(self.x[-1]), float(self.y[-1])


def draw_refuge(results: Sequence[Result], *, width: str) -> Figure:
    """Draw refuge over the distance that is kept from hostile shores."""
    figure = sheet(width, column=0.72, page=0.5)
    axes = figure.subplots()
    patrol_km2 = float(results[0].record["patrol_km2"])
    tables = [(r, r.refuge_curve) for r in results]
    points = [(r, t.standoff_km.to_numpy(), t.refuge_km2.to_numpy()) for r, t in tables]
    curves = _merge(points, lambda refuge_km2: 100 * refuge_km2 / patrol_km2)
    for curve in curves:
        axes.plot(curve.x, curve.y, **curve.look)
    axes.set_ylim(0, 100)
    axes.set_xlabel("distance kept from shores with Japanese or allied forces, km")
    axes.set_ylabel("refuge, per cent of patrol water")
    standoff_km = results[0].assumptions.refuge_standoff_km
    axes.axvline(standoff_km, color=SOFT, linewidth=0.6, linestyle=":")
    draw_grid(axes)
    entitle(figure, refuge_finding(results), width)
    note = "Dotted: the standoff that tables use. " + scenario_credit(results)
    foot(figure, note, width, handles=curve_keys(curves), ncols=1 if width == "column" else 3)
    return figure


def draw_enclosure(results: Sequence[Result], *, width: str) -> Figure:
    """Draw patrol water enclosed over the length of the line, without the unreliable ends."""
    figure = sheet(width, column=0.72, page=0.5)
    axes = figure.subplots()
    tables = [(r, r.enclosure.iloc[1:-1]) for r in results]
    points = [
        (r, t.line_km.to_numpy(), t.enclosed_km2.to_numpy() / 1000) for r, t in tables if len(t) > 1
    ]
    curves = _merge(points)
    for curve in curves:
        axes.plot(curve.x, curve.y, marker="o", markersize=2.2, **curve.look)
    axes.set_xlabel("length of line over water, km")
    axes.set_ylabel("patrol water enclosed, thousand km²")
    draw_grid(axes)
    found = enclosure_finding([(in_sentence(result), x, y) for result, x, y in points])
    entitle(figure, found, width)
    note = ENCLOSURE_NOTE + scenario_credit(results)
    foot(figure, note, width, handles=curve_keys(curves), ncols=1 if width == "column" else 3)
    return figure


def draw_depth_access(result: Result, *, width: str) -> Figure:
    """Draw patrol water that a keel reaches, and the exits that close with its depth."""
    figure = sheet(width, column=0.95, page=0.6)
    panels = figure.subplots(2, 1, sharex=True)
    for axes, (passage, (words, colour)) in zip(panels, PASSAGES.items(), strict=True):
        table = result.keels[result.keels.way == passage].sort_values("keel_m")
        _draw_reach(axes, table, colour)
        axes.set_ylim(0, float(result.record["patrol_km2"]) / 1000 * 1.12)
        axes.set_title(f"{words}: patrol water reached, and open exits", fontweight="normal")
        _count_exits(axes, table)
        draw_grid(axes)
    _mark_depths(panels[-1], result.keels.keel_m.max())
    entitle(figure, depths_finding(result), width, name=full_title(result))
    foot(figure, DEPTH_NOTE + scenario_credit([result]), width)
    return figure


def draw_grid(axes: Axes, axis: str = "y") -> None:
    """Draw the grid of one axis below all else."""
    axes.grid(axis=axis)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def curve_keys(curves: Iterable[Curve]) -> list[Artist]:
    """Legend entries of curves in the order of their right ends, strokes and all."""
    return [
        Line2D([], [], label=curve.name, **curve.look)
        for curve in sorted(curves, key=lambda curve: -curve.end[1])
    ]


def _merge(
    points: Sequence[tuple[Result, FloatArray, FloatArray]],
    scale: Callable[[FloatArray], FloatArray] = lambda y: y,
) -> list[Curve]:
    """Curves of scenarios, their heights scaled; scenarios that share one are named together."""
    found: list[tuple[list[str], FloatArray, FloatArray]] = []
    for result, x, y in points:
        same = next((f for f in found if _equal(f[1], x) and _equal(f[2], y)), None)
        if same:
            same[0].append(short_title(result))
        else:
            found.append(([short_title(result)], x, y))
    return [
        Curve("; ".join(names), x, scale(y), *SERIES[n % len(SERIES)])
        for n, (names, x, y) in enumerate(found)
    ]


def _equal(one: FloatArray, other: FloatArray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-3)


def _draw_reach(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    x, y = table.keel_m.to_numpy(), table.reached_km2.to_numpy() / 1000
    axes.step(x, y, where="post", color=colour)
    axes.fill_between(x, 0, y, step="post", alpha=0.12, linewidth=0, color=colour)
    axes.set_ylabel("thousand km²")


def _mark_depths(axes: Axes, deepest_m: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(right=deepest_m * 1.05)
    marks = [depth_m for depth_m in DEPTH_MARKS_M if depth_m <= deepest_m]
    axes.set_xticks(marks, [str(depth_m) for depth_m in marks])
    axes.minorticks_off()
    axes.set_xlabel("depth of the keel, m")


def _count_exits(axes: Axes, table: pd.DataFrame) -> None:
    """Write the number of open exits where it changes and there is room."""
    counts = table.straits_open.map(len).to_numpy()
    last_m = 0.0
    for n in np.flatnonzero(np.append(True, np.diff(counts) != 0)):
        keel_m = float(table.keel_m.iloc[n])
        if keel_m >= last_m * 1.12:
            last_m = keel_m
            axes.annotate(
                str(counts[n]),
                (keel_m, table.reached_km2.iloc[n] / 1000),
                xytext=(1, 2),
                textcoords="offset points",
                color=INK,
                fontsize="small",
            )
