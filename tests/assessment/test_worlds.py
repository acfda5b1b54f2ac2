"""Figures in many worlds: known rules in the place of a coarsened theatre."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from worlds import QUO, Ground, Known, KnownSeabeds, Rule

from okhotsk.assessment import index
from okhotsk.assessment.uncertainty import draw
from okhotsk.assessment.worlds import FLOOR, Worlds, world_figures
from okhotsk.scenario.assumptions import Assumptions, ends, from_unit, swept_names
from okhotsk.scenario.read import load_scenario

COUNT = 20
RECIPE = index.read_recipe()
FOUR, TODAY = load_scenario("four-islands"), load_scenario("status-quo")


def four(assumptions: Assumptions, ground: Ground) -> dict[str, float]:
    """A longer line and less warning, each by an assumption; a larger section on one seabed."""
    return {
        "barrier_km": 700 + assumptions.sensor_range_km,
        "intruder_exposure": 0.01 * assumptions.patrol_depth_m / 2,
        "operating_area_km2": 500.0 if ground.member == 1 else 400.0,
        "exits_russian": 8.0,
    }


def made(count: int = COUNT, **rules: Rule) -> Worlds:
    """Worlds of some rules."""
    own = {name.replace("_", "-"): rule for name, rule in rules.items()}
    return Worlds(Known(rules=own), KnownSeabeds(own), count)  # type: ignore[arg-type]


def assumptions_of(found: Worlds) -> list[tuple[Assumptions, float]]:
    """Assumptions and floor of every world, put together anew."""
    points = draw(found.count)
    known = [(Assumptions(), RECIPE.floor)]
    for world in found.worlds:
        if world.assumption == FLOOR:
            known.append((Assumptions(), world.value))
        elif world.assumption:
            known.append((Assumptions(**{world.assumption: world.value}), RECIPE.floor))
    span = RECIPE.floor_high - RECIPE.floor_low
    known += [(from_unit(row[:-1]), RECIPE.floor_low + row[-1] * span) for row in points]
    return known + [(Assumptions(), RECIPE.floor)] * found.seabeds.members


def test_worlds_are_the_defaults_single_changes_a_sample_and_seabeds() -> None:
    found = made().worlds
    assert (found[0].name, found[0].assumption) == ("defaults", "")
    assert len({world.name for world in found}) == len(found)
    single = Counter(world.assumption for world in found if world.assumption)
    expected = {
        name: sum(value != getattr(Assumptions(), name) for value in ends(name))
        for name in swept_names()
    }
    assert single == expected | {FLOOR: 2}
    # An end that is the default is no other world.
    assert single["soya_nm"] == single["transit_passage"] == 1
    assert [w.name for w in found if w.seabed] == [f"seabed {n}" for n in (1, 2, 3, 4)]
    assert sum(w.name.startswith("sample ") for w in found) == COUNT
    assert len(found) == 1 + single.total() + COUNT + 4


def test_figures_are_those_of_each_world() -> None:
    """By the assumptions of every world, put together by another way."""
    found = made(four_islands=four)
    record, today = Known(rules={"four-islands": four}).record("four-islands"), dict(QUO)
    got = found.figures(FOUR, record, today)
    known = assumptions_of(found)
    grounds = [Ground(member=max(0, n - len(known) + 5)) for n in range(len(known))]
    rows = [four(one, ground) for (one, _), ground in zip(known, grounds, strict=True)]
    for column in rows[0]:
        np.testing.assert_allclose(got[column], [row[column] for row in rows], rtol=1e-12)
    values = index.component_values(RECIPE, [{**QUO, **row} for row in rows], QUO)
    for n, component in enumerate(RECIPE.components):
        np.testing.assert_allclose(
            got[f"component:{component.component_id}"], values[:, n], rtol=1e-9, atol=1e-12
        )
    np.testing.assert_allclose(got["least_component"], values.min(axis=1), rtol=1e-9)
    floors = np.array([floor for _, floor in known])
    scores = index.index_of(values, RECIPE.weights, floors)
    np.testing.assert_allclose(got["index"], scores, rtol=1e-9)
    assert np.ptp(got["index"]) > 5
    # Without the warning and the other ways, whose figures need a sensor range.
    kept = np.array([not component.sensor for component in RECIPE.components])
    weights = RECIPE.weights[kept] / RECIPE.weights[kept].sum()
    plain = 100 * np.exp((np.log(np.maximum(values[:, kept], floors[:, None])) * weights).sum(1))
    np.testing.assert_allclose(got["index_without_sensors"], plain, rtol=1e-9)


def test_the_world_of_the_defaults_has_the_record() -> None:
    """Though the coarsened theatre is off, in figures and in components."""
    record = {**QUO, "barrier_km": 840.0, "intruder_exposure": 1.5, "sensed_share": 0.3}
    today = {**QUO, "barrier_km": 750.0, "sensed_share": 0.1}
    got = made(four_islands=four).figures(FOUR, record, today)
    for column, value in record.items():
        assert got[column][0] == pytest.approx(value, rel=1e-12)
    exact = index.component_values(RECIPE, [record], today)[0]
    for component, value in zip(RECIPE.components, exact, strict=True):
        assert got[f"component:{component.component_id}"][0] == value
    scores = index.index_of(exact, RECIPE.weights, RECIPE.floor)
    assert got["index"][0] == pytest.approx(float(scores), rel=1e-12)


def test_figures_change_by_the_factor_of_the_coarsened_theatre() -> None:
    record = {**QUO, "barrier_km": 1600.0}  # twice what the rule gives at 100 km
    found = made(four_islands=four)
    got = found.figures(FOUR, record, QUO)["barrier_km"]
    ranges = [one.sensor_range_km for one, _ in assumptions_of(found)]
    np.testing.assert_allclose(got, [2 * (700 + km) for km in ranges], rtol=1e-12)


def test_one_other_world_is_as_among_all() -> None:
    found = made(four_islands=four)
    record = {**QUO, "barrier_km": 900.0, "intruder_exposure": 0.7}
    whole = found.figures(FOUR, record, QUO)
    for n, world in enumerate(found.worlds):
        if world.assumption:
            one = found.at(FOUR, record, QUO, assumption=world.assumption, value=world.value)
            for name, values in one.items():
                assert values.tolist() == whole[name][[0, n]].tolist(), (world.name, name)


def test_the_status_quo_is_100_in_every_world() -> None:
    """Also where its own figures move."""
    got = made(status_quo=four).figures(TODAY, QUO, QUO)
    np.testing.assert_allclose(got["index"], 100, rtol=1e-12)
    np.testing.assert_allclose(got["least_component"], 1, rtol=1e-12)
    assert np.ptp(got["barrier_km"]) > 0


def test_a_figure_of_nothing_is_carried_over_where_it_stays_nothing() -> None:
    rows = [{**QUO, "intruder_exposure": value} for value in (0.0, 0.0, 0.4)]
    got = world_figures(
        rows, [QUO] * 3, {**QUO, "intruder_exposure": 0.1}, QUO, floors=np.full(3, 0.05)
    )
    assert got["intruder_exposure"].tolist() == [0.1, 0.1, 0.4]


def test_a_seal_that_cannot_be_drawn_is_a_component_lost() -> None:
    rows = [QUO, {**QUO, "barrier_km": np.inf}]
    got = world_figures(rows, [QUO] * 2, QUO, QUO, floors=np.array([0.05, 0.1]))
    assert got["component:seal"].tolist() == [1, 0]
    assert got["index"][1] == pytest.approx(100 * 0.1 ** float(RECIPE.weights[0]))
