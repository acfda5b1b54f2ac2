"""What the seabeds of the ensemble make of the figures of scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from okhotsk.assessment import index
from okhotsk.assessment.uncertainty import (
    CoarseScenario,
    Progress,
    carried,
    carried_components,
    grid_cells,
    identify,
    sampled_columns,
)
from okhotsk.cache import kept_at, read_arrays, write_arrays
from okhotsk.datasets import data_digest, data_folder, sha256
from okhotsk.measures.barrier import SEALS, find_core
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.figures import columns_of
from okhotsk.measures.passage import flood_from_ocean
from okhotsk.measures.refuge import find_patrol
from okhotsk.measures.zones import part_distances
from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import TODAY, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.ensemble import ERRORS, Ensemble, count_members, interval
from okhotsk.theatre.model import Theatre

# Found on the cells of the theatre, besides the lines: what a coarsened one tells is too little.
FULL = ("access_depth_m", "egress_depth_m", "patrol_km2")


def seabed_columns() -> list[str]:
    """Return the columns of a record that the ensemble gives an interval for."""
    return [name for name in (*sampled_columns(), *FULL) if name not in columns_of("exits")]


class SeabedSampler:
    """Figures of scenarios on every seabed of the ensemble, kept on disk.

    Parameters
    ----------
    theatre
        The theatre; the ensemble of a seabed of one's own is empty.
    assumptions
        The defaults, unless given; under others nothing is measured.
    full
        Whether lines are found on the cells of the theatre, and depths of passages and patrol
        water too: that takes ten times as long as the rest.
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with a line before each long step.
    """

    def __init__(
        self,
        theatre: Theatre,
        assumptions: Assumptions | None = None,
        *,
        full: bool = True,
        workers: int = 2,
        progress: Progress | None = None,
    ) -> None:
        self.theatre, self.workers = theatre, workers
        self.assumptions = assumptions or Assumptions()
        # Each set of assumptions takes as long as the first: half a minute for all named options.
        self.members = count_members(theatre) if self.assumptions == Assumptions() else 0
        self.full, self.columns = full, [*sampled_columns(), *(FULL if full else ())]
        self.say = progress or (lambda _: None)
        self._known: dict[Path, FloatArray] = {}  # where nothing can be kept on disk, too

    @cached_property
    def _ensemble(self) -> Ensemble:
        return Ensemble(self.theatre)

    @cached_property
    def _base(self) -> Context:
        return Context(self.theatre, self.assumptions)

    @cached_property
    def _coarse(self) -> list[Theatre]:
        """The theatre on the cells of lines and waters, and on those of routes."""
        return [coarsen(self.theatre, cells) for cells in grid_cells(self.theatre)]

    def rows(self, scenarios: Sequence[Scenario]) -> list[list[dict[str, float]]]:
        """Return figures of some scenarios, a row for the seabed itself and for each member.

        Lines, depths of passages and patrol water are measured on the theatre, the others on the
        coarsened theatre. Where not all is asked for, lines are those of the coarsened theatre:
        on 10' they err about as much as they move.
        """
        if not self.members:
            return [[] for _ in scenarios]
        paths = [self._path(scenario) for scenario in scenarios]
        missing = {
            path: scenario
            for path, scenario in zip(paths, scenarios, strict=True)
            if not self._recall(path)
        }
        if missing:
            tables = self._compute(list(missing.values()))
            for path, table in zip(missing, tables, strict=True):
                self._known[path] = table
                write_arrays(path, {"table": table})
        return [
            [dict(zip(self.columns, map(float, row), strict=True)) for row in self._known[path]]
            for path in paths
        ]

    def _recall(self, path: Path) -> bool:
        """Whether the figures of a scenario are known, from before or from disk."""
        found = None if path in self._known else read_arrays(path, ("table",))
        if found is not None:
            self._known[path] = found["table"]
        return path in self._known

    def _compute(self, scenarios: Sequence[Scenario]) -> list[FloatArray]:
        """The figures of scenarios, a row for each seabed."""
        self.say("trying other seabeds")
        closed = [self._closed(scenario) if self.full else () for scenario in scenarios]
        _ = self._ensemble.spread, self._coarse, self._base.exposed_km
        with ThreadPoolExecutor(self.workers) as pool:
            tables = list(
                pool.map(
                    lambda number: self._measure(number, scenarios, closed),
                    range(self.members + 1),
                )
            )
        return list(np.moveaxis(np.array(tables), 1, 0))

    def _measure(
        self,
        number: int,
        scenarios: Sequence[Scenario],
        closed: Sequence[Sequence[BoolArray]],
    ) -> list[list[float]]:
        """Figures of scenarios on the seabed of a member."""
        theatre = self._ensemble.member(number)
        contexts = [
            Context(coarsen(theatre, cells, like=known), self.assumptions)
            for cells, known in zip(grid_cells(theatre), self._coarse, strict=True)
        ]
        coarse = [
            CoarseScenario.of(contexts, theatre, scenario).measure(self.assumptions)
            for scenario in scenarios
        ]
        if not self.full:
            return [[figures[name] for name in sampled_columns()] for figures in coarse]
        context = Context(theatre, self.assumptions)
        patrol = find_patrol(theatre, self.assumptions)
        core = find_core(theatre, patrol, self._base.exposed_km, self.assumptions)
        patrol_km2 = float(theatre.water_km2[patrol].sum(dtype=float))
        full = []
        for figures, (to_lines, *ways) in zip(coarse, closed, strict=True):
            keels = [_keel_m(context, cells, core) for cells in ways]
            lines = _lines(context, to_lines)
            own = {**figures, **lines}
            full.append([*(own[name] for name in sampled_columns()), *keels, patrol_km2])
        return full

    def _closed(self, scenario: Scenario) -> tuple[BoolArray, BoolArray, BoolArray]:
        """Cells closed to Russia's lines, to other boats, and to its own: the coast decides."""
        parts = resolve(scenario, self.theatre.lands)
        distances = part_distances(self.theatre, parts)
        own = ScenarioContext(self._base, scenario, parts, distances, MappingProxyType({}))
        return own.closed_to_barrier, own.closed_to_others, own.closed_to_russia

    def _path(self, scenario: Scenario) -> Path:
        """Where the figures are kept: by all that they follow from."""
        errors = sha256(data_folder() / ERRORS)
        cells = grid_cells(self.theatre)
        known = f"{self.theatre.key} {errors} {data_digest()} {self.assumptions!r} {self.columns}"
        return kept_at("seabeds", __name__, f"{known} {cells}", *identify(scenario, self.theatre))


