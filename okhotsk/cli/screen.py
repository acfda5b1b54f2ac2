"""Tables as a terminal shows them: one block, in the width there is."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from okhotsk.tables import decimals_of, records, text_of

GAP = "  "
LEAST_WORDS, MOST_WORDS = 22, 72  # columns of a terminal that words in lines may take
LEAST_CELL = 11
RANGES = (
    "Ranges of the index: 5–95% over assumptions, the floor of components and",
    "weightings. Other ranges: 5–95% over seabeds, which are rougher than the shipped",
    "one, so that a line can be shorter on them. In full: --format csv.",
)
THOUSANDS = 1e5  # ends of intervals from here on are written in thousands
BELOW_LABEL = "  range"
ALL_OF_THEM = "--format csv (json, markdown, latex)"


class Columns(NamedTuple):
    """Which columns matter most, and which hold words that may stand in lines."""

    first: tuple[str, ...]
    words: tuple[str, ...] = ()


def room_of(text: str) -> int:
    """How many columns of a terminal a text takes.

    Examples
    --------
    >>> room_of("Iturup"), room_of("択捉島")
    (6, 6)
    """
    return sum(map(_room_of_letter, text))


def _room_of_letter(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def fitted_table(frame: pd.DataFrame, shown: Columns, width: int) -> str:
    """Return a table in one block: the columns that fit, and how to see the rest.

    Parameters
    ----------
    frame
        The table.
    shown
        The columns that come first, and those whose words may stand in lines. Others follow where
        all the first ones fit.
    width
        Columns of the terminal.
    """
    rows = records(frame)
    names = [str(name) for name in frame.columns if name != "geometry"]
    texts = {name: [text_of(row[name], name) for row in rows] for name in names}
    rooms = _chosen(texts, shown, width)
    numbers = {name for name in rooms if frame[name].dtype.kind in "fiu"}
    lines = _row([*rooms], rooms, numbers)
    for n in range(len(rows)):
        lines += _row([texts[name][n] for name in rooms], rooms, numbers)
    if len(rooms) < len(names):
        lines += ["", f"{len(rooms)} of {len(names)} columns. All of them: {ALL_OF_THEM}."]
    return "\n".join(lines)


def _chosen(texts: Mapping[str, Sequence[str]], shown: Columns, width: int) -> dict[str, int]:
    """The columns that fit, with the room of each."""
    whole = {name: max(map(room_of, [name, *cells])) for name, cells in texts.items()}
    least = {
        name: min(room, max(LEAST_WORDS, room_of(name))) if name in shown.words else room
        for name, room in whole.items()
    }
    first = [name for name in shown.first if name in texts]
    rooms: dict[str, int] = {}
    for names in (first, [name for name in texts if name not in first]):
        for name in names:
            if sum(rooms.values()) + len(GAP) * len(rooms) + least[name] <= width:
                rooms[name] = least[name]
        if len(rooms) < len(first):
            break
    spare = width - sum(rooms.values()) - len(GAP) * (len(rooms) - 1)
    for name in rooms:
        more = max(0, min(spare, min(whole[name], MOST_WORDS) - rooms[name]))
        rooms[name] += more
        spare -= more
    return rooms


def _row(cells: Sequence[str], rooms: Mapping[str, int], numbers: set[str]) -> list[str]:
    """A row in as many lines as its words take; numbers stand on the right."""
    parts = [_in_lines(cell, room) for cell, room in zip(cells, rooms.values(), strict=True)]
    lines = []
    for n in range(max(map(len, parts))):
        line = [
            _padded(part[n] if n < len(part) else "", room, right=name in numbers)
            for part, (name, room) in zip(parts, rooms.items(), strict=True)
        ]
        lines.append(GAP.join(line).rstrip())
    return lines


def _in_lines(text: str, room: int) -> list[str]:
    """A text in lines, where it is too long for one."""
    return [text] if room_of(text) <= room else textwrap.wrap(text, room)


def _padded(text: str, room: int, *, right: bool) -> str:
    gap = " " * max(0, room - room_of(text))
    return gap + text if right else text + gap


def measures_table(frame: pd.DataFrame, today: Mapping[str, Any], width: int) -> str:
    """Return scenarios in one block, a row a measure, intervals beside the figures or below.

    Parameters
    ----------
    frame
        Records, a row a scenario.
    today
        The record of the status quo, shown first where none of the scenarios is it and there is
        room; empty where one is.
    width
        Columns of the terminal.
    """
    rows = {str(row["scenario_id"]): row for row in records(frame)}
    names = [str(n) for n in frame.columns if not re.search("_(low|high)$|^scenario_id$", str(n))]
    names += ["index_seabed"] if "index_seabed_low" in frame else []
    block = _block(rows, names)
    if today:
        before = records(pd.DataFrame([dict(today) | {"index": 100.0}]))[0]
        whole = _block({"today": before, **rows}, names)
        block = whole if whole.room(beside=False) <= width else block
    lines = block.lines(width, beside=block.room(beside=True) <= width)
    ranged = any(ends for row in block.rows.values() for _, ends in row)
    return "\n".join([*lines, *(["", *RANGES] if ranged else [])])


def _block(rows: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> _Block:
    return _Block(tuple(rows), {name: [_measure(r, name) for r in rows.values()] for name in names})


def _measure(row: Mapping[str, Any], name: str) -> tuple[str, str]:
    """A figure, and its interval."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    ends = (
        ""
        if low is None or high is None
        else "–".join(_short(end, decimals_of(name)) for end in (low, high))
    )
    return text_of(row.get(name), name), ends


