"""Names on the map that never lie on each other."""

from __future__ import annotations

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


def add_names(fmap: folium.Map, theatre: Theatre) -> folium.FeatureGroup:
    """Add the names of seas, lands and islands to a map, the most important first."""
    group = folium.FeatureGroup(name="Names")
    zooms = []
    for name, lon, lat, kind in PLACES:
        _mark(name, lon, lat, kind, middle=True).add_to(group)
        zooms.append(0.0)
    for row in theatre.islands.sort_values("area_km2", ascending=False).itertuples():
        _mark(row.name, *_shore(row.geometry), "island", middle=False).add_to(group)
        zooms.append(next(zoom for least, zoom in ZOOMS if row.area_km2 >= least))
    group.add_to(fmap)
    Labels(group, zooms).add_to(fmap)
    return group


def _shore(land: Any) -> tuple[float, float]:
    """The shore of an island across the chain, south-east of its middle, where the ocean is."""
    middle = land.centroid
    ray = shapely.LineString([(middle.x, middle.y), (middle.x + 2.5, middle.y - 1.9)])
    points = shapely.get_coordinates(shapely.intersection(ray, land.boundary))
    lon, lat = max(points.tolist(), default=[middle.x, middle.y])
    return lon, lat


def _mark(name: str, lon: float, lat: float, kind: str, *, middle: bool) -> folium.Marker:
    place = "ok-middle" if middle else "ok-beside"
    icon = folium.DivIcon(
        icon_size=(0, 0),
        icon_anchor=(0, 0),
        class_name="okhotsk-name",
        html=assets.render("place.html.j2", kind=kind, place=place, name=name),
    )
    return folium.Marker([lat, lon], icon=icon, interactive=False, keyboard=False)
