"""A scenario as one GeoJSON text (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import shapely

from okhotsk import tables
from okhotsk.export.layers import Bundle, Layer
from okhotsk.style import LOOKS, Look, Swatch

PX_PER_PT = 4 / 3
DECIMALS = 6  # a tenth of a metre


def geojson_text(bundle: Bundle) -> str:
    """Return all layers as one feature collection.

    Every feature has its layer in ``properties.layer``, figures as the tables round them, and how
    it is drawn as `simplestyle <https://github.com/mapbox/simplestyle-spec>`_ 1.1 names it. Rings
    follow the right-hand rule; longitudes and latitudes are WGS 84, so no CRS is named. The other
    members of the collection say what the scenario is and what it was computed from.
    """
    features = [feature for layer in bundle.layers for feature in _features(layer)]
    collection = {
        "type": "FeatureCollection",
        "name": bundle.scenario_id,
        "title": bundle.title,
        "about": dict(bundle.about),
        "tables": {table.name: tables.records(table.frame) for table in bundle.tables[1:]},
        "bbox": _hull([feature["bbox"] for feature in features]),
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"


def _features(layer: Layer) -> list[dict[str, Any]]:
    frame = gpd.GeoDataFrame(layer.frame)
    shapes = shapely.orient_polygons(
        shapely.set_precision(frame.geometry.to_numpy(), 10.0**-DECIMALS)
    )
    return [
        {
            "type": "Feature",
            "id": f"{layer.name}/{number}",
            "bbox": [round(float(edge), DECIMALS) for edge in shapely.bounds(shape)],
            "properties": {"layer": layer.name, **record, **_drawn(LOOKS[layer.name], record)},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for number, (shape, record) in enumerate(zip(shapes, tables.records(frame), strict=True), 1)
    ]


def _drawn(look: Look, record: Mapping[str, Any]) -> dict[str, Any]:
    """How a feature is drawn, for programs that read styles from properties."""
    swatch = look.of(record[look.column] if look.column else "")
    if look.kind == "marker":
        return {"marker-color": swatch.fill, "marker-size": "small"}
    line = _stroke(swatch)
    if look.kind == "line":
        return line
    fill = {"fill": swatch.fill or swatch.colour, "fill-opacity": swatch.opacity}
    return line | fill | ({} if swatch.fill else {"fill-opacity": 0})


def _stroke(swatch: Swatch) -> dict[str, Any]:
    return {"stroke": swatch.colour, "stroke-width": round(swatch.width_pt * PX_PER_PT, 1)}


def _hull(boxes: list[list[float]]) -> list[float]:
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]
