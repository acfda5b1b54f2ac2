"""Charts of the index: its components, the ranks of scenarios, and what drives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from okhotsk.assessment import index
from okhotsk.assessment.intervals import INDEX_OVER, seabed_interval
from okhotsk.assessment.record import Result
from okhotsk.colours import BLACK, INK, RAMP_KEPT, RAMP_RANKS, SERIES, WHITE
from okhotsk.raster.arrays import FloatArray
from okhotsk.report.captions import (
    INTERVAL,
    index_note,
    scenario_credit,
    short_title,
)
from okhotsk.report.curves import draw_grid
from okhotsk.report.layout import entitle, foot, sheet
from okhotsk.report.titles import components_finding, drivers_finding, ranks_finding
from okhotsk.scenario.assumptions import in_words

COMPONENTS_NOTE = (
    "Per cent of today's. At the right the index, a weighted geometric mean, with its interval: "
    f"{INTERVAL}; the weights are a choice of this project. "
)
RANKS_NOTE = (
    f"Share of samples in per cent, no probability. Rank 1 is best for the bastion. "
    f"Drawn evenly {INDEX_OVER}. "
    "Options that tie share the ranks they take together. "
)
DRIVERS_NOTE = (
    "Share of the variance of the index with the published weights (Sobol indices). Thin lines: "
    "twice the standard error of the estimate, by bootstrap of its 64 base samples. "
)
UPRIGHT: dict[str, Any] = {"rotation": 90, "fontsize": "small", "linespacing": 1.0}
SLANTED: dict[str, Any] = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}


def draw_components(results: Sequence[Result], *, width: str) -> Figure:
    """Draw what each scenario keeps of each component, in per cent, with the index."""
    components = index.read_recipe().components
    narrow = width == "column"
    kept = np.array([[100 * r.components[c.component_id] for c in components] for r in results])
    figure = sheet(width, column=0.075 * len(results) + 0.42, page=0.04 * len(results) + 0.2)
    axes = figure.subplots()
    axes.imshow(kept, cmap=RAMP_KEPT, vmin=0, vmax=100, aspect="auto")
    _write_cells(axes, kept, lambda percent: WHITE if percent < 55 else BLACK)
    axes.set_yticks(range(len(results)), [short_title(r) for r in results], fontsize="small")
    _write_intervals(axes, results, len(components) - 0.4, narrow=narrow)
    # In a column whole titles stand upright, on two lines.
    names = [fill(c.title, 17) if narrow else c.title for c in components]
    axes.set_xticks(range(len(names)), names, **(UPRIGHT if narrow else SLANTED))
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    entitle(figure, components_finding(results), width)
    note = COMPONENTS_NOTE + index_note(results, "After the semicolon")
    foot(figure, note + scenario_credit(results), width)
    return figure


def _write_cells(
    axes: Axes, table: FloatArray, colour: Callable[[float], str], *, least: float = 0.0
) -> None:
    """Write the values of a table that are at least so large."""
    for (row, column), value in np.ndenumerate(table):
        if value >= least:
            axes.text(
                column,
                row,
                f"{value:.0f}",
                ha="center",
                va="center",
                fontsize="small",
                color=colour(value),
            )


def _write_intervals(axes: Axes, results: Sequence[Result], x: float, *, narrow: bool) -> None:
    """Write the index and its intervals beside every row, where it is narrow on two lines."""
    for row, result in enumerate(results):
        words = _interval_words(result, gap="\n" if narrow else " ")
        axes.annotate(words, (x, row), va="center", fontsize="small", annotation_clip=False)


def _interval_words(result: Result, *, gap: str) -> str:
    """The index with its intervals; today's is 100 by definition."""
    r, seabed = result.record, seabed_interval(result.record, "index_seabed")
    if not result.land.ceded.any():
        return f"{r['index']:.0f} (today)"
    words = f"{r['index']:.0f} ({r['index_low']:.0f}–{r['index_high']:.0f}"
    return words + (f";{gap}{seabed.dashed('.0f')})" if seabed else ")")


def draw_ranks(
    ranks: pd.DataFrame, shorts: Mapping[str, str], *, width: str, credit: str
) -> Figure:
    """Draw the probability of every rank of every scenario over assumptions and weightings."""
    percents = 100 * ranks.to_numpy()
    figure = sheet(width, column=0.065 * len(ranks) + 0.2, page=0.036 * len(ranks) + 0.1)
    axes = figure.subplots()
    axes.imshow(percents, cmap=RAMP_RANKS, vmin=0, vmax=110, aspect="auto")
    _write_cells(axes, percents, lambda percent: WHITE if percent > 60 else INK, least=0.5)
    axes.set_xticks(range(percents.shape[1]), [str(n + 1) for n in range(percents.shape[1])])
    axes.set_yticks(range(len(ranks)), [shorts[name] for name in ranks.index])
    axes.set_xlabel("rank by the index")
    axes.tick_params(length=0)
    entitle(figure, ranks_finding(ranks, shorts), width)
    foot(figure, RANKS_NOTE + credit, width)
    return figure


def draw_drivers(
    drivers: pd.DataFrame, shorts: Mapping[str, str], *, width: str, credit: str
) -> Figure:
    """Draw Sobol indices of the index: the share of its variance by each assumption."""
    table = drivers[drivers.result == "index"]
    shown = [name for name in shorts if name in set(table.scenario_id)]
    names = list(table.groupby("assumption").total.max().sort_values().index)
    columns = 2 if width == "column" else 3
    rows = -(-len(shown) // columns)
    tall = rows * (len(names) + 2)
    figure = sheet(width, column=0.037 * tall + 0.17, page=0.021 * tall + 0.1)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, name in zip(grid.flat, shown, strict=False):
        _draw_drivers(axes, table[table.scenario_id == name].set_index("assumption").reindex(names))
        axes.set_title(shorts[name], fontweight="normal", fontsize="small")
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    for axes in list(grid.flat)[len(shown) - columns : len(shown)]:
        axes.tick_params(labelbottom=True)  # the lowest of each column
        axes.set_xlabel("share of variance")
    entitle(figure, drivers_finding(drivers, shorts), width)
    keys = grid[0, 0].get_legend_handles_labels()[0]
    foot(figure, DRIVERS_NOTE + credit, width, handles=keys, ncols=2)
    return figure


def _draw_drivers(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the bars of one scenario, a row per assumption, with their standard errors."""
    y, alone = np.arange(len(table)), table.first_order.clip(lower=0)
    pale: dict[str, Any] = {"hatch": "////", "edgecolor": WHITE, "linewidth": 0}
    axes.barh(y + 0.18, table.total, height=0.34, color=SERIES[1][0], label="with all others")
    axes.barh(y - 0.18, alone, height=0.34, color=SERIES[5][0], label="alone", **pale)
    for place, share, error in (
        (y + 0.18, table.total, table.total_error),
        (y - 0.18, alone, table.first_order_error),
    ):
        low, high = (share - 2 * error).clip(lower=0), share + 2 * error
        axes.hlines(place, low, high, color=INK, linewidth=0.5)
    axes.set_yticks(y, [in_words(str(name)) for name in table.index])
    draw_grid(axes, "x")
