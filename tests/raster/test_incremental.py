"""Searches mended where the ground has changed, against searches from scratch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import seas
from hypothesis import example, given, settings
from hypothesis import strategies as st

from okhotsk.raster import incremental, planar_cut, stencil
from okhotsk.raster.cost_surface import (
    CostSurface,
    PathProblem,
    PathQuery,
    Ray,
    SearchTree,
    recall_search,
)
from okhotsk.raster.grid import Grid


def ends_over(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last column of each row at which a step over some cells may end."""
    first, last = np.full(len(cells), cells.shape[1]), np.full(len(cells), -1)
    for step, under, shares in zip(*stencil.primitive_steps(), strict=True):
        for place in under[shares >= 0]:
            rows, cols = (np.argwhere(cells) - place + step).T
            np.minimum.at(first, rows, cols)
            np.maximum.at(last, rows, cols)
    return first, last


@pytest.mark.parametrize("count", [0, 1, 2, 6])
def test_all_ends_of_steps_over_dearer_cells_are_looked_at(count: int) -> None:
    """In all rows in reach, those next to the border included; nowhere further than that."""
    high, wide = stencil.REACH_ROWS, stencil.REACH_COLS
    rng = np.random.default_rng(count)
    for _ in range(20):
        inner = np.zeros((14, 20), bool)
        inner[rng.integers(0, 14, count), rng.integers(0, 20, count)] = True
        inner[-1, 7] |= count == 1
        cells = np.pad(inner, ((high, high), (wide, wide)))
        known_first, known_last = ends_over(cells)
        first, last = incremental._in_reach(cells.ravel(), cells.shape[1])
        assert (first <= known_first).all()
        assert (last >= known_last).all()
        near = [cells[max(n - high, 0) : n + high + 1].any() for n in range(len(cells))]
        assert (last >= 0).tolist() == near
        least = np.where(inner.any(axis=1), inner.argmax(axis=1), wide + 20)
        assert first[high:-high].min() == (least.min() if count else cells.shape[1])


seeds = st.integers(0, 10**6)
often = settings(max_examples=60)


def ground(rng: np.random.Generator) -> CostSurface:
    """Rough ground with free stretches and closed cells."""
    grid = Grid((150.0, 45.0, 150.9, 45.5), (20, 32))
    cost = 10 ** rng.uniform(-2, 1, grid.shape)
    for value in (0, 0, 0.5, 0.5):
        row, col = rng.integers(0, grid.shape)
        cost[row : row + rng.integers(2, 12), col : col + rng.integers(2, 20)] = value
    cost[rng.random(grid.shape) < rng.choice([0, 0.05, 0.2])] = np.inf
    return CostSurface.of(cost, grid)


def changed(before: CostSurface, rng: np.random.Generator, kinds: str) -> CostSurface:
    """The same ground with a patch closed, dearer, cheaper, free or open."""
    cost = before.cost.copy()
    for kind in kinds:
        row, col = rng.integers(0, cost.shape)
        patch = np.s_[row : row + rng.integers(1, 6), col : col + rng.integers(1, 8)]
        with np.errstate(invalid="ignore"):
            new = {"c": np.inf, "d": 3 * cost[patch], "l": cost[patch] / 3, "f": 0.0, "o": 1.0}
        cost[patch] = new[kind]
    return CostSurface.of(cost, before.grid)


def same(mended: SearchTree, scratch: SearchTree, baseline: SearchTree) -> None:
    """Equal costs, and equal labels of all that either had to search."""
    assert mended.curve.cost == pytest.approx(scratch.curve.cost, rel=1e-5)
    if mended.labels is baseline.labels:  # it stands
        return
    done = scratch.labels < scratch.limit / (2 if scratch.query.want >= 0 else 1)
    np.testing.assert_allclose(mended.labels[done], scratch.labels[done], rtol=1e-5, atol=1e-7)


@often
@given(seeds, st.text("cdlfo", max_size=3))
def test_paths(seed: int, kinds: str) -> None:
    rng = np.random.default_rng(seed)
    before = ground(rng)
    starts, goals = rng.integers(0, before.cost.size, (2, 3))
    baseline = before.solve(PathQuery(np.unique(starts), goals))
    after = changed(before, rng, kinds)
    # Other goals too: an option may close some.
    query = PathQuery(np.unique(starts), goals[: rng.integers(1, 4)])
    same(after.solve(query, baseline=baseline), after.solve(query), baseline)


