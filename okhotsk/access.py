"""How deep a submarine can go in and out, through which straits, and under which law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk import cut
from okhotsk.assumptions import Assumptions
from okhotsk.bottleneck import reach_m
from okhotsk.distance import Field
from okhotsk.geodesy import KM_PER_NM
from okhotsk.scenario import Part
from okhotsk.straits import Throat
from okhotsk.theatre import Theatre
from okhotsk.zones import Zones, administered, closed_to_others, closed_to_russia, find_zones

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

OFFING_NM = 200.0  # the high seas begin where the exclusive economic zone ends (UNCLOS Art. 57)
KEELS_M = (20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000)


@dataclass(frozen=True)
class Passage:
    """The deepest way between the open ocean and the patrol water.

    Attributes
    ----------
    depth_m
        Deepest keel that gets through; 0 where no way exists.
    route
        The shortest way at that depth (EPSG:4326), empty where none exists.
    straits
        Exits that the route passes.
    reached
        Patrol water in reach of each keel: columns ``keel_m``, ``reached_km2``.
    """

    depth_m: float
    route: shapely.LineString
    straits: tuple[str, ...]
    reached: pd.DataFrame


@dataclass(frozen=True)
class LegalRule:
    """A reading of the law on submarines in another state's territorial sea.

    ``values`` are the assumptions that it fixes; ``surfacing`` says whether a boat may cross the
    closed water on the surface.
    """

    rule_id: str
    title: str
    articles: str
    values: Mapping[str, float]
    surfacing: bool = False


_SUBMERGED = MappingProxyType({"transit_passage": 0, "soya_nm": 12})
RULES = (
    LegalRule(
        "submerged-outside",
        "foreign territorial sea is closed to submerged boats",
        "UNCLOS Arts 17-20",
        _SUBMERGED,
    ),
    LegalRule(
        "transit-passage",
        "submerged transit passage through the straits (contested for the Kurils)",
        "UNCLOS Arts 37-39",
        MappingProxyType({"transit_passage": 1, "soya_nm": 12}),
    ),
    LegalRule(
        "innocent-surfaced",
        "foreign territorial sea is crossed on the surface",
        "UNCLOS Arts 17-20",
        _SUBMERGED,
        surfacing=True,
    ),
    LegalRule(
        "soya-3nm",
        "as the first, with Japan's 3 miles in the Soya Strait",
        "UNCLOS Arts 17-20; Japan's Act on the Territorial Sea (S150, S151)",
        MappingProxyType({"transit_passage": 0, "soya_nm": 3}),
    ),
)


def find_passage(
    theatre: Theatre, patrol: BoolArray, closed: BoolArray, *, goal: BoolArray | None = None
) -> Passage:
    """Return the deepest way from the ocean to the patrol water that avoids closed cells.

    Parameters
    ----------
    theatre
        The theatre.
    patrol
        Cells of the patrol water.
    closed
        Cells that may not be entered: the territorial sea of the other side, where a submarine
        would have to surface (UNCLOS Art. 20).
    goal
        Cells that depth and route are measured to, all patrol water by default. It begins in the
        throats of straits, so that the core tells more.

    Notes
    -----
    One flood from the ocean in the order of depth gives the deepest keel for every cell at
    once; the way out is the way in. The route runs from the high seas, outside the sea and
    further than 200 nautical miles from every shore, to the nearest patrol water.
    """
    reach = reach_m(_open_m(theatre, closed), theatre.sea.ocean)
    patrol_m = reach[patrol]
    ends = patrol if goal is None else goal
    depth_m = float(reach[ends].max(initial=0))
    deep = (reach >= depth_m) & (reach > 0)
    route = _route(theatre, ends, deep) if depth_m > 0 else shapely.LineString()
    return Passage(
        depth_m=depth_m,
        route=route,
        straits=_passed(route, theatre.throats),
        reached=_reached(patrol_m, theatre.water_km2[patrol]),
    )


def _reached(patrol_m: NDArray[np.float32], water_km2: NDArray[np.float32]) -> pd.DataFrame:
    """Area of patrol water in reach of each keel, from what reaches its cells."""
    keels = np.searchsorted(np.array(KEELS_M, np.float32), patrol_m, side="right")
    areas = np.bincount(keels, water_km2.astype(float), minlength=len(KEELS_M) + 1)
    return pd.DataFrame({"keel_m": KEELS_M, "reached_km2": areas[::-1].cumsum()[::-1][1:]})


def _open_m(theatre: Theatre, closed: BoolArray) -> NDArray[np.float32]:
    """Depths with the closed cells taken out."""
    return np.where(closed, np.float32(0), theatre.seabed.depth_m)


def _offing(theatre: Theatre) -> BoolArray:
    """Water outside the sea and further than 200 nautical miles from every shore."""
    return ~theatre.sea.mask & (theatre.shore_km > OFFING_NM * KM_PER_NM)


def _route(theatre: Theatre, patrol: BoolArray, deep: BoolArray) -> shapely.LineString:
    """The shortest way over deep cells from the high seas to patrol water."""
    # Sought from its end, which leaves less to search than the long limit of the high seas. A
    # step cannot leave the patrol water from deeper inside than it reaches.
    ends = patrol & deep
    size = (2 * cut.REACH_ROWS + 1, 2 * cut.REACH_COLS + 1)
    inner = ndimage.minimum_filter(ends, size=size, mode="nearest")
    cost = np.where(deep & ~inner, 1.0, np.inf)
    curve = cut.shortest_crossing(cost, theatre.grid, ends & ~inner, deep & _offing(theatre))
    return _line(theatre, curve)


def _line(theatre: Theatre, curve: cut.Curve) -> shapely.LineString:
    """A curve from patrol water as a line from the ocean; empty where there is none."""
    if not len(curve.rows):
        return shapely.LineString()
    return shapely.LineString(theatre.grid.lonlat(curve.rows[::-1], curve.cols[::-1]))


def _passed(route: shapely.LineString, throats: tuple[Throat, ...]) -> tuple[str, ...]:
    """Exits whose throat a route crosses, in the order of the data."""
    exits = (throat for throat in throats if throat.strait.exit)
    return tuple(t.strait.strait_id for t in exits if shapely.intersects(t.line, route))


def exit_depths(theatre: Theatre, closed: BoolArray) -> dict[str, float | None]:
    """Return the deepest keel through each exit alone that avoids closed cells.

    Parameters
    ----------
    theatre
        The theatre.
    closed
        Cells that may not be entered.

    Returns
    -------
    dict
        Metres by strait id, in the order of the data: between the deep basin and the ocean,
        leaving the sea once, through this exit. 0 where it is shut; None where the seabed is too
        coarse for the strait.

    Notes
    -----
    One flood from the basin that may not leave the sea and one from the ocean that may not enter
    it serve all exits: the keel through an exit is the greatest, over the steps across the sea's
    limit nearest to its throat, of the lesser of both. With nothing closed these are the sills.

    The ocean is the Pacific. La Perouse leads there through the Sea of Japan and, within the
    theatre, only through the Tsugaru Strait: what closes that closes La Perouse as well.
    """
    exits = [throat for throat in theatre.throats if throat.strait.exit]
    if not exits:
        return {}
    open_m, mask = _open_m(theatre, closed), theatre.sea.mask
    rows, cols = _box(mask)
    start = theatre.sea.basin[0] - rows.start, theatre.sea.basin[1] - cols.start
    within = np.zeros_like(open_m)
    within[rows, cols] = reach_m((open_m * mask)[rows, cols], start)
    beyond = reach_m(open_m * ~mask, theatre.sea.ocean)
    inner, outer = _limit_steps(theatre)
    keels = np.minimum(within.ravel()[inner], beyond.ravel()[outer])
    owner = _owners(theatre, exits, inner)
    return {
        throat.strait.strait_id: float(keels[owner == number].max(initial=0))
        if throat.resolved
        else None
        for number, throat in enumerate(exits)
    }


def _box(cells: BoolArray) -> tuple[slice, slice]:
    """The block that holds some cells."""
    lines = (np.flatnonzero(cells.any(axis=axis)) for axis in (1, 0))
    rows, cols = (slice(int(line[0]), int(line[-1]) + 1) for line in lines)
    return rows, cols


def _limit_steps(theatre: Theatre) -> tuple[IntArray, IntArray]:
    """Steps over water across the limit of the sea: flat indices of the inner and outer cells."""
    mask, columns = theatre.sea.mask, theatre.grid.shape[1]
    other = ~mask & (theatre.water_km2 > 0)
    inner, outer = [], []
    for step, first, second in (
        (columns, (slice(None, -1), slice(None)), (slice(1, None), slice(None))),
        (1, (slice(None), slice(None, -1)), (slice(None), slice(1, None))),
    ):
        for to, here, there in ((step, first, second), (-step, second, first)):
            at = np.argwhere(mask[here] & other[there])
            cells = (at + [here[0].start or 0, here[1].start or 0]) @ [columns, 1]
            inner.append(cells)
            outer.append(cells + to)
    return np.concatenate(inner), np.concatenate(outer)


def _owners(theatre: Theatre, exits: Sequence[Throat], cells: IntArray) -> IntArray:
    """Number of the exit whose throat is nearest to each cell, as for the sills."""
    squeeze = np.array([np.cos(np.radians(48)), 1.0])
    points = shapely.points(theatre.grid.lonlat(*np.divmod(cells, theatre.grid.shape[1])) * squeeze)
    lines = [shapely.transform(throat.line, squeeze.__mul__) for throat in exits]
    away = np.array([shapely.distance(points, line) for line in lines])
    return np.asarray(away.argmin(axis=0), np.int64)


def keel_table(passage: Passage, depths: Mapping[str, float | None]) -> pd.DataFrame:
    """Return what each keel can do.

    Parameters
    ----------
    passage, depths
        From :func:`find_passage` and :func:`exit_depths` with the same closed cells.

    Returns
    -------
    pandas.DataFrame
        Columns ``keel_m``, ``straits_open`` (tuple of the exits that let it through; exits for
        which the seabed is too coarse are left out) and ``reached_km2``.
    """
    opened = [_open_to(depths, keel) for keel in passage.reached.keel_m]
    table = passage.reached.copy()
    table.insert(1, "straits_open", pd.Series(opened, dtype=object))
    return table


def _open_to(depths: Mapping[str, float | None], keel_m: float) -> tuple[str, ...]:
    """Exits that let a keel through."""
    return tuple(key for key, depth in depths.items() if depth is not None and depth >= keel_m)


def surfaced_way(
    theatre: Theatre, patrol: BoolArray, closed: BoolArray, *, transit_depth_m: float
) -> tuple[float, shapely.LineString]:
    """Return the way to patrol water with the least distance on the surface.

    Parameters
    ----------
    theatre
        The theatre.
    patrol
        Cells of the patrol water.
    closed
        Territorial sea of the other side, which may be crossed on the surface whatever its
        depth; patrol water in it does not count.
    transit_depth_m
        Elsewhere the boat stays submerged and needs this depth.

    Returns
    -------
    tuple
        Kilometres on the surface, to about half a cell at each end of a closed stretch (infinite
        where no way exists), and the way, from the high seas (EPSG:4326).
    """
    water = theatre.water_km2 > 0
    deep = water & ~closed & (theatre.seabed.depth_m >= transit_depth_m)
    cost = np.where(deep, 0.0, np.where(closed & water, 1.0, np.inf))
    curve = cut.shortest_crossing(cost, theatre.grid, patrol & deep, deep & _offing(theatre))
    return curve.cost, _line(theatre, curve)


def legal_table(
    theatre: Theatre,
    parts: Sequence[Part],
    fields: Mapping[str, Field],
    patrol: BoolArray,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return how others get in, and Russia out, under each reading of the law (``RULES``).

    Parameters
    ----------
    theatre, parts, fields
        The theatre and the option, with the distances to its parts.
    patrol
        Cells of the patrol water.
    assumptions
        All but what the rules fix: ``transit_passage`` and ``soya_nm``.

    Returns
    -------
    pandas.DataFrame
        Columns ``rule``, ``title``, ``articles``, and for ``access`` and ``egress`` each
        ``_depth_m`` (deepest keel submerged all the way, 0 where none), ``_straits`` (exits open
        to a keel of ``transit_depth_m``, or those that the least surfaced way passes) and
        ``_surfaced_km``: how far a boat that needs ``transit_depth_m`` must run on the surface;
        0 where it need not, NaN where the rule lets no such boat through.
    """
    find = cache(partial(_zones, theatre, tuple(parts), fields))
    known: dict[bytes, _Way] = {}
    rows = []
    for rule in RULES:
        values = assumptions.with_values(rule.values)
        owned, used = find(replace(values, transit_passage=0))
        row: dict[str, object] = {"rule": rule.rule_id, "title": rule.title}
        row["articles"] = rule.articles
        for name, closed in (
            ("access", closed_to_others(owned, values)),
            ("egress", closed_to_russia(used, values)),
        ):
            key = closed.tobytes()
            known[key] = way = known.get(key) or _way(theatre, patrol, closed)
            ruled = _ruled(theatre, patrol, closed, way, rule=rule, values=values)
            row |= {f"{name}_{figure}": value for figure, value in ruled.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _zones(
    theatre: Theatre, parts: Sequence[Part], fields: Mapping[str, Field], values: Assumptions
) -> tuple[Zones, Zones]:
    """Zones by sovereignty, and by who holds the land where Russian forces stay."""
    owned, held = find_zones(theatre, parts, fields, values), administered(parts)
    same = [p.sovereign for p in held] == [p.sovereign for p in parts]
    return owned, owned if same else find_zones(theatre, held, fields, values)


@dataclass(frozen=True)
class _Way:
    """What gets through submerged: the deepest keel, and the deepest through each exit."""

    depth_m: float
    exits: Mapping[str, float | None]


def _way(theatre: Theatre, patrol: BoolArray, closed: BoolArray) -> _Way:
    reach = reach_m(_open_m(theatre, closed), theatre.sea.ocean)
    return _Way(float(reach[patrol].max(initial=0)), exit_depths(theatre, closed))


def _ruled(
    theatre: Theatre,
    patrol: BoolArray,
    closed: BoolArray,
    way: _Way,
    *,
    rule: LegalRule,
    values: Assumptions,
) -> dict[str, object]:
    """Figures of one direction under one rule."""
    need_m = values.transit_depth_m
    straits, surfaced_km = _open_to(way.exits, need_m), 0.0
    if way.depth_m < need_m:
        surfaced_km = np.inf
        if rule.surfacing:
            surfaced_km, line = surfaced_way(theatre, patrol, closed, transit_depth_m=need_m)
            straits = _passed(line, theatre.throats)
    return {
        "depth_m": way.depth_m,
        "straits": straits,
        "surfaced_km": surfaced_km if np.isfinite(surfaced_km) else np.nan,
    }
