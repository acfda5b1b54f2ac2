"""Maps for print: names fit over small maps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from okhotsk.report.figures import draw
from okhotsk.report.layout import WIDTHS
from okhotsk.scenario.read import load_scenario, scenario_ids


@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_name_of_every_option_fits_over_its_small_map(results, width):
    shown = [replace(results[1], scenario=load_scenario(name)) for name in scenario_ids()]
    figure = draw("options", results=shown, width=width)
    figure.draw_without_rendering()
    for axes in figure.axes[: len(shown)]:
        assert axes.title.get_window_extent().width <= 1.02 * axes.get_window_extent().width
