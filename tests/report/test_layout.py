"""Sheets: their sizes, our type whatever the user's own is, and legends that fit."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib.lines import Line2D

from okhotsk.report.layout import (
    MM_PER_INCH,
    SLIDE,
    WIDTHS,
    entitle,
    foot,
    print_settings,
    sheet,
)


@pytest.mark.parametrize("width", list(WIDTHS))
def test_type_is_ours_and_the_users_own_comes_back(width: str) -> None:
    with mpl.rc_context({"font.size": 31}):
        with print_settings(width):
            assert mpl.rcParams["font.size"] == WIDTHS[width].type_pt
            assert mpl.rcParams["axes.labelsize"] == WIDTHS[width].type_pt
        assert mpl.rcParams["font.size"] == 31


@pytest.mark.parametrize("width", [width for width in WIDTHS if width != SLIDE])
def test_the_foot_adds_to_the_height_and_not_to_the_width(width: str) -> None:
    with print_settings(width):
        figure = sheet(width, column=1.0, page=1.0)
        bare = figure.get_figheight()
        foot(figure, "Sources. " * 40, width)
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(WIDTHS[width].mm)
    assert bare * MM_PER_INCH == pytest.approx(WIDTHS[width].mm)
    assert figure.get_figheight() > bare


@pytest.mark.parametrize("keys", [0, 3, 12])
def test_a_slide_is_landscape_whatever_stands_in_its_foot(keys: int) -> None:
    """16 by 9; the legend stands beside what is drawn, and nothing lies outside."""
    handles = [Line2D([], [], label=f"a label of some length, number {n}") for n in range(keys)]
    with print_settings(SLIDE):
        figure = sheet(SLIDE, column=1.0, page=1.2)
        axes = figure.subplots()
        entitle(figure, "What it finds", SLIDE)
        foot(figure, "Sources. " * 40, SLIDE, handles=handles, ncols=3)
        figure.draw_without_rendering()
    wide, tall = figure.get_size_inches() * MM_PER_INCH
    assert (wide, tall) == pytest.approx((254, 254 * 9 / 16))
    drawn = axes.get_tightbbox()
    assert drawn is not None
    assert drawn.y0 > max(text.get_window_extent().y1 for text in figure.texts[-1:])
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert drawn.x1 < box.x0
        assert figure.bbox.x1 >= box.x1
        assert figure.bbox.y0 < box.y0 < box.y1 < figure.bbox.y1
    assert len(figure.legends) == bool(keys)


def test_a_legend_has_as_many_columns_as_there_is_room_for() -> None:
    """Long labels stand in one column, short ones in all that are asked for."""
    for letters, expected in ((60, 1), (3, 3)):
        with print_settings("column"):
            figure = sheet("column", column=1.0, page=1.0)
            keys = [Line2D([], [], label="m" * letters) for _ in range(3)]
            foot(figure, "Sources.", "column", handles=keys, ncols=3)
        assert figure.legends[0]._ncols == expected
