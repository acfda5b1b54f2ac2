"""Names on the map that never lie on each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import folium
import shapely

from okhotsk.html import to_js
from okhotsk.maps import assets
from okhotsk.maps.widgets.base import Widget
from okhotsk.theatre.model import Theatre

# Seas and lands by hand, where nothing is drawn: name, longitude, latitude, kind.
PLACES = (
    ("Sea of Okhotsk", 149.0, 53.6, "sea"),
    ("Pacific Ocean", 158.5, 46.2, "sea"),
    ("Sea of Japan", 138.2, 44.6, "sea"),
    ("Sakhalin", 143.0, 51.2, "land"),
    ("Hokkaido", 142.6, 43.4, "land"),
    ("Kamchatka", 158.3, 54.8, "land"),
)
# Islands of at least so many square kilometres are named from a zoom on.
ZOOMS = ((1000.0, 4.0), (100.0, 6.0), (20.0, 7.0), (0.0, 8.0))
# Straits that every option turns on are named always, the others from a zoom on.
ALWAYS, STRAIT_ZOOM = ("bussol", "friza", "yekaterina", "la-perouse"), 7.0
# Where a name stands to its point: on it, on the ocean's side, above a line; else the sea's.
PLACED: Mapping[str, str] = MappingProxyType(
    {
        "sea": "ok-middle",
        "land": "ok-middle",
        "island": "ok-beside",
        "length": "ok-along",
        "before": "ok-along",
    }
)


@dataclass(frozen=True)
class Name:
    """A text at a point of the map, and from which zoom on.

    ``kind`` is its style: ``sea``, ``land``, ``island``, ``strait``, ``length`` or ``before``;
    ``rising`` says that the line it stands beside rises to the east.
    """

    text: str
    lon: float
    lat: float
    kind: str
    zoom: float = 0.0
    rising: bool = False


class Labels(Widget):
    """Keep the names of a group apart: of two that would touch, the later one is hidden."""

    assets = (*Widget.assets, "okhotsk/labels.js")
    last = True

    def __init__(self, group: folium.FeatureGroup, zooms: list[float]) -> None:
        super().__init__()
        self.group, self.zooms = group, zooms

    def script(self) -> str:
        """Return the JavaScript statement that places the names."""
        return f"okhotsk.labels({self.parent_name}, {self.group.get_name()}, {to_js(self.zooms)});"


def add_names(
    fmap: folium.Map, theatre: Theatre, lengths: Iterable[Name] = ()
) -> folium.FeatureGroup:
    """Add the names of straits, seas, lands and islands to a map, the most important first.

    ``lengths`` are those of lines; they come after the straits that are always named.
    """
    straits = list(strait_names(theatre))
    names = [
        *(name for name in straits if not name.zoom),
        *lengths,
        *(Name(text, lon, lat, kind) for text, lon, lat, kind in PLACES),
        *_islands(theatre),
        *(name for name in straits if name.zoom),
    ]
    group = folium.FeatureGroup(name="Names")
    for name in names:
        _mark(name).add_to(group)
    group.add_to(fmap)
    Labels(group, [name.zoom for name in names]).add_to(fmap)
    return group


def strait_names(theatre: Theatre) -> Iterable[Name]:
    """Return the names of straits by the middle of the throat."""
    for throat in theatre.throats:
        strait, middle = throat.strait, throat.line.interpolate(0.5, normalized=True)
        zoom = 0.0 if strait.strait_id in ALWAYS else STRAIT_ZOOM
        yield Name(strait.name.split(" (")[0], middle.x, middle.y, "strait", zoom)


def _islands(theatre: Theatre) -> Iterable[Name]:
    for row in theatre.islands.sort_values("area_km2", ascending=False).itertuples():
        zoom = next(zoom for least, zoom in ZOOMS if row.area_km2 >= least)
        yield Name(row.name, *_shore(row.geometry), "island", zoom)


def _shore(land: Any) -> tuple[float, float]:
    """The shore of an island across the chain, south-east of its middle, where the ocean is."""
    middle = land.centroid
    ray = shapely.LineString([(middle.x, middle.y), (middle.x + 2.5, middle.y - 1.9)])
    points = shapely.get_coordinates(shapely.intersection(ray, land.boundary))
    lon, lat = max(points.tolist(), default=[middle.x, middle.y])
    return lon, lat


def _mark(name: Name) -> folium.Marker:
    place = PLACED.get(name.kind, "ok-before") + (" ok-rising" if name.rising else "")
    icon = folium.DivIcon(
        icon_size=(0, 0),
        icon_anchor=(0, 0),
        class_name="okhotsk-name",
        html=assets.render("place.html.j2", kind=name.kind, place=place, name=name.text),
    )
    return folium.Marker([name.lat, name.lon], icon=icon, interactive=False, keyboard=False)
