"""Charts of the index for all named options."""

from __future__ import annotations

from dataclasses import replace

import pytest
from legible import assert_legible, spread_of

from okhotsk.report.figures import draw
from okhotsk.report.layout import WIDTHS
from okhotsk.scenario.read import load_scenario, scenario_ids


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", ["ranks", "drivers", "components"])
def test_all_named_options_fit(results, name, width):
    shown = [replace(results[1], scenario=load_scenario(name)) for name in scenario_ids()]
    figure = draw(name, results=shown, spread=spread_of(scenario_ids()), width=width)
    assert_legible(figure, width)


@pytest.mark.parametrize(("width", "gap"), [("column", "\n"), ("page", " ")])
def test_the_index_has_both_intervals_and_the_foot_tells_them_apart(results, width, gap):
    figure = draw("components", results=results, width=width)
    words = {text.get_text() for text in figure.axes[0].texts}
    for result in results:
        r = result.record
        if not result.land.ceded.any():
            assert "100 (today)" in words
            continue
        first = f"{r['index']:.0f} ({r['index_low']:.0f}–{r['index_high']:.0f}"
        second = f"{r['index_seabed_low']:.0f}–{r['index_seabed_high']:.0f})"
        assert f"{first};{gap}{second}" in words
    note = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "interval: 5–95% over assumptions, the floor of components and weightings" in note
    assert "After the semicolon: 5th to 95th percentile over 24 seabeds" in note


def test_the_index_alone_where_there_is_no_ensemble(coarse_results):
    results = list(coarse_results.values())
    figure = draw("components", results=results, width="page")
    assert not any(";" in text.get_text() for text in figure.axes[0].texts)
    assert not any("semicolon" in text.get_text() for text in figure.texts)
