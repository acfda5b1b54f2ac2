"""Intervals over the seabeds of the ensemble, as readers see them: one definition, one wording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from okhotsk.theatre.ensemble import INTERVAL, count_members
from okhotsk.theatre.model import Theatre

# What the interval of the index is over, wherever one stands.
INDEX_OVER = "over assumptions, the floor of components and weightings"
# Below each of these a cross-section has a decimal more.
DECIMAL_BELOW_KM2 = (20, 2)


class Interval(NamedTuple):
    """The ends of an interval."""

    low: float
    high: float

    def write(self, style: str) -> str:
        """Return both ends in a format.

        Examples
        --------
        >>> Interval(620.3, 1668.9).write(",.0f")
        '620 to 1,669'
        """
        return f"{self.low:{style}} to {self.high:{style}}"

    def dashed(self, style: str) -> str:
        """Return the same with a dash, where there is little room.

        Examples
        --------
        >>> Interval(620.3, 668.9).dashed(".0f")
        '620–669'
        """
        return f"{self.low:{style}}–{self.high:{style}}"


def seabed_interval(row: Mapping[str, Any], column: str) -> Interval | None:
    """Return the interval of a figure over the ensemble of seabeds.

    Parameters
    ----------
    row
        A record, or a row of the table of straits.
    column
        The figure; ``index_seabed`` for the index.

    Returns
    -------
    Interval or None
        None where the ensemble gives none: under other assumptions than the defaults, on a seabed
        of one's own, and for what the seabed does not resolve.

    Examples
    --------
    >>> seabed_interval({"sill_depth_m_low": 430.0, "sill_depth_m_high": 568.0}, "sill_depth_m")
    Interval(low=430.0, high=568.0)
    """
    low, high = (float(row.get(f"{column}_{end}", np.nan)) for end in ("low", "high"))
    return None if np.isnan(low) or np.isnan(high) else Interval(low, high)


def between(row: Mapping[str, Any], column: str, style: str) -> str:
    """Return the interval of a figure in brackets after a blank; empty where there is none.

    Examples
    --------
    >>> between({"barrier_km_low": 620.3, "barrier_km_high": 668.9}, "barrier_km", ",.0f")
    ' (620 to 669)'
    """
    found = seabed_interval(row, column)
    return f" ({found.write(style)})" if found else ""


def both(one: Mapping[str, Any], other: Mapping[str, Any], column: str, unit: str) -> str:
    """Return the intervals of a figure of two records, in the order told; empty without them.

    Examples
    --------
    >>> ends = {"barrier_km_low": 620.3, "barrier_km_high": 668.9}
    >>> both(ends, {"barrier_km_low": 732.4, "barrier_km_high": 785.0}, "barrier_km", "km")
    ' (5–95% over seabeds: 620 to 669 and 732 to 785 km)'
    """
    first, second = seabed_interval(one, column), seabed_interval(other, column)
    if not first or not second:
        return ""
    low, high = INTERVAL
    ends = f"{first.write(',.0f')} and {second.write(',.0f')} {unit}"
    return f" ({low}–{high}% over seabeds: {ends})"


def aside(row: Mapping[str, Any], column: str, style: str, unit: str = "") -> str:
    """Return the interval of a figure to be told behind it; empty where there is none.

    Examples
    --------
    >>> aside({"barrier_km_low": 620.3, "barrier_km_high": 668.9}, "barrier_km", ",.0f", " km")
    ' (other seabeds: 620 to 669 km)'
    """
    found = seabed_interval(row, column)
    return f" (other seabeds: {found.write(style)}{unit})" if found else ""


def section_words(row: Mapping[str, Any]) -> str:
    """Return the cross-section of a strait and its interval, in digits that a seabed can bear.

    Examples
    --------
    >>> section_words({"throat_area_km2": 5.12})
    '5.1 km²'
    >>> ends = {"throat_area_km2_low": 70.37, "throat_area_km2_high": 140.39}
    >>> section_words({"throat_area_km2": 97.09} | ends)
    '97 km² (70 to 140)'
    """
    area_km2 = float(row["throat_area_km2"])
    style = f".{sum(area_km2 < least for least in DECIMAL_BELOW_KM2)}f"
    return f"{area_km2:{style}} km²{between(row, 'throat_area_km2', style)}"


def definition(theatre: Theatre) -> str:
    """Return what an interval over the seabed is, in words; empty where there is no ensemble."""
    low, high = INTERVAL
    members = count_members(theatre)
    if not members:
        return ""
    return f"{low}th to {high}th percentile over {members} seabeds that differ as public grids do"


def caution(theatre: Theatre) -> str:
    """Return how such intervals are to be read, in sentences; empty where there is no ensemble."""
    words = definition(theatre)
    if not words:
        return ""
    return (
        f"Intervals over seabeds ({words}) leave out every error that these grids share. All "
        "options are measured on the same seabeds: where the intervals of two overlap, their order "
        "may still be the same on every seabed."
    )
