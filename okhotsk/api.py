"""The verbs: assess a scenario, and show, draw, write what was found."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import folium
from matplotlib.figure import Figure

from okhotsk.assessment.compute import compute_results
from okhotsk.assessment.intervals import INDEX_OVER
from okhotsk.assessment.record import Result
from okhotsk.export.write import write_layers
from okhotsk.html import NOTE, ROW, write_notes, write_table
from okhotsk.maps.explore import explore as draw_map
from okhotsk.maps.images import data_uri
from okhotsk.maps.scenario_map import map_page
from okhotsk.maps.snippet import Snippet, embed_iframe
from okhotsk.maps.still import colour_words, find_still
from okhotsk.maps.thumbnail import thumbnail
from okhotsk.report.figures import draw
from okhotsk.report.layout import to_bytes
from okhotsk.scenario.assumptions import Assumptions, describe
from okhotsk.scenario.model import Scenario
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.frontier import Frontier
from okhotsk.sweep.frontier import frontier as find_frontier
from okhotsk.theatre import storage
from okhotsk.theatre.model import Theatre

Kind = TypeVar("Kind")

CSS_PER_INCH = 96
# Label, column of the record, and how its value is written.
FIGURES = (
    ("Ceded land", "ceded_land_km2", "{:,.0f} km²"),
    ("People on it", "ceded_population", "{:,}"),
    ("Japanese economic zone in the sea", "jp_eez_km2", "{:,.0f} km²"),
    ("Shortest seal line", "barrier_km", "{:,.0f} km"),
    ("Least cross-section of a seal line", "barrier_area_km2", "{:,.0f} km²"),
    ("Section of it that boats can use", "operating_area_km2", "{:,.0f} km²"),
    ("Refuge, of patrol water", "refuge_share", "{:.1%}"),
    ("In sight of Japanese or allied forces, of patrol water", "sensed_share", "{:.1%}"),
    ("Deepest way in for others", "access_depth_m", "{:,.0f} m"),
    (
        "Exposure on Russia's least exposed way out (high: bad for Russia)",
        "egress_exposure",
        "{:.2f}",
    ),
    (
        "Exposure on the least exposed way from the base (high: bad for Russia)",
        "base_exposure",
        "{:.2f}",
    ),
    (
        "Warning of intruders, as exposure on their way in (high: good for Russia)",
        "intruder_exposure",
        "{:.2f}",
    ),
)


class ShownFigure(Figure):
    """A figure that a notebook shows, whether or not it has heard of matplotlib."""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
        wide, high = (round(CSS_PER_INCH * inches) for inches in self.get_size_inches())
        png = base64.b64encode(to_bytes(self, ".png", dpi=2 * CSS_PER_INCH)).decode()
        bundle = {"image/png": png, "text/plain": repr(self)}
        return bundle, {"image/png": {"width": wide, "height": high}}


def _shown(figure: Figure) -> Figure:
    figure.__class__ = ShownFigure
    return figure


class Assessment(Result):
    """The result of one scenario, which can also show, draw and write itself."""

    def explore(self, **options: Any) -> folium.Map:
        """Return the interactive map; options as :func:`okhotsk.maps.explore.explore`."""
        return draw_map(self, **options)

    def plot(self, *, width: str = "column") -> Figure:
        """Return the map for print; ``width`` is ``column``, ``page`` or ``slide``.

        A notebook shows it, whether or not it has heard of matplotlib.
        """
        return _shown(draw("option", results=[self], width=width))

    def to_html(self, **options: Any) -> str:
        """Return the map as one self-contained page."""
        return map_page(self, **options)

    def embed(self, *, height: int = 600, src: str | None = None, **options: Any) -> Snippet:
        """Return the iframe snippet for a report: the page itself, or a link to ``src``.

        It is a text, which a notebook shows as the map. Under the frame lies the picture with its
        title, figures and sources, for readers that strip frames. ``options`` are those of
        :meth:`to_html`, such as ``baseline``, today's assessment.
        """
        html, title = None if src else self.to_html(**options), self.scenario.title
        return embed_iframe(html, src=src, height=height, title=title, still=find_still(self))

    def export(self, path: str | Path, *, kind: str | None = None) -> list[Path]:
        """Write the layers for other programs, as :func:`okhotsk.export.write.write_layers`."""
        return write_layers(self, path, kind=kind)

    def __repr__(self) -> str:
        return _lines(self)

    def _repr_html_(self) -> str:
        return _card(self)


class LoadedTheatre(Theatre):
    """A theatre that says in a few lines what it holds."""

    def __repr__(self) -> str:
        seabed, grid = self.seabed, self.grid
        return "\n".join(
            [
                f"<Theatre on {seabed.name!r}, cells of {seabed.native_km:.1f} km",
                f"  {len(self.islands)} islands, {len(self.throats)} straits, "
                f"sea of {self.sea_km2:,.0f} km², grid of {grid.shape[0]:,} by {grid.shape[1]:,}",
                "  .islands, .lands, .throats, .seabed; okhotsk.assess(theatre, scenario)>",
            ]
        )


class FoundFrontier(Frontier):
    """A frontier that says in a few lines what it holds."""

    def __repr__(self) -> str:
        return (
            f"<Frontier over {self.count:,} island sets of {len(self.blocks)} blocks: "
            f"{len(self.table)} rows\n  .summary, .table, .steps>"
        )


@wraps(storage.load)
def load(**options: Any) -> Theatre:
    """As :func:`okhotsk.theatre.storage.load`."""
    return _as(LoadedTheatre, storage.load(**options))


@wraps(find_frontier)
def frontier(source: Theatre | Sweep, **options: Any) -> Frontier:
    """As :func:`okhotsk.sweep.frontier.frontier`."""
    return _as(FoundFrontier, find_frontier(source, **options))


def _as(kind: type[Kind], record: Any) -> Kind:
    """A record as another kind of the same fields, which can show itself."""
    return kind(**{field.name: getattr(record, field.name) for field in fields(record)})


def assess(
    theatre: Theatre,
    scenario: str | Path | Mapping[str, Any] | Scenario,
    *,
    assumptions: Assumptions | None = None,
) -> Assessment:
    """Return what one scenario does to the bastion.

    Parameters
    ----------
    theatre
        From :func:`okhotsk.load`.
    scenario
        Id of a named scenario, path of a scenario file, what such a file holds, or a scenario.
    assumptions
        The defaults, unless given.

    Raises
    ------
    ScenarioError
        For an unknown or contradictory scenario.
    AssumptionError
        Where the assumptions leave nothing to protect.
    """
    return assess_all(theatre, [scenario], assumptions=assumptions)[0]


def assess_all(
    theatre: Theatre,
    scenarios: Iterable[str | Path | Mapping[str, Any] | Scenario] | None = None,
    *,
    assumptions: Assumptions | None = None,
    workers: int = 2,
    samples: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Assessment]:
    """Return the assessments of several scenarios (all named ones by default), in order.

    Arguments and errors as :func:`okhotsk.assessment.compute.compute_results`.
    """
    results = compute_results(
        theatre,
        scenarios,
        assumptions=assumptions,
        workers=workers,
        samples=samples,
        progress=progress,
    )
    return [_as(Assessment, result) for result in results]


def _lines(result: Assessment) -> str:
    """Return an option in a few lines, as a terminal shows it."""
    title, record = result.scenario.title, result.record
    names = ("ceded_land_km2", "barrier_km", "refuge_share", "intruder_exposure")
    told = {column: (label, style) for label, column, style in FIGURES}
    beside = result.scenario.scenario_id != result.today["scenario_id"]
    figures = [
        f"  {told[name][0]}: {_written(record[name], told[name][1])}"
        + f" (today {_written(result.today[name], told[name][1])})" * beside
        for name in names
    ]
    index = f"{record['index']:.0f} ({record['index_low']:.0f} to {record['index_high']:.0f})"
    return "\n".join(
        [
            f"<Assessment of {title!r}",
            *figures,
            f"  {_exits_label(result)}: {_exits(record)}"
            + f" (today {_exits(result.today)})" * beside,
            f"  Index, 100 as today: {index}",
            "  .record, .straits, .zones, .land; .explore(), .plot(), .embed(), .export(path)>",
        ]
    )


def _card(result: Assessment) -> str:
    """Return the figures of an option beside today's, its limits, and a small map, as HTML."""
    title, today = result.scenario.title, result.today
    beside = result.scenario.scenario_id != today["scenario_id"]
    head = ["", "this option", "today"] if beside else ["", "today"]
    records = [result.record, today] if beside else [result.record]
    rows = [
        [label, *(_written(record[key], style) for record in records)]
        for label, key, style in FIGURES
    ]
    if result.uncounted:
        rows[1][1] = f"at least {rows[1][1]}"
    if result.survey:
        rows[0][1] += f" (survey of {result.survey.year}: {result.survey.km2:,.0f} km²)"
    rows.insert(3, [_exits_label(result), *map(_exits, records)])
    record = result.record
    rows.append(["Index, 100 as today", f"{record['index']:.0f}", *["100"] * beside])
    interval = f"{record['index_low']:.0f} to {record['index_high']:.0f}"
    over = f"Index, 5–95% {INDEX_OVER}"
    rows.append([over, interval, *[""] * beside])
    shown = f'<div style="{ROW}">{write_table(title, head, rows)}{_picture(result)}</div>'
    return f"<div>{shown}{write_notes([*_changed(result), *result.notes])}</div>"


