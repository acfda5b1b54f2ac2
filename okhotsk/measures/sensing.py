"""Sensed water: what lies in submerged line of sight of shores where one side's forces stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from okhotsk.cache import kept_at, recall
from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.kernel import kernel
from okhotsk.raster.proximity import DistanceField, nearest_km
from okhotsk.raster.viewshed import DEPTHS_M, Viewshed, find_viewshed
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre

RANGES_KM = tuple(range(20, 301, 20))
NOWHERE = 0x7C00  # the bits of infinity in half precision


def part_sights(
    theatre: Theatre, parts: Sequence[Part], fields: Mapping[str, DistanceField]
) -> dict[str, Viewshed]:
    """What every part looks at, by part id: the theatre's for whole units, else computed."""
    return {
        part.part_id: theatre.sights[part.unit]
        if part.part_id == part.unit
        else _kept_sight(theatre, fields[part.part_id])
        for part in parts
    }


def _kept_sight(theatre: Theatre, field: DistanceField) -> Viewshed:
    """What the side of a line looks at, from the cache where the same was asked before."""
    grid, seabed = theatre.grid, theatre.seabed

    def find() -> dict[str, NDArray[np.generic]]:
        sight = find_viewshed(field, grid, seabed.depth_m, seabed.native_km)
        return {"cells": sight.cells, "km": sight.km}

    seen_through = (str(grid), seabed.native_km, seabed.depth_m)
    path = kept_at("sight", __name__, *seen_through, field.cells, field.km)
    return Viewshed(**recall(path, find, names=("cells", "km")))


def sight_km(
    theatre: Theatre, parts: Sequence[Part], seen: Mapping[str, DistanceField], *, forces: str
) -> NDArray[np.float32]:
    """Return the distance to the nearest shore of one side that has a boat in sight.

    Parameters
    ----------
    theatre, parts
        The option.
    seen
        From :func:`seen_from`, by part id.
    forces
        ``"RU"`` or ``"JP"``: whose forces look out.

    Returns
    -------
    numpy.ndarray
        Kilometres for every cell; infinite where no such shore within 300 km has it in sight.
    """
    return nearest_km((seen[p.part_id] for p in parts if p.forces == forces), theatre.grid.shape)


def seen_from(
    theatre: Theatre, sights: Mapping[str, Viewshed], *, depth_m: float
) -> dict[str, DistanceField]:
    """Return the water that each land has in sight, and how far off, for a boat at a depth.

    Where the water is shallower than the boat's depth (one of ``sight.DEPTHS_M``), the boat runs
    at the greatest of these that it allows: the shelf is no hiding place.
    """
    level = np.minimum(_allowed(theatre.seabed.depth_m.ravel()), DEPTHS_M.index(depth_m))
    return {
        part: DistanceField(
            s.cells, s.km[level[s.cells], np.arange(len(s.cells))].astype(np.float32)
        )
        for part, s in sights.items()
    }


def _allowed(depth_m: NDArray[np.float32]) -> NDArray[np.int8]:
    """Number in ``sight.DEPTHS_M`` of the greatest depth that water allows, the first at least."""
    return np.asarray(sum((depth_m >= depth for depth in DEPTHS_M[1:]), np.int8(0)), np.int8)


def sensed_curve(
    theatre: Theatre, parts: Sequence[Part], sights: Mapping[str, Viewshed], patrol: BoolArray
) -> pd.DataFrame:
    """Patrol water in sight of hostile shores over the range and the depth of the boat.

    Returns
    -------
    pandas.DataFrame
        Columns ``boat_depth_m``, ``range_km``, ``sensed_km2``, ``sensed_share`` (of the patrol
        water).
    """
    weights = theatre.water_km2[patrol].astype(float)
    ends = np.array(RANGES_KM, np.float16).view(np.uint16)
    tables = []
    for depth_m, bits in zip(DEPTHS_M, _patrol_bits(theatre, parts, sights, patrol), strict=True):
        # Sums of single-precision areas are exact in double precision, in any order.
        within = np.bincount(bits, weights, NOWHERE + 1).cumsum()[ends]
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


def _patrol_bits(
    theatre: Theatre, parts: Sequence[Part], sights: Mapping[str, Viewshed], patrol: BoolArray
) -> NDArray[np.uint16]:
    """Distance of the cells of patrol water to hostile shores that see them, a row per depth.

    As the bits of half-precision numbers, which are in the order of their values.
    """
    allowed = _allowed(theatre.seabed.depth_m[patrol])
    place = np.full(patrol.size, -1, np.int32)
    place[np.flatnonzero(patrol)] = np.arange(len(allowed))
    nearest = np.full((len(DEPTHS_M), len(allowed)), NOWHERE, np.uint16)
    for part in parts:
        if part.forces == "JP":
            sight = sights[part.part_id]
            _lower(nearest, place, allowed, sight.cells, sight.km.view(np.uint16))
    return nearest


@kernel
def _lower(nearest, place, allowed, cells, bits):  # type: ignore[no-untyped-def]
    """Lower distances to those of a sight, at each depth or at the greatest allowed there."""
    for n in range(len(cells)):
        at = place[cells[n]]
        if at >= 0:
            for level in range(len(nearest)):
                there = bits[min(level, allowed[at]), n]
                nearest[level, at] = min(nearest[level, at], there)
