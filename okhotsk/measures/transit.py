"""Transit passage: the straits in which a submarine may pass submerged through territorial sea."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from okhotsk.measures.strait_section import breadth_nm
from okhotsk.measures.zones import beyond_strait_km
from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.coast import FIXED_HOLDERS
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Shore, Throat


def transit_water(theatre: Theatre, assumptions: Assumptions) -> BoolArray:
    """Return the water in which transit passage holds (UNCLOS Arts 37, 38).

    That is, where it is assumed at all (``transit_passage``), the water of the straits that
    ``straits.toml`` calls international: within 24 nautical miles of both their shores. A strait
    with a corridor is left out, for there Part III of the convention does not apply (Art. 36).

    Parameters
    ----------
    theatre
        The theatre.
    assumptions
        Whether transit passage holds, and the breadths of the territorial sea.
    """
    found = np.zeros(theatre.grid.shape, bool)
    if not assumptions.transit_passage:
        return found
    for throat, shores in zip(theatre.throats, theatre.shores, strict=True):
        strait = throat.strait
        if strait.international and not has_corridor(throat, shores, assumptions):
            found |= beyond_strait_km(theatre, (strait.side_a, strait.side_b), assumptions) <= 0
    return found


def has_corridor(throat: Throat, shores: Mapping[str, Shore], assumptions: Assumptions) -> bool:
    """Whether a throat leaves water outside every territorial sea, as the law stands today.

    Parameters
    ----------
    throat, shores
        The throat, and how near each land is to it, by unit id.
    assumptions
        The breadths of the territorial sea.
    """
    free = np.ones(len(throat.distance_km), bool)
    for unit, shore in shores.items():
        holder = FIXED_HOLDERS.get(unit, "RU")
        free &= shore.km > breadth_nm(throat.strait, holder, assumptions) * KM_PER_NM
    return bool(free.any())
