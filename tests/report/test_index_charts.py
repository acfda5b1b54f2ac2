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
