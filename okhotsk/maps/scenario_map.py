"""The interactive map of one scenario, as a folium map and as a self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import folium
from folium.map import CustomPane, Layer
from markupsafe import Markup
from xyzservices import TileProvider, providers

from okhotsk.assessment.intervals import aside
from okhotsk.assessment.record import Result
from okhotsk.assessment.sensor_sites import sensor_answer, sensor_sites
from okhotsk.errors import MapError
from okhotsk.html import escape
from okhotsk.maps import assets, layers
from okhotsk.maps.base_map import BaseMap, find_base_map
from okhotsk.maps.first_view import first_view, line_place
from okhotsk.maps.offline_map import Frame, FramedMap
from okhotsk.maps.range_chart import range_chart
from okhotsk.maps.still import find_still
from okhotsk.maps.verdict import changes, verdict
from okhotsk.maps.widgets.attribution import Credits
from okhotsk.maps.widgets.base import Hatch, add_controls
from okhotsk.maps.widgets.depth_slider import DepthSlider
from okhotsk.maps.widgets.first_view import FirstView
from okhotsk.maps.widgets.inset import Inset
from okhotsk.maps.widgets.legend import (
    THICK,
    Entry,
    Legend,
    Section,
    depth_section,
    land_entries,
    line_entry,
    regimes,
    water_entry,
)
from okhotsk.maps.widgets.names import Name, add_names
from okhotsk.maps.widgets.side import Side
from okhotsk.maps.widgets.takeaway import TakeAway, map_data
from okhotsk.scenario.origin import origin
from okhotsk.style import BASELINE, LAND_STATUS, LOOKS, SENSORS, Swatch

LAND_OVER_TILES = 0.25  # so that the tiles of people online show through


@dataclass(frozen=True)
class Drawn:
    """A layer and its line in the legend."""

    layer: folium.GeoJson
    entry: Entry


def draw_map(
    result: Result,
    *,
    baseline: Result | None = None,
    tiles: Any = None,
    base: BaseMap | None = None,
    over_tiles: bool | None = None,
) -> FramedMap:
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
    base
        What the maps of a theatre share, where it is at hand.
    over_tiles
        Whether the land is pale and the seabed off at first, unless that follows from `tiles`.
    """
    over_tiles = tiles is not None if over_tiles is None else over_tiles
    base = base or find_base_map(result.theatre)
    baseline = None if baseline is result else baseline
    fmap = _empty_map(tiles)
    fmap.frame = _frame(result, None, {}, base)
    hatches = _hatches()
    for part in (*hatches.values(), *(CustomPane(name, z) for name, z in layers.PANES.items())):
        part.add_to(fmap)
    zones, areas, lines = _zones(result, base), _areas(result, base), _lines(result, baseline)
    seabed = layers.seabed_layer(result, base.seabed, show=not over_tiles)
    straits = layers.strait_layer(result)
    opacity = LAND_OVER_TILES if over_tiles else 1.0
    land = layers.land_layer(result, base, hatches, opacity=opacity)
    over = [drawn.layer for drawn in (*areas, *zones)]
    for layer in (seabed, *over, land, straits, *(drawn.layer for drawn in reversed(lines))):
        layer.add_to(fmap)
    names = add_names(fmap, result.theatre, _lengths(result, baseline))
    groups: dict[str, list[Layer]] = {
        "Bastion": [drawn.layer for drawn in (*lines, *areas)],
        "Straits and zones": [straits, *(drawn.layer for drawn in zones)],
        "Ground": [seabed, land, names],
    }
    Side(_findings(result, online=tiles is not None)).add_to(fmap)
    ground = [_land_section(result, land), depth_section(seabed)]
    keys = Section(
        title="Straits", layer=straits, items=regimes({*result.straits.regime}), note=THICK
    )
    _legend([*lines, *areas], zones, keys, ground).add_to(fmap)
    add_controls(fmap, groups=groups)
    view = FirstView(first_view(result, baseline))
    for widget in (DepthSlider(result, straits), Credits(result), Inset(base.coast), view):
        widget.add_to(fmap)
    TakeAway(map_data(result, baseline)).add_to(fmap)
    return fmap


