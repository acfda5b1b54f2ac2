"""What every page says once: true of the scenarios it is said of, and gone where it is not."""

from __future__ import annotations

from dataclasses import replace

import okhotsk
from okhotsk.assessment.index import read_recipe
from okhotsk.assessment.statements import kept_note, unsealed
from okhotsk.scenario.model import TODAY


def test_the_open_way_is_one_that_every_scenario_leaves(results: list[okhotsk.Assessment]) -> None:
    said = unsealed(results)
    assert "the Bussol Strait submerged" in said
    for result in results:
        (row,) = result.straits[result.straits.strait_id == "bussol"].to_dict("records")
        assert row["corridor_km"] > 0
        assert row["corridor_depth_m"] >= result.assumptions.transit_depth_m


def test_nothing_is_said_where_one_scenario_closes_the_way(
    results: list[okhotsk.Assessment],
) -> None:
    last = results[-1]
    straits = last.straits.assign(corridor_depth_m=last.assumptions.transit_depth_m - 1)
    assert unsealed([*results[:-1], replace(last, straits=straits)]) == ""


def test_nothing_is_said_without_today(results: list[okhotsk.Assessment]) -> None:
    others = [r for r in results if r.scenario.scenario_id != TODAY]
    assert others
    assert unsealed(others) == ""


def test_the_note_has_the_floor_of_the_recipe() -> None:
    recipe = read_recipe()
    said = f"counts as {recipe.floor:.0%} ({recipe.floor_low:.0%} to {recipe.floor_high:.0%} in"
    assert said in kept_note()
    burdens = {c.title for c in recipe.components if c.kind == "burden"}
    assert burdens == {"Length of the seal line", "Cross-section of the seal"}  # as the note says
    added = {c.column for c in recipe.components if c.kind == "exposure"}
    assert added == {"egress_exposure", "base_exposure"}
