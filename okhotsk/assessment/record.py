"""What a scenario does to the bastion: one record, and the layers behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from okhotsk.measures import refuge
from okhotsk.measures.barrier import Barrier
from okhotsk.measures.ceded import ceded_figures, ceded_survey, people_note, uncounted_parts
from okhotsk.measures.context import ScenarioContext
from okhotsk.measures.exposure import Route
from okhotsk.measures.force import force_table, strait_force_table
from okhotsk.measures.missiles import missile_cover
from okhotsk.measures.passage import Passage, keel_table
from okhotsk.measures.regimes import survey_straits, uncounted_exits
from okhotsk.measures.scenario_figures import (
    exit_figures,
    find_routes,
    route_figures,
    water_figures,
)
from okhotsk.measures.sensing import sensed_curve
from okhotsk.measures.strait_section import Section
from okhotsk.measures.zones import zone_areas_km2, zones_table
from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.proximity import DistanceField
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part, Scenario
from okhotsk.theatre.coast import Survey
from okhotsk.theatre.model import Theatre


@dataclass(frozen=True)
class Cells:
    """What every cell of the theatre's grid belongs to.

    Attributes
    ----------
    zone
        Maritime zone, as :class:`okhotsk.measures.zones.Zones`.
    patrol, refuge, sensed, core
        Patrol water and the part of it out of reach; water of the sea in submerged line of sight
        of hostile shores, within the sensor range; the core.
    """

    zone: NDArray[np.uint8]
    patrol: BoolArray
    refuge: BoolArray
    sensed: BoolArray
    core: BoolArray


@dataclass(frozen=True)
class Result:
    """What one scenario does to the bastion: figures, tables and geometries, nothing that draws.

    Attributes
    ----------
    record, today
        The columns of the ``assess`` command; those of the status quo, without its index of 100.
    parts, distances
        Every piece of land with who holds it, and the distances to it, by part id.
    cells
        Zone and waters of every cell.
    land
        Who holds every piece of land, as a table.
    zones
        Maritime zones over the window.
    straits
        The ``straits --scenario`` table with the throats.
    sections
        The section of every strait, in the order of that table.
    access, egress
        The deepest ways in for others and out for Russia.
    keels
        Which exits each keel passes, and the patrol water it reaches, both ways: columns ``way``,
        ``keel_m``, ``straits_open``, ``reached_km2``.
    barrier
        The shortest line and the least cross-section.
    components
        The components of the index: ratios to the status quo, 1 as today and 0 lost, by id.
    index_without_sensors
        The index of the components that need no sensor range, at their weights among themselves.
    range_curve
        The index over the sensor range: columns ``sensor_range_km``, ``index``.
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
    parts: tuple[Part, ...]
    distances: Mapping[str, DistanceField]
    cells: Cells
    land: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    straits: gpd.GeoDataFrame
    sections: tuple[Section, ...]
    access: Passage
    egress: Passage
    barrier: Barrier
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
    index_without_sensors: float
    range_curve: pd.DataFrame
    refuge_curve: pd.DataFrame
    sensed_curve: pd.DataFrame
    uncounted: tuple[str, ...]
    notes: tuple[str, ...]
    theatre: Theatre

    @property
    def survey(self) -> Survey | None:
        """The surveyed area of the ceded land, where a survey has just that."""
        return ceded_survey(self.parts)

    def to_frame(self) -> pd.DataFrame:
        """Return the record as a table of one row."""
        return pd.DataFrame([dict(self.record)])


