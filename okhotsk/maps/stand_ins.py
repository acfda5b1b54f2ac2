"""What stands in for elements of folium that would load a script: popups, legends, layer controls.

Folium's own need jQuery, d3 or jQuery UI from public servers. On the copy of a map that is written
as a page, an element of this package says the same without them.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Iterator
from typing import Any

import folium
from branca.colormap import ColorMap
from branca.element import Element, Figure, Html
from folium.utilities import camelize

from okhotsk.maps.widgets.base import LayerPanel, Popup, Tooltip
from okhotsk.maps.widgets.legend import Entry, Legend, Ramp, Section

STEPS = 32  # of a ramp, so many that they look continuous
# The legend of categories that geopandas writes beside the map, and its style and script.
CATEGORIES = re.compile(r"<li><span style='background:(.*?)'></span>(.*?)</li>", re.DOTALL)
CATEGORIES_TITLE = re.compile(r"<div class='legend-title'>(.*?)</div>", re.DOTALL)


def replace_elements(fmap: folium.Map, figure: Figure) -> None:
    """Put elements that load nothing in the place of those of folium and geopandas that would.

    Parameters
    ----------
    fmap, figure
        A map and its figure, which are changed: give a copy.

    Raises
    ------
    ValueError
        For a popup whose content is a page of its own.
    """
    sections = [*_ramps(fmap), *_categories(figure)]
    _name_layers(fmap)
    for element in list(_walk(fmap)):
        if isinstance(element, folium.Popup):
            _put(element, _popup(element))
        elif isinstance(element, folium.Tooltip):
            _put(element, _tooltip(element))
        elif isinstance(element, folium.LayerControl):
            _put(element, None)
            if _one(fmap, LayerPanel) is None:
                fmap.add_child(_panel(fmap))
    if sections:
        legend = _one(fmap, Legend)
        if legend is None:
            fmap.add_child(Legend(sections))
        else:
            legend.sections = (*sections, *legend.sections)


def _walk(element: Element) -> Iterator[Element]:
    for child in list(element._children.values()):
        yield child
        yield from _walk(child)


def _one(fmap: folium.Map, kind: type[Any]) -> Any:
    return next((element for element in _walk(fmap) if isinstance(element, kind)), None)


def _put(old: Element, new: Element | None) -> None:
    """Put an element in the place of another, or nothing."""
    parent = old._parent
    assert parent is not None  # noqa: S101 - it was found below the map
    children = [(key, new if child is old else child) for key, child in parent._children.items()]
    parent._children.clear()
    parent._children.update((key, child) for key, child in children if child is not None)
    if new is not None:
        new._parent = parent


def _popup(popup: folium.Popup) -> Popup:
    content = "".join(_content(part) for part in popup.html._children.values())
    if re.search(r"<(?:iframe|script)\b", content):
        raise ValueError(
            "Popup cannot go into a self-contained page: its content is a page of its own; give "
            "folium.Popup the HTML itself"
        )
    options = {camelize(key): value for key, value in popup.options.items()}
    if isinstance(options.get("maxWidth"), str):
        del options["maxWidth"]  # folium's "100%" is none that Leaflet knows
    return Popup(content, options=options, show=popup.show)


def _content(part: Element) -> str:
    if not isinstance(part, Html):
        return str(part.render())
    text = part.data.replace("\\`", "`")  # folium escaped it for a script
    return text if part.script else html_module.escape(text)


def _tooltip(tooltip: folium.Tooltip) -> Tooltip:
    options = {camelize(key): value for key, value in tooltip.options.items()}
    style = html_module.escape(getattr(tooltip, "style", ""))
    text = f'<div style="{style}">{tooltip.text}</div>' if style else tooltip.text
    return Tooltip(text, options=options)


def _panel(fmap: folium.Map) -> LayerPanel:
    """The list of layers; of the grounds that folium lets choose from, one is shown at a time."""
    layers = [e for e in fmap._children.values() if isinstance(e, folium.map.Layer) and e.control]
    grounds = [layer for layer in layers if not layer.overlay]
    groups = {"Map": grounds} if len(grounds) > 1 else {}
    return LayerPanel(groups, exclusive=groups, title="Layers")


def _ramps(fmap: folium.Map) -> Iterator[Section]:
    """The colour maps of a map as sections of a legend, in the order of the map."""
    for element in list(_walk(fmap)):
        if not isinstance(element, ColorMap):
            continue
        layer = _layer_before(fmap, element)
        if layer is not None and _is_unnamed(layer) and element.caption:
            layer.layer_name = element.caption
        if isinstance(element._parent, folium.Choropleth):
            element._parent.color_scale = None
        _put(element, None)
        yield Section(title=element.caption, items=[_ramp(element)], layer=layer)


def _layer_before(fmap: folium.Map, colours: ColorMap) -> Any:
    """The layer that a colour map explains: geopandas adds it right after."""
    if isinstance(colours._parent, folium.Choropleth):
        return colours._parent
    found = None
    for child in fmap._children.values():
        if child is colours:
            return found
        if isinstance(child, folium.GeoJson):
            found = child
    return None


def _ramp(colours: ColorMap) -> Ramp:
    low, high = float(colours.vmin), float(colours.vmax)
    steps = [low + (high - low) * n / (STEPS - 1) for n in range(STEPS)]
    shares = (0.0, 0.5, 1.0) if high > low else (0.0,)
    ticks = [(share, f"{low + (high - low) * share:,.4g}") for share in shares]
    return Ramp(colours=[colours.rgb_hex_str(value) for value in steps], ticks=ticks)


def _categories(figure: Figure) -> Iterator[Section]:
    """The legends of categories that geopandas wrote beside a map, which are taken off."""
    for key, child in list(figure._children.items()):
        template = getattr(child, "_template", None)
        if "maplegend" in _source(template, child):
            del figure._children[key]
    for key, part in list(figure.html._children.items()):
        text = part.render() if type(part) is Element else ""
        if "class='maplegend'" not in text:
            continue
        del figure.html._children[key]
        title = CATEGORIES_TITLE.search(text)
        items = [Entry(label=label, colour=colour) for colour, label in CATEGORIES.findall(text)]
        yield Section(title=title[1] if title else "", items=items)


def _source(template: Any, element: Element) -> str:
    """What an element that is no map would write into the head."""
    header = getattr(getattr(template, "module", None), "header", None)
    return "" if header is None or isinstance(element, folium.Map) else str(header(element, {}))


def _is_unnamed(layer: Any) -> bool:
    """Whether folium named a layer, by chance."""
    return bool(layer.layer_name.endswith(layer._id))


def _name_layers(fmap: folium.Map) -> None:
    """Layers that nobody named are counted."""
    layers = [e for e in fmap._children.values() if isinstance(e, folium.map.Layer)]
    unnamed = [layer for layer in layers if _is_unnamed(layer)]
    for number, layer in enumerate(unnamed, 1):
        layer.layer_name = f"Added layer {number}" if len(unnamed) > 1 else "Added layer"
