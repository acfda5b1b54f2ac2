"""The explorer: one page on which islands change hands and every figure answers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import folium
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk import colours
from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.compute import compute_results
from okhotsk.assessment.record import Result
from okhotsk.html import escape, to_js
from okhotsk.maps.base_map import find_base_map
from okhotsk.maps.explorer.intervals import weighting_interval
from okhotsk.maps.explorer.samples import sampled_figures
from okhotsk.maps.explorer.scene import find_scene, pack
from okhotsk.maps.explorer.solved import Solved, find_solved
from okhotsk.maps.explorer.tables import BlockIndex, exit_rows, figure_rows
from okhotsk.maps.images import SHOWN
from okhotsk.maps.layers import seabed_layer
from okhotsk.maps.offline import render
from okhotsk.maps.widgets.attribution import Credits
from okhotsk.maps.widgets.base import Hatch, Measure, Scale, Widget
from okhotsk.maps.widgets.legend import THICK, Entry, Section, depth_section, regimes
from okhotsk.maps.widgets.takeaway import TakeAway, explorer_data
from okhotsk.measures import figures
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block, read_blocks
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.split import resolve
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.passage_bounds import Progress
from okhotsk.theatre.model import Theatre

# What the map shows at first: the whole chain, for every island is a choice, with La Perouse and
# the shore of Sakhalin from which the seal line runs.
VIEW = [[43.0, 141.6], [51.4, 158.0]]
# What the page opens on, where its blocks make it up. On the status quo every change is 0 and the
# map has one line: nothing to read. The claim that readers have heard of shows all there is to
# see: two lines of different length, ceded land, bars that differ. The largest set above some
# index would depend on weights that are a choice of this project.
OPENING = "four-islands"
SEAL_PX, CASING_PX, TODAY_PX = 4, 8, 3  # widths of the seal line, its white edge, and today's line
DASH = "6 4"  # as in the keys
# How strong waters are in colour; zones, Russian and Japanese.
ALPHA: Mapping[str, Any] = MappingProxyType(
    {"sea": (0.3, 0.45), "economic": (0.06, 0.14), "pocket": 0.13, "refuge": 0.3, "sensed": 0.4}
)


class Explorer(Widget):
    """The choices, figures and layers of the page."""

    assets = (
        *Widget.assets,
        "okhotsk/panel.css",
        "okhotsk/legend.css",
        "okhotsk/explorer.css",
        "okhotsk/answers.js",
        "okhotsk/spread.js",
        "okhotsk/callouts.js",
        "okhotsk/board.js",
        "okhotsk/readout.js",
        "okhotsk/verdict.js",
        "okhotsk/ring.js",
        "okhotsk/link.js",
        "okhotsk/choices.js",
        "okhotsk/cut.js",
        "okhotsk/explorer.js",
    )
    last = True

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.data = dict(data)

    def script(self) -> str:
        """Return the statement that starts the explorer."""
        return f"okhotsk.explorer({self.parent_name}, {to_js(self.data)});"


def explorer_page(
    theatre: Theatre,
    *,
    blocks: Sequence[Block] | None = None,
    samples: int | None = None,
    results: Sequence[Result] | None = None,
    index_page: str | None = None,
    progress: Progress | None = None,
) -> str:
    """Return the explorer as one self-contained HTML page.

    Parameters
    ----------
    theatre
        From :func:`okhotsk.load`.
    blocks
        What can be ceded (:func:`okhotsk.scenario.island_sets.read_blocks` by default).
    samples
        Samples of the assumptions behind the intervals of the index; 0 for intervals over floors
        and weightings alone.
    results
        The named scenarios under the default assumptions, where they are already assessed.
    index_page
        Address of a page that lists all scenarios, linked from the heading.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.

    Notes
    -----
    Takes up to half an hour the first time, and hours with samples
    (:mod:`okhotsk.maps.explorer.solved`): :class:`okhotsk.sweep.engine.Sweep` measures every set of
    blocks, armed and demilitarised, and does so again on the coarsened theatre under every sample
    of the assumptions (:mod:`okhotsk.maps.explorer.samples`). The figures are those of
    :func:`okhotsk.assess` but for rounding (barriers to 1e-5, see
    :func:`okhotsk.sweep.free_components.find_segments`).
    """
    chosen = tuple(blocks or read_blocks())
    count = uncertainty.SAMPLES if samples is None else samples
    solved = find_solved(theatre, chosen, samples=count, progress=progress)
    sweep = Sweep(theatre, blocks=chosen)
    results = results or compute_results(theatre, samples=samples or None)
    kept = Hatch(colours.CEDED["RU"])
    data = _data(sweep, solved, results, samples=count) | _looks(sweep, kept.fill)
    given = explorer_data(results, "Explorer of the Kuril chain")
    fmap = _empty_map()
    seabed_layer(results[0], find_base_map(theatre).seabed).add_to(fmap)
    for widget in (kept, Scale(), Measure(), Explorer(data), Credits(*results), TakeAway(given)):
        widget.add_to(fmap)
    return render(
        fmap,
        title="Explorer · okhotsk",
        description="Hand Kuril islands over and see what becomes of the Sea of Okhotsk.",
        heading_html=_heading(index_page, len(sweep.blocks)),
    )


def _data(
    sweep: Sweep, solved: Solved, results: Sequence[Result], *, samples: int
) -> dict[str, Any]:
    """Everything that the page finds its answers from and draws, but for how it looks."""
    presets = [_preset(result.scenario, sweep) for result in results]
    frozen = [
        r if samples else _at_defaults(r)
        for r, preset in zip(results, presets, strict=True)
        if preset["frozen"]
    ]
    return {
        "tables": solved.tables,
        "scene": find_scene(sweep, solved.segments, frozen)
        | {"borders": _borders(sweep), "view": VIEW},
        "presets": presets,
        "opening": OPENING,
        "spread": _spread(sweep, solved.spread),
        "frontier": solved.frontier,
        "interval": _interval(samples),
    }


def _empty_map() -> folium.Map:
    west, south, east, north = SHOWN
    return folium.Map(
        location=[49.5, 150.5],
        zoom_start=5,
        tiles=None,
        min_zoom=4,
        max_zoom=10,
        max_bounds=True,
        min_lat=south,
        max_lat=north,
        min_lon=west,
        max_lon=east,
        zoom_snap=0.5,
    )


def _heading(index_page: str | None, count: int) -> str:
    """The question, until the page's script answers it; ``ok-tools`` is there for menus."""
    link = f'<a href="{escape(index_page)}">All options</a> · ' if index_page else ""
    return (
        '<div class="ok-tools"></div>'
        '<h1 class="ok-answer">How much of the Kuril chain can be handed over?</h1>'
        '<p class="ok-sentence"></p>'
        f'<p class="ok-howto">{link}Tick islands or click them on the map. The '
        f"figures of all {2**count:,} combinations were computed beforehand, with and without "
        "Japanese forces on them.</p>"
    )


