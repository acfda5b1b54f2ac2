"""How exported layers look in other programs: the colours of the maps, class by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from okhotsk import style


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
                "ru-eez": _zone("Russian economic zone", style.RUSSIA, 0.1),
                "jp-eez": _zone("Japanese economic zone", style.JAPAN, 0.13),
                "high-seas": _zone("High seas", style.POCKET, 0.12),
                "ru-territorial-sea": _zone("Russian territorial sea", style.RUSSIA, 0.2),
                "jp-territorial-sea": _zone("Japanese territorial sea", style.JAPAN, 0.35),
            },
            column="zone",
        ),
        "patrol": _alike("fill", Swatch("Patrol water", line=style.PATROL)),
        "sensed": _alike("fill", Swatch("Sensed water", style.SENSED, style.SENSED, 0.18)),
        "refuge": _alike("fill", Swatch("Refuge", style.REFUGE, style.REFUGE, 0.13)),
        "core": _alike("fill", Swatch("Core", line=style.CORE, dashed=True)),
        "land": Look(
            "fill",
            {
                "RU": Swatch("Russian land", style.LAND, style.COAST, width_pt=0.4),
                "JP": Swatch("Japanese land", style.LAND, style.COAST, width_pt=0.4),
                "ceded": Swatch("Handed over", style.CEDED["JP"], style.JAPAN, width_pt=0.6),
                "ceded, demilitarised": Swatch(
                    "Handed over, demilitarised",
                    style.CEDED["none"],
                    style.JAPAN,
                    width_pt=0.6,
                ),
                "ceded, Russian forces": Swatch(
                    "Handed over, Russian forces stay",
                    style.CEDED["RU"],
                    style.JAPAN,
                    width_pt=0.6,
                ),
            },
            column="status",
        ),
        "seal_lines": Look(
            "line",
            {
                "seal": Swatch("Shortest seal line", line=style.SEAL, width_pt=2),
                "section": Swatch(
                    "Seal line of least cross-section",
                    line=style.SECTION,
                    width_pt=2,
                    dashed=True,
                ),
            },
            column="line",
        ),
        "passages": Look(
            "line",
            {
                "access": Swatch("Deepest way in for others", line=style.JAPAN, dashed=True),
                "egress": Swatch("Deepest way out for Russia", line=style.RUSSIA, dashed=True),
            },
            column="way",
        ),
        "routes": Look(
            "line",
            {
                "egress": Swatch("Russia out of the core", line=style.RUSSIA, width_pt=1.5),
                "base": Swatch("Russia from its base", line=style.SHARED, width_pt=1.5),
                "intruder": Swatch("Others into the core", line=style.JAPAN, width_pt=1.5),
            },
            column="route",
        ),
        "straits": Look(
            "line",
            {
                "russian": Swatch("Both shores Russian", line=style.RUSSIA, width_pt=4),
                "shared": Swatch("Shared strait", line=style.SHARED, width_pt=4),
                "japanese": Swatch("Both shores Japanese", line=style.JAPAN, width_pt=4),
            },
            column="regime",
        ),
        "islands": _alike(
            "marker", Swatch("Island", style.SEAL, "#ffffff", width_pt=4), labels="name"
        ),
    }
)


def land_status(forces: str, sovereign: str, ceded: bool) -> str:
    """Class of a piece of land: its holder, or how it was handed over."""
    if not ceded:
        return sovereign
    return {"JP": "ceded", "none": "ceded, demilitarised", "RU": "ceded, Russian forces"}[forces]
