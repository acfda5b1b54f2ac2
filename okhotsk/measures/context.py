"""What scenarios share under one set of assumptions, and what follows from one for every cell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import shapely

from okhotsk.cache import Baselines, Memo
from okhotsk.errors import ScenarioError
from okhotsk.measures import refuge
from okhotsk.measures.barrier import (
    LINE_SEARCHES,
    LINES,
    RINGS,
    Barrier,
    closed_water,
    exposed_km,
    find_barrier,
    find_core,
    line_costs,
    line_problem,
)
from okhotsk.measures.corridor import territorial_sea_near
from okhotsk.measures.enclosure import enclosure_curve
from okhotsk.measures.exposure import Route, exposure_problem, find_route
from okhotsk.measures.missiles import ExitDistances, exit_distances
from okhotsk.measures.passage import (
    Passage,
    exit_depths,
    find_passage,
    open_pacific,
    passage_problem,
)
from okhotsk.measures.sensing import part_viewsheds, seen_from, sight_km
from okhotsk.measures.transit import transit_water
from okhotsk.measures.zones import (
    Zones,
    administered,
    closed_to_others,
    closed_to_russia,
    find_zones,
    high_seas_shape,
    part_distances,
)
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.raster.contours import polygons
from okhotsk.raster.cost_surface import PathProblem, SearchTree
from okhotsk.raster.proximity import DistanceField
from okhotsk.raster.viewshed import Viewshed
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import TODAY, Part, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import find_place

T = TypeVar("T")

DEPTHS: Mapping[str, str] = MappingProxyType({"access": "access depth", "egress": "egress depth"})
SEARCHES = (*LINE_SEARCHES, "egress", "base", "intruder", *DEPTHS.values())


@dataclass(frozen=True)
class Context:
    """What all scenarios share under one set of assumptions.

    Scenarios with the same closed water have one barrier, found once: ``memo`` keeps such answers.
    Where many scenarios are asked for, ``baselines`` hold today's searches, from which those of
    the others go on.
    """

    theatre: Theatre
    assumptions: Assumptions
    memo: Memo = field(default_factory=Memo)
    baselines: Baselines[PathProblem, SearchTree] = field(default_factory=Baselines)

    def under(self, assumptions: Assumptions) -> Context:
        """The same theatre and memory under other assumptions."""
        return replace(self, assumptions=assumptions)

    def once(self, compute: Callable[[], T], *given: Any) -> T:
        """Return ``compute()``, found once for the same theatre and values."""
        return self.memo.get(compute, self.theatre.key, *given)

    @cached_property
    def base(self) -> ScenarioContext:
        """Today, when nothing is handed over."""
        return ScenarioContext.of(self, load_scenario(TODAY))

    def baseline(self, name: str) -> SearchTree | None:
        """Today's search of a name of :data:`SEARCHES`, to go on from; None without baselines."""
        key = (self.theatre.key, repr(self.assumptions), name)
        return self.baselines.get(lambda: self.base.problem(name), *key)

    @property
    def exposed_km(self) -> Float32Array:
        """What :func:`okhotsk.measures.barrier.exposed_km` returns, under any assumptions."""
        return self.once(lambda: exposed_km(self.theatre), "exposed")

    @cached_property
    def patrol(self) -> BoolArray:
        """Cells of the patrol water."""
        return refuge.find_patrol(self.theatre, self.assumptions)

    @cached_property
    def core(self) -> BoolArray:
        """Cells of the core."""
        return find_core(self.theatre, self.patrol, self.exposed_km, self.assumptions)

    @cached_property
    def outlines(self) -> dict[str, shapely.MultiPolygon]:
        """Patrol water and core as polygons."""
        return {name: self.outline(getattr(self, name)) for name in ("patrol", "core")}

    @cached_property
    def high_seas(self) -> shapely.MultiPolygon:
        """High seas as polygons."""
        return high_seas_shape(self.theatre, self.assumptions)

    def outline(self, cells: BoolArray) -> shapely.MultiPolygon:
        """Some cells as polygons."""
        return polygons(np.where(cells, np.int8(1), np.int8(-1)), self.theatre.grid)

    @cached_property
    def deep(self) -> BoolArray:
        """Cells clear of land and deep enough for a submerged passage."""
        depth_m = self.theatre.seabed.depth_m
        return np.asarray(self.theatre.clear & (depth_m >= self.assumptions.transit_depth_m))

    @cached_property
    def pacific(self) -> BoolArray:
        """Cells of the open Pacific: outside the sea, 200 nautical miles and more off any shore."""
        return open_pacific(self.theatre) & self.deep

    @cached_property
    def transit_water(self) -> BoolArray:
        """Cells in which submerged transit passage holds."""
        return transit_water(self.theatre, self.assumptions)

    @cached_property
    def seen(self) -> dict[str, DistanceField]:
        """Water that each land has in sight, and how far off."""
        depth_m = self.assumptions.sensed_depth_m
        return seen_from(self.theatre, self.theatre.viewsheds, depth_m=depth_m)

    @cached_property
    def exit_distances(self) -> ExitDistances:
        """Distance of every exit to every land."""
        return exit_distances(self.theatre)

    @cached_property
    def line_costs(self) -> dict[str, Float32Array]:
        """What a km of either line costs in each cell."""
        return line_costs(self.theatre, self.assumptions)

    def barrier(self, closed: BoolArray, lines: Sequence[str] = LINES) -> Barrier:
        """Some of the lines that keep the core from closed water, or ValueError."""
        searches = (*lines, *(RINGS[name] for name in lines))
        return self.once(
            lambda: find_barrier(
                self.theatre,
                closed,
                self.core,
                self.assumptions,
                costs={name: self.line_costs[name] for name in lines},
                baselines={name: self.baseline(name) for name in searches},
            ),
            "barrier",
            closed,
            self.core,
            self.assumptions.transit_depth_m,
            self.assumptions.operating_depth_m,
            " ".join(lines),
        )

    def exit_depths(self, closed: BoolArray) -> dict[str, float | None]:
        """The deepest keel through each exit past closed water."""
        return self.once(lambda: exit_depths(self.theatre, closed), "exits", closed)

    def enclosure_curve(self, closed: BoolArray) -> pd.DataFrame:
        """Patrol water over the length of line that encloses it, closed water kept out."""
        return self.once(
            lambda: enclosure_curve(self.theatre, self.patrol, closed, self.assumptions),
            "enclosure",
            self.patrol,
            closed,
            self.assumptions.transit_depth_m,
        )

    @cached_property
    def base_cell(self) -> BoolArray:
        """The deep cell nearest to the submarine base."""
        row, col = self.theatre.grid.index(*find_place("base"))
        deep = np.argwhere(self.deep & ~self.theatre.sea.mask)
        nearest = deep[np.hypot(*(deep - (row, col)).T).argmin()]
        cell = np.zeros(self.deep.shape, bool)
        cell[tuple(nearest)] = True
        return cell


