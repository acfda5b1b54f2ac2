"""Draw a legend whose sections follow the layers of the map."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal

from folium.map import Layer

from okhotsk.colours import CORE_OF
from okhotsk.html import to_js
from okhotsk.maps import assets
from okhotsk.maps.images import depth_colour
from okhotsk.maps.widgets.base import Widget
from okhotsk.style import CASING_PX, CORES, LAND_STATUS, LOOKS, Swatch

Kind = Literal["fill", "hatch", "line", "dash", "point"]
Position = Literal["bottomleft", "bottomright", "topleft", "topright"]

WATER = depth_colour(1000)  # what swatches of water and lines lie on, as on the map
THICK = "Thick: exits of the sea."  # what the width of a strait says
SWATCH: Mapping[str, Any] = MappingProxyType({"wide": 26, "high": 16, "cores": CORES})


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
    width, dash
        Line width, and lengths of dashes and gaps, in CSS pixels.
    casing
        Width of the line together with a white casing; none where 0.
    edge_width, edge_opacity, edge_dash
        Of the outline.
    over
        CSS colour of the ground that a swatch lies on; none by default.
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
    dash: str = "6 4"
    casing: float = 0.0
    edge_width: float = 1.0
    edge_opacity: float = 1.0
    edge_dash: str = ""
    over: str = ""

    def swatch(self) -> str:
        """Return the swatch alone, as SVG."""
        return assets.render("legend_swatch.svg.j2", entry=self, **SWATCH)


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
        runs: list[tuple[list[Any], list[Any]]] = []
        for ramps, run in groupby(self.items, key=lambda item: isinstance(item, Ramp)):
            found = list(run)
            runs.append(([], found) if ramps else (found, []))
        return assets.render(
            "legend_section.html.j2", title=self.title, runs=runs, note=self.note, **SWATCH
        )


def regimes(present: Collection[str] | None = None) -> list[Entry]:
    """Straits by whose shores they run between: all kinds, or those that are present."""
    return [
        Entry(
            label=look.label,
            colour=look.colour,
            kind="line",
            width=look.screen.weight_px,
            core=CORE_OF.get(regime, ""),
            over=WATER,
        )
        for regime, look in LOOKS["straits"].swatches.items()
        if present is None or regime in present
    ]


def line_entry(look: Swatch, figures: Mapping[str, float]) -> Entry:
    """A line as the catalogue has it; its label may name figures of the assumptions."""
    return Entry(
        label=look.legend(figures),
        colour=look.colour,
        kind="dash" if look.screen.dash else "line",
        dash=look.screen.dash or "",
        width=look.screen.weight_px,
        casing=look.screen.weight_px + CASING_PX if look.screen.cased else 0,
        over=WATER,
    )


def water_entry(look: Swatch, figures: Mapping[str, float], *, edge_opacity: float = 1) -> Entry:
    """An area of water as the catalogue has it; its label may name figures of the assumptions."""
    return Entry(
        label=look.legend(figures),
        colour=look.fill or look.colour,
        opacity=look.opacity if look.fill else 0,
        edge=look.colour,
        edge_width=look.screen.weight_px,
        edge_opacity=edge_opacity,
        edge_dash=look.screen.dash or "",
        over=WATER,
    )


def land_entries(forces: Collection[str]) -> list[Entry]:
    """Land that is not ceded, and ceded land by whose forces may stand on it, those there are."""
    own = LOOKS["land"].of("RU")
    held = [LOOKS["land"].of(status) for key, status in LAND_STATUS.items() if key in forces]
    return [
        Entry(label=own.legend({}), colour=str(own.fill), edge=own.line),
        *(
            Entry(
                label=look.legend({}), colour=look.colour, kind="hatch", edge=look.line, over=WATER
            )
            if look.screen.hatched
            else Entry(label=look.legend({}), colour=str(look.fill))
            for look in held
        ),
    ]


def depth_section(layer: Layer | None = None) -> Section:
    """The depths of the sea by colour."""
    depths = [n * 4000 / 31 for n in range(32)]
    ticks = [(0.0, "0"), (0.25, "1000"), (0.5, "2000"), (1.0, "4000")]
    ramp = Ramp(colours=[depth_colour(depth) for depth in depths], ticks=ticks)
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
