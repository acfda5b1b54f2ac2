"""Who holds the shores of every strait, and what is left open between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np

from okhotsk.measures.strait_section import (
    OPEN,
    NearPart,
    Section,
    find_section,
    near_parts,
    zones_along,
)
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat, straits_table

REGIMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("RU", "RU"): "russian", ("JP", "JP"): "japanese"}
)


@dataclass(frozen=True)
class StraitSurvey:
    """The straits under one scenario.

    Attributes
    ----------
    table
        What :func:`straits_under` returns.
    sections
        The section of every throat of the theatre, in the same order.
    """

    table: gpd.GeoDataFrame
    sections: tuple[Section, ...]


def survey_straits(
    theatre: Theatre, parts: Iterable[Part], assumptions: Assumptions, *, scenario_id: str
) -> StraitSurvey:
    """Return who holds the shores of every strait, and whose territorial sea it lies in."""
    parts, throats = list(parts), theatre.throats
    near = [
        near_parts(throat, shores, parts, assumptions)
        for throat, shores in zip(throats, theatre.shores, strict=True)
    ]
    found = [_regime(throat, own) for throat, own in zip(throats, near, strict=True)]
    table = straits_table(throats, operating_depth_m=assumptions.operating_depth_m)
    table = table.drop(columns="geometry")
    table = table.assign(
        scenario_id=scenario_id, **{key: [f[key] for f in found] for key in found[0]}
    )
    table["corridor_depth_m"] = table.corridor_depth_m.where([t.resolved for t in throats])
    lines = [throat.line for throat in throats]
    return StraitSurvey(
        gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326"),
        tuple(find_section(throat, own) for throat, own in zip(throats, near, strict=True)),
    )


def straits_under(
    theatre: Theatre, parts: Iterable[Part], assumptions: Assumptions, *, scenario_id: str
) -> gpd.GeoDataFrame:
    """Return the straits with who holds their shores and what is left open between.

    The holder of a shore is that of the land nearest to the end of the throat, so that a split
    island counts with the side that faces the strait. The corridor is the stretch of the throat
    outside every territorial sea, its depth the greatest along it.
    """
    return survey_straits(theatre, parts, assumptions, scenario_id=scenario_id).table


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


def _regime(throat: Throat, near: Sequence[NearPart]) -> dict[str, Any]:
    sides = (throat.strait.side_a, throat.strait.side_b)
    holders = [_holder(near, unit, end) for end, unit in enumerate(sides)]
    count, long_km = len(throat.distance_km), throat.distance_km[-1]
    free = zones_along(near, np.linspace(0, 1, count), points=count) == OPEN
    step_km = long_km / max(count - 1, 1)
    return {
        "holder_a": holders[0],
        "holder_b": holders[1],
        "regime": REGIMES.get((holders[0], holders[1]), "shared"),
        "corridor_km": float(min(free.sum() * step_km, long_km)),
        "corridor_depth_m": float(throat.depth_m[free].max()) if free.any() else np.nan,
    }


def _holder(near: Sequence[NearPart], unit: str, end: int) -> str:
    """Sovereign of the part of a unit that is nearest to an end of a throat."""
    own = [one for one in near if one.part.unit == unit]
    return min(own, key=lambda one: one.shore.ends_deg[end]).part.sovereign