def _short(value: float, most: int | None = None) -> str:
    """An end of an interval, in four digits at most.

    Examples
    --------
    >>> _short(581.34), _short(1004123.4), _short(0.88406), _short(1913.2)
    ('581.3', '1004k', '0.884', '1913')
    """
    if abs(value) >= THOUSANDS:
        return f"{value / 1000:.0f}k"
    places = max(0, min(3, 4 - len(str(int(abs(value))))))
    return f"{value:.{places if most is None else min(places, most)}f}"


@dataclass(frozen=True)
class _Block:
    """Scenarios by their ids, and by measure the figure and the interval of each."""

    heads: tuple[str, ...]
    rows: Mapping[str, Sequence[tuple[str, str]]]

    @property
    def label(self) -> int:
        return max(map(len, [*self.rows, BELOW_LABEL]))

    def _rooms(self, *, beside: bool) -> list[int]:
        """The least room of each scenario."""
        rooms = []
        for n, head in enumerate(self.heads):
            figure = max(min(room_of(row[n][0]), LEAST_CELL) for row in self.rows.values())
            ends = max(room_of(row[n][1]) for row in self.rows.values())
            room = figure + 1 + ends if beside and ends else max(figure, ends)
            longest = max(map(room_of, _at_hyphens(head)))
            rooms.append(max(room, min(longest, LEAST_CELL + 2)))
        return rooms

    def room(self, *, beside: bool) -> int:
        """Columns of the terminal that the block takes at least."""
        return self.label + sum(room + len(GAP) for room in self._rooms(beside=beside))

    def lines(self, width: int, *, beside: bool) -> list[str]:
        """The block; names of scenarios take lines where they are long."""
        rooms, spare = self._rooms(beside=beside), width - self.room(beside=beside)
        for n, head in enumerate(self.heads):
            more = max(0, min(spare, room_of(head) - rooms[n]))
            rooms[n] += more
            spare -= more
        lines = self._row(
            "", [_id_in_lines(h, r) for h, r in zip(self.heads, rooms, strict=True)], rooms
        )
        for name, cells in self.rows.items():
            if beside:
                told = [self._beside(n, *cell) for n, cell in enumerate(cells)]
            else:
                told = [figure for figure, _ in cells]
            if any(told):
                parts = [_in_lines(t, r) for t, r in zip(told, rooms, strict=True)]
                lines += self._row(name, parts, rooms)
            if not beside and any(ends for _, ends in cells):
                below = BELOW_LABEL if any(told) else name
                lines += self._row(below, [[ends] for _, ends in cells], rooms)
        return lines

    def _beside(self, n: int, figure: str, ends: str) -> str:
        """A figure on the right of its room, and its interval behind it."""
        room = max(room_of(row[n][1]) for row in self.rows.values())
        return f"{figure} {_padded(ends, room, right=False)}" if room else figure

    def _row(self, name: str, parts: Sequence[Sequence[str]], rooms: Sequence[int]) -> list[str]:
        lines = []
        for n in range(max(map(len, parts))):
            cells = [
                _padded(part[n] if n < len(part) else "", room, right=True)
                for part, room in zip(parts, rooms, strict=True)
            ]
            lines.append(GAP.join([(name if not n else "").ljust(self.label), *cells]).rstrip())
        return lines


def _at_hyphens(text: str) -> list[str]:
    return re.findall("[^-]+-?", text) or [""]


def _id_in_lines(text: str, room: int) -> list[str]:
    """An id in lines that end at hyphens where they can."""
    lines = [""]
    for part in _at_hyphens(text):
        if lines[-1] and room_of(lines[-1] + part) > room:
            lines.append("")
        lines[-1] += part
    return [piece for line in lines for piece in _in_lines(line, room)]
