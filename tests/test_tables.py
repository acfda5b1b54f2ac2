"""Tables: one rounding in every format, nothing invented, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from readers import markdown_cells, read_latex, read_markdown

from okhotsk import tables

TEXTS = ["plain", "a|b", "50 % of $x_1 & #2 {y} ~z^ \\end", "宗谷海峡, Лаперуза", '"quoted", text']


def frame() -> pd.DataFrame:
    """One column of every kind that the commands print."""
    count = len(TEXTS)
    return pd.DataFrame(
        {
            "strait_id": [f"s-{n}" for n in range(count)],
            "name": TEXTS,
            "exit": [True, False, True, False, True],
            "throat_area_km2": [1.2345, 0, 1e5, np.nan, -0.001],
            "ceded_land_km2": [1234.56, 0, 1e5, np.nan, -0.04],
            "width_km": [1.25, 0.04, 43, np.nan, 7],
            "sill_depth_m": [99.6, -0.4, 3300, np.nan, 1],
            "throat_share": [0.12345, 0, 1, np.nan, 0.5],
            "population": pd.array([7, 0, 8_000, None, 1], dtype="Int64"),
            "note": ["x", None, None, "y", "z"],
        }
    )


@pytest.mark.parametrize(
    ("column", "given", "kept"),
    [
        ("throat_area_km2", 1.23456, 1.23),
        ("barrier_area_km2", 1.23456, 1.23),
        ("sea_km2", 1.26, 1.3),
        ("width_km", 1.26, 1.3),
        ("sill_depth_m", 99.6, 100.0),
        ("refuge_share", 0.123456, 0.1235),
        ("lon", 145.123456, 145.1235),
        ("lat", 45.123456, 45.1235),
        ("index", 12.3456, 12.3),
        ("egress_exposure", 0.12345, 0.123),
        ("other", 12.3456, 12.3456),
    ],
)
def test_rounding_follows_the_unit(column, given, kept):
    assert tables.records(pd.DataFrame({column: [given]})) == [{column: kept}]


def test_rounding_leaves_the_table_of_the_caller_alone():
    given = frame()
    before = given.copy(deep=True)
    for style in tables.FORMATS:
        tables.render(given, style)
    pd.testing.assert_frame_equal(given, before)


def test_json_has_plain_values_and_null_for_what_is_missing():
    rows = json.loads(tables.render(frame(), "json"))
    assert list(rows[0]) == list(frame().columns)
    assert rows[3] | {"name": ""} == {
        "strait_id": "s-3",
        "name": "",
        "exit": False,
        "throat_area_km2": None,
        "ceded_land_km2": None,
        "width_km": None,
        "sill_depth_m": None,
        "throat_share": None,
        "population": None,
        "note": "y",
    }
    assert rows[0]["exit"] is True
    assert rows[0]["population"] == 7
    assert rows[1]["note"] is None
    assert [row["name"] for row in rows] == TEXTS


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, pd.NA, None, float("nan")])
def test_json_never_holds_what_json_does_not_know(bad):
    text = tables.render(pd.DataFrame({"x_km": [bad], "y": [1]}), "json")
    assert json.loads(text, parse_constant=pytest.fail) == [{"x_km": None, "y": 1}]


def test_csv_reads_back_to_the_records():
    text = tables.render(frame(), "csv")
    assert "\r" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    for row, record in zip(rows, tables.records(frame()), strict=True):
        for key, value in record.items():
            if isinstance(value, bool | str) or value is None:
                assert row[key] == ("" if value is None else str(value))
            else:
                assert float(row[key]) == value


@pytest.mark.parametrize(("style", "read"), [("markdown", read_markdown), ("latex", read_latex)])
def test_markdown_and_latex_read_back_to_the_records(style, read):
    head, *rows = read(tables.render(frame(), style))
    assert head == list(frame().columns)
    for cells, record in zip(rows, tables.records(frame()), strict=True):
        for cell, value in zip(cells, record.values(), strict=True):
            if isinstance(value, bool):
                assert cell == ("yes" if value else "no")
            elif isinstance(value, int | float):
                assert float(cell) == value
            else:
                assert cell == (value or "")


def test_a_line_break_does_not_break_a_markdown_row():
    text = tables.render(pd.DataFrame({"title": ["one\ntwo\r\nthree"], "x_km": [1.0]}), "markdown")
    assert text.split("\n")[2:] == ["| one two three | 1.0 |"]


@pytest.mark.parametrize("style", tables.FORMATS)
def test_no_format_prints_a_negative_zero(style):
    small = {f"{name}": [-1e-9, 1.0] for name in ("a_area_km2", "b_km2", "c_km", "d_m", "e_share")}
    text = tables.render(pd.DataFrame(small | {"lon": [-0.0, 1.0], "index": [-0.0, 1.0]}), style)
    assert not re.search(r"-0(\.0*)?(?![\d.])", text)


@pytest.mark.parametrize("style", tables.FORMATS)
def test_geometry_is_left_out(style):
    places = gpd.GeoDataFrame({"strait_id": ["a"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    text = tables.render(places, style)
    assert "POINT" not in text
    assert "geometry" not in text


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_a_wide_table_is_folded_and_each_block_says_whose_row_it_is(width):
    ids = [f"option-{n}" for n in range(3)]
    wide = pd.DataFrame(
        {"scenario_id": ids} | {f"column_{n}_km": [1.0, 22.0, 333.0] for n in range(12)}
    )
    blocks = tables.render(wide, "table", width=width).split("\n\n")
    assert all(len(line) <= width for block in blocks for line in block.split("\n"))
    heads = [block.split("\n")[0].split() for block in blocks]
    assert all(head[0] == "scenario_id" for head in heads)
    assert [name for head in heads for name in head[1:]] == list(wide.columns[1:])
    for block in blocks:
        assert [line.split()[0] for line in block.split("\n")[1:]] == ids


def test_words_in_the_last_column_are_wrapped_where_they_alone_are_too_wide():
    words = "Habomai to Kunashir; Kharimkotan; Paramushir; Shumshu"
    frame = pd.DataFrame({"family": ["any", "chain"], "km": [1.0, 20.0], "ceded": [words, "none"]})
    lines = tables.render(frame, "table", width=50).split("\n")
    assert max(map(len, lines)) <= 50
    assert len(lines) == 1 + 2 + 1
    assert [line.split()[0] for line in lines[::3]] == ["family", "chain"]
    start = lines[0].index("ceded")
    assert not lines[2][:start].strip()
    assert " ".join(line[start:].strip() for line in lines[1:3]) == words
    assert words in tables.render(frame, "table", width=100)


def test_a_column_wider_than_the_terminal_is_still_printed_whole():
    text = tables.render(pd.DataFrame({"id": ["a"], "title": ["x" * 300]}), "table", width=40)
    assert "x" * 300 in text


def test_an_empty_table_says_so():
    assert tables.render(pd.DataFrame({"a": []}), "table") == "(nothing)"
    assert json.loads(tables.render(pd.DataFrame({"a": []}), "json")) == []
    assert tables.render(pd.DataFrame({"a": []}), "csv") == "a"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", '=HYPERLINK("http://a")']
)
def test_no_cell_of_csv_is_a_formula(text: str) -> None:
    frame = pd.DataFrame({"title": [text, "Four islands"], "km": [-1.5, 2.0], "n": [-1, 1]})
    (first, second) = list(csv.reader(io.StringIO(tables.render(frame, "csv"))))[1:]
    assert first == [f"'{text}", "-1.5", "-1"]
    assert second == ["Four islands", "2.0", "1"]


def test_texts_that_are_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"value": ["-1.5", "+3", "-1e-05", True]})
    assert tables.render(frame, "csv").splitlines()[1:] == ["-1.5", "+3", "-1e-05", "True"]


@pytest.mark.parametrize(
    "text", ["ends in a backslash \\", "a|b", "a \\| b", "*a* _b_ `c` <d> $e$ &amp; [f](g)", "a\nb"]
)
def test_cells_of_markdown_show_what_was_typed(text: str) -> None:
    frame = pd.DataFrame({"title": [text], "fits_in_m": [1.0]})
    written = tables.render(frame, "markdown")
    assert read_markdown(written)[1] == [" ".join(text.split()), "1"]
    # No sign is left that would be read as markup.
    cell = re.sub(r"\\.", "", markdown_cells(written.splitlines()[-1])[0])
    assert not re.search(r"[`*<>\[\]$&~\\]", cell)
