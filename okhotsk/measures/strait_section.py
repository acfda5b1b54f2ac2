"""The section of a strait and whose water it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.theatre.straits import Throat

POINTS = 160  # along a strait
RUSSIAN, JAPANESE, OPEN = "ru-territorial-sea", "jp-territorial-sea", ""


@dataclass(frozen=True)
class Section:
    """Depth and zone at even steps along a throat.

    Attributes
    ----------
    distance_km, depth_m
        From side a to side b.
    zone
        ``ru-territorial-sea``, ``jp-territorial-sea``, or empty for the corridor.
    """

    distance_km: NDArray[np.float64]
    depth_m: NDArray[np.float64]
    zone: NDArray[np.object_]

    def runs(self, zone: str) -> list[slice]:
        """Stretches of one zone, each with the step after it, so that neighbours meet."""
        inside = np.concatenate([[False], self.zone == zone, [False]])
        starts, ends = (np.flatnonzero(np.diff(inside.astype(int)) == sign) for sign in (1, -1))
        last = len(self.zone)
        return [slice(a, min(b + 1, last)) for a, b in zip(starts, ends, strict=True)]


def territorial_seas(zones: gpd.GeoDataFrame) -> dict[str, Any]:
    """Outlines of the territorial seas in a table of zones, by zone."""
    found = zones.set_index("zone").geometry
    seas = {zone: found[zone] for zone in (RUSSIAN, JAPANESE)}
    shapely.prepare([*seas.values()])
    return seas


def find_section(throat: Throat, seas: Mapping[str, Any]) -> Section:
    """Return the section of a throat under the zones of :func:`territorial_seas`."""
    share = np.linspace(0, 1, POINTS)
    points = shapely.line_interpolate_point(throat.line, share, normalized=True)
    zone = np.full(POINTS, OPEN, object)
    for name, shape in seas.items():
        zone[shapely.contains(shape, points)] = name
    distance_km = share * float(throat.distance_km[-1])
    depth_m = np.interp(distance_km, throat.distance_km, throat.depth_m)
    return Section(distance_km, depth_m, zone)
