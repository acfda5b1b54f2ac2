"""Curves over several options: legible, and named together where they agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from legible import assert_legible

from okhotsk.report.figures import draw
from okhotsk.report.layout import WIDTHS
from okhotsk.scenario.read import load_scenario, scenario_ids


@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("name", ["refuge", "enclosure"])
def test_all_named_curves_fit(results, name, width):
    """The legend is not cut off where some curves agree and are named together."""
    groups = (0, 0, 1, 2, 3, 3, 0, 4, 5, 6)  # as lines of the named options are

    def shown(group, scenario_id):
        part = 1 - group / 20
        curves = results[1].refuge_curve, results[1].enclosure
        refuge, enclosure = (curve.copy() for curve in curves)
        refuge["refuge_km2"] *= part
        enclosure["enclosed_km2"] *= part
        scenario = load_scenario(scenario_id)
        return replace(results[1], scenario=scenario, refuge_curve=refuge, enclosure=enclosure)

    chosen = [shown(*pair) for pair in zip(groups, scenario_ids(), strict=True)]
    figure = draw(name, results=chosen, width=width)
    assert len(figure.legends[0].get_texts()) == len(set(groups))
    assert_legible(figure, width)


def test_curves_that_agree_are_named_together(results):
    twice = [results[0], replace(results[0], scenario=load_scenario("kawana-1998")), results[1]]
    for name in ("refuge", "enclosure"):
        words = [t.get_text() for t in draw(name, results=twice).legends[0].get_texts()]
        assert "Status quo; Kawana (1998)" in words
        assert len(words) == 2
