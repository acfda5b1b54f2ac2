"""A scenario as KML 2.2, for globes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import geopandas as gpd
import shapely

from okhotsk import tables
from okhotsk.colours import channels
from okhotsk.export.fields import fields_of
from okhotsk.export.layers import Bundle, Layer
from okhotsk.style import LOOKS, Look, Swatch

SPACE = "http://www.opengis.net/kml/2.2"
SHOWN = frozenset({"zones", "refuge", "land", "seal_lines", "straits"})  # the rest at a click
PX_PER_PT = 4 / 3
# Types of KML by the kind of a column's numbers; the rest are texts.
TYPES: Mapping[str, str] = MappingProxyType({"f": "double", "i": "int", "b": "bool"})


def kml_text(bundle: Bundle) -> str:
    """Return all layers as folders of one document (OGC 07-147r2).

    Figures stand with every placemark as the tables round them, so that a click shows them; a
    schema for every layer says which are numbers, and what they are called in words.
    """
    root = Element("kml", xmlns=SPACE)
    document = SubElement(root, "Document")
    SubElement(document, "name").text = bundle.title
    SubElement(document, "description").text = "\n".join(
        f"{name}: {text}" for name, text in bundle.about.items() if text
    )
    for layer in bundle.layers:
        for value, swatch in LOOKS[layer.name].swatches.items():
            document.append(_style(_style_id(layer.name, value), LOOKS[layer.name], swatch))
    for layer in bundle.layers:
        document.append(_schema(layer))
    for layer in reversed(bundle.layers):
        document.append(_folder(layer, LOOKS[layer.name]))
    ElementTree.indent(root, " ")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def _style_id(layer: str, value: str) -> str:
    return "-".join(filter(None, [layer, *value.replace(",", "").split()]))


def _style(name: str, look: Look, swatch: Swatch) -> Element:
    style = Element("Style", id=name)
    if look.kind == "marker":
        SubElement(SubElement(style, "IconStyle"), "scale").text = "0.5"
        return style
    line = SubElement(style, "LineStyle")
    SubElement(line, "color").text = _aabbggrr(swatch.line or swatch.fill, 1)
    SubElement(line, "width").text = f"{swatch.width_pt * PX_PER_PT:.1f}"
    if look.kind == "fill":
        fill = SubElement(style, "PolyStyle")
        SubElement(fill, "color").text = _aabbggrr(swatch.fill, swatch.opacity)
        SubElement(fill, "fill").text = str(int(swatch.fill is not None))
        SubElement(fill, "outline").text = str(int(swatch.line is not None))
    return style


def _aabbggrr(colour: str | None, opacity: float) -> str:
    """A colour as KML spells it; what is not drawn is clear."""
    if colour is None:
        return "00000000"
    red, green, blue = channels(colour)
    return f"{round(255 * opacity):02x}{blue:02x}{green:02x}{red:02x}"


def _schema_id(layer: Layer) -> str:
    return f"{layer.name}-columns"


def _schema(layer: Layer) -> Element:
    schema = Element("Schema", name=layer.name, id=_schema_id(layer))
    for name, field in fields_of(layer.frame).items():
        kind = TYPES.get(layer.frame[name].dtype.kind, "string")
        made = SubElement(schema, "SimpleField", type=kind, name=name)
        SubElement(made, "displayName").text = field.title
    return schema


def _folder(layer: Layer, look: Look) -> Element:
    folder = Element("Folder")
    SubElement(folder, "name").text = layer.title
    SubElement(folder, "visibility").text = str(int(layer.name in SHOWN))
    SubElement(folder, "description").text = layer.note
    frame = gpd.GeoDataFrame(layer.frame)
    shapes = shapely.orient_polygons(frame.geometry.to_numpy())
    for shape, record in zip(shapes, tables.records(frame), strict=True):
        folder.append(_placemark(layer, look, shape, record))
    return folder


def _placemark(layer: Layer, look: Look, shape: Any, record: Mapping[str, Any]) -> Element:
    value = str(record[look.column]) if look.column else ""
    mark = Element("Placemark")
    SubElement(mark, "name").text = str(record.get("name") or look.of(value).label)
    SubElement(mark, "visibility").text = str(int(layer.name in SHOWN))
    SubElement(mark, "styleUrl").text = f"#{_style_id(layer.name, value)}"
    _data(mark, layer, record)
    mark.append(_geometry(shape))
    return mark


def _data(mark: Element, layer: Layer, record: Mapping[str, Any]) -> None:
    address = {"schemaUrl": f"#{_schema_id(layer)}"}
    data = SubElement(SubElement(mark, "ExtendedData"), "SchemaData", address)
    for name, value in record.items():
        if value is not None:
            text = str(int(value)) if isinstance(value, bool) else str(value)
            SubElement(data, "SimpleData", name=name).text = text


def _geometry(shape: Any) -> Element:
    """A geometry as KML; parts of one kind in a MultiGeometry."""
    if hasattr(shape, "geoms"):
        whole = Element("MultiGeometry")
        whole.extend(_geometry(part) for part in shape.geoms)
        return whole
    made = Element(shape.geom_type)
    if shape.geom_type != "Point":
        SubElement(made, "tessellate").text = "1"
    if shape.geom_type == "Polygon":
        _rings(made, shape)
    else:
        SubElement(made, "coordinates").text = _coordinates(shape)
    return made


def _rings(polygon: Element, shape: Any) -> None:
    rings = [("outerBoundaryIs", shape.exterior)]
    rings += [("innerBoundaryIs", ring) for ring in shape.interiors]
    for side, ring in rings:
        linear = SubElement(SubElement(polygon, side), "LinearRing")
        SubElement(linear, "coordinates").text = _coordinates(ring)


def _coordinates(shape: Any) -> str:
    return " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in shapely.get_coordinates(shape).tolist())
