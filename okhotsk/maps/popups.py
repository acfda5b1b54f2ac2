"""What a click on the map shows: small tables and the section of a strait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from okhotsk.assessment.intervals import between, seabed_interval, section_words
from okhotsk.colours import HOLDER, INK
from okhotsk.maps import assets
from okhotsk.measures.exposure import Route
from okhotsk.measures.strait_section import JAPANESE, Section
from okhotsk.raster.arrays import FloatArray
from okhotsk.style import LOOKS, SECTION_WATER
from okhotsk.theatre.straits import Throat

REGIMES = {
    "russian": "both shores Russian",
    "shared": "shared",
    "japanese": "both shores Japanese",
}
NAMES = {"RU": "Russia", "JP": "Japan", "none": "none (demilitarised)"}
# W48, W49 in data/sources.toml.
POCKET_SEABED = (
    "There the water alone: the seabed is Russian continental shelf (recommendation of the CLCS, "
    "2014; Russian government resolution, 2015)."
)
# What an exposure of 1 is.
ONE = "(1: straight from a watching shore to the end of its range, or back)"
TOO_COARSE = "The seabed is too coarse for this strait: no depth is given."

# Of the pictures, in their own units.
LEFT, TOP, WIDE, SECTION_HIGH, EXPOSURE_HIGH = 44, 16, 200, 84, 70
ROCK, GROUND = "#d8d2c6", "#eef2f5"
BOX: Mapping[str, Any] = MappingProxyType({"left": LEFT, "top": TOP, "wide": WIDE, "ink": INK})


def _popup(
    title: str,
    rows: Mapping[str, str],
    *,
    names: Iterable[object] = (),
    picture: Markup | None = None,
    note: str = "",
) -> str:
    other = ", ".join(name for name in names if isinstance(name, str))
    return assets.render(
        "popup.html.j2", title=title, other_names=other, rows=rows, picture=picture, note=note
    )


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
        "Sovereign in this scenario": NAMES[holders["sovereign"]],
        "Forces in this scenario": NAMES[holders["forces"]],
        "Area of this part": f"{part_km2:,.1f} km²" if part else "",
        f"Area{whole}": f"{island['area_km2']:,.1f} km²",
        f"Coast{whole}": f"{island['coast_km']:,.0f} km",
        f"Civil population{whole}": counted,
        "Russian district today": island["district"],
    }
    title = ", ".join(filter(None, [island["name"], part]))
    return _popup(title, rows, names=(island["name_ru"], island["name_ja"]))


def strait_popup(
    strait: Mapping[str, Any],
    throat: Throat,
    names: Mapping[str, str],
    section: Section,
    *,
    spread: str,
) -> str:
    """Popup of a strait: figures, and its section by whose waters they are.

    ``section`` is that of its throat, ``spread`` says what intervals over seabeds are.
    """
    known = throat.resolved
    side_a, side_b = (names.get(strait[side], strait[side]) for side in ("side_a", "side_b"))
    sill_m = strait["sill_depth_m"]
    sill = "" if pd.isna(sill_m) else f"{sill_m:,.0f} m{between(strait, 'sill_depth_m', ',.0f')}"
    rows = {
        "Regime": REGIMES[strait["regime"]],
        "Shores": f"{side_a} ({NAMES[strait['holder_a']]}), {side_b} ({NAMES[strait['holder_b']]})",
        "Exit of the sea": "yes" if strait["exit"] else "no",
        "Width, shore to shore": f"{strait['width_km']:.1f} km",
        "Throat": f"{strait['throat_width_km']:.1f} km",
        "Section there": section_words(strait) if known else "",
        "Sill": sill,
        "Outside territorial seas": _corridor(strait),
    }
    return _popup(
        strait["name"],
        rows,
        names=(strait["name_ru"], strait["name_ja"]),
        picture=section_svg(throat, strait, (side_a, side_b), section) if known else None,
        note=_strait_note(strait, spread) if known else TOO_COARSE,
    )


def _strait_note(strait: Mapping[str, Any], spread: str) -> str:
    """What the brackets are, where there are any."""
    return f"In brackets: {spread}." if seabed_interval(strait, "throat_area_km2") else ""


def _corridor(strait: Mapping[str, Any]) -> str:
    """What is left outside all territorial seas, in words."""
    if strait["corridor_km"] < 0.5:
        return "none"
    sill = strait["corridor_depth_m"]
    deep = "" if pd.isna(sill) else f", sill {sill:,.0f} m"
    return f"{strait['corridor_km']:.0f} km wide at least{deep}"


def section_svg(
    throat: Throat, strait: Mapping[str, Any], sides: tuple[str, str], section: Section
) -> Markup:
    """Section along the throat as a small SVG: waters by holder, shores, sill, both axes."""
    deepest = max(float(throat.depth_m.max()), 1.0)
    length_km = float(throat.distance_km[-1])
    x = LEFT + WIDE * section.distance_km / length_km
    y = TOP + SECTION_HIGH * section.depth_m / deepest
    shown = {zone: look for zone, look in SECTION_WATER.items() if section.runs(zone)}
    waters = [
        (_polygon(x[run], y[run]), look.fill)
        for zone, look in shown.items()
        for run in section.runs(zone)
    ]
    holders = (strait["holder_a"], strait["holder_b"])
    shores = [
        {"name": name, "colour": HOLDER[holder]}
        for name, holder in zip(sides, holders, strict=True)
    ]
    return assets.fragment(
        "strait_section.html.j2",
        **BOX,
        high=SECTION_HIGH,
        rock=ROCK,
        deepest=f"{deepest:,.0f}",
        length_km=f"{length_km:.0f}",
        waters=waters,
        lines=_lines(section, x, y),
        sill=not pd.isna(strait["sill_depth_m"]),
        sill_y=_sill_y(strait["sill_depth_m"], deepest),
        shores=shores,
        keys=shown,
        japanese=JAPANESE,
    )


def _polygon(x: FloatArray, y: FloatArray) -> str:
    bed = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f"{x[0]:.1f},{TOP} {bed} {x[-1]:.1f},{TOP}"


def _lines(section: Section, x: FloatArray, y: FloatArray) -> str:
    """Lines over Japanese water, so that it differs from Russian in grey too."""
    inside = np.flatnonzero(section.zone == JAPANESE)[::5]
    return "".join(f"M{x[n]:.1f} {TOP}V{y[n]:.1f}" for n in inside)


def _sill_y(sill_m: Any, deepest_m: float) -> str:
    """Height of the sill; it may lie beside the throat and be deeper or shallower."""
    if pd.isna(sill_m) or sill_m > deepest_m:
        return ""
    return f"{TOP + SECTION_HIGH * sill_m / deepest_m:.1f}"


def zone_tooltip(zone: str, name: str, area_km2: float) -> str:
    """Tooltip of a maritime zone; that of the high seas says whose the seabed is."""
    seabed = POCKET_SEABED if zone == "high-seas" else ""
    return assets.render("zone_tooltip.html.j2", name=name, area_km2=area_km2, seabed=seabed)


def route_popup(route: Route, name: str, range_km: float) -> str:
    """Popup of a route of least exposure: its figures and its exposure along it."""
    exposed = route.profile[route.profile.exposure_per_km > 0]
    near = "nowhere in sight" if exposed.empty else f"{exposed.sight_km.min():.0f} km"
    rows = {
        "Exposure": f"{route.exposure:.2f} {ONE}",
        "Length": f"{route.profile.distance_km.iloc[-1]:,.0f} km",
        "Nearest shore in sight": near,
        "Sensor range": f"{range_km:g} km, our assumption",
    }
    return _popup(name, rows, picture=None if exposed.empty else exposure_svg(route, range_km))


def exposure_svg(route: Route, range_km: float) -> Markup:
    """Exposure per 100 km along a route, as a small SVG with both axes labelled."""
    highest = 200 / range_km  # at the shore itself
    profile = route.profile
    length_km = float(profile.distance_km.iloc[-1])
    points = " ".join(
        f"{LEFT + WIDE * x / length_km:.1f},{TOP + EXPOSURE_HIGH * (1 - 100 * y / highest):.1f}"
        for x, y in zip(profile.distance_km, profile.exposure_per_km, strict=True)
    )
    return assets.fragment(
        "exposure.svg.j2",
        **BOX,
        high=EXPOSURE_HIGH,
        ground=GROUND,
        exposure=f"{route.exposure:.2f}",
        points=points,
        colour=LOOKS["sensed"].of().fill,
        highest=f"{highest:.1f}",
        length_km=f"{length_km:,.0f}",
    )