def _written(value: Any, style: str) -> str:
    # No way, or no line: there is nothing to measure.
    return style.format(value) if math.isfinite(value) else "none"


def _exits_label(result: Assessment) -> str:
    deep = result.assumptions.transit_depth_m
    return f"Exits {deep:g} m deep or more: Russian / shared / Japanese"


def _exits(record: Mapping[str, Any]) -> str:
    return " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese"))


def _changed(result: Assessment) -> list[str]:
    """The assumptions that are not the default ones, in a sentence."""
    pairs = zip(describe(result.assumptions), describe(Assumptions()), strict=True)
    words = [
        f"{now['assumption']} is {now['value']:g} {now['unit']} (default {usual['value']:g})"
        for now, usual in pairs
        if now["value"] != usual["value"]
    ]
    return [f"Changed assumptions: {'; '.join(words)}."] if words else []


def _picture(result: Assessment) -> str:
    """The small map, as a picture in the text itself."""
    image, words = thumbnail(result), colour_words(result)
    alt = escape(f"Map of {result.scenario.title}: {words}")
    return (
        f'<figure style="margin:0 0 .6em;max-width:100%"><img src="{data_uri(image)}" '
        f'width="{image.width}" height="{image.height}" alt="{alt}" '
        'style="max-width:100%;height:auto">'
        f'<figcaption style="{NOTE}">{words[0].upper()}{words[1:]}.</figcaption></figure>'
    )
