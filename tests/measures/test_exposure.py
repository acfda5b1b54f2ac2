"""Ways of least exposure: seas whose answer is known, and the laws of exposure."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from seas import grid_at
from theatres import nested_options

from okhotsk.api import Assessment
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.exposure import Route, exposure_per_km, find_route
from okhotsk.measures.scenario_figures import find_routes
from okhotsk.raster.geodesy import GEOD
from okhotsk.raster.grid import Grid
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.theatre.model import Theatre

A = Assumptions()
GRID = grid_at(48.0, (180, 300), arcmin=1)
ROW_KM, COL_KM = (float(size[90]) for size in GRID.cell_size_km()[::-1])
R_KM = 100.0


def sail(
    sight_km: np.ndarray,
    start: tuple[int, int],
    goal: tuple[int, int],
    *,
    grid: Grid = GRID,
    closed: np.ndarray | None = None,
    range_km: float = R_KM,
) -> Route:
    """The way between two cells of open water."""
    ends = []
    for place in (start, goal):
        cell = np.zeros(grid.shape, bool)
        cell[place] = True
        ends.append(cell)
    open_water = np.ones(grid.shape, bool) if closed is None else ~closed
    return find_route(
        grid,
        np.full(grid.shape, 500, np.float32),
        sight_km.astype(np.float32),
        start=ends[0],
        goal=ends[1],
        navigable=open_water,
        range_km=range_km,
    )


def off_coast() -> np.ndarray:
    """Distance from a straight coast along the south edge of the grid, by rows."""
    rows = np.arange(GRID.shape[0])[::-1] * ROW_KM
    return np.broadcast_to(rows[:, None], GRID.shape).astype(float)


def test_straight_out_from_a_shore_is_an_exposure_of_one() -> None:
    for range_km in (50.0, 100.0, 200.0):
        route = sail(off_coast(), (179, 150), (0, 150), range_km=range_km)
        assert route.exposure == pytest.approx(1, abs=0.02)


def test_exposure_per_km_ends_with_the_range() -> None:
    per_km = exposure_per_km(np.array([0, 50, 100, 150, np.inf]), 100.0)
    assert per_km == pytest.approx([0.02, 0.01, 0, 0, 0])


def catenary(high_km: float, half_km: float) -> float:
    """Least integral of the height over arcs between two points of one height (Euler 1744).

    A catenary c cosh(x / c); where the points are too far apart, straight down and back.
    """
    apart = 2 * (high_km**2 / 2)
    shape = lambda c: c * np.cosh(half_km / c) - high_km  # noqa: E731
    lowest = half_km / 1.19967864  # where c cosh(a / c) is least
    if shape(lowest) > 0:
        return apart
    c = brentq(shape, lowest, high_km)
    return min(apart, c * half_km + c**2 / 2 * np.sinh(2 * half_km / c))


@pytest.mark.parametrize("off_km", [20, 40, 60])
@pytest.mark.parametrize("half_cols", [10, 25, 45, 70])
def test_along_a_straight_coast_the_way_is_a_catenary(off_km: float, half_cols: int) -> None:
    """Exposure falls evenly to the end of the range, so its least ways are known exactly."""
    row = GRID.shape[0] - 1 - round(off_km / ROW_KM)
    high_km = R_KM - (GRID.shape[0] - 1 - row) * ROW_KM
    route = sail(off_coast(), (row, 150 - half_cols), (row, 150 + half_cols))
    # The least integral of (R - s), in units of 2 / R**2 per km2; cells narrow to the north.
    wide_km = GEOD.inv(
        *GRID.lonlat(np.array([row]), np.array([150 - half_cols]))[0],
        *GRID.lonlat(np.array([row]), np.array([150 + half_cols]))[0],
    )[2]
    expected = 2 / R_KM**2 * catenary(high_km, wide_km / 2000)
    assert route.exposure == pytest.approx(expected, rel=0.012, abs=0.003)
    if route.exposure < 0.9 * 2 * high_km**2 / R_KM**2:
        assert route.profile.exposure.iloc[-1] == pytest.approx(route.exposure, rel=0.05)


@settings(max_examples=40)
@given(st.integers(0, 179), st.integers(0, 299))
def test_any_angle_in_even_water(row: int, col: int) -> None:
    """Where exposure is the same everywhere the way is straight, to less than 1 %."""
    route = sail(np.full(GRID.shape, 50.0), (90, 150), (row, col))
    ends = GRID.lonlat(np.array([90, row]), np.array([150, col]))
    km = GEOD.inv(*ends[0], *ends[1])[2] / 1000
    expected = km * float(exposure_per_km(np.array(50.0), R_KM))
    assert expected * 0.999 - 1e-9 <= route.exposure <= expected * 1.01 + 1e-6


def test_closed_water_is_gone_round() -> None:
    closed = np.zeros(GRID.shape, bool)
    closed[90, :250] = True
    route = sail(np.full(GRID.shape, 50.0), (60, 100), (120, 100), closed=closed)
    assert max(lon for lon, _ in route.line.coords) > GRID.lon[249]
    closed[90] = True
    nothing = sail(np.full(GRID.shape, 50.0), (60, 100), (120, 100), closed=closed)
    assert nothing.exposure == np.inf
    assert nothing.line.is_empty
    assert nothing.profile.empty


def test_out_of_sight_the_way_is_the_shortest() -> None:
    route = sail(np.full(GRID.shape, np.inf), (90, 20), (90, 280))
    assert route.exposure == 0
    assert route.line.length == pytest.approx(260 / 60, rel=1e-6)


def test_profile_follows_the_way() -> None:
    route = sail(off_coast(), (160, 60), (160, 240))
    profile = route.profile
    assert list(profile) == ["distance_km", "depth_m", "sight_km", "exposure_per_km", "exposure"]
    assert (np.diff(profile.distance_km) > 0).all()
    assert (np.diff(profile.exposure) >= 0).all()
    assert (profile.depth_m == 500).all()


def test_profile_of_the_way_straight_out_is_known_at_every_step() -> None:
    """Every 2 km; after s km the integral of 2 / R * (1 - s / R) is collected, and 1 in the end."""
    route = sail(off_coast(), (179, 150), (0, 150))
    profile, long_km = route.profile, 179 * ROW_KM
    km = profile.distance_km.to_numpy()
    assert km[0] == 0
    assert km[-1] == pytest.approx(long_km, rel=1e-3)
    assert np.diff(km) == pytest.approx(np.full(len(km) - 1, 2.0), rel=0.01)
    half_cell_km = ROW_KM / 2
    np.testing.assert_allclose(profile.sight_km, km, atol=1.01 * half_cell_km)
    within = np.minimum(km, R_KM)
    np.testing.assert_allclose(
        profile.exposure_per_km,
        2 / R_KM * (1 - within / R_KM),
        atol=1.01 * half_cell_km * 2 / R_KM**2,
    )
    np.testing.assert_allclose(
        profile.exposure, 2 / R_KM * (within - within**2 / (2 * R_KM)), atol=0.01
    )
    assert profile.exposure.iloc[-1] == pytest.approx(1, abs=0.01)


def test_profile_of_a_short_way_is_its_ends() -> None:
    route = sail(off_coast(), (90, 150), (89, 150))
    assert route.profile.distance_km.to_numpy() == pytest.approx([0, ROW_KM], rel=1e-3)


# The real sea


@pytest.fixture(scope="module")
def context(coarse: Theatre) -> Context:
    return Context(coarse, A)


def exposures(context: Context, scenario: Scenario) -> tuple[float, float]:
    routes = find_routes(ScenarioContext.of(context, scenario), ("egress", "intruder"))
    return routes["egress"].exposure, routes["intruder"].exposure


@settings(max_examples=12)
@given(nested_options())
def test_ceding_more_exposes_russia_more_and_intruders_less(
    context: Context, pair: tuple[Scenario, Scenario]
) -> None:
    (out, into), (out_more, into_less) = (exposures(context, option) for option in pair)
    assert out <= out_more + 1e-6
    assert into_less <= into + 1e-6


def test_a_way_that_nobody_sees_has_no_exposure_at_all(context: Context) -> None:
    """Not what rounding leaves of one: the interval of the index is made of ratios of it."""
    for name in ("status-quo", "four-islands", "urup-line", "portsmouth-1905"):
        option = ScenarioContext.of(context, load_scenario(name))
        for way, route in find_routes(option).items():
            seen = (route.profile.exposure_per_km > 0).any()
            assert seen or route.exposure == 0, (name, way)
            assert route.exposure == 0 or route.exposure > 1e-6, (name, way)


@pytest.mark.parametrize("name", ["four-islands-demilitarised", "kawana-1998"])
def test_without_japanese_forces_the_way_out_is_as_today(context: Context, name: str) -> None:
    today = exposures(context, load_scenario("status-quo"))[0]
    assert exposures(context, load_scenario(name))[0] >= today
    wide = Context(context.theatre, A.with_values({"sensor_range_km": 300}))
    kawana = exposures(wide, load_scenario("kawana-1998"))
    assert kawana == exposures(wide, load_scenario("status-quo"))


def test_the_base_lies_on_the_pacific_and_its_way_in_avoids_the_shallow_straits(
    theatre: Theatre,
) -> None:
    context = Context(theatre, A)
    option = ScenarioContext.of(context, load_scenario("status-quo"))
    route = find_routes(option, ("base",))["base"]
    assert context.base_cell.sum() == 1
    assert not (context.base_cell & theatre.sea.mask).any()
    # First and Second Kuril are too shallow; the fourth is the first that serves.
    assert route.straits == ("fourth-kuril",)


def test_no_way_runs_over_land(results: list[Assessment]) -> None:
    """Not even over the tip of a cape, whose cells are water for the most part."""
    for result in results:
        land = shapely.union_all(result.land.geometry)
        for name, way in result.routes.items():
            assert not shapely.intersects(way.line, land), (result.scenario.scenario_id, name)
