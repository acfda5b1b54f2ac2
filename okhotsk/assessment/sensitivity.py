"""Which assumption drives which result: Sobol indices over samples of the assumptions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy  # loads its stats at their first use: a second that only some commands need
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.assessment.index import Recipe
from okhotsk.assessment.uncertainty import SEED, Sampler, Uncertainty
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import swept_names
from okhotsk.scenario.model import TODAY, Scenario
from okhotsk.scenario.read import load_scenario

SOBOL_SAMPLES, BOOTSTRAPS = 64, 200


def drivers(
    sampler: Sampler, scenarios: Sequence[Scenario], *, count: int = SOBOL_SAMPLES
) -> pd.DataFrame:
    """Return which assumption drives which result.

    Returns
    -------
    pandas.DataFrame
        Columns ``scenario_id``, ``result`` (``index`` with the published weights, or a
        component), ``assumption``, ``first_order``, ``total``: Sobol indices (Saltelli et al.
        2010, doi:10.1016/j.cpc.2009.09.018), the share of the variance of the result that an
        assumption explains alone, and with all others; ``first_order_error``, ``total_error``:
        their standard errors. Results that do not move are left out.

    Notes
    -----
    Estimates may fall below 0, and what explains a share alone may seem to explain less with all
    others. The errors are the scatter of the estimate over 200 bootstrap samples of the base
    samples (Efron 1979, doi:10.1214/aos/1176344552).
    """
    recipe, names = index.read_recipe(), (*swept_names(), "floor")
    sequence = scipy.stats.qmc.Sobol(2 * len(names), rng=np.random.default_rng(SEED))
    points = np.asarray(sequence.random(count))
    a, b = points[:, : len(names)], points[:, len(names) :]
    mixed = [np.where(np.arange(len(names)) == n, b, a) for n in range(len(names))]
    results = [_results(sampler, recipe, scenarios, units) for units in (a, b, *mixed)]
    labels = [
        (s.scenario_id, result)
        for s in scenarios
        for result in ("index", *(c.component_id for c in recipe.components))
    ]
    moved = np.vstack(results[:2]).std(axis=0) > index.TIE
    shares, errors = _sobol(np.stack([table[:, moved].T for table in results]))
    kept = [label for label, moves in zip(labels, moved, strict=True) if moves]
    table = pd.DataFrame(
        [(*label, name) for label in kept for name in names],
        columns=["scenario_id", "result", "assumption"],
    )
    table["first_order"], table["total"] = (share.ravel() for share in shares)
    table["first_order_error"], table["total_error"] = (error.ravel() for error in errors)
    return table


def _sobol(evaluated: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sobol indices of results, and their standard errors: (order, result, assumption).

    ``evaluated`` holds the results at the points A, at B, and at A with each assumption of B in
    turn, shape (2 + assumptions, results, points).
    """
    count = evaluated.shape[-1]

    def estimate(chosen: NDArray[np.integer]) -> FloatArray:
        a, b, *mixed = evaluated[..., chosen]
        func = {"f_A": a, "f_B": b, "f_AB": np.array(mixed)}
        found = scipy.stats.sobol_indices(func=func, n=count, method="saltelli_2010")
        return np.stack([np.atleast_2d(found.first_order), np.atleast_2d(found.total_order)])

    rng = np.random.default_rng(SEED)
    with np.errstate(invalid="ignore"):  # a result may not move in a bootstrap sample
        again = [estimate(rng.integers(count, size=(count,))) for _ in range(BOOTSTRAPS)]
    return estimate(np.arange(count)), np.nanstd(again, axis=0)


def _results(
    sampler: Sampler, recipe: Recipe, scenarios: Sequence[Scenario], units: FloatArray
) -> FloatArray:
    """Index and components of every scenario, a row per sample."""
    base = sampler.records(load_scenario(TODAY), units[:, :-1])
    columns = [sampler.records(scenario, units[:, :-1]) for scenario in scenarios]
    floors = recipe.floors(units[:, -1])
    rows = []
    for n, floor in enumerate(floors):
        values = index.component_values(recipe, [c[n] for c in columns], base[n])
        scores = index.index_of(values, recipe.weights, floor)
        rows.append(np.column_stack([scores, 100 * values]).ravel())
    return np.array(rows)


def summary_table(found: Uncertainty, drivers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per option: likeliest rank, what moves its index, which assumptions.

    Columns ``scenario_id``, ``rank`` (likeliest, 1 is best), ``rank_share`` (its probability),
    ``variance_assumptions_share``, ``variance_weightings_share``, ``variance_both_share``,
    ``driver``, ``driver_total`` and ``second_driver``, ``second_driver_total``: the assumptions
    with the highest total Sobol indices of the index under the published weights.
    """
    table = drivers[drivers.result == "index"]
    table = table.sort_values("total", ascending=False, kind="stable")
    rows = []
    for name, ranks in zip(found.scenario_ids, found.ranks.to_numpy(), strict=True):
        own = table[table.scenario_id == name]
        nothing = (None, np.nan)  # an index that never moves has no driver
        top = zip(own.assumption, own.total, strict=True)
        first, second, *_ = (*top, nothing, nothing)
        shares = found.variance.loc[name]
        rows.append(
            {
                "scenario_id": name,
                "rank": int(ranks.argmax()) + 1,
                "rank_share": ranks.max(),
                "variance_assumptions_share": shares["assumptions"],
                "variance_weightings_share": shares["weightings"],
                "variance_both_share": shares["together"],
                "driver": first[0],
                "driver_total": first[1],
                "second_driver": second[0],
                "second_driver_total": second[1],
            }
        )
    return pd.DataFrame(rows)
