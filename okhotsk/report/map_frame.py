"""The frame of a print map: graticule, place names, and a scale bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from okhotsk.colours import GRATICULE, INK, SOFT, WATER_NAME, WHITE
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.report.projection import Edges, fill, project, stroke

WINDOW = (134.0, 41.0, 166.0, 64.0)  # of the data, in degrees
HALO_PT = 1.8
PLACES = (
    ("SEA OF\nOKHOTSK", 149.3, 53.6, "sea"),
    ("PACIFIC\nOCEAN", 155.6, 45.2, "ocean"),
    ("Sakhalin", 142.9, 50.6, "land"),
    ("Hokkaido", 143.0, 43.35, "land"),
    ("Kamchatka", 158.6, 54.6, "land"),
    ("Kunashir", 145.62, 44.3, "island-west"),
    ("Iturup", 148.2, 44.98, "island"),
    ("Urup", 150.3, 45.85, "island"),
    ("Simushir", 152.2, 46.85, "island"),
    ("Shikotan", 146.95, 43.72, "island"),
    ("Matua", 153.4, 48.0, "island"),
    ("Onekotan", 154.95, 49.3, "island"),
    ("Paramushir", 156.1, 50.2, "island"),
)
_WATER: Mapping[str, Any] = MappingProxyType({"style": "italic", "color": WATER_NAME})
_ISLAND: Mapping[str, Any] = MappingProxyType({"color": INK, "fontsize": "small"})
TYPE: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "sea": _WATER,
        "ocean": _WATER,
        "land": MappingProxyType({"color": SOFT}),
        # Beside the island: on its Pacific side, or where a neighbour lies there on the other.
        "island": MappingProxyType({**_ISLAND, "ha": "left", "va": "top"}),
        "island-west": MappingProxyType({**_ISLAND, "ha": "right", "va": "bottom"}),
    }
)


def draw_frame(axes: Axes, edges: Edges, *, every_deg: int = 5) -> None:
    """Set the edges of a map and draw its graticule."""
    west, south, east, north = edges
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.tick_params(length=0, pad=2)
    _graticule(axes, edges, every_deg=every_deg)
    # Nothing is known beyond the window of the data.
    window = project(shapely.segmentize(shapely.box(*WINDOW), 0.5))
    fill(axes, shapely.box(*edges).difference(window), facecolor=WHITE, linewidth=0, zorder=7)


def _graticule(axes: Axes, edges: Edges, *, every_deg: int) -> None:
    """Meridians and parallels, named where they leave the map below and on the left."""
    west, south, east, north = edges
    bottom = shapely.LineString([(west, south), (east, south)])
    left = shapely.LineString([(west, south), (west, north)])
    meridians = {
        f"{lon}° E": shapely.LineString([(lon, 38), (lon, 66)])
        for lon in range(130, 175, every_deg)
    }
    parallels = {
        f"{lat}° N": shapely.LineString([(125, lat), (175, lat)])
        for lat in range(40, 66, every_deg)
    }
    below = _draw_graticule(axes, meridians, shapely.box(*edges), bottom)
    beside = _draw_graticule(axes, parallels, shapely.box(*edges), left)
    axes.set_xticks([point.x for point in below.values()], [*below])
    axes.set_yticks([point.y for point in beside.values()], [*beside])


def _draw_graticule(
    axes: Axes, lines: Mapping[str, shapely.LineString], box: shapely.Polygon, side: Any
) -> dict[str, shapely.Point]:
    """Draw lines of the graticule; return by name where they leave the map on a side."""
    found = {}
    for name, line in lines.items():
        projected = project(shapely.segmentize(line, 0.5))
        stroke(axes, projected.intersection(box), color=GRATICULE, linewidth=0.35, zorder=1.5)
        point = projected.intersection(side)
        if not point.is_empty:
            found[name] = point
    return found


def halo(width_pt: float, **look: Any) -> list[withStroke]:
    """A pale edge that sets letters off from what they stand on."""
    return [withStroke(linewidth=width_pt, foreground=WHITE, **look)]


def draw_names(axes: Axes, edges: Edges, kinds: Sequence[str]) -> None:
    """Write the names of places of some kinds (keys of :data:`TYPE`)."""
    box = shapely.box(*edges).buffer(-40)
    for words, lon, lat, kind in PLACES:
        at = project(shapely.Point(lon, lat))
        if kind in kinds and box.contains(at):
            axes.text(
                at.x,
                at.y,
                words,
                path_effects=halo(HALO_PT, alpha=0.85),
                zorder=8,
                **{"ha": "center", "va": "center", **TYPE[kind]},
            )


def draw_scale(axes: Axes, edges: Edges) -> None:
    """Draw a bar of 200 km over one of 100 nautical miles; true in the middle of the map."""
    _, south, east, north = edges
    gap_km = (north - south) * 0.016
    x, y = east - 40, south + 0.045 * (north - south)
    _bar(axes, (x, y + gap_km), 200.0, "200 km", va="bottom", shift_km=gap_km * 0.5)
    _bar(axes, (x, y), 100 * KM_PER_NM, "100 nm", va="top", shift_km=gap_km * -0.5)


def _bar(
    axes: Axes, end: tuple[float, float], long_km: float, words: str, *, va: Any, shift_km: float
) -> None:
    x, y = end
    axes.plot([x - long_km, x], [y] * 2, color=INK, linewidth=1.4, solid_capstyle="butt", zorder=9)
    axes.text(x - long_km / 2, y + shift_km, words, ha="center", va=va, zorder=9, fontsize="small")
