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


def test_small_maps_give_the_line_with_its_interval(results):
    figure = draw("options", results=results, width="page")
    for axes, result in zip(figure.axes, results, strict=False):
        r = result.record
        ends = f"({r['barrier_km_low']:,.0f} to {r['barrier_km_high']:,.0f})"
        assert axes.texts[-1].get_text().startswith(f"line {r['barrier_km']:,.0f} km {ends}\n")
    assert "percentile over 24 seabeds" in said(figure)


def test_small_maps_without_intervals_say_nothing_of_them(coarse_results):
    figure = draw("options", results=list(coarse_results.values())[:2], width="page")
    assert " km\nrefuge" in figure.axes[0].texts[-1].get_text()
    assert "percentile" not in said(figure)


def said(figure):
    return " ".join(" ".join(text.get_text() for text in figure.texts).split())
