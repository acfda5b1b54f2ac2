"""Patrol water and the part of it out of reach."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi

import numpy as np
import pytest
from hypothesis import given, settings
from theatres import held, islet, make_theatre, nested_options

from okhotsk.measures.refuge import (
    CURVE_KM,
    area_km2,
    find_patrol,
    hostile_km,
    refuge_curve,
)
from okhotsk.measures.zones import part_distances
from okhotsk.raster.geodesy import MEAN_RADIUS_KM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre

BOX = (144.0, 44.0, 156.0, 52.0)


def reach(theatre: Theatre, option: str | Scenario) -> np.ndarray:
    """Distance to the nearest hostile shore under an option."""
    scenario = load_scenario(option) if isinstance(option, str) else option
    parts = resolve(scenario, theatre.lands)
    return hostile_km(theatre, parts, part_distances(theatre, parts))


def test_refuge_is_what_lies_outside_a_disc() -> None:
    theatre = make_theatre({"islet": islet(150.013, 48.007)}, BOX, arcmin=2)
    patrol = find_patrol(theatre, Assumptions())
    assert area_km2(theatre, patrol) == pytest.approx(theatre.sea_km2, rel=1e-9)
    parts = held(theatre, {"islet": "JP"})
    km = hostile_km(theatre, parts, theatre.distances)
    curve = refuge_curve(theatre, patrol, km).set_index("standoff_km").refuge_km2
    assert tuple(curve.index) == CURVE_KM
    for radius in (100, 200, 300):
        disc = 2 * pi * MEAN_RADIUS_KM**2 * (1 - cos(radius / MEAN_RADIUS_KM))
        assert theatre.sea_km2 - curve[radius] == pytest.approx(disc, rel=5e-3)


@pytest.mark.parametrize(("forces", "exposed"), [("JP", True), ("none", False), ("RU", False)])
def test_only_japanese_forces_expose_water(forces: str, exposed: bool) -> None:
    theatre = make_theatre({"islet": islet(150, 48)}, BOX, arcmin=6)
    km = hostile_km(theatre, held(theatre, {"islet": forces}), theatre.distances)
    assert np.isfinite(km).any() == exposed


def test_patrol_water_is_deep_and_in_pools_large_enough() -> None:
    theatre = make_theatre({"islet": islet(155, 51)}, BOX, arcmin=6)
    depth_m = np.full(theatre.grid.shape, 100, np.float32)
    depth_m[10:30, 10:30] = 200  # 20 x 20 cells of about 80 km2
    depth_m[50:53, 50:53] = 900  # 9 cells: too small a pool
    depth_m[30, 30] = 250  # joined at a corner
    depth_m[60:80, 60:80] = 199.9
    made = replace(theatre, seabed=replace(theatre.seabed, depth_m=depth_m))
    patrol = find_patrol(made, Assumptions())
    assert patrol.sum() == 401
    assert patrol[30, 30]
    shallow = find_patrol(made, Assumptions(patrol_depth_m=100, patrol_area_km2=100))
    assert shallow.all()


def test_no_patrol_water_at_all() -> None:
    theatre = make_theatre({"islet": islet(150, 48)}, BOX, arcmin=12, depth_m=60)
    assert not find_patrol(theatre, Assumptions()).any()


@pytest.mark.parametrize("option", ["status-quo", "half-area-2006", "portsmouth-1905"])
def test_curve_falls_and_agrees_with_counting(coarse: Theatre, option: str) -> None:
    patrol, km = find_patrol(coarse, Assumptions()), reach(coarse, option)
    curve = refuge_curve(coarse, patrol, km)
    assert list(curve.standoff_km) == list(range(20, 301, 20))
    assert (np.diff(curve.refuge_km2) <= 0).all()
    for row in curve.itertuples():
        counted = area_km2(coarse, patrol & (km > row.standoff_km))
        assert row.refuge_km2 == pytest.approx(counted, rel=1e-6)


def test_curve_counts_a_cell_at_the_very_standoff_as_exposed() -> None:
    theatre = make_theatre({"islet": islet(150, 48)}, BOX, arcmin=12)
    patrol = np.ones(theatre.grid.shape, bool)
    km = np.full(theatre.grid.shape, 100, np.float32)
    curve = refuge_curve(theatre, patrol, km).set_index("standoff_km").refuge_km2
    assert curve[80] == pytest.approx(theatre.sea_km2)
    assert curve[100] == 0


@settings(max_examples=40)
@given(options=nested_options())
def test_ceding_more_never_raises_the_refuge(
    coarse: Theatre, options: tuple[Scenario, Scenario]
) -> None:
    patrol = find_patrol(coarse, Assumptions())
    fewer, more = (reach(coarse, option) for option in options)
    assert (more <= fewer).all()
    curves = [refuge_curve(coarse, patrol, km).refuge_km2 for km in (fewer, more)]
    assert (curves[1] <= curves[0]).all()


def test_forces_decide_the_refuge(coarse: Theatre) -> None:
    quo = reach(coarse, "status-quo")
    assert np.array_equal(reach(coarse, cede([])), quo)
    assert np.array_equal(reach(coarse, "four-islands-demilitarised"), quo)
    assert np.array_equal(reach(coarse, "kawana-1998"), quo)
    assert (reach(coarse, "four-islands") < quo).any()
