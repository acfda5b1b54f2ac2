"""Styles that QGIS applies of itself when a layer is opened."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from okhotsk.colours import INK, WHITE, channels
from okhotsk.export.fields import Field
from okhotsk.style import Look, Swatch

VERSION = "3.22.0"  # the first long-term release that reads properties as Option elements
MM_PER_PT = 0.3528
MM_PER_PX = 25.4 / 96
NOTHING = "0,0,0,0"
SYMBOLS = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}


def style_qml(fields: Mapping[str, Field], look: Look | None = None) -> str:
    """Return the style of a layer or table as a QML document: titles of columns, look, labels."""
    drawn = "Symbology|Labeling|" if look else ""
    root = Element("qgis", version=VERSION, styleCategories=f"{drawn}Fields")
    style_parts(root, fields, look)
    return qml_text(root)


def style_parts(root: Element, fields: Mapping[str, Field], look: Look | None) -> None:
    """Add a style to what stands for a layer, in a file of its own or in a project."""
    if look:
        root.set("labelsEnabled", str(int(look.labels is not None)))
        _renderer(root, look)
        if look.labels:
            _labels(root, look.labels)
    _aliases(root, fields)


def qml_text(root: Element) -> str:
    """Return a style or a project as QGIS keeps it."""
    ElementTree.indent(root, " ")
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ElementTree.tostring(root, encoding="unicode")


def _aliases(root: Element, fields: Mapping[str, Field]) -> None:
    """Titles above the columns of tables and forms; the first column is QGIS's own number."""
    made = SubElement(root, "aliases")
    for number, (name, field) in enumerate(fields.items(), 1):
        SubElement(made, "alias", index=str(number), field=name, name=field.title)


def _renderer(root: Element, look: Look) -> None:
    kind = "categorizedSymbol" if look.column else "singleSymbol"
    made = SubElement(
        root, "renderer-v2", type=kind, symbollevels="0", forceraster="0", enableorderby="0"
    )
    if look.column:
        made.set("attr", look.column)
        _categories(made, look)
    symbols = SubElement(made, "symbols")
    for number, swatch in enumerate(look.swatches.values()):
        _symbol(symbols, str(number), look.kind, swatch)


def _categories(renderer: Element, look: Look) -> None:
    categories = SubElement(renderer, "categories")
    for number, (value, swatch) in enumerate(look.swatches.items()):
        SubElement(
            categories,
            "category",
            symbol=str(number),
            value=value,
            type="string",
            label=swatch.label,
            render="true",
        )


def _symbol(symbols: Element, name: str, kind: str, swatch: Swatch) -> None:
    symbol = SubElement(
        symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    drawn = {"class": SYMBOLS[kind], "enabled": "1", "pass": "0", "locked": "0"}
    options = SubElement(SubElement(symbol, "layer", drawn), "Option", type="Map")
    for key, text in _properties(kind, swatch).items():
        SubElement(options, "Option", name=key, type="QString", value=text)


def _properties(kind: str, swatch: Swatch) -> Mapping[str, str]:
    """Properties of a symbol layer, by the names QGIS gives them."""
    style = "no" if swatch.line is None else ("dash" if swatch.dashed else "solid")
    width_mm = f"{swatch.width_pt * MM_PER_PT:.2f}"
    line = _rgba(swatch.line, 1)
    if kind == "line":
        return {
            "line_color": line,
            "line_style": style,
            "line_width": width_mm,
            "line_width_unit": "MM",
            "capstyle": "round" if swatch.dashed else "flat",
            "joinstyle": "round",
            **_dashes(swatch),
        }
    outline = {"outline_color": line, "outline_style": style, "outline_width_unit": "MM"}
    fill = _rgba(swatch.fill, swatch.opacity)
    if kind == "marker":
        return outline | {
            "color": fill,
            "name": "circle",
            "size": width_mm,
            "size_unit": "MM",
            "outline_width": "0.2",
        }
    filled = "no" if swatch.fill is None else "solid"
    return outline | {
        "color": fill,
        "style": filled,
        "outline_width": width_mm,
        "joinstyle": "round",
    }


def _dashes(swatch: Swatch) -> Mapping[str, str]:
    """Dashes as long as on the pages, so that two lines of one colour differ here too."""
    if not (swatch.dashed and swatch.screen.dash):
        return {}
    lengths = [float(part) * MM_PER_PX for part in swatch.screen.dash.split()]
    return {
        "use_custom_dash": "1",
        "customdash": ";".join(f"{length:.2f}" for length in lengths),
        "customdash_unit": "MM",
    }


def _rgba(colour: str | None, opacity: float) -> str:
    if colour is None:
        return NOTHING
    red, green, blue = channels(colour)
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _labels(root: Element, column: str) -> None:
    """Names beside the points, with a pale edge, left out where they would collide."""
    settings = SubElement(
        SubElement(root, "labeling", type="simple"), "settings", calloutType="simple"
    )
    text = SubElement(
        settings,
        "text-style",
        fieldName=column,
        isExpression="0",
        fontSize="8",
        fontSizeUnit="Point",
        textColor=_rgba(INK, 1),
        textOpacity="1",
    )
    SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_rgba(WHITE, 1),
        bufferOpacity="1",
    )
    SubElement(settings, "placement", placement="6", dist="1", distUnits="MM")
    SubElement(settings, "rendering", displayAll="0", drawLabels="1", obstacle="1")
