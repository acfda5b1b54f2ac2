"""The interactive map of one option, as a folium map and as a self-contained page."""

from __future__ import annotations

from typing import Any

import folium
from folium.map import Layer

from okhotsk import layers, palette
from okhotsk.assessment import Assessment
from okhotsk.frames import Frame, FramedMap
from okhotsk.legend import Entry, Kind, Legend, Ramp, Section
from okhotsk.page import Hatch, add_controls, escape

AREAS = 4  # areas among the layers of the bastion, drawn under its lines
ROUTES = {
    "egress": "Least exposed way out: core to Pacific",
    "base": "Least exposed way in: Vilyuchinsk to core",
    "intruder": "Least exposed way in for others",
}

STYLES = """
.okhotsk-place { text-align: center; white-space: nowrap; pointer-events: none;
  text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 2px #fff; }
.okhotsk-sea { font: italic 15px Georgia, "Times New Roman", serif; color: #33566f;
  letter-spacing: .06em; }
.okhotsk-land { font-size: 12px; color: #5b5446; letter-spacing: .04em; }
.okhotsk-island { font-size: 11px; color: #3b352a; }
.okhotsk-facts { display: flex; flex-wrap: wrap; gap: 2px 22px; margin: 6px 0 0; padding: 0;
  list-style: none; font-variant-numeric: tabular-nums; }
.okhotsk-facts b { font-weight: 650; }
.okhotsk-facts small { color: #4a5866; font-size: 12px; }
.leaflet-marker-icon { background: none; border: 0; }
/* On a phone the attribution runs over the whole width: the legend stands above it. */
@media (max-width: 599px) { .leaflet-bottom.leaflet-left { bottom: 36px; } }
"""


def draw_map(
    result: Assessment, *, baseline: Assessment | None = None, tiles: Any = None
) -> FramedMap:
    """Return the folium map of an assessment.

    Parameters
    ----------
    result
        The assessment.
    baseline
        Another one, usually the status quo, whose seal line is drawn for comparison.
    tiles
        A tile layer under everything, as folium takes it, for people online; none by default.
    """
    fmap = FramedMap(
        location=[50.5, 150.0], zoom_start=5, tiles=tiles, min_zoom=4, max_zoom=11,
        max_bounds=True, min_lat=36, max_lat=67, min_lon=122, max_lon=178, zoom_snap=0.5,
        frame=_frame(result, baseline, None),
    )  # fmt: skip
    hatches = {"none": Hatch("#3d83c4"), "RU": Hatch(palette.SHARED)}
    for hatch in hatches.values():
        hatch.add_to(fmap)
    waters, bastion = _zones(result), _bastion(result, baseline)
    seabed = layers.seabed_layer(result)
    straits, land = layers.strait_layer(result), layers.land_layer(result, hatches)
    names = layers.place_labels()
    lines, areas = bastion[:-AREAS], bastion[-AREAS:]
    for layer in (seabed, *areas, *waters, land, straits, *lines, names):
        layer.add_to(fmap)
    fmap.fit_bounds([[43.2, 139.5], [58.8, 160.5]])
    groups: dict[str, list[Layer]] = {
        "Bastion": [lines[0], *lines[1:], *areas],
        "Straits and zones": [straits, *waters],
        "Ground": [seabed, land, names],
    }
    add_controls(fmap, groups=groups)
    _legend(result, waters, lines, areas, straits, land, seabed).add_to(fmap)
    return fmap


def _zones(result: Assessment) -> list[folium.GeoJson]:
    def zone(
        key: str, name: str, colour: str, opacity: float, *, show: bool = True
    ) -> folium.GeoJson:
        style = {"color": colour, "weight": 0.8, "fillColor": colour, "fillOpacity": opacity}
        return layers.zone_layer(result, key, name, show=show, opacity=0.6, **style)

    return [
        zone("ru-eez", "Russian economic zone", palette.RUSSIA, 0.1, show=False),
        zone("jp-eez", "Japanese economic zone", palette.JAPAN, 0.13),
        zone("high-seas", "High seas", palette.POCKET, 0.12),
        zone("ru-territorial-sea", "Russian territorial sea", palette.RUSSIA, 0.2),
        zone("jp-territorial-sea", "Japanese territorial sea", palette.JAPAN, 0.35),
    ]


