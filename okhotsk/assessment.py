"""What an option does to the bastion: one record, and the layers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from okhotsk import geodesy, refuge
from okhotsk.access import Passage, find_passage
from okhotsk.assumptions import Assumptions
from okhotsk.contour import polygons
from okhotsk.errors import ScenarioError
from okhotsk.regime import straits_under
from okhotsk.scenario import Part, Scenario, load_scenario, resolve, scenario_ids
from okhotsk.seal import Seal, find_core, find_seal
from okhotsk.theatre import Theatre
from okhotsk.zones import (
    Zones,
    closed_to_others,
    closed_to_russia,
    find_zones,
    part_fields,
    zone_areas_km2,
    zones_table,
)

if TYPE_CHECKING:
    import folium


@dataclass(frozen=True)
class Assessment:
    """The result of one option.

    Attributes
    ----------
    record
        The columns of the ``assess`` command.
    land
        Who holds every piece of land.
    zones
        Maritime zones over the window.
    straits
        The ``straits --scenario`` table with the throats.
    access, egress
        The deepest ways in for others and out for Russia.
    seal
        The shortest line and the least cross-section.
    patrol, refuge, core
        Patrol water, the part of it out of reach, and the core, as polygons.
    refuge_curve
        Refuge over the standoff.
    uncounted
        Ceded parts whose people no source counts: ``ceded_population`` is then a least number.
    notes
        What a reader of the record must know.
    """

    scenario: Scenario
    assumptions: Assumptions
    record: Mapping[str, Any]
    land: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    straits: gpd.GeoDataFrame
    access: Passage
    egress: Passage
    seal: Seal
    patrol: shapely.MultiPolygon
    refuge: shapely.MultiPolygon
    core: shapely.MultiPolygon
    refuge_curve: pd.DataFrame
    uncounted: tuple[str, ...]
    notes: tuple[str, ...]
    theatre: Theatre

    def to_frame(self) -> pd.DataFrame:
        """Return the record as a table of one row."""
        return pd.DataFrame([dict(self.record)])

    def explore(self, **options: Any) -> folium.Map:
        """Return the interactive map; options as :func:`okhotsk.maps.draw_map`."""
        from okhotsk.maps import draw_map

        return draw_map(self, **options)

    def to_html(self, **options: Any) -> str:
        """Return the map as one self-contained page."""
        from okhotsk.maps import map_page

        return map_page(self, **options)

    def embed(self, *, height: int = 600, src: str | None = None) -> str:
        """Return the iframe snippet for a report: the page itself, or a link to ``src``."""
        from okhotsk.page import embed_iframe

        html = None if src else self.to_html()
        return embed_iframe(html, src=src, height=height, title=self.scenario.title)

    def _repr_html_(self) -> str:
        from okhotsk.tables import html_record

        return html_record(self.scenario.title, self.record, self.notes)


@dataclass(frozen=True)
class _Shared:
    """What all options of one assessment share."""

    theatre: Theatre
    assumptions: Assumptions
    core: np.ndarray[Any, Any]
    patrol: np.ndarray[Any, Any]


def assess(
    theatre: Theatre, scenario: str | Path | Scenario, *, assumptions: Assumptions | None = None
) -> Assessment:
    """Return what one option does to the bastion.

    Parameters
    ----------
    theatre
        From :func:`okhotsk.load`.
    scenario
        Id of a named option, path of a scenario file, or a scenario.
    assumptions
        The defaults, unless given.

    Raises
    ------
    ScenarioError
        For an unknown or contradictory option.
    AssumptionError
        Where the assumptions leave nothing to protect.
    """
    return assess_all(theatre, [scenario], assumptions=assumptions)[0]


def assess_all(
    theatre: Theatre,
    scenarios: Iterable[str | Path | Scenario] | None = None,
    *,
    assumptions: Assumptions | None = None,
    workers: int = 2,
    progress: Callable[[str], None] | None = None,
) -> list[Assessment]:
    """Return the assessments of several options (all named ones by default), in order.

    ``workers`` threads share the work; the answer does not depend on their number.
    """
    chosen = scenario_ids() if scenarios is None else scenarios
    loaded = [s if isinstance(s, Scenario) else load_scenario(s) for s in chosen]
    values = assumptions or Assumptions()
    patrol = refuge.find_patrol(theatre, values)
    shared = _Shared(theatre, values, find_core(theatre, values), patrol)

    def one(scenario: Scenario) -> Assessment:
        result = _assess(shared, scenario)
        if progress:
            progress(scenario.scenario_id)
        return result

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, loaded))


def _assess(shared: _Shared, scenario: Scenario) -> Assessment:
    theatre, assumptions, patrol = shared.theatre, shared.assumptions, shared.patrol
    parts = resolve(scenario, theatre.lands)
    fields = part_fields(theatre, parts)
    zones = find_zones(theatre, parts, fields, assumptions)
    try:
        seal = find_seal(theatre, parts, fields, shared.core, assumptions)
    except ValueError as error:
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: no seal can be drawn ({error}); raise "
            "core_standoff_km or cede fewer separate islands"
        ) from error
    access = find_passage(theatre, patrol, closed_to_others(zones, assumptions))
    egress = find_passage(theatre, patrol, closed_to_russia(theatre, parts, fields, assumptions))
    hostile_km = refuge.hostile_km(theatre, parts, fields)
    safe = patrol & (hostile_km > assumptions.refuge_standoff_km)
    straits = straits_under(theatre, parts, assumptions, scenario_id=scenario.scenario_id)
    ceded = [part for part in parts if _is_ceded(part, theatre)]
    patrol_km2, refuge_km2 = (refuge.area_km2(theatre, cells) for cells in (patrol, safe))
    record = {
        "scenario_id": scenario.scenario_id,
        **_ceded(ceded, parts, theatre),
        "sea_km2": theatre.sea_km2,
        **zone_areas_km2(theatre, zones),
        **_exits(straits, assumptions),
        "access_depth_m": access.depth_m,
        "egress_depth_m": egress.depth_m,
        "barrier_km": seal.barrier_km,
        "barrier_area_km2": seal.barrier_area_km2,
        "patrol_km2": patrol_km2,
        "refuge_km2": refuge_km2,
        "refuge_share": refuge_km2 / patrol_km2,
    }
    uncounted = tuple(part.part_id for part in ceded if part.part_id != part.unit)
    layers = _layers(shared, zones, safe)
    return Assessment(
        scenario=scenario,
        assumptions=assumptions,
        record=MappingProxyType(record),
        land=land_table(parts),
        straits=straits,
        access=access,
        egress=egress,
        seal=seal,
        refuge_curve=refuge.refuge_curve(theatre, patrol, hostile_km),
        uncounted=uncounted,
        notes=_notes(uncounted, straits, seal, assumptions),
        theatre=theatre,
        **layers,
    )


def _layers(shared: _Shared, zones: Zones, safe: Any) -> dict[str, Any]:
    """Polygons of the zones and waters, for maps."""
    theatre, grid = shared.theatre, shared.theatre.grid

    def outline(cells: Any) -> shapely.MultiPolygon:
        return polygons(np.where(cells, 1.0, -1.0), grid)

    return {
        "zones": zones_table(theatre, zones, shared.assumptions),
        "patrol": outline(shared.patrol),
        "refuge": outline(safe),
        "core": outline(shared.core),
    }


def _is_ceded(part: Part, theatre: Theatre) -> bool:
    islands = set(theatre.islands.island_id)
    return part.sovereign == "JP" and (part.unit in islands or part.unit == "sakhalin")


def _ceded(ceded: list[Part], parts: Iterable[Part], theatre: Theatre) -> dict[str, Any]:
    """Land, people and coast handed over."""
    people = theatre.islands.set_index("island_id").population
    kept = {part.unit: part.land for part in parts if part.sovereign == "RU"}
    counted = [people[part.unit] for part in ceded if part.part_id == part.unit]
    return {
        "ceded_land_km2": sum(geodesy.area_km2(part.land) for part in ceded),
        "ceded_population": int(sum(n for n in counted if not pd.isna(n))),
        "ceded_coast_km": sum(_coast_km(part, kept, theatre) for part in ceded),
    }


def _coast_km(part: Part, kept: Mapping[str, Any], theatre: Theatre) -> float:
    """Coast of a part; the line across a split unit is no coast.

    The line counts in the outline of both sides; from the sides themselves, since the difference
    of the unit and a part would leave slivers along its whole coast.
    """
    total = geodesy.perimeter_km(part.land)
    if part.part_id == part.unit:
        return total
    whole = geodesy.perimeter_km(theatre.lands[part.unit])
    return total - (total + geodesy.perimeter_km(kept[part.unit]) - whole) / 2


def _exits(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """Exits deep enough for a submerged passage, by regime."""
    deep = straits[straits.exit & (straits.sill_depth_m >= assumptions.transit_depth_m)]
    counts = {
        f"exits_{r}": int((deep.regime == r).sum()) for r in ("russian", "shared", "japanese")
    }
    russian = deep.throat_area_km2[deep.regime == "russian"].sum()
    return counts | {"russian_throat_share": float(russian / deep.throat_area_km2.sum())}


def land_table(parts: Iterable[Part]) -> gpd.GeoDataFrame:
    """Who holds every piece of land (EPSG:4326)."""
    rows = [
        {
            "part_id": part.part_id,
            "unit_id": part.unit,
            "sovereign": part.sovereign,
            "forces": part.forces,
            "geometry": part.land,
        }
        for part in parts
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def _notes(
    uncounted: Sequence[str], straits: gpd.GeoDataFrame, seal: Seal, assumptions: Assumptions
) -> tuple[str, ...]:
    """Limits of this record, in sentences."""
    notes = []
    halves = [part.removesuffix("-south").title() for part in uncounted]
    notes += [f"The people of the south of {name} are not counted: no source." for name in halves]
    hidden = straits[straits.exit & ~straits.resolved]["name"]
    if len(hidden):
        notes.append(
            f"Not counted as exits, because the seabed is too coarse for them: {', '.join(hidden)}."
        )
    limit_m = assumptions.transit_depth_m
    shallow = straits[straits.exit & (straits.sill_depth_m < limit_m)]
    notes += [
        f"Not counted as an exit, because its sill of {depth:.0f} m on this seabed is shallower "
        f"than {limit_m:g} m: {name}."
        for name, depth in zip(shallow["name"], shallow.sill_depth_m, strict=True)
    ]
    if not seal.proven:
        notes.append(
            "A line that avoids the mainland may be shorter than barrier_km or barrier_area_km2."
        )
    return tuple(notes)
