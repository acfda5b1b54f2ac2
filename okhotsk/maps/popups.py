"""What a click on the map shows: small tables and the section of a strait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from okhotsk import style
from okhotsk.maps.widgets.base import escape
from okhotsk.measures.exposure import Route
from okhotsk.measures.strait_section import COLOURS, JAPANESE, WORDS, Section
from okhotsk.theatre.straits import Throat

REGIMES = {
    "russian": "both shores Russian",
    "shared": "shared",
    "japanese": "both shores Japanese",
}
NAMES = {"RU": "Russia", "JP": "Japan", "none": "nobody (demilitarised)"}


def _table(rows: Mapping[str, str]) -> str:
    cells = "".join(
        f"<tr><th scope='row'>{escape(key)}</th><td>{escape(value)}</td></tr>"
        for key, value in rows.items()
        if value
    )
    return f"<table>{cells}</table>"


def _other_names(record: Mapping[str, Any]) -> str:
    known = [name for name in (record["name_ru"], record["name_ja"]) if isinstance(name, str)]
    return f"<p>{escape(', '.join(known))}</p>" if known else ""


def island_popup(
    island: Mapping[str, Any], holders: Mapping[str, str], *, part: str = "", part_km2: float = 0
) -> str:
    """Popup of an island, or of a part of a split one: names, size, people, holder.

    ``holders`` has ``sovereign`` and ``forces``.
    """
    whole = ", whole island" if part else ""
    people = island["population"]
    counted = "" if pd.isna(people) else f"{people:,} ({island['population_year']})"
    rows = {
        "Sovereign": NAMES[holders["sovereign"]],
        "Forces": NAMES[holders["forces"]],
        "Area of this part": f"{part_km2:,.1f} km²" if part else "",
        f"Area{whole}": f"{island['area_km2']:,.1f} km²",
        f"Coast{whole}": f"{island['coast_km']:,.0f} km",
        f"Civil population{whole}": counted,
        "District": island["district"],
    }
    title = ", ".join(filter(None, [island["name"], part]))
    return f"<h3>{escape(title)}</h3>{_other_names(island)}{_table(rows)}"


def strait_popup(
    strait: Mapping[str, Any], throat: Throat, names: Mapping[str, str], section: Section
) -> str:
    """Popup of a strait: figures, and its section by whose waters they are.

    ``section`` is that of the result.
    """
    known = throat.resolved
    side_a, side_b = (names.get(strait[side], strait[side]) for side in ("side_a", "side_b"))
    sill = "" if pd.isna(strait["sill_depth_m"]) else f"{strait['sill_depth_m']:,.0f} m"
    corridor = "none" if strait["corridor_km"] < 0.5 else f"{strait['corridor_km']:.0f} km wide"
    if known and strait["corridor_km"] >= 0.5:
        corridor += f", to {strait['corridor_depth_m']:,.0f} m deep"
    rows = {
        "Regime": REGIMES[strait["regime"]],
        "Shores": f"{side_a} ({NAMES[strait['holder_a']]}), {side_b} ({NAMES[strait['holder_b']]})",
        "Exit of the sea": "yes" if strait["exit"] else "no",
        "Width, shore to shore": f"{strait['width_km']:.1f} km",
        "Throat": f"{strait['throat_width_km']:.1f} km"
        + (f", {strait['throat_area_km2']:.2f} km²" if known else ""),
        "Sill": sill,
        "Outside territorial seas": corridor,
    }
    drawn = section_svg(throat, strait, (side_a, side_b), section) if known else _UNRESOLVED
    return f"<h3>{escape(strait['name'])}</h3>{_other_names(strait)}{_table(rows)}{drawn}"


_UNRESOLVED = "<p>The seabed is too coarse for this strait: no depth is given.</p>"


def section_svg(
    throat: Throat, strait: Mapping[str, Any], sides: tuple[str, str], section: Section
) -> str:
    """Section along the throat as a small SVG: waters by holder, shores, sill, both axes."""
    wide, high, left, top = 200.0, 84.0, 44.0, 16.0
    deepest = max(float(throat.depth_m.max()), 1.0)
    length = float(throat.distance_km[-1])
    x = left + wide * section.distance_km / length
    y = top + high * section.depth_m / deepest
    waters = "".join(
        f'<polygon points="{x[run][0]:.1f},{top:.0f} '
        + " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[run], y[run], strict=True))
        + f' {x[run][-1]:.1f},{top:.0f}" fill="{colour}" fill-opacity=".75"/>'
        for zone, colour in COLOURS.items()
        for run in section.runs(zone)
    )
    right, bottom = left + wide, top + high
    colours = [style.HOLDER[strait[key]] for key in ("holder_a", "holder_b")]
    shores = "".join(
        f'<rect x="{at:.0f}" y="{top:.0f}" width="4" height="{high:.0f}" fill="{colour}"/>'
        for at, colour in zip((left - 4, right), colours, strict=True)
    )
    ends = (
        f'<text x="{left:.0f}" y="11">{escape(sides[0])}</text>'
        f'<text x="{right:.0f}" y="11" text-anchor="end">{escape(sides[1])}</text>'
    )
    scale = (
        f'<text x="{left - 8:.0f}" y="{top + 8:.0f}" text-anchor="end">0 m</text>'
        f'<text x="{left - 8:.0f}" y="{bottom:.0f}" text-anchor="end">{deepest:,.0f}</text>'
        f'<text x="{left:.0f}" y="{bottom + 13:.0f}">0</text>'
        f'<text x="{right:.0f}" y="{bottom + 13:.0f}" text-anchor="end">{length:.0f} km</text>'
    )
    return (
        f'<svg viewBox="0 0 256 116" width="256" height="116" role="img" '
        f'aria-label="Section along the throat, greatest depth {deepest:,.0f} m" '
        f'font-size="10.5" fill="#17222d">'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{high:.0f}" '
        f'fill="#d8d2c6"/>{waters}{_lined(section, x, y, top)}{_sill(strait, deepest)}{shores}'
        f"{ends}{scale}</svg>"
        f"{_section_key(section, strait)}"
    )


def _lined(section: Section, x: NDArray[np.float64], y: NDArray[np.float64], top: float) -> str:
    """White lines over Japanese water, so that it differs from Russian in grey too."""
    lines = "".join(
        f"M{x[n]:.1f} {top:.0f}V{y[n]:.1f}" for n in np.flatnonzero(section.zone == JAPANESE)[::5]
    )
    return f'<path d="{lines}" stroke="#fff" stroke-width="1"/>' if lines else ""


def _sill(strait: Mapping[str, Any], deepest: float) -> str:
    """The sill as a dashed line; it may lie beside the throat and be deeper or shallower."""
    sill_m = strait["sill_depth_m"]
    if pd.isna(sill_m) or sill_m > deepest:
        return ""
    y = 16 + 84 * sill_m / deepest
    return (
        f'<path d="M44 {y:.1f}h200" stroke="#17222d" stroke-dasharray="4 3" stroke-width="1.2" '
        'fill="none"/>'
    )


def _section_key(section: Section, strait: Mapping[str, Any]) -> str:
    """What the colours of a section mean, those it has."""
    shown = [zone for zone in COLOURS if section.runs(zone)]
    keys = [f'<i style="background:{_fill(zone)}"></i>{WORDS[zone]}' for zone in shown]
    if not pd.isna(strait["sill_depth_m"]):
        keys.append('<i class="okhotsk-dash"></i>sill')
    return f'<p class="okhotsk-key">{" ".join(f"<span>{key}</span>" for key in keys)}</p>'


def _fill(zone: str) -> str:
    colour = COLOURS[zone]
    lines = f"repeating-linear-gradient(90deg,{colour} 0 4px,#fff 4px 5px)"
    return lines if zone == JAPANESE else colour


def zone_tooltip(name: str, area_km2: float) -> str:
    """Tooltip of a maritime zone."""
    return f"<b>{escape(name)}</b><br>{area_km2:,.0f} km² of the Sea of Okhotsk"


def route_popup(route: Route, name: str, range_km: float) -> str:
    """Popup of a way of least exposure: its figures and its exposure along the way."""
    exposed = route.profile[route.profile.exposure_per_km > 0]
    near = "nowhere in sight" if exposed.empty else f"{exposed.sight_km.min():.0f} km"
    rows = {
        "Exposure": f"{route.exposure:.2f} (1: straight out from a hostile shore)",
        "Length": f"{route.profile.distance_km.iloc[-1]:,.0f} km",
        "Nearest shore in sight": near,
        "Sensor range": f"{range_km:g} km, a point of the swept range",
    }
    chart = "" if exposed.empty else exposure_svg(route, range_km)
    return f"<h3>{escape(name)}</h3>{_table(rows)}{chart}"


def exposure_svg(route: Route, range_km: float) -> str:
    """Exposure per 100 km along a way, as a small SVG with both axes labelled."""
    wide, high, left, top = 200.0, 70.0, 44.0, 16.0
    highest = 200 / range_km  # at the shore itself
    profile = route.profile
    length = float(profile.distance_km.iloc[-1])
    points = " ".join(
        f"{left + wide * x / length:.1f},{top + high * (1 - 100 * y / highest):.1f}"
        for x, y in zip(profile.distance_km, profile.exposure_per_km, strict=True)
    )
    right, bottom = left + wide, top + high
    return (
        f'<svg viewBox="0 0 256 104" width="256" height="104" role="img" '
        f'aria-label="Exposure along the way, {route.exposure:.2f} in all" font-size="10.5" '
        f'fill="#17222d"><text x="{left:.0f}" y="11">exposure per 100 km</text>'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{high:.0f}" '
        f'fill="#eef2f5"/><polygon points="{left:.0f},{bottom:.0f} {points} '
        f'{right:.0f},{bottom:.0f}" fill="{style.SENSED}"/>'
        f'<text x="{left - 6:.0f}" y="{top + 8:.0f}" text-anchor="end">{highest:.1f}</text>'
        f'<text x="{left - 6:.0f}" y="{bottom:.0f}" text-anchor="end">0</text>'
        f'<text x="{left:.0f}" y="{bottom + 13:.0f}">0</text>'
        f'<text x="{right:.0f}" y="{bottom + 13:.0f}" text-anchor="end">{length:,.0f} km</text>'
        "</svg>"
    )
