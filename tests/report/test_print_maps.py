"""Maps for print: names fit over small maps."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from okhotsk.report.figures import draw
from okhotsk.report.layout import WIDTHS
from okhotsk.report.projection import project
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.theatre.coast import read_islands


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


def test_names_stand_beside_their_islands(results):
    """No name lies on another island than its own, or further from its own than 30 km."""
    figure = draw("option", results=results[1:2], width="page")
    figure.draw_without_rendering()
    (axes,) = figure.axes
    lands = {
        island.name: shapely.union_all(
            [project(row.geometry) for row in results[1].land.itertuples() if row.unit_id == unit]
        )
        for unit, island in read_islands().items()
    }
    named = [text for text in axes.texts if text.get_text() in lands]
    assert len(named) >= 8
    for text in named:
        corners = axes.transData.inverted().transform(text.get_window_extent().get_points())
        box = shapely.box(*corners.ravel())
        far_km = {name: land.distance(box) for name, land in lands.items()}
        assert min(far_km, key=lambda name: far_km[name]) == text.get_text()
        assert far_km[text.get_text()] < 30


def test_the_legend_of_small_maps_explains_what_is_ceded(results):
    figure = draw("options", results=results, width="page")
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert {"ceded, Japanese forces", "ceded, demilitarised"} <= set(words)
    only = draw("options", results=results[:2], width="page")
    assert "ceded, demilitarised" not in [t.get_text() for t in only.legends[0].get_texts()]


def test_a_line_longer_than_its_interval_is_explained(results):
    low = replace(results[1], record={**results[1].record, "barrier_km_high": 1.0})
    assert "can lie below its figure" in said(draw("options", results=[low], width="page"))
    high = replace(results[1], record={**results[1].record, "barrier_km_high": 9999.0})
    assert "can lie below" not in said(draw("options", results=[high], width="page"))
