"""The frontier under many assumptions: intervals, and how often a set keeps its threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.assessment import index
from okhotsk.assessment.seabeds import SeabedSampler, seabed_components
from okhotsk.assessment.uncertainty import SEED, WEIGHTINGS, Sampler, draw, sampled_components
from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.scenario.island_sets import to_scenario
from okhotsk.scenario.model import Scenario
from okhotsk.sweep.areas import Columns
from okhotsk.sweep.engine import Sweep

ALL, INDEX = "all", "index"
SLACK = 1e-9  # a component that is kept whole may differ from 1 by rounding


@dataclass(frozen=True)
class Drawn:
    """Sampled assumptions: components, shape (samples, sets, components), and the index.

    ``index`` has the published weights, ``scores`` every sample with every weighting.
    """

    components: FloatArray
    index: FloatArray
    scores: FloatArray


def sample_sets(
    sweep: Sweep,
    sampler: Sampler,
    island_sets: SetArray,
    records: Sequence[Mapping[Any, Any]],
    count: int,
) -> Drawn:
    """Some island sets under many assumptions; ``records`` are theirs under the defaults."""
    scenarios, units = _scenarios(sweep, island_sets), draw(count)
    values = sampled_components(sampler, scenarios, records, sweep.today, units[:, :-1])
    recipe = index.read_recipe()
    floors = recipe.floors(units[:, -1])
    drawn = [index.index_of(v, recipe.weights, f) for v, f in zip(values, floors, strict=True)]
    weights = index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED)
    return Drawn(values, np.array(drawn), index.score_table(values, floors, weights))


def _scenarios(sweep: Sweep, island_sets: SetArray) -> list[Scenario]:
    """Some island sets as scenarios."""
    return [
        to_scenario(int(island_set), sweep.blocks, demilitarised=sweep.demilitarised)
        for island_set in island_sets
    ]


def step_intervals(drawn: Drawn) -> dict[str, FloatArray]:
    """Percentiles of the index of every step."""
    low, high = index.interval(drawn.scores).T
    return {"index_low": low, "index_high": high}


def _layers(drawn: Drawn) -> dict[str, FloatArray]:
    """Each measure in every sample, shape (samples, sets)."""
    ids = [component.component_id for component in index.read_recipe().components]
    layers = dict(zip(ids, np.moveaxis(drawn.components, 2, 0), strict=True))
    return layers | {INDEX: drawn.index / 100, ALL: drawn.components.min(axis=2)}


def with_shares(
    table: pd.DataFrame, sweep: Sweep, columns: Columns, sampler: Sampler, count: int
) -> pd.DataFrame:
    """The table with the interval of the index, and how often a set keeps its threshold.

    ``index_low``, ``index_high``, and ``holds_share``: the share of samples of the assumptions in
    which the set keeps so much of the measure; ``index_seabed_low``, ``index_seabed_high`` and
    ``seabeds_share``: the same over the seabeds of the ensemble. Found for the largest sets by land
    under the thresholds of the index and of all measures: each set takes as long as a scenario.
    """
    shown = (table.by == "land") & table.measure.isin([INDEX, ALL])
    rows = table.row[shown].unique()
    records = [{name: values[row] for name, values in columns.items()} for row in rows]
    drawn = sample_sets(sweep, sampler, sweep.island_sets[rows], records, count)
    beds = seabed_sets(sweep, sampler, sweep.island_sets[rows], records)
    ends = _ends(drawn, "index", "holds_share") | _ends(beds, "index_seabed", "seabeds_share")
    place = {row: n for n, row in enumerate(rows)}
    judged = table.assign(**dict.fromkeys(ends, np.nan))
    found: list[Any] = table[shown].to_dict("records")
    for label, one in zip(table.index[shown], found, strict=True):
        asked = (place[one["row"]], one["measure"], one["threshold_percent"] / 100 - SLACK)
        judged.loc[label, list(ends)] = [find(*asked) for find in ends.values()]
    return judged


def seabed_sets(
    sweep: Sweep,
    sampler: Sampler,
    island_sets: SetArray,
    records: Sequence[Mapping[Any, Any]],
) -> Drawn | None:
    """Some island sets on the seabeds of the ensemble; None where there is none."""
    beds = SeabedSampler(
        sampler.theatre, sweep.context.assumptions, full=False, workers=sampler.workers
    )
    if not beds.members:
        return None
    values = seabed_components(beds, _scenarios(sweep, island_sets), records, sweep.today)
    recipe = index.read_recipe()
    scores = index.index_of(values, recipe.weights, recipe.floor)
    return Drawn(values, scores, scores[..., None])


def _ends(drawn: Drawn | None, name: str, share: str) -> dict[str, Callable[..., float]]:
    """The interval of the index of a set, and how often it keeps a threshold, by column."""
    if drawn is None:
        return dict.fromkeys((f"{name}_low", f"{name}_high", share), lambda *_: np.nan)
    layers = _layers(drawn)
    low, high = index.interval(drawn.scores).T
    return {
        f"{name}_low": lambda n, *_: low[n],
        f"{name}_high": lambda n, *_: high[n],
        share: lambda n, measure, least: float((layers[measure][:, n] >= least).mean()),
    }


def spread_table(table: pd.DataFrame, steps: pd.DataFrame, drawn: Drawn) -> pd.DataFrame:
    """How far along the chain the largest set reaches under each threshold, by sample.

    Columns that the rows of the family ``chain`` are joined by, and ``land_low_km2`` and
    ``land_high_km2``: 5th and 95th percentile of the land of the largest set.
    """
    layers = _layers(drawn)
    land_km2 = steps.ceded_land_km2.to_numpy()
    rows = []
    for measure, percent in table[["measure", "threshold_percent"]].drop_duplicates().to_numpy():
        kept = layers[measure] >= percent / 100 - SLACK
        last = kept.shape[1] - 1 - kept[:, ::-1].argmax(axis=1)
        low, high = np.percentile(land_km2[last], index.PERCENTILES, method="nearest")
        rows.append(
            {
                "family": "chain",
                "measure": measure,
                "threshold_percent": percent,
                "by": "land",
                "land_low_km2": low,
                "land_high_km2": high,
            }
        )
    return pd.DataFrame(rows).astype({"threshold_percent": table.threshold_percent.dtype})
