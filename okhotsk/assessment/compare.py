"""What differs between two assessed options: figures, places, and what moves the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from okhotsk.assessment import index
from okhotsk.assessment.record import Result
from okhotsk.measures.exposure import Route
from okhotsk.measures.missiles import MissileRange, missile_ranges
from okhotsk.measures.scenario_figures import ROUTES
from okhotsk.raster import geodesy
from okhotsk.theatre.coast import read_islands

MOVED_DEG = 0.15  # a stretch of line further than this from the other one has moved
LONG_KM = 20.0  # shorter stretches go unnamed
# Smaller patches go unnamed; a larger one lies along much of the chain, off no one island.
LARGE_KM2, HUGE_KM2 = 500.0, 60000.0
LANDS: Mapping[str, str] = MappingProxyType(
    {
        "hokkaido": "Hokkaido",
        "honshu": "Honshu",
        "sakhalin": "Sakhalin",
        "mainland": "the mainland",
    }
)


@dataclass(frozen=True)
class RegimeChange:
    """Straits that turn from one regime to another: all exits, or all other passages."""

    before: str
    after: str
    exits: bool
    straits: tuple[str, ...]


@dataclass(frozen=True)
class Stretch:
    """A stretch of seal line that only one of the options has.

    Attributes
    ----------
    length_km
        Geodesic length.
    near
        Names of the lands nearest to its ends, each once, in alphabetical order.
    new
        Whether it belongs to the second option.
    """

    length_km: float
    near: tuple[str, ...]
    new: bool


@dataclass(frozen=True)
class RouteChange:
    """A least exposed route under both options, and the straits it takes under the second."""

    route: str
    before: Route
    after: Route
    straits: tuple[str, ...]


@dataclass(frozen=True)
class SensorChange:
    """Sensors that the barrier takes at a sweep width, where their number differs."""

    sweep_km: float
    before: float
    after: float


@dataclass(frozen=True)
class CoverChange:
    """Straits that pass into or out of full reach of a missile's published range."""

    missile: MissileRange
    into: bool
    straits: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Differences between two options on one theatre.

    Attributes
    ----------
    assumed
        Values of the assumptions that differ, first and second, by name: mostly none.
    before, after
        Records of the two options.
    uncounted
        Whether people live on ceded land of either whom no source counts.
    forces
        Whose forces stand on ceded land under the second option alone: ``JP``, ``RU``, ``none``.
    regimes
        Straits whose regime differs, exits first.
    stretches
        Stretches of seal line given up, then those drawn anew.
    sighted
        Names of the hostile lands off which the water in sight differs.
    routes
        The least exposed ways out of the core and in for others.
    sensors
        By increasing sweep width.
    cover
        Straits out of full reach of missiles, then those into it.
    contributions
        Share of every component, by its title, in the change of the logarithm of the index under
        the default weights, the largest first; empty where no component differs.
    """

    assumed: Mapping[str, tuple[float, float]]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    uncounted: bool
    forces: tuple[str, ...]
    regimes: tuple[RegimeChange, ...]
    stretches: tuple[Stretch, ...]
    sighted: tuple[str, ...]
    routes: tuple[RouteChange, ...]
    sensors: tuple[SensorChange, ...]
    cover: tuple[CoverChange, ...]
    contributions: Mapping[str, float]


def compare(one: Result, other: Result) -> Comparison:
    """Return what changes from one option to another, and why the index does.

    Where they were assessed under different assumptions, the index of each compares with today
    under its own.

    Raises
    ------
    ValueError
        Where the options do not come from one theatre.
    """
    if one.theatre.key != other.theatre.key:
        raise ValueError("the options were assessed on different theatres")
    old, new = (vars(result.assumptions) for result in (one, other))
    return Comparison(
        assumed=MappingProxyType({n: (v, new[n]) for n, v in old.items() if new[n] != v}),
        before=one.record,
        after=other.record,
        uncounted=bool(one.uncounted or other.uncounted),
        forces=tuple(sorted(_forces(other) - _forces(one))),
        regimes=tuple(_regimes(one, other)),
        stretches=(*_stretches(one, other, new=False), *_stretches(other, one, new=True)),
        sighted=_sighted(one, other),
        routes=tuple(_route(one, other, key) for key in ROUTES),
        sensors=tuple(_sensors(one, other)),
        cover=(*_cover(one, other, into=False), *_cover(other, one, into=True)),
        contributions=MappingProxyType(_contributions(one, other)),
    )


def _forces(result: Result) -> set[str]:
    return set(result.land[result.land.ceded].forces)


def _regimes(one: Result, other: Result) -> Iterator[RegimeChange]:
    old, new = (a.straits.set_index("strait_id") for a in (one, other))
    moved = new[old.regime != new.regime]
    for exits in (True, False):
        rows = moved[moved.exit == exits]
        for (before, after), group in rows.groupby([old.regime[rows.index], "regime"], sort=True):
            yield RegimeChange(before, after, exits, tuple(group["name"]))


def _stretches(here: Result, there: Result, *, new: bool) -> Iterator[Stretch]:
    """Stretches of the line of one option that lie apart from the line of another."""
    apart = shapely.difference(
        here.barrier.lines["barrier_km"], there.barrier.lines["barrier_km"].buffer(MOVED_DEG)
    )
    merged = shapely.line_merge(apart) if apart.geom_type == "MultiLineString" else apart
    for stretch in shapely.get_parts(merged):
        length_km = geodesy.length_km(stretch)
        if length_km >= LONG_KM:
            ends = {_nearest_land(here, shapely.Point(stretch.coords[n])) for n in (0, -1)}
            yield Stretch(length_km, tuple(sorted(ends)), new)


def _nearest_land(result: Result, point: shapely.Point) -> str:
    lands = result.theatre.lands
    away = np.array([shapely.distance(land, point) for land in lands.values()])
    return _land_name(list(lands)[int(away.argmin())])


def _land_name(unit: str) -> str:
    islands = read_islands()
    return islands[unit].name if unit in islands else LANDS.get(unit, unit)


def _sighted(one: Result, other: Result) -> tuple[str, ...]:
    grown = other.record["sensed_share"] > one.record["sensed_share"]
    less, more = (one, other) if grown else (other, one)
    patch = shapely.difference(more.sensed, less.sensed)
    pieces = [p for p in shapely.get_parts(patch) if LARGE_KM2 <= geodesy.area_km2(p) <= HUGE_KM2]
    names = dict.fromkeys(_nearest_hostile(more, piece) for piece in pieces)
    return tuple(name for name in names if name)


def _nearest_hostile(result: Result, piece: shapely.Polygon) -> str:
    """Name of the hostile island nearest to a piece of water; empty where there is none."""
    hostile = result.land[result.land.ceded & (result.land.forces == "JP")]
    if hostile.empty:
        return ""
    away = [shapely.distance(land, piece.representative_point()) for land in hostile.geometry]
    return _land_name(hostile.unit_id.iloc[int(np.argmin(away))])


def _route(one: Result, other: Result, key: str) -> RouteChange:
    names = other.straits.set_index("strait_id")["name"]
    old, new = one.routes[key], other.routes[key]
    return RouteChange(key, old, new, tuple(names[strait] for strait in new.straits))


def _sensors(one: Result, other: Result) -> Iterator[SensorChange]:
    old, new = (a.force.set_index("sweep_km").sensors for a in (one, other))
    for sweep_km in new.index[old != new]:
        yield SensorChange(sweep_km, old[sweep_km], new[sweep_km])


def _cover(having: Result, lacking: Result, *, into: bool) -> Iterator[CoverChange]:
    """Straits in full reach under one option and not under another."""
    first, last = (a.missile_cover.set_index("strait_id") for a in (having, lacking))
    for missile in missile_ranges():
        reached = (first[missile.column] >= 1) & (last[missile.column] < 1)
        if reached.any():
            yield CoverChange(missile, into, tuple(first["name"][reached]))


def _contributions(one: Result, other: Result) -> dict[str, float]:
    recipe = index.read_recipe()
    pulls = {
        c.title: abs(
            c.weight
            * np.log(
                max(other.components[c.component_id], recipe.floor)
                / max(one.components[c.component_id], recipe.floor)
            )
        )
        for c in recipe.components
    }
    total = sum(pulls.values())
    ranked = sorted(pulls.items(), key=lambda item: -item[1])
    return {title: float(pull / total) for title, pull in ranked} if total > 0 else {}