@dataclass(frozen=True)
class ScenarioContext:
    """A scenario in its context: who holds what, and what follows for every cell."""

    context: Context
    scenario: Scenario
    parts: tuple[Part, ...]
    distances: Mapping[str, DistanceField]
    viewsheds: Mapping[str, Viewshed]

    @classmethod
    def of(cls, context: Context, scenario: Scenario) -> ScenarioContext:
        """Resolve a scenario and measure from the parts of split units."""
        theatre = context.theatre
        parts = resolve(scenario, theatre.lands)
        distances = part_distances(theatre, parts)
        return cls(context, scenario, parts, distances, part_viewsheds(theatre, parts, distances))

    @cached_property
    def zones(self) -> Zones:
        """Maritime zones by sovereignty."""
        return find_zones(
            self.context.theatre, self.parts, self.distances, self.context.assumptions
        )

    @cached_property
    def used(self) -> Zones:
        """Maritime zones with Russia as holder wherever its forces stay."""
        parts = administered(self.parts)
        if [p.sovereign for p in parts] == [p.sovereign for p in self.parts]:
            return self.zones
        return find_zones(self.context.theatre, parts, self.distances, self.context.assumptions)

    @cached_property
    def closed_to_russia(self) -> BoolArray:
        """Cells that a Russian boat may not cross submerged."""
        return closed_to_russia(self.used, self.context.transit_water)

    @cached_property
    def closed_to_others(self) -> BoolArray:
        """Cells that a foreign boat may not cross submerged."""
        return closed_to_others(self.zones, self.context.transit_water)

    @cached_property
    def hostile_km(self) -> Float32Array:
        """Distance to the nearest shore where Japanese forces may stand."""
        return refuge.hostile_km(self.context.theatre, self.parts, self.distances)

    @cached_property
    def hostile_sight_km(self) -> Float32Array:
        """Distance to the nearest shore where Japanese forces may stand that sees a boat."""
        return self._sight_km("JP")

    @cached_property
    def russian_sight_km(self) -> Float32Array:
        """Distance to the nearest shore where Russian forces may stand that sees a boat."""
        return self._sight_km("RU")

    @cached_property
    def _seen(self) -> dict[str, DistanceField]:
        """What every part has in sight: the context's for whole units."""
        theatre, depth_m = self.context.theatre, self.context.assumptions.sensed_depth_m
        split = {
            part: sight for part, sight in self.viewsheds.items() if part not in theatre.viewsheds
        }
        return self.context.seen | seen_from(theatre, split, depth_m=depth_m)

    def shared(self, name: str, held: str, compute: Callable[[], T]) -> T:
        """What follows from the ``sovereign`` or the ``forces`` of every part: computed once."""
        parts = [f"{_part_key(part)} {getattr(part, held)}" for part in self.parts]
        return self.context.once(compute, name, held, repr(self.context.assumptions), parts)

    def _sight_km(self, forces: str) -> Float32Array:
        return sight_km(self.context.theatre, self.parts, self._seen, forces=forces)

    @cached_property
    def sensed(self) -> BoolArray:
        """Cells within ``sensor_range_km`` and in line of sight of a hostile shore."""
        return np.asarray(self.hostile_sight_km <= self.context.assumptions.sensor_range_km)

    @cached_property
    def refuge(self) -> BoolArray:
        """Patrol water further than ``refuge_standoff_km`` from every hostile shore."""
        return self.context.patrol & (self.hostile_km > self.context.assumptions.refuge_standoff_km)

    @cached_property
    def closed_to_barrier(self) -> BoolArray:
        """Cells that Russia's line may not enter."""
        return closed_water(self.context.theatre, self.parts, self.used)

    @cached_property
    def barrier(self) -> Barrier:
        """All lines; errors as :meth:`find_barrier`."""
        return self.find_barrier(LINES)

    def find_barrier(self, lines: Sequence[str]) -> Barrier:
        """Return some of the lines, or ScenarioError where none can be drawn."""
        context, closed = self.context, self.closed_to_barrier
        try:
            return context.barrier(closed, lines)
        except ValueError as error:
            raise ScenarioError(
                f"scenario {self.scenario.scenario_id!r}: no seal can be drawn ({error}); raise "
                "core_standoff_km or cede fewer separate islands"
            ) from error

    @property
    def corridor_depths(self) -> dict[str, float | None]:
        """The deepest keel through each exit past all territorial sea near the straits."""
        return self.context.exit_depths(territorial_sea_near(self.context.theatre, self.zones))

    def passage(self, name: str) -> Passage:
        """The deepest way in for others (``"access"``) or out for Russia (``"egress"``)."""
        context, closed = self.context, self._closed_to(name == "egress")
        return context.once(
            lambda: find_passage(
                context.theatre,
                context.patrol,
                closed,
                goal=context.core,
                baseline=context.baseline(DEPTHS[name]),
            ),
            "passage",
            context.patrol,
            context.core,
            closed,
        )

    def route(self, name: str) -> Route:
        """The route of least exposure: ``egress``, ``base`` or ``intruder``."""
        context, theatre, russian = self.context, self.context.theatre, name != "intruder"
        lookouts = [_part_key(p) for p in self.parts if p.forces == ("JP" if russian else "RU")]
        return context.once(
            lambda: find_route(
                theatre.grid,
                theatre.seabed.depth_m,
                **self._leg(name),
                throats=theatre.throats,
                range_km=context.assumptions.sensor_range_km,
                baseline=context.baseline(name),
            ),
            "route",
            name,
            repr(context.assumptions),
            lookouts,
            self._closed_to(russian),
        )

    def problem(self, name: str) -> PathProblem:
        """The problem of one of :data:`SEARCHES`."""
        context, theatre = self.context, self.context.theatre
        if name in LINE_SEARCHES:
            closed, costs = self.closed_to_barrier, context.line_costs
            return line_problem(theatre, costs, name, closed=closed, core=context.core)
        if name in DEPTHS.values():
            closed = self._closed_to(name == DEPTHS["egress"])
            return passage_problem(theatre, closed, context.core)
        range_km = context.assumptions.sensor_range_km
        return exposure_problem(theatre.grid, **self._leg(name), range_km=range_km)

    def _leg(self, name: str) -> dict[str, Any]:
        """Where a boat sets out for, what it may enter, and from how far off it is in sight."""
        context, russian = self.context, name != "intruder"
        start, goal = {
            "egress": (context.core, context.pacific),
            "base": (context.base_cell, context.core),
            "intruder": (context.pacific, context.core),
        }[name]
        seen_km = self.hostile_sight_km if russian else self.russian_sight_km
        # What lies beyond the range makes no difference.
        near = seen_km < context.assumptions.sensor_range_km
        return {
            "sight_km": np.where(near, seen_km, np.float32(np.inf)),
            "start": start,
            "goal": goal,
            "navigable": context.deep & ~self._closed_to(russian),
        }

    def _closed_to(self, russian: bool) -> BoolArray:
        """Cells that a Russian or a foreign boat may not cross submerged."""
        return self.closed_to_russia if russian else self.closed_to_others


def _part_key(part: Part) -> str:
    """The id of a part, and of the side of a line also what it is."""
    side = "" if part.part_id == part.unit else hashlib.sha256(part.land.wkb).hexdigest()
    return f"{part.part_id} {side}"
