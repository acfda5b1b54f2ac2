"""Maps for print: the theatre, one option, and several options side by side.

In equal-area projection (Lambert azimuthal, EPSG:9820 centred at 50 N 150 E), so that waters may be
compared by eye, and north is up in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject

from okhotsk import style as palette
from okhotsk.assessment.record import Result
from okhotsk.report.layout import INK, SOFT, foot, sheet
from okhotsk.theatre.model import Theatre

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CRS = "+proj=laea +lat_0=50 +lon_0=150 +units=km +ellps=WGS84"
# Edges of the maps in km from the centre: west, south, east, north.
SEA = (-950.0, -850.0, 950.0, 1330.0)
CHAIN = (-730.0, -800.0, 700.0, 640.0)
WINDOW = (134.0, 41.0, 166.0, 64.0)
PX_PER_KM = 0.45
COAST = "Coast: GSHHG 2.3.6."
Edges = tuple[float, float, float, float]
HALO = 1.8
REGIMES = {
    "russian": "exit, both Russian",
    "shared": "exit shared (dotted core)",
    "japanese": "exit, both Japanese (white core)",
}
NM_KM = 1.852
PLACES = (
    ("SEA OF\nOKHOTSK", 149.3, 53.6, "sea"),
    ("PACIFIC\nOCEAN", 155.6, 45.2, "ocean"),
    ("Sakhalin", 142.9, 50.6, "land"),
    ("Hokkaido", 143.0, 43.35, "land"),
    ("Kamchatka", 158.6, 54.6, "land"),
    ("Kunashir", 145.05, 44.75, "island"),
    ("Iturup", 147.2, 45.55, "island"),
    ("Urup", 149.3, 46.5, "island"),
    ("Simushir", 151.2, 47.45, "island"),
    ("Shikotan", 147.6, 43.6, "island"),
    ("Matua", 154.3, 47.75, "island"),
    ("Onekotan", 155.9, 49.2, "island"),
    ("Paramushir", 157.4, 50.15, "island"),
)


@cache
def _projector() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)


def project(shape: Any) -> Any:
    """A shape (EPSG:4326) in km from the centre of the maps."""
    return shapely.transform(shape, lambda xy: np.column_stack(_projector().transform(*xy.T)))


def _frame(axes: Axes, edges: Edges, width: str) -> None:
    west, south, east, north = edges
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set_visible(True)
    axes.tick_params(length=0, pad=2)
    _graticule(axes, edges, every=10 if width == "small" else 5)
    # Nothing is known beyond the window of the data.
    window = project(shapely.segmentize(shapely.box(*WINDOW), 0.5))
    _fill(axes, shapely.box(*edges).difference(window), facecolor="white", linewidth=0, zorder=7)


def _graticule(axes: Axes, edges: Edges, *, every: int) -> None:
    """Meridians and parallels, named where they leave the map below and on the left."""
    box = shapely.box(*edges)
    bottom = shapely.LineString([edges[:2], (edges[2], edges[1])])
    left = shapely.LineString([edges[:2], (edges[0], edges[3])])
    marks: dict[str, list[tuple[float, str]]] = {"x": [], "y": []}
    for lon in range(130, 175, every):
        line = project(shapely.segmentize(shapely.LineString([(lon, 38), (lon, 66)]), 0.5))
        _lines(axes, line.intersection(box), color="#8fa3b3", linewidth=0.35, zorder=1.5)
        at = line.intersection(bottom)
        marks["x"] += [] if at.is_empty else [(at.x, f"{lon}° E")]
    for lat in range(40, 66, every):
        line = project(shapely.segmentize(shapely.LineString([(125, lat), (175, lat)]), 0.5))
        _lines(axes, line.intersection(box), color="#8fa3b3", linewidth=0.35, zorder=1.5)
        at = line.intersection(left)
        marks["y"] += [] if at.is_empty else [(at.y, f"{lat}° N")]
    axes.set_xticks([x for x, _ in marks["x"]], [words for _, words in marks["x"]])
    axes.set_yticks([y for y, _ in marks["y"]], [words for _, words in marks["y"]])


def _fill(axes: Axes, shape: Any, **style: Any) -> None:
    """Polygons with their holes, already projected."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if rings:
        paths = (Path(np.asarray(ring.coords), closed=True) for ring in rings)
        path = Path.make_compound_path(*paths)
        axes.add_patch(PathPatch(path, **style))


def _lines(axes: Axes, shape: Any, **style: Any) -> None:
    for part in shapely.get_parts(shape):
        if part.geom_type == "LineString" and not part.is_empty:
            axes.plot(*np.asarray(part.coords).T, **style)