def _lines(context: Context, closed: BoolArray) -> dict[str, float]:
    """The lines of the index; infinite where none can be drawn."""
    try:
        return dict(context.barrier(closed, SEALS).figures)
    except ValueError:
        return dict.fromkeys(SEALS, np.inf)


def _keel_m(context: Context, closed: BoolArray, core: BoolArray) -> float:
    """The deepest keel from the ocean to the core, past closed cells; found once for the same."""
    return context.once(lambda: flood_from_ocean(context.theatre, closed, core).depth_m, closed)


def seabed_intervals(
    sampler: SeabedSampler,
    scenarios: Sequence[Scenario],
    records: Sequence[Mapping[str, Any]],
    today: Mapping[str, Any],
) -> list[dict[str, float]]:
    """Return how far the figures of scenarios move with the seabed.

    Parameters
    ----------
    sampler
        Where figures on other seabeds come from; its assumptions are those of the records.
    scenarios, records
        The scenarios and their records.
    today
        The record of the status quo.

    Returns
    -------
    list of dict
        For each scenario the 5th and the 95th percentile over the members of the ensemble, as
        ``<column>_low`` and ``<column>_high``, and of the index as ``index_seabed_low`` and
        ``index_seabed_high``. NaN under other assumptions than the
        defaults, and where the seabed is one of the user's own.

    Notes
    -----
    The coarsened theatre tells only what changes: figures are the record's own times that, as
    :func:`okhotsk.assessment.uncertainty.carried`; components of the index by differences.
    """
    names, recipe = seabed_columns(), index.read_recipe()
    ends = [f"{name}_{end}" for name in (*names, "index_seabed") for end in ("low", "high")]
    if not sampler.members:
        return [dict.fromkeys(ends, np.nan) for _ in records]
    tables = sampler.rows(scenarios)
    values = seabed_components(sampler, scenarios, records, today)
    scores = index.index_of(values, recipe.weights, recipe.floor)
    found = []
    for rows, record, score in zip(tables, records, scores.T, strict=True):
        moved = [carried(np.array([r[n] for r in rows]), float(record[n]))[1:] for n in names]
        spans = interval(np.array([*moved, score]).T).T
        found.append(dict(zip(ends, map(float, spans.ravel()), strict=True)))
    return found


def seabed_components(
    sampler: SeabedSampler,
    scenarios: Sequence[Scenario],
    records: Sequence[Mapping[Any, Any]],
    today: Mapping[str, Any],
) -> FloatArray:
    """Return components on every member, on the level of the theatre.

    Parameters as :func:`seabed_intervals`; shape (members, scenarios, components).
    """
    recipe = index.read_recipe()
    base, *tables = sampler.rows([load_scenario(TODAY), *scenarios])
    coarse = np.stack(
        [
            index.component_values(recipe, [rows[n] for rows in tables], base[n])
            for n in range(sampler.members + 1)
        ]
    )
    return carried_components(coarse, index.component_values(recipe, records, today))[1:]
