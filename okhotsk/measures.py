"""Every figure of one option on one theatre, before anything is drawn or compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from okhotsk import geodesy, refuge
from okhotsk.access import Passage, exit_depths, find_passage, open_pacific
from okhotsk.assumptions import Assumptions
from okhotsk.contour import polygons
from okhotsk.distance import Field
from okhotsk.enclosure import enclosure_curve
from okhotsk.errors import ScenarioError
from okhotsk.force import ExitDistances, exit_distances
from okhotsk.memo import Memo
from okhotsk.routes import Route, find_route
from okhotsk.scenario import Part, Scenario, resolve
from okhotsk.seal import Seal, closed_water, exposed_km, find_core, find_seal
from okhotsk.sensed import part_sights, seen_from, sight_km
from okhotsk.sight import Sight
from okhotsk.sources import read_data
from okhotsk.theatre import Theatre
from okhotsk.zones import (
    Zones,
    administered,
    closed_to_others,
    closed_to_russia,
    find_zones,
    part_fields,
)

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Ground:
    """What all options share under one set of assumptions.

    ``exposed_km`` is what :func:`okhotsk.seal.exposed_km` returns. Options with the same closed
    water have one seal, found once: ``memo`` keeps such answers.
    """

    theatre: Theatre
    assumptions: Assumptions
    exposed_km: FloatArray
    memo: Memo

    @classmethod
    def of(cls, theatre: Theatre, assumptions: Assumptions) -> Ground:
        """The ground of a theatre."""
        return cls(theatre, assumptions, exposed_km(theatre), Memo())

    def under(self, assumptions: Assumptions) -> Ground:
        """The same ground under other assumptions."""
        return replace(self, assumptions=assumptions)

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

    def outline(self, cells: BoolArray) -> shapely.MultiPolygon:
        """Some cells as polygons."""
        return polygons(np.where(cells, np.int8(1), np.int8(-1)), self.theatre.grid)

    @cached_property
    def deep(self) -> BoolArray:
        """Cells deep enough for a submerged passage."""
        return np.asarray(self.theatre.seabed.depth_m >= self.assumptions.transit_depth_m)

    @cached_property
    def pacific(self) -> BoolArray:
        """Cells of the open Pacific: outside the sea, 200 nautical miles and more off any shore."""
        return open_pacific(self.theatre) & self.deep

    @cached_property
    def seen(self) -> dict[str, Field]:
        """Water that each land has in sight, and how far off."""
        depth_m = self.assumptions.sensed_depth_m
        return seen_from(self.theatre, self.theatre.sights, depth_m=depth_m)

    @cached_property
    def exit_distances(self) -> ExitDistances:
        """Distance of every exit to every land."""
        return exit_distances(self.theatre)

    def passage(self, closed: BoolArray) -> Passage:
        """The deepest way between ocean and core past closed water."""
        return self.memo.get(
            lambda: find_passage(self.theatre, self.patrol, closed, goal=self.core),
            "passage", self.patrol, self.core, closed,
        )  # fmt: skip

    def exit_depths(self, closed: BoolArray) -> dict[str, float | None]:
        """The deepest keel through each exit past closed water."""
        return self.memo.get(lambda: exit_depths(self.theatre, closed), "exits", closed)

    def enclosure_curve(self, closed: BoolArray) -> pd.DataFrame:
        """Patrol water over the length of line that encloses it, closed water kept out."""
        return self.memo.get(
            lambda: enclosure_curve(self.theatre, self.patrol, closed, self.assumptions),
            "enclosure", self.patrol, closed, self.assumptions.transit_depth_m,
        )  # fmt: skip

    @cached_property
    def base(self) -> BoolArray:
        """The deep cell nearest to the submarine base."""
        row, col = self.theatre.grid.index(*read_data("sea.toml")["base"])
        deep = np.argwhere(self.deep & ~self.theatre.sea.mask)
        nearest = deep[np.hypot(*(deep - (row, col)).T).argmin()]
        cell = np.zeros(self.deep.shape, bool)
        cell[tuple(nearest)] = True
        return cell


@dataclass(frozen=True)
class Option:
    """An option on the ground: who holds what, and what follows for every cell."""

    ground: Ground
    scenario: Scenario
    parts: tuple[Part, ...]
    fields: Mapping[str, Field]
    sights: Mapping[str, Sight]

    @classmethod
    def of(cls, ground: Ground, scenario: Scenario) -> Option:
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
    def hostile_km(self) -> FloatArray:
        """Distance to the nearest shore where Japanese forces may stand."""
        return refuge.hostile_km(self.ground.theatre, self.parts, self.fields)

    @cached_property
    def hostile_sight_km(self) -> FloatArray:
        """Distance to the nearest shore where Japanese forces may stand that sees a boat."""
        return self._sight_km("JP")

    @cached_property
    def russian_sight_km(self) -> FloatArray:
        """Distance to the nearest shore where Russian forces may stand that sees a boat."""
        return self._sight_km("RU")

    @cached_property
    def _seen(self) -> dict[str, Field]:
        """What every part has in sight: the ground's for whole units."""
        theatre, depth_m = self.ground.theatre, self.ground.assumptions.sensed_depth_m
        split = {part: sight for part, sight in self.sights.items() if part not in theatre.sights}
        return self.ground.seen | seen_from(theatre, split, depth_m=depth_m)

    def shared(self, name: str, held: str, compute: Callable[[], T]) -> T:
        """What follows from the ``sovereign`` or the ``forces`` of every part: computed once."""
        parts = [f"{_part_key(part)} {getattr(part, held)}" for part in self.parts]
        return self.ground.memo.get(compute, name, held, repr(self.ground.assumptions), parts)

    def _sight_km(self, forces: str) -> FloatArray:
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
        core, values = ground.core, ground.assumptions
        try:
            return ground.memo.get(
                lambda: find_seal(ground.theatre, closed, core, values),
                closed,
                core,
                values.transit_depth_m,
            )
        except ValueError as error:
            raise ScenarioError(
                f"scenario {self.scenario.scenario_id!r}: no seal can be drawn ({error}); raise "
                "core_standoff_km or cede fewer separate islands"
            ) from error

    def route(self, start: BoolArray, goal: BoolArray, *, boat: str) -> Route:
        """The way of least exposure of a Russian (``"RU"``) or foreign (``"JP"``) boat."""
        ground, russian = self.ground, boat == "RU"
        closed = self.closed_to_russia if russian else self.closed_to_others
        seen_km = self.hostile_sight_km if russian else self.russian_sight_km
        navigable = ground.deep & ~closed
        range_km = ground.assumptions.sensor_range_km
        # What lies beyond the range makes no difference.
        seen_km = np.where(seen_km < range_km, seen_km, np.float32(np.inf))
        return ground.memo.get(
            lambda: find_route(
                ground.theatre.grid, ground.theatre.seabed.depth_m, seen_km, start=start,
                goal=goal, navigable=navigable, range_km=range_km,
                throats=ground.theatre.throats,
            ),
            start, goal, navigable, seen_km, range_km,
        )  # fmt: skip


