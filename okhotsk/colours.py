"""Colours: distinct to the colour-blind (Okabe & Ito), quiet ground, strong findings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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

# Figures and documents: type, rules, and the ground of a sheet.
INK, SOFT, GRID, RULE = "#17222d", "#4a5866", "#d5dbe1", "#c5cdd5"
WHITE, BLACK = "#fff", "#000"
GRATICULE, WATER_NAME = "#8fa3b3", "#3d5a73"
# Okabe and Ito's colours in an order that falls in brightness, with strokes that differ too.
SERIES = (
    ("#111111", "-"),
    ("#0072b2", "--"),
    ("#d55e00", "-"),
    ("#009e73", "-."),
    ("#cc79a7", "-"),
    ("#56b4e9", "--"),
    ("#8a6d00", ":"),
    ("#7a1f5c", "-."),
    ("#6b6b6b", "-"),
    ("#b58900", "--"),
)
# Colour maps of tables, by their names in matplotlib: what is kept, and probabilities of ranks.
RAMP_KEPT, RAMP_RANKS = "cividis", "Greys"


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, 0 to 255.

    Examples
    --------
    >>> channels("#c2500a"), channels("#fff")
    ((194, 80, 10), (255, 255, 255))
    """
    digits = colour.removeprefix("#")
    red, green, blue = bytes.fromhex(digits if len(digits) == 6 else "".join(d * 2 for d in digits))
    return red, green, blue
