"""Results of several scenarios at once: what they share, in which order, and their index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.record import Result, make_record, result_parts
from okhotsk.assessment.seabeds import SeabedSampler, seabed_intervals
from okhotsk.assessment.uncertainty import Sampler
from okhotsk.cache import Baselines
from okhotsk.measures.context import SEARCHES, Context, ScenarioContext
from okhotsk.measures.regimes import check_exits
from okhotsk.raster.cost_surface import recall_search
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import TODAY, Scenario
from okhotsk.scenario.read import load_scenario, load_scenarios, scenario_ids
from okhotsk.theatre.ensemble import strait_intervals
from okhotsk.theatre.model import Theatre


def compute_results(
    theatre: Theatre,
    scenarios: Iterable[str | Path | Mapping[str, Any] | Scenario] | None = None,
    *,
    assumptions: Assumptions | None = None,
    workers: int = 2,
    samples: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Result]:
    """Return the results of several scenarios (all named ones by default), in order.

    Parameters
    ----------
    theatre
        From :func:`okhotsk.load`.
    scenarios
        Ids of named scenarios, paths of scenario files, what such files hold, or scenarios.
    assumptions
        The defaults, unless given.
    workers
        Threads that share the work; the answer does not depend on their number.
    samples
        Samples of the assumptions behind ``index_low`` and ``index_high``
        (:data:`okhotsk.assessment.uncertainty.SAMPLES` by default).
    progress
        Called with the id of every scenario when it is done.

    Raises
    ------
    ScenarioError
        For an unknown or contradictory scenario, or two different ones with one id.
    AssumptionError
        Where the assumptions leave nothing to protect.
    SeabedError
        Where the seabed resolves no exit.
    """
    chosen = scenario_ids() if scenarios is None else scenarios
    loaded = load_scenarios(chosen)
    if not loaded:
        return []
    nothing = load_scenario(TODAY)
    assumptions = assumptions or Assumptions()
    check_exits(theatre, assumptions)

    def one(scenario: Scenario) -> dict[str, Any]:
        own = context.base if scenario == nothing else ScenarioContext.of(context, scenario)
        made = today.result() if scenario == nothing else make_record(own)
        found = result_parts(own, *made, today=today.result()[0])
        if progress:
            progress(scenario.scenario_id)
        return found

    with ThreadPoolExecutor(workers) as pool:
        context = _find_shared(theatre, assumptions, pool)
        today = pool.submit(make_record, context.base)
        order = _order(loaded, nothing)
        done = dict(zip(order, pool.map(one, [loaded[n] for n in order]), strict=True))
    found = [done[n] for n in range(len(loaded))]
    count = uncertainty.SAMPLES if samples is None else samples
    return _with_index(found, today.result()[0], Sampler(theatre, workers=workers), count)


def _find_shared(theatre: Theatre, assumptions: Assumptions, pool: ThreadPoolExecutor) -> Context:
    """The context, and once what all scenarios ask for, before threads do."""
    context = Context(theatre, assumptions, baselines=Baselines(recall_search))
    alone = ("core", "exit_distances", "base", "pacific", "base_cell", "seen", "high_seas")
    for names in (alone, ("line_costs", "outlines")):
        list(pool.map(lambda name: getattr(context, name), names))
    list(pool.map(context.baseline, SEARCHES))
    return context


def _order(scenarios: Sequence[Scenario], nothing: Scenario) -> list[int]:
    """The order to begin in: late a scenario that cedes the land of another, last today's.

    Side by side they would wait for one another, and today's record is begun before all. Lines of
    sight of split units take longest where they are not on disk.
    """
    land = [frozenset((c.unit, c.rule) for c in s.cessions) for s in scenarios]

    def rank(n: int) -> tuple[bool, bool, bool]:
        return scenarios[n] == nothing, land[n] in land[:n], not any(rule for _, rule in land[n])

    return sorted(range(len(scenarios)), key=rank)


def _with_index(
    found: list[dict[str, Any]], today: Mapping[str, Any], sampler: Sampler, count: int
) -> list[Result]:
    """The results, once the index and its interval are known."""
    recipe = index.read_recipe()
    records = [parts.pop("record") for parts in found]
    values = index.component_values(recipe, records, today)
    scores, plain = (
        index.index_of(values, weights, recipe.floor)
        for weights in (recipe.weights, recipe.weights_without_sensors)
    )
    given = (sampler, [parts["scenario"] for parts in found], records, today)
    interval = uncertainty.analyse(*given, count=count).interval.to_numpy()
    assumptions = found[0]["assumptions"]
    curves = uncertainty.index_over_range(*given, assumptions)
    seabeds = SeabedSampler(sampler.theatre, assumptions, workers=sampler.workers)
    spreads = seabed_intervals(seabeds, *given[1:])
    depth_m = assumptions.operating_depth_m
    straits = strait_intervals(sampler.theatre, operating_depth_m=depth_m)
    names = [component.component_id for component in recipe.components]
    results = []
    for parts, record, row, score, unsensed, (low, high), curve, spread in zip(
        found, records, values, scores, plain, interval, curves, spreads, strict=True
    ):
        ends = {"index": float(score), "index_low": float(low), "index_high": float(high)}
        parts["straits"] = parts["straits"].join(straits)
        shares = dict(zip(names, map(float, row), strict=True))
        results.append(
            Result(
                **parts,
                record=MappingProxyType(record | ends | spread),
                components=MappingProxyType(shares),
                index_without_sensors=float(unsensed),
                range_curve=pd.DataFrame(
                    {"sensor_range_km": uncertainty.RANGES_KM, "index": curve}
                ),
            )
        )
    return results
