"""The catalogue of print figures: what there is, what each needs, drawing and writing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from okhotsk.assessment.record import Result
from okhotsk.report.captions import short_title, spread_credit, texts_of
from okhotsk.report.curves import draw_depth_access, draw_enclosure, draw_refuge
from okhotsk.report.frontier_chart import draw_frontier
from okhotsk.report.index_charts import draw_components, draw_drivers, draw_ranks
from okhotsk.report.layout import FigureError, print_settings
from okhotsk.report.layout import save as save
from okhotsk.report.lettering import families
from okhotsk.report.print_maps import draw_scenario, draw_scenarios, draw_theatre
from okhotsk.report.strait_sections import draw_strait_sections
from okhotsk.theatre.model import Theatre

if TYPE_CHECKING:
    from okhotsk.assessment.robustness import Spread
    from okhotsk.sweep.frontier import Frontier


@dataclass(frozen=True)
class Kind:
    """A figure: its name, what it shows, and what it is drawn from.

    ``needs`` is ``theatre``, ``option`` (one assessment), ``options`` (several), ``frontier`` or
    ``spread`` (:class:`okhotsk.assessment.robustness.Spread`).
    """

    name: str
    title: str
    needs: str
    make: Callable[..., Figure]


def _scenario(draw_one: Callable[..., Figure]) -> Callable[..., Figure]:
    return lambda results, width, **_: draw_one(results[0], width=width)


def _scenarios(draw_all: Callable[..., Figure]) -> Callable[..., Figure]:
    return lambda results, width, **_: draw_all(results, width=width)


def _theatre(theatre: Theatre, width: str, **_: Any) -> Figure:
    return draw_theatre(theatre, width=width)


def _frontier(frontier: Frontier, results: Sequence[Result], width: str, **_: Any) -> Figure:
    rows = [
        {
            "short": short_title(r),
            "index_value": r.record["index"],
            "ceded_land_km2": r.record["ceded_land_km2"],
        }
        for r in results
        if set(r.land[r.land.ceded].forces) == {"JP"}  # others do not lie on this chart's curves
    ]
    named = pd.DataFrame(rows, columns=["short", "index_value", "ceded_land_km2"])
    return draw_frontier(frontier, named, width=width, credit=spread_credit(results))


def _shorts(results: Sequence[Result]) -> dict[str, str]:
    return {r.scenario.scenario_id: short_title(r) for r in results}


def _ranks(spread: Spread, results: Sequence[Result], width: str, **_: Any) -> Figure:
    ranks, credit = spread.uncertainty.ranks, spread_credit(results)
    return draw_ranks(ranks, _shorts(results), width=width, credit=credit)


def _drivers(spread: Spread, results: Sequence[Result], width: str, **_: Any) -> Figure:
    credit = spread_credit(results)
    return draw_drivers(spread.drivers, _shorts(results), width=width, credit=credit)


_KINDS = (
    Kind("theatre", "the sea, its limits, its straits and its depths", "theatre", _theatre),
    Kind("option", "the map of one option", "option", _scenario(draw_scenario)),
    Kind("options", "small maps of several options", "options", _scenarios(draw_scenarios)),
    Kind(
        "strait-sections",
        "sections of the exits by whose waters they are",
        "option",
        _scenario(draw_strait_sections),
    ),
    Kind("refuge", "refuge over the standoff", "options", _scenarios(draw_refuge)),
    Kind(
        "enclosure",
        "patrol water enclosed over the length of line",
        "options",
        _scenarios(draw_enclosure),
    ),
    Kind(
        "depth-access",
        "patrol water that a keel reaches, and exits that close",
        "option",
        _scenario(draw_depth_access),
    ),
    Kind(
        "components",
        "what each option keeps of each component of the index",
        "options",
        _scenarios(draw_components),
    ),
    Kind("frontier", "what is left as the border moves up the chain", "frontier", _frontier),
    Kind("ranks", "share of samples at every rank", "spread", _ranks),
    Kind("drivers", "which assumption drives the index", "spread", _drivers),
)
FIGURES: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})


def find_kind(name: str) -> Kind:
    """Return a kind of figure by its name.

    Raises
    ------
    FigureError
        Where there is none of that name.
    """
    if name not in FIGURES:
        raise FigureError(f"unknown figure {name!r}, expected one of {', '.join(FIGURES)}")
    return FIGURES[name]


def draw(
    name: str,
    *,
    theatre: Theatre | None = None,
    results: Sequence[Result] = (),
    frontier: Frontier | None = None,
    spread: Spread | None = None,
    width: str = "column",
) -> Figure:
    """Return a figure, to be written with :func:`save`.

    Parameters
    ----------
    name
        One of :data:`FIGURES`.
    theatre, results, frontier, spread
        What it is drawn from (:attr:`Kind.needs`); named scenarios of ``results`` are marked in
        ``frontier``.
    width
        ``column`` (88 mm), ``page`` (180 mm) or ``slide`` (254 mm, landscape).

    Raises
    ------
    FigureError
        For an unknown name or width, or where what it needs is missing.
    """
    kind = find_kind(name)
    given: dict[str, Any] = {
        "theatre": theatre,
        "results": results,
        "frontier": frontier,
        "spread": spread,
    }
    _check_given(kind, given)
    with print_settings(width, fonts=families(texts_of(results))):
        return kind.make(width=width, **given)


def _check_given(kind: Kind, given: Mapping[str, Any]) -> None:
    several = kind.needs in ("option", "options")
    found = given["results" if several else kind.needs]
    if found is None or (several and not found):
        raise FigureError(f"figure {kind.name!r} needs {kind.needs}")
    if kind.needs == "option" and len(found) != 1:
        raise FigureError(f"figure {kind.name!r} shows one option, got {len(found)}")
