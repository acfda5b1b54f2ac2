"""Numbers that are chosen: their ranges, names and sources."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from okhotsk.errors import AssumptionError, OkhotskError
from okhotsk.raster.viewshed import DEPTHS_M, RANGE_KM
from okhotsk.scenario.assumptions import Assumptions, describe, in_words

NAMES = [item.name for item in fields(Assumptions)]


def test_defaults_are_those_of_the_law_and_within_range() -> None:
    values = Assumptions()
    assert (values.territorial_sea_nm, values.contiguous_zone_nm, values.eez_nm) == (12, 24, 200)
    assert values.soya_nm == 3
    for record in describe(values):
        assert record["low"] <= record["value"] <= record["high"]
        assert record["unit"]
        assert record["source"]
        assert "S1" not in record["source"] or "(" in record["source"]
    assert [record["assumption"] for record in describe(values)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_ends_of_the_range_serve_and_what_lies_beyond_does_not(name: str) -> None:
    record = next(r for r in describe(Assumptions()) if r["assumption"] == name)
    for end in ("low", "high"):
        assert getattr(Assumptions(**{name: record[end]}), name) == record[end]
    beyond = [record["low"] - 0.01, record["high"] + 0.01, -record["high"]]
    for value in [*beyond, 0] if record["low"] > 0 else beyond:
        with pytest.raises(AssumptionError, match=f"{name} is .*expected {record['low']} to"):
            Assumptions(**{name: value})


@pytest.mark.parametrize("name", NAMES)
def test_errors_say_why_the_range_ends_there(name: str) -> None:
    record = next(r for r in describe(Assumptions()) if r["assumption"] == name)
    assert record["meaning"]
    assert record["limits"]
    for value in (record["high"] + 1, *([record["high"] - 1] if name == "soya_nm" else [])):
        with pytest.raises(AssumptionError) as caught:
            Assumptions(**{name: value})
        assert str(caught.value).endswith(f" ({record['limits']})")


def test_reasons_for_the_ends_that_are_arithmetic_hold() -> None:
    known = {r["assumption"]: r for r in describe(Assumptions())}
    patrol, transit = known["patrol_depth_m"], known["transit_depth_m"]
    assert (patrol["low"], patrol["high"]) == (transit["value"], 1.5 * patrol["value"])
    area = known["patrol_area_km2"]
    assert (area["low"], area["high"]) == (area["value"] / 10, 10 * area["value"])
    depth = known["operating_depth_m"]
    assert depth["high"] - depth["value"] == depth["value"] - depth["low"] == 150
    assert known["core_standoff_km"]["high"] == known["refuge_standoff_km"]["high"]
    sensor = known["sensor_range_km"]
    assert sensor["high"] == RANGE_KM == 300
    assert sensor["high"] > 10 * sensor["low"]
    assert known["sensed_depth_m"]["choices"] == DEPTHS_M


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "200", None, [200]])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(AssumptionError, match="patrol_depth_m is .*expected 50 to 300"):
        Assumptions().with_values({"patrol_depth_m": value})  # type: ignore[dict-item]


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(AssumptionError, match=r"eez_nm is 1.*; patrol_depth_m is 9"):
        Assumptions(eez_nm=1, patrol_depth_m=9)


def test_unknown_name_lists_those_known() -> None:
    with pytest.raises(AssumptionError) as caught:
        Assumptions().with_values({"patrol_depth": 200, "eez": 200})
    assert str(caught.value).startswith("unknown assumption eez, patrol_depth; expected one of")
    assert all(name in str(caught.value) for name in NAMES)
    assert isinstance(caught.value, OkhotskError)


def test_with_values_leaves_the_rest() -> None:
    changed = Assumptions().with_values({"soya_nm": 12})
    assert changed.as_dict() == Assumptions().as_dict() | {"soya_nm": 12}
    assert Assumptions().soya_nm == 3


def test_numbers_of_a_sweep_serve() -> None:
    for value in np.linspace(50, 300, 3):
        assert Assumptions(patrol_depth_m=value).as_dict()["patrol_depth_m"] == value


def test_zones_widen_whatever_the_values() -> None:
    # The ranges touch but do not overlap, so no admissible values can break the order.
    spans = {r["assumption"]: (r["low"], r["high"]) for r in describe(Assumptions())}
    sea, belt, zone = (
        spans[name] for name in ("territorial_sea_nm", "contiguous_zone_nm", "eez_nm")
    )
    assert sea[1] <= belt[0] <= belt[1] <= zone[0]
    narrow = Assumptions(territorial_sea_nm=12, contiguous_zone_nm=12, eez_nm=24)
    assert narrow.territorial_sea_nm <= narrow.contiguous_zone_nm <= narrow.eez_nm


def test_names_for_readers_have_words_and_no_units() -> None:
    words = [in_words(name) for name in NAMES]
    assert len(set(words)) == len(NAMES)
    assert {"exclusive economic zone", "sensor range", "patrol area"} <= set(words)
    assert not any("_" in text or text.split()[-1] in ("nm", "m", "km", "km2") for text in words)
