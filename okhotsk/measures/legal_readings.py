"""Access and egress under each reading of the law of the sea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely

from okhotsk.measures.passage import (
    exit_depths,
    flood_from_ocean,
    open_exits,
    open_pacific,
    passed_exits,
    route_line,
)
from okhotsk.measures.transit import transit_water
from okhotsk.measures.zones import (
    Zones,
    administered,
    closed_to_others,
    closed_to_russia,
    find_zones,
)
from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.proximity import DistanceField
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre


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


_SUBMERGED = MappingProxyType({"transit_passage": 0, "soya_nm": 3})
RULES = (
    LegalRule(
        "submerged-outside",
        "foreign territorial sea is closed to submerged boats",
        "UNCLOS Arts 17-20",
        _SUBMERGED,
    ),
    LegalRule(
        "innocent-surfaced",
        "foreign territorial sea is crossed on the surface",
        "UNCLOS Arts 17-20",
        _SUBMERGED,
        surfacing=True,
    ),
    LegalRule(
        "soya-12nm",
        "as the first, had Japan 12 miles in the Soya Strait and not the 3 of its law",
        "UNCLOS Arts 3, 17-20; Japan's Act on the Territorial Sea (W43, W44, S150)",
        MappingProxyType({"transit_passage": 0, "soya_nm": 12}),
    ),
    LegalRule(
        "transit-passage",
        "as soya-12nm, with submerged transit passage in straits that a source calls international",
        "UNCLOS Arts 36-39",
        MappingProxyType({"transit_passage": 1, "soya_nm": 12}),
    ),
)
UNCHANGED = "none of these figures"


def surfaced_route(
    theatre: Theatre, patrol: BoolArray, closed: BoolArray, *, transit_depth_m: float
) -> tuple[float, shapely.LineString]:
    """Return the route to patrol water with the least distance on the surface.

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
        Elsewhere the boat stays submerged and needs this depth. It keeps out of cells that hold
        land everywhere.

    Returns
    -------
    tuple
        Kilometres on the surface, to about half a cell at each end of a closed stretch (infinite
        where none exists), and the route, from the high seas (EPSG:4326).
    """
    deep = theatre.clear & ~closed & (theatre.seabed.depth_m >= transit_depth_m)
    cost = np.where(deep, 0.0, np.where(closed & theatre.clear, 1.0, np.inf))
    curve = planar_cut.shortest_crossing(
        cost, theatre.grid, patrol & deep, deep & open_pacific(theatre)
    )
    return curve.cost, route_line(theatre, curve)


def legal_table(
    theatre: Theatre,
    parts: Sequence[Part],
    distances: Mapping[str, DistanceField],
    patrol: BoolArray,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return how others get in, and Russia out, under each reading of the law (``RULES``).

    Parameters
    ----------
    theatre, parts, distances
        The theatre and the scenario, with the distances to its parts.
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
        0 where it need not, NaN where the rule lets no such boat through. Last ``changes``: the
        figures that differ from those of the first rule, or :data:`UNCHANGED`; empty for the first.
    """
    find = cache(partial(_zones, theatre, tuple(parts), distances))
    found: dict[bytes, _Submerged] = {}
    rows = []
    for rule in RULES:
        values = assumptions.with_values(rule.values)
        owned, used = find(replace(values, transit_passage=0))
        transit = transit_water(theatre, values)
        row: dict[str, object] = {"rule": rule.rule_id, "title": rule.title}
        row["articles"] = rule.articles
        for name, closed in (
            ("access", closed_to_others(owned, transit)),
            ("egress", closed_to_russia(used, transit)),
        ):
            key = closed.tobytes()
            found[key] = submerged = found.get(key) or _submerged(theatre, patrol, closed)
            ruled = _ruled(theatre, patrol, closed, submerged, rule=rule, values=values)
            row |= {f"{name}_{figure}": value for figure, value in ruled.items()}
        rows.append(row)
    first, *others = rows
    changes = ["", *(_changes(first, row) for row in others)]
    return pd.DataFrame(rows).assign(changes=changes)


def _changes(first: Mapping[str, object], row: Mapping[str, object]) -> str:
    """The figures of a row that differ from those of the first, in one line."""
    figures = [name for name in row if name.startswith(("access_", "egress_"))]
    # NaN, where a rule lets no boat through, is the same as NaN.
    changed = [name for name in figures if repr(first[name]) != repr(row[name])]
    return ", ".join(changed) or UNCHANGED


def _zones(
    theatre: Theatre,
    parts: Sequence[Part],
    distances: Mapping[str, DistanceField],
    values: Assumptions,
) -> tuple[Zones, Zones]:
    """Zones by sovereignty, and by who holds the land where Russian forces stay."""
    owned, held = find_zones(theatre, parts, distances, values), administered(parts)
    same = [p.sovereign for p in held] == [p.sovereign for p in parts]
    return owned, owned if same else find_zones(theatre, held, distances, values)


@dataclass(frozen=True)
class _Submerged:
    """What gets through submerged: the deepest keel, and the deepest through each exit."""

    depth_m: float
    exits: Mapping[str, float | None]


def _submerged(theatre: Theatre, patrol: BoolArray, closed: BoolArray) -> _Submerged:
    depth_m = flood_from_ocean(theatre, closed, patrol).depth_m
    return _Submerged(depth_m, exit_depths(theatre, closed))


def _ruled(
    theatre: Theatre,
    patrol: BoolArray,
    closed: BoolArray,
    submerged: _Submerged,
    *,
    rule: LegalRule,
    values: Assumptions,
) -> dict[str, object]:
    """Figures of one direction under one rule."""
    need_m = values.transit_depth_m
    straits, surfaced_km = open_exits(submerged.exits, need_m), 0.0
    if submerged.depth_m < need_m:
        surfaced_km = np.inf
        if rule.surfacing:
            surfaced_km, line = surfaced_route(theatre, patrol, closed, transit_depth_m=need_m)
            straits = passed_exits(line, theatre.throats)
    return {
        "depth_m": submerged.depth_m,
        "straits": straits,
        "surfaced_km": surfaced_km if np.isfinite(surfaced_km) else np.nan,
    }
