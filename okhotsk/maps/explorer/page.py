"""The explorer: one page on which islands change hands and every figure answers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import folium
import numpy as np
from numpy.typing import NDArray

from okhotsk import colours
from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.compute import compute_results
from okhotsk.html import escape, to_js
from okhotsk.maps.base_map import find_base_map
from okhotsk.maps.explorer.intervals import interval_tables
from okhotsk.maps.explorer.samples import sampled_figures
from okhotsk.maps.explorer.scene import find_scene, pack
from okhotsk.maps.explorer.tables import BlockIndex, exit_rows, figure_rows, find_answers
from okhotsk.maps.images import SHOWN
from okhotsk.maps.layers import seabed_layer
from okhotsk.maps.offline import render
from okhotsk.maps.widgets.attribution import Credits
from okhotsk.maps.widgets.base import Hatch, Measure, Scale, Widget
from okhotsk.maps.widgets.legend import THICK, Entry, Section, depth_section, regimes
from okhotsk.maps.widgets.takeaway import TakeAway, explorer_data
from okhotsk.measures import figures
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block, prefixes
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.split import resolve
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.passage_bounds import Progress
from okhotsk.theatre.model import Theatre

VIEW = [[42.3, 141.0], [56.5, 160.0]]  # what the map shows at first: the chain and the core
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
        "okhotsk/board.js",
        "okhotsk/readout.js",
        "okhotsk/ring.js",
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
        Samples of the assumptions behind the intervals of the index.
    index_page
        Address of a page that lists all scenarios, linked from the heading.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.

    Notes
    -----
    Takes minutes the first time: :class:`okhotsk.sweep.engine.Sweep` measures every set of blocks,
    armed and demilitarised, and does so again on the coarsened theatre under every sample of the
    assumptions (:mod:`okhotsk.maps.explorer.samples`). The figures are those of
    :func:`okhotsk.assess` but for rounding (barriers to 1e-6).
    """
    sweep, unarmed = (
        Sweep(theatre, blocks=blocks, demilitarised=off, progress=progress) for off in (False, True)
    )
    results = compute_results(theatre, samples=samples)
    presets = [_preset(result.scenario, sweep) for result in results]
    frozen = [r for r, preset in zip(results, presets, strict=True) if preset["frozen"]]
    kept = Hatch(colours.CEDED["RU"])
    data = {
        "tables": find_answers(sweep, unarmed),
        "scene": find_scene(sweep, frozen) | {"borders": _borders(sweep), "view": VIEW},
        "presets": presets,
        "spread": _spread(sweep, samples, progress),
        "frontier": {"armed": _frontier(sweep), "unarmed": _frontier(unarmed)},
        **_looks(sweep, kept.fill),
    }
    given = explorer_data(results, "Explorer of the Kuril chain")
    west, south, east, north = SHOWN
    fmap = folium.Map(
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
    seabed_layer(results[0], find_base_map(theatre).seabed).add_to(fmap)
    for widget in (kept, Scale(), Measure(), Explorer(data), Credits(*results), TakeAway(given)):
        widget.add_to(fmap)
    return render(
        fmap,
        title="Explorer · okhotsk",
        description="Hand Kuril islands over and see what becomes of the Sea of Okhotsk.",
        heading_html=_heading(index_page, len(sweep.blocks)),
    )


def _heading(index_page: str | None, count: int) -> str:
    link = f'<a href="{escape(index_page)}">All options</a> · ' if index_page else ""
    return (
        "<h1>How much of the Kuril chain can be handed over?</h1>"
        f'<p class="ok-howto">{link}Click islands, drag the ring along the chain or choose a '
        f"named option: all {2**count:,} combinations, armed or demilitarised, were computed "
        "ahead.</p>"
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
    """Where the border stands before each block, and after the last: between their middles."""
    islands = sweep.theatre.islands.set_index("island_id")
    middles = []
    for block in sweep.blocks:
        own = islands.loc[list(block.units)]
        middles.append(np.average(own[["lat", "lon"]], axis=0, weights=own.area_km2))
    inner = [(one + other) / 2 for one, other in zip(middles, middles[1:], strict=False)]
    first = [middles[0] - (0.25, 0.35)]
    last = [middles[-1] + (0.45, 0.35)]
    return [[round(float(x), 3) for x in spot] for spot in (*first, *inner, *last)]


def _spread(sweep: Sweep, samples: int | None, progress: Progress | None) -> dict[str, Any]:
    """What the page finds intervals of the index from."""
    tables = interval_tables(
        sweep.theatre,
        sweep.blocks,
        count=uncertainty.SAMPLES if samples is None else samples,
        workers=sweep.workers,
        progress=progress,
    )
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


def _frontier(sweep: Sweep) -> dict[str, list[list[float]]]:
    """Land and index of the sets that grow along the chain, and of the Pareto front of all sets."""
    columns = sweep.figures(sweep.island_sets)
    km2, score = columns["ceded_land_km2"], columns["index"]
    order = np.lexsort([-score, -km2])  # the most land first
    best = np.maximum.accumulate(score[order])
    first = np.append(True, best[1:] > best[:-1])
    kept = order[first][::-1]
    rows = np.searchsorted(sweep.island_sets, prefixes(sweep.blocks))
    return {"any": _points(km2, score, kept), "chain": _points(km2, score, rows)}


def _points(km2: FloatArray, score: FloatArray, rows: NDArray[np.int64]) -> list[list[float]]:
    return [[round(float(km2[n]), 1), round(float(score[n]), 3)] for n in rows]


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
        "section": colours.SECTION,
        "land": colours.LAND,
        "coast": colours.COAST,
        "unarmed": colours.CEDED["none"],
        "russian": colours.RUSSIA,
        "japanese": colours.JAPAN,
        "kept": kept,
        "alpha": dict(ALPHA),
    }
    low, high = index.PERCENTILES
    seabed = sweep.theatre.seabed
    return {
        "colours": shown,
        "layers": _layers(sweep.context.assumptions),
        "legend": _land().html() + depth_section().html(),
        "interval": f" in {high - low}% of draws of assumptions and weightings",
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
            Entry(label="", colour=colours.SEAL, kind="line", width=3),
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
