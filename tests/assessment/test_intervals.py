"""Intervals over seabeds in words: absent where there is no ensemble, never a number alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from okhotsk.assessment import intervals
from okhotsk.theatre.ensemble import INTERVAL, read_errors
from okhotsk.theatre.model import Theatre

ROW = {"sill_depth_m": 429.0, "sill_depth_m_low": 321.4, "sill_depth_m_high": 1568.0}
NONE = {"sill_depth_m": 429.0, "sill_depth_m_low": np.nan, "sill_depth_m_high": np.nan}


@pytest.mark.parametrize("row", [NONE, {"sill_depth_m": 429.0}])
def test_an_absent_interval_says_nothing(row: dict[str, float]) -> None:
    assert intervals.seabed_interval(row, "sill_depth_m") is None
    assert intervals.between(row, "sill_depth_m", ",.0f") == ""
    assert intervals.aside(row, "sill_depth_m", ",.0f", " m") == ""
    assert intervals.both(row, ROW, "sill_depth_m", "m") == ""
    assert intervals.both(ROW, row, "sill_depth_m", "m") == ""


def test_an_interval_is_told_in_the_digits_asked_for() -> None:
    assert intervals.between(ROW, "sill_depth_m", ",.0f") == " (321 to 1,568)"
    assert (
        intervals.aside(ROW, "sill_depth_m", ",.1f", " m") == " (other seabeds: 321.4 to 1,568.0 m)"
    )
    told = intervals.both(ROW, ROW, "sill_depth_m", "m")
    assert told == " (5–95% over seabeds: 321 to 1,568 and 321 to 1,568 m)"


@pytest.mark.parametrize(
    ("area_km2", "words"),
    [(97.09, "97 km²"), (20.0, "20 km²"), (19.96, "20.0 km²"), (5.12, "5.1 km²")]
    + [(2.0, "2.0 km²"), (1.56, "1.56 km²"), (0.17, "0.17 km²")],
)
def test_a_section_has_the_digits_that_a_seabed_bears(area_km2: float, words: str) -> None:
    assert intervals.section_words({"throat_area_km2": area_km2}) == words


def test_the_definition_names_the_ensemble(theatre: Theatre) -> None:
    members = 2 * len(read_errors().fields)
    low, high = INTERVAL
    words = intervals.definition(theatre)
    assert words.startswith(f"{low}th to {high}th percentile over {members} seabeds")
    assert words in intervals.caution(theatre)


def test_a_seabed_of_ones_own_has_no_definition(theatre: Theatre, coarse: Theatre) -> None:
    own = replace(theatre, seabed=replace(theatre.seabed, name="mine.nc"))
    for other in (own, coarse):
        assert intervals.definition(other) == ""
        assert intervals.caution(other) == ""
