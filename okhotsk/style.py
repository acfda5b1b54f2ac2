"""Catalogue of style: how every layer is drawn and called, in files, on screen and in print.

Colours are distinct to the colour-blind (Okabe & Ito): quiet ground, strong findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from okhotsk.colours import (
    BEFORE,
    CEDED,
    COAST,
    CORE,
    CORRIDOR,
    JAPAN,
    LAND,
    PATROL,
    POCKET,
    REFUGE,
    REGIME,
    RUSSIA,
    SEAL,
    SECTION,
    SENSED,
    SHARED,
)

Kind = Literal["fill", "line", "marker"]
CASING_PX = 4.0  # of white round a cased line, both sides together


@dataclass(frozen=True, kw_only=True)
class Screen:
    """How a class is drawn on the pages, where that differs from the files.

    Attributes
    ----------
    label
        What the legend of a page calls the class, with figures of the assumptions in braces.
    name
        What the list of layers and the tooltips call it.
    colour
        Colour as ``#rrggbb``; that of the files where none.
    weight_px
        Width of the line, or of the edge of a fill, in CSS pixels.
    dash
        Lengths of dashes and gaps in CSS pixels, as SVG writes them; none where not dashed.
    opacity
        Opacity of the line, 0 to 1.
    hatched
        Whether a fill is drawn as diagonal lines.
    cased
        Whether a line has a white casing, so that it stands out from any ground.
    shown
        Whether the layer is on at first.
    """

    label: str = ""
    name: str = ""
    colour: str | None = None
    weight_px: float = 1
    dash: str | None = None
    opacity: float = 1
    hatched: bool = False
    cased: bool = False
    shown: bool = False


@dataclass(frozen=True, kw_only=True)
class Paper:
    """How a class is drawn in figures for print, where that differs from the files.

    Attributes
    ----------
    label
        What the legend of a figure calls the class.
    opacity, key_opacity
        Opacity of the fill, 0 to 1, on the map and in its legend.
    width_pt, key_width_pt
        Width of the line, or of the edge of a fill, in points, on the map and in its legend.
    dash
        Line style as matplotlib writes it.
    hatch
        Hatching as matplotlib writes it; none where the fill is plain.
    """

    label: str
    opacity: float = 1.0
    key_opacity: float = 1.0
    width_pt: float = 0.0
    key_width_pt: float = 0.0
    dash: str | tuple[int, tuple[float, ...]] = "-"
    hatch: str | None = None


@dataclass(frozen=True)
class Swatch:
    """How the features of one class are drawn: in files for other programs, on screen, in print.

    Attributes
    ----------
    label
        What a legend calls the class.
    fill, line
        Colours as ``#rrggbb``; none where not drawn.
    opacity
        Opacity of the fill, 0 to 1.
    width_pt
        Width of the line, or of a point, in points.
    dashed
        Whether the line is dashed.
    screen, paper
        What is different on the pages and in the figures.
    """

    label: str
    fill: str | None = None
    line: str | None = None
    opacity: float = 1.0
    width_pt: float = 1.0
    dashed: bool = False
    screen: Screen = field(default_factory=Screen)
    paper: Paper | None = None

    @property
    def colour(self) -> str:
        """The colour on screen: that of the line where a class has two."""
        found = self.screen.colour or self.line or self.fill
        if found is None:
            raise ValueError(f"class {self.label!r} has no colour: give it a fill or a line")
        return found

    @property
    def name(self) -> str:
        """What the list of layers calls the class."""
        return self.screen.name or self.label

    def legend(self, figures: Mapping[str, float]) -> str:
        """What the legend of a page calls the class, under some assumptions by name."""
        return (self.screen.label or self.label).format_map(figures)


@dataclass(frozen=True)
class Look:
    """How a layer is drawn: by the values of ``column``, or alike (one swatch, value ``""``)."""

    kind: Kind
    swatches: Mapping[str, Swatch]
    column: str | None = None
    labels: str | None = None

    def of(self, value: object = "") -> Swatch:
        """The swatch of a value of ``column``."""
        return self.swatches[str(value) if self.column else ""]


def _alike(kind: Kind, label: str, *, labels: str | None = None, **swatch: Any) -> Look:
    return Look(kind, {"": Swatch(label, **swatch)}, labels=labels)


def _zone(
    label: str, colour: str, opacity: float, paper: Paper | None, *, shown: bool = True
) -> Swatch:
    screen = Screen(weight_px=0.8, opacity=0.6, shown=shown)
    return Swatch(label, colour, colour, opacity, 0.6, screen=screen, paper=paper)


def _paper_zone(label: str, opacity: float, key_opacity: float) -> Paper:
    return Paper(label=label, opacity=opacity, key_opacity=key_opacity, width_pt=0.35)


def _ceded(label: str, forces: str, screen: Screen, paper: str) -> Swatch:
    hatch = None if forces == "JP" else "//////"
    return Swatch(
        label,
        CEDED[forces],
        JAPAN,
        width_pt=0.6,
        screen=screen,
        paper=Paper(label=paper, width_pt=0.5, key_width_pt=0.5, hatch=hatch),
    )


def _land(label: str) -> Swatch:
    return Swatch(
        label,
        LAND,
        COAST,
        width_pt=0.4,
        screen=Screen(label="Not ceded", weight_px=0.6),
        paper=Paper(label="", width_pt=0.3),
    )


def _seal(label: str, line: str, name: str, paper: Paper | None, **screen: Any) -> Swatch:
    told = f"{name or label}, over water {{transit_depth_m:g}} m deep or more"
    shown = Screen(name=name, label=told, **screen)
    dashed = shown.dash is not None
    return Swatch(label, line=line, width_pt=2, dashed=dashed, screen=shown, paper=paper)


def _passage(label: str, colour: str) -> Swatch:
    return Swatch(label, line=colour, dashed=True, screen=Screen(weight_px=4, dash="1 7"))


def _route(label: str, line: str, name: str, **screen: Any) -> Swatch:
    shown = Screen(name=name, label=f"{name} (click: profile)", weight_px=3, opacity=0.9, **screen)
    return Swatch(label, line=line, width_pt=1.5, screen=shown)


def _regime(label: str, regime: str, paper: str) -> Swatch:
    return Swatch(
        label,
        line=REGIME[regime],
        width_pt=4,
        screen=Screen(weight_px=10),
        paper=Paper(label=paper, width_pt=3.4, key_width_pt=3.4),
    )


_JP_SEA, _RU_SEA = "Japanese territorial sea", "Russian territorial sea"
_JP_EEZ = "Japanese economic zone"
_SECTION_PAPER = Paper(
    label="line of least section boats can use", width_pt=1.1, key_width_pt=1.2, dash=(0, (3, 1.5))
)
ZONES: Mapping[str, Swatch] = MappingProxyType(
    {
        "ru-eez": _zone("Russian economic zone", RUSSIA, 0.1, None, shown=False),
        "jp-eez": _zone(_JP_EEZ, JAPAN, 0.13, _paper_zone(_JP_EEZ, 0.13, 0.13), shown=False),
        "high-seas": _zone(
            "High seas", POCKET, 0.12, _paper_zone("high seas", 0.13, 0.2), shown=False
        ),
        "ru-territorial-sea": _zone(
            _RU_SEA, RUSSIA, 0.2, _paper_zone(_RU_SEA, 0.25, 0.25), shown=False
        ),
        "jp-territorial-sea": _zone(_JP_SEA, JAPAN, 0.35, _paper_zone(_JP_SEA, 0.45, 0.45)),
    }
)
# The exported layers by name. Files, pages and figures read one entry, so that a colour or a word
# is changed in one place; where a medium differs on purpose, its part of the entry says so.
LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "zones": Look("fill", ZONES, column="zone"),
        "patrol": _alike("fill", "Patrol water", line=PATROL),
        "sensed": _alike(
            "fill",
            "Sensed water",
            fill=SENSED,
            line=SENSED,
            opacity=0.18,
            screen=Screen(
                label="Sensed: in line of sight, within {sensor_range_km:g} km, of "
                "a shore where Japanese or allied forces may stand"
            ),
            paper=Paper(label="in hostile sight", hatch="\\\\\\\\"),
        ),
        "refuge": _alike(
            "fill",
            "Refuge",
            fill=REFUGE,
            line=REFUGE,
            opacity=0.13,
            screen=Screen(
                label="Refuge: patrol water over {refuge_standoff_km:g} km from "
                "shores where Japanese or allied forces may stand",
            ),
            paper=Paper(label="refuge", opacity=0.16, key_opacity=0.25, width_pt=0.6, dash=":"),
        ),
        "core": _alike(
            "fill",
            "Core",
            line=CORE,
            dashed=True,
            screen=Screen(label="Core that every seal line encloses", dash="4 4"),
        ),
        "land": Look(
            "fill",
            {
                "RU": _land("Russian land"),
                "JP": _land("Japanese land"),
                "ceded": _ceded(
                    "Handed over",
                    "JP",
                    Screen(label="Ceded, Japanese forces allowed"),
                    "ceded, Japanese forces",
                ),
                "ceded, demilitarised": _ceded(
                    "Handed over, demilitarised",
                    "none",
                    # Lines of the pale fill would not show on the pale sea.
                    Screen(label="Ceded, demilitarised", colour="#3d83c4", hatched=True),
                    "ceded, demilitarised",
                ),
                "ceded, Russian forces": _ceded(
                    "Handed over, Russian forces stay",
                    "RU",
                    Screen(label="Ceded, Russian forces stay", colour=SHARED, hatched=True),
                    "ceded, Russian forces stay",
                ),
            },
            column="status",
        ),
        "seal_lines": Look(
            "line",
            {
                "seal": _seal(
                    "Shortest seal line",
                    SEAL,
                    "Seal line (shortest)",
                    Paper(label="shortest seal line", width_pt=1.4, key_width_pt=1.6),
                    weight_px=4,
                    cased=True,
                    shown=True,
                ),
                "section": _seal(
                    "Seal line of least cross-section",
                    SECTION,
                    "Seal line (least cross-section)",
                    None,
                    dash="2 5",
                ),
                "operating": _seal(
                    "Seal line of least cross-section that boats can use",
                    SECTION,
                    "Seal line (least cross-section boats can use)",
                    _SECTION_PAPER,
                    weight_px=3,
                    dash="7 5",
                ),
            },
            column="line",
        ),
        "passages": Look(
            "line",
            {
                "access": _passage("Deepest way in for others", JAPAN),
                "egress": _passage("Deepest way out for Russia", RUSSIA),
            },
            column="way",
        ),
        "routes": Look(
            "line",
            {
                "egress": _route(
                    "Russia out of the core",
                    RUSSIA,
                    "Russian boat, core to Pacific: least exposed to Japanese shores",
                ),
                # Files tell the two Russian routes apart by colour, pages by dashes.
                "base": _route(
                    "Russia from its base",
                    SHARED,
                    "Russian boat, base to core: least exposed to Japanese shores",
                    colour=RUSSIA,
                    dash="9 4",
                ),
                "intruder": _route(
                    "Others into the core",
                    JAPAN,
                    "Foreign boat, Pacific to core: least exposed to Russian shores",
                ),
            },
            column="route",
        ),
        "straits": Look(
            "line",
            {
                "russian": _regime("Both shores Russian", "russian", "exit, both Russian"),
                "shared": _regime("Shared strait", "shared", "exit shared (dotted core)"),
                "japanese": _regime(
                    "Both shores Japanese", "japanese", "exit, both Japanese (white core)"
                ),
            },
            column="regime",
        ),
        "islands": _alike("marker", "Island", fill=SEAL, line="#ffffff", width_pt=4, labels="name"),
    }
)
# The white core of an exit on the pages, by CORE_OF.
CORES: Mapping[str, Screen] = MappingProxyType(
    {
        "dots": Screen(colour="#fff", weight_px=3, dash="0.1 6"),
        "line": Screen(colour="#fff", weight_px=2.5),
    }
)
# Today's seal line beside that of a scenario; on the pages only.
BASELINE = _seal(
    "Seal line today", BEFORE, "", None, weight_px=3, dash="1 6", cased=True, shown=True
)
# The fewest sensors of one sweep width, spread along the seal line; on the pages only.
SENSORS = Swatch(
    "Fixed sensors every 20 km of the seal line",
    line="#e69f00",
    screen=Screen(weight_px=8, dash="0.1 12", cased=True),
)
# Water along the section of a strait, by the zone that okhotsk.measures.strait_section gives.
SECTION_WATER: Mapping[str, Swatch] = MappingProxyType(
    {
        "ru-territorial-sea": Swatch(_RU_SEA, RUSSIA),
        "jp-territorial-sea": Swatch(_JP_SEA, JAPAN),
        "": Swatch("outside territorial seas", CORRIDOR),
    }
)
# What the fill of ceded land is called in words, by whose forces may stand on it.
CEDED_COLOURS: Mapping[str, str] = MappingProxyType(
    {"JP": "dark blue", "none": "light blue (demilitarised)", "RU": "purple (Russian forces stay)"}
)
LAND_STATUS: Mapping[str, str] = MappingProxyType(
    {"JP": "ceded", "none": "ceded, demilitarised", "RU": "ceded, Russian forces"}
)


def land_status(forces: str, sovereign: str, ceded: bool) -> str:
    """Class of a piece of land: its holder, or how it was handed over."""
    return LAND_STATUS[forces] if ceded else sovereign
