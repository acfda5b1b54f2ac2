"""Who holds the shores of every strait, and what is left open between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np

from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Shore, Throat, find_shore, straits_table

REGIMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("RU", "RU"): "russian", ("JP", "JP"): "japanese"}
)


def straits_under(
    theatre: Theatre, parts: Iterable[Part], assumptions: Assumptions, *, scenario_id: str
) -> gpd.GeoDataFrame:
    """Return the straits with who holds their shores and what is left open between.

    The holder of a shore is that of the land nearest to the end of the throat, so that a split
    island counts with the side that faces the strait. The corridor is the stretch of the throat
    outside every territorial sea, its depth the greatest along it.
    """
    parts = list(parts)
    table = straits_table(theatre.throats).drop(columns="geometry")
    found = [
        _regime(throat, _near(shores, throat, parts), assumptions)
        for throat, shores in zip(theatre.throats, theatre.shores, strict=True)
    ]
    known = [throat.resolved for throat in theatre.throats]
    table = table.assign(
        scenario_id=scenario_id, **{key: [f[key] for f in found] for key in found[0]}
    )
    table["corridor_depth_m"] = table.corridor_depth_m.where(known)
    lines = [throat.line for throat in theatre.throats]
    return gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326")


def uncounted_exits(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> list[str]:
    """Exits that no figure counts, from :func:`straits_under`, and why, in sentences."""
    hidden = straits[straits.exit & ~straits.resolved]["name"]
    notes = (
        [f"Not counted as exits, because the seabed is too coarse for them: {', '.join(hidden)}."]
        if len(hidden)
        else []
    )
    limit_m = assumptions.transit_depth_m
    shallow = straits[straits.exit & (straits.sill_depth_m < limit_m)]
    return notes + [
        f"Not counted as an exit, because its sill of {depth:.0f} m on this seabed is shallower "
        f"than {limit_m:g} m: {name}."
        for name, depth in zip(shallow["name"], shallow.sill_depth_m, strict=True)
    ]


def _near(
    shores: Mapping[str, Shore], throat: Throat, parts: Iterable[Part]
) -> list[tuple[Part, Shore]]:
    """Parts near a throat: the theatre knows whole units, the sides of a line are measured."""
    found = []
    for part in parts:
        whole = part.part_id == part.unit
        if part.unit not in shores:
            continue
        shore = shores[part.unit] if whole else find_shore(throat, part.land)
        if shore is not None:
            found.append((part, shore))
    return found


def _regime(
    throat: Throat, near: Sequence[tuple[Part, Shore]], assumptions: Assumptions
) -> dict[str, Any]:
    sides = (throat.strait.side_a, throat.strait.side_b)
    holders = [_holder(near, unit, end) for end, unit in enumerate(sides)]
    free = np.ones(len(throat.distance_km), bool)
    for part, shore in near:
        free &= shore.km > _reach_nm(part, throat, assumptions) * KM_PER_NM
    step_km = throat.distance_km[-1] / max(len(free) - 1, 1)
    return {
        "holder_a": holders[0],
        "holder_b": holders[1],
        "regime": REGIMES.get((holders[0], holders[1]), "shared"),
        "corridor_km": float(min(free.sum() * step_km, throat.distance_km[-1])),
        "corridor_depth_m": float(throat.depth_m[free].max()) if free.any() else np.nan,
    }


def _reach_nm(part: Part, throat: Throat, assumptions: Assumptions) -> float:
    """Breadth of a part's territorial sea in a strait."""
    soya = throat.strait.strait_id == "la-perouse" and part.sovereign == "JP"
    general_nm = assumptions.territorial_sea_nm
    return min(assumptions.soya_nm, general_nm) if soya else general_nm


def _holder(near: Sequence[tuple[Part, Shore]], unit: str, end: int) -> str:
    """Sovereign of the part of a unit that is nearest to an end of a throat."""
    own = [(shore.ends_deg[end], part) for part, shore in near if part.unit == unit]
    return min(own, key=lambda pair: pair[0])[1].sovereign
