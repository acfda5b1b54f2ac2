"""What an option does to the bastion: one record, and the layers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.uncertainty import Sampler
from okhotsk.measures import figures, refuge
from okhotsk.measures.barrier import LINES, Seal
from okhotsk.measures.ceded import ceded_figures
from okhotsk.measures.context import (
    SEARCHES,
    Context,
    ScenarioContext,
    exit_figures,
    find_routes,
    route_figures,
    water_figures,
)
from okhotsk.measures.exposure import Route
from okhotsk.measures.force import force_table, strait_force_table
from okhotsk.measures.missiles import missile_cover
from okhotsk.measures.passage import Passage, keel_table
from okhotsk.measures.regimes import straits_under, uncounted_exits
from okhotsk.measures.sensing import sensed_curve
from okhotsk.measures.zones import zone_areas_km2, zones_table
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import TODAY, Part, Scenario
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.theatre.model import Theatre


@dataclass(frozen=True)
class Result:
    """What one scenario does to the bastion: figures, tables and geometries, nothing that draws.

    Attributes
    ----------
    record, today
        The columns of the ``assess`` command; those of the status quo, without its index of 100.
    land
        Who holds every piece of land.
    zones
        Maritime zones over the window.
    straits
        The ``straits --scenario`` table with the throats.
    access, egress
        The deepest ways in for others and out for Russia.
    keels
        Which exits each keel passes, and the patrol water it reaches, both ways: columns ``way``,
        ``keel_m``, ``straits_open``, ``reached_km2``.
    seal
        The shortest line and the least cross-section.
    components
        The components of the index: ratios to the status quo, 1 as today and 0 lost, by id.
    patrol, refuge, core
        Patrol water, the part of it out of reach, and the core, as polygons.
    sensed
        Water of the sea in submerged line of sight of hostile shores, within the sensor range.
    routes
        Ways of least exposure: ``egress`` (core to Pacific), ``base`` (Vilyuchinsk to core) and
        ``intruder`` (Pacific to core).
    force, strait_force, missile_cover
        What the line must be held with, as :func:`okhotsk.measures.force.force_table`,
        :func:`okhotsk.measures.force.strait_force_table` and
        :func:`okhotsk.measures.missiles.missile_cover`.
    enclosure
        Patrol water enclosed over the length of the line, as
        :func:`okhotsk.measures.enclosure.enclosure_curve`.
    refuge_curve, sensed_curve
        Refuge over the standoff; sensed patrol water over the range and the depth of the boat.
    uncounted
        Ceded parts whose people no source counts: ``ceded_population`` is then a least number.
    notes
        What a reader of the record must know.
    """

    scenario: Scenario
    assumptions: Assumptions
    record: Mapping[str, Any]
    today: Mapping[str, Any]
    land: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    straits: gpd.GeoDataFrame
    access: Passage
    egress: Passage
    seal: Seal
    patrol: shapely.MultiPolygon
    refuge: shapely.MultiPolygon
    sensed: shapely.MultiPolygon
    core: shapely.MultiPolygon
    keels: pd.DataFrame
    routes: Mapping[str, Route]
    force: pd.DataFrame
    strait_force: pd.DataFrame
    missile_cover: pd.DataFrame
    enclosure: pd.DataFrame
    components: Mapping[str, float]
    refuge_curve: pd.DataFrame
    sensed_curve: pd.DataFrame
    uncounted: tuple[str, ...]
    notes: tuple[str, ...]
    theatre: Theatre

    def to_frame(self) -> pd.DataFrame:
        """Return the record as a table of one row."""
        return pd.DataFrame([dict(self.record)])


def compute_results(
    theatre: Theatre,
    scenarios: Iterable[str | Path | Scenario] | None = None,
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
        Ids of named scenarios, paths of scenario files, or scenarios.
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
        For an unknown or contradictory scenario.
    AssumptionError
        Where the assumptions leave nothing to protect.
    """
    chosen = scenario_ids() if scenarios is None else scenarios
    loaded = [s if isinstance(s, Scenario) else load_scenario(s) for s in chosen]
    if not loaded:
        return []
    nothing = load_scenario(TODAY)

    def one(scenario: Scenario) -> dict[str, Any]:
        option = ground.base if scenario == nothing else ScenarioContext.of(ground, scenario)
        made = today.result() if scenario == nothing else _record(option)
        found = _parts(option, *made, today=today.result()[0])
        if progress:
            progress(scenario.scenario_id)
        return found

    with ThreadPoolExecutor(workers) as pool:
        ground = _find_shared(theatre, assumptions or Assumptions(), pool)
        today = pool.submit(_record, ground.base)
        order = _order(loaded, nothing)
        done = dict(zip(order, pool.map(one, [loaded[n] for n in order]), strict=True))
    found = [done[n] for n in range(len(loaded))]
    count = uncertainty.SAMPLES if samples is None else samples
    return _with_index(found, today.result()[0], Sampler(theatre, workers=workers), count)


def _find_shared(theatre: Theatre, assumptions: Assumptions, pool: ThreadPoolExecutor) -> Context:
    """The ground, and once what all options ask for, before threads do."""
    ground = Context(theatre, assumptions, reuse=True, kept=True)
    alone = ("core", "exit_distances", "base", "pacific", "base_cell", "seen", "high_seas")
    for names in (alone, ("line_costs", "outlines")):
        list(pool.map(lambda name: getattr(ground, name), names))
    list(pool.map(ground.known, SEARCHES))
    list(pool.map(lambda name: ground.known(name).rings, LINES))
    return ground


