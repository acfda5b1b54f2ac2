"""Sensed water: what lies in submerged line of sight of shores where one side's forces stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from okhotsk.distance import Field, nearest_km
from okhotsk.scenario import Part
from okhotsk.sight import DEPTHS_M, Sight, find_sight
from okhotsk.theatre import Theatre

BoolArray = NDArray[np.bool_]

RANGES_KM = tuple(range(20, 301, 20))


def part_sights(
    theatre: Theatre, parts: Sequence[Part], fields: Mapping[str, Field]
) -> dict[str, Sight]:
    """What every part looks at, by part id: the theatre's for whole units, else computed."""
    seabed = theatre.seabed
    return {
        part.part_id: theatre.sights[part.unit]
        if part.part_id == part.unit
        else find_sight(fields[part.part_id], theatre.grid, seabed.depth_m, seabed.native_km)
        for part in parts
    }


def sight_km(
    theatre: Theatre,
    parts: Sequence[Part],
    sights: Mapping[str, Sight],
    *,
    forces: str,
    depth_m: float,
) -> NDArray[np.float32]:
    """Return the distance to the nearest shore of one side that has a boat in sight.

    Where the water is shallower than the boat's depth, the boat runs at the greatest of
    ``sight.DEPTHS_M`` that it allows: the shelf is no hiding place.

    Parameters
    ----------
    theatre, parts
        The option.
    sights
        From :func:`part_sights`.
    forces
        ``"RU"`` or ``"JP"``: whose forces look out.
    depth_m
        Depth of the boat, one of ``sight.DEPTHS_M``.

    Returns
    -------
    numpy.ndarray
        Kilometres for every cell; infinite where no such shore within 300 km has it in sight.
    """
    own = {p.part_id: sights[p.part_id] for p in parts if p.forces == forces}
    seen = seen_from(theatre, own, depth_m=depth_m)
    return nearest_km(seen.values(), theatre.grid.shape)


def seen_from(theatre: Theatre, sights: Mapping[str, Sight], *, depth_m: float) -> dict[str, Field]:
    """Return the water that each part has in sight, and how far off, for a boat at a depth."""
    allowed = np.searchsorted(DEPTHS_M, theatre.seabed.depth_m.ravel(), side="right") - 1
    level = np.clip(allowed, 0, DEPTHS_M.index(depth_m)).astype(np.int8)
    return {
        part: Field(s.cells, s.km[level[s.cells], np.arange(len(s.cells))].astype(np.float32))
        for part, s in sights.items()
    }


def sensed_curve(
    theatre: Theatre, parts: Sequence[Part], sights: Mapping[str, Sight], patrol: BoolArray
) -> pd.DataFrame:
    """Patrol water in sight of hostile shores over the range and the depth of the boat.

    Returns
    -------
    pandas.DataFrame
        Columns ``boat_depth_m``, ``range_km``, ``sensed_km2``, ``sensed_share`` (of the patrol
        water).
    """
    weights = theatre.water_km2[patrol].astype(float)
    edges = [-np.inf, *(np.nextafter(np.float32(r), np.float32(np.inf)) for r in RANGES_KM)]
    tables = []
    for depth_m in DEPTHS_M:
        km = sight_km(theatre, parts, sights, forces="JP", depth_m=depth_m)[patrol]
        within = np.histogram(km, edges, weights=weights)[0].cumsum()
        tables.append(
            pd.DataFrame(
                {
                    "boat_depth_m": depth_m,
                    "range_km": RANGES_KM,
                    "sensed_km2": within,
                    "sensed_share": within / weights.sum(),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
