"""Titles of figures tell what these figures find, and another case has another title."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from okhotsk.report import titles
from okhotsk.report.figures import FIGURES, draw


def told(figure):
    return " ".join(figure._suptitle.get_text().split())


def changed(result, **figures):
    """The same option with other figures in its record."""
    return replace(result, record={**result.record, **figures})


@pytest.mark.parametrize("name", list(FIGURES))
def test_every_figure_has_a_finding_for_its_title(made, name):
    words = told(made(name, "page"))
    assert len(words) > 20
    assert not words.endswith(("…", "."))
    assert any(letter.isdigit() for letter in words) or name in ("strait-sections", "drivers")


def test_the_step_that_costs_most_is_named(frontier):
    assert told(draw("frontier", frontier=frontier)) == (
        "With these assumptions the step to Iturup lowers the index most: from 95 to 59"
    )
    other = frontier.steps.assign(index=[100, 99, 60, 55, 50])
    assert titles.step_finding(other).startswith("With these assumptions the step to Kunashir")
    flat = frontier.steps.assign(index=[100, 99.9, 99.5, 99.3, 99.1])
    assert titles.step_finding(flat) == "No step up the chain costs a point of the index"


def test_the_line_is_told_with_todays(results):
    today, half, _ = results
    before_km = half.today["barrier_km"]
    assert titles.line_finding(today) == f"The shortest seal line is {before_km:,.0f} km long today"
    longer = changed(half, barrier_km=before_km + 100)
    assert titles.line_finding(longer) == (
        f"The shortest seal line grows from {before_km:,.0f} to {before_km + 100:,.0f} km"
    )
    same = changed(half, barrier_km=before_km)
    assert titles.line_finding(same) == f"The shortest seal line stays at {before_km:,.0f} km"
    assert titles.lines_finding([today, same]).startswith("No option here makes the shortest")
    assert "under “Half the area (2006)”: from" in titles.lines_finding([today, longer])


def test_exits_are_counted_with_the_verb_that_fits(results):
    def finding(russian, shared, japanese):
        exits = {"exits_russian": russian, "exits_shared": shared, "exits_japanese": japanese}
        return titles.exits_finding(changed(results[1], **exits)).removesuffix(
            " Russian shores on both sides"
        )

    assert finding(12, 0, 0) == "All twelve deep exits have"
    assert finding(10, 1, 1) == "Ten of twelve deep exits have"
    assert finding(1, 1, 1) == "One of three deep exits has"
    assert finding(0, 1, 1) == "None of two deep exits have"
    assert finding(1, 0, 0) == "The one deep exit has"
    assert finding(0, 0, 0).startswith("No exit has a sill of")


def test_the_option_with_least_refuge_is_named(results):
    today, half, _ = results
    share = today.record["refuge_share"]
    less = changed(half, refuge_share=share - 0.3)
    assert titles.refuge_finding([today, less]).startswith("“Half the area (2006)” leaves least")
    assert titles.refuge_finding([today]).startswith("No option here lowers the refuge at")


def test_enclosures_are_compared_at_one_area():
    short = ("the status quo", np.array([610.0, 650.0]), np.array([950.0, 962.0]))
    long = ("B", np.array([1000.0, 2000.0]), np.array([700.0, 925.0]))
    found = titles.enclosure_finding([short, long])
    assert found == (
        "To enclose 920 thousand km² takes a line of 1,978 km under B; under the status quo, one "
        "of 610 km encloses 950 thousand"
    )
    assert titles.enclosure_finding([short]).startswith("A line of 650 km encloses 962 thousand")


def test_a_way_that_is_closed_is_told(results):
    closed = changed(results[1], access_depth_m=0.0, egress_depth_m=2211.0)
    assert titles.depths_finding(closed).endswith(
        "the way in for foreign boats is closed, the way out for Russian boats is nowhere "
        "shallower than 2,211 m"
    )


def test_the_component_that_loses_most_is_named(results):
    today, half, _ = results
    kept = dict.fromkeys(half.components, 1.0)
    poor = replace(half, components={**kept, "refuge": 0.25})
    assert titles.components_finding([today, poor]) == (
        "Refuge loses most: 25% of today's is left under “Half the area (2006)”"
    )
    assert titles.components_finding([today, poor, poor]).endswith("under two of three options")
    assert titles.components_finding([today]) == "No component of the index loses anything"


def test_last_rank_and_first_driver_are_named():
    ranks = pd.DataFrame([[0.2, 0.8], [0.8, 0.2]], index=["a", "b"], columns=[1, 2])
    shorts = {"a": "A", "b": "B"}
    assert titles.ranks_finding(ranks, shorts) == "“A” comes last in 80% of the draws"
    assert titles.ranks_finding(ranks[::-1].set_axis(["a", "b"]), shorts).startswith("“B” comes")
    rows = [("a", "sensor_range_km", 0.6), ("a", "patrol_depth_m", 0.4)]
    rows += [("b", "sensor_range_km", 0.2), ("b", "patrol_depth_m", 0.7)]
    drivers = pd.DataFrame(rows, columns=["scenario_id", "assumption", "total"])
    drivers["result"] = "index"
    one = drivers[drivers.scenario_id == "b"]
    assert titles.drivers_finding(one, shorts) == (
        "Patrol depth drives the index of this option most"
    )
    assert titles.drivers_finding(drivers, shorts).endswith("most in one of two options")
