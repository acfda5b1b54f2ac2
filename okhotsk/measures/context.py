"""Every figure of one option on one theatre, before anything is drawn or compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from okhotsk.cache import Memo
from okhotsk.errors import ScenarioError
from okhotsk.measures import exposure, figures, refuge
from okhotsk.measures import passage as access
from okhotsk.measures.barrier import (
    LINES,
    Seal,
    closed_water,
    exposed_km,
    find_core,
    find_line,
    find_seal,
    seal_costs,
)
from okhotsk.measures.enclosure import enclosure_curve
from okhotsk.measures.exposure import Route, find_route
from okhotsk.measures.missiles import ExitDistances, exit_distances
from okhotsk.measures.passage import Passage, exit_depths, find_passage, open_pacific
from okhotsk.measures.sensing import part_sights, seen_from, sight_km
from okhotsk.measures.zones import (
    Zones,
    administered,
    closed_to_others,
    closed_to_russia,
    find_zones,
    high_seas_shape,
    part_fields,
)
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.raster.contours import polygons
from okhotsk.raster.cost_surface import SearchTree
from okhotsk.raster.planar_cut import Enclosure
from okhotsk.raster.proximity import DistanceField
from okhotsk.raster.viewshed import Viewshed
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import TODAY, Part, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import find_place

T = TypeVar("T")

SEARCHES = (*LINES, "egress", "base", "intruder", "access depth", "egress depth")


@dataclass(frozen=True)
class Context:
    """What all options share under one set of assumptions.

    Options with the same closed water have one seal, found once: ``memo`` keeps such answers.
    Where many options are asked for, ``reuse`` makes every search go on from today's, which must
    be found first; ``kept`` keeps those on disk.
    """

    theatre: Theatre
    assumptions: Assumptions
    memo: Memo = field(default_factory=Memo)
    reuse: bool = False
    kept: bool = False

    def under(self, assumptions: Assumptions) -> Context:
        """The same ground under other assumptions."""
        return replace(self, assumptions=assumptions)

    @cached_property
    def base(self) -> ScenarioContext:
        """Today, when nothing is handed over."""
        return ScenarioContext.of(self, load_scenario(TODAY))

    def known(self, name: str) -> Any:
        """One of :data:`SEARCHES` as it is today, for others to go on from, or None."""
        if not self.reuse:
            return None
        return self.memo.get(lambda: self.base.search(name), "search", name, repr(self.assumptions))

    @property
    def exposed_km(self) -> Float32Array:
        """What :func:`okhotsk.measures.barrier.exposed_km` returns, under any assumptions."""
        return self.memo.get(lambda: exposed_km(self.theatre), "exposed")

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
    def seen(self) -> dict[str, DistanceField]:
        """Water that each land has in sight, and how far off."""
        depth_m = self.assumptions.sensed_depth_m
        return seen_from(self.theatre, self.theatre.sights, depth_m=depth_m)

    @cached_property
    def exit_distances(self) -> ExitDistances:
        """Distance of every exit to every land."""
        return exit_distances(self.theatre)

    @cached_property
    def line_costs(self) -> dict[str, Float32Array]:
        """What a km of either line costs in each cell."""
        return seal_costs(self.theatre, self.assumptions)

    def seal(self, closed: BoolArray) -> Seal:
        """The lines that keep the core from closed water, or ValueError."""
        return self.memo.get(
            lambda: find_seal(
                self.theatre,
                closed,
                self.core,
                self.assumptions,
                costs=self.line_costs,
                known={name: self.known(name) for name in LINES},
            ),
            closed,
            self.core,
            self.assumptions.transit_depth_m,
        )

    def exit_depths(self, closed: BoolArray) -> dict[str, float | None]:
        """The deepest keel through each exit past closed water."""
        return self.memo.get(lambda: exit_depths(self.theatre, closed), "exits", closed)

    def enclosure_curve(self, closed: BoolArray) -> pd.DataFrame:
        """Patrol water over the length of line that encloses it, closed water kept out."""
        return self.memo.get(
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
    """An option on the ground: who holds what, and what follows for every cell."""

    ground: Context
    scenario: Scenario
    parts: tuple[Part, ...]
    fields: Mapping[str, DistanceField]
    sights: Mapping[str, Viewshed]

    @classmethod
    def of(cls, ground: Context, scenario: Scenario) -> ScenarioContext:
        """Resolve an option and measure from the parts of split units."""
        theatre = ground.theatre
        parts = resolve(scenario, theatre.lands)
        fields = part_fields(theatre, parts)
        return cls(ground, scenario, parts, fields, part_sights(theatre, parts, fields))

    @cached_property
    def zones(self) -> Zones:
        """Maritime zones by sovereignty."""
        return find_zones(self.ground.theatre, self.parts, self.fields, self.ground.assumptions)

    @cached_property
    def used(self) -> Zones:
        """Maritime zones with Russia as holder wherever its forces stay."""
        parts = administered(self.parts)
        if [p.sovereign for p in parts] == [p.sovereign for p in self.parts]:
            return self.zones
        return find_zones(self.ground.theatre, parts, self.fields, self.ground.assumptions)

    @cached_property
    def closed_to_russia(self) -> BoolArray:
        """Cells that a Russian boat may not cross submerged."""
        return closed_to_russia(self.used, self.ground.assumptions)

    @cached_property
    def closed_to_others(self) -> BoolArray:
        """Cells that a foreign boat may not cross submerged."""
        return closed_to_others(self.zones, self.ground.assumptions)

    @cached_property
    def hostile_km(self) -> Float32Array:
        """Distance to the nearest shore where Japanese forces may stand."""
        return refuge.hostile_km(self.ground.theatre, self.parts, self.fields)

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
        """What every part has in sight: the ground's for whole units."""
        theatre, depth_m = self.ground.theatre, self.ground.assumptions.sensed_depth_m
        split = {part: sight for part, sight in self.sights.items() if part not in theatre.sights}
        return self.ground.seen | seen_from(theatre, split, depth_m=depth_m)

    def shared(self, name: str, held: str, compute: Callable[[], T]) -> T:
        """What follows from the ``sovereign`` or the ``forces`` of every part: computed once."""
        parts = [f"{_part_key(part)} {getattr(part, held)}" for part in self.parts]
        return self.ground.memo.get(compute, name, held, repr(self.ground.assumptions), parts)

    def _sight_km(self, forces: str) -> Float32Array:
        return sight_km(self.ground.theatre, self.parts, self._seen, forces=forces)

    @cached_property
    def sensed(self) -> BoolArray:
        """Cells within ``sensor_range_km`` and in line of sight of a hostile shore."""
        return np.asarray(self.hostile_sight_km <= self.ground.assumptions.sensor_range_km)

    @cached_property
    def refuge(self) -> BoolArray:
        """Patrol water further than ``refuge_standoff_km`` from every hostile shore."""
        return self.ground.patrol & (self.hostile_km > self.ground.assumptions.refuge_standoff_km)

    @cached_property
    def closed_to_seal(self) -> BoolArray:
        """Cells that Russia's line may not enter."""
        return closed_water(self.ground.theatre, self.parts, self.used)

    @cached_property
    def seal(self) -> Seal:
        """The shortest line and the least section.

        Raises
        ------
        ScenarioError
            Where none can be drawn.
        """
        ground, closed = self.ground, self.closed_to_seal
        try:
            return ground.seal(closed)
        except ValueError as error:
            raise ScenarioError(
                f"scenario {self.scenario.scenario_id!r}: no seal can be drawn ({error}); raise "
                "core_standoff_km or cede fewer separate islands"
            ) from error

    def passage(self, way: str) -> Passage:
        """The deepest way in for others (``"access"``) or out for Russia (``"egress"``)."""
        ground, closed = self.ground, self._closed_to(way == "egress")
        return ground.memo.get(
            lambda: find_passage(
                ground.theatre,
                ground.patrol,
                closed,
                goal=ground.core,
                known=ground.known(f"{way} depth"),
            ),
            "passage",
            ground.patrol,
            ground.core,
            closed,
        )

    def route(self, name: str) -> Route:
        """The way of least exposure, as :func:`find_routes`."""
        ground, theatre, russian = self.ground, self.ground.theatre, name != "intruder"
        lookouts = [_part_key(p) for p in self.parts if p.forces == ("JP" if russian else "RU")]
        return ground.memo.get(
            lambda: find_route(
                theatre.grid,
                theatre.seabed.depth_m,
                **self._leg(name),
                throats=theatre.throats,
                range_km=ground.assumptions.sensor_range_km,
                known=ground.known(name),
            ),
            "route",
            name,
            repr(ground.assumptions),
            lookouts,
            self._closed_to(russian),
        )

    def search(self, name: str) -> Enclosure | SearchTree:
        """One of :data:`SEARCHES`, on its own: an enclosure for either line."""
        ground, theatre = self.ground, self.ground.theatre
        if name in LINES:
            cost, closed = ground.line_costs[name], self.closed_to_seal
            return find_line(theatre, cost, closed=closed, core=ground.core, kept=ground.kept)
        if name.endswith(" depth"):
            closed = self._closed_to(name.startswith("egress"))
            return access.find_tree(theatre, closed, ground.core, kept=ground.kept)
        leg, range_km = self._leg(name), ground.assumptions.sensor_range_km
        return exposure.find_tree(theatre.grid, **leg, range_km=range_km, kept=ground.kept)

    def _leg(self, name: str) -> dict[str, Any]:
        """Where a boat sets out for, what it may enter, and from how far off it is in sight."""
        ground, russian = self.ground, name != "intruder"
        start, goal = {
            "egress": (ground.core, ground.pacific),
            "base": (ground.base_cell, ground.core),
            "intruder": (ground.pacific, ground.core),
        }[name]
        seen_km = self.hostile_sight_km if russian else self.russian_sight_km
        # What lies beyond the range makes no difference.
        near = seen_km < ground.assumptions.sensor_range_km
        return {
            "sight_km": np.where(near, seen_km, np.float32(np.inf)),
            "start": start,
            "goal": goal,
            "navigable": ground.deep & ~self._closed_to(russian),
        }

    def _closed_to(self, russian: bool) -> BoolArray:
        """Cells that a Russian or a foreign boat may not cross submerged."""
        return self.closed_to_russia if russian else self.closed_to_others


