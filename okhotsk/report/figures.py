"""The catalogue of print figures: what there is, what each needs, drawing and writing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from okhotsk.assessment.record import Result
from okhotsk.report import charts, print_maps
from okhotsk.report.layout import FigureError, press
from okhotsk.report.layout import save as save
from okhotsk.theatre.model import Theatre

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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


def _option(make: Callable[..., Figure]) -> Callable[..., Figure]:
    return lambda results, width, **_: make(results[0], width=width)


def _options(make: Callable[..., Figure]) -> Callable[..., Figure]:
    return lambda results, width, **_: make(results, width=width)


def _theatre(theatre: Theatre, width: str, **_: Any) -> Figure:
    return print_maps.draw_theatre(theatre, width=width)


def _frontier(frontier: Any, results: Sequence[Result], width: str, **_: Any) -> Figure:
    rows = [
        {
            "short": r.scenario.short or r.scenario.title,
            "index_value": r.record["index"],
            "ceded_land_km2": r.record["ceded_land_km2"],
        }
        for r in results
        if set(r.land[r.land.ceded].forces) == {"JP"}  # others do not lie on this chart's curves
    ]
    columns = ["short", "index_value", "ceded_land_km2"]
    return charts.draw_frontier(
        frontier, pd.DataFrame(rows, columns=columns), width=width, credit=_credit(results)
    )


def _credit(results: Sequence[Result]) -> str:
    """Sources of what is computed over many assumptions; without options only the coast's."""
    known = print_maps.ground(results[0].theatre) if results else print_maps.COAST
    return f"{known} Computed with okhotsk."


def _shorts(results: Sequence[Result]) -> dict[str, str]:
    return {r.scenario.scenario_id: r.scenario.short or r.scenario.title for r in results}


def _ranks(spread: Any, results: Sequence[Result], width: str, **_: Any) -> Figure:
    ranks = spread.uncertainty.ranks
    return charts.draw_ranks(ranks, _shorts(results), width=width, credit=_credit(results))


def _drivers(spread: Any, results: Sequence[Result], width: str, **_: Any) -> Figure:
    drivers = spread.drivers
    return charts.draw_drivers(drivers, _shorts(results), width=width, credit=_credit(results))


_KINDS = (
    Kind("theatre", "the sea, its limits, its straits and its depths", "theatre", _theatre),
    Kind("option", "the map of one option", "option", _option(print_maps.draw_option)),
    Kind("options", "small maps of several options", "options", _options(print_maps.draw_options)),
    Kind(
        "strait-sections",
        "sections of the exits by whose waters they are",
        "option",
        _option(charts.draw_sections),
    ),
    Kind("refuge", "refuge over the standoff", "options", _options(charts.draw_refuge)),
    Kind(
        "enclosure",
        "patrol water enclosed over the length of line",
        "options",
        _options(charts.draw_enclosure),
    ),
    Kind(
        "depth-access",
        "patrol water that a keel reaches, and exits that close",
        "option",
        _option(charts.draw_depths),
    ),
    Kind(
        "components",
        "what each option keeps of each component of the index",
        "options",
        _options(charts.draw_components),
    ),
    Kind("frontier", "what is left as the border moves up the chain", "frontier", _frontier),
    Kind("ranks", "probability of every rank", "spread", _ranks),
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
    frontier: Any = None,
    spread: Any = None,
    width: str = "column",
) -> Figure:
    """Return a figure, to be written with :func:`save`.

    Parameters
    ----------
    name
        One of :data:`FIGURES`.
    theatre, results, frontier, spread
        What it is drawn from (:attr:`Kind.needs`); named options of ``results`` are marked in
        ``frontier``.
    width
        ``column`` (88 mm), ``page`` (180 mm) or ``slide`` (254 mm).

    Raises
    ------
    FigureError
        For an unknown name or width, or where what it needs is missing.
    """
    kind = find_kind(name)
    given = {
        "theatre": theatre,
        "option": results,
        "options": results,
        "frontier": frontier,
        "spread": spread,
    }
    missing = given[kind.needs] is None or (kind.needs in ("option", "options") and not results)
    if missing:
        raise FigureError(f"figure {name!r} needs {kind.needs}")
    if kind.needs == "option" and len(results) != 1:
        raise FigureError(f"figure {name!r} shows one option, got {len(results)}")
    with press(width):
        return kind.make(
            theatre=theatre, results=results, frontier=frontier, spread=spread, width=width
        )