def _near(shape: Any, edges: Edges, km: float) -> Any:
    """A shape projected, simplified, and cut to a little more than a map."""
    west, south, east, north = edges
    box = shapely.box(west - 20, south - 20, east + 20, north + 20)
    simple = shapely.make_valid(shapely.simplify(project(shape), km))
    return shapely.intersection(simple, box)


def _seabed(axes: Axes, theatre: Theatre, edges: Edges) -> None:
    size = [round((edges[n + 2] - edges[n]) * PX_PER_KM) for n in (0, 1)]
    depth_m: NDArray[np.float32] = np.zeros((size[1], size[0]), np.float32)
    reproject(
        theatre.seabed.depth_m,
        depth_m,
        src_transform=theatre.grid.transform,
        src_crs="EPSG:4326",
        dst_transform=from_bounds(*edges, *size),
        dst_crs=CRS,
        resampling=Resampling.bilinear,
    )
    known = [depth for depth, _ in palette.DEPTHS]
    bands = [np.interp(depth_m, known, [c[n] for _, c in palette.DEPTHS]) for n in range(3)]
    picture = np.rint(np.stack(bands, axis=-1)).astype(np.uint8)
    axes.imshow(picture, extent=(edges[0], edges[2], edges[1], edges[3]), zorder=0)


def _land(axes: Axes, result: Result, edges: Edges, km: float) -> None:
    for row in result.land.itertuples():
        ceded = {
            "facecolor": palette.CEDED[row.forces],
            "edgecolor": palette.JAPAN,
            "linewidth": 0.5,
            "hatch": None if row.forces == "JP" else "//////",
        }
        plain = {"facecolor": palette.LAND, "edgecolor": palette.COAST, "linewidth": 0.3}
        shape = _near(
            row.geometry, edges, km if row.unit_id in ("mainland", "hokkaido") else km / 4
        )
        _fill(axes, shape, zorder=4, **(ceded if row.ceded else plain))


def _zones(axes: Axes, result: Result, edges: Edges) -> None:
    looks = {
        "ru-territorial-sea": (palette.RUSSIA, 0.25),
        "jp-territorial-sea": (palette.JAPAN, 0.45),
        "jp-eez": (palette.JAPAN, 0.13),
        "high-seas": (palette.POCKET, 0.13),
    }
    for row in result.zones.itertuples():
        if row.zone in looks:
            colour, alpha = looks[row.zone]
            shape = _near(row.geometry, edges, 1.0)
            _fill(axes, shape, facecolor=colour, alpha=alpha, linewidth=0, zorder=2)
            _lines(axes, shape.boundary, color=colour, linewidth=0.35, zorder=2)


def _waters(axes: Axes, result: Result, edges: Edges) -> None:
    refuge, sensed = (_near(shape, edges, 3.0) for shape in (result.refuge, result.sensed))
    _fill(axes, refuge, facecolor=palette.REFUGE, alpha=0.16, linewidth=0, zorder=1)
    _lines(axes, refuge.boundary, color=palette.REFUGE, linewidth=0.6, linestyle=":", zorder=2.2)
    _fill(
        axes,
        sensed,
        facecolor="none",
        edgecolor=palette.SENSED,
        hatch="\\\\\\\\",
        linewidth=0,
        zorder=2.1,
    )


def _straits(axes: Axes, result: Result, *, scale: float = 1.0) -> None:
    """Throats of exits by regime; a white core tells them apart in greyscale too."""
    core = {"russian": None, "shared": (0, (1, 1.2)), "japanese": "-"}
    for row in result.straits[result.straits.exit].itertuples():
        line = project(row.geometry)
        _lines(
            axes,
            line,
            color=palette.REGIME[row.regime],
            linewidth=3.4 * scale,
            solid_capstyle="butt",
            zorder=5,
        )
        if core[row.regime]:
            _lines(
                axes,
                line,
                color="white",
                linewidth=1.0 * scale,
                linestyle=core[row.regime],
                solid_capstyle="butt",
                dash_capstyle="butt",
                zorder=5.1,
            )


def _seal(axes: Axes, result: Result, *, section: bool = True, scale: float = 1.0) -> None:
    if section:
        _lines(
            axes,
            project(result.barrier.section_line),
            color=palette.SECTION,
            zorder=6,
            linewidth=1.1 * scale,
            linestyle=(0, (3, 1.5)),
        )
    line = project(result.barrier.line)
    _lines(axes, line, color="white", linewidth=2.4 * scale, zorder=6.1)
    _lines(axes, line, color=palette.SEAL, linewidth=1.4 * scale, zorder=6.2)