def _part_key(part: Part) -> str:
    """The id of a part, and of the side of a line also what it is."""
    side = "" if part.part_id == part.unit else hashlib.sha256(part.land.wkb).hexdigest()
    return f"{part.part_id} {side}"


def exit_figures(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """Exits deep enough for a submerged passage, by regime."""
    deep = straits[straits.exit & (straits.sill_depth_m >= assumptions.transit_depth_m)]
    japanese_shores = deep.regime.map(figures.EXIT_REGIMES.index).to_numpy(np.int64)
    counts = figures.count_exits(japanese_shores, deep.throat_area_km2.to_numpy(float))
    return {name: np.asarray(n).item() for name, n in figures.finish(counts).items()}


def water_figures(option: ScenarioContext) -> dict[str, float]:
    """Patrol water, refuge and sensed water."""
    theatre, patrol = option.ground.theatre, option.ground.patrol
    waters = {
        "patrol_km2": patrol,
        "refuge_km2": option.refuge,
        "sensed_km2": patrol & option.sensed,
    }
    return figures.finish({name: refuge.area_km2(theatre, c) for name, c in waters.items()})


def route_figures(ways: Mapping[str, Route]) -> dict[str, float]:
    """Exposure of the way out for Russia and of the way in for others."""
    return {
        "egress_exposure": ways["egress"].exposure,
        "intruder_exposure": ways["intruder"].exposure,
    }


def find_routes(
    option: ScenarioContext, names: Iterable[str] = ("egress", "base", "intruder")
) -> dict[str, Route]:
    """Return the ways of least exposure by name.

    ``egress`` (core to Pacific), ``base`` (base to core) and ``intruder`` (Pacific to core: patrol
    water begins in the straits already, so that a way to any of it would pass nothing).
    """
    return {name: option.route(name) for name in names}
