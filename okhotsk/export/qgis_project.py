"""A project that QGIS finds inside a GeoPackage: its layers in order, under their titles."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import Element, SubElement

import geopandas as gpd
import shapely

from okhotsk.export.fields import fields_of
from okhotsk.export.layers import Bundle, Layer
from okhotsk.export.qgis import VERSION, qml_text, style_parts
from okhotsk.style import LOOKS

# West, south, east, north in degrees: the whole chain, which is what an option is about.
VIEW = (141.0, 42.0, 159.0, 52.5)
# Coordinate systems by what QGIS calls them in its own list: data in degrees, the map as on pages.
DEGREES, MERCATOR = ("EPSG:4326", "3452"), ("EPSG:3857", "3857")
KINDS = {"fill": "Polygon", "line": "Line", "marker": "Point"}
DAY_ZERO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows


def project_archive(bundle: Bundle, file_name: str) -> bytes:
    """Return a project (``.qgz``) over the layers and tables of a GeoPackage of that name.

    Layers are found beside the project, by the name of their file.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(f"{bundle.scenario_id}.qgs", DAY_ZERO)
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, project_text(bundle, file_name).encode())
    return made.getvalue()


def project_text(bundle: Bundle, file_name: str) -> str:
    """Return the same as text (``.qgs``)."""
    root = Element("qgis", version=VERSION, projectname=bundle.title)
    SubElement(root, "title").text = bundle.title
    _crs(SubElement(root, "projectCrs"), MERCATOR)
    # Without this QGIS passes the coordinate system of a project over.
    systems = SubElement(SubElement(root, "properties"), "SpatialRefSys")
    SubElement(systems, "ProjectionsEnabled", type="int").text = "1"
    tree = SubElement(root, "layer-tree-group")
    layers = bundle.layers[::-1]
    for layer in layers:
        _tree_layer(tree, layer, _source(layer, file_name))
    group = SubElement(tree, "layer-tree-group", name="Tables", checked="Qt::Checked", expanded="0")
    for table in bundle.tables:
        _tree_layer(group, table, _source(table, file_name))
    _canvas(root)
    made = SubElement(root, "projectlayers")
    for layer in (*layers, *bundle.tables):
        _map_layer(made, layer, _source(layer, file_name))
    return qml_text(root)


def _source(layer: Layer, file_name: str) -> str:
    return f"./{file_name}|layername={layer.name}"


def _id(layer: Layer) -> str:
    """An id of a layer: QGIS makes up another one where it has less than eleven letters."""
    return f"okhotsk_layer_{layer.name}"


def _tree_layer(tree: Element, layer: Layer, source: str) -> None:
    SubElement(
        tree,
        "layer-tree-layer",
        id=_id(layer),
        name=layer.title,
        source=source,
        providerKey="ogr",
        checked="Qt::Checked",
        expanded="1",
    )


def _map_layer(layers: Element, layer: Layer, source: str) -> None:
    look = LOOKS.get(layer.name)
    spatial = isinstance(layer.frame, gpd.GeoDataFrame)
    made = SubElement(
        layers, "maplayer", type="vector", geometry=KINDS[look.kind] if look else "No geometry"
    )
    for name, text in {
        "id": _id(layer),
        "datasource": source,
        "layername": layer.title,
        "title": layer.title,
        "abstract": layer.note,
    }.items():
        SubElement(made, name).text = text
    SubElement(made, "provider", encoding="UTF-8").text = "ogr"
    if spatial:
        _crs(SubElement(made, "srs"), DEGREES)
    style_parts(made, fields_of(layer.frame), look)


def _canvas(root: Element) -> None:
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    view = gpd.GeoSeries([shapely.box(*VIEW)], crs=DEGREES[0]).to_crs(MERCATOR[0])
    extent = SubElement(canvas, "extent")
    for name, edge in zip(("xmin", "ymin", "xmax", "ymax"), view.total_bounds, strict=True):
        SubElement(extent, name).text = f"{edge:.0f}"
    _crs(SubElement(canvas, "destinationsrs"), MERCATOR)


def _crs(parent: Element, named: tuple[str, str]) -> None:
    system = SubElement(parent, "spatialrefsys")
    for key, text in zip(("authid", "srsid"), named, strict=True):
        SubElement(system, key).text = text