def _bastion(result: Assessment, baseline: Assessment | None) -> list[folium.GeoJson]:
    seal, record = result.seal, result.record
    shortest = f"Shortest seal line: {seal.barrier_km:,.0f} km of water to watch"
    section = f"Line of least cross-section: {seal.barrier_area_km2:,.0f} km²"
    standoff = result.assumptions.refuge_standoff_km
    drawn = [
        layers.line_layer(seal.line, "Seal line (shortest)", shortest, show=True,
                          color=palette.SEAL, weight=2.5),
        layers.line_layer(seal.section_line, "Seal line (least cross-section)", section,
                          show=False, color=palette.SECTION, weight=3, dashArray="7 5"),
    ]  # fmt: skip
    if baseline is not None and baseline is not result:
        text = f"{baseline.scenario.title}: seal line of {baseline.seal.barrier_km:,.0f} km"
        drawn.append(
            layers.line_layer(baseline.seal.line, "Seal line today", escape(text), show=True,
                              color=palette.BEFORE, weight=2, dashArray="2 5")
        )  # fmt: skip
    for way, passage, colour in (
        ("Deepest way in for others", result.access, palette.JAPAN),
        ("Deepest way out for Russia", result.egress, palette.RUSSIA),
    ):
        text = f"{way}: {passage.depth_m:,.0f} m, through {', '.join(passage.straits) or 'none'}"
        drawn.append(
            layers.line_layer(passage.route, way, escape(text), show=False,
                              color=colour, weight=4, dashArray="1 7")
        )  # fmt: skip
    drawn += _routes(result)
    plain = {"weight": 1, "fillOpacity": 0}
    sensed = (
        f"In submerged sight of hostile shores, within {result.assumptions.sensor_range_km:g} km: "
        f"{record['sensed_share']:.1%} of the patrol water"
    )
    refuge = f"Refuge: {record['refuge_km2']:,.0f} km² of patrol water beyond {standoff:g} km"
    return [
        *drawn,
        layers.water_layer(result.refuge, "Refuge", refuge, show=True, color=palette.REFUGE,
                           weight=1, fillColor=palette.REFUGE, fillOpacity=0.13),
        layers.water_layer(result.sensed, "Sensed water", sensed, show=False, color=palette.SENSED,
                           weight=1, fillColor=palette.SENSED, fillOpacity=0.18),
        layers.water_layer(result.patrol, "Patrol water", _patrol(result), show=False,
                           color=palette.PATROL, **plain),
        layers.water_layer(result.core, "Core", "Core: the same for every option", show=False,
                           color=palette.CORE, dashArray="4 4", **plain),
    ]  # fmt: skip


def _routes(result: Assessment) -> list[folium.GeoJson]:
    """Ways of least exposure, with their profiles."""
    colours = {"egress": palette.RUSSIA, "base": palette.RUSSIA, "intruder": palette.JAPAN}
    return [
        layers.route_layer(
            result.routes[key], ROUTES[key], range_km=result.assumptions.sensor_range_km,
            color=colour, weight=3,
            dashArray="9 4" if key == "base" else None,
        )
        for key, colour in colours.items()
    ]  # fmt: skip


def _patrol(result: Assessment) -> str:
    depth = result.assumptions.patrol_depth_m
    return f"Patrol water: {result.record['patrol_km2']:,.0f} km² at least {depth:g} m deep"


def _legend(
    result: Assessment, waters: list[Any], lines: list[Any], areas: list[Any], straits: Any,
    land: Any, seabed: Any,
) -> Legend:  # fmt: skip
    """A section per layer, shown while the layer is."""
    standoff = result.assumptions.refuge_standoff_km
    sensor = result.assumptions.sensor_range_km
    deep = f", over water {result.assumptions.transit_depth_m:g} m deep or more"
    sections = [
        Section(title="", layer=layer, items=[_line_entry(layer.layer_name, deep)])
        for layer in lines
    ]
    labels = (
        (palette.REFUGE, 0.13, f"Refuge: patrol water over {standoff:g} km from hostile shores"),
        (
            palette.SENSED,
            0.18,
            f"Sensed: in line of sight of a hostile shore, {sensor:g} km",
        ),
        (palette.PATROL, 0, "Patrol water"),
        (palette.CORE, 0, "Core that every seal line encloses"),
    )
    sections += [
        Section(
            title="", layer=layer,
            items=[Entry(label=text, colour=colour, edge=colour, opacity=opacity)],
        )
        for layer, (colour, opacity, text) in zip(areas, labels, strict=True)
    ]  # fmt: skip
    regimes = [
        Entry(label=f"{name} shores", colour=palette.REGIME[key], kind="line", width=6)
        for key, name in (
            ("russian", "Both Russian"),
            ("shared", "Shared"),
            ("japanese", "Both Japanese"),
        )
    ]
    sections.append(
        Section(title="Straits", layer=straits, items=regimes, note="Thick: exits of the sea.")
    )
    fills = ((palette.RUSSIA, 0.1), (palette.JAPAN, 0.13), (palette.POCKET, 0.12),
             (palette.RUSSIA, 0.25), (palette.JAPAN, 0.4))  # fmt: skip
    sections += [
        Section(
            title="", layer=layer,
            items=[Entry(label=layer.layer_name, colour=colour, edge=colour, opacity=opacity)],
        )
        for layer, (colour, opacity) in zip(waters, fills, strict=True)
    ]  # fmt: skip
    sections += [_land_section(result, land), _seabed_section(seabed)]
    return Legend(sections)


