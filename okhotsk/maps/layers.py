"""The layers of a map, one function each, from the parts of an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import folium
import shapely

from okhotsk import style as palette
from okhotsk.assessment.record import Result
from okhotsk.maps.images import SHOWN, WIDTH_PX, data_uri, seabed_image
from okhotsk.maps.offline import FeaturePopup, FeatureTooltip, Hatch, escape
from okhotsk.maps.popups import island_popup, route_popup, strait_popup, zone_tooltip
from okhotsk.maps.widgets.attribution import short_attribution
from okhotsk.measures.exposure import Route
from okhotsk.raster import geodesy

DECIMALS = 3
PARTS = {"": "", "-south": "southern part", "-north": "northern part"}
SMALLEST_DEG2 = 2e-5  # islets below about 0.15 km2 that no option moves are left off the map
CORES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "dots": {"color": "#fff", "weight": 3, "dashArray": "0.1 6", "className": "okhotsk-core"},
        "line": {"color": "#fff", "weight": 2.5, "lineCap": "butt", "className": "okhotsk-core"},
    }
)


def _feature(shape: Any, **properties: Any) -> dict[str, Any]:
    geometry = shapely.geometry.mapping(shapely.set_precision(shape, 10.0**-DECIMALS))
    return {"type": "Feature", "properties": properties, "geometry": _short(geometry)}


def _short(value: Any) -> Any:
    """Coordinates without the noise of binary fractions."""
    if isinstance(value, Mapping):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def _geojson(features: Iterable[dict[str, Any]], name: str, **options: Any) -> folium.GeoJson:
    def style(feature: dict[str, Any]) -> dict[str, Any]:
        return dict(feature["properties"]["style"])

    collection = {"type": "FeatureCollection", "features": list(features)}
    return folium.GeoJson(collection, name=name, style_function=style, **options)


def _shown(shape: Any, tolerance: float) -> Any:
    inside = shapely.intersection(shape, shapely.box(*SHOWN))
    return shapely.make_valid(shapely.simplify(inside, tolerance))


def seabed_layer(result: Result, *, show: bool = True) -> folium.raster_layers.ImageOverlay:
    """Depths of the sea as a picture."""
    theatre = result.theatre
    image = seabed_image(theatre.seabed.depth_m, theatre.grid, SHOWN, WIDTH_PX)
    west, south, east, north = SHOWN
    return folium.raster_layers.ImageOverlay(
        data_uri(image),
        [[south, west], [north, east]],
        name="Seabed",
        zindex=1,
        mercator_project=False,
        attribution=short_attribution(result),
        show=show,
    )


def zone_layer(result: Result, zone: str, name: str, *, show: bool, **style: Any) -> folium.GeoJson:
    """One maritime zone."""
    row = result.zones.set_index("zone").loc[zone]
    shape = _shown(row.geometry, 0.008)
    tip = zone_tooltip(row["name"], row.area_km2)
    # The limit is drawn apart from the fill, so that the edge of the map is not drawn as one.
    frame = shapely.box(*SHOWN).boundary.buffer(0.02)
    limit = shapely.difference(shape.boundary, frame)
    features = [
        _feature(shape, style={**style, "stroke": False}, tip=tip),
        _feature(limit, style={**style, "fill": False}, tip=tip),
    ]
    layer = _geojson(features, name, show=show)
    FeatureTooltip("tip").add_to(layer)
    return layer


def land_layer(
    result: Result, hatches: Mapping[str, Hatch], *, opacity: float = 1.0
) -> folium.GeoJson:
    """Land by holder; islands open a popup. ``opacity`` is that of land that is not ceded."""
    islands = result.theatre.islands.set_index("island_id")
    features = []
    for row in result.land.itertuples():
        holders = {"sovereign": row.sovereign, "forces": row.forces}
        named = row.unit_id in islands.index
        large = [p for p in row.geometry.geoms if named or p.area > SMALLEST_DEG2]
        shape = _shown(shapely.MultiPolygon(large), 0.0015 if named else 0.006)
        properties: dict[str, Any] = {"style": _land_style(row, hatches, opacity)}
        if named:
            island, part = islands.loc[row.unit_id], PARTS[row.part_id.removeprefix(row.unit_id)]
            properties["label"] = ", ".join(filter(None, [island["name"], part]))
            properties["html"] = island_popup(
                island, holders, part=part, part_km2=geodesy.area_km2(row.geometry)
            )
        features.append(_feature(shape, **properties))
    layer = _geojson(features, "Land", smooth_factor=0.3)
    FeaturePopup("html", label="label").add_to(layer)
    return layer


def _land_style(row: Any, hatches: Mapping[str, Hatch], opacity: float) -> dict[str, Any]:
    style: dict[str, Any] = {
        "color": palette.COAST,
        "weight": 0.6,
        "fillOpacity": opacity,
        "fillColor": palette.LAND,
    }
    if row.ceded:
        fill = palette.JAPAN if row.forces == "JP" else hatches[row.forces].fill
        style |= {"fillColor": fill, "fillOpacity": 1, "color": palette.JAPAN, "weight": 1}
    return style


def strait_layer(result: Result) -> folium.GeoJson:
    """Throats in the colour of their regime, thick where they are exits."""
    names = result.theatre.islands.set_index("island_id")["name"].to_dict()
    names |= {"hokkaido": "Hokkaido", "sakhalin": "Sakhalin", "mainland": "mainland"}
    features: list[dict[str, Any]] = []
    rows = zip(
        result.theatre.throats, result.straits.to_dict("records"), result.sections, strict=True
    )
    for throat, row, section in rows:
        style: dict[str, Any] = {
            "color": palette.REGIME[row["regime"]],
            "weight": 8 if row["exit"] else 3,
        }
        style |= {"opacity": 1 if row["exit"] else 0.75, "lineCap": "butt"}
        html = strait_popup(row, throat, names, section)
        features.append(
            _feature(
                throat.line,
                style=style,
                html=html,
                label=row["name"],
                tip=escape(row["name"]),
                id=row["strait_id"],
            )
        )
        if row["exit"] and row["regime"] in palette.CORE_OF:
            core = CORES[palette.CORE_OF[row["regime"]]]
            features.append(_feature(throat.line, style=core, id=row["strait_id"], core=True))
    layer = _geojson(features, "Straits by regime")
    FeaturePopup("html", label="label").add_to(layer)
    FeatureTooltip("tip").add_to(layer)
    return layer


def line_layer(shape: Any, name: str, text: str, *, show: bool, **style: Any) -> folium.GeoJson:
    """A seal line with its tooltip."""
    style = {"lineCap": "round", "opacity": 1, **style}
    layer = _geojson([_feature(shape.simplify(0.004), style=style, tip=text)], name, show=show)
    FeatureTooltip("tip").add_to(layer)
    return layer


def route_layer(route: Route, name: str, *, range_km: float, **style: Any) -> folium.GeoJson:
    """A way of least exposure; a click opens its profile."""
    style = {"opacity": 0.9, **{key: value for key, value in style.items() if value}}
    html = route_popup(route, name, range_km)
    tip = f"{escape(name)}: exposure {route.exposure:.2f}"
    shape = route.line.simplify(0.004)
    features = (
        [] if shape.is_empty else [_feature(shape, style=style, html=html, tip=tip, label=name)]
    )
    layer = _geojson(features, name, show=False)
    FeaturePopup("html", label="label").add_to(layer)
    FeatureTooltip("tip").add_to(layer)
    return layer


def water_layer(shape: Any, name: str, text: str, *, show: bool, **style: Any) -> folium.GeoJson:
    """An area of water with its tooltip."""
    smooth = _shown(shape, 0.01)
    layer = _geojson([_feature(smooth, style=style, tip=escape(text))], name, show=show)
    FeatureTooltip("tip").add_to(layer)
    return layer
