"""The frontier: the largest island set that keeps each measure above a threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.uncertainty import Sampler
from okhotsk.datasets import read_table
from okhotsk.html import write_notes, write_table
from okhotsk.measures.exposure import TIE_PER_KM
from okhotsk.raster.arrays import BoolArray, FloatArray, IntArray, SetArray
from okhotsk.scenario.island_sets import (
    Block,
    name_runs,
    names,
    prefixes,
)
from okhotsk.schema import NUMBERS, Key, Schema
from okhotsk.sweep.areas import Columns
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.frontier_samples import (
    ALL,
    INDEX,
    SLACK,
    sample_sets,
    spread_table,
    step_intervals,
    with_shares,
)
from okhotsk.theatre.model import Theatre

SIZES = {"land": "ceded_land_km2", "people": "ceded_population", "eez": "ceded_eez_km2"}
LONGEST_KM = 5000.0  # no passage is longer: bounds what its length adds to its cost
FRONTIER = Schema({"thresholds_percent": Key(NUMBERS, low=0, high=100)})
# In words; the sets that grow up the chain come first.
FAMILIES: Mapping[str, str] = MappingProxyType({"chain": "up the chain", "any": "any combination"})
LOOK_AHEAD = 8  # candidates whose exposures are solved together


@dataclass(frozen=True)
class Frontier:
    """How much can be ceded.

    Attributes
    ----------
    table
        One row per family, measure, threshold and size, as :func:`find_frontier`; no family
        ``any`` where the sweep holds sets up the chain alone.
    steps
        Every island set that grows along the chain from the south, with its figures, its
        components in per cent (``<component>_percent``) and the 5th and 95th percentile of the
        index over assumptions and weightings (``index_low``, ``index_high``).
    blocks
        The blocks of the chain.
    count
        Number of island sets searched.
    """

    table: pd.DataFrame
    steps: pd.DataFrame
    blocks: tuple[Block, ...]
    count: int

    @property
    def summary(self) -> pd.DataFrame:
        """The rows by land in few columns, neighbours as one: ``Habomai to Kunashir``."""
        rows = self.table[self.table.by == "land"]
        named = rows.assign(ceded=[name_runs(ceded, self.blocks) for ceded in rows.ceded])
        figures = ["ceded_land_km2", "index", "index_low", "index_high", "holds_share", "binding"]
        shown = [name for name in figures if name in named]
        return named[["family", "measure", "threshold_percent", *shown, "ceded"]]

    def _repr_html_(self) -> str:
        return _card(self)


def frontier(
    source: Theatre | Sweep, *, samples: int | None = None, sampler: Sampler | None = None
) -> Frontier:
    """Return the largest island sets that keep each measure, and the index, above thresholds.

    Parameters
    ----------
    source
        The sweep to search; or a theatre, for every set of the blocks of its chain.
    samples
        Samples of the assumptions behind the intervals
        (:data:`okhotsk.assessment.uncertainty.SAMPLES` by default); 0 for none.
    sampler
        Where samples come from; one on the theatre by default.

    Notes
    -----
    Exact over the island sets of the sweep, since all of them are searched. There are two
    families: any set of blocks, and the sets that grow along the chain from its southern end.
    """
    sweep = source if isinstance(source, Sweep) else Sweep(source)
    columns = sweep.figures(sweep.island_sets, exposures=False)
    columns["ceded_eez_km2"] = _ceded_eez_km2(columns, sweep.today)
    candidates = _Candidates(sweep, columns)
    steps = _steps(candidates)
    table = find_frontier(candidates)
    candidates.write()
    count = uncertainty.SAMPLES if samples is None else samples
    if count:
        own = sampler or Sampler(sweep.theatre)
        drawn = sample_sets(sweep, own, prefixes(sweep.blocks), steps.to_dict("records"), count)
        steps = steps.assign(**step_intervals(drawn))
        table = table.merge(spread_table(table, steps, drawn), how="left")
        table = with_shares(table, sweep, candidates.columns, own, count)
    return Frontier(table.drop(columns="row"), steps, sweep.blocks, len(sweep.island_sets))


def _ceded_eez_km2(columns: Columns, today: Mapping[str, float]) -> FloatArray:
    """Exclusive economic zone, with the territorial sea in it, that passes to Japan."""
    zones = ("jp_eez_km2", "jp_territorial_sea_km2")
    return np.asarray(sum(columns[zone] - today[zone] for zone in zones), float)


class _Candidates:
    """All island sets with their components: exact where solved, else bounded from above.

    Branch and bound: exposures take long to solve. They are bounded from below for all sets, so
    that components and index are bounded from above, and solved only for sets that would win.
    """

    def __init__(self, sweep: Sweep, columns: Columns) -> None:
        self.sweep, self.columns = sweep, columns
        self._bounds = sweep.exposure_bounds()
        self._update()

    def _update(self) -> None:
        recipe = index.read_recipe()
        self.exact = np.ones(len(self.sweep.island_sets), bool)
        # What is good for Russia is bounded from above, what is bad from below.
        good = {c.column for c in recipe.components if c.kind == "asset"}
        for column, (_, bounds) in self._bounds.items():
            low = np.maximum(bounds.costs - LONGEST_KM * TIE_PER_KM, 0)
            bound = bounds.ceilings if column in good else low
            self.columns[column] = np.where(bounds.holds, bounds.figures, bound)
            self.exact &= bounds.holds
        components = self.sweep.components(self.columns)
        scores = index.index_of(components, recipe.weights, recipe.floor)
        self.columns["index"] = scores
        ids = [component.component_id for component in recipe.components]
        self.measures = dict(zip(ids, components.T, strict=True)) | {INDEX: scores / 100}

    def settle(self, rows: IntArray) -> None:
        """Solve the exposures of some island sets."""
        if self.exact[rows].all():
            return
        for name, (_, bounds) in self._bounds.items():
            solved = len(bounds.found)
            bounds.settle(rows, workers=self.sweep.workers)
            self.sweep.tell(name, len(bounds.found) - solved, len(bounds.found))
        self._update()

    def write(self) -> None:
        """Write the solutions to disk."""
        for solutions, _ in self._bounds.values():
            solutions.write()

    def largest(self, order: IntArray, passing: Callable[[], BoolArray]) -> int:
        """Return the last row of an order that passes, exactly.

        ``passing`` tells of every island set whether it keeps the measures, as far as is known:
        bounds from above never rule out a set that does.
        """
        while True:
            best = order[np.flatnonzero(passing()[order])[-LOOK_AHEAD:]]
            if self.exact[best[-1]]:
                return int(best[-1])
            self.settle(best)


def read_thresholds() -> tuple[float, ...]:
    """Return which shares of today's value must be kept, in percent."""
    return tuple(read_table("frontier.toml", FRONTIER)["thresholds_percent"])