@often
@given(seeds, st.text("cdlfo", max_size=3), st.floats(0.2, 3), st.integers(1, 5))
@example(7133, "", 1.0, 1)  # free, and the bound is 0
def test_loops(seed: int, kinds: str, part: float, count: int) -> None:
    """Also under a bound that is met or missed, before or after, and past up to five rays."""
    rng = np.random.default_rng(seed)
    before = ground(rng)
    rays = tuple(Ray(10 + n, 15 - 2 * n) for n in range(count))
    query = PathQuery(rng.integers(0, before.cost.size, 1), rays=rays, want=1)
    baseline = before.solve(query)
    if np.isfinite(baseline.curve.cost) and rng.random() < 0.5:
        query = replace(query, bound=baseline.curve.cost * part)
        baseline = before.solve(query)
    after = changed(before, rng, kinds)
    same(after.solve(query, baseline=baseline), after.solve(query), baseline)


@often
@given(seeds, st.text("cd", min_size=1, max_size=2), st.text("cd", min_size=1, max_size=2))
def test_mended_searches_can_be_mended(seed: int, first: str, second: str) -> None:
    rng = np.random.default_rng(seed)
    before = ground(rng)
    query = PathQuery(rng.integers(0, before.cost.size, 1), rays=(Ray(10, 15),), want=1)
    middle = changed(before, rng, first)
    after = changed(middle, rng, second)
    baseline = middle.solve(query, baseline=before.solve(query))
    same(after.solve(query, baseline=baseline), after.solve(query), baseline)


def wide_water() -> tuple[CostSurface, PathQuery]:
    """Even water with a way along its middle row."""
    grid = seas.grid_at(48.0, (31, 60))
    cost = np.ones(grid.shape)
    return CostSurface.of(cost, grid), PathQuery(np.array([15 * 60 + 5]), np.array([15 * 60 + 50]))


def test_a_way_that_nothing_touches_is_kept() -> None:
    """The search itself comes back, without another."""
    before, query = wide_water()
    baseline, cost = before.solve(query), before.cost.copy()
    cost[:5] = np.inf
    assert CostSurface.of(cost, before.grid).solve(query, baseline=baseline) is baseline


@pytest.mark.parametrize("value", [0.2, 7.0])
def test_a_way_that_something_touches_is_not(value: float) -> None:
    """Cheaper water anywhere, or dearer water under the way."""
    before, query = wide_water()
    baseline, cost = before.solve(query), before.cost.copy()
    cost[14:17, 20:30] = value
    after = CostSurface.of(cost, before.grid)
    found = after.solve(query, baseline=baseline)
    assert found is not baseline
    assert found.curve.cost == pytest.approx(after.solve(query).curve.cost, rel=1e-6)


def test_other_starts_are_searched_from_scratch() -> None:
    before, query = wide_water()
    other = replace(query, starts=query.starts + 3)
    found = before.solve(other, baseline=before.solve(query))
    assert found.curve.cost == before.solve(other).curve.cost


def test_goals_that_were_not_sought_before_are_found() -> None:
    """Where no way led to the old one, and where the new one is nearer."""
    before, query = wide_water()
    shut = before.cost.copy()
    shut[:, 45] = np.inf
    shut[:, 46:48] = np.inf
    shut[:, 39:45] = np.inf
    for cost in (before.cost, shut):
        ground, other = (
            CostSurface.of(cost, before.grid),
            replace(query, goals=np.array([15 * 60 + 30])),
        )
        found = ground.solve(other, baseline=ground.solve(query))
        assert found.curve.cost == ground.solve(other).curve.cost < np.inf


