"""One sentence a scenario: it says what its figures say, and changes with them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from okhotsk.assessment import index
from okhotsk.maps.verdict import changes, verdict


@pytest.fixture
def ceded(coarse_results):
    return coarse_results["four-islands"]


def having(result, *, components=None, **figures):
    shares = result.components if components is None else {**result.components, **components}
    record = MappingProxyType({**result.record, **figures})
    return replace(result, record=record, components=MappingProxyType(shares))


def test_it_names_the_component_that_lowers_the_index_most(ceded):
    kept = dict.fromkeys(ceded.components, 1.0)
    for component in index.read_recipe().components:
        one = having(ceded, components={**kept, component.component_id: 0.25}, index=71.0)
        assert f"“{component.title}”, at 25% of today's value" in verdict(one)
        assert "falls from 100 to 71" in verdict(one)


def test_weights_count_and_not_only_losses(ceded):
    kept = dict.fromkeys(ceded.components, 1.0)
    # A lighter component may lose more and lower the index less.
    shares = {**kept, "straits": 0.5, "egress": 0.4}
    assert "Straits" in verdict(having(ceded, components=shares, index=80.0))


def test_a_small_loss_is_not_called_a_fall(ceded):
    kept = dict.fromkeys(ceded.components, 0.9978)
    words = verdict(having(ceded, components=kept, index=99.97))
    assert words.endswith(
        "the index stays above 99.9, and every component keeps at least 99% of today's value."
    )
    assert "stays at 99.8" in verdict(having(ceded, components=kept, index=99.8))
    assert "falls" in verdict(having(ceded, components=kept, index=99.4))


def test_a_share_that_is_left_is_not_called_nothing(ceded):
    kept = dict.fromkeys(ceded.components, 1.0)
    words = verdict(having(ceded, components={**kept, "warning": 0.004}, index=70.0))
    assert "at 0.4% of today's value" in words


def test_what_holds_while_russian_forces_stay_says_so(ceded):
    kept = [replace(cession, forces="RU") for cession in ceded.scenario.cessions]
    kawana = replace(ceded, scenario=replace(ceded.scenario, cessions=tuple(kept)))
    assert verdict(having(kawana, index=90.0)).startswith(
        "While Russian forces stay the index falls from 100 to 90"
    )


def test_an_interval_below_its_figure_is_explained(ceded):
    low = {"barrier_km_low": 694.0, "barrier_km_high": 756.0}
    notes = {
        km: next(row for row in changes(having(ceded, barrier_km=km, **low))).note
        for km in (773.0, 740.0)
    }
    assert notes[773.0].startswith("5–95% on other seabeds: 694 to 756 km, rougher ones")
    assert notes[740.0] == "5–95% on other seabeds: 694 to 756 km"


def test_today_tells_the_shores_and_the_line(coarse_results):
    today = coarse_results["status-quo"]
    figures = {"exits_russian": 7, "exits_shared": 0, "exits_japanese": 0, "barrier_km": 1234.5}
    assert verdict(having(today, **figures)).startswith("On this seabed all 7 exits with a sill")
    assert "the core is 1,234 km long" in verdict(having(today, **figures))
    assert "On this seabed 7 of 9 exits" in verdict(having(today, **figures | {"exits_shared": 2}))


def test_changes_are_differences_of_what_is_written(ceded):
    today = MappingProxyType({**ceded.today, "barrier_km": 655.6, "refuge_share": 0.9449})
    result = replace(having(ceded, barrier_km=773.4, refuge_share=0.8836, index=69.3), today=today)
    rows = {row.label: row for row in changes(result)}
    assert (rows["Seal line"].now, rows["Seal line"].today) == ("773 km", "656 km")
    assert rows["Seal line"].change == "+117"
    assert rows["Refuge"].change == "−6.1 points"
    assert (rows["Index"].now, rows["Index"].change) == ("69", "−31")
    same = replace(having(ceded, barrier_km=655.7), today=today)
    assert next(row for row in changes(same) if row.label == "Seal line").change == "none"


def test_nothing_to_measure_is_none(ceded):
    rows = {row.label: row for row in changes(having(ceded, barrier_km=float("inf")))}
    assert (rows["Seal line"].now, rows["Seal line"].change) == ("none", "")


def test_today_stands_beside_nothing(coarse_results):
    assert not any(row.today or row.change for row in changes(coarse_results["status-quo"]))
