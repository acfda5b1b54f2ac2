"""Names on the explorer's map: where each may stand, and from which zoom on.

The page's script finds each name the first of its places that is free, the most important name
first, so that no two touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely

from okhotsk.maps.widgets.names import PLACES, strait_names
from okhotsk.theatre.model import Theatre

# Islands of at least so many square kilometres are named from a zoom on.
ZOOMS = ((1000.0, 4.0), (200.0, 6.0), (0.0, 7.0))
LOWER_DEG = 2.5


def find_names(theatre: Theatre) -> list[dict[str, Any]]:
    """Return names with their places as (latitude, longitude), the most important first."""
    straits = list(_straits(theatre))
    famous = [name for name in straits if not name["zoom"]]
    others = [name for name in straits if name["zoom"]]
    return [*famous, *_islands(theatre), *_places(), *others]


def _places() -> Iterator[dict[str, Any]]:
    """Seas and lands; a sea that reaches out of view is named further south."""
    for name, lon, lat, kind in PLACES:
        south = [[lat - LOWER_DEG, lon]] if kind == "sea" else []
        yield {"name": name, "kind": kind, "zoom": 0.0, "at": [[lat, lon], *south]}


def _islands(theatre: Theatre) -> Iterator[dict[str, Any]]:
    """Islands by their shores toward the ocean and toward the sea."""
    for row in theatre.islands.sort_values("area_km2", ascending=False).itertuples():
        zoom = next(zoom for least, zoom in ZOOMS if row.area_km2 >= least)
        yield {"name": row.name, "kind": "island", "zoom": zoom, "at": _shores(row.geometry)}


def _straits(theatre: Theatre) -> Iterator[dict[str, Any]]:
    for name in strait_names(theatre):
        at = [_spot(name.lon, name.lat)]
        yield {"name": name.text, "kind": name.kind, "zoom": name.zoom, "at": at}


def _shores(land: Any) -> list[list[float]]:
    """The shores of an island on the line across the chain through its middle."""
    middle = land.centroid
    across = shapely.LineString(
        [(middle.x - 2.5, middle.y + 1.9), (middle.x + 2.5, middle.y - 1.9)]
    )
    cuts = shapely.get_coordinates(shapely.intersection(across, land.boundary)).tolist()
    ends = [max(cuts), min(cuts)] if cuts else [[middle.x, middle.y]]
    return [_spot(lon, lat) for lon, lat in ends]


def _spot(lon: float, lat: float) -> list[float]:
    return [round(lat, 3), round(lon, 3)]