def find_frontier(candidates: _Candidates) -> pd.DataFrame:
    """Return the largest island set under every threshold.

    Returns
    -------
    pandas.DataFrame
        Columns ``family`` (``chain``: from the south upwards; ``any``: any combination),
        ``measure`` (a component of the index, ``index``, or ``all``: every component),
        ``threshold_percent`` (of today's value), ``by`` (``land``, ``people`` or ``eez``),
        ``ceded`` (blocks), ``ceded_land_km2``, ``ceded_population``, ``ceded_eez_km2``, ``index``
        and ``binding``: the measure that forbids the next larger island set; ``row``, the place of
        the set among those of the sweep.
    """
    island_sets, blocks = candidates.sweep.island_sets, candidates.sweep.blocks
    families = _families(island_sets, blocks)
    components = [name for name in candidates.measures if name != INDEX]
    rows = []
    for family, by in product(families, SIZES):
        order = _by_size(candidates.columns, by, np.flatnonzero(families[family]))
        for percent in read_thresholds():
            for measure in (*candidates.measures, ALL):
                needed = components if measure == ALL else [measure]
                row, binding = _largest(candidates, order, needed, percent / 100 - SLACK)
                rows.append(
                    {
                        "family": family,
                        "measure": measure,
                        "threshold_percent": percent,
                        "by": by,
                        "ceded": _words(int(island_sets[row]), blocks),
                        **{column: candidates.columns[column][row] for column in SIZES.values()},
                        "index": candidates.columns["index"][row],
                        "binding": binding,
                        "row": row,
                    }
                )
    return pd.DataFrame(rows)


