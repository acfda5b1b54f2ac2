"""Tables as sheets of a workbook, which spreadsheets of every language read alike.

A CSV keeps neither: programs that write 0,5 take 0.5 for a text or a date, and older ones read its
letters as those of one country.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import xlsxwriter

from okhotsk import tables
from okhotsk.export.fields import fields_of

DAY_ZERO = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # equal content, equal bytes
WORDS = "columns"  # the sheet that says what every column is
WIDEST, NARROWEST = 48, 8  # letters of a column
ARROW = 4  # letters that the button of the filter takes of a head
HEAD_PT = 48  # three lines


def workbook_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook (Office Open XML) with a sheet for each table, by name.

    Heads are in words with units, rounding is that of the tables, and the last sheet says what
    each column is and what scripts call it.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"created": DAY_ZERO.replace(tzinfo=None)})
    for name, frame in {**sheets, WORDS: _words(sheets)}.items():
        _write(book, name, frame)
    book.close()
    return made.getvalue()


def _words(sheets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = [
        {"sheet": sheet, "column": name, "title": field.title, "meaning": field.meaning}
        for sheet, frame in sheets.items()
        for name, field in fields_of(frame).items()
    ]
    return pd.DataFrame(rows)


def _write(book: Any, name: str, frame: pd.DataFrame) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    records = tables.records(frame)
    for number, (column, field) in enumerate(fields_of(frame).items()):
        values = [record[column] for record in records]
        shown = book.add_format({"num_format": _number_format(column, values)})
        sheet.write_string(0, number, field.title, head)
        for row, value in enumerate(values, 1):
            _write_cell(sheet, row, number, value, shown)
        texts = [tables.text_of(value, column) for value in values]
        words = [len(word) + ARROW for word in field.title.split()]
        width = max([NARROWEST, *words, len(field.title) // 2, *map(len, texts)])
        sheet.set_column(number, number, min(WIDEST, width + 1))
    sheet.set_row(0, HEAD_PT)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(records)), max(0, len(fields_of(frame)) - 1))


def _write_cell(sheet: Any, row: int, number: int, value: Any, shown: Any) -> None:
    """Numbers and truths as such; a text stays one, whatever it begins with."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, number, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, number, value, shown)
    else:
        sheet.write_string(row, number, str(value))


def _number_format(column: str, values: list[Any]) -> str:
    """The decimals of a column; the program writes their sign in the way of its reader."""
    places = tables.decimals_of(column)
    if places is None or not any(isinstance(value, float) for value in values):
        return "General"
    return "0." + "0" * places if places else "0"
