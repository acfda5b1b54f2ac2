"""The layers of a print map, drawn as the catalogue of style has them, and their legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import AbstractPathEffect, Normal, Stroke
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject

from okhotsk.assessment.record import Result
from okhotsk.colours import CORE_OF, DEPTHS, REGIME, WHITE
from okhotsk.raster.arrays import Float32Array
from okhotsk.report.projection import CRS, Edges, clip, fill, project, stroke
from okhotsk.style import LAND_STATUS, LOOKS, Paper, Swatch, land_status
from okhotsk.theatre.model import Theatre

PX_PER_KM = 0.45
LARGE_LANDS = frozenset({"mainland", "hokkaido"})  # drawn coarser than islands
# Line styles of the pale cores of exits, as matplotlib writes them.
CORES = {"dots": (0, (1, 1.2)), "line": "-"}
BUTT: dict[str, Any] = {"solid_capstyle": "butt"}


def printed(layer: str, value: str = "") -> tuple[Swatch, Paper]:
    """Return a class of a layer, and how figures draw it.

    Raises
    ------
    KeyError
        For a class that figures leave out.
    """
    swatch = LOOKS[layer].of(value)
    if swatch.paper is None:
        raise KeyError(f"class {value!r} of layer {layer!r} is not drawn in figures")
    return swatch, swatch.paper


def draw_seabed(axes: Axes, theatre: Theatre, edges: Edges) -> None:
    """Draw the depths as a picture, in colours linear between those of the catalogue."""
    depth_m = _reprojected(theatre, edges)
    known = [depth for depth, _ in DEPTHS]
    bands = [np.interp(depth_m, known, [c[n] for _, c in DEPTHS]) for n in range(3)]
    picture = np.rint(np.stack(bands, axis=-1)).astype(np.uint8)
    axes.imshow(picture, extent=(edges[0], edges[2], edges[1], edges[3]), zorder=0)


def _reprojected(theatre: Theatre, edges: Edges) -> Float32Array:
    """Depths (m) on the pixels of a map."""
    columns, rows = (round((edges[n + 2] - edges[n]) * PX_PER_KM) for n in (0, 1))
    depth_m: Float32Array = np.zeros((rows, columns), np.float32)
    reproject(
        theatre.seabed.depth_m,
        depth_m,
        src_transform=theatre.grid.transform,
        src_crs="EPSG:4326",
        dst_transform=from_bounds(*edges, columns, rows),
        dst_crs=CRS,
        resampling=Resampling.bilinear,
    )
    return depth_m


def draw_land(axes: Axes, result: Result, edges: Edges, *, tolerance_km: float) -> None:
    """Draw land by its holder, islands with a quarter of the tolerance."""
    for row in result.land.itertuples():
        status = land_status(row.forces, row.sovereign, row.ceded)
        coarse = row.unit_id in LARGE_LANDS
        shape = clip(row.geometry, edges, tolerance_km=tolerance_km if coarse else tolerance_km / 4)
        fill(axes, shape, zorder=4, **land_look(status))


def land_look(status: str) -> dict[str, Any]:
    """How land of a status is filled."""
    swatch, paper = printed("land", status)
    return {
        "facecolor": swatch.fill,
        "edgecolor": swatch.line,
        "linewidth": paper.width_pt,
        "hatch": paper.hatch,
    }


def draw_zones(axes: Axes, result: Result, edges: Edges) -> None:
    """Draw the maritime zones that figures show."""
    for row in result.zones.itertuples():
        swatch = LOOKS["zones"].of(row.zone)
        if swatch.paper:
            shape = clip(row.geometry, edges, tolerance_km=1.0)
            paper, line = swatch.paper, {"color": swatch.line, "zorder": 2}
            fill(axes, shape, facecolor=swatch.fill, alpha=paper.opacity, linewidth=0, zorder=2)
            stroke(axes, shape.boundary, linewidth=paper.width_pt, **line)


def draw_waters(axes: Axes, result: Result, edges: Edges) -> None:
    """Draw the refuge filled, and sensed water hatched."""
    refuge, sensed = (clip(s, edges, tolerance_km=3.0) for s in (result.refuge, result.sensed))
    swatch, paper = printed("refuge")
    fill(axes, refuge, facecolor=swatch.fill, alpha=paper.opacity, linewidth=0, zorder=1)
    edge = {"color": swatch.line, "linewidth": paper.width_pt, "linestyle": paper.dash}
    stroke(axes, refuge.boundary, zorder=2.2, **edge)
    fill(axes, sensed, zorder=2.1, **_sensed_look())


def _sensed_look() -> dict[str, Any]:
    swatch, paper = printed("sensed")
    return {
        "facecolor": "none",
        "edgecolor": swatch.line,
        "hatch": paper.hatch,
        "linewidth": 0,
    }


def draw_straits(axes: Axes, result: Result, *, scale: float = 1.0) -> None:
    """Draw throats of exits by regime; a pale core tells them apart in greyscale too."""
    for row in result.straits[result.straits.exit].itertuples():
        line = project(row.geometry)
        swatch, paper = printed("straits", row.regime)
        width_pt = paper.width_pt * scale
        stroke(axes, line, color=swatch.line, linewidth=width_pt, zorder=5, **BUTT)
        if row.regime in CORE_OF:
            core = {"linestyle": CORES[CORE_OF[row.regime]], "dash_capstyle": "butt", **BUTT}
            stroke(axes, line, color=WHITE, linewidth=1.0 * scale, zorder=5.1, **core)


def draw_seal(axes: Axes, result: Result, *, section: bool = True, scale: float = 1.0) -> None:
    """Draw the shortest seal line, and below it the one of least section that boats can use."""
    if section:
        swatch, paper = printed("seal_lines", "operating")
        stroke(
            axes,
            project(result.barrier.lines["operating_area_km2"]),
            color=swatch.line,
            zorder=6,
            linewidth=paper.width_pt * scale,
            linestyle=paper.dash,
        )
    swatch, paper = printed("seal_lines", "seal")
    line = project(result.barrier.lines["barrier_km"])
    stroke(axes, line, color=WHITE, linewidth=(paper.width_pt + 1.0) * scale, zorder=6.1)
    stroke(axes, line, color=swatch.line, linewidth=paper.width_pt * scale, zorder=6.2)


def seal_keys(*, section: bool = True) -> list[Artist]:
    """Legend entries of the seal lines."""
    keys: list[Artist] = []
    for name in ("seal", "operating") if section else ("seal",):
        swatch, paper = printed("seal_lines", name)
        look: dict[str, Any] = {"linewidth": paper.key_width_pt, "linestyle": paper.dash}
        keys.append(Line2D([], [], color=swatch.line, label=paper.label, **look))
    return keys


def strait_keys() -> list[Artist]:
    """Legend entries of the exits by regime."""
    return [_strait_key(regime) for regime in REGIME]


def _strait_key(regime: str) -> Line2D:
    """An exit as it is drawn, with its pale core."""
    swatch, paper = printed("straits", regime)
    effects: list[AbstractPathEffect] = [Normal()]
    if regime in CORE_OF:
        style = CORES[CORE_OF[regime]]
        dashes = None if style == "-" else {"dash_offset": style[0], "dash_list": style[1]}
        effects.append(Stroke(linewidth=1.0, foreground=WHITE, dashes=dashes))
    look: dict[str, Any] = {"linewidth": paper.key_width_pt, "path_effects": effects, **BUTT}
    return Line2D([], [], color=swatch.line, label=paper.label, **look)


def zone_keys() -> list[Artist]:
    """Legend entries of the maritime zones."""
    names = ("ru-territorial-sea", "jp-territorial-sea", "jp-eez", "high-seas")
    return [_patch(*printed("zones", name)) for name in names]


def water_keys() -> list[Artist]:
    """Legend entries of refuge and sensed water."""
    sensed = Patch(label=printed("sensed")[1].label, **_sensed_look())
    return [_patch(*printed("refuge")), sensed]


def _patch(swatch: Swatch, paper: Paper) -> Patch:
    return Patch(facecolor=swatch.fill, alpha=paper.key_opacity, label=paper.label)


def ceded_keys(results: Sequence[Result]) -> list[Artist]:
    """Legend entries of ceded land, by whose forces may stand on it."""
    held = {forces for r in results for forces in r.land[r.land.ceded].forces}
    statuses = [status for forces, status in LAND_STATUS.items() if forces in held]
    return [Patch(label=printed("land", s)[1].label, **land_look(s)) for s in statuses]