def _empty_map(tiles: Any) -> FramedMap:
    return FramedMap(
        location=[50.5, 150.0],
        zoom_start=5,
        tiles=find_tiles(tiles),
        min_zoom=3.5,
        max_zoom=11,
        max_bounds=True,
        min_lat=36,
        max_lat=67,
        min_lon=122,
        max_lon=178,
        zoom_snap=0.5,
    )


def _lengths(result: Result, baseline: Result | None) -> list[Name]:
    """How long the seal line is, written beside it, and beside today's where that is another."""
    line = _seal_line(result)
    told = [(result, line, None if baseline is None else _seal_line(baseline), "length", "")]
    if baseline is not None and not _seal_line(baseline).equals(line):
        told.append((baseline, _seal_line(baseline), line, "before", "today "))
    found = []
    for one, own, other, kind, lead in told:
        place = line_place(own, other)
        if place is not None:
            words = f"{lead}{one.record['barrier_km']:,.0f} km"
            found.append(Name(words, place.lon, place.lat, kind, rising=place.rising))
    return found


def _seal_line(result: Result) -> Any:
    return result.barrier.lines["barrier_km"]


def _hatches() -> dict[str, Hatch]:
    """Hatching of ceded land by its class, where it is hatched."""
    looks = ((status, LOOKS["land"].of(status)) for status in LAND_STATUS.values())
    return {status: Hatch(str(look.screen.colour)) for status, look in looks if look.screen.hatched}


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


def _zones(result: Result, base: BaseMap) -> list[Drawn]:
    return [
        Drawn(
            layers.zone_layer(result, base, zone),
            water_entry(look, {}, edge_opacity=look.screen.opacity),
        )
        for zone, look in LOOKS["zones"].swatches.items()
    ]


def _lines(result: Result, baseline: Result | None) -> list[Drawn]:
    """Seal lines, deepest passages and routes of least exposure, in the order of the panel."""
    seal, looks, record = result.barrier, LOOKS["seal_lines"], result.record
    shortest = (
        f"Shortest seal line: {seal.figures['barrier_km']:,.0f} km of water to watch"
        f"{aside(record, 'barrier_km', ',.0f', ' km')}"
    )
    least = (
        f"Line of least cross-section down to {result.assumptions.operating_depth_m:g} m: "
        f"{seal.figures['operating_area_km2']:,.0f} km²"
        f"{aside(record, 'operating_area_km2', ',.0f', ' km²')}"
    )
    drawn = [
        _line(result, seal.lines["barrier_km"], looks.of("seal"), shortest),
        _line(result, seal.lines["operating_area_km2"], looks.of("operating"), least),
    ]
    if baseline is not None:
        before = baseline.barrier
        tip = f"{baseline.scenario.title}: seal line of {before.figures['barrier_km']:,.0f} km"
        drawn.append(_line(result, before.lines["barrier_km"], BASELINE, escape(tip)))
    return [*drawn, _sensors(result), *_passages(result), *_routes(result)]


def _sensors(result: Result) -> Drawn:
    sites = sensor_sites(result)
    layer = layers.sensor_layer(sites, SENSORS, escape(sensor_answer(result, sites)))
    return Drawn(layer, line_entry(SENSORS, {}))


def _passages(result: Result) -> list[Drawn]:
    names = {t.strait.strait_id: t.strait.name.split(" (")[0] for t in result.theatre.throats}
    drawn = []
    for key, passage in (("access", result.access), ("egress", result.egress)):
        look = LOOKS["passages"].of(key)
        through = ", ".join(names[strait] for strait in passage.straits) or "no strait"
        seabeds = aside(result.record, f"{key}_depth_m", ",.0f", " m")
        tip = f"{look.name}: {passage.depth_m:,.0f} m, through {through}{seabeds}"
        drawn.append(_line(result, passage.route, look, escape(tip)))
    return drawn


def _line(result: Result, shape: Any, look: Swatch, tip: str) -> Drawn:
    return Drawn(layers.line_layer(shape, look, tip), line_entry(look, _figures(result)))


def _routes(result: Result) -> list[Drawn]:
    """Routes of least exposure, with their profiles."""
    range_km = result.assumptions.sensor_range_km
    return [
        Drawn(layers.route_layer(result.routes[key], look, range_km=range_km), line_entry(look, {}))
        for key, look in LOOKS["routes"].swatches.items()
    ]


