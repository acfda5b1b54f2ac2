"""The words of columns: what each means, its unit, whom a high value serves, what pages call it.

Tables of all commands, pages and the documentation take their words from here; the figures
themselves are in :mod:`okhotsk.measures.figures`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from okhotsk.datasets import read_table
from okhotsk.measures.figures import FIGURES
from okhotsk.schema import FLAG, Key, Schema

NEITHER = "neither"
SIDES = ("Russia", "Japan")
COLUMNS = Schema(
    others=Schema(
        {
            "title": Key(),
            "meaning": Key(),
            "unit": Key(required=False),
            "high": Key(required=False, choices=SIDES),
            "ranged": Key(FLAG, required=False),
            "other": Key(FLAG, required=False),
        }
    )
)
# By the end of the name; of a column that has no unit said elsewhere.
_ENDS = re.compile("_(km2|km|m|percent|share|ratio)$")
_WORDS: Mapping[str, str] = MappingProxyType(
    {"percent": "per cent", "share": "share of 1", "ratio": "ratio"}
)
# Units that say no more than the number does; titles leave them out.
_NUMBERS = ("share of 1", "ratio", "exits", "sensors", "boats", "worlds")
_RANGES: Mapping[str, str] = MappingProxyType({"low": "5th", "high": "95th"})


@dataclass(frozen=True)
class Column:
    """The words of one column.

    Attributes
    ----------
    name
        Its name in tables.
    title
        What pages call it.
    meaning
        What it measures.
    unit
        Its unit; empty where it has none.
    serves
        Whom a high value serves: ``Russia``, ``Japan`` or ``neither``.
    """

    name: str
    title: str
    meaning: str
    unit: str = ""
    serves: str = NEITHER

    @property
    def judged(self) -> str:
        """Whether high is good or bad for Russia, in a few words; empty where it is neither."""
        words = {"Russia": "high: good for Russia", "Japan": "high: bad for Russia"}
        return words.get(self.serves, "")


@cache
def read_columns() -> Mapping[str, Column]:
    """Return the columns of the catalogue by name, with the ends of their intervals."""
    units = {figure.column: figure.unit for figure in FIGURES if figure.unit}
    found: dict[str, Column] = {}
    for name, entry in read_table("columns.toml", COLUMNS).items():
        column = Column(
            name,
            entry["title"],
            entry["meaning"],
            entry.get("unit") or units.get(name) or unit_of(name),
            entry.get("high", NEITHER),
        )
        found |= {each.name: each for each in (column, *_derived(column, entry))}
    return MappingProxyType(found)


def unit_of(name: str) -> str:
    """Return the unit that the name of a column ends in; empty where it has none.

    Examples
    --------
    >>> unit_of("sill_depth_m"), unit_of("refuge_share"), unit_of("name")
    ('m', 'share of 1', '')
    """
    end = _ENDS.search(name)
    return _WORDS.get(end.group(1), end.group(1)) if end else ""


def title_of(name: str) -> str:
    """Return what pages call a column; its name where the catalogue has it not."""
    column = read_columns().get(name)
    return column.title if column else name


def heads_of(names: Sequence[str]) -> list[str]:
    """Return the titles of columns with their units, as heads of a table, no two the same.

    Examples
    --------
    >>> heads_of(["barrier_km", "refuge_share", "name"])
    ['Seal line, km', 'Refuge', 'Name']
    """
    heads = [
        ", ".join(filter(None, [title_of(name), "" if unit in _NUMBERS else unit]))
        for name, unit in ((name, unit_in(name)) for name in names)
    ]
    return [
        f"{head} ({name})" if heads.count(head) > 1 else head
        for head, name in zip(heads, names, strict=True)
    ]


def unit_in(name: str) -> str:
    """Return the unit of a column, by the catalogue or by its name."""
    column = read_columns().get(name)
    return column.unit if column else unit_of(name)


def _derived(column: Column, entry: Mapping[str, Any]) -> list[Column]:
    """The columns that follow from one: the ends of its interval, another seabed's."""
    found = []
    for end, words in _RANGES.items() if entry.get("ranged") else ():
        found.append(
            Column(
                f"{column.name}_{end}",
                f"{column.title}, {end} end",
                f"{words} percentile of `{column.name}` over other seabeds",
                column.unit,
                column.serves,
            )
        )
    if entry.get("other"):
        title, told = f"{column.title}, other seabed", f"`{column.name}` on the other seabed"
        found.append(Column(f"other_{column.name}", title, told, column.unit, column.serves))
    return found
