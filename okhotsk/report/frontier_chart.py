"""Chart of the frontier: the index and its components as the border moves up the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from okhotsk.assessment import index
from okhotsk.colours import GRID, INK, SERIES, WHITE
from okhotsk.raster.arrays import FloatArray
from okhotsk.report.captions import INTERVAL
from okhotsk.report.curves import Curve, curve_keys, draw_grid
from okhotsk.report.layout import entitle, foot, sheet
from okhotsk.report.map_frame import halo
from okhotsk.report.titles import first_island, step_finding

if TYPE_CHECKING:
    from okhotsk.sweep.frontier import Frontier

WHOLE_PERCENT = 99.5  # a component that stays above it has nothing to show
NOTE = (
    f"Components of the index against today. Shaded: {INTERVAL}. Rings: options, placed by how "
    "much land they hand over. "
)


def draw_frontier(frontier: Frontier, named: pd.DataFrame, *, width: str, credit: str) -> Figure:
    """Draw index and components over the steps, and named scenarios where they stand.

    Parameters
    ----------
    frontier
        Steps up the chain.
    named
        Scenarios to mark: columns ``short``, ``index_value``, ``ceded_land_km2``.
    width
        One of :data:`okhotsk.report.layout.WIDTHS`.
    credit
        Sources for the foot.
    """
    steps, narrow = frontier.steps, width == "column"
    figure = sheet(width, column=0.95, page=0.62)
    axes = figure.subplots()
    curves = _draw_curves(axes, steps)
    _set_axes(axes, steps)
    _mark_named(axes, steps, named)
    entitle(figure, step_finding(steps), width)
    if not narrow:
        _name_ends(axes, curves, gap=5.0)
    foot(figure, NOTE + credit, width, handles=curve_keys(curves) if narrow else (), ncols=2)
    return figure


def _draw_curves(axes: Axes, steps: pd.DataFrame) -> list[Curve]:
    x = np.arange(float(len(steps)))
    if "index_low" in steps:
        axes.fill_between(x, steps.index_low, steps.index_high, color=GRID, linewidth=0)
    curves = []
    for n, c in enumerate(index.read_recipe().components):
        percent = steps[f"{c.component_id}_percent"].to_numpy()
        if percent.min() <= WHOLE_PERCENT:
            curves.append(Curve(c.title, x, percent, *SERIES[1 + n % (len(SERIES) - 1)]))
    for curve in curves:
        axes.plot(curve.x, curve.y, **curve.look)
    axes.plot(x, steps["index"], color=INK, linewidth=2.2)
    return [*curves, Curve("index (5–95% shaded)", x, steps["index"].to_numpy(), INK, "-")]


def _set_axes(axes: Axes, steps: pd.DataFrame) -> None:
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 20))
    axes.set_xlim(0, len(steps) - 1)
    land = [
        f"{first_island(up_to)}  {km2:,.0f}"
        for up_to, km2 in zip(steps.up_to, steps.ceded_land_km2, strict=True)
    ]
    axes.set_xticks(range(len(steps)), ["nothing", *land[1:]], rotation=90, fontsize="small")
    axes.set_ylabel("per cent of today")
    axes.set_xlabel("handed over up to ..., and the land so far, km²")
    draw_grid(axes)


def _mark_named(axes: Axes, steps: pd.DataFrame, named: pd.DataFrame) -> None:
    """Draw rings at named scenarios where their land lies along the chain, with short names."""
    named = named[named.ceded_land_km2 <= steps.ceded_land_km2.max() * 1.001]
    named = named.sort_values(["ceded_land_km2", "index_value"])
    if named.empty:
        return  # an empty line that is not clipped would take room at the foot
    last = len(steps) - 1
    x = np.asarray(np.interp(named.ceded_land_km2, steps.ceded_land_km2, np.arange(last + 1.0)))
    axes.plot(
        x,
        named.index_value,
        "o",
        clip_on=False,
        markersize=4.5,
        markerfacecolor=WHITE,
        markeredgecolor=INK,
        markeredgewidth=1.1,
        linestyle="none",
        zorder=6,
    )
    for at, value, words, left in zip(
        x, named.index_value, named.short, _sides(x, last), strict=True
    ):
        axes.annotate(
            str(words),
            (at, value),
            xytext=(-5, -9) if left else (4, 5),
            fontsize="small",
            textcoords="offset points",
            ha="right" if left else "left",
            path_effects=halo(1.5),
            zorder=7,
        )


def _sides(x: FloatArray, last: int) -> list[bool]:
    """Whether each name stands on the left: near the end, or beside one on the right."""
    sides, before, left = [], -np.inf, False
    for at in x:
        left = bool(at > 0.8 * last or (at - before < 1.5 and not left))
        before = at
        sides.append(left)
    return sides


def _name_ends(axes: Axes, curves: Sequence[Curve], *, gap: float) -> None:
    """Name curves at their right ends, at least a gap apart."""
    low = -float("inf")
    for curve in sorted(curves, key=lambda curve: curve.end[1]):
        x, y = curve.end
        low = max(y, low + gap)
        axes.annotate(
            curve.name,
            (x, low),
            xytext=(4, 0),
            textcoords="offset points",
            color=curve.colour,
            va="center",
            annotation_clip=False,
        )
