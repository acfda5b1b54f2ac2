"""Chart of the exits' cross-sections, the water in them by whose territorial sea it is."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from okhotsk.assessment.intervals import Interval, seabed_interval, section_words
from okhotsk.assessment.record import Result
from okhotsk.colours import HOLDER, INK, WHITE
from okhotsk.measures.strait_section import JAPANESE, Section
from okhotsk.report.captions import full_title, scenario_credit, seabed_note
from okhotsk.report.layout import entitle, foot, sheet
from okhotsk.report.titles import exits_finding
from okhotsk.style import SECTION_WATER
from okhotsk.theatre.straits import Throat

SILL: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": (0, (2, 1.5))}
BAR: dict[str, Any] = {"color": INK, "elinewidth": 0.9, "capsize": 1.8, "capthick": 0.9}
BAR_AT = 0.5  # of the length of a throat
NOTE = (
    "Along the line of least section, in km; above it the area of the section; shores at both ends "
    "in the colour of their holder; dashes: sill. Corridor: the widest way outside all territorial "
    "seas, where it is narrowest; the line may cross it obliquely. "
)


def draw_strait_sections(result: Result, *, width: str) -> Figure:
    """Draw the sections of the deep exits."""
    exits = _deep_exits(result)
    columns = 2 if width == "column" else 4
    rows = -(-len(exits) // columns)
    figure = sheet(width, column=0.32 * rows + 0.06, page=0.2 * rows + 0.04)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    straits = result.straits.set_index("strait_id")
    shown_m = [float(throat.depth_m.max()) for throat, _ in exits]
    shown_m += [sill.high for _, row in straits.iterrows() if (sill := _sill(row))]
    deepest_m = max(shown_m)
    for axes, (throat, section) in zip(grid.flat, exits, strict=False):
        strait = straits.loc[throat.strait.strait_id]
        _draw_section(axes, throat, section, deepest_m=deepest_m)
        _draw_sill(axes, throat, strait)
        _draw_shores(axes, throat, strait, deepest_m=deepest_m)
        axes.set_title(_title(throat, strait), fontweight="normal")
    for axes in grid.flat[len(exits) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("depth, m")
    entitle(figure, exits_finding(result), width, name=full_title(result))
    note = NOTE + seabed_note(result.theatre, "Bars and brackets") + scenario_credit([result])
    foot(figure, note, width, handles=_keys(), ncols=2 if width == "column" else 3)
    return figure


def _deep_exits(result: Result) -> list[tuple[Any, Section]]:
    """Throats and sections of the exits that are as deep as a submerged transit needs."""
    least_m = result.assumptions.transit_depth_m
    return [
        (throat, section)
        for throat, section in zip(result.theatre.throats, result.sections, strict=True)
        if throat.strait.exit and (throat.sill_depth_m or 0) >= least_m
    ]


def _draw_section(axes: Axes, throat: Any, section: Section, *, deepest_m: float) -> None:
    x, depth_m = section.distance_km, section.depth_m
    for zone in SECTION_WATER:
        for run in section.runs(zone):
            axes.fill_between(x[run], 0, depth_m[run], **_water(zone))
    axes.plot(x, depth_m, color=INK, linewidth=0.7)
    axes.set_ylim(deepest_m * 1.05, 0)


def _sill(strait: Any) -> Interval | None:
    return seabed_interval(strait, "sill_depth_m")


def _draw_sill(axes: Axes, throat: Any, strait: Any) -> None:
    """Draw the sill, and as a bar how deep it is on other seabeds."""
    sill_m, other = throat.sill_depth_m, _sill(strait)
    axes.axhline(sill_m, **SILL)
    if other:
        at_km, middle_m = BAR_AT * float(throat.distance_km[-1]), (other.low + other.high) / 2
        half_m = (other.high - other.low) / 2
        axes.errorbar(at_km, middle_m, half_m, **BAR)


def _title(throat: Throat, strait: Any) -> str:
    name, km = throat.strait.name.split(" (")[0], strait["corridor_km"]
    corridor = f"corridor {km:.0f} km" if km >= 0.5 else "no corridor"
    return f"{name}\n{corridor}\n{section_words(strait)}"


def _draw_shores(axes: Axes, throat: Any, strait: Any, *, deepest_m: float) -> None:
    """Draw the shores at both ends in the colours of their holders."""
    long_km = float(throat.distance_km[-1])
    for side, at_km in (("holder_a", 0.0), ("holder_b", long_km)):
        colour = HOLDER[strait[side]]
        ends = ([at_km, at_km], [0, deepest_m])
        axes.plot(*ends, color=colour, linewidth=2.4, solid_capstyle="butt")
    axes.set_xlim(-0.03 * long_km, 1.03 * long_km)
    axes.set_xticks([0, round(long_km)])


def _water(zone: str) -> dict[str, Any]:
    """How a zone is filled; Japanese water has lines, so that it differs in grey too."""
    return {
        "facecolor": SECTION_WATER[zone].fill,
        "alpha": 0.75,
        "linewidth": 0,
        "edgecolor": WHITE,
        "hatch": "||||||" if zone == JAPANESE else None,
    }


def _keys() -> list[Artist]:
    waters = [Patch(**_water(zone), label=water.label) for zone, water in SECTION_WATER.items()]
    return [*waters, Line2D([], [], **SILL, label="sill")]
