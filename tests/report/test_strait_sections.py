"""Sections of the exits: told apart in grey too, with the corridors of the table."""

from __future__ import annotations

import numpy as np


def test_waters_of_a_section_differ_in_grey(made):
    keys = made("strait-sections").legends[0].legend_handles[:3]
    assert [bool(key.get_hatch()) for key in keys] == [False, True, False]
    grey = [float(np.dot(key.get_facecolor()[:3], (0.3, 0.59, 0.11))) for key in keys]
    assert abs(grey[0] - grey[2]) > 0.2


def test_titles_state_the_corridors_of_the_table(made, results):
    """As wide as the table has them, not as the shaded stretch of the throat is long."""
    titles = (axes.get_title(loc="left") for axes in made("strait-sections").axes)
    said = dict(title.split("\n") for title in titles if title)
    straits = results[1].straits
    straits = straits.set_index(straits["name"].str.split(" \\(").str[0])
    assert set(said) == set(straits.index[straits.exit & (straits.sill_depth_m >= 50)])
    for name, words in said.items():
        km = straits.corridor_km[name]
        assert words == (f"corridor {km:.0f} km" if km >= 0.5 else "no corridor")
    assert said["Bussol"] == "corridor 24 km"
