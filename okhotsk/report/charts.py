"""Charts for print: what maps cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from okhotsk import style
from okhotsk.assessment import index
from okhotsk.assessment.record import Result
from okhotsk.measures.strait_section import (
    JAPANESE,
    find_section,
    territorial_seas,
)
from okhotsk.report.layout import GRID, INK, SERIES, SOFT, foot, name_ends, sheet
from okhotsk.report.print_maps import sources
from okhotsk.scenario.assumptions import in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WAYS = {"access": "others, in", "egress": "Russia, out"}


def _short(result: Result) -> str:
    return result.scenario.short or result.scenario.title


def _grid(axes: Axes, axis: str = "y") -> None:
    axes.grid(axis=axis)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def draw_sections(result: Result, *, width: str) -> Figure:
    """Sections of the deep exits, the water in them by whose territorial sea it is."""
    limit_m = result.assumptions.transit_depth_m
    straits = result.straits.set_index("strait_id")
    throats = [
        t for t in result.theatre.throats if t.strait.exit and (t.sill_depth_m or 0) >= limit_m
    ]
    columns = 3 if width == "column" else 4
    rows = -(-len(throats) // columns)
    figure = sheet(width, column=0.3 * rows + 0.06, page=0.19 * rows + 0.04)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    seas = territorial_seas(result.zones)
    deepest = max(float(t.depth_m.max()) for t in throats)
    for axes, throat in zip(grid.flat, throats, strict=False):
        _section(axes, throat, straits.loc[throat.strait.strait_id], seas, deepest)
    for axes in grid.flat[len(throats) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("depth, m")
    figure.suptitle(f"Exits of the sea: {_short(result)}", x=0.01, ha="left", fontweight="bold")
    words = (
        "Along the line of least section, in km; shores at both ends in the colour of their "
        "holder; dashes: sill. "
    )
    foot(figure, words + sources(result), width, handles=_section_keys(), ncols=columns - 1)
    return figure


def _section(axes: Axes, throat: Any, strait: Any, seas: Mapping[str, Any], deepest: float) -> None:
    section = find_section(throat, seas)
    x, depth, long_km = section.distance_km, section.depth_m, float(throat.distance_km[-1])
    for name in style.SECTION_WATER:
        for run in section.runs(name):
            axes.fill_between(x[run], 0, depth[run], **_water(name))
    axes.plot(x, depth, color=INK, linewidth=0.7)
    axes.axhline(throat.sill_depth_m, color=INK, linewidth=0.7, linestyle=(0, (2, 1.5)))
    for side, at in (("holder_a", 0.0), ("holder_b", long_km)):
        axes.plot(
            [at, at],
            [0, deepest],
            color=style.HOLDER[strait[side]],
            linewidth=2.4,
            solid_capstyle="butt",
        )
    axes.set_ylim(deepest * 1.05, 0)
    axes.set_xlim(-0.03 * long_km, 1.03 * long_km)
    axes.set_xticks([0, round(long_km)])
    axes.set_title(throat.strait.name.split(" (")[0], fontweight="normal")


def _water(zone: str) -> dict[str, Any]:
    """How a zone is filled; Japanese water has lines, so that it differs in grey too."""
    hatch = "||||||" if zone == JAPANESE else None
    return {
        "facecolor": style.SECTION_WATER[zone].fill,
        "alpha": 0.75,
        "linewidth": 0,
        "edgecolor": "white",
        "hatch": hatch,
    }


def _section_keys() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    keys: list[Any] = [
        Patch(**_water(zone), label=look.label) for zone, look in style.SECTION_WATER.items()
    ]
    return [*keys, Line2D([], [], color=INK, linewidth=0.7, linestyle=(0, (2, 1.5)), label="sill")]


def draw_refuge(results: Sequence[Result], *, width: str) -> Figure:
    """Refuge over the distance that is kept from hostile shores."""
    figure = sheet(width, column=0.72, page=0.5)
    axes = figure.subplots()
    patrol_km2 = float(results[0].record["patrol_km2"])
    ends: list[tuple[float, float, str, str]] = []
    curves = [(r, r.refuge_curve["standoff_km"], r.refuge_curve["refuge_km2"]) for r in results]
    for n, (names, x, y) in enumerate(_alike(curves)):
        colour, stroke = SERIES[n % len(SERIES)]
        axes.plot(x, 100 * y / patrol_km2, color=colour, linestyle=stroke)
        ends.append((float(x[-1]), float(100 * y[-1] / patrol_km2), names, colour))
    axes.set_ylim(0, 100)
    axes.set_xlabel("distance kept from hostile shores, km")
    axes.set_ylabel("refuge, per cent of patrol water")
    axes.axvline(
        results[0].assumptions.refuge_standoff_km, color=SOFT, linewidth=0.6, linestyle=":"
    )
    _grid(axes)
    axes.set_title("Refuge over the standoff")
    words = "Dotted: the standoff that tables use. " + sources(results[0])
    foot(figure, words, width, handles=_curve_keys(ends), ncols=1 if width == "column" else 3)
    return figure


def _alike(curves: Sequence[tuple[Result, Any, Any]]) -> list[tuple[str, Any, Any]]:
    """Names and points of curves; options that share one are named together."""
    found: list[tuple[list[str], Any, Any]] = []
    for result, *columns in curves:
        x, y = (np.asarray(column) for column in columns)
        same = next((f for f in found if _equal(f[1], x) and _equal(f[2], y)), None)
        if same:
            same[0].append(_short(result))
        else:
            found.append(([_short(result)], x, y))
    return [("; ".join(names), x, y) for names, x, y in found]


def _equal(one: Any, other: Any) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-3)


def _curve_keys(ends: list[tuple[float, float, str, str]]) -> list[Any]:
    """Keys of curves in the order of their right ends, strokes and all."""
    from matplotlib.lines import Line2D

    strokes: dict[str, Any] = dict(SERIES) | {INK: "-"}
    return [
        Line2D([], [], color=colour, linestyle=strokes[colour], label=words)
        for _, _, words, colour in sorted(ends, key=lambda end: -end[1])
    ]


def draw_enclosure(results: Sequence[Result], *, width: str) -> Figure:
    """Patrol water enclosed over the length of the line; the unreliable ends are left out."""
    figure = sheet(width, column=0.72, page=0.5)
    axes = figure.subplots()
    ends: list[tuple[float, float, str, str]] = []
    tables = [(r, r.enclosure.iloc[1:-1]) for r in results]
    curves = [(r, t.line_km, t.enclosed_km2 / 1000) for r, t in tables if len(t) > 1]
    for n, (names, x, y) in enumerate(_alike(curves)):
        colour, stroke = SERIES[n % len(SERIES)]
        axes.plot(x, y, color=colour, linestyle=stroke, marker="o", markersize=2.2)
        ends.append((float(x[-1]), float(y[-1]), names, colour))
    axes.set_xlabel("length of line over water, km")
    axes.set_ylabel("patrol water enclosed, thousand km²")
    _grid(axes)
    axes.set_title("What a line of some length can enclose at best")
    words = (
        "Computed on blocks of 10' x 15': lengths are not those of the seal line. The first and "
        "last point of each curve are left out as unreliable. "
    )
    foot(
        figure,
        words + sources(results[0]),
        width,
        handles=_curve_keys(ends),
        ncols=1 if width == "column" else 3,
    )
    return figure


def draw_depths(result: Result, *, width: str) -> Figure:
    """Patrol water that a keel reaches, and the exits that close with its depth."""
    figure = sheet(width, column=0.95, page=0.6)
    panels = figure.subplots(2, 1, sharex=True)
    for axes, (way, words) in zip(panels, WAYS.items(), strict=True):
        table = result.keels[result.keels.way == way].sort_values("keel_m")
        x, y = table.keel_m.to_numpy(), table.reached_km2.to_numpy() / 1000
        axes.step(x, y, where="post", color=style.JAPAN if way == "access" else style.RUSSIA)
        axes.fill_between(
            x,
            0,
            y,
            step="post",
            alpha=0.12,
            linewidth=0,
            color=style.JAPAN if way == "access" else style.RUSSIA,
        )
        axes.set_ylim(0, float(result.record["patrol_km2"]) / 1000 * 1.12)
        axes.set_ylabel("thousand km²")
        axes.set_title(f"{words}: patrol water reached, and open exits", fontweight="normal")
        _count_exits(axes, table)
        _grid(axes)
    panels[-1].set_xscale("log")
    deepest = result.keels.keel_m.max()
    panels[-1].set_xlim(right=deepest * 1.05)
    marks = [n for n in (20, 50, 100, 200, 500, 1000, 2000) if n <= deepest]
    panels[-1].set_xticks(marks, [str(n) for n in marks])
    panels[-1].minorticks_off()
    panels[-1].set_xlabel("depth of the keel, m")
    figure.suptitle(f"Depths in and out: {_short(result)}", x=0.01, ha="left", fontweight="bold")
    words = "Numbers: exits that the keel passes outside the other side's territorial sea. "
    foot(figure, words + sources(result), width)
    return figure


def _count_exits(axes: Axes, table: pd.DataFrame) -> None:
    """Number of open exits, written where it changes."""
    counts = table.straits_open.map(len).to_numpy()
    changes = np.flatnonzero(np.append(True, np.diff(counts) != 0))
    last = 0.0
    for n in changes:
        keel = float(table.keel_m.iloc[n])
        if keel < last * 1.12:
            continue  # no room
        last = keel
        axes.annotate(
            str(counts[n]),
            (keel, table.reached_km2.iloc[n] / 1000),
            xytext=(1, 2),
            textcoords="offset points",
            color=INK,
            fontsize="small",
        )


def draw_components(results: Sequence[Result], *, width: str) -> Figure:
    """What each option keeps of each component of the index, in per cent, with the index."""
    recipe = index.read_recipe()
    narrow = width == "column"
    # In a column whole titles stand upright, on two lines.
    names = [fill(c.title, 17) if narrow else c.title for c in recipe.components]
    kept = np.array(
        [[100 * r.components[c.component_id] for c in recipe.components] for r in results]
    )
    figure = sheet(width, column=0.075 * len(results) + 0.42, page=0.04 * len(results) + 0.2)
    axes = figure.subplots()
    axes.imshow(kept, cmap="cividis", vmin=0, vmax=100, aspect="auto")
    for row, column in np.ndindex(*kept.shape):
        value = kept[row, column]
        axes.text(
            column,
            row,
            f"{value:.0f}",
            ha="center",
            va="center",
            fontsize="small",
            color="white" if value < 55 else "black",
        )
    axes.set_yticks(range(len(results)), [_short(r) for r in results], fontsize="small")
    for row, result in enumerate(results):
        axes.annotate(
            _interval(result),
            (len(names) - 0.4, row),
            va="center",
            fontsize="small",
            annotation_clip=False,
        )
    upright = {"rotation": 90, "fontsize": "small", "linespacing": 1.0}
    slanted = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
    turned: dict[str, Any] = upright if narrow else slanted
    axes.set_xticks(range(len(names)), names, **turned)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.suptitle(
        "What is left of today, per cent, and the index", x=0.01, ha="left", fontweight="bold"
    )
    words = (
        "At the right the index with its 5–95% interval: a weighted geometric mean; the weights "
        "are a choice of this project. "
    )
    foot(figure, words + sources(results[0]), width)
    return figure


def _interval(result: Result) -> str:
    r = result.record
    return f"{r['index']:.0f} ({r['index_low']:.0f}–{r['index_high']:.0f})"


def draw_frontier(frontier: Any, named: pd.DataFrame, *, width: str, credit: str) -> Figure:
    """Index and components as the border moves up the chain; named options where they stand."""
    steps = frontier.steps
    figure = sheet(width, column=0.95, page=0.62)
    axes = figure.subplots()
    x = np.arange(len(steps))
    if "index_low" in steps:
        axes.fill_between(x, steps.index_low, steps.index_high, color=GRID, linewidth=0)
    ends: list[tuple[float, float, str, str]] = []
    for n, c in enumerate(index.read_recipe().components):
        column = f"{c.component_id}_percent"
        if steps[column].min() > 99.5:
            continue  # nothing to see: it stays whole
        colour, stroke = SERIES[1 + n % (len(SERIES) - 1)]
        axes.plot(x, steps[column], color=colour, linestyle=stroke)
        ends.append((float(x[-1]), float(steps[column].iloc[-1]), c.title, colour))
    axes.plot(x, steps["index"], color=INK, linewidth=2.2)
    ends.append((float(x[-1]), float(steps["index"].iloc[-1]), "index (5–95% shaded)", INK))
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 20))
    axes.set_xlim(0, len(steps) - 1)
    land = [
        f"{_first(t)}  {km2:,.0f}" for t, km2 in zip(steps.up_to, steps.ceded_land_km2, strict=True)
    ]
    axes.set_xticks(x, ["nothing", *land[1:]], rotation=90, fontsize="small")
    axes.set_ylabel("per cent of today")
    axes.set_xlabel("handed over up to ..., and the land so far, km²")
    _grid(axes)
    _mark_named(axes, steps, named)
    axes.set_title("What is left as the border moves up the chain")
    narrow = width == "column"
    if not narrow:
        name_ends(axes, ends, 5.0)
    words = (
        "Components of the index against today. The interval is over the ranges of all "
        "assumptions, with the weights as published. "
    )
    foot(figure, words + credit, width, handles=_curve_keys(ends) if narrow else (), ncols=2)
    return figure


def _first(title: str) -> str:
    """The first island of a piece."""
    words = title.replace("the ", "").split(",")[0].split(" and ")[0]
    return words[0].upper() + words[1:]


def _mark_named(axes: Axes, steps: pd.DataFrame, named: pd.DataFrame) -> None:
    """Rings at named options where their land lies along the chain, with their short names."""
    from matplotlib.patheffects import withStroke

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
        markerfacecolor="white",
        markeredgecolor=INK,
        markeredgewidth=1.1,
        linestyle="none",
        zorder=6,
    )
    before, left = -np.inf, False
    halo = [withStroke(linewidth=1.5, foreground="white")]
    for at, score, words in zip(x, named.index_value, named.short, strict=True):
        left = at > 0.8 * last or (at - before < 1.5 and not left)
        before = at
        axes.annotate(
            str(words),
            (at, score),
            xytext=(-5, -9) if left else (4, 5),
            fontsize="small",
            textcoords="offset points",
            ha="right" if left else "left",
            path_effects=halo,
            zorder=7,
        )


def draw_ranks(
    ranks: pd.DataFrame, shorts: Mapping[str, str], *, width: str, credit: str
) -> Figure:
    """Probability of every rank of every option over assumptions and weightings."""
    table = 100 * ranks.to_numpy()
    figure = sheet(width, column=0.065 * len(ranks) + 0.2, page=0.036 * len(ranks) + 0.1)
    axes = figure.subplots()
    axes.imshow(table, cmap="Greys", vmin=0, vmax=110, aspect="auto")
    for row, column in np.ndindex(*table.shape):
        value = table[row, column]
        if value >= 0.5:
            axes.text(
                column,
                row,
                f"{value:.0f}",
                ha="center",
                va="center",
                fontsize="small",
                color="white" if value > 60 else INK,
            )
    axes.set_xticks(range(table.shape[1]), [str(n + 1) for n in range(table.shape[1])])
    axes.set_yticks(range(len(ranks)), [shorts[name] for name in ranks.index])
    axes.set_xlabel("rank by the index")
    axes.tick_params(length=0)
    figure.suptitle("Probability of each rank, per cent", x=0.01, ha="left", fontweight="bold")
    words = (
        "Rank 1 is best for the bastion. Over the ranges of all assumptions and over all "
        "weightings, drawn evenly. Options that tie share the ranks they take together. "
    )
    foot(figure, words + credit, width)
    return figure


def draw_drivers(
    drivers: pd.DataFrame, shorts: Mapping[str, str], *, width: str, credit: str
) -> Figure:
    """Sobol indices of the index: the share of its variance that each assumption explains."""
    table = drivers[drivers.result == "index"]
    options = [name for name in shorts if name in set(table.scenario_id)]
    columns = 2 if width == "column" else 3
    rows = -(-len(options) // columns)
    names = list(table.groupby("assumption").total.max().sort_values().index)
    tall = rows * (len(names) + 2)
    figure = sheet(width, column=0.037 * tall + 0.17, page=0.021 * tall + 0.1)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, name in zip(grid.flat, options, strict=False):
        own = table[table.scenario_id == name].set_index("assumption").reindex(names)
        y = np.arange(len(names))
        axes.barh(y + 0.18, own.total, height=0.34, color=SERIES[1][0], label="with all others")
        axes.barh(
            y - 0.18,
            own.first_order.clip(lower=0),
            height=0.34,
            color=SERIES[5][0],
            hatch="////",
            edgecolor="white",
            linewidth=0,
            label="alone",
        )
        for place, share, error in (
            (y + 0.18, own.total, own.total_error),
            (y - 0.18, own.first_order.clip(lower=0), own.first_order_error),
        ):
            axes.hlines(
                place,
                (share - 2 * error).clip(lower=0),
                share + 2 * error,
                color=INK,
                linewidth=0.5,
            )
        axes.set_yticks(y, [in_words(n) for n in names])
        axes.set_title(shorts[name], fontweight="normal", fontsize="small")
        _grid(axes, "x")
    for axes in grid.flat[len(options) :]:
        axes.set_visible(False)
    for axes in list(grid.flat)[len(options) - columns : len(options)]:
        axes.tick_params(labelbottom=True)  # the lowest of each column
        axes.set_xlabel("share of variance")
    figure.suptitle("Which assumption drives the index", x=0.01, ha="left", fontweight="bold")
    words = (
        "Share of the variance of the index with the published weights (Sobol indices). Thin "
        "lines: twice the standard error of the estimate, by bootstrap of its 64 base samples. "
    )
    handles = grid[0, 0].get_legend_handles_labels()[0]
    foot(figure, words + credit, width, handles=handles, ncols=2)
    return figure
