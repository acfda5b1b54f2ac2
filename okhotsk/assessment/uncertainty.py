"""How far the index moves when assumptions and weightings do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy  # loads its stats at their first use: a second that only some commands need
import shapely

from okhotsk.assessment import index
from okhotsk.cache import kept_at, recall
from okhotsk.datasets import data_digest
from okhotsk.errors import ScenarioError
from okhotsk.measures import figures
from okhotsk.measures.barrier import SEALS
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.regimes import survey_straits
from okhotsk.measures.scenario_figures import (
    exit_figures,
    find_routes,
    route_figures,
    water_figures,
)
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import Assumptions, from_unit, swept_names, to_unit
from okhotsk.scenario.model import TODAY, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

Progress = Callable[[str], None]

# Figures that are sampled besides those of the index.
EXITS = figures.columns_of("exits")
# Cells of the coarsened theatres: of lines and waters, and of routes, which need finer sight.
COARSE_ARCMIN, ROUTE_ARCMIN = 10, 5
RANGES_KM = (50, 100, 150, 200, 250, 300)  # of sensors, at which the index is shown
SAMPLES, MORE_SAMPLES = 48, 192
WEIGHTINGS = 500
SEED = 20061213


@dataclass(frozen=True)
class Uncertainty:
    """How robust the index of some scenarios is.

    Attributes
    ----------
    scenario_ids
        The scenarios.
    interval
        5th and 95th percentile of the index over all assumptions and weightings, by scenario.
    ranks
        Probability of each rank among these scenarios (columns 1, 2, ...), by scenario.
    variance
        Share of the variance that assumptions alone, weightings alone and both together explain.
    """

    scenario_ids: tuple[str, ...]
    interval: pd.DataFrame
    ranks: pd.DataFrame
    variance: pd.DataFrame


@dataclass(frozen=True)
class CoarseScenario:
    """A scenario on coarser theatres, ready to be measured under any assumptions.

    Attributes
    ----------
    scenario, routes
        The scenario where lines and waters are measured, and on the finer cells of routes.
    straits
        The straits of the theatre, whose detail they need.
    """

    scenario: ScenarioContext
    routes: ScenarioContext
    straits: Any

    @classmethod
    def of(
        cls, contexts: Sequence[Context], theatre: Theatre, scenario: Scenario
    ) -> CoarseScenario:
        """A scenario in the two contexts."""
        own, routes = (ScenarioContext.of(context, scenario) for context in contexts)
        # No column of the index asks how deep corridors are.
        survey = survey_straits(
            theatre, own.parts, Assumptions(), scenario_id=scenario.scenario_id, depths={}
        )
        return cls(own, routes, survey.table)

    def measure(self, assumptions: Assumptions) -> dict[str, float]:
        """Columns of the index under some assumptions; a seal that cannot be drawn is infinite."""
        scenario, routes = (
            replace(one, context=one.context.under(assumptions))
            for one in (self.scenario, self.routes)
        )
        try:
            barrier = scenario.find_barrier(SEALS).figures
        except ScenarioError:
            barrier = dict.fromkeys(SEALS, np.inf)
        return {
            **barrier,
            **exit_figures(self._straits_at(assumptions.operating_depth_m), assumptions),
            **water_figures(scenario),
            **route_figures(find_routes(routes)),
        }

    def _straits_at(self, operating_depth_m: float) -> Any:
        """The straits with their sections down to another depth."""
        throats = self.scenario.context.theatre.throats
        areas = [throat.operating_area_km2(operating_depth_m) for throat in throats]
        return self.straits.assign(operating_area_km2=areas)


class Sampler:
    """Records of scenarios under many assumptions, computed on a coarser theatre and kept on disk.

    Parameters
    ----------
    theatre
        The theatre.
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with a line before each long step.
    """

    def __init__(
        self,
        theatre: Theatre,
        *,
        workers: int = 2,
        progress: Progress | None = None,
    ) -> None:
        self.theatre, self.workers = theatre, workers
        self.cells = grid_cells(theatre)
        self.say = progress or (lambda _: None)
        self.columns = sampled_columns()
        self.contexts = cache(
            lambda: [Context(coarsen(theatre, n), Assumptions()) for n in self.cells]
        )

    def records(self, scenario: Scenario, units: FloatArray) -> list[dict[str, float]]:
        """Return the columns of the index of a scenario for some points of the unit cube.

        ``units`` has a row per sample and a column per swept assumption.
        """
        path = self._path(scenario, units)
        found = recall(path, lambda: {"table": self._compute(scenario, units)}, names=("table",))
        return [dict(zip(self.columns, map(float, row), strict=True)) for row in found["table"]]

    def _compute(self, scenario: Scenario, units: FloatArray) -> FloatArray:
        self.say(f"weighing the assumptions of {scenario.scenario_id}")
        coarse = CoarseScenario.of(self.contexts(), self.theatre, scenario)
        with ThreadPoolExecutor(self.workers) as pool:
            measured = list(pool.map(coarse.measure, map(from_unit, units)))
        return np.array([[record[column] for column in self.columns] for record in measured])

    def _path(self, scenario: Scenario, units: FloatArray) -> Path:
        """Where the records are kept: by all that they follow from."""
        known = f"{self.theatre.key} {self.cells} {data_digest()} {' '.join(self.columns)}"
        return kept_at("samples", __name__, known, units, *identify(scenario, self.theatre))


def identify(scenario: Scenario, theatre: Theatre) -> list[str | bytes]:
    """Return what tells scenarios apart that differ in who holds what: parts, and split land."""
    given: list[str | bytes] = []
    for part in resolve(scenario, theatre.lands):
        given.append(f"{part.part_id} {part.sovereign} {part.forces}")
        if part.part_id != part.unit:
            given.append(shapely.to_wkb(part.land))
    return given


def sampled_columns() -> list[str]:
    """Return the columns of a record that are sampled: those of the index, and the exits."""
    return [*(c.column for c in index.read_recipe().components), *EXITS]


def grid_cells(theatre: Theatre) -> tuple[int, int]:
    """Return :func:`coarse_cells` and :func:`route_cells`."""
    return coarse_cells(theatre), route_cells(theatre)


def coarse_cells(theatre: Theatre) -> int:
    """Return how many cells of a theatre make one of it coarsened, on a side.

    As near to 10' as divides the grid.
    """
    return _cells(theatre, COARSE_ARCMIN)


def route_cells(theatre: Theatre) -> int:
    """Return the same for routes: as near to 5' as divides the grid."""
    return _cells(theatre, ROUTE_ARCMIN)


