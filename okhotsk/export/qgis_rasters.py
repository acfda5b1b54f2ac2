"""Styles that QGIS applies of itself to a grid: a file of the same name beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from okhotsk.export.qgis import VERSION, qml_text

Colour = tuple[int, int, int]


def classes_qml(band: int, classes: Mapping[int, tuple[Colour, str]]) -> str:
    """Return a style that draws the values of a band in their colours, under their names."""
    root, renderer = _renderer("paletted", band)
    palette = SubElement(renderer, "colorPalette")
    for value, (colour, label) in classes.items():
        SubElement(
            palette,
            "paletteEntry",
            value=str(value),
            color=_hex(colour),
            alpha="255",
            label=label,
        )
    return qml_text(root)


def ramp_qml(band: int, stops: Sequence[tuple[float, Colour]], unit: str) -> str:
    """Return a style that draws a band in colours, linear between stops, the last one beyond."""
    root, renderer = _renderer("singlebandpseudocolor", band)
    least, most = f"{stops[0][0]:g}", f"{stops[-1][0]:g}"
    renderer.set("classificationMin", least)
    renderer.set("classificationMax", most)
    shader = SubElement(
        SubElement(renderer, "rastershader"),
        "colorrampshader",
        colorRampType="INTERPOLATED",
        classificationMode="1",
        clip="0",
        minimumValue=least,
        maximumValue=most,
    )
    for value, colour in stops:
        more = " and more" if f"{value:g}" == most else ""
        label = f"{value:g} {unit}{more}"
        SubElement(shader, "item", value=f"{value:g}", color=_hex(colour), alpha="255", label=label)
    # Without these settings the legend is a bar that says no unit.
    SubElement(shader, "rampLegendSettings", useContinuousLegend="0")
    return qml_text(root)


def _renderer(kind: str, band: int) -> tuple[Element, Element]:
    root = Element("qgis", version=VERSION, styleCategories="Symbology")
    pipe = SubElement(root, "pipe")
    drawn = SubElement(
        pipe,
        "rasterrenderer",
        type=kind,
        band=str(band),
        opacity="1",
        alphaBand="-1",
        nodataColor="",
    )
    SubElement(drawn, "rasterTransparency")
    return root, drawn


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
