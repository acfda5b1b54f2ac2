"""The catalogue of figures: column, unit and rule of every figure of a record, stated once.

A record measures one scenario, a sweep every island set, and the explorer's page adds up tables.
They compute in different ways. The catalogue states what must be the same in all: which figures
there are and in which order, in which units, what each follows from, and the last step of a
share, with its denominator.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from okhotsk.measures.barrier import LINES
from okhotsk.measures.zones import COLUMNS
from okhotsk.raster.arrays import FloatArray

Rule = Literal[
    "land",  # sum of a property (source) over the units ceded
    "zone",  # area of classes of cells, each of one holder once all its units are ceded
    "water",  # area of classes of cells, each in reach once one of its units has hostile forces
    "exits",  # number of deep exits under a regime (source)
    "throats",  # throat area of deep exits under a regime (source), or under any
    "operating",  # the same down to the operating depth
    "passage",  # least cost over passages, barred by units that are ceded or kept (source)
    "barrier",  # least cost over closed curves round the core
    "share",  # source over denominator
]

# Regime of an exit by the number of its shores that are Japanese.
EXIT_REGIMES = ("russian", "shared", "japanese")


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes
    ----------
    column
        Its name in records and tables.
    unit
        Its unit; empty where it has none.
    rule
        How it follows from what: see :data:`Rule`.
    source
        What the rule is applied to.
    denominator
        Of a share: the figure it is divided by.
    reported
        Whether it is in the record, or only a part of a share.
    hostile
        Whether it depends on forces on ceded islands.
    """

    column: str
    unit: str
    rule: Rule
    source: str = ""
    denominator: str = ""
    reported: bool = True
    hostile: bool = False


def _zones() -> tuple[Figure, ...]:
    return tuple(Figure(column, "km2", "zone") for column in ("sea_km2", *COLUMNS.values()))


def _exits() -> tuple[Figure, ...]:
    return tuple(Figure(f"exits_{regime}", "", "exits", regime) for regime in EXIT_REGIMES)


FIGURES: tuple[Figure, ...] = (
    Figure("ceded_land_km2", "km2", "land", "area_km2"),
    Figure("ceded_population", "", "land", "population"),
    Figure("ceded_coast_km", "km", "land", "coast_km"),
    *_zones(),
    *_exits(),
    Figure("russian_throat_km2", "km2", "throats", "russian", reported=False),
    Figure("throat_km2", "km2", "throats", reported=False),
    Figure("russian_throat_share", "", "share", "russian_throat_km2", "throat_km2"),
    Figure("russian_operating_km2", "km2", "operating", "russian", reported=False),
    Figure("operating_km2", "km2", "operating", reported=False),
    Figure("russian_operating_share", "", "share", "russian_operating_km2", "operating_km2"),
    Figure("access_depth_m", "m", "passage", "kept"),
    Figure("egress_depth_m", "m", "passage", "ceded"),
    *(Figure(line, line.rpartition("_")[2], "barrier") for line in LINES),
    Figure("patrol_km2", "km2", "water"),
    Figure("refuge_km2", "km2", "water", hostile=True),
    Figure("sensed_km2", "km2", "water", reported=False, hostile=True),
    Figure("refuge_share", "", "share", "refuge_km2", "patrol_km2"),
    Figure("sensed_share", "", "share", "sensed_km2", "patrol_km2"),
    Figure("egress_exposure", "", "passage", "ceded", hostile=True),
    Figure("base_exposure", "", "passage", "ceded", hostile=True),
    Figure("intruder_exposure", "", "passage", "kept"),
)


def columns_of(rule: Rule) -> tuple[str, ...]:
    """Return the columns of the figures under a rule, in order."""
    return tuple(figure.column for figure in FIGURES if figure.rule == rule)


def with_parts(columns: Collection[str]) -> tuple[Figure, ...]:
    """Return the figures of some columns and the figures that their shares are made of."""
    wanted = [figure for figure in FIGURES if figure.column in columns]
    needed = {name for f in wanted for name in (f.column, f.source, f.denominator)}
    return tuple(figure for figure in FIGURES if figure.column in needed)


def finish(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reported figures that follow from some measured ones, in order.

    Parameters
    ----------
    parts
        Figures by column, numbers or arrays; shares are computed here.

    Examples
    --------
    >>> finish({"patrol_km2": 200.0, "refuge_km2": 50.0, "sensed_km2": 20.0})
    {'patrol_km2': 200.0, 'refuge_km2': 50.0, 'refuge_share': 0.25, 'sensed_share': 0.1}
    """
    found: dict[str, Any] = {}
    for figure in FIGURES:
        if figure.rule == "share" and figure.source in parts:
            found[figure.column] = _ratio(parts[figure.source], parts[figure.denominator])
        elif figure.column in parts and figure.reported:
            found[figure.column] = parts[figure.column]
    return found


def _ratio(part: Any, whole: Any) -> Any:
    """A share; no number where there is nothing to share."""
    with np.errstate(invalid="ignore"):
        share = np.divide(part, whole)
    return share if np.ndim(share) else float(share)


def count_exits(
    japanese_shores: NDArray[np.integer], areas_km2: Mapping[str, FloatArray]
) -> dict[str, Any]:
    """Return the number of exits under each regime, and their areas.

    Parameters
    ----------
    japanese_shores
        How many of the two shores of each deep exit are Japanese, shape (exits, ...).
    areas_km2
        What each deep exit counts under the rules ``throats`` and ``operating``, shape (exits,).

    Returns
    -------
    dict
        The figures under these rules and the rule ``exits``, each of shape (...).
    """
    found: dict[str, Any] = {}
    for figure in FIGURES:
        if figure.rule not in ("exits", *areas_km2):
            continue
        counted = np.ones(japanese_shores.shape, bool)
        if figure.source:
            counted = japanese_shores == EXIT_REGIMES.index(figure.source)
        if figure.rule == "exits":
            found[figure.column] = counted.sum(axis=0)
        else:
            # One exit after the other, so that the rounding does not depend on the shape.
            each = zip(counted, areas_km2[figure.rule], strict=True)
            areas = (np.where(own, km2, 0.0) for own, km2 in each)
            found[figure.column] = sum(areas, np.zeros(japanese_shores.shape[1:]))
    return found
