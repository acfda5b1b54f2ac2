"""Workbooks: numbers as numbers, letters as they are, heads in words, no formula."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from okhotsk import tables
from okhotsk.export.workbook import WORDS, workbook_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FRAME = pd.DataFrame(
    {
        "name_ru": ["пролив Лаперуза", "=1+1", None],
        "barrier_km": [773.1449, np.nan, 0.5],
        "population": [18403, 0, 7],
        "exit": [True, False, True],
    }
)


def read(content: bytes) -> dict[str, list[list[object]]]:
    """Cells of every sheet by its name: texts, numbers, truths, None."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in s.iter(f"{MAIN}t")) for s in shared]
        names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            root = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            assert not [*root.iter(f"{MAIN}f")], "a formula"
            found[name] = [
                {re.sub(r"\d", "", c.get("r")): _value(c, texts) for c in row}
                for row in root.iter(f"{MAIN}row")
            ]
    return found


def _value(cell: ElementTree.Element, texts: list[str]) -> object:
    text = cell.findtext(f"{MAIN}v")
    kind = cell.get("t", "n")
    return {"s": lambda: texts[int(text)], "b": lambda: text == "1", "n": lambda: float(text)}[
        kind
    ]()


def test_cells_keep_their_kind_and_rounding() -> None:
    rows = read(workbook_bytes({"straits": FRAME}))["straits"]
    assert rows[0] == {"A": "Russian name", "B": "Seal line, km", "C": "People", "D": "Exit"}
    assert rows[1] == {"A": "пролив Лаперуза", "B": 773.1, "C": 18403, "D": True}
    assert rows[2] == {"A": "=1+1", "C": 0, "D": False}
    assert rows[3] == {"B": 0.5, "C": 7, "D": True}


def test_the_last_sheet_says_what_every_column_is() -> None:
    sheets = read(workbook_bytes({"straits": FRAME}))
    assert [*sheets] == ["straits", WORDS]
    told = {row["B"]: row for row in sheets[WORDS][1:]}
    assert [*told] == list(FRAME)
    assert told["barrier_km"]["C"] == "Seal line, km"
    assert all(row["D"] for row in told.values())


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbook_bytes({"a": FRAME}) == workbook_bytes({"a": FRAME})


def test_a_table_without_rows_has_its_heads() -> None:
    rows = read(workbook_bytes({"straits": FRAME.iloc[:0]}))["straits"]
    assert len(rows) == 1


def test_an_option_is_written_with_every_table_and_layer(files, bundle) -> None:
    sheets = read(files["xlsx"].read_bytes())
    both = (*bundle.tables, *reversed(bundle.layers))
    assert [*sheets] == [*(layer.name for layer in both), WORDS]
    for layer in both:
        assert len(sheets[layer.name]) == len(layer.frame) + 1
    record = next(t.frame for t in bundle.tables if t.name == "record")
    wanted = [v for v in tables.records(record)[0].values() if v is not None]
    assert [*sheets["record"][1].values()] == pytest.approx(wanted)