def _line_entry(name: str, deep: str) -> Entry:
    if name in ROUTES.values():
        colour = palette.JAPAN if name == ROUTES["intruder"] else palette.RUSSIA
        kind: Kind = "dash" if name == ROUTES["base"] else "line"
        return Entry(label=f"{name} (click: profile)", colour=colour, kind=kind, width=3)
    if name.startswith("Deepest way"):
        colour = palette.JAPAN if "others" in name else palette.RUSSIA
        return Entry(label=name, colour=colour, kind="dash", width=4)
    if name == "Seal line (shortest)":
        return Entry(label=name + deep, colour=palette.SEAL, kind="line", width=2.5)
    colour = palette.SECTION if "section" in name else palette.BEFORE
    return Entry(label=name + deep, colour=colour, kind="dash")


def _land_section(result: Assessment, land: Any) -> Section:
    ceded = result.land[result.land.ceded]
    known = {
        "JP": Entry(label="Ceded, Japanese forces allowed", colour=palette.JAPAN),
        "none": Entry(label="Ceded, demilitarised", colour="#3d83c4", kind="hatch",
                      edge=palette.JAPAN),
        "RU": Entry(label="Ceded, Russian forces stay", colour=palette.SHARED, kind="hatch",
                    edge=palette.JAPAN),
    }  # fmt: skip
    items = [known[forces] for forces in known if forces in set(ceded.forces)]
    return Section(
        title="Land", layer=land,
        items=[Entry(label="Not ceded", colour=palette.LAND, edge=palette.COAST), *items],
    )  # fmt: skip


def _seabed_section(seabed: Any) -> Section:
    depths = [n * 4000 / 31 for n in range(32)]
    ticks = [(0.0, "0"), (0.25, "1000"), (0.5, "2000"), (1.0, "4000")]
    ramp = Ramp(colours=[palette.depth_colour(depth) for depth in depths], ticks=ticks)
    return Section(title="Depth in metres", layer=seabed, items=[ramp])


def map_page(
    result: Assessment, *, baseline: Assessment | None = None, index: str | None = None
) -> str:
    """Return the map of an assessment as one self-contained HTML page.

    ``index`` is the address of a page that lists all options, linked from the heading.
    """
    fmap = draw_map(result, baseline=baseline)
    fmap.frame = _frame(result, baseline, index)
    return fmap.to_html()


def _frame(result: Assessment, baseline: Assessment | None, index: str | None) -> Frame:
    title = result.scenario.title
    return Frame(
        title=f"{title} · okhotsk",
        description=f"What the option '{title}' does to the Sea of Okhotsk as a bastion.",
        heading_html=_heading(result, baseline, index),
        styles=STYLES,
    )


def _heading(result: Assessment, baseline: Assessment | None, index: str | None) -> str:
    record, before = result.record, baseline.record if baseline else None
    link = f'<a href="{escape(index)}">All options</a> · ' if index else ""

    def fact(label: str, key: str, style: str, unit: str, rest: str = "") -> str:
        text = f"{label} <b>{format(record[key], style)}{unit}</b>{rest}"
        if before is not None and baseline is not result:
            text += f" <small>(today {format(before[key], style)}{unit})</small>"
        return f"<li>{text}</li>"

    exits = f"{record['exits_russian']} / {record['exits_shared']} / {record['exits_japanese']}"
    deep = result.assumptions.transit_depth_m
    least = "at least " if result.uncounted else ""
    facts = [
        f"<li>Ceded <b>{record['ceded_land_km2']:,.0f} km²</b>, {least}"
        f"<b>{record['ceded_population']:,}</b> people</li>",
        f"<li>Exits with a sill of {deep:g} m or more, Russian / shared / Japanese "
        f"<b>{exits}</b></li>",
        fact("Seal line", "barrier_km", ",.0f", " km"),
        fact("Refuge", "refuge_share", ".1%", "", " of patrol water"),
        fact("In sight of hostile shores", "sensed_share", ".1%", ""),
        f"<li>Index <b>{record['index']:.0f}</b> <small>(today 100; {record['index_low']:.0f} to "
        f"{record['index_high']:.0f} over all assumptions and weightings)</small></li>",
    ]
    return (
        f"<h1>{escape(result.scenario.title)}</h1>"
        f"<p>{link}{escape(result.scenario.line)}</p>"
        f'<ul class="okhotsk-facts">{"".join(facts)}</ul>'
    )