def _names(axes: Axes, edges: Edges, kinds: Sequence[str]) -> None:
    from matplotlib.patheffects import withStroke

    box = shapely.box(*edges).buffer(-40)
    for words, lon, lat, kind in PLACES:
        at = project(shapely.Point(lon, lat))
        if not box.contains(at) or kind not in kinds:
            continue
        water: dict[str, Any] = {"style": "italic", "color": "#3d5a73"}
        looks = {
            "sea": water,
            "ocean": water,
            "land": {"color": SOFT},
            "island": {"color": INK, "fontsize": "small"},
        }[kind]
        halo = [withStroke(linewidth=HALO, foreground="white", alpha=0.85)]
        axes.text(at.x, at.y, words, ha="center", va="center", path_effects=halo, zorder=8, **looks)


def _scale(axes: Axes, edges: Edges) -> None:
    """A bar of 200 km over one of 100 nautical miles; true in the middle of the map."""
    west, south, east, _ = edges
    high = (edges[3] - south) * 0.016
    x, y = east - 40, south + 0.045 * (edges[3] - south)
    bars = ((200.0, "200 km", y + high, "bottom", 0.3), (100 * NM_KM, "100 nm", y, "top", -0.3))
    for long, words, base, va, _ in bars:
        axes.plot(
            [x - long, x], [base] * 2, color=INK, linewidth=1.4, solid_capstyle="butt", zorder=9
        )
        shift = high * (0.5 if va == "bottom" else -0.5)
        axes.text(x - long / 2, base + shift, words, ha="center", va=va, zorder=9, fontsize="small")