def _cells(theatre: Theatre, arcmin: float) -> int:
    rows, cols = theatre.grid.shape
    most = max(1, round(arcmin / 60 / theatre.grid.cell_deg[1]))
    return next(n for n in range(most, 0, -1) if rows % n == cols % n == 0)


def draw(count: int, *, seed: int = SEED) -> FloatArray:
    """Draw points of the unit cube by Latin hypercube: a column per assumption, last the floor."""
    columns = len(swept_names()) + 1

    def find() -> dict[str, FloatArray]:
        cube = scipy.stats.qmc.LatinHypercube(columns, rng=np.random.default_rng(seed))
        return {"points": cube.random(count)}

    # On disk, because scipy.stats takes a second to import.
    path = kept_at("points", __name__, f"{count} {seed} {columns}")
    return np.asarray(recall(path, find, names=("points",))["points"])


def analyse(
    sampler: Sampler,
    scenarios: Sequence[Scenario],
    records: Sequence[Mapping[str, float]],
    today: Mapping[str, float],
    *,
    count: int,
) -> Uncertainty:
    """Return how far the index of some scenarios moves.

    Parameters
    ----------
    sampler
        Where samples come from.
    scenarios, records
        The scenarios and their records under the default assumptions.
    today
        The record of the status quo under the same assumptions.
    count
        Samples of the assumptions.

    Notes
    -----
    Latin hypercube over the ranges of all assumptions that law does not settle, and the floor of
    the index; every sample with the same 500 weightings, drawn evenly from all. The coarsened
    theatre tells only what changes: each component is the theatre's own, plus what the coarsened
    one's changes by (:func:`carried_components`).
    """
    recipe = index.read_recipe()
    units = draw(count)
    values = sampled_components(sampler, scenarios, records, today, units[:, :-1])
    floors = recipe.floors(units[:, -1])
    weights = index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED)
    scores = index.score_table(values, floors, weights)
    names = [scenario.scenario_id for scenario in scenarios]
    ranks = index.rank_probabilities(scores)
    table = partial(pd.DataFrame, index=pd.Index(names, name="scenario_id"))
    return Uncertainty(
        scenario_ids=tuple(names),
        interval=table(index.interval(scores), columns=["index_low", "index_high"]),
        ranks=table(ranks, columns=[f"rank_{n}" for n in range(1, len(names) + 1)]),
        variance=table(
            index.variance_shares(scores), columns=["assumptions", "weightings", "together"]
        ),
    )