def make_record(scenario: ScenarioContext) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record of a scenario, without its index, and what it was made of."""
    theatre, assumptions = scenario.context.theatre, scenario.context.assumptions
    name, parts, barrier = scenario.scenario.scenario_id, scenario.parts, scenario.barrier
    survey = survey_straits(
        theatre, parts, assumptions, scenario_id=name, depths=scenario.corridor_depths
    )
    access, egress = (scenario.passage(name) for name in ("access", "egress"))
    routes = find_routes(scenario)
    record = {
        "scenario_id": name,
        **ceded_figures(parts, theatre),
        "sea_km2": theatre.sea_km2,
        **zone_areas_km2(theatre, scenario.zones),
        **exit_figures(survey.table, assumptions),
        "access_depth_m": access.depth_m,
        "egress_depth_m": egress.depth_m,
        **barrier.figures,
        **water_figures(scenario),
        **route_figures(routes),
    }
    made = {
        "straits": survey.table,
        "sections": survey.sections,
        "access": access,
        "egress": egress,
        "barrier": barrier,
    }
    return record, made | {"routes": MappingProxyType(routes)}


def _keels(scenario: ScenarioContext, access: Passage, egress: Passage) -> pd.DataFrame:
    """Exits open to each keel, and the patrol water it reaches, both ways."""
    tables = [
        keel_table(passage, scenario.context.exit_depths(closed)).assign(way=name)
        for name, passage, closed in (
            ("access", access, scenario.closed_to_others),
            ("egress", egress, scenario.closed_to_russia),
        )
    ]
    return pd.concat(tables, ignore_index=True)


def result_parts(
    scenario: ScenarioContext,
    record: dict[str, Any],
    made: dict[str, Any],
    *,
    today: Mapping[str, Any],
) -> dict[str, Any]:
    """All of a result but its index and components, by name; the record is not yet final."""
    context, parts = scenario.context, scenario.parts
    theatre, assumptions = context.theatre, context.assumptions
    uncounted = uncounted_parts(parts, theatre)
    people = [people_note(part, theatre) for part in uncounted]
    barrier_km = (record["barrier_km"], today["barrier_km"])
    return {
        "scenario": scenario.scenario,
        "assumptions": assumptions,
        "record": record,
        "today": MappingProxyType(dict(today)),
        "parts": parts,
        "distances": MappingProxyType(scenario.distances),
        "cells": _cells(scenario),
        "land": land_table(parts),
        "refuge_curve": scenario.shared(
            "refuge curve",
            "forces",
            lambda: refuge.refuge_curve(theatre, context.patrol, scenario.hostile_km),
        ),
        "sensed_curve": scenario.shared(
            "sensed curve",
            "forces",
            lambda: sensed_curve(theatre, parts, scenario.viewsheds, context.patrol),
        ),
        "uncounted": tuple(part.part_id for part in uncounted),
        "notes": _notes(people, made["straits"], made["barrier"], assumptions),
        "theatre": theatre,
        **made,
        "keels": _keels(scenario, made["access"], made["egress"]),
        "force": force_table(*barrier_km, speed_ratio=assumptions.patrol_speed_ratio),
        "strait_force": strait_force_table(theatre.throats, made["straits"], assumptions),
        "missile_cover": missile_cover(theatre, parts, distances=context.exit_distances),
        "enclosure": context.enclosure_curve(scenario.closed_to_barrier),
        **_layers(scenario),
    }


def _cells(scenario: ScenarioContext) -> Cells:
    """Zone and waters of every cell; scenarios that agree share the arrays."""
    mask = scenario.context.theatre.sea.mask
    return Cells(
        zone=scenario.shared("zone of cells", "sovereign", lambda: scenario.zones.code),
        patrol=scenario.context.patrol,
        refuge=scenario.shared("refuge of cells", "forces", lambda: scenario.refuge),
        sensed=scenario.shared("sensed cells", "forces", lambda: mask & scenario.sensed),
        core=scenario.context.core,
    )


def _layers(scenario: ScenarioContext) -> dict[str, Any]:
    """Polygons of the zones and waters, for maps."""
    context, theatre = scenario.context, scenario.context.theatre
    return {
        "zones": scenario.shared(
            "zones",
            "sovereign",
            lambda: zones_table(
                theatre, scenario.zones, context.assumptions, high_seas=context.high_seas
            ),
        ),
        "refuge": scenario.shared("refuge", "forces", lambda: context.outline(scenario.refuge)),
        "sensed": scenario.shared(
            "sensed", "forces", lambda: context.outline(theatre.sea.mask & scenario.sensed)
        ),
        **context.outlines,
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
    people: Sequence[str], straits: gpd.GeoDataFrame, barrier: Barrier, assumptions: Assumptions
) -> tuple[str, ...]:
    """Limits of this record, in sentences."""
    notes = [*people, *uncounted_exits(straits, assumptions)]
    if not barrier.proven:
        notes.append(
            "A line that avoids the mainland may be shorter than barrier_km or barrier_area_km2."
        )
    return tuple(notes)
