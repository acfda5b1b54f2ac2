"""What the words mean: the assumptions, and the columns of all tables, as tables themselves."""

from __future__ import annotations

import pandas as pd

from okhotsk.assessment import index
from okhotsk.measures.columns import Column, read_columns
from okhotsk.measures.missiles import missile_ranges
from okhotsk.scenario.assumptions import Assumptions, describe

ASSUMPTION_COLUMNS = (
    "assumption",
    "meaning",
    "value",
    "low",
    "high",
    "choices",
    "unit",
    "swept",
    "source",
    "limits",
)


def assumptions(values: Assumptions | None = None) -> pd.DataFrame:
    """Return every assumption: its meaning, value, range, unit, source, why the range ends there.

    Parameters
    ----------
    values
        The assumptions whose values are given; the defaults, unless given.

    Examples
    --------
    >>> assumptions().set_index("assumption").loc["sensor_range_km", ["value", "low", "high"]]
    value    100
    low       20
    high     300
    Name: sensor_range_km, dtype: object
    """
    rows = [
        item
        | {"choices": " or ".join(f"{choice:g}" for choice in item["choices"]) or None}
        | {name: _plain(item[name]) for name in ("value", "low", "high")}
        for item in describe(values or Assumptions())
    ]
    return pd.DataFrame(rows, dtype=object)[list(ASSUMPTION_COLUMNS)]


def _plain(number: float) -> float:
    """A whole number as such, so that no table writes 12.000."""
    return int(number) if float(number).is_integer() else number


def columns() -> pd.DataFrame:
    """Return every column of every table: title on pages, meaning, unit, whom high values serve.

    Examples
    --------
    >>> columns().set_index("column").loc["intruder_exposure", ["title", "high_serves"]].tolist()
    ['Warning of intruders', 'Russia']
    """
    rows = [
        {
            "column": column.name,
            "title": column.title,
            "meaning": column.meaning,
            "unit": column.unit or None,
            "high_serves": column.serves,
        }
        for column in (*read_columns().values(), *_kept(), *_missiles())
    ]
    return pd.DataFrame(rows)


def _kept() -> list[Column]:
    """The columns of the steps of the frontier that say what a component keeps."""
    return [
        Column(
            f"{component.component_id}_percent",
            f"{component.title}, kept",
            f"the component `{component.component_id}` of the index, 100 as today",
            "per cent",
            "Russia",
        )
        for component in index.read_recipe().components
    ]


def _missiles() -> list[Column]:
    """The shares of throats within published ranges of missiles."""
    sides = {"RU": "Russia", "JP": "Japan"}
    return [
        Column(
            missile.column,
            f"{missile.name}, {missile.km:g} km",
            f"share of the throat within that published range of land where the forces of "
            f"{sides[missile.holder]} may stand",
            "share of 1",
            sides[missile.holder],
        )
        for missile in missile_ranges()
    ]