def _areas(result: Result, base: BaseMap) -> list[Drawn]:
    """Refuge, sensed water, patrol water and core."""
    record, chosen = result.record, result.assumptions
    tips = {
        "refuge": f"Refuge: {record['refuge_km2']:,.0f} km² of patrol water beyond "
        f"{chosen.refuge_standoff_km:g} km",
        "sensed": "In submerged sight of shores where Japanese or allied forces may stand, within "
        f"{chosen.sensor_range_km:g} km: {record['sensed_share']:.1%} of the patrol water",
        "patrol": f"Patrol water: {record['patrol_km2']:,.0f} km² at least "
        f"{chosen.patrol_depth_m:g} m deep",
        "core": "Core: the same for every scenario",
    }
    drawn = []
    for key, tip in tips.items():
        look = LOOKS[key].of()
        layer = layers.water_layer(getattr(result, key), base, look, tip)
        drawn.append(Drawn(layer, water_entry(look, _figures(result))))
    return drawn


def _figures(result: Result) -> Mapping[str, float]:
    return asdict(result.assumptions)


def _legend(
    bastion: list[Drawn], zones: list[Drawn], straits: Section, ground: list[Section]
) -> Legend:
    """A section per layer, shown while the layer is."""
    return Legend([*map(_explained, bastion), straits, *map(_explained, zones), *ground])


def _explained(drawn: Drawn) -> Section:
    return Section(title="", layer=drawn.layer, items=[drawn.entry])


def _land_section(result: Result, land: Layer) -> Section:
    held = set(result.land[result.land.ceded].forces)
    return Section(title="Land", layer=land, items=land_entries(held))


def map_page(
    result: Result,
    *,
    baseline: Result | None = None,
    index: str | None = None,
    pages: Mapping[str, str] = MappingProxyType({}),
    tiles: Any = None,
    base: BaseMap | None = None,
) -> str:
    """Return the map of an assessment as one self-contained HTML page.

    ``index`` is the address of a page that lists all options; ``pages`` are the titles of all
    options by the addresses of their pages, in order. The heading links to the list, and to the
    pages before and after this one. ``tiles`` and ``base`` as :func:`draw_map`: a page with tiles
    loads them, and nothing else, from their host.
    """
    fmap = draw_map(result, baseline=baseline, tiles=tiles, base=base)
    fmap.frame = _frame(result, index, pages, base)
    return fmap.to_html()


def _chart(result: Result) -> Markup | None:
    """The index over the sensor range; none where nothing is ceded, since it is 100 throughout."""
    if not result.land.ceded.any():
        return None
    return range_chart(result.range_curve, chosen_km=result.assumptions.sensor_range_km)


def _findings(result: Result, *, online: bool) -> str:
    """What stands beside the map: the verdict and the figures, as HTML."""
    return assets.render(
        "scenario_findings.html.j2",
        verdict=verdict(result),
        changes=changes(result),
        scenario=result.scenario,
        origin=origin(result.scenario),
        beside=bool(result.scenario.cessions),
        record=result.record,
        online=online,
        transit_depth_m=result.assumptions.transit_depth_m,
        uncounted=result.uncounted,
        survey=result.survey,
        chart=_chart(result),
    )


def _frame(
    result: Result, index: str | None, pages: Mapping[str, str], base: BaseMap | None
) -> Frame:
    title = result.scenario.title
    before, after = _neighbours(f"{result.scenario.scenario_id}.html", pages)
    heading = assets.render(
        "scenario_heading.html.j2",
        title=title,
        changes=changes(result),
        index=index,
        before=before,
        after=after,
    )
    return Frame(
        title=f"{title} · okhotsk",
        description=f"What the option '{title}' does to the Sea of Okhotsk as a bastion.",
        heading_html=heading,
        styles=f"\n{assets.text('okhotsk/scenario.css')}\n",
        still=cache(partial(find_still, result, base)),
    )


def _neighbours(own: str, pages: Mapping[str, str]) -> tuple[Any, Any]:
    """Address and title of the pages before and after one; None at the ends."""
    known = [{"address": address, "title": title} for address, title in pages.items()]
    here = next((n for n, page in enumerate(known) if page["address"] == own), None)
    if here is None:
        return None, None
    return (known[here - 1] if here else None), (known[here + 1] if known[here + 1 :] else None)
