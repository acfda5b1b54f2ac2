"""The interactive map of one option, as a folium map and as a self-contained page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import folium
from folium.map import Layer
from xyzservices import TileProvider, providers

from okhotsk import style as palette
from okhotsk.assessment.record import Result
from okhotsk.errors import MapError
from okhotsk.maps import layers
from okhotsk.maps.offline import Hatch, add_controls, escape
from okhotsk.maps.offline_map import Frame, FramedMap
from okhotsk.maps.widgets.attribution import Credits
from okhotsk.maps.widgets.depth_slider import Keels
from okhotsk.maps.widgets.inset import Locator
from okhotsk.maps.widgets.legend import (
    THICK,
    Entry,
    Kind,
    Legend,
    Section,
    depth_section,
    regimes,
)
from okhotsk.maps.widgets.names import add_names

HATCHED = "#3d83c4"
SCALE_DEEP = "over water {depth:g} m deep or more"
ROUTES = {
    "egress": ("Least exposed way out: core to Pacific", palette.RUSSIA, None),
    "base": ("Least exposed way in: Vilyuchinsk to core", palette.RUSSIA, "9 4"),
    "intruder": ("Least exposed way in for others", palette.JAPAN, None),
}
ONLINE = " The ground of this map is loaded from the network."
VIEW = [[43.2, 139.5], [58.8, 160.5]]  # south-west and north-east corner of what is shown at first
LAND_OVER_TILES = 0.25  # so that the tiles of people online show through

STYLES = """
.okhotsk-place { position: absolute; white-space: nowrap; pointer-events: none;
  text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 2px #fff, 0 0 2px #fff; }
.ok-middle { transform: translate(-50%, -50%); }
.ok-beside { transform: translate(5px, -35%); }
.okhotsk-sea { font: italic 15px Georgia, "Times New Roman", serif; color: #33566f;
  letter-spacing: .06em; }
.okhotsk-land { font-size: 12px; color: #5b5446; letter-spacing: .04em; }
.okhotsk-island { font-size: 11px; color: #3b352a; }
.okhotsk-facts { display: flex; flex-wrap: wrap; gap: 2px 22px; margin: 6px 0 0; padding: 0;
  list-style: none; font-variant-numeric: tabular-nums; }
.okhotsk-facts b { font-weight: 650; }
.okhotsk-facts small { color: #4a5866; font-size: 12px; }
.okhotsk-key { display: flex; flex-wrap: wrap; gap: 0 10px; font-size: 11.5px; color: #4a5866; }
.okhotsk-key i { display: inline-block; width: 10px; height: 10px; margin-right: 4px;
  opacity: .75; }
.okhotsk-key .okhotsk-dash { height: 0; width: 14px; border-top: 1.5px dashed #17222d;
  vertical-align: 3px; opacity: 1; }
.okhotsk-core { pointer-events: none; }
.leaflet-marker-icon { background: none; border: 0; }
/* On a phone a popup takes the place of the buttons. */
@media (max-width: 599px) { .leaflet-container:has(.leaflet-popup) .leaflet-top { display: none; } }
/* On a phone the attribution runs over the whole width: the legend stands above it. */
@media (max-width: 599px) { .leaflet-bottom.leaflet-left { bottom: 36px; } }
"""


@dataclass(frozen=True)
class Drawn:
    """A layer and its line in the legend."""

    layer: folium.GeoJson
    entry: Entry


def draw_map(result: Result, *, baseline: Result | None = None, tiles: Any = None) -> FramedMap:
    """Return the folium map of an assessment.

    Parameters
    ----------
    result
        The assessment.
    baseline
        Another one, usually the status quo, whose seal line is drawn for comparison.
    tiles
        A tile layer under everything, for people online: see :func:`find_tiles`. The seabed is
        then off at first and the land is pale. None by default: the page needs no network.
    """
    fmap = FramedMap(
        location=[50.5, 150.0],
        zoom_start=5,
        tiles=find_tiles(tiles),
        min_zoom=4,
        max_zoom=11,
        max_bounds=True,
        min_lat=36,
        max_lat=67,
        min_lon=122,
        max_lon=178,
        zoom_snap=0.5,
        frame=_frame(result, baseline, None, online=tiles is not None),
    )
    hatches = {"none": Hatch(HATCHED), "RU": Hatch(palette.SHARED)}
    for hatch in hatches.values():
        hatch.add_to(fmap)
    zones, areas, lines = _zones(result), _areas(result), _lines(result, baseline)
    seabed = layers.seabed_layer(result, show=tiles is None)
    straits = layers.strait_layer(result)
    opacity = 1.0 if tiles is None else LAND_OVER_TILES
    land = layers.land_layer(result, hatches, opacity=opacity)
    over = [drawn.layer for drawn in (*areas, *zones)]
    for layer in (seabed, *over, land, straits, *(drawn.layer for drawn in lines)):
        layer.add_to(fmap)
    names = add_names(fmap, result.theatre)
    view = folium.FitBounds(VIEW)
    view.options["animate"] = False  # else the page opens in motion
    view.add_to(fmap)
    groups: dict[str, list[Layer]] = {
        "Bastion": [drawn.layer for drawn in (*lines, *areas)],
        "Straits and zones": [straits, *(drawn.layer for drawn in zones)],
        "Ground": [seabed, land, names],
    }
    add_controls(fmap, groups=groups)
    for widget in (Keels(result, straits), Credits(result), Locator(result.theatre)):
        widget.add_to(fmap)
    ground = [_land_section(result, land), depth_section(seabed)]
    _legend([*lines, *areas], zones, straits, ground).add_to(fmap)
    return fmap


def find_tiles(tiles: Any) -> Any:
    """Return tiles as folium takes them: a provider, or none.

    Parameters
    ----------
    tiles
        None, a provider of ``xyzservices``, its name such as ``"OpenStreetMap.Mapnik"``, or an
        address ``https://.../{z}/{x}/{y}.png``, owed to its host.

    Raises
    ------
    MapError
        For a name that is none.
    """
    if not isinstance(tiles, str):
        return tiles
    if "://" in tiles:
        host = urlsplit(tiles).hostname or tiles
        return TileProvider(name=host, url=tiles, attribution=escape(host))
    try:
        return providers.query_name(tiles)
    except ValueError as error:
        raise MapError(
            f"unknown tiles {tiles!r}, expected a name such as OpenStreetMap.Mapnik or an address "
            "https://.../{z}/{x}/{y}.png"
        ) from error


def _zones(result: Result) -> list[Drawn]:
    def zone(key: str, name: str, colour: str, opacity: float, *, show: bool = True) -> Drawn:
        style = {"color": colour, "weight": 0.8, "fillColor": colour, "fillOpacity": opacity}
        return Drawn(
            layers.zone_layer(result, key, name, show=show, opacity=0.6, **style),
            Entry(label=name, colour=colour, edge=colour, opacity=opacity),
        )

    return [
        zone("ru-eez", "Russian economic zone", palette.RUSSIA, 0.1, show=False),
        zone("jp-eez", "Japanese economic zone", palette.JAPAN, 0.13),
        zone("high-seas", "High seas", palette.POCKET, 0.12),
        zone("ru-territorial-sea", "Russian territorial sea", palette.RUSSIA, 0.2),
        zone("jp-territorial-sea", "Japanese territorial sea", palette.JAPAN, 0.35),
    ]


def _lines(result: Result, baseline: Result | None) -> list[Drawn]:
    """Seal lines, deepest ways and ways of least exposure, in the order of the panel."""
    seal = result.barrier
    drawn = [
        _line(
            result,
            seal.line,
            "Seal line (shortest)",
            palette.SEAL,
            2.5,
            show=True,
            tip=f"Shortest seal line: {seal.barrier_km:,.0f} km of water to watch",
        ),
        _line(
            result,
            seal.section_line,
            "Seal line (least cross-section)",
            palette.SECTION,
            3,
            dash="7 5",
            tip=f"Line of least cross-section: {seal.barrier_area_km2:,.0f} km²",
        ),
    ]
    if baseline is not None and baseline is not result:
        tip = f"{baseline.scenario.title}: seal line of {baseline.barrier.barrier_km:,.0f} km"
        drawn.append(
            _line(
                result,
                baseline.barrier.line,
                "Seal line today",
                palette.BEFORE,
                2,
                dash="2 5",
                show=True,
                tip=escape(tip),
            )
        )
    for way, passage, colour in (
        ("Deepest way in for others", result.access, palette.JAPAN),
        ("Deepest way out for Russia", result.egress, palette.RUSSIA),
    ):
        tip = f"{way}: {passage.depth_m:,.0f} m, through {', '.join(passage.straits) or 'none'}"
        layer = layers.line_layer(
            passage.route, way, escape(tip), show=False, color=colour, weight=4, dashArray="1 7"
        )
        drawn.append(Drawn(layer, Entry(label=way, colour=colour, kind="dash", width=4)))
    return drawn + _routes(result)


def _line(
    result: Result,
    shape: Any,
    name: str,
    colour: str,
    width: float,
    *,
    tip: str,
    dash: str | None = None,
    show: bool = False,
) -> Drawn:
    """A seal line; the legend says over what water it runs."""
    style = {"color": colour, "weight": width} | ({"dashArray": dash} if dash else {})
    deep = SCALE_DEEP.format(depth=result.assumptions.transit_depth_m)
    kind: Kind = "dash" if dash else "line"
    return Drawn(
        layers.line_layer(shape, name, tip, show=show, **style),
        Entry(label=f"{name}, {deep}", colour=colour, kind=kind, width=width),
    )


def _routes(result: Result) -> list[Drawn]:
    """Ways of least exposure, with their profiles."""
    return [
        Drawn(
            layers.route_layer(
                result.routes[key],
                name,
                range_km=result.assumptions.sensor_range_km,
                color=colour,
                weight=3,
                dashArray=dash,
            ),
            Entry(
                label=f"{name} (click: profile)",
                colour=colour,
                kind="dash" if dash else "line",
                width=3,
            ),
        )
        for key, (name, colour, dash) in ROUTES.items()
    ]


def _areas(result: Result) -> list[Drawn]:
    """Refuge, sensed water, patrol water and core."""
    record, chosen = result.record, result.assumptions
    standoff, sensor = chosen.refuge_standoff_km, chosen.sensor_range_km

    def area(
        shape: Any, name: str, tip: str, label: str, colour: str, opacity: float, **style: Any
    ) -> Drawn:
        look = {"color": colour, "weight": 1, "fillOpacity": opacity}
        look |= {"fillColor": colour} if opacity else {}
        return Drawn(
            layers.water_layer(shape, name, tip, show=name == "Refuge", **look, **style),
            Entry(label=label, colour=colour, edge=colour, opacity=opacity),
        )

    return [
        area(
            result.refuge,
            "Refuge",
            f"Refuge: {record['refuge_km2']:,.0f} km² of patrol water beyond {standoff:g} km",
            f"Refuge: patrol water over {standoff:g} km from hostile shores",
            palette.REFUGE,
            0.13,
        ),
        area(
            result.sensed,
            "Sensed water",
            f"In submerged sight of hostile shores, within {sensor:g} km: "
            f"{record['sensed_share']:.1%} of the patrol water",
            f"Sensed: in line of sight of a hostile shore, {sensor:g} km",
            palette.SENSED,
            0.18,
        ),
        area(
            result.patrol,
            "Patrol water",
            f"Patrol water: {record['patrol_km2']:,.0f} km² at least {chosen.patrol_depth_m:g} m "
            "deep",
            "Patrol water",
            palette.PATROL,
            0,
        ),
        area(
            result.core,
            "Core",
            "Core: the same for every option",
            "Core that every seal line encloses",
            palette.CORE,
            0,
            dashArray="4 4",
        ),
    ]


def _legend(
    bastion: list[Drawn], zones: list[Drawn], straits: folium.GeoJson, ground: list[Section]
) -> Legend:
    """A section per layer, shown while the layer is."""
    thick = Section(title="Straits", layer=straits, items=regimes(), note=THICK)
    return Legend([*map(_explained, bastion), thick, *map(_explained, zones), *ground])


def _explained(drawn: Drawn) -> Section:
    return Section(title="", layer=drawn.layer, items=[drawn.entry])


def _land_section(result: Result, land: Any) -> Section:
    ceded = result.land[result.land.ceded]
    known = {
        "JP": Entry(label="Ceded, Japanese forces allowed", colour=palette.JAPAN),
        "none": Entry(
            label="Ceded, demilitarised", colour=HATCHED, kind="hatch", edge=palette.JAPAN
        ),
        "RU": Entry(
            label="Ceded, Russian forces stay",
            colour=palette.SHARED,
            kind="hatch",
            edge=palette.JAPAN,
        ),
    }
    items = [known[forces] for forces in known if forces in set(ceded.forces)]
    return Section(
        title="Land",
        layer=land,
        items=[Entry(label="Not ceded", colour=palette.LAND, edge=palette.COAST), *items],
    )


def map_page(
    result: Result,
    *,
    baseline: Result | None = None,
    index: str | None = None,
    tiles: Any = None,
) -> str:
    """Return the map of an assessment as one self-contained HTML page.

    ``index`` is the address of a page that lists all options, linked from the heading; ``tiles``
    as :func:`draw_map`: a page with tiles loads them, and nothing else, from their host.
    """
    fmap = draw_map(result, baseline=baseline, tiles=tiles)
    fmap.frame = _frame(result, baseline, index, online=tiles is not None)
    return fmap.to_html()


def _frame(result: Result, baseline: Result | None, index: str | None, *, online: bool) -> Frame:
    title = result.scenario.title
    return Frame(
        title=f"{title} · okhotsk",
        description=f"What the option '{title}' does to the Sea of Okhotsk as a bastion.",
        heading_html=_heading(result, baseline, index, online=online),
        styles=STYLES,
    )


def _heading(result: Result, baseline: Result | None, index: str | None, *, online: bool) -> str:
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
        f"{record['index_high']:.0f}, 5–95% over assumptions and weightings)</small></li>",
    ]
    return (
        f"<h1>{escape(result.scenario.title)}</h1>"
        f"<p>{link}{escape(result.scenario.line)}{ONLINE if online else ''}</p>"
        f'<ul class="okhotsk-facts">{"".join(facts)}</ul>'
    )
