"""Wide tables in parts that a page of a word processor holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from okhotsk.report.narrow import EDGES, ROOM, narrow

WORDS = st.lists(st.text("abc1", min_size=1, max_size=12), min_size=1, max_size=9).map(" ".join)
TABLES = st.integers(1, 14).flatmap(
    lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=1, max_size=4)
)


@given(TABLES)
def test_every_part_fits_and_no_word_is_wider_than_its_column(table) -> None:
    heads, *rows = table
    parts = narrow(heads, rows)
    for part in parts:
        assert sum(part.widths) <= ROOM + len(part.widths) / 2  # widths are rounded
        for width, texts in zip(part.widths, zip(part.heads, *part.rows, strict=True), strict=True):
            assert width >= max(len(word) for text in texts for word in text.split()) + EDGES


@given(TABLES)
def test_parts_hold_every_column_once_behind_the_first(table) -> None:
    heads, *rows = table
    parts = narrow(heads, rows)
    assert [head for part in parts for head in part.heads[1:]] == heads[1:]
    assert all(part.heads[0] == heads[0] for part in parts)
    for number, row in enumerate(rows):
        assert [cell for part in parts for cell in part.rows[number][1:]] == row[1:]
        assert all(part.rows[number][0] == row[0] for part in parts)


def test_a_table_that_fits_stays_whole() -> None:
    [part] = narrow(["Option", "Index"], [["Four islands", "69"]])
    assert (part.heads, part.rows) == (("Option", "Index"), (("Four islands", "69"),))