def _families(island_sets: SetArray, blocks: Sequence[Block]) -> dict[str, BoolArray]:
    """Which island sets are of each family; no ``any`` where only sets up the chain are searched.

    Their largest would be taken for the largest of every combination, which can be larger.
    """
    chain = np.isin(island_sets, prefixes(blocks))
    whole = not chain.all() or len(island_sets) == 2 ** len(blocks)
    return {"chain": chain} | ({"any": np.ones(len(island_sets), bool)} if whole else {})


def _words(island_sets: int, blocks: Sequence[Block]) -> str:
    return " ".join(names(island_sets, blocks)) or "nothing"


def _by_size(columns: Columns, by: str, part: IntArray) -> IntArray:
    """Island sets of a family from the smallest, ties broken by land, then by waters."""
    keys = [columns[name][part] for name in ("ceded_eez_km2", "ceded_land_km2", SIZES[by])]
    return part[np.lexsort(keys)]


def _largest(
    candidates: _Candidates, order: IntArray, needed: Sequence[str], least: float
) -> tuple[int, str | None]:
    """The largest island set that keeps some measures, and the measure that forbids a larger."""

    def passing(names: Sequence[str]) -> BoolArray:
        return np.asarray(np.logical_and.reduce([candidates.measures[n] >= least for n in names]))

    best = candidates.largest(order, lambda: passing(needed))
    if best == order[-1]:
        return best, None
    if len(needed) == 1 and needed[0] != INDEX:
        return best, needed[0]
    place = np.empty(int(order.max()) + 1, np.int64)
    place[order] = np.arange(len(order))
    if len(needed) == 1:
        return best, _greatest_loss(candidates, int(order[place[best] + 1]))
    without = {}
    for name in needed:
        others = [n for n in needed if n != name]
        without[name] = place[candidates.largest(order, partial(passing, others))]
    return best, max(without, key=lambda name: without[name])


def _greatest_loss(candidates: _Candidates, row: int) -> str:
    """The component to which most of an island set's loss of index is due."""
    candidates.settle(np.array([row]))
    recipe = index.read_recipe()
    values = [candidates.measures[c.component_id][row] for c in recipe.components]
    losses = recipe.weights * -np.log(np.maximum(values, recipe.floor))
    return recipe.components[int(losses.argmax())].component_id


def _steps(candidates: _Candidates) -> pd.DataFrame:
    """The island sets that grow along the chain, with their components."""
    blocks = candidates.sweep.blocks
    rows = np.searchsorted(candidates.sweep.island_sets, prefixes(blocks))
    candidates.settle(rows)
    frame = pd.DataFrame({name: values[rows] for name, values in candidates.columns.items()})
    frame.insert(0, "up_to", ["nothing", *(block.title for block in blocks)])
    shares = {f"{k}_percent": 100 * v[rows] for k, v in candidates.measures.items() if k != INDEX}
    return frame.assign(**shares)


def _card(found: Frontier) -> str:
    """Return the largest island sets by land for every threshold, as HTML."""
    by_land = found.table[found.table.by == "land"].to_dict("records")
    kept = {(row["threshold_percent"], row["family"], row["measure"]): row for row in by_land}
    families = {
        f: words for f, words in FAMILIES.items() if any(f == row["family"] for row in by_land)
    }
    columns = [(f, m) for m in (INDEX, ALL) for f in families]
    rows = [
        [f"{percent:g}%", *(_cession_text(kept[percent, f, m], found.blocks) for f, m in columns)]
        for percent in dict.fromkeys(percent for percent, _, _ in kept)
    ]
    measures = {INDEX: "of the index", ALL: "of every measure"}
    head = ["keep at least", *(f"{measures[m]}, {families[f]}" for f, m in columns)]
    note = (
        f"The largest by land of {found.count:,} cessions. In brackets, where it was sampled: 5 to "
        "95% over the assumptions. By people or waters, and measure by measure: .table; every "
        "step up the chain: .steps."
    )
    return (
        f"<div>{write_table('How much can be handed over', head, rows)}{write_notes([note])}</div>"
    )


def _cession_text(row: Mapping[Any, Any], blocks: Sequence[Block]) -> str:
    text = f"{name_runs(row['ceded'], blocks)}: {row['ceded_land_km2']:,.0f} km²"
    low, high = row.get("land_low_km2", math.nan), row.get("land_high_km2", math.nan)
    return text + (f" ({low:,.0f} to {high:,.0f})" if math.isfinite(low) else "")
