"""Who holds the shores of every strait, and what is left open through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd

from okhotsk.errors import SeabedError
from okhotsk.measures.corridor import corridor_km, near_gaps, territorial_sea_near
from okhotsk.measures.passage import exit_depths
from okhotsk.measures.strait_section import NearPart, Section, find_section, near_parts
from okhotsk.measures.zones import find_zones, part_distances
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat, straits_table
from okhotsk.theatre.throat_search import CELLS_ACROSS

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
    theatre: Theatre,
    parts: Iterable[Part],
    assumptions: Assumptions,
    *,
    scenario_id: str,
    depths: Mapping[str, float | None],
) -> StraitSurvey:
    """Return who holds the shores of every strait, and whose territorial sea it lies in.

    Parameters
    ----------
    theatre, parts, assumptions
        The theatre, who holds what, and the breadth of the territorial sea.
    scenario_id
        Goes into the table.
    depths
        Depth of the corridor through each exit, by its id, from
        :func:`okhotsk.measures.passage.exit_depths` past
        :func:`okhotsk.measures.corridor.territorial_sea_near`. Without it no depth is given.
    """
    parts, throats = list(parts), theatre.throats
    near = [
        near_parts(throat, shores, parts, assumptions)
        for throat, shores in zip(throats, theatre.shores, strict=True)
    ]
    found = [_regime(throat, own) for throat, own in zip(throats, near, strict=True)]
    gaps = [near_gaps(*own) for own in zip(throats, near, theatre.gaps, strict=True)]
    table = straits_table(throats, operating_depth_m=assumptions.operating_depth_m)
    table = table.drop(columns="geometry")
    table = table.assign(
        scenario_id=scenario_id, **{key: [f[key] for f in found] for key in found[0]}
    )
    table["corridor_km"] = [corridor_km(*own) for own in zip(gaps, near, strict=True)]
    depth_m = pd.to_numeric(table.strait_id.map(dict(depths)), errors="coerce").astype(float)
    table["corridor_depth_m"] = depth_m.where((table.corridor_km > 0) & (depth_m > 0))
    lines = [throat.line for throat in throats]
    return StraitSurvey(
        gpd.GeoDataFrame(table, geometry=lines, crs="EPSG:4326"),
        tuple(find_section(throat, own) for throat, own in zip(throats, near, strict=True)),
    )


def straits_under(
    theatre: Theatre, parts: Iterable[Part], assumptions: Assumptions, *, scenario_id: str
) -> gpd.GeoDataFrame:
    """Return the straits with who holds their shores and what is left open through them.

    The holder of a shore is that of the land nearest to the end of the throat, so that a split
    island counts with the side that faces the strait. The corridor is the water outside every
    territorial sea: ``corridor_km`` how wide it is where the widest way through is narrowest
    (:func:`okhotsk.measures.corridor.corridor_km`), ``corridor_depth_m`` the sill between the
    deep basin and the ocean through this exit alone, past territorial sea. The depth is not given
    where no corridor is, where the strait is no exit or not resolved, and where the corridor is
    too narrow for the cells.
    """
    parts = list(parts)
    zones = find_zones(theatre, parts, part_distances(theatre, parts), assumptions)
    depths = exit_depths(theatre, territorial_sea_near(theatre, zones))
    survey = survey_straits(theatre, parts, assumptions, scenario_id=scenario_id, depths=depths)
    return survey.table


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


def check_exits(theatre: Theatre, assumptions: Assumptions) -> None:
    """Stop unless the seabed resolves an exit that counts: shares of exits need one.

    Raises
    ------
    SeabedError
        Where its cells are too coarse for every exit of that depth.
    """
    exits = [throat for throat in theatre.throats if throat.strait.exit]
    least_m = assumptions.transit_depth_m
    if any((throat.sill_depth_m or 0) >= least_m for throat in exits):
        return
    seabed = theatre.seabed
    widest_km = max(throat.throat_width_km for throat in exits)
    raise SeabedError(
        f"{seabed.name}: its cells of {seabed.native_km:.0f} km resolve no exit of the sea of "
        f"{least_m:g} m and more, expected cells of at most {widest_km / CELLS_ACROSS:.0f} km, "
        f"{CELLS_ACROSS} across the widest exit; use a finer seabed"
    )


def _regime(throat: Throat, near: Sequence[NearPart]) -> dict[str, Any]:
    sides = (throat.strait.side_a, throat.strait.side_b)
    holders = [_holder(near, unit, end) for end, unit in enumerate(sides)]
    return {
        "holder_a": holders[0],
        "holder_b": holders[1],
        "regime": REGIMES.get((holders[0], holders[1]), "shared"),
    }


def _holder(near: Sequence[NearPart], unit: str, end: int) -> str:
    """Sovereign of the part of a unit that is nearest to an end of a throat."""
    own = [one for one in near if one.part.unit == unit]
    return min(own, key=lambda one: one.shore.ends_deg[end]).part.sovereign
