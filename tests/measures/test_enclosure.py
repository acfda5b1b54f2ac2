"""The enclosure curve: seas known on paper, all subsets of small graphs, and the seal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog
from theatres import islet, make_theatre, nested_options

from okhotsk.measures import enclosure
from okhotsk.measures.barrier import closed_water, exposed_km, find_barrier, find_core
from okhotsk.measures.enclosure import (
    Blocks,
    _best,
    best_enclosures,
    enclosure_curve,
    find_curve,
    make_blocks,
)
from okhotsk.measures.refuge import area_km2, find_patrol
from okhotsk.measures.zones import administered, find_zones, part_distances
from okhotsk.raster import geodesy
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre

A = Assumptions()


def sea_of(free: np.ndarray, theatre: Theatre) -> Theatre:
    """The theatre with 500 m of water, but none where a line is free."""
    depth_m = np.where(free, 0, 500).astype(np.float32)
    return replace(theatre, seabed=replace(theatre.seabed, depth_m=depth_m))


def made_up(bounds: tuple[float, float, float, float], arcmin: float = 1) -> Theatre:
    west, _, _, north = bounds
    return make_theatre({"far": islet(west + 0.02, north - 0.02)}, bounds, arcmin=arcmin)


# The walls run inside blocks; patrol water starts at the next edge of blocks north of them.
BAY, INNER = 47 + 1 / 6, 48 + 1 / 6


def mouth_km(lat: float, degrees: float) -> float:
    return float(geodesy.distance_km(150, lat, 150 + degrees, lat))


def basins(walls: dict[float, tuple[float, float]], *, thick: int = 1) -> tuple[Theatre, ...]:
    """A sea behind walls along parallels, each a cell thick with one gap; closed south of all."""
    theatre = made_up((149, 46, 153, 50))
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    free = (lon < 149.25) | (lon > 152.75) | (lat > 49 + 2 / 3)
    for south, (west, east) in walls.items():
        at = np.flatnonzero(theatre.grid.lat < south)[0]
        free[at - thick : at, :] |= (lon[0] < west) | (lon[0] > east)
    closed = lat < min(walls) - 0.35
    return sea_of(free, theatre), lat, closed


def test_bay_with_a_mouth() -> None:
    """Nothing for nothing, or the whole bay for its mouth, though the wall is one cell thick."""
    theatre, lat, closed = basins({47.08: (150.5, 151.5)})
    bay = (lat > BAY) & (theatre.seabed.depth_m > 0)
    curve = enclosure_curve(theatre, bay, closed, A)
    assert list(curve.columns) == ["line_km", "enclosed_km2", "km2_per_km"]
    assert curve.iloc[0].tolist() == [0, 0, np.inf]
    assert len(curve) == 2
    assert curve.line_km.iloc[1] == pytest.approx(mouth_km(47.08, 1), rel=0.04)
    assert curve.enclosed_km2.iloc[1] == pytest.approx(area_km2(theatre, bay), rel=1e-5)
    assert curve.km2_per_km.iloc[1] == pytest.approx(
        curve.enclosed_km2.iloc[1] / curve.line_km.iloc[1]
    )


def test_two_basins_joined_by_a_strait() -> None:
    """The inner basin for its strait, then both for the wider mouth."""
    theatre, lat, closed = basins({47.08: (150, 152), 48.12: (151, 151.7)})
    water = (lat > BAY) & ((lat < 48) | (lat > INNER)) & (theatre.seabed.depth_m > 0)
    curve = enclosure_curve(theatre, water, closed, A)
    inner, both = (area_km2(theatre, water & (lat > south)) for south in (INNER, BAY))
    assert curve.line_km.tolist() == pytest.approx(
        [0, mouth_km(48.12, 0.7), mouth_km(47.08, 2)], rel=0.04
    )
    assert curve.enclosed_km2.tolist() == pytest.approx([0, inner, both], rel=0.01)


def test_walled_water_is_free_and_deep_walls_are_not() -> None:
    """Behind a whole wall all is enclosed for nothing; a wall under deep water is no wall."""
    theatre, lat, closed = basins({47.08: (160, 160)})
    bay = (lat > BAY) & (theatre.seabed.depth_m > 0)
    curve = enclosure_curve(theatre, bay, closed, A)
    assert curve.line_km.tolist() == [0]
    assert curve.enclosed_km2.tolist() == pytest.approx([area_km2(theatre, bay)])
    drowned = np.where(theatre.seabed.depth_m == 0, np.float32(60), theatre.seabed.depth_m)
    lower = replace(theatre, seabed=replace(theatre.seabed, depth_m=drowned))
    assert enclosure_curve(lower, bay, closed, A).line_km.iloc[-1] > 200
    deeper = Assumptions(transit_depth_m=70)
    assert enclosure_curve(lower, bay, closed, deeper).line_km.tolist() == [0]


def open_square(side_km: float) -> pd.DataFrame:
    """The curve of a square of open water in closed water."""
    theatre = made_up((145, 44, 155, 52), arcmin=5)
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    x_km = (lon - 150) * 111.32 * np.cos(np.radians(lat))
    inside = np.maximum(abs(x_km), abs(lat - 48) * 111.19) < side_km / 2
    return enclosure_curve(sea_of(np.zeros(lat.shape, bool), theatre), inside, ~inside, A)


def test_square_of_open_water_is_enclosed_with_round_corners() -> None:
    """The Cheeger set of a square and what follows: corners with the price as their radius."""
    side_km = 600.0
    # 16 steps measure straight lines on blocks of this shape up to 1.7 % short.
    curve = open_square(side_km)
    assert curve.iloc[0].tolist() == [0, 0, np.inf]
    # Corners of radius p take (8 - 2 pi) p off the line and (4 - pi) p2 off the area; a price
    # of more than side / (2 + sqrt(pi)) is not worth it (Cheeger's constant of the square).
    first = curve.iloc[1]
    dearest = side_km / (2 + np.pi**0.5)
    assert first.km2_per_km == pytest.approx(dearest, rel=0.04)
    assert first.line_km == pytest.approx(4 * side_km - (8 - 2 * np.pi) * dearest, rel=0.04)
    assert first.enclosed_km2 == pytest.approx(side_km**2 - (4 - np.pi) * dearest**2, rel=0.03)
    assert curve.line_km.iloc[-1] == pytest.approx(4 * side_km, rel=0.04)
    assert curve.enclosed_km2.iloc[-1] == pytest.approx(side_km**2, rel=0.02)


@st.composite
def graphs(draw: st.DrawFn) -> Blocks:
    """A handful of blocks with random links, closed ones among them."""
    count = draw(st.integers(2, 8))
    closed = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    area = draw(st.lists(st.integers(0, 30), min_size=count, max_size=count))
    pairs = st.tuples(*[st.integers(0, count - 1)] * 2, st.integers(1, 9))
    links = draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), max_size=20))
    start, end, km = np.array(links, np.int64).reshape(-1, 3).T
    return Blocks(np.where(closed, 0.0, area), closed, start, end, km.astype(float))


def points(blocks: Blocks) -> np.ndarray:
    """Length and area of all enclosures, shape (n, 2)."""
    count = len(blocks.closed)
    sets = ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(bool)
    sets = sets[~(sets & blocks.closed).any(axis=1)]
    return np.array([(blocks.line_km(inside), blocks.enclosed_km2(inside)) for inside in sets])


def corners(blocks: Blocks) -> np.ndarray:
    """The curve of a graph, shape (n, 2)."""
    found = best_enclosures(blocks, least_gain_km2=0)
    return np.array([(blocks.line_km(inside), blocks.enclosed_km2(inside)) for inside in found])


@settings(max_examples=150)
@given(graphs())
def test_no_enclosure_lies_above_the_curve(blocks: Blocks) -> None:
    """For any price, some enclosure on the list is as good as the best of all subsets."""
    every, found = points(blocks), corners(blocks)
    slopes = np.diff(found[:, 1]) / np.diff(found[:, 0])
    for price in [1e-3, *np.geomspace(0.05, 100, 40), *slopes]:
        worth = every @ (-price, 1)
        assert (found @ (-price, 1)).max() == pytest.approx(worth.max(), abs=1e-6)
    assert found[0, 0] == 0
    assert found[0, 1] == every[every[:, 0] == 0, 1].max()
    assert found[-1, 1] == every[:, 1].max()
    assert found[-1, 0] == every[every[:, 1] == every[:, 1].max(), 0].min()


@pytest.mark.parametrize("seed", range(5))
def test_the_best_enclosure_is_worth_what_a_linear_program_finds(seed: int) -> None:
    """A graph too large for all subsets: no shares of blocks are worth more (HiGHS)."""
    random, wide = np.random.default_rng(seed), 40
    number = np.arange(wide * wide).reshape(wide, wide)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    km, closed = random.integers(0, 6, len(start)), np.arange(wide * wide) < wide
    area = np.where(closed, 0, random.integers(0, 12, wide * wide))
    blocks = Blocks(area.astype(float), closed, start, end, km.astype(float))
    inside = _best(blocks, np.zeros_like(closed), ~closed, price=1.0)
    # A link is crossed by as much as its ends differ, a variable of its own.
    link = np.arange(len(start))
    ends = np.append(np.ones(len(link)), -np.ones(len(link)))
    differ = sparse.csr_array((ends, (np.tile(link, 2), np.append(start, end))))
    one = sparse.eye_array(len(link))
    bounds = [(0, not shut) for shut in closed] + [(0, 1)] * len(link)
    found = linprog(
        np.append(-area, km),
        A_ub=sparse.vstack([sparse.hstack([differ, -one]), sparse.hstack([-differ, -one])]),
        b_ub=np.zeros(2 * len(link)),
        bounds=bounds,
    )
    worth = blocks.enclosed_km2(inside) - blocks.line_km(inside)
    assert worth == pytest.approx(-found.fun, abs=1e-6)
    assert inside.any()


@settings(max_examples=150)
@given(graphs())
def test_enclosures_are_nested_and_the_curve_concave(blocks: Blocks) -> None:
    sets, found = best_enclosures(blocks, least_gain_km2=0), corners(blocks)
    for less, more in pairwise(sets):
        assert not (less & ~more).any()
    assert not any((inside & blocks.closed).any() for inside in sets)
    steps = np.diff(found, axis=0)
    assert (steps > 0).all()
    slopes = steps[:, 1] / steps[:, 0]
    assert (np.diff(slopes) < 0).all()


@settings(max_examples=100)
@given(graphs(), st.data())
def test_closing_blocks_never_lifts_the_curve(blocks: Blocks, data: st.DataObject) -> None:
    count = len(blocks.closed)
    more = blocks.closed | np.array(
        data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    )
    narrower = replace(blocks, closed=more, area_km2=np.where(more, 0, blocks.area_km2))
    wide, narrow = corners(blocks), corners(narrower)
    reach = np.union1d(wide[:, 0], narrow[:, 0])
    assert (np.interp(reach, *narrow.T) <= np.interp(reach, *wide.T) + 1e-6).all()


# The real sea on cells of 6 arc-minutes


def closed_under(theatre: Theatre, scenario: str | Scenario) -> np.ndarray:
    given = load_scenario(scenario) if isinstance(scenario, str) else scenario
    parts = resolve(given, theatre.lands)
    distances = part_distances(theatre, parts)
    used = find_zones(theatre, administered(parts), distances, A)
    return closed_water(theatre, parts, used)


@pytest.fixture(scope="module")
def patrol(coarse: Theatre) -> np.ndarray:
    return find_patrol(coarse, A)


@settings(max_examples=4)
@given(options=nested_options())
def test_ceding_more_never_lifts_the_curve(
    coarse: Theatre, patrol: np.ndarray, options: tuple[Scenario, Scenario]
) -> None:
    fewer, more = (
        enclosure_curve(coarse, patrol, closed_under(coarse, option), A) for option in options
    )
    reach = np.union1d(fewer.line_km, more.line_km)
    wide, narrow = (np.interp(reach, c.line_km, c.enclosed_km2) for c in (fewer, more))
    # Points that would add less than 1 % of the patrol water are not sought.
    assert (narrow <= wide + 0.01 * area_km2(coarse, patrol)).all()


@pytest.mark.parametrize("name", ["status-quo", "four-islands", "st-petersburg-1875"])
def test_least_line_round_the_core_is_the_seal(
    coarse: Theatre, patrol: np.ndarray, name: str
) -> None:
    """A minimum cut on blocks against a shortest path on cells, two methods on two graphs."""
    core = find_core(coarse, patrol, exposed_km(coarse), A)
    closed = closed_under(coarse, name)
    barrier = find_barrier(coarse, closed, core, A)
    # With the core as the only patrol water, the last row is the least line round all of it.
    blocks = make_blocks(coarse, core, closed, A)
    least = _best(blocks, blocks.area_km2 > 0, ~blocks.closed, price=1.0)
    assert blocks.line_km(least) == pytest.approx(barrier.figures["barrier_km"], rel=0.08)
    curve = enclosure_curve(coarse, core, closed, A)
    assert curve.line_km.iloc[-1] == pytest.approx(blocks.line_km(least))
    assert curve.enclosed_km2.iloc[-1] == pytest.approx(area_km2(coarse, core), rel=0.01)


def test_threads_agree(coarse: Theatre, patrol: np.ndarray) -> None:
    """Computed each time: a curve that is kept on disk would agree with itself."""

    def find(cells: np.ndarray) -> dict[str, np.ndarray]:
        return find_curve(make_blocks(coarse, patrol, cells, A))

    closed = [closed_under(coarse, name) for name in ("status-quo", "urup-line")]
    alone = [find(cells) for cells in closed]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(find, closed))
    for one, other in zip(alone, together, strict=True):
        for column in one:
            np.testing.assert_array_equal(one[column], other[column])


def test_a_curve_is_kept_for_all_that_it_follows_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read again for the same water, and found anew where any cell is another."""
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    theatre, lat, closed = basins({47.08: (150.5, 151.5)})
    bay = (lat > BAY) & (theatre.seabed.depth_m > 0)
    first = enclosure_curve(theatre, bay, closed, A)
    asked: list[Blocks] = []

    def find(blocks: Blocks) -> dict[str, np.ndarray]:
        asked.append(blocks)
        return find_curve(blocks)

    monkeypatch.setattr(enclosure, "find_curve", find)
    pd.testing.assert_frame_equal(enclosure_curve(theatre, bay, closed, A), first)
    # Depths count as deep or not, so that none of these is another water.
    deeper = replace(theatre, seabed=replace(theatre.seabed, depth_m=theatre.seabed.depth_m * 2))
    enclosure_curve(deeper, bay, closed, Assumptions(transit_depth_m=100))
    assert not asked
    cell = theatre.grid.index(151, 48)
    fewer, more, shallow = bay.copy(), closed.copy(), theatre.seabed.depth_m.copy()
    fewer[cell], more[cell], shallow[cell] = False, True, 10
    enclosure_curve(theatre, fewer, closed, A)
    enclosure_curve(theatre, bay, more, A)
    filled = replace(theatre, seabed=replace(theatre.seabed, depth_m=shallow))
    enclosure_curve(filled, bay, closed, A)
    enclosure_curve(replace(theatre, water_km2=theatre.water_km2 * 0.9), bay, closed, A)
    assert len(asked) == 4
