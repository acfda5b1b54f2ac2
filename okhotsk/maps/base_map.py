"""What every page of one theatre shows, whatever the scenario: made once, and kept on disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.cache import Memo, kept_at, recall
from okhotsk.maps.geometry import geojson, shown
from okhotsk.maps.images import (
    SHOWN,
    THUMBNAIL,
    WIDTH_PX,
    ByteImage,
    data_uri,
    outline_px,
    seabed_image,
)
from okhotsk.maps.widgets.inset import coast_path
from okhotsk.theatre.model import Theatre

T = TypeVar("T")
LEAST_DEG2 = 2e-5  # islets below about 0.15 km2 that no scenario moves are left off the map
ISLAND_DEG, MAINLAND_DEG = 0.0015, 0.006  # how much of a shore may be smoothed away
DRAWN_PX = 3 * 420  # thumbnails are drawn large and shrunk, for smooth edges


@dataclass(frozen=True)
class BaseMap:
    """What the pages of a theatre share.

    Attributes
    ----------
    land
        GeoJSON geometry of every whole unit, by unit id.
    coast
        Coast of the inset, as the path of an SVG.
    seabed
        Picture of the depths, as a data URI.
    small_seabed
        Picture of the depths behind thumbnails; shape (height, width, 3).
    small_land
        Outlines of every unit in pixels of thumbnails, by unit id.
    """

    land: Mapping[str, dict[str, Any]]
    coast: str
    seabed: str
    small_seabed: ByteImage
    small_land: Mapping[str, list[list[list[float]]]]
    _memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    def once(self, make: Callable[[Any], T], shape: Any, *given: Any) -> T:
        """Return ``make(shape)``, or what it returned before for an equal shape.

        Scenarios share most of their waters. ``given`` says what else the answer follows from.
        """
        points = np.frombuffer(shape.wkb, np.uint8)
        return self._memo.get(lambda: make(shape), points, make.__qualname__, *given)

    def geojson(self, shape: Any, tolerance_deg: float) -> dict[str, Any]:
        """A shape as the pages hold it: cut, simplified, rounded."""
        return self.once(lambda s: geojson(shown(s, tolerance_deg)), shape, tolerance_deg)


def find_base_map(theatre: Theatre) -> BaseMap:
    """Return what all pages of a theatre share, from the cache where it was made before."""
    depth_m, lands = theatre.seabed.depth_m, theatre.lands
    known = f"{theatre.grid} {[*lands]} {[*theatre.islands.island_id]}"
    path = kept_at(
        "base-map", __name__, known.encode(), depth_m.data, *(land.wkb for land in lands.values())
    )
    stored = recall(path, lambda: _make(theatre), names=("texts", "small_seabed"))
    texts = json.loads(stored["texts"].tobytes())
    return BaseMap(**texts, small_seabed=stored["small_seabed"])


def land_geojson(land: shapely.MultiPolygon, *, island: bool) -> dict[str, Any]:
    """A piece of land as the pages hold it; islands are finer, and keep their islets."""
    kept = [part for part in land.geoms if island or part.area > LEAST_DEG2]
    return geojson(shown(shapely.MultiPolygon(kept), ISLAND_DEG if island else MAINLAND_DEG))


def _make(theatre: Theatre) -> dict[str, NDArray[Any]]:
    islands = set(theatre.islands.island_id)
    lands = theatre.lands.items()
    picture = seabed_image(theatre.seabed.depth_m, theatre.grid, SHOWN, WIDTH_PX)
    texts = {
        "land": {unit: land_geojson(land, island=unit in islands) for unit, land in lands},
        "coast": coast_path(theatre.lands.values()),
        "seabed": data_uri(picture),
        "small_land": {unit: outline_px(land, THUMBNAIL, DRAWN_PX) for unit, land in lands},
    }
    return {
        "texts": np.frombuffer(json.dumps(texts).encode(), np.uint8),
        "small_seabed": seabed_image(theatre.seabed.depth_m, theatre.grid, THUMBNAIL, DRAWN_PX),
    }
