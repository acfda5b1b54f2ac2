"""The layers of a map, one function each, from the parts of an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import folium
import shapely

from okhotsk.assessment.intervals import definition
from okhotsk.assessment.record import Result
from okhotsk.colours import CORE_OF
from okhotsk.html import escape
from okhotsk.maps.base_map import BaseMap, land_geojson
from okhotsk.maps.geometry import feature, geojson, shown
from okhotsk.maps.images import SHOWN
from okhotsk.maps.popups import island_popup, route_popup, strait_popup, zone_tooltip
from okhotsk.maps.widgets.attribution import short_attribution
from okhotsk.maps.widgets.base import FeaturePopup, FeatureTooltip, Hatch, WrittenOnce
from okhotsk.measures.exposure import Route
from okhotsk.raster import geodesy
from okhotsk.scenario.model import SIDES
from okhotsk.style import CASING_PX, CORES, LOOKS, Swatch, land_status

PARTS = {"": ""} | {f"-{side}": f"{side}ern part" for side in SIDES}
NOT_EXIT: Mapping[str, Any] = MappingProxyType({"weight": 3, "opacity": 0.75})
# Panes above that of areas and other lines (400): straits answer to the pointer wherever they are,
# and the seal lines, which run along them, are seen on them but answer below.
STRAITS_PANE, LINES_PANE = "okhotsk-straits", "okhotsk-lines"
SENSORS_PANE = "okhotsk-sensors"
PANES: Mapping[str, int] = MappingProxyType({STRAITS_PANE: 420, LINES_PANE: 430, SENSORS_PANE: 435})
LINE_DEG, ZONE_DEG, WATER_DEG = 0.004, 0.008, 0.01  # how much of an outline may be smoothed away
DOT_DEG = 1e-4  # a stroke so short is drawn as its round end


class GeoJsonLayer(folium.GeoJson, WrittenOnce):
    """A GeoJSON layer whose features bring their own styles."""

    def __init__(self, features: Iterable[dict[str, Any]], name: str, **options: Any) -> None:
        collection = {"type": "FeatureCollection", "features": list(features)}
        super().__init__(collection, name=name, style_function=_own_style, **options)


def _own_style(feature: dict[str, Any]) -> dict[str, Any]:
    return dict(feature["properties"]["style"])


def seabed_layer(
    result: Result, picture: str, *, show: bool = True
) -> folium.raster_layers.ImageOverlay:
    """Depths of the sea as a picture."""
    west, south, east, north = SHOWN
    return folium.raster_layers.ImageOverlay(
        picture,
        [[south, west], [north, east]],
        name="Seabed",
        zindex=1,
        mercator_project=False,
        attribution=short_attribution(result),
        show=show,
    )


def zone_layer(result: Result, base: BaseMap, zone: str) -> folium.GeoJson:
    """One maritime zone."""
    look = LOOKS["zones"].of(zone)
    row = result.zones.set_index("zone").loc[zone]
    tip = zone_tooltip(zone, row["name"], row.area_km2)
    style = {
        "opacity": look.screen.opacity,
        "color": look.colour,
        "weight": look.screen.weight_px,
        "fillColor": look.fill,
        "fillOpacity": look.opacity,
    }
    area, limit = base.once(_area_and_limit, row.geometry)
    features = [
        feature(area, style={**style, "stroke": False}, tip=tip),
        feature(limit, style={**style, "fill": False}, tip=tip),
    ]
    layer = GeoJsonLayer(features, look.name, show=look.screen.shown)
    FeatureTooltip("tip").add_to(layer)
    return layer


def _area_and_limit(zone: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A zone, and its limit apart: the edge of the map is not drawn as one."""
    area = shown(zone, ZONE_DEG)
    frame = shapely.box(*SHOWN).boundary.buffer(0.02)
    return geojson(area), geojson(shapely.difference(area.boundary, frame))


def land_layer(
    result: Result, base: BaseMap, hatches: Mapping[str, Hatch], *, opacity: float = 1.0
) -> folium.GeoJson:
    """Land by holder; islands open a popup.

    ``hatches`` are those of ceded land, by its class; ``opacity`` is that of land that is not
    ceded.
    """
    islands = result.theatre.islands.set_index("island_id")
    features = []
    for row in result.land.itertuples():
        island = islands.loc[row.unit_id] if row.unit_id in islands.index else None
        properties = {"style": _land_style(row, hatches, opacity)}
        if island is not None:
            properties |= _island(row, island)
        features.append(feature(_land(row, base, island is not None), **properties))
    layer = GeoJsonLayer(features, "Land", smooth_factor=0.3)
    FeaturePopup("html", label="label").add_to(layer)
    return layer


def _land(row: Any, base: BaseMap, island: bool) -> dict[str, Any]:
    if row.part_id == row.unit_id:
        return base.land[row.unit_id]
    return base.once(lambda half: land_geojson(half, island=island), row.geometry)


def _land_style(row: Any, hatches: Mapping[str, Hatch], opacity: float) -> dict[str, Any]:
    status = land_status(row.forces, row.sovereign, row.ceded)
    look = LOOKS["land"].of(status)
    return {
        "color": look.line,
        "weight": look.screen.weight_px,
        "fillOpacity": 1 if row.ceded else opacity,
        "fillColor": hatches[status].fill if status in hatches else look.fill,
    }