def sampled_components(
    sampler: Sampler,
    scenarios: Sequence[Scenario],
    records: Sequence[Mapping[str, float]],
    today: Mapping[str, float],
    units: FloatArray,
) -> FloatArray:
    """Return components, shape (samples, scenarios, components), on the level of the theatre.

    Parameters as :func:`analyse`; ``units`` has a row per sample and a column per swept
    assumption.
    """
    recipe, defaults = index.read_recipe(), np.array([to_unit(Assumptions())])
    coarse = _coarse_components(sampler, scenarios, np.vstack([defaults, units]))
    return carried_components(coarse, index.component_values(recipe, records, today))[1:]


def index_over_range(
    sampler: Sampler,
    scenarios: Sequence[Scenario],
    records: Sequence[Mapping[str, float]],
    today: Mapping[str, float],
    assumptions: Assumptions,
) -> FloatArray:
    """Return the index of some scenarios at each of :data:`RANGES_KM`, a row per scenario.

    Parameters as :func:`analyse`, with the assumptions of the records: only the sensor range
    differs. No source settles it: the range follows from the figure of merit of a sonar and the
    law by which sound spreads, so that it spans a decade.
    """
    recipe, points = index.read_recipe(), [assumptions]
    points += [assumptions.with_values({"sensor_range_km": km}) for km in RANGES_KM]
    units = np.array([to_unit(point) for point in points])
    exact = index.component_values(recipe, records, today)
    values = carried_components(_coarse_components(sampler, scenarios, units), exact)[1:]
    return np.asarray(index.index_of(values, recipe.weights, recipe.floor).T)


def _coarse_components(
    sampler: Sampler, scenarios: Sequence[Scenario], units: FloatArray
) -> FloatArray:
    """Components on the coarsened theatre, shape (samples, scenarios, components)."""
    recipe, base = index.read_recipe(), sampler.records(load_scenario(TODAY), units)
    columns = [sampler.records(scenario, units) for scenario in scenarios]
    return np.stack(
        [
            index.component_values(recipe, [rows[n] for rows in columns], base[n])
            for n in range(len(units))
        ]
    )


def carried(coarse: FloatArray, exact: float) -> FloatArray:
    """Return a figure of the coarsened theatre on the level of the theatre, by ratios.

    ``coarse`` begins with the figure whose value on the theatre is ``exact``. What is nothing, or
    not to be had, has no ratio: it stays ``exact`` where it does not change.
    """
    if coarse[0] > 0 and np.isfinite(coarse[0]) and exact > 0:
        return np.asarray(coarse * (exact / coarse[0]))
    return np.asarray(np.where(coarse == coarse[0], exact, coarse))


def carried_components(coarse: FloatArray, exact: FloatArray) -> FloatArray:
    """Return components of the coarsened theatre on the level of the theatre.

    Parameters
    ----------
    coarse
        Components on the coarsened theatre, shape (samples, scenarios, components); the first
        sample has the default assumptions.
    exact
        Components on the theatre under these, shape (scenarios, components).
    """
    # Differences, since a ratio says nothing of a component that is nearly lost by default.
    return np.asarray(np.clip(coarse + (exact - coarse[0]), 0, 1))