def _part_key(part: Part) -> str:
    """The id of a part, and of the side of a line also what it is."""
    side = "" if part.part_id == part.unit else hashlib.sha256(part.land.wkb).hexdigest()
    return f"{part.part_id} {side}"


def ceded_figures(parts: Sequence[Part], theatre: Theatre) -> dict[str, Any]:
    """Land, people and coast handed over."""
    ceded = [part for part in parts if part.ceded]
    people = theatre.islands.set_index("island_id").population
    kept = {part.unit: part.land for part in parts if part.sovereign == "RU"}
    counted = [people.get(part.unit, np.nan) for part in ceded if part.part_id == part.unit]
    return {
        "ceded_land_km2": sum(_extent(part.land)[0] for part in ceded),
        "ceded_population": int(sum(n for n in counted if not pd.isna(n))),
        "ceded_coast_km": sum(_coast_km(part, kept, theatre) for part in ceded),
    }


def _coast_km(part: Part, kept: Mapping[str, Any], theatre: Theatre) -> float:
    """Coast of a part; the line across a split unit is no coast.

    The line counts in the outline of both sides; from the sides themselves, since the difference
    of the unit and a part would leave slivers along its whole coast.
    """
    total = _extent(part.land)[1]
    if part.part_id == part.unit:
        return total
    whole = _extent(theatre.lands[part.unit])[1]
    return total - (total + _extent(kept[part.unit])[1] - whole) / 2


@lru_cache(maxsize=128)
def _extent(land: shapely.MultiPolygon) -> tuple[float, float]:
    """Area (km2) and length of the outline (km) of a land, which several options hand over."""
    return geodesy.area_km2(land), geodesy.perimeter_km(land)


def exit_figures(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """Exits deep enough for a submerged passage, by regime."""
    deep = straits[straits.exit & (straits.sill_depth_m >= assumptions.transit_depth_m)]
    counts = {
        f"exits_{r}": int((deep.regime == r).sum()) for r in ("russian", "shared", "japanese")
    }
    russian = deep.throat_area_km2[deep.regime == "russian"].sum()
    return counts | {"russian_throat_share": float(russian / deep.throat_area_km2.sum())}


def water_figures(option: Option) -> dict[str, float]:
    """Patrol water, refuge and sensed water."""
    theatre, patrol = option.ground.theatre, option.ground.patrol
    patrol_km2, refuge_km2, sensed_km2 = (
        refuge.area_km2(theatre, cells) for cells in (patrol, option.refuge, patrol & option.sensed)
    )
    return {
        "patrol_km2": patrol_km2,
        "refuge_km2": refuge_km2,
        "refuge_share": refuge_km2 / patrol_km2,
        "sensed_share": sensed_km2 / patrol_km2,
    }


def route_figures(routes: Mapping[str, Route]) -> dict[str, float]:
    """Exposure of the way out for Russia and of the way in for others."""
    return {
        "egress_exposure": routes["egress"].exposure,
        "intruder_exposure": routes["intruder"].exposure,
    }


def find_routes(
    option: Option, names: Iterable[str] = ("egress", "base", "intruder")
) -> dict[str, Route]:
    """Return the ways of least exposure by name.

    ``egress`` (core to Pacific), ``base`` (base to core) and ``intruder`` (Pacific to core: patrol
    water begins in the straits already, so that a way to any of it would pass nothing).
    """
    ground = option.ground
    ends = {
        "egress": (ground.core, ground.pacific, "RU"),
        "base": (ground.base, ground.core, "RU"),
        "intruder": (ground.pacific, ground.core, "JP"),
    }
    return {name: option.route(*ends[name][:2], boat=ends[name][2]) for name in names}