def _island(row: Any, island: Any) -> dict[str, Any]:
    """Name and popup of an island, or of a part of it."""
    part = PARTS[row.part_id.removeprefix(row.unit_id)]
    holders = {"sovereign": row.sovereign, "forces": row.forces}
    part_km2 = geodesy.area_km2(row.geometry) if part else 0.0
    return {
        "label": ", ".join(filter(None, [island["name"], part])),
        "html": island_popup(island, holders, part=part, part_km2=part_km2),
    }


def strait_layer(result: Result) -> folium.GeoJson:
    """Throats in the colour of their regime, thick where they are exits."""
    names = result.theatre.islands.set_index("island_id")["name"].to_dict()
    names |= {"hokkaido": "Hokkaido", "sakhalin": "Sakhalin", "mainland": "mainland"}
    features: list[dict[str, Any]] = []
    spread = definition(result.theatre)
    rows = result.straits.to_dict("records")
    found = zip(result.theatre.throats, rows, result.sections, strict=True)
    # Exits last, the shortest of all above the rest: a neighbour would hide it.
    order = sorted(found, key=lambda one: (bool(one[1]["exit"]), -one[0].line.length))
    for throat, row, section in order:
        line = geojson(throat.line)
        html = strait_popup(row, throat, names, section, spread=spread)
        told = {"html": html, "label": row["name"], "tip": escape(row["name"])}
        features.append(feature(line, style=_strait_style(row), **told, id=row["strait_id"]))
        if row["exit"] and row["regime"] in CORE_OF:
            core = _core_style(CORE_OF[row["regime"]])
            features.append(feature(line, style=core, id=row["strait_id"], core=True))
    layer = GeoJsonLayer(features, "Straits by regime")
    FeaturePopup("html", label="label").add_to(layer)
    FeatureTooltip("tip").add_to(layer)
    return layer


def _strait_style(row: Mapping[str, Any]) -> dict[str, Any]:
    look = LOOKS["straits"].of(row["regime"])
    drawn = {"weight": look.screen.weight_px, "opacity": 1} if row["exit"] else NOT_EXIT
    return {"color": look.colour, "lineCap": "butt", "pane": STRAITS_PANE, **drawn}


def _core_style(core: str) -> dict[str, Any]:
    look = CORES[core]
    dashes = {"dashArray": look.dash} if look.dash else {"lineCap": "butt"}
    style = {"color": look.colour, "weight": look.weight_px, **dashes}
    return style | {"className": "okhotsk-core", "pane": STRAITS_PANE, "interactive": False}


def line_layer(shape: Any, look: Swatch, text: str) -> folium.GeoJson:
    """A seal line or a passage with its tooltip."""
    style, line = {"lineCap": "round", **_line_style(look)}, geojson(shape.simplify(LINE_DEG))
    drawn = [feature(line, style=style, tip=text)]
    if look.screen.cased:
        over = {"pane": LINES_PANE, "interactive": False}
        drawn = [
            feature(line, style=_casing(look), tip=text),
            feature(line, style=style | over, line=True),
        ]
    layer = GeoJsonLayer(drawn, look.name, show=look.screen.shown)
    FeatureTooltip("tip").add_to(layer)
    return layer


def _casing(look: Swatch) -> dict[str, Any]:
    return {"color": "#fff", "weight": look.screen.weight_px + CASING_PX, "lineCap": "butt"}


def route_layer(route: Route, look: Swatch, *, range_km: float) -> folium.GeoJson:
    """A route of least exposure; a click opens its profile."""
    html = route_popup(route, look.name, range_km)
    tip = f"{escape(look.name)}: exposure {route.exposure:.2f}"
    shape = route.line.simplify(LINE_DEG)
    told = {"html": html, "tip": tip, "label": look.name}
    drawn = [] if shape.is_empty else [feature(geojson(shape), style=_line_style(look), **told)]
    layer = GeoJsonLayer(drawn, look.name, show=False)
    FeaturePopup("html", label="label").add_to(layer)
    FeatureTooltip("tip").add_to(layer)
    return layer


def sensor_layer(sites: shapely.MultiPoint, look: Swatch, text: str) -> folium.GeoJson:
    """Sensors as dots: strokes so short that their round ends are all of them."""
    dots = [[list(p.coords[0]), [p.x + DOT_DEG, p.y]] for p in sites.geoms]
    shape = {"type": "MultiLineString", "coordinates": dots}
    round_end = {"lineCap": "round", "pane": SENSORS_PANE}
    dot = {"color": look.colour, "weight": look.screen.weight_px}
    drawn = [
        feature(shape, style=_casing(look) | round_end, tip=text),
        feature(shape, style=dot | round_end, tip=text),
    ]
    layer = GeoJsonLayer(drawn, look.name, show=False)
    FeatureTooltip("tip").add_to(layer)
    return layer


def _line_style(look: Swatch) -> dict[str, Any]:
    dashes = {"dashArray": look.screen.dash} if look.screen.dash else {}
    drawn = {"color": look.colour, "weight": look.screen.weight_px, "opacity": look.screen.opacity}
    return drawn | dashes


def water_layer(shape: Any, base: BaseMap, look: Swatch, text: str) -> folium.GeoJson:
    """An area of water with its tooltip."""
    fill = {"fillColor": look.fill} if look.fill else {}
    dashes = {"dashArray": look.screen.dash} if look.screen.dash else {}
    style = {
        "color": look.colour,
        "weight": look.screen.weight_px,
        "fillOpacity": look.opacity if look.fill else 0,
        **fill,
        **dashes,
    }
    drawn = feature(base.geojson(shape, WATER_DEG), style=style, tip=escape(text))
    layer = GeoJsonLayer([drawn], look.name, show=look.screen.shown)
    FeatureTooltip("tip").add_to(layer)
    return layer
