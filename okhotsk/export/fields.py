"""What the columns of layers and tables are called, in words and with their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from okhotsk.measures.columns import Column, read_columns, unit_of

# Columns that only files have, or that mean something else there: title and meaning.
ONLY_HERE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "zone": ("Zone, as an id", "which zone of which state"),
        "holder": ("Holder", "RU or JP; empty on the high seas"),
        "water": ("Water, as an id", "which water"),
        "part_id": ("Piece, as an id", "the island, or the side of a line across it"),
        "unit_id": ("Island, as an id", "the island or mainland that the piece belongs to"),
        "sovereign": ("Sovereign", "RU or JP"),
        "forces": ("Forces", "whose forces may stand there: RU, JP, or none"),
        "depth_m": ("Least depth on the way", "the depth of its shallowest place"),
        "line": ("Seal line, as an id", "what the line makes least"),
        "way": ("Deepest way, as an id", "whose way"),
        "route": ("Way of least exposure, as an id", "whose way, and between which places"),
        "sheet": ("Sheet", "the sheet that has the column"),
        "column": ("Column", "what scripts and other files call it"),
        "meaning": ("Meaning", "what it measures"),
        "item": ("Item", "what is told of this file"),
        "data": ("Data file", "its name in the package"),
        "licence": ("Licence", "under which it may be passed on"),
        "citation": ("Citation", "what the key of a source stands for"),
    }
)
# Units that a title says already.
COUNTED = ("exits", "sensors", "boats", "worlds")


@dataclass(frozen=True)
class Field:
    """A column in words.

    Attributes
    ----------
    title
        What a reader sees above its values, unit included.
    meaning
        What it measures; empty where nobody says.
    """

    title: str
    meaning: str


def fields_of(frame: pd.DataFrame) -> dict[str, Field]:
    """Return the columns of a layer or table in words, by name, without the geometry."""
    names = [str(name) for name in frame.columns if name != "geometry"]
    return {name: _field(_column(name)) for name in names}


def _column(name: str) -> Column:
    if name in ONLY_HERE:
        title, meaning = ONLY_HERE[name]
        return Column(name, title, meaning, unit_of(name))
    return read_columns().get(name) or Column(name, name, "", unit_of(name))


def _field(column: Column) -> Field:
    unit = "" if column.unit in COUNTED else column.unit.replace("km2", "km²")
    return Field(", ".join(filter(None, [column.title, unit])), column.meaning)
