"""Figures of one option: what the ground shares, and water whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi

import geopandas as gpd
import numpy as np
import pytest
import shapely
from theatres import held, islet, make_theatre

from okhotsk.cache import Baselines
from okhotsk.datasets import read_data
from okhotsk.measures.barrier import LINES
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.scenario_figures import (
    exit_figures,
    find_routes,
    route_figures,
    water_figures,
)
from okhotsk.raster.cost_surface import PathProblem, SearchTree
from okhotsk.raster.geodesy import GEOD, MEAN_RADIUS_KM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.theatre.model import Theatre

A = Assumptions()
BOX = (144.0, 44.0, 156.0, 52.0)


def made(theatre: Theatre, forces: str, values: Assumptions = A) -> ScenarioContext:
    """An option on a made-up theatre: its islet with some forces."""
    parts = held(theatre, {"islet": forces})
    return ScenarioContext(
        Context(theatre, values),
        Scenario(scenario_id="made", title="Made"),
        parts,
        theatre.distances,
        theatre.viewsheds,
    )


@pytest.fixture(scope="module")
def lone() -> Theatre:
    """An islet in 1000 m of water."""
    return make_theatre({"islet": islet(150.013, 48.007)}, BOX, arcmin=2)


@pytest.fixture(scope="module")
def context(coarse: Theatre) -> Context:
    """The coarse sea under the default assumptions."""
    return Context(coarse, A)


def on(context: Context, name: str) -> ScenarioContext:
    return ScenarioContext.of(context, load_scenario(name))


# Water


@pytest.mark.parametrize("standoff_km", [100, 200, 300])
def test_refuge_is_what_lies_outside_a_disc(lone: Theatre, standoff_km: float) -> None:
    values = A.with_values({"refuge_standoff_km": standoff_km})
    found = water_figures(made(lone, "JP", values))
    disc_km2 = 2 * pi * MEAN_RADIUS_KM**2 * (1 - cos(standoff_km / MEAN_RADIUS_KM))
    assert found["patrol_km2"] == pytest.approx(lone.sea_km2, rel=1e-6)
    assert found["patrol_km2"] - found["refuge_km2"] == pytest.approx(disc_km2, rel=5e-3)
    assert found["refuge_share"] == found["refuge_km2"] / found["patrol_km2"]


def test_sensed_water_is_a_disc(lone: Theatre) -> None:
    """Nothing stands between, so that sight ends where the range does."""
    values = A.with_values({"sensor_range_km": 60})
    found = water_figures(made(lone, "JP", values))
    disc_km2 = 2 * pi * MEAN_RADIUS_KM**2 * (1 - cos(60 / MEAN_RADIUS_KM))
    assert found["sensed_share"] * found["patrol_km2"] == pytest.approx(disc_km2, rel=0.03)


@pytest.mark.parametrize("forces", ["RU", "none"])
def test_without_japanese_forces_all_is_refuge(lone: Theatre, forces: str) -> None:
    found = water_figures(made(lone, forces))
    assert found["refuge_share"] == 1
    assert found["sensed_share"] == 0


# Exits


def exits(**columns: list[object]) -> gpd.GeoDataFrame:
    table = {
        "exit": [True, True, True, True, False],
        "regime": ["russian", "shared", "russian", "japanese", "russian"],
        "sill_depth_m": [500.0, 300.0, 40.0, np.nan, 900.0],
        "throat_area_km2": [3.0, 1.0, 7.0, np.nan, 9.0],
        "operating_area_km2": [1.0, 1.0, 7.0, np.nan, 9.0],
    }
    return gpd.GeoDataFrame(table | columns)


def test_exits_deep_enough_by_regime() -> None:
    """The shallow, the unresolved and what is no exit do not count."""
    assert exit_figures(exits(), A) == {
        "exits_russian": 1,
        "exits_shared": 1,
        "exits_japanese": 0,
        "russian_throat_share": 0.75,
        "russian_operating_share": 0.5,
    }
    shallow = A.with_values({"transit_depth_m": 40})
    found = exit_figures(exits(), shallow)
    assert found["exits_russian"] == 2
    assert found["russian_throat_share"] == pytest.approx(10 / 11)
    lost = exits(regime=["japanese", "shared", "russian", "russian", "russian"])
    assert exit_figures(lost, A)["russian_throat_share"] == 0


# The ground


def test_base_is_one_deep_cell_at_the_base(context: Context) -> None:
    (cell,) = np.argwhere(context.base_cell)
    theatre = context.theatre
    assert theatre.seabed.depth_m[tuple(cell)] >= A.transit_depth_m
    assert not theatre.sea.mask[tuple(cell)]
    lon, lat = (float(v[0]) for v in theatre.grid.lonlat(*cell[:, None]).T)
    _, _, away_m = GEOD.inv(lon, lat, *read_data("sea.toml")["base"])
    assert away_m < 50_000


def test_waters_of_the_ground(context: Context) -> None:
    theatre, depth_m = context.theatre, context.theatre.seabed.depth_m
    assert (depth_m[context.deep] >= 50).all()
    assert context.pacific.any()
    assert not (context.pacific & theatre.sea.mask).any()
    assert theatre.shore_km[context.pacific].min() > 200 * 1.852
    assert context.core.any()
    assert (context.patrol | ~context.core).all()
    assert (theatre.sea.mask | ~context.patrol).all()


def test_theatres_share_no_answer_even_in_one_memory(context: Context) -> None:
    other = replace(context, theatre=replace(context.theatre, key="another"))
    assert other.memo is context.memo
    asked = context.once(object, "question", 1)
    assert context.once(object, "question", 1) is asked
    assert other.once(object, "question", 1) is not asked


def test_a_baseline_is_found_once_for_a_theatre_and_its_assumptions(coarse: Theatre) -> None:
    solved: list[PathProblem] = []

    def solve(problem: PathProblem) -> SearchTree:
        solved.append(problem)
        return problem.solve()

    shared = Context(coarse, A, baselines=Baselines(solve))
    first = shared.baseline("egress depth")
    assert first is not None
    assert replace(shared).baseline("egress depth") is first
    assert len(solved) == 1
    others = [
        shared.under(A.with_values({"transit_passage": 1})),
        replace(shared, theatre=replace(coarse, key="another")),
    ]
    assert all(other.baseline("egress depth") is not first for other in others)
    assert len(solved) == 3
    assert Context(coarse, A).baseline("egress depth") is None


def test_other_assumptions_on_the_same_ground(context: Context) -> None:
    deeper = context.under(A.with_values({"transit_depth_m": 150}))
    assert deeper.memo is context.memo
    assert deeper.exposed_km is context.exposed_km
    assert deeper.assumptions.transit_depth_m == 150
    assert context.deep.sum() > deeper.deep.sum() > 0
    assert not (deeper.deep & ~context.deep).any()
    assert context.assumptions == A


# Options


def test_the_same_closed_water_has_one_seal(context: Context) -> None:
    four, none = (on(context, name) for name in ("four-islands", "four-islands-demilitarised"))
    quo, kawana = (on(context, name) for name in ("status-quo", "kawana-1998"))
    assert four.barrier is none.barrier
    assert quo.barrier is kawana.barrier
    assert four.barrier.figures["barrier_km"] > quo.barrier.figures["barrier_km"]


def test_a_seal_shared_is_the_seal_alone(coarse: Theatre, context: Context) -> None:
    """Nor do answers of one set of assumptions leak into another."""
    values = A.with_values({"transit_depth_m": 120, "core_standoff_km": 150})
    shared = on(context.under(values), "four-islands").barrier
    alone = on(Context(coarse, values), "four-islands").barrier
    assert shared.figures == alone.figures
    assert all(shared.lines[key].equals(alone.lines[key]) for key in LINES)


def test_zones_in_use_differ_where_russian_forces_stay(context: Context) -> None:
    four, kawana = on(context, "four-islands"), on(context, "kawana-1998")
    assert four.used is four.zones
    assert kawana.used is not kawana.zones
    quo = on(context, "status-quo")
    np.testing.assert_array_equal(kawana.closed_to_russia, quo.closed_to_russia)
    np.testing.assert_array_equal(kawana.closed_to_others, four.closed_to_others)
    np.testing.assert_array_equal(kawana.hostile_km, quo.hostile_km)


def test_nothing_handed_over_is_the_status_quo(context: Context) -> None:
    quo, nothing = on(context, "status-quo"), ScenarioContext.of(context, cede([]))
    assert quo.barrier is nothing.barrier
    assert water_figures(quo) == water_figures(nothing)
    np.testing.assert_array_equal(quo.closed_to_russia, nothing.closed_to_russia)


def test_routes_start_and_end_where_they_should(context: Context) -> None:
    option = on(context, "four-islands")
    routes = find_routes(option)
    assert list(routes) == ["egress", "base", "intruder"]
    ends = {
        "egress": (context.core, context.pacific),
        "base": (context.base_cell, context.core),
        "intruder": (context.pacific, context.core),
    }
    index = context.theatre.grid.index
    for name, (start, goal) in ends.items():
        coords = shapely.get_coordinates(routes[name].line)
        assert start[index(*coords[0])]
        assert goal[index(*coords[-1])]
    assert find_routes(option, ["egress"])["egress"] is routes["egress"]
    figures = route_figures(routes)
    assert figures == {f"{name}_exposure": routes[name].exposure for name in ends}


def test_options_that_agree_share_what_follows(context: Context) -> None:
    """Of these, the first two agree in who is sovereign, the last two in whose forces stand."""
    names = ("four-islands", "four-islands-demilitarised", "status-quo")
    four, bare, today = (on(context, name) for name in names)
    assert four.shared("a", "sovereign", object) is bare.shared("a", "sovereign", object)
    assert four.shared("a", "sovereign", object) is not today.shared("a", "sovereign", object)
    assert four.shared("a", "forces", object) is not bare.shared("a", "forces", object)
    assert four.shared("a", "sovereign", object) is not four.shared("b", "sovereign", object)
    narrow = replace(four, context=context.under(A.with_values({"soya_nm": 12})))
    assert narrow.shared("a", "sovereign", object) is not four.shared("a", "sovereign", object)


def test_the_side_of_a_line_is_told_by_its_land(context: Context) -> None:
    half = on(context, "half-area-2006")
    parts = tuple(
        replace(p, land=shapely.transform(p.land, lambda xy: xy + 1e-9))
        if p.unit == "iturup"
        else p
        for p in half.parts
    )
    moved = replace(half, parts=parts)
    assert moved.shared("a", "forces", object) is not half.shared("a", "forces", object)


@pytest.mark.parametrize("name", ["half-area-2006", "portsmouth-1905"])
def test_going_on_from_today_changes_no_figure(coarse: Theatre, name: str) -> None:
    """Every search of an option, mended from today's and from scratch."""
    mended, scratch = (
        on(Context(coarse, A, baselines=baselines), name)
        for baselines in (Baselines(PathProblem.solve), Baselines())
    )
    for key in LINES:
        assert mended.barrier.figures[key] == pytest.approx(scratch.barrier.figures[key], rel=1e-6)
    for way in ("access", "egress"):
        assert mended.passage(way).depth_m == scratch.passage(way).depth_m
    one, other = (route_figures(find_routes(option)) for option in (mended, scratch))
    assert one == pytest.approx(other, rel=1e-5, abs=1e-6)
