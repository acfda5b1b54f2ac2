"""Figures of a scenario that stand in the record: exits, waters, routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd

from okhotsk.measures import refuge
from okhotsk.measures.context import ScenarioContext
from okhotsk.measures.exposure import Route
from okhotsk.scenario.assumptions import Assumptions

ROUTES = ("egress", "base", "intruder")


def exit_figures(straits: gpd.GeoDataFrame, assumptions: Assumptions) -> dict[str, Any]:
    """Exits deep enough for a submerged passage, by regime."""
    deep = straits[straits.exit & (straits.sill_depth_m >= assumptions.transit_depth_m)]
    counts = {
        f"exits_{r}": int((deep.regime == r).sum()) for r in ("russian", "shared", "japanese")
    }
    return counts | {
        f"russian_{kind}_share": float(km2[deep.regime == "russian"].sum() / km2.sum())
        for kind, km2 in (("throat", deep.throat_area_km2), ("operating", deep.operating_area_km2))
    }


def water_figures(scenario: ScenarioContext) -> dict[str, float]:
    """Patrol water, refuge and sensed water."""
    theatre, patrol = scenario.context.theatre, scenario.context.patrol
    patrol_km2, refuge_km2, sensed_km2 = (
        refuge.area_km2(theatre, cells)
        for cells in (patrol, scenario.refuge, patrol & scenario.sensed)
    )
    return {
        "patrol_km2": patrol_km2,
        "refuge_km2": refuge_km2,
        "refuge_share": refuge_km2 / patrol_km2,
        "sensed_share": sensed_km2 / patrol_km2,
    }


def route_figures(routes: Mapping[str, Route]) -> dict[str, float]:
    """Exposure of Russia's ways out and from the base, and of the way in for others."""
    return {f"{name}_exposure": routes[name].exposure for name in ROUTES}


def find_routes(scenario: ScenarioContext, names: Iterable[str] = ROUTES) -> dict[str, Route]:
    """Return the routes of least exposure by name.

    ``egress`` (core to Pacific), ``base`` (base to core) and ``intruder`` (Pacific to core: patrol
    water begins in the straits already, so that a way to any of it would pass nothing).
    """
    return {name: scenario.route(name) for name in names}
