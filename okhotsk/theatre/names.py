"""Names of islands and straits that people type, and the ids that they stand for.

A name counts in English, Russian and Japanese, as the data have it, and without the words for
island and strait, capitals, accents and punctuation: ``Iturup``, ``о. Итуруп``, ``択捉島``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any

from okhotsk.datasets import data_folder
from okhotsk.theatre.coast import groups, read_islands
from okhotsk.theatre.straits import read_straits

# Words for islands and straits, which people leave out or add.
KINDS = r"\b(?:islands?|island group|straits?|channel|passage|остров(?:а|ов)?|о|пролив|скалы?)\b"
ENDS = "島峡水道海列諸"  # last signs of Japanese names
TABLES, LANDS = ("cede", "split"), ("units", "unit", "among")  # of a scenario, that name land
NEAR = 0.7  # how like a name must be to be suggested


def plain(name: str) -> str:
    """Return a name without what people write differently.

    Examples
    --------
    >>> plain("о. Итуруп"), plain("Bussol' Strait"), plain("択捉島")
    ('итуруп', 'bussol', '択捉')
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.sub(r"[^\w\s]|_", lambda m: "" if m[0] in "'’ʹ" else " ", letters)
    return " ".join(re.sub(KINDS, " ", words).split()).rstrip(ENDS)


@cache
def unit_names() -> Mapping[str, str]:
    """Return the id of each island and each group by its plain names."""
    islands = read_islands().values()
    named = ((i.island_id, (i.name, i.name_ru, i.name_ja)) for i in islands)
    groupings = ((name, ()) for name in groups())
    return _by_name([*groupings, *named, *_other_names()])


@cache
def strait_names() -> Mapping[str, str]:
    """Return the id of each strait by its plain names."""
    return _by_name((s.strait_id, (*_parts(s.name), s.name_ru, s.name_ja)) for s in read_straits())


def find_id(name: str, known: Mapping[str, str]) -> str | None:
    """Return the id that a name stands for; None where none does."""
    return known.get(plain(name))


def suggest(name: str, known: Mapping[str, str]) -> str:
    """Return a question with the ids whose names are like one; empty where none is.

    Examples
    --------
    >>> suggest("Iturop", unit_names())
    ' (did you mean iturup?)'
    """
    near = get_close_matches(plain(name), list(known), n=3, cutoff=NEAR)
    ids = dict.fromkeys(known[one] for one in near)
    return f" (did you mean {' or '.join(ids)}?)" if ids else ""


def with_ids(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario's record with the ids of the land that it names in other words.

    What is no name, or no table, stays as it is: the reader says what is wrong with it.
    """
    return {
        key: [_table_with_ids(one) for one in value]
        if key in TABLES and isinstance(value, list)
        else value
        for key, value in record.items()
    }


def _table_with_ids(table: Any) -> Any:
    if not isinstance(table, Mapping):
        return table
    return {key: _as_ids(value) if key in LANDS else value for key, value in table.items()}


def _as_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_ids(name) for name in value]
    return (find_id(value, unit_names()) or value) if isinstance(value, str) else value


def _by_name(named: Iterable[tuple[str, tuple[str | None, ...]]]) -> Mapping[str, str]:
    """Ids by plain names; the id itself comes first, and a name of two stands for neither."""
    rows = list(named)
    found = {plain(one): one for one, _ in rows}
    own = [(plain(name), one) for one, names in rows for name in names if name]
    for name, one in own:
        if len({other for key, other in own if key == name}) == 1:
            found.setdefault(name, one)
    return MappingProxyType(found)


def _other_names() -> Iterator[tuple[str, tuple[str]]]:
    """Names of islands that no other table has, each with its source."""
    with (data_folder() / "names.csv").open(encoding="utf-8", newline="") as rows:
        yield from ((row["unit"], (row["name"],)) for row in csv.DictReader(rows))


def _parts(name: str) -> Iterator[str]:
    """A strait's name and those that stand behind it in brackets."""
    first, _, rest = name.partition("(")
    yield name
    yield first
    yield from rest.rstrip(") ").split(",")
