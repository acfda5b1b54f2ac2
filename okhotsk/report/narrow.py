"""Tables as narrow as a page of a word processor, so that no word or number is broken in two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROOM = 60  # letters of 12 points that the narrowest usual page holds, edges of cells included
EDGES = 2  # letters that the two edges of a cell take


@dataclass(frozen=True)
class Part:
    """Columns of a table that fit a page together, led by its first one.

    Attributes
    ----------
    heads, rows
        Their texts.
    widths
        Letters that each column should have.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


def narrow(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Part]:
    """Return a table as the fewest parts that fit a page, each led by the first column.

    Examples
    --------
    >>> [part.heads for part in narrow(["Option", "a" * 30, "b" * 30], [["x", "1", "2"]])]
    [('Option', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), ('Option', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')]
    """
    columns = [[head, *(row[n] for row in rows)] for n, head in enumerate(heads)]
    least = [max(map(_longest_word, texts)) + EDGES for texts in columns]
    return [_part([columns[n] for n in chosen]) for chosen in _blocks(least)]


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _blocks(least: Sequence[int]) -> list[list[int]]:
    """Numbers of the columns of each part, as even as they come."""
    first, *others = least
    count = max(1, math.ceil(sum(others) / max(1, ROOM - first)))
    while True:
        blocks = _filled(others, sum(others) / count)
        widest = max(first + sum(others[n - 1] for n in block) for block in blocks)
        if widest <= ROOM or count >= len(others):
            return [[0, *block] for block in blocks]
        count += 1


def _filled(widths: Sequence[int], target: float) -> list[list[int]]:
    """Columns after the first in runs: a run ends where it reaches its share of the whole."""
    blocks: list[list[int]] = [[]]
    used = 0.0
    for number, width in enumerate(widths, 1):
        if blocks[-1] and used + width / 2 > target * len(blocks):
            blocks.append([])
        blocks[-1].append(number)
        used += width
    return blocks


def _part(columns: Sequence[Sequence[str]]) -> Part:
    least = [max(map(_longest_word, texts)) + EDGES for texts in columns]
    whole = [max(map(len, texts)) + EDGES for texts in columns]
    wanting = sum(whole) - sum(least)
    share = min(1.0, max(0, ROOM - sum(least)) / wanting) if wanting else 0.0
    widths = tuple(round(a + (b - a) * share) for a, b in zip(least, whole, strict=True))
    heads, *rows = zip(*columns, strict=True)
    return Part(heads, tuple(rows), widths)
