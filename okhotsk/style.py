"""Colours of maps: distinct to the colour-blind (Okabe & Ito), quiet ground, strong findings."""

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


def depth_colour(depth_m: float) -> str:
    """CSS colour of a depth."""
    for (low, first), (high, second) in zip(DEPTHS, DEPTHS[1:], strict=False):
        if depth_m <= high:
            share = (depth_m - low) / (high - low)
            mix = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
            return "#" + "".join(f"{value:02x}" for value in mix)
    return "#" + "".join(f"{value:02x}" for value in DEPTHS[-1][1])
