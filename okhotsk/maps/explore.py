"""The map of a scenario in a notebook, with the arguments that geopandas users know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import folium
from branca.element import Element
from folium.map import CustomPane
from folium.raster_layers import ImageOverlay, TileLayer, WmsTileLayer
from xyzservices import TileProvider

from okhotsk.assessment.record import Result
from okhotsk.maps.layers import GeoJsonLayer
from okhotsk.maps.offline_map import FramedMap, share
from okhotsk.maps.scenario_map import draw_map
from okhotsk.maps.widgets.attribution import Credits
from okhotsk.maps.widgets.base import FeaturePopup, FeatureTooltip, Hatch, LayerPanel
from okhotsk.maps.widgets.legend import Entry, Legend, Section
from okhotsk.maps.widgets.names import Labels

KNOWN = (
    "baseline",
    "m",
    "tiles",
    "attr",
    "name",
    "tooltip",
    "popup",
    "legend",
    "width",
    "height",
)
SEAL_LINE = "Seal line (shortest)"


def explore(
    result: Result,
    *,
    baseline: Result | None = None,
    m: folium.Map | None = None,
    tiles: str | TileProvider | None = None,
    attr: str | None = None,
    name: str | None = None,
    tooltip: bool = True,
    popup: bool = True,
    legend: bool = True,
    width: int | str = "100%",
    height: int = 600,
    **unknown: Any,
) -> folium.Map:
    """Return the interactive map of an assessment; a notebook shows it without the network.

    Parameters
    ----------
    result
        The assessment.
    baseline
        Another one, usually the status quo, for comparison.
    m
        A map of folium, yours or one that this function returned: the layers are added to it,
        with a legend and, if it has none, a list of layers; its view stays. What comes after the
        first assessment is a group of its own of which only the seal line, dashed, is shown at
        first. A map that stands alone and holds nothing that needs a script from the network is
        then saved and shown as a page that loads nothing but its tiles.
    tiles
        Name or address of a tile layer under everything, or an ``xyzservices.TileProvider``. The
        map then needs the network.
    attr
        Whom the tiles are owed to, where `tiles` is an address.
    name
        What the map is called; the title of the scenario by default. With `m`, of the group.
    tooltip, popup, legend
        Whether features show their names under the mouse and their facts on a click, and whether
        there is a legend.
    width
        CSS pixels, or a share of the text's width such as ``"100%"``.
    height
        CSS pixels.

    Raises
    ------
    TypeError
        For arguments of ``GeoDataFrame.explore`` that do not fit: a scenario has many layers, each
        with colours of its own. For a map that cannot hold them.
    """
    _refuse(unknown)
    _check_size(width, height)
    _check_map(m, tiles)
    over = None if m is None else _one(m, TileLayer | WmsTileLayer) is not None
    fmap = draw_map(result, baseline=baseline, tiles=_provider(tiles, attr), over_tiles=over)
    fmap.frame = replace(fmap.frame, title=name or fmap.frame.title, width=width, height=height)
    unwanted = [FeatureTooltip] * (not tooltip) + [FeaturePopup] * (not popup)
    _strip(fmap, tuple(unwanted + [Legend] * (not legend)))
    if m is None:
        return fmap
    if _one(m, GeoJsonLayer) is None:
        return _add(fmap, m)
    return _overlay(fmap, m, name or result.scenario.title)


def _check_map(m: object, tiles: object) -> None:
    """Refuse what cannot hold the layers, before anything is drawn."""
    if m is None:
        return
    if not isinstance(m, folium.Map):
        raise TypeError(f"m is a {type(m).__name__}, expected a folium.Map")
    if tiles is not None:
        raise TypeError("tiles goes with a new map: with m, give them to folium.Map(tiles=...)")
    if m.options.get("prefer_canvas"):
        raise TypeError("m has prefer_canvas=True: a canvas draws no hatching; leave it out")
    if m.crs != "EPSG3857":
        raise TypeError(f"m has crs={m.crs!r}: the layers are drawn for EPSG3857")


def _refuse(unknown: dict[str, Any]) -> None:
    if unknown:
        raise TypeError(
            f"explore() does not take {', '.join(sorted(unknown))}; expected some of "
            f"{', '.join(KNOWN)}. To colour one table by a column, explore that table, as in "
            "result.straits.explore(column='regime')"
        )


def _check_size(width: int | str, height: int) -> None:
    # Texts come from people; what fits goes into the tag of the frame as it is.
    if not re.fullmatch(r"[1-9]\d*%?", str(width)):
        raise TypeError(f"width is {width!r}, expected pixels or a share such as '100%'")
    if not re.fullmatch(r"[1-9]\d*", str(height)):
        raise TypeError(f"height is {height!r}, expected pixels, a whole number above 0")


def _provider(tiles: str | TileProvider | None, attr: str | None) -> str | TileProvider | None:
    """The tiles with whom they are owed to."""
    if attr is None:
        return tiles
    if not isinstance(tiles, str) or "://" not in tiles:
        raise TypeError("attr goes with tiles given as an address (https://.../{z}/{x}/{y}.png)")
    return TileProvider(name="tiles", url=tiles, attribution=attr)


def _walk(element: Element) -> Iterator[Element]:
    for child in list(element._children.values()):
        yield child
        yield from _walk(child)


def _strip(fmap: folium.Map, kinds: tuple[type[Element], ...]) -> None:
    """Take all elements of some kinds off a map."""
    for element in list(_walk(fmap)):
        if isinstance(element, kinds) and element._parent is not None:
            del element._parent._children[element.get_name()]


def _one(fmap: folium.Map, kind: Any) -> Any:
    """The element of a kind on a map, or None."""
    return next((element for element in _walk(fmap) if isinstance(element, kind)), None)


def _add(source: FramedMap, target: folium.Map) -> folium.Map:
    """Move the layers of a map to one that has none of ours, with a legend and a list of them.

    Names of places stay behind: a map of somebody else has its own.
    """
    panel, names = _one(source, LayerPanel), _one(source, Labels).group
    kinds = (Hatch, CustomPane, folium.GeoJson, ImageOverlay, Legend, Credits)
    for element in list(source._children.values()):
        if isinstance(element, kinds):
            target.add_child(element)
    if _one(target, folium.LayerControl) is None and _one(target, LayerPanel) is None:
        panel.groups = {
            title: [layer for layer in layers if layer is not names]
            for title, layers in panel.groups.items()
        }
        target.add_child(panel)
    share(target, source.frame)
    return target


def _overlay(source: FramedMap, target: folium.Map, name: str) -> folium.Map:
    """Move the layers of one map to another, as a group with a name."""
    legend, hatched = _one(source, Legend), _one(target, Hatch)
    layers = [e for e in source._children.values() if isinstance(e, folium.GeoJson)]
    for hatch in [e for e in source._children.values() if isinstance(e, Hatch)]:
        if not hatched:
            hatch.add_to(target)
    for layer in layers:
        first = layer.layer_name == SEAL_LINE
        layer.show = first
        if first:
            for feature in layer.data["features"]:
                if "line" in feature["properties"]:
                    feature["properties"]["style"]["dashArray"] = "8 6"
        layer.layer_name = f"{name}: {layer.layer_name}"
        target.add_child(layer)
    panel = _one(target, LayerPanel)
    if panel is not None:  # a list of layers of folium's own finds them by itself
        panel.groups[name] = layers
    shown = _one(target, Legend)
    if legend and shown:
        shown.sections += tuple(_named(s, name) for s in legend.sections if s.layer in layers)
    return target


def _named(section: Section, name: str) -> Section:
    """The section of a layer under the name of its group."""
    dashed = section.layer is not None and section.layer.layer_name.endswith(SEAL_LINE)
    items = tuple(
        replace(item, kind="dash", dash="8 6") if dashed and isinstance(item, Entry) else item
        for item in section.items
    )
    return replace(section, title=f"{name}: {section.title}".rstrip(": "), items=items)
