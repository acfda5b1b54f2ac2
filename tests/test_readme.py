"""The figures at the top of the README are those of the package."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from okhotsk.api import Assessment

README = Path(__file__).parent.parent / "README.md"


def row(result: Assessment) -> str:
    record = result.record
    survey = f" ({result.survey.km2:,.0f})" if result.survey else ""
    exits = " / ".join(str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese"))
    return (
        f"| {result.scenario.title} (`{result.scenario.scenario_id}`) "
        f"| {record['ceded_land_km2']:,.0f}{survey} | {exits} | {record['barrier_km']:,.0f} "
        f"| {record['operating_area_km2']:,.0f} | {record['refuge_share']:.1%} "
        f"| {record['sensed_share']:.1%} | {record['intruder_exposure']:.2f} "
        f"| {record['index']:.0f} ("  # the interval rests on more samples than tests take
    )


@pytest.mark.parametrize("number", [0, 1, 2])
def test_table(results: list[Assessment], number: int) -> None:
    """The rows of the shared results stand in the README to the letter."""
    assert row(results[number]) in README.read_text("utf-8")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_corridor_of_bussol(results: list[Assessment], number: int) -> None:
    """Width and sill are those of the table, whoever holds the land."""
    bussol = results[number].straits.set_index("strait_id").loc["bussol"]
    words = (
        f"a corridor at least {math.floor(bussol.corridor_km)} km wide, with a sill of "
        f"{bussol.corridor_depth_m:,.0f} m on this seabed"
    )
    assert words in " ".join(README.read_text("utf-8").split())


def test_every_option_has_a_row(results: list[Assessment]) -> None:
    """No named option is missing from the table."""
    from okhotsk.scenario.read import scenario_ids

    text = README.read_text("utf-8")
    assert all(f"(`{name}`) |" in text for name in scenario_ids())