def _keys(result: Result | None, *, waters: bool = True) -> list[Any]:
    """Legend entries of what a map of an option shows."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    line: dict[str, Any] = {"solid_capstyle": "butt"}
    keys = [
        Line2D([], [], color=palette.SEAL, linewidth=1.6, label="shortest seal line"),
        Line2D(
            [],
            [],
            color=palette.SECTION,
            linewidth=1.2,
            linestyle=(0, (3, 1.5)),
            label="line of least section",
        ),
        *(
            Line2D([], [], color=palette.REGIME[regime], linewidth=3.4, label=words, **line)
            for regime, words in REGIMES.items()
        ),
        Patch(facecolor=palette.RUSSIA, alpha=0.25, label="Russian territorial sea"),
        Patch(facecolor=palette.JAPAN, alpha=0.45, label="Japanese territorial sea"),
        Patch(facecolor=palette.JAPAN, alpha=0.13, label="Japanese economic zone"),
        Patch(facecolor=palette.POCKET, alpha=0.2, label="high seas"),
    ]
    if waters:
        keys += [
            Patch(facecolor=palette.REFUGE, alpha=0.25, label="refuge"),
            Patch(
                facecolor="none",
                edgecolor=palette.SENSED,
                hatch="\\\\\\\\",
                linewidth=0,
                label="in hostile sight",
            ),
        ]
    held = set(result.land[result.land.ceded].forces) if result is not None else set()
    words = {
        "JP": "ceded, Japanese forces",
        "none": "ceded, demilitarised",
        "RU": "ceded, Russian forces stay",
    }
    keys += [
        Patch(
            facecolor=palette.CEDED[k],
            edgecolor=palette.JAPAN,
            linewidth=0.5,
            hatch=None if k == "JP" else "//////",
            label=words[k],
        )
        for k in words
        if k in held
    ]
    return keys


def ground(theatre: Theatre) -> str:
    """Sources of coast and seabed."""
    seabed = theatre.seabed
    return f"{COAST} Seabed: {seabed.title}, cells of {seabed.native_km:.1f} km."


def sources(result: Result) -> str:
    """Sources and assumptions under a map."""
    values = result.assumptions
    return (
        f"{ground(result.theatre)} Lines cross water "
        f"{values.transit_depth_m:g} m deep or more. Refuge: water "
        f"{values.patrol_depth_m:g} m deep or more, over {values.refuge_standoff_km:g} km from "
        f"shores where Japanese forces may stand. Sight: {values.sensor_range_km:g} km. "
        "Computed with okhotsk."
    )


def draw_option(result: Result, *, width: str) -> Figure:
    """The map of one option: the layers of its interactive map."""
    figure = sheet(width, column=1.0, page=1.0)
    axes = figure.subplots()
    _frame(axes, CHAIN, width)
    _seabed(axes, result.theatre, CHAIN)
    _waters(axes, result, CHAIN)
    _zones(axes, result, CHAIN)
    _land(axes, result, CHAIN, 2.0)
    _straits(axes, result)
    _seal(axes, result)
    _names(axes, CHAIN, ("sea", "ocean", "land", "island"))
    _scale(axes, CHAIN)
    short = result.scenario.short or result.scenario.title
    axes.set_title(short if width == "column" else result.scenario.title)
    columns = 2 if width == "column" else 3
    foot(figure, sources(result), width, handles=_keys(result), ncols=columns)
    return figure


def draw_options(results: Sequence[Result], *, width: str) -> Figure:
    """Small maps of several options, each with the length of its line and its refuge."""
    columns = min(len(results), 2 if width == "column" else 4)
    rows = -(-len(results) // columns)
    figure = sheet(width, column=0.57 * rows, page=0.29 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, result in zip(grid.flat, results, strict=False):
        _small(axes, result)
    for axes in grid.flat[len(results) :]:
        axes.set_visible(False)
    keys = [k for k in _keys(None, waters=False) if "section" not in k.get_label()]
    ncols = 2 if width == "column" else 4
    foot(figure, sources(results[0]), width, handles=keys, ncols=ncols)
    return figure


def _small(axes: Axes, result: Result) -> None:
    _frame(axes, CHAIN, "small")
    axes.set_xticks([])
    axes.set_yticks([])
    _seabed(axes, result.theatre, CHAIN)
    _zones(axes, result, CHAIN)
    _land(axes, result, CHAIN, 6.0)
    _straits(axes, result, scale=0.6)
    _seal(axes, result, section=False, scale=0.8)
    record = result.record
    axes.set_title(result.scenario.short or result.scenario.title, fontsize="medium", pad=3)
    axes.text(
        0.03,
        0.97,
        f"line {record['barrier_km']:,.0f} km\nrefuge {record['refuge_share']:.0%}",
        transform=axes.transAxes,
        va="top",
        fontsize="small",
        zorder=9,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5},
    )


def draw_theatre(theatre: Theatre, *, width: str) -> Figure:
    """The sea with its limits, its straits and its depths."""
    from matplotlib.lines import Line2D

    figure = sheet(width, column=1.16, page=1.14)
    axes = figure.subplots()
    _frame(axes, SEA, width)
    _seabed(axes, theatre, SEA)
    for unit, land in theatre.lands.items():
        km = 2.5 if unit in ("mainland", "hokkaido", "sakhalin") else 0.6
        _fill(
            axes,
            _near(land, SEA, km),
            facecolor=palette.LAND,
            edgecolor=palette.COAST,
            linewidth=0.3,
            zorder=4,
        )
    exits = [t for t in theatre.throats if t.strait.exit]
    for throat in exits:
        known = throat.sill_depth_m is not None
        _lines(
            axes,
            project(throat.line),
            color=palette.SECTION if known else SOFT,
            linewidth=2.6,
            solid_capstyle="butt",
            zorder=5,
        )
    gap_km = 62 if width == "column" else 40
    _name_straits(axes, [t for t in exits if t.sill_depth_m is not None], gap_km)
    _names(axes, SEA, ("sea", "land"))
    _scale(axes, SEA)
    axes.set_title("The Sea of Okhotsk and its exits")
    keys = [
        Line2D([], [], color=palette.SECTION, linewidth=2.6, label="exit, with its sill in metres"),
        Line2D([], [], color=SOFT, linewidth=2.6, label="exit too narrow for the seabed: no depth"),
    ]
    foot(
        figure,
        f"Sea inside its computed limits: {theatre.sea_km2:,.0f} km². {ground(theatre)} Computed "
        "with okhotsk.",
        width,
        handles=keys,
        ncols=1 if width == "column" else 2,
    )
    return figure


def _name_straits(axes: Axes, throats: Sequence[Any], gap_km: float) -> None:
    """Names on the Pacific side, one under the other, each with a line to its strait."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=HALO, foreground="white", alpha=0.85)]
    ends = sorted(((project(t.line.centroid), t) for t in throats), key=lambda end: -end[0].y)
    last = np.inf
    for end, throat in ends:
        far = throat.strait.kuril
        y = min(end.y - 25, last - gap_km) if far else end.y - 60
        last = y if far else last
        x = end.x + (120 + 0.3 * (end.y - y) if far else 60)
        axes.plot([end.x, x - 8], [end.y, y], color=SOFT, linewidth=0.4, zorder=6)
        words = f"{throat.strait.name.split(' (')[0]} {throat.sill_depth_m:.0f}"
        axes.text(x, y, words, va="center", fontsize="small", path_effects=halo, zorder=8)
