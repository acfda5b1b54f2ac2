"""The tables behind the records: curves, routes, force needs, ranks and drivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd

from okhotsk.assessment import index
from okhotsk.assessment.record import Result
from okhotsk.measures.legal_readings import legal_table

Maker = Callable[[Result], pd.DataFrame]


def _passages(result: Result) -> pd.DataFrame:
    straits = result.keels.straits_open.map(" ".join)
    return result.keels.assign(straits_open=straits)[
        ["way", "keel_m", "reached_km2", "straits_open"]
    ]


def _law(result: Result) -> pd.DataFrame:
    """Access and egress under each reading of the law; a second or two, so only on demand."""
    held = (result.theatre, result.parts, result.distances)
    table = legal_table(*held, result.cells.core, result.assumptions)
    for way in ("access", "egress"):
        table[f"{way}_straits"] = table[f"{way}_straits"].map(" ".join)
    return table


def _routes(result: Result) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "route": name,
            "exposure": route.exposure,
            "length_km": route.profile.distance_km.max(),
            "straits": " ".join(route.straits),
        }
        for name, route in result.routes.items()
    ]
    return pd.DataFrame(rows)


def _components(result: Result) -> pd.DataFrame:
    recipe = index.read_recipe()
    rows = [
        {
            "component": c.component_id,
            "title": c.title,
            "weight": c.weight,
            "component_share": result.components[c.component_id],
        }
        for c in recipe.components
    ]
    return pd.DataFrame(rows)


TABLES: Mapping[str, Maker] = MappingProxyType(
    {
        "refuge": lambda result: result.refuge_curve,
        "sensed": lambda result: result.sensed_curve,
        "passages": _passages,
        "law": _law,
        "routes": _routes,
        "enclosure": lambda result: result.enclosure,
        "force": lambda result: result.force,
        "strait-force": lambda result: result.strait_force,
        "missiles": lambda result: result.missile_cover,
        "components": _components,
    }
)


ON_DEMAND = "law"  # a second or two for each option, and of use to few
WRITTEN = tuple(name for name in TABLES if name != ON_DEMAND)  # what a run leaves behind


def detail(results: Sequence[Result], table: str) -> pd.DataFrame:
    """Return one table of several options, the option in the first column.

    Parameters
    ----------
    results
        The options.
    table
        One of :data:`TABLES`.
    """
    make = TABLES[table]
    frames = []
    for result in results:
        frame = make(result)
        frame = frame.drop(columns="scenario_id", errors="ignore")
        frame.insert(0, "scenario_id", result.scenario.scenario_id)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