def _preset(scenario: Scenario, sweep: Sweep) -> dict[str, Any]:
    """The set of blocks that a named scenario cedes, or the largest set within it."""
    parts = resolve(scenario, sweep.theatre.lands)
    given = {part.unit: part.forces for part in parts if part.ceded and part.part_id == part.unit}
    whole = [n for n, block in enumerate(sweep.blocks) if all(u in given for u in block.units)]
    units = [unit for n in whole for unit in sweep.blocks[n].units]
    forces = set(given.values())
    same = len(units) == sum(part.ceded for part in parts) and len(forces - {"RU"}) == len(forces)
    return {
        "id": scenario.scenario_id,
        "title": scenario.title,
        "ceded": sum(1 << n for n in whole),
        "armed": forces != {"none"},
        "frozen": not (same and len(forces) < 2),
    }


def _borders(sweep: Sweep) -> list[list[float]]:
    """Where the border stands before each block, and after the last: where two come nearest."""
    islands = sweep.theatre.islands.set_index("island_id")
    lands = [islands.geometry.loc[list(block.units)].union_all() for block in sweep.blocks]
    between = [
        shapely.shortest_line(one, other).interpolate(0.5, normalized=True)
        for one, other in pairwise(lands)
    ]
    first, last = lands[0].centroid, lands[-1].centroid
    spots = [
        (first.y - 0.25, first.x - 0.35),
        *((spot.y, spot.x) for spot in between),
        (last.y + 0.12, last.x + 0.25),
    ]
    return [[round(x, 3) for x in spot] for spot in spots]


