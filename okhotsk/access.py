"""How deep a submarine can go in and out: the deepest keel that stays out of closed waters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from okhotsk import cut
from okhotsk.bottleneck import reach_m
from okhotsk.distance import nearest_km
from okhotsk.geodesy import KM_PER_NM
from okhotsk.straits import Throat
from okhotsk.theatre import Theatre

BoolArray = NDArray[np.bool_]

OFFING_NM = 24.0
KEELS_M = (20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000)


@dataclass(frozen=True)
class Passage:
    """The deepest way between the open ocean and the patrol water.

    Attributes
    ----------
    depth_m
        Deepest keel that gets through; 0 where no way exists.
    route
        The shortest way at that depth (EPSG:4326), empty where none exists.
    straits
        Exits that the route passes.
    reached
        Patrol water in reach of each keel: columns ``keel_m``, ``reached_km2``.
    """

    depth_m: float
    route: shapely.LineString
    straits: tuple[str, ...]
    reached: pd.DataFrame


def find_passage(theatre: Theatre, patrol: BoolArray, closed: BoolArray) -> Passage:
    """Return the deepest way from the ocean to the patrol water that avoids closed cells.

    Parameters
    ----------
    theatre
        The theatre.
    patrol
        Cells of the patrol water.
    closed
        Cells that may not be entered: the territorial sea of the other side, where a submarine
        would have to surface (UNCLOS Art. 20).

    Notes
    -----
    One flood from the ocean in the order of depth gives the deepest keel for every cell at
    once; the way out is the way in.
    """
    open_m = np.where(closed, np.float32(0), theatre.seabed.depth_m)
    reach = reach_m(open_m, theatre.sea.ocean)
    depth_m = float(reach[patrol].max(initial=0))
    weights = theatre.water_km2[patrol].astype(float)
    reached = [float(weights[reach[patrol] >= keel].sum()) for keel in KEELS_M]
    deep = (reach >= depth_m) & (reach > 0)
    route = _route(theatre, patrol, deep) if depth_m > 0 else shapely.LineString()
    return Passage(
        depth_m=depth_m,
        route=route,
        straits=_passed(route, theatre.throats),
        reached=pd.DataFrame({"keel_m": KEELS_M, "reached_km2": reached}),
    )


def _route(theatre: Theatre, patrol: BoolArray, deep: BoolArray) -> shapely.LineString:
    """The shortest way over deep cells from 24 nautical miles off the coast to patrol water."""
    off_km = nearest_km(theatre.fields.values(), patrol.shape)
    start = deep & ~theatre.sea.mask & (off_km > OFFING_NM * KM_PER_NM)
    cost = np.where(deep, 1.0, np.inf)
    curve = cut.shortest_crossing(cost, theatre.grid, start, patrol & deep)
    if not len(curve.rows):
        return shapely.LineString()
    return shapely.LineString(theatre.grid.lonlat(curve.rows, curve.cols))


def _passed(route: shapely.LineString, throats: tuple[Throat, ...]) -> tuple[str, ...]:
    """Exits whose throat a route crosses, in the order of the data."""
    exits = (throat for throat in throats if throat.strait.exit)
    return tuple(t.strait.strait_id for t in exits if shapely.intersects(t.line, route))
