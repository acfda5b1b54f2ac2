"""Colours of maps: distinct to the colour-blind (Okabe & Ito), quiet ground, strong findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

RUSSIA, JAPAN, SHARED = "#c2500a", "#0b5fa5", "#8a3d8f"
SEAL, SECTION, BEFORE = "#111111", "#b3005e", "#6b6b6b"
PATROL, REFUGE, CORE = "#2b5d50", "#12805c", "#064734"
POCKET = "#b58900"
CORRIDOR = "#9db9cc"
SENSED = "#7a1f5c"
LAND, COAST = "#e4ddd0", "#8d8577"
REGIME: Mapping[str, str] = MappingProxyType(
    {"russian": RUSSIA, "shared": SHARED, "japanese": JAPAN}
)
# Beside their colours exits have cores, so that they differ in grey too.
CORE_OF: Mapping[str, str] = MappingProxyType({"shared": "dots", "japanese": "line"})
# Ceded land by whose forces may stand on it, where hatching would not show.
CEDED: Mapping[str, str] = MappingProxyType({"JP": JAPAN, "none": "#8fc1ea", "RU": SHARED})
HOLDER: Mapping[str, str] = MappingProxyType({"RU": RUSSIA, "JP": JAPAN})

# Depth (m) and colour; linear between.
DEPTHS = (
    (0, (244, 248, 250)),
    (200, (222, 233, 240)),
    (1000, (193, 212, 225)),
    (2000, (163, 188, 207)),
    (3000, (136, 165, 189)),
    (6000, (104, 135, 163)),
)


def depth_colour(depth_m: float) -> str:
    """CSS colour of a depth."""
    for (low, first), (high, second) in zip(DEPTHS, DEPTHS[1:], strict=False):
        if depth_m <= high:
            share = (depth_m - low) / (high - low)
            mix = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
            return "#" + "".join(f"{value:02x}" for value in mix)
    return "#" + "".join(f"{value:02x}" for value in DEPTHS[-1][1])


@dataclass(frozen=True)
class Swatch:
    """How the features of one class are drawn.

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
    """

    label: str
    fill: str | None = None
    line: str | None = None
    opacity: float = 1.0
    width_pt: float = 1.0
    dashed: bool = False


@dataclass(frozen=True)
class Look:
    """How a layer is drawn: by the values of ``column``, or alike (one swatch, value ``""``)."""

    kind: Literal["fill", "line", "marker"]
    swatches: Mapping[str, Swatch]
    column: str | None = None
    labels: str | None = None

    def of(self, value: object) -> Swatch:
        """The swatch of a value of ``column``."""
        return self.swatches[str(value) if self.column else ""]


def _alike(kind: Literal["fill", "line", "marker"], swatch: Swatch, **more: str) -> Look:
    return Look(kind, {"": swatch}, **more)


def _zone(label: str, colour: str, opacity: float) -> Swatch:
    return Swatch(label, colour, colour, opacity, 0.6)


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "zones": Look(
            "fill",
            {
                "ru-eez": _zone("Russian economic zone", RUSSIA, 0.1),
                "jp-eez": _zone("Japanese economic zone", JAPAN, 0.13),
                "high-seas": _zone("High seas", POCKET, 0.12),
                "ru-territorial-sea": _zone("Russian territorial sea", RUSSIA, 0.2),
                "jp-territorial-sea": _zone("Japanese territorial sea", JAPAN, 0.35),
            },
            column="zone",
        ),
        "patrol": _alike("fill", Swatch("Patrol water", line=PATROL)),
        "sensed": _alike("fill", Swatch("Sensed water", SENSED, SENSED, 0.18)),
        "refuge": _alike("fill", Swatch("Refuge", REFUGE, REFUGE, 0.13)),
        "core": _alike("fill", Swatch("Core", line=CORE, dashed=True)),
        "land": Look(
            "fill",
            {
                "RU": Swatch("Russian land", LAND, COAST, width_pt=0.4),
                "JP": Swatch("Japanese land", LAND, COAST, width_pt=0.4),
                "ceded": Swatch("Handed over", CEDED["JP"], JAPAN, width_pt=0.6),
                "ceded, demilitarised": Swatch(
                    "Handed over, demilitarised",
                    CEDED["none"],
                    JAPAN,
                    width_pt=0.6,
                ),
                "ceded, Russian forces": Swatch(
                    "Handed over, Russian forces stay",
                    CEDED["RU"],
                    JAPAN,
                    width_pt=0.6,
                ),
            },
            column="status",
        ),
        "seal_lines": Look(
            "line",
            {
                "seal": Swatch("Shortest seal line", line=SEAL, width_pt=2),
                "section": Swatch(
                    "Seal line of least cross-section",
                    line=SECTION,
                    width_pt=2,
                    dashed=True,
                ),
            },
            column="line",
        ),
        "passages": Look(
            "line",
            {
                "access": Swatch("Deepest way in for others", line=JAPAN, dashed=True),
                "egress": Swatch("Deepest way out for Russia", line=RUSSIA, dashed=True),
            },
            column="way",
        ),
        "routes": Look(
            "line",
            {
                "egress": Swatch("Russia out of the core", line=RUSSIA, width_pt=1.5),
                "base": Swatch("Russia from its base", line=SHARED, width_pt=1.5),
                "intruder": Swatch("Others into the core", line=JAPAN, width_pt=1.5),
            },
            column="route",
        ),
        "straits": Look(
            "line",
            {
                "russian": Swatch("Both shores Russian", line=RUSSIA, width_pt=4),
                "shared": Swatch("Shared strait", line=SHARED, width_pt=4),
                "japanese": Swatch("Both shores Japanese", line=JAPAN, width_pt=4),
            },
            column="regime",
        ),
        "islands": _alike("marker", Swatch("Island", SEAL, "#ffffff", width_pt=4), labels="name"),
    }
)


def land_status(forces: str, sovereign: str, ceded: bool) -> str:
    """Class of a piece of land: its holder, or how it was handed over."""
    if not ceded:
        return sovereign
    return {"JP": "ceded", "none": "ceded, demilitarised", "RU": "ceded, Russian forces"}[forces]
