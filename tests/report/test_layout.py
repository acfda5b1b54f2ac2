"""Sheets: their sizes, our type whatever the user's own is, and legends that fit."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib.lines import Line2D

from okhotsk.report.layout import MM_PER_INCH, WIDTHS, foot, print_settings, sheet


@pytest.mark.parametrize("width", list(WIDTHS))
def test_type_is_ours_and_the_users_own_comes_back(width: str) -> None:
    with mpl.rc_context({"font.size": 31}):
        with print_settings(width):
            assert mpl.rcParams["font.size"] == WIDTHS[width].type_pt
            assert mpl.rcParams["axes.labelsize"] == WIDTHS[width].type_pt
        assert mpl.rcParams["font.size"] == 31


@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_foot_adds_to_the_height_and_not_to_the_width(width: str) -> None:
    with print_settings(width):
        figure = sheet(width, column=1.0, page=1.0)
        bare = figure.get_figheight()
        foot(figure, "Sources. " * 40, width)
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(WIDTHS[width].mm)
    assert bare * MM_PER_INCH == pytest.approx(WIDTHS[width].mm)
    assert figure.get_figheight() > bare


def test_a_legend_has_as_many_columns_as_there_is_room_for() -> None:
    """Long labels stand in one column, short ones in all that are asked for."""
    for letters, expected in ((60, 1), (3, 3)):
        with print_settings("column"):
            figure = sheet("column", column=1.0, page=1.0)
            keys = [Line2D([], [], label="m" * letters) for _ in range(3)]
            foot(figure, "Sources.", "column", handles=keys, ncols=3)
        assert figure.legends[0]._ncols == expected
