"""Records as tables: text, JSON, CSV, Markdown and LaTeX, all with the same rounding."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

# A spreadsheet would run a text that begins so as a formula; full-width signs too.
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
NUMERIC = re.compile(r"[+-]?[\d.,]+(e[+-]?\d+)?", re.IGNORECASE)
# What Markdown reads as markup; an underscore within a word is none.
MARKUP = re.compile(r"[\\`*\[\]<>|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
LEAST_ROOM = 20  # letters, for words in lines
FORMATS = ("table", "json", "csv", "markdown", "latex")

# Decimals by the unit at the end of a column name: what the data can bear.
DECIMALS: Mapping[str, int] = MappingProxyType(
    {
        "_area_km2": 2,
        "_km2": 1,
        "_km": 1,
        "_m": 0,
        "_share": 4,
        "_ratio": 3,
        "_exposure": 3,
        "_total": 2,
        "index": 1,
        "index_seabed": 1,
        "lon": 4,
        "lat": 4,
    }
)


def decimals_of(column: str) -> int | None:
    """Return how many decimals a column bears, by its unit; None where any.

    Examples
    --------
    >>> decimals_of("barrier_km"), decimals_of("barrier_km_low"), decimals_of("name")
    (1, 1, None)
    """
    name = column.removesuffix("_low").removesuffix("_high")
    return next((places for end, places in DECIMALS.items() if name.endswith(end)), None)


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every number rounded by its unit, without geometry."""
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    for column in plain.select_dtypes("number"):
        if plain[column].dtype.kind != "f":
            continue
        places = decimals_of(str(column))
        if places is not None:
            plain[column] = plain[column].round(places)
        plain[column] += 0.0  # so that nothing is printed as -0.0
    return plain


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return flat records of plain values; what is missing is None."""
    rows = rounded(frame).to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def render(frame: pd.DataFrame, style: str, *, width: int = 100) -> str:
    """Return a table as text in one of the formats.

    Parameters
    ----------
    frame
        The table.
    style
        One of ``FORMATS``.
    width
        Columns of the terminal, for ``table``: wider tables are folded.
    """
    rows = records(frame)
    columns = [str(name) for name in rounded(frame).columns]
    if style == "json":
        return json.dumps(rows, ensure_ascii=False, indent=2)
    if style == "csv":
        return _harmless(rounded(frame)).to_csv(index=False, lineterminator="\n").rstrip("\n")
    cells = [[text_of(row[column], column) for column in columns] for row in rows]
    if style == "markdown":
        return _markdown(columns, cells)
    text = pd.DataFrame(cells, columns=columns)
    if style == "latex":
        return str(text.to_latex(index=False, escape=True)).rstrip("\n")
    return _folded(text, width)


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text that a spreadsheet would run."""
    safe = frame.copy()
    for column in frame.select_dtypes(exclude="number"):
        safe[column] = frame[column].map(_no_formula)
    return safe


def _no_formula(value: Any) -> Any:
    runs = isinstance(value, str) and FORMULA.match(value) and not NUMERIC.fullmatch(value)
    return f"'{value}" if runs else value


def _folded(text: pd.DataFrame, width: int) -> str:
    """Blocks of columns that fit the width, each led by the first column."""
    if text.empty:
        return "(nothing)"
    text = _wrapped(text, width)
    widths = [max(len(str(name)), *map(len, text[name])) + 2 for name in text]
    blocks, block, used = [], [0], widths[0]
    for number in range(1, len(widths)):
        if used + widths[number] > width and len(block) > 1:
            blocks.append(block)
            block, used = [0], widths[0]
        block.append(number)
        used += widths[number]
    return "\n\n".join(text.iloc[:, b].to_string(index=False) for b in [*blocks, block])


def _wrapped(text: pd.DataFrame, width: int) -> pd.DataFrame:
    """The table with the words of its last column in lines, where they make it too wide."""
    *others, last = text.columns
    room = width - 2 - sum(max(len(name), *map(len, text[name])) + 2 for name in others)
    if room < LEAST_ROOM or text[last].str.len().max() <= room:
        return text
    rows = []
    for *cells, words in text.itertuples(index=False):
        for line in textwrap.wrap(words, room, break_long_words=False) or [""]:
            rows.append([*cells, line.ljust(room)])
            cells = [""] * len(others)
    return pd.DataFrame(rows, columns=[*others, last.ljust(room)])


def text_of(value: Any, column: str) -> str:
    """Return a value as the tables write it, with the decimals of its column.

    Examples
    --------
    >>> text_of(773.14, "barrier_km"), text_of(True, "exit"), text_of(None, "name")
    ('773.1', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        places = decimals_of(column)
        return f"{value:.{3 if places is None else places}f}"
    return str(value)


def _markdown(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    def line(values: Sequence[str]) -> str:
        flat = (" ".join(MARKUP.sub(r"\\\g<0>", value).split()) for value in values)
        return "| " + " | ".join(flat) + " |"

    return "\n".join([line(columns), line(["---"] * len(columns)), *map(line, cells)])