def _order(scenarios: Sequence[Scenario], nothing: Scenario) -> list[int]:
    """In which order to begin: those that cede the same land as another late, nothing last.

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
    scores = index.index_of(values, recipe.weights, recipe.floor)
    interval = uncertainty.analyse(
        sampler, [parts["scenario"] for parts in found], records, today, count=count
    ).interval.to_numpy()
    names = [component.component_id for component in recipe.components]
    results = []
    for parts, record, row, score, (low, high) in zip(
        found, records, values, scores, interval, strict=True
    ):
        ends = {"index": float(score), "index_low": float(low), "index_high": float(high)}
        shares = dict(zip(names, map(float, row), strict=True))
        results.append(
            Result(
                **parts,
                record=MappingProxyType(record | ends),
                components=MappingProxyType(shares),
            )
        )
    return results


def _record(option: ScenarioContext) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record of an option, without its index, and what it was made of."""
    theatre, assumptions = option.ground.theatre, option.ground.assumptions
    name, parts, seal = option.scenario.scenario_id, option.parts, option.seal
    straits = straits_under(theatre, parts, assumptions, scenario_id=name)
    access, egress = (option.passage(way) for way in ("access", "egress"))
    routes = find_routes(option)
    measured = {
        **ceded_figures(parts, theatre),
        "sea_km2": theatre.sea_km2,
        **zone_areas_km2(theatre, option.zones),
        **exit_figures(straits, assumptions),
        "access_depth_m": access.depth_m,
        "egress_depth_m": egress.depth_m,
        "barrier_km": seal.barrier_km,
        "barrier_area_km2": seal.barrier_area_km2,
        **water_figures(option),
        **route_figures(routes),
    }
    record = {"scenario_id": name, **figures.finish(measured)}
    made = {"straits": straits, "access": access, "egress": egress, "seal": seal}
    return record, made | {"routes": MappingProxyType(routes)}


def _keels(option: ScenarioContext, access: Passage, egress: Passage) -> pd.DataFrame:
    """Exits open to each keel, and the patrol water it reaches, both ways."""
    tables = [
        keel_table(way, option.ground.exit_depths(closed)).assign(way=name)
        for name, way, closed in (
            ("access", access, option.closed_to_others),
            ("egress", egress, option.closed_to_russia),
        )
    ]
    return pd.concat(tables, ignore_index=True)


def _parts(
    option: ScenarioContext,
    record: dict[str, Any],
    made: dict[str, Any],
    *,
    today: Mapping[str, Any],
) -> dict[str, Any]:
    """All of a result but its index and components, by name; the record is not yet final."""
    ground, theatre, assumptions = option.ground, option.ground.theatre, option.ground.assumptions
    parts = option.parts
    uncounted = tuple(p.part_id for p in parts if p.ceded and p.part_id != p.unit)
    seal_km = (record["barrier_km"], today["barrier_km"])
    return {
        "scenario": option.scenario,
        "assumptions": assumptions,
        "record": record,
        "today": MappingProxyType(dict(today)),
        "land": land_table(parts),
        "refuge_curve": option.shared(
            "refuge curve",
            "forces",
            lambda: refuge.refuge_curve(theatre, ground.patrol, option.hostile_km),
        ),
        "sensed_curve": option.shared(
            "sensed curve",
            "forces",
            lambda: sensed_curve(theatre, parts, option.sights, ground.patrol),
        ),
        "uncounted": uncounted,
        "notes": _notes(uncounted, made["straits"], made["seal"], assumptions),
        "theatre": theatre,
        **made,
        "keels": _keels(option, made["access"], made["egress"]),
        "force": force_table(*seal_km, speed_ratio=assumptions.patrol_speed_ratio),
        "strait_force": strait_force_table(theatre.throats, made["straits"], assumptions),
        "missile_cover": missile_cover(theatre, parts, distances=ground.exit_distances),
        "enclosure": ground.enclosure_curve(option.closed_to_seal),
        **_layers(option),
    }


def _layers(option: ScenarioContext) -> dict[str, Any]:
    """Polygons of the zones and waters, for maps."""
    ground, theatre = option.ground, option.ground.theatre
    return {
        "zones": option.shared(
            "zones",
            "sovereign",
            lambda: zones_table(
                theatre, option.zones, ground.assumptions, high_seas=ground.high_seas
            ),
        ),
        "refuge": option.shared("refuge", "forces", lambda: ground.outline(option.refuge)),
        "sensed": option.shared(
            "sensed", "forces", lambda: ground.outline(theatre.sea.mask & option.sensed)
        ),
        **ground.outlines,
    }


def land_table(parts: Iterable[Part]) -> gpd.GeoDataFrame:
    """Who holds every piece of land (EPSG:4326)."""
    rows = [
        {
            "part_id": part.part_id,
            "unit_id": part.unit,
            "sovereign": part.sovereign,
            "forces": part.forces,
            "ceded": part.ceded,
            "geometry": part.land,
        }
        for part in parts
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def _notes(
    uncounted: Sequence[str], straits: gpd.GeoDataFrame, seal: Seal, assumptions: Assumptions
) -> tuple[str, ...]:
    """Limits of this record, in sentences."""
    halves = [part.removesuffix("-south").title() for part in uncounted]
    notes = [f"The people of the south of {name} are not counted: no source." for name in halves]
    notes += uncounted_exits(straits, assumptions)
    if not seal.proven:
        notes.append(
            "A line that avoids the mainland may be shorter than barrier_km or barrier_area_km2."
        )
    return tuple(notes)
