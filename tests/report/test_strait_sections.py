"""Sections of the exits: told apart in grey too, with the corridors of the table."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer
from matplotlib.text import Text

from okhotsk.report.figures import draw
from okhotsk.report.layout import WIDTHS

WORDS = "5th to 95th percentile over 24 seabeds"


def panels(figure):
    """Panels of the straits by name."""
    shown = (axes for axes in figure.axes if axes.get_title(loc="left"))
    return {axes.get_title(loc="left").split("\n")[0]: axes for axes in shown}


def by_name(result):
    """The table of straits by short name."""
    return result.straits.set_index(result.straits["name"].str.split(" \\(").str[0])


def test_waters_of_a_section_differ_in_grey(made):
    keys = made("strait-sections").legends[0].legend_handles[:3]
    assert [bool(key.get_hatch()) for key in keys] == [False, True, False]
    grey = [float(np.dot(key.get_facecolor()[:3], (0.3, 0.59, 0.11))) for key in keys]
    assert abs(grey[0] - grey[2]) > 0.2


def test_titles_state_the_corridors_of_the_table(made, results):
    """As wide as the table has them, not as the shaded stretch of the throat is long."""
    titles = (axes.get_title(loc="left") for axes in made("strait-sections").axes)
    said = {lines[0]: lines[1] for lines in (title.split("\n") for title in titles if title)}
    straits = results[1].straits
    straits = straits.set_index(straits["name"].str.split(" \\(").str[0])
    assert set(said) == set(straits.index[straits.exit & (straits.sill_depth_m >= 50)])
    for name, words in said.items():
        km = straits.corridor_km[name]
        assert words == (f"corridor {km:.0f} km" if km >= 0.5 else "no corridor")
    assert said["Bussol"] == "corridor 24 km"


@pytest.mark.parametrize("width", list(WIDTHS))
def test_a_bar_on_each_sill_is_the_interval_of_the_table(made, results, width):
    figure, straits = made("strait-sections", width), by_name(results[1])
    for name, axes in panels(figure).items():
        (bar,) = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
        (segment,) = bar.lines[2][0].get_segments()
        ends = straits.loc[name, ["sill_depth_m_low", "sill_depth_m_high"]]
        assert sorted(segment[:, 1]) == pytest.approx(list(ends))
        bottom, top = axes.get_ylim()
        assert top <= segment[:, 1].min() <= segment[:, 1].max() <= bottom


def test_titles_state_the_sections_with_their_intervals(made, results):
    straits = by_name(results[1])
    for name, axes in panels(made("strait-sections")).items():
        row, words = straits.loc[name], axes.get_title(loc="left").split("\n")[2]
        numbers = [float(number) for number in re.findall(r"[\d.]+", words)]
        columns = ["throat_area_km2", "throat_area_km2_low", "throat_area_km2_high"]
        assert numbers == pytest.approx(list(row[columns]), rel=0.06, abs=0.5)


def test_the_foot_says_what_bars_are(made):
    assert WORDS in foot_of(made("strait-sections"))


def foot_of(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_without_an_ensemble_there_are_no_bars_and_no_words_of_them(results):
    """As on a seabed of one's own: no interval in the table, no ensemble of the theatre."""
    result = results[1]
    straits = result.straits.copy()
    straits[[c for c in straits if c.endswith(("_low", "_high"))]] = np.nan
    seabed = replace(result.theatre.seabed, name="mine.nc")
    own = replace(result, straits=straits, theatre=replace(result.theatre, seabed=seabed))
    figure = draw("strait-sections", results=[own])
    assert not any(axes.containers for axes in figure.axes)
    assert "percentile" not in foot_of(figure)
    assert "(" not in "".join(panels(figure)["Bussol"].get_title(loc="left"))
