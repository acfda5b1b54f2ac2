"""The frontier: what stays whole is left out, and names take turns where they stand close."""

from __future__ import annotations

import numpy as np
import pytest

from okhotsk.report.figures import draw
from okhotsk.report.frontier_chart import _sides
from okhotsk.report.titles import first_island


@pytest.mark.parametrize(
    ("x", "left"),
    [
        ([0.0, 4.0, 9.0], [False, False, True]),
        ([1.0, 1.5, 2.0], [False, True, False]),
        ([9.0, 9.5], [True, True]),
    ],
)
def test_names_take_turns_and_stand_left_near_the_end(x: list[float], left: list[bool]) -> None:
    assert _sides(np.array(x), 10) == left


def test_the_first_island_names_a_block() -> None:
    assert first_island("the Habomai and Shikotan") == "Habomai"
    assert first_island("urup, Chirpoi") == "Urup"


def test_a_component_that_stays_whole_has_no_curve(frontier) -> None:
    axes = draw("frontier", frontier=frontier).axes[0]
    columns = [name for name in frontier.steps if name.endswith("_percent")]
    shown = [name for name in columns if frontier.steps[name].min() <= 99.5]
    assert len(axes.lines) == len(shown) + 1  # and the index
