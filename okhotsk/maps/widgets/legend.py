"""Draw a legend whose sections follow the layers of the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from folium.map import Layer

from okhotsk import style as palette
from okhotsk.maps.widgets.base import Widget, to_js

Kind = Literal["fill", "hatch", "line", "dash", "point"]
Position = Literal["bottomleft", "bottomright", "topleft", "topright"]

THICK = "Thick: exits of the sea."  # what the width of a strait says
_WIDTH, _HEIGHT = 26, 16
_CORES: Mapping[str, str] = MappingProxyType(
    {
        "dots": 'stroke-width="3" stroke-linecap="round" stroke-dasharray="0.1 6"',
        "line": 'stroke-width="2.5"',
    }
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a legend section: a swatch and its label.

    Parameters
    ----------
    label
        Plain text; it is escaped.
    colour
        CSS colour of the fill, line or point.
    kind
        ``fill``, ``hatch`` (diagonal lines), ``line``, ``dash`` or ``point``.
    edge
        CSS colour of the outline of a fill, hatch or point; none by default.
    opacity
        Opacity of the fill, 0 to 1, as on the map.
    width
        Line width in CSS pixels.
    core
        ``dots`` or ``line`` in white along a line, so that lines differ in grey too.
    """

    label: str
    colour: str
    kind: Kind = "fill"
    edge: str | None = None
    opacity: float = 1.0
    width: float = 2.0
    core: str = ""

    def html(self) -> str:
        """Return the list item of this entry."""
        return f"<li>{self.swatch()}<span>{escape(self.label)}</span></li>"

    def swatch(self) -> str:
        """Return the swatch alone, as SVG."""
        return _swatch(self)


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """A colour ramp with labelled ticks.

    Parameters
    ----------
    colours
        CSS colours from left to right, drawn as equal steps; 24 or more look continuous.
    ticks
        Pairs of a position, 0 (left) to 1 (right), and a label. Place the outer ones at 0 and
        1, and leave room between labels: the ramp is some 210 pixels wide.
    """

    colours: Sequence[str]
    ticks: Sequence[tuple[float, str]]

    def html(self) -> str:
        """Return the ramp as HTML."""
        steps = "".join(
            f'<rect x="{i}" width="1.02" height="1" fill="{escape(colour)}"/>'
            for i, colour in enumerate(self.colours)
        )
        ticks = "".join(_tick(at, label) for at, label in self.ticks)
        box = f'viewBox="0 0 {len(self.colours)} 1" preserveAspectRatio="none" aria-hidden="true"'
        return f'<div class="ok-ramp"><svg {box}>{steps}</svg><ol>{ticks}</ol></div>'


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled part of the legend, shown only while its layer is on the map.

    Parameters
    ----------
    title
        Heading, usually the name of the layer; plain text.
    items
        Entries and ramps in reading order.
    layer
        The layer this section explains; without one it is always shown.
    note
        One sentence below the entries, such as a source or a limit; plain text.
    """

    title: str
    items: Sequence[Entry | Ramp] = ()
    layer: Layer | None = None
    note: str = ""

    def html(self) -> str:
        """Return the section as HTML."""
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        title = f"<h3>{escape(self.title)}</h3>" if self.title else ""
        return f'<section class="ok-legend-section">{title}{_items(self.items)}{note}</section>'


def regimes() -> list[Entry]:
    """Straits by whose shores they run between."""
    names = {
        "russian": "Both shores Russian",
        "shared": "Shared strait",
        "japanese": "Both shores Japanese",
    }
    return [
        Entry(
            label=name,
            colour=palette.REGIME[key],
            kind="line",
            width=7,
            core=palette.CORE_OF.get(key, ""),
        )
        for key, name in names.items()
    ]


def depth_section(layer: Layer | None = None) -> Section:
    """The depths of the sea by colour."""
    depths = [n * 4000 / 31 for n in range(32)]
    ticks = [(0.0, "0"), (0.25, "1000"), (0.5, "2000"), (1.0, "4000")]
    ramp = Ramp(colours=[palette.depth_colour(depth) for depth in depths], ticks=ticks)
    return Section(title="Depth in metres", layer=layer, items=[ramp])


class Legend(Widget):
    """A folding legend in a corner of the map.

    It is open at desk width, folded at phone width, and always open on paper.

    Parameters
    ----------
    sections
        Sections from top to bottom.
    title
        Text of the folding bar.
    position
        Corner of the map.
    """

    assets = (*Widget.assets, "okhotsk/panel.css", "okhotsk/legend.css", "okhotsk/legend.js")
    last = True

    def __init__(
        self,
        sections: Sequence[Section],
        *,
        title: str = "Legend",
        position: Position = "bottomleft",
    ) -> None:
        super().__init__()
        self.sections = tuple(sections)
        self.title = title
        self.position = position

    def script(self) -> str:
        """Return the JavaScript statement that draws the legend."""
        html = "".join(section.html() for section in self.sections)
        options = to_js({"title": self.title, "position": self.position, "html": html})
        layers = ", ".join(self._layer_name(section) for section in self.sections)
        return f"okhotsk.legend({self.parent_name}, {options}, [{layers}]);"

    def _layer_name(self, section: Section) -> str:
        if section.layer is None:
            return "null"
        if section.layer.get_root() is not self.get_root():
            msg = (
                f"legend section {section.title!r} explains the layer "
                f"{section.layer.layer_name!r}, which is not on this map; add the layer first"
            )
            raise ValueError(msg)
        return str(section.layer.get_name())


def _items(items: Sequence[Entry | Ramp]) -> str:
    parts = []
    for listed, run in groupby(items, key=lambda item: isinstance(item, Entry)):
        html = "".join(item.html() for item in run)
        parts.append(f"<ul>{html}</ul>" if listed else html)
    return "".join(parts)


def _tick(at: float, label: str) -> str:
    if at <= 0:
        place, style = "ok-first", "left:0"
    elif at >= 1:
        place, style = "ok-last", "right:0"
    else:
        place, style = "ok-middle", f"left:{100 * at:g}%;transform:translateX(-50%)"
    return f'<li class="{place}" style="{style}">{escape(label)}</li>'


def _swatch(entry: Entry) -> str:
    colour = escape(entry.colour)
    draw = {"fill": _fill, "hatch": _hatch, "line": _line, "dash": _line, "point": _point}
    box = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    drawn = draw[entry.kind](entry, colour)
    return f'<svg class="ok-swatch" {box} aria-hidden="true">{drawn}</svg>'


def _edge(entry: Entry) -> str:
    return f' stroke="{escape(entry.edge)}"' if entry.edge else ""


def _fill(entry: Entry, colour: str) -> str:
    box = f'x=".5" y=".5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}"'
    return f'<rect {box} fill="{colour}" fill-opacity="{entry.opacity:g}"{_edge(entry)}/>'


def _hatch(entry: Entry, colour: str) -> str:
    lines = "".join(f"M{x} {_HEIGHT}l{_HEIGHT} -{_HEIGHT}" for x in range(-12, _WIDTH, 6))
    box = f'x=".5" y=".5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" fill="none"'
    return f'<path d="{lines}" stroke="{colour}" stroke-width="1.5"/><rect {box}{_edge(entry)}/>'


def _line(entry: Entry, colour: str) -> str:
    dashes = ' stroke-dasharray="6 4"' if entry.kind == "dash" else ""
    middle = f"M1 {_HEIGHT / 2:g}h{_WIDTH - 2}"
    line = f'<path d="{middle}" stroke="{colour}" stroke-width="{entry.width:g}"{dashes}/>'
    return line + (f'<path d="{middle}" stroke="#fff" {_CORES[entry.core]}/>' if entry.core else "")


def _point(entry: Entry, colour: str) -> str:
    place = f'cx="{_WIDTH / 2:g}" cy="{_HEIGHT / 2:g}" r="5"'
    return f'<circle {place} fill="{colour}" fill-opacity="{entry.opacity:g}"{_edge(entry)}/>'