@pytest.mark.parametrize("lines", [0, 2])
def test_a_search_comes_back_from_disk(
    lines: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was, and never that of other ground or of another query."""
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    before, query = wide_water()
    if lines:
        rays = (Ray(10, 20), Ray(22, 40))
        query = PathQuery(query.starts, rays=rays, want=1, bound=1e4)
    fresh, both = before.solve(query), np.concatenate([query.starts, query.goals])
    problems = [
        PathProblem(before, query),
        PathProblem(before, replace(query, starts=query.starts + 1)),
        PathProblem(before, replace(query, bound=2e3)),
        PathProblem(CostSurface.of(before.cost * 2, before.grid), query),
        PathProblem(CostSurface.of(before.cost, replace(before.grid, bounds=(0, 0, 1, 1))), query),
    ]
    if lines:
        problems.append(PathProblem(before, replace(query, rays=query.rays[::-1])))
        problems.append(PathProblem(before, replace(query, want=3)))
    else:  # the same cells, parted otherwise
        problems.append(PathProblem(before, replace(query, starts=both, goals=both[:0])))
    found = [recall_search(problem) for problem in problems]
    assert len(list(tmp_path.iterdir())) == len(found)
    monkeypatch.setattr(CostSurface, "_search", lambda *_: pytest.fail("searched again"))
    again = [recall_search(problem) for problem in problems]
    assert all(one.curve.cost == other.curve.cost for one, other in zip(found, again, strict=True))
    for tree in (found[0], again[0]):
        for name in ("labels", "came", "ends"):
            np.testing.assert_array_equal(getattr(tree, name), getattr(fresh, name))
        np.testing.assert_array_equal(tree.curve.rows, fresh.curve.rows)
        assert tree.curve.cost == fresh.curve.cost < np.inf
    closed = before.cost.copy()
    closed[14:17, 20:30] = np.inf
    after = CostSurface.of(closed, before.grid)
    monkeypatch.undo()
    assert after.solve(query, baseline=again[0]).curve.cost == after.solve(query).curve.cost


def test_labels_of_the_known_search_are_left_alone() -> None:
    before, query = wide_water()
    baseline, cost = before.solve(query), before.cost.copy()
    labels, came = baseline.labels.copy(), baseline.came.copy()
    cost[10:20, 30] = np.inf
    CostSurface.of(cost, before.grid).solve(query, baseline=baseline)
    np.testing.assert_array_equal(baseline.labels, labels)
    np.testing.assert_array_equal(baseline.came, came)


def enclose(
    cost: np.ndarray, *, closed: int = 0, baseline: SearchTree | None = None
) -> planar_cut.Enclosure:
    """The least line of :func:`sea`."""
    return planar_cut.cheapest_enclosure(**sea(cost, closed=closed), baseline=baseline)


def sea(cost: np.ndarray, *, closed: int = 0) -> dict[str, Any]:
    """A core off a mainland in the north, closed water round the rest and some in the south."""
    grid = Grid((150.0, -0.5, 151.2, 0.5), (25, 30))
    cost[0] = 0
    inside, outside = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    inside[12:14, 14:17] = True
    outside[-1], outside[2:, 0], outside[2:, -1] = True, True, True
    outside[17:, :closed] = True
    ends = {"inside": inside, "outside": outside, "anchor": (0, 15)}
    return {"cost": cost, "grid": grid} | ends


@settings(max_examples=25)
@given(seeds, st.integers(2, 11))
def test_enclosures(seed: int, closed: int) -> None:
    """Closing cells off a sea: mended or not, the same line."""
    cost = np.random.default_rng(seed).integers(0, 5, (25, 30)).astype(float)
    today = planar_cut.enclosure_problem(**sea(cost)).solve()
    mended = enclose(cost, closed=closed, baseline=today)
    scratch = enclose(cost, closed=closed)
    assert mended.cost == pytest.approx(scratch.cost, rel=1e-5)
    assert mended.is_proven(rings(enclose(cost))) == scratch.is_proven()


def rings(found: planar_cut.Enclosure) -> SearchTree:
    """The search for the cheapest closed curve that avoids the mainland."""
    return planar_cut.ring_problem(found.surface, found.anchor, found.ray).solve()


def test_rings_of_before_prove_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rings can only have become dearer: no need to seek them where they were dear before."""
    cost = np.ones((25, 30))
    cost[2:17, 9:22] = 50.0  # round the core, so that no ring is short
    today = enclose(cost)
    mended, before = enclose(cost, closed=8), rings(today)
    assert today.cost <= mended.cost < before.curve.cost < np.inf
    for name in ("_search", "_mend"):
        monkeypatch.setattr(CostSurface, name, lambda *_: pytest.fail("a search"))
    assert mended.is_proven(before)
