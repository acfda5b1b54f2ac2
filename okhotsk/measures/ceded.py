"""What is handed over: land, people and coast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from okhotsk.raster import geodesy
from okhotsk.scenario.model import Part
from okhotsk.theatre.coast import Survey, surveys
from okhotsk.theatre.model import Theatre


def ceded_figures(parts: Sequence[Part], theatre: Theatre) -> dict[str, Any]:
    """Land, people and coast handed over."""
    ceded = [part for part in parts if part.ceded]
    people = theatre.islands.set_index("island_id").population
    kept = {part.unit: part.land for part in parts if part.sovereign == "RU"}
    unknown = uncounted_parts(parts, theatre)
    counted = [people.get(part.unit, np.nan) for part in ceded if part not in unknown]
    return {
        "ceded_land_km2": sum(_extent(part.land)[0] for part in ceded),
        "ceded_population": int(sum(n for n in counted if not pd.isna(n))),
        "ceded_coast_km": sum(_coast_km(part, kept, theatre) for part in ceded),
    }


def uncounted_parts(parts: Sequence[Part], theatre: Theatre) -> list[Part]:
    """Return the ceded sides of lines across land on which people live.

    No source says how they divide, except where nobody lives on either side.
    """
    people = theatre.islands.set_index("island_id").population
    split = [part for part in parts if part.ceded and part.part_id != part.unit]
    return [part for part in split if people.get(part.unit, np.nan) != 0]


def people_note(part: Part, theatre: Theatre) -> str:
    """Return in a sentence why the people of one side of a line are not counted."""
    islands = theatre.islands.set_index("island_id")
    side = part.part_id.removeprefix(f"{part.unit}-")
    name, known = part.unit.title(), "how many live on either side of the line"
    if part.unit in islands.index:
        island = islands.loc[part.unit]
        name = island["name"]
        if not pd.isna(island.population):
            known = (
                f"how the {island.population:,.0f} of the whole ({island.population_year:.0f}) "
                "divide at the line"
            )
    return f"The people of the {side} of {name} are not counted: no source says {known}."


def ceded_survey(parts: Sequence[Part]) -> Survey | None:
    """Return the surveyed area of what is handed over; None where no survey has just that."""
    ceded = [part for part in parts if part.ceded]
    if any(part.part_id != part.unit for part in ceded):
        return None
    return surveys().get(frozenset(part.unit for part in ceded))


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
    """Area (km2) and length of the outline (km) of a land, which several scenarios hand over."""
    return geodesy.area_km2(land), geodesy.perimeter_km(land)