def _spread(sweep: Sweep, tables: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """What the page finds intervals of the index from."""
    return {
        "figures": figure_rows(sampled_figures()),
        "regimes": figures.EXIT_REGIMES,
        "exits": exit_rows(sweep, BlockIndex(sweep), least_m=0.0),
        "percentiles": index.PERCENTILES,
        "tables": packed(tables),
    }


def packed(tables: Mapping[str, NDArray[Any]]) -> dict[str, dict[str, str]]:
    """Return tables by name as a page unpacks them: the kind of their numbers, and these."""
    return {
        name: {"kind": table.dtype.str[1:], "data": pack(table)} for name, table in tables.items()
    }


def _at_defaults(result: Result) -> Result:
    """A result with the interval of its index over floors and weightings alone."""
    low, high = weighting_interval(np.array([*result.components.values()]))
    ends = {"index_low": low, "index_high": high}
    return replace(result, record=MappingProxyType({**result.record, **ends}))


def _interval(samples: int) -> str:
    """What the interval of the index is over, behind its two ends."""
    low, high = index.PERCENTILES
    if samples:
        return f" in {high - low}% of draws of assumptions, floor and weightings"
    return f" in {high - low}% of draws of floor and weightings, at the default assumptions"


def _looks(sweep: Sweep, kept: str) -> dict[str, Any]:
    """Colours, layers and keys; `kept` fills ceded land where Russian forces stay."""
    shown = {
        "russia": colours.RUSSIA,
        "japan": colours.JAPAN,
        "shared": colours.SHARED,
        "pocket": colours.POCKET,
        "refuge": colours.REFUGE,
        "sensed": colours.SENSED,
        "seal": colours.SEAL,
        "before": colours.BEFORE,
        "section": colours.SECTION,
        "land": colours.LAND,
        "coast": colours.COAST,
        "unarmed": colours.CEDED["none"],
        "russian": colours.RUSSIA,
        "japanese": colours.JAPAN,
        "kept": kept,
        "alpha": dict(ALPHA),
    }
    seabed = sweep.theatre.seabed
    return {
        "colours": shown,
        "strokes": {
            "seal": SEAL_PX,
            "casing": CASING_PX,
            "before": TODAY_PX,
            "dash": DASH,
        },
        "layers": _layers(sweep.context.assumptions),
        "legend": _land().html() + depth_section().html(),
        "note": "Index: a weighted geometric mean of ratios to today; the weights are a choice of "
        "this project, so read the interval. "
        f"Seabed: {seabed.title}, cells of {seabed.native_km:.1f} km; ice, currents and sound are "
        "left out.",
    }


def _layers(values: Assumptions) -> list[dict[str, Any]]:
    """What can be shown and hidden, with the keys of its colours."""
    deep = f"over water {values.transit_depth_m:g} m deep or more"

    def layer(key: str, title: str, *entries: Entry, on: bool = False, note: str = "") -> Any:
        keys = Section(title="", items=entries, note=note).html()
        alone = len(entries) == 1
        return {
            "id": key,
            "title": title,
            "on": on,
            "swatch": entries[0].swatch() if alone else "",
            "keys": "" if alone else keys,
        }

    return [
        layer(
            "barrier_km",
            f"Seal line: the shortest, {deep}",
            Entry(label="Of the islands chosen", colour=colours.SEAL, kind="line", width=SEAL_PX),
            Entry(label="Today", colour=colours.BEFORE, kind="dash", width=TODAY_PX),
            on=True,
        ),
        layer(
            "operating_area_km2",
            f"Line of least section down to {values.operating_depth_m:g} m",
            Entry(label="", colour=colours.SECTION, kind="dash", width=2.5),
        ),
        layer("straits", "Straits", *regimes(), on=True, note=THICK),
        layer("zones", "Territorial seas and EEZs", *_zones(), on=True),
        layer(
            "refuge",
            f"Refuge: patrol water over {values.refuge_standoff_km:g} km from "
            "shores where Japanese or allied forces may stand",
            _water("", colours.REFUGE, ALPHA["refuge"]),
            on=True,
        ),
        layer(
            "sensed",
            f"In sight, within {values.sensor_range_km:g} km, of "
            "a shore where Japanese or allied forces may stand",
            _water("", colours.SENSED, ALPHA["sensed"]),
        ),
    ]


def _water(label: str, colour: str, opacity: float) -> Entry:
    return Entry(label=label, colour=colour, edge=colour, opacity=opacity)


def _zones() -> list[Entry]:
    holders = enumerate((("Russian", colours.RUSSIA), ("Japanese", colours.JAPAN)))
    return [
        _water(f"{whose} {zone}", colour, ALPHA[key][n])
        for n, (whose, colour) in holders
        for key, zone in (("sea", "territorial sea"), ("economic", "EEZ"))
    ] + [_water("High seas", colours.POCKET, ALPHA["pocket"])]


def _land() -> Section:
    ceded = {"JP": "Japanese forces allowed", "none": "demilitarised"}
    return Section(
        title="Land",
        items=[
            Entry(label="Not ceded", colour=colours.LAND, edge=colours.COAST),
            *(
                Entry(label=f"Ceded, {what}", colour=colours.CEDED[forces], edge=colours.JAPAN)
                for forces, what in ceded.items()
            ),
            Entry(
                label="Ceded, Russian forces stay",
                colour=colours.CEDED["RU"],
                kind="hatch",
                edge=colours.JAPAN,
            ),
        ],
    )
