"""Where a submarine can patrol, and how much of it lies out of reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster.arrays import BoolArray
from okhotsk.raster.proximity import DistanceField, nearest_km
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre

CURVE_KM = tuple(range(20, 301, 20))


def find_patrol(theatre: Theatre, assumptions: Assumptions) -> BoolArray:
    """Return the cells of the patrol water: deep enough, and in pools large enough."""
    deep = theatre.sea.mask & (theatre.seabed.depth_m >= assumptions.patrol_depth_m)
    labels, count = ndimage.label(deep, np.ones((3, 3)))
    sizes = ndimage.sum_labels(theatre.water_km2, labels, np.arange(1, count + 1))
    large = np.concatenate([[False], sizes >= assumptions.patrol_area_km2])
    return np.asarray(large[labels])


def hostile_km(
    theatre: Theatre, parts: Sequence[Part], distances: Mapping[str, DistanceField]
) -> NDArray[np.float32]:
    """Distance to the nearest shore where Japanese forces may stand; infinite beyond 380 km."""
    hostile = (distances[p.part_id] for p in parts if p.forces == "JP")
    return nearest_km(hostile, theatre.grid.shape)


def area_km2(theatre: Theatre, cells: BoolArray) -> float:
    """Area of water in some cells."""
    return float(theatre.water_km2[cells].sum(dtype=float))


def refuge_curve(theatre: Theatre, patrol: BoolArray, km: NDArray[np.float32]) -> pd.DataFrame:
    """Patrol water further than each standoff from every hostile shore.

    Returns
    -------
    pandas.DataFrame
        Columns ``standoff_km``, ``refuge_km2``.
    """
    weights = theatre.water_km2[patrol].astype(float)
    edges = [-np.inf, *(np.nextafter(np.float32(r), np.float32(np.inf)) for r in CURVE_KM), np.inf]
    beyond = np.histogram(np.minimum(km[patrol], 1e6), edges, weights=weights)[0][::-1].cumsum()
    return pd.DataFrame({"standoff_km": CURVE_KM, "refuge_km2": beyond[::-1][1:]})
