"""Map elements that work without a network: panels, popups, tooltips, scale, distances.

Folium's own ones need jQuery, answer only to the mouse, or write data into scripts unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from folium.plugins import Fullscreen
from folium.template import Template
from folium.utilities import JsCode

from okhotsk.html import to_js
from okhotsk.maps import assets

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


class Finished(Element):
    """A piece of a page that is written as it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text, without the last line break, as Jinja does."""
        return self.text.removesuffix("\n")


class WrittenOnce(MacroElement):
    """An element whose macros give finished text.

    branca compiles what a macro returns as a template once more, which takes as long as all else
    for layers with much data. Inherit from the class of folium first and from this one last.
    """

    def render(self, **options: object) -> str:
        """Write the macros of this element into the figure, then its children."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise ValueError(f"{self.get_name()} is not in a figure; add it to a map first")
        macros = self._template.module.__dict__
        for part in ("header", "html", "script"):
            if part in macros:
                made = Finished(macros[part](self, options))
                getattr(figure, part).add_child(made, name=self.get_name())
        for child in self._children.values():
            child.render(**options)
        return ""  # the figure has it


class Widget(WrittenOnce):
    """Base of the hand-written map elements: one JavaScript statement and its files."""

    assets: ClassVar[tuple[str, ...]] = ("okhotsk/core.js",)
    last: ClassVar[bool] = False  # True: must be written after all layers
    _template = Template("{% macro script(this, kwargs) %}{{ this.script() }}{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()
        self._name = type(self).__name__

    @property
    def parent(self) -> Element:
        """The element this one is attached to."""
        if self._parent is None:
            msg = f"{self._name} is not attached to a map or a layer; call add_to first"
            raise ValueError(msg)
        return self._parent

    @property
    def parent_name(self) -> str:
        """The JavaScript name of the element this one is attached to."""
        return self.parent.get_name()

    def script(self) -> str:
        """Return the JavaScript statement of this element."""
        raise NotImplementedError

    def take_assets(self) -> tuple[str, ...]:
        """Return the files of this element, for whoever writes them; it then does not."""
        self.assets, taken = (), self.assets  # type: ignore[misc]  # of the class: for all maps
        return taken

    def render(self, **options: object) -> str:
        """Write the files of this element into the head, where that of folium holds no such."""
        figure = self.get_root()
        if isinstance(figure, Figure):
            for name in ("okhotsk/base.css", *self.assets) if self.assets else ():
                tag = "style" if name.endswith(".css") else "script"
                made = Finished(f"<{tag}>\n{assets.text(name)}\n</{tag}>")
                figure.header.add_child(made, name=name)
        return super().render(**options)


class Popup(Widget):
    """A popup for any layer, without jQuery.

    Parameters
    ----------
    html
        Content as HTML; pass data through `escape` first.
    options
        Options of Leaflet's popup.
    show
        Whether it is open at first.
    """

    def __init__(
        self, html: str, *, options: Mapping[str, object] = NO_OPTIONS, show: bool = False
    ) -> None:
        super().__init__()
        self.html = html
        self.options = {"maxWidth": 320} | dict(options)
        self.show = show

    def script(self) -> str:
        """Return the statement that binds the popup."""
        opened = ".openPopup()" if self.show else ""
        return f"{self.parent_name}.bindPopup({to_js(self.html)}, {to_js(self.options)}){opened};"


class Tooltip(Widget):
    """A tooltip for any layer, from HTML; pass data through `escape` first.

    ``options`` are those of Leaflet's tooltip.
    """

    def __init__(self, html: str, *, options: Mapping[str, object] = NO_OPTIONS) -> None:
        super().__init__()
        self.html = html
        self.options = {"sticky": True} | dict(options)

    def script(self) -> str:
        """Return the statement that binds the tooltip."""
        return f"{self.parent_name}.bindTooltip({to_js(self.html)}, {to_js(self.options)});"


class FeaturePopup(Widget):
    """A popup for each feature of a `folium.GeoJson`, from one of its properties.

    Parameters
    ----------
    field
        Property that holds the HTML; pass data through `escape` first.
    label
        Property that holds a short plain name. With it the features can be reached with the
        tab key and opened with Enter; leave it out for layers of hundreds of features.
    max_width
        Largest width in CSS pixels.
    """

    assets = (*Widget.assets, "okhotsk/features.js")

    def __init__(self, field: str, *, label: str | None = None, max_width: int = 320) -> None:
        super().__init__()
        self.options = {"field": field, "label": label, "maxWidth": max_width}

    def script(self) -> str:
        """Return the statement that binds the popups."""
        return f"okhotsk.popup({self.parent_name}, {to_js(self.options)});"


class FeatureTooltip(Widget):
    """A tooltip for each feature of a `folium.GeoJson`, from a property that holds HTML."""

    assets = (*Widget.assets, "okhotsk/features.js")

    def __init__(self, field: str, *, sticky: bool = True) -> None:
        super().__init__()
        self.options = {"field": field, "sticky": sticky}

    def script(self) -> str:
        """Return the statement that binds the tooltips."""
        return f"okhotsk.tooltip({self.parent_name}, {to_js(self.options)});"


class LayerPanel(Widget):
    """A folding list of layers in groups; see `add_controls`."""

    assets = (*Widget.assets, "okhotsk/panel.css", "okhotsk/layers.js")
    last = True

    def __init__(
        self, groups: Mapping[str, Sequence[Layer]], *, exclusive: Collection[str], title: str
    ) -> None:
        super().__init__()
        self.groups = {name: list(layers) for name, layers in groups.items()}
        self.exclusive = frozenset(exclusive)
        self.title = title

    def script(self) -> str:
        """Return the statement that draws the panel."""
        groups = [self._group(name, layers) for name, layers in self._all_groups().items()]
        options = to_js({"title": self.title})
        return f"okhotsk.layers({self.parent_name}, [{', '.join(groups)}], {options});"

    def _all_groups(self) -> dict[str, list[Layer]]:
        grouped = {layer.get_name() for layers in self.groups.values() for layer in layers}
        rest = [
            child
            for child in self.parent._children.values()
            if isinstance(child, Layer) and child.control and child.get_name() not in grouped
        ]
        title = "Other" if self.groups else ""
        return self.groups | ({title: self.groups.get(title, []) + rest} if rest else {})

    def _order(self, layer: Layer) -> int:
        drawn = list(self.parent._children.values())
        if layer not in drawn:
            msg = f"layer {layer.layer_name!r} is in a group but not on the map; add it to the map"
            raise ValueError(msg)
        return drawn.index(layer)

    def _group(self, name: str, layers: Sequence[Layer]) -> str:
        items = ", ".join(
            f'{{"name": {to_js(layer.layer_name)}, "layer": {layer.get_name()}, '
            f'"order": {self._order(layer)} }}'
            for layer in layers
        )
        exclusive = to_js(name in self.exclusive)
        return f'{{"title": {to_js(name)}, "exclusive": {exclusive}, "layers": [{items}] }}'


class Scale(Widget):
    """A scale bar in kilometres and nautical miles."""

    assets = (*Widget.assets, "okhotsk/scale.js")

    def script(self) -> str:
        """Return the statement that draws the scale."""
        return f"okhotsk.scale({self.parent_name});"


class Measure(Widget):
    """A tool for geodesic distances in kilometres and nautical miles."""

    assets = (*Widget.assets, "okhotsk/measure.css", "okhotsk/measure.js")

    def script(self) -> str:
        """Return the statement that draws the tool."""
        return f"okhotsk.measure({self.parent_name});"


class Hatch(Widget):
    """Diagonal hatching for polygons; use `fill` as their ``fillColor``.

    It works with Leaflet's SVG renderer, so not with ``prefer_canvas=True``.

    Parameters
    ----------
    colour
        CSS colour of the lines.
    """

    _template = Template("{% macro html(this, kwargs) %}{{ this.markup() }}{% endmacro %}")

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.colour = colour

    @property
    def fill(self) -> str:
        """The value for ``fillColor``."""
        return f"url(#{self._pattern_id})"

    def markup(self) -> str:
        """Return the SVG pattern."""
        return assets.render("hatch.svg.j2", pattern=self._pattern_id, colour=self.colour)

    @property
    def _pattern_id(self) -> str:
        return "hatch-" + re.sub(r"[^0-9a-z]+", "-", self.colour.lower()).strip("-")


def add_controls(
    m: folium.Map,
    *,
    groups: Mapping[str, Sequence[Layer]] | None = None,
    exclusive: Collection[str] = (),
    title: str = "Layers",
) -> None:
    """Add the layer panel, full screen, the distance tool and the scale to a map.

    Parameters
    ----------
    m
        The map; layers may still be added to it afterwards.
    groups
        Layers by the title of their group, in reading order. Layers of the map that are in no
        group and have ``control=True`` are listed last.
    exclusive
        Titles of the groups of which only one layer is shown at a time.
    title
        Text of the panel's folding bar.

    Raises
    ------
    ValueError
        If `exclusive` names a group that is not in `groups`.
    """
    unknown = sorted(set(exclusive) - set(groups or {}))
    if unknown:
        msg = f"exclusive groups {unknown} are not in groups; got {sorted(groups or {})}"
        raise ValueError(msg)
    whole = JsCode("document.querySelector('.ok-map')")  # with the panels beside the map
    full = Fullscreen(
        title="Full screen", title_cancel="Leave full screen", fullscreen_element=whole
    )
    full.add_to(m)
    Measure().add_to(m)
    Scale().add_to(m)
    LayerPanel(groups or {}, exclusive=exclusive, title=title).add_to(m)
