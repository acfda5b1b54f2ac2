"""Dots and bars stand at their values, on the page as it is drawn, and no label on another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import pytest
from browser import PHONE, WIDE
from pages import overlap

from okhotsk.maps import dot_chart
from okhotsk.maps.overview import overview_page
from okhotsk.scenario.read import load_scenario, scenario_ids

pytestmark = pytest.mark.browser
SLACK = 1.5
FORMS = [("wide", WIDE), ("narrow", PHONE)]


@pytest.fixture(scope="module")
def spread_out(results, tmp_path_factory):
    """The index page of as many scenarios as there are, their indices all over the scale."""
    names = scenario_ids()
    found = []
    for n, name in enumerate(names):
        ends = {"index": 100 - 9.5 * n, "index_low": 90 - 9.5 * n, "index_high": 100.0 - 8 * n}
        seabeds = {"index_seabed_low": 95 - 9.5 * n, "index_seabed_high": 100.0 - 9.5 * n}
        some = results[n % len(results)]
        record = MappingProxyType(dict(some.record) | ends | seabeds)
        found.append(replace(some, scenario=load_scenario(name), record=record))
    path = tmp_path_factory.mktemp("dots") / "index.html"
    path.write_text(overview_page(found), encoding="utf-8")
    return path, found


def centre(box):
    return box["x"] + box["width"] / 2


@pytest.mark.parametrize(("form", "size"), FORMS)
def test_dots_and_bars_stand_at_their_values(open_page, spread_out, form, size):
    path, found = spread_out
    with open_page(path, *size) as seen:
        charts = seen.page.locator(".okhotsk-dots:visible")
        assert charts.count() == 1
        chart = charts.first
        assert form in chart.get_attribute("class")
        ticks = chart.locator(".tick")
        at = {int(t.text_content()): centre(t.bounding_box()) for t in ticks.all()}
        assert set(at) == {0, 25, 50, 75, 100}

        def place(value):
            return at[0] + (at[100] - at[0]) * value / 100

        rows = chart.locator("a").all()
        assert len(rows) == len(found)
        for row, result in zip(rows, found, strict=True):
            record = result.record
            dot, bar, line = (
                row.locator(name).bounding_box() for name in ("circle", ".bar", ".seabeds")
            )
            assert centre(dot) == pytest.approx(place(record["index"]), abs=1)
            assert bar["x"] == pytest.approx(place(record["index_low"]), abs=1)
            assert bar["x"] + bar["width"] == pytest.approx(place(record["index_high"]), abs=1)
            assert centre(line) == pytest.approx(place(record["index"] - 2.5), abs=1)
            assert dot["y"] + dot["height"] / 2 == pytest.approx(
                bar["y"] + bar["height"] / 2, abs=1
            )
            assert row.locator(".index").text_content() == f"{record['index']:.0f}"


@pytest.mark.parametrize(("form", "size"), [*FORMS, ("narrow", (320, 568))])
def test_no_words_stand_on_another_or_leave_the_chart(open_page, spread_out, form, size):
    with open_page(spread_out[0], *size) as seen:
        chart = seen.page.locator(f".okhotsk-dots.{form}")
        frame = chart.bounding_box()
        boxes = [text.bounding_box() for text in chart.locator("text").all()]
        for box in boxes:  # of a box of type the outer pixels are empty
            box["y"], box["height"] = box["y"] + SLACK, box["height"] - 2 * SLACK
        assert len(boxes) > 20
        assert not any(overlap(one, two) for one, two in combinations(boxes, 2))
        assert all(box["x"] >= frame["x"] - 1 for box in boxes)
        assert all(box["x"] + box["width"] <= size[0] for box in boxes)
        if size != (320, 568):
            assert min(box["height"] for box in boxes) >= 10 - SLACK


def test_every_row_says_its_figures_and_leads_to_its_map(open_page, spread_out):
    path, found = spread_out
    with open_page(path, *WIDE) as seen:
        for result in found:
            name, record = result.scenario.scenario_id, result.record
            row = seen.page.locator(f".okhotsk-dots.wide a[href='{name}.html']")
            said = row.get_attribute("aria-label")
            assert said.startswith(f"{result.scenario.title}: index {record['index']:.0f};")
            ends = f"{record['index_low']:.0f} to {record['index_high']:.0f}"
            assert f"5–95% over assumptions {ends}, over seabeds" in said
        assert seen.page.locator(".okhotsk-dots title").first.text_content()


def test_what_is_said_of_seabeds_follows_from_their_intervals(results, spread_out):
    spans = [r.record["index_seabed_high"] - r.record["index_seabed_low"] for r in results]
    assert max(spans) < dot_chart.SEEN
    said = dot_chart.seabed_words(results)
    assert said.endswith(f"over 24 seabeds is at most {max(spans):.1f} wide, less than a dot.")
    assert "seabeds" not in dot_chart.dot_chart(results, dot_chart.WIDE).split("<a ")[1].split(
        "<circle"
    )[0].replace("over seabeds", "")
    assert dot_chart.seabed_words(spread_out[1]).startswith("Thin line: its 5–95% interval")


def test_a_seabed_without_an_ensemble_has_no_words_on_it(coarse_results):
    assert dot_chart.seabed_words(list(coarse_results.values())) == ""
