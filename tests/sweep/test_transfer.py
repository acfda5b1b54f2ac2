"""Transfer costs, against Dijkstra's algorithm on every island set of made-up channels."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from channels import BLOCKS, SHAPE, Rays, least_costs, make_channel, units_of
from numpy.typing import NDArray
from seas import grid_at

from okhotsk.sweep import transfer
from okhotsk.sweep.strip_graph import BarrierDomain
from okhotsk.sweep.transfer import CrossCutCosts, TransferCosts, find_transfer_costs

RAYS, CELLS = 2, 3
SIDES = 1 << RAYS
SETS = np.arange(16, dtype=np.uint64)


def drawn(free: NDArray[np.float64], *, seed: int) -> TransferCosts:
    """Two blocks on either side of the cross-cut, with a cost for each cell and parity."""
    rng = np.random.default_rng(seed)
    west, east = (
        CrossCutCosts(
            np.uint64(passed),
            np.unique(SETS & np.uint64(passed)),
            np.array([1, 0, 2, 2]),
            rng.integers(1, 100, (3, SIDES, CELLS + 1)).astype(np.float32),
        )
        for passed in (0b0011, 0b1100)
    )
    return TransferCosts(west, east, free)


def by_hand(found: TransferCosts, island_sets: int, parity: int) -> float:
    """Least sum over the cells of the cross-cut and the parities of both parts, or arrived."""
    rows = [
        int(cut_costs.rows_of(np.array([island_sets], np.uint64))[0])
        for cut_costs in (found.west, found.east)
    ]
    west, east = (
        cut_costs.costs[row] for cut_costs, row in zip((found.west, found.east), rows, strict=True)
    )
    through = [west[a, c] + east[a ^ parity, c] for a, c in product(range(SIDES), range(CELLS))]
    return float(min(*through, west[parity, CELLS], east[parity, CELLS], found.free[parity]))


@pytest.mark.parametrize("free", [np.full(SIDES, np.inf), np.array([9.0, 30.0, 3.0, np.inf])])
@pytest.mark.parametrize("seed", range(5))
def test_both_parts_of_a_line_together_cross_the_rays(free: NDArray[np.float64], seed: int) -> None:
    found = drawn(free, seed=seed)
    for parity in range(SIDES):
        known = [by_hand(found, int(island_sets), parity) for island_sets in SETS]
        assert found.costs(SETS, parity=parity).tolist() == known
        assert found.costs(SETS, parity=parity, workers=2).tolist() == known


def test_what_is_kept_gives_the_same_costs() -> None:
    found = drawn(np.array([50.0, 60.0, 70.0, np.inf]), seed=1)
    again = TransferCosts.of(found.arrays())
    for parity in range(SIDES):
        assert (
            again.costs(SETS, parity=parity).tolist() == found.costs(SETS, parity=parity).tolist()
        )


ALL = np.arange(1 << len(BLOCKS), dtype=np.uint64)
SINGLE = 3e-6  # costs are added up in single precision


def brute_force(domain: BarrierDomain) -> NDArray[np.float64]:
    """Least costs of every island set, shape (sets, parities)."""
    return np.array([least_costs(domain, units_of(int(s))) for s in ALL])


def by_parity(found: TransferCosts, domain: BarrierDomain) -> NDArray[np.float64]:
    """The same from transfer costs."""
    return np.stack([found.costs(ALL, parity=n) for n in range(domain.sheets)], axis=1)


@pytest.mark.parametrize("rays", [(), ((7, 30),), ((7, 30), (9, 52))], ids=len)
@pytest.mark.parametrize("seed", [0, 3])
def test_every_set_has_the_least_cost_of_a_search_of_its_own(seed: int, rays: Rays) -> None:
    domain = make_channel(seed, rays=rays)
    known = brute_force(domain)
    assert len(np.unique(known)) > 12
    assert np.isinf(known).any() == (seed % 2 == 1 or len(rays) > 0)
    found = find_transfer_costs(domain, BLOCKS, island_sets=ALL)
    assert len(found.west.costs) > 2
    assert len(found.east.costs) > 2
    assert by_parity(found, domain) == pytest.approx(known, rel=SINGLE)


def test_a_chain_that_runs_the_other_way_costs_the_same() -> None:
    """Mirrored: west is east, and the blocks come in the opposite order."""
    domain = make_channel(0)
    turned = BarrierDomain(
        domain.grid,
        domain.cost[:, ::-1].copy(),
        domain.closing_units[:, ::-1].copy(),
        -domain.along_km[:, ::-1],
        (domain.ends[1][:, ::-1], domain.ends[0][:, ::-1]),
    )
    found = find_transfer_costs(turned, BLOCKS, island_sets=ALL)
    assert by_parity(found, turned) == pytest.approx(brute_force(domain), rel=SINGLE)


def test_threads_a_bound_and_fewer_sets_do_not_change_the_costs() -> None:
    domain = make_channel(2)
    known = brute_force(domain)[:, 0]
    whole = find_transfer_costs(domain, BLOCKS, island_sets=ALL).costs(ALL)
    tight = known.max() * (1 + SINGLE)
    bounded = find_transfer_costs(domain, BLOCKS, island_sets=ALL, bound=tight, workers=2)
    assert bounded.costs(ALL).tolist() == whole.tolist()
    some = ALL[[0, 5, 6, 19, 31]]
    few = find_transfer_costs(domain, BLOCKS, island_sets=some)
    assert few.costs(some).tolist() == whole[some.astype(int)].tolist()
    assert len(few.east.sets) < len(find_transfer_costs(domain, BLOCKS, island_sets=ALL).east.sets)


def test_a_bound_loses_no_barrier_well_below_it() -> None:
    domain = make_channel(2)
    known = brute_force(domain)[:, 0]
    bound = known.min() * 1.1
    found = find_transfer_costs(domain, BLOCKS, island_sets=ALL, bound=bound).costs(ALL)
    below = known <= known.min() * 1.02
    assert 0 < np.count_nonzero(below) < len(ALL)
    assert found[below] == pytest.approx(known[below], rel=SINGLE)
    assert (found >= known * (1 - SINGLE)).all()


@pytest.mark.parametrize("rays", [(), ((7, 30),)], ids=len)
@pytest.mark.parametrize("seed", [0, 2, 5])
def test_a_bound_loses_no_barrier_just_below_it(seed: int, rays: Rays) -> None:
    """A long step also needs the cells between its ends, where no barrier has a vertex."""
    domain = make_channel(seed, rays=rays)
    known = brute_force(domain)
    levels = np.unique(known[np.isfinite(known)])
    for level in levels[:: len(levels) // 5]:
        bound = level * (1 + 1e-4)
        found = by_parity(find_transfer_costs(domain, BLOCKS, island_sets=ALL, bound=bound), domain)
        below = known <= level
        assert below.any()
        assert found[below] == pytest.approx(known[below], rel=SINGLE)
        assert (found[~below] >= known[~below] * (1 - SINGLE)).all()


def test_a_bound_leaves_out_vertices_but_not_the_cells_that_steps_pass_over() -> None:
    domain = make_channel(2)
    to_ends = [transfer._remaining_costs(domain, side, np.inf)[0] for side in (0, 1)]
    bound = brute_force(domain)[0, 0] * (1 + 1e-4)
    less, remaining = transfer._below(domain, to_ends, bound)
    vertices = np.isfinite(remaining[0])
    assert (vertices == (to_ends[0] + to_ends[1] <= bound)).all()
    needed = np.isfinite(less.cost)
    assert vertices.sum() < needed.sum() < 0.5 * np.isfinite(domain.cost).sum()
    assert (less.cost[needed] == domain.cost[needed]).all()


@pytest.mark.parametrize("side", [0, 1])
def test_a_barrier_may_reach_the_mainland_before_a_cross_cut(side: int) -> None:
    """A bay of the mainland lies beside the chain: from there no way leads on to the cross-cuts."""
    domain = make_channel(0)
    cost, col = domain.cost.copy(), np.indices(SHAPE)[1]
    ends = [col == 0, col == SHAPE[1] - 1]
    cost[:2, 1:-1] = np.inf
    bay = (slice(0, 2), slice(36, 40) if side else slice(58, 62))
    ends[side][bay], cost[bay] = True, 0
    domain = replace(domain, cost=cost, ends=(ends[0], ends[1]))
    known = brute_force(domain)
    assert (known < 0.9 * brute_force(make_channel(0))).mean() > 0.5
    found = find_transfer_costs(domain, BLOCKS, island_sets=ALL)
    assert by_parity(found, domain) == pytest.approx(known, rel=SINGLE)


def test_open_water_costs_its_width() -> None:
    """Cost 1 between two mainlands, and islands as bands across, each free until it is ceded."""
    cost = np.ones(SHAPE, np.float32)
    units = np.zeros(SHAPE, np.uint64)
    bands = ((20, 26, 0b1), (40, 43, 0b10), (60, 70, 0b100))
    for low, high, unit in bands:
        cost[:, low:high], units[:, low:high] = 0, unit
    row, col = np.indices(SHAPE)
    ends = (col == 0, col == SHAPE[1] - 1)
    cost[ends[0] | ends[1]] = 0
    grid = grid_at(48, SHAPE, arcmin=10)
    domain = BarrierDomain(grid, cost, units, (12.4 * col).astype(np.float32), ends)
    found = find_transfer_costs(domain, [1, 2, 4], island_sets=np.arange(8, dtype=np.uint64))
    wet = SHAPE[1] - 2 - sum(high - low for low, high, _ in bands)
    narrowest_km = float(grid.cell_size_km()[0].min())
    assert found.costs(np.zeros(1, np.uint64))[0] == pytest.approx(wet * narrowest_km, rel=SINGLE)
    assert np.isinf(found.costs(np.arange(1, 8, dtype=np.uint64))).all()


def winding(turn: int) -> BarrierDomain:
    """A corridor that runs east, ``turn`` cells back to the west, and east again.

    Two blocks lie before it and one behind; a fourth closes a part of its last stretch.
    """
    cost = np.random.default_rng(1).uniform(0.5, 2, SHAPE).astype(np.float32)
    row, col = np.indices(SHAPE)
    last = 50
    first = last - turn - 2
    cost[(col == first) & (row > 4)] = np.inf
    cost[(col == last + 1) & (row < 11)] = np.inf
    cost[(row == 5) & (col >= first) & (col < last - 1)] = np.inf
    cost[(row == 11) & (col > first + 2) & (col <= last + 1)] = np.inf
    units = np.zeros(SHAPE, np.uint64)
    for low, high, top, unit in (
        (8, 12, 4, 1),
        (20, 24, 4, 2),
        (last - turn // 2, last - turn // 2 + 2, 13, 4),
        (70, 74, 4, 8),
    ):
        units[(col >= low) & (col < high) & (row >= top)] = unit
    ends = (col == 0, col == SHAPE[1] - 1)
    cost[ends[0] | ends[1]] = 0
    along_km = (12.4 * col).astype(np.float32)
    return BarrierDomain(grid_at(48, SHAPE, arcmin=10), cost, units, along_km, ends)


@pytest.mark.parametrize("turn", [4, 10, 14])
def test_a_barrier_may_turn_back_as_far_as_the_margin(turn: int) -> None:
    domain, sets = winding(turn), np.arange(16, dtype=np.uint64)
    known = [least_costs(domain, int(s))[0] for s in sets]
    assert len(set(known)) > 7
    found = find_transfer_costs(domain, [1, 2, 4, 8], island_sets=sets)
    assert found.costs(sets) == pytest.approx(known, rel=SINGLE)


@pytest.mark.parametrize(("turn", "middle_col"), [(14, 43), (14, 47), (18, 48)])
def test_a_barrier_may_turn_back_over_the_middle_cross_cut(
    turn: int, middle_col: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its first cell there, the eastern part may run west again as far as the margin."""
    domain, sets = winding(turn), np.arange(16, dtype=np.uint64)
    place_km = 12.4 * middle_col - transfer.BEFORE_KM
    monkeypatch.setattr(transfer, "_middle_km", lambda *_: place_km)
    known = [least_costs(domain, int(s))[0] for s in sets]
    found = find_transfer_costs(domain, [1, 2, 4, 8], island_sets=sets)
    assert found.costs(sets) == pytest.approx(known, rel=SINGLE)


def test_water_that_no_block_closes_is_free_of_cross_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far it turns back; it is not, where a block closes a part of it."""
    monkeypatch.setattr(transfer, "MARGIN_KM", 0.0)
    domain = winding(20)
    sets = np.arange(16, dtype=np.uint64)
    known = np.array([least_costs(domain, int(s))[0] for s in sets])
    found = find_transfer_costs(domain, [1, 2, 4, 8], island_sets=sets)
    assert (found.costs(sets) >= known * (1 - SINGLE)).all()
    safe = domain.closing_units == 0
    alone = least_costs(replace(domain, cost=np.where(safe, domain.cost, np.inf)), 0)[0]
    assert found.free == pytest.approx([alone], rel=SINGLE)
    assert found.costs(sets).max() <= alone * (1 + SINGLE)


def test_a_block_more_keeps_the_costs_and_lists_the_sets_that_are_asked_for() -> None:
    costs = CrossCutCosts(
        np.uint64(0b001),
        np.array([0b000, 0b001], np.uint64),
        np.array([1, 0]),
        np.array([[5.0], [7.0]], np.float32),
    )
    more = costs.with_block(2, np.array([0b000, 0b110, 0b101, 0b111], np.uint64))
    assert more.passed == 0b101
    assert more.sets.tolist() == [0b000, 0b100, 0b101]
    assert more.costs[more.state].ravel().tolist() == [7.0, 7.0, 5.0]
    assert more.rows_of(np.array([0b010, 0b111], np.uint64)).tolist() == [1, 0]


def test_the_middle_is_where_the_fewest_combinations_meet() -> None:
    spans = [(10.0 * n, 10.0 * n + 5) for n in range(7)]
    before_km = transfer.BEFORE_KM
    # Three blocks behind and four ahead: 8 + 16; one more or less behind is no better.
    assert transfer._middle_km(spans, 0.0) == 30 - before_km
    # Three blocks within reach of the cross-cut count on both sides: 32 + 32.
    assert transfer._middle_km(spans, 30.0) == 50 - before_km
    # A block that closes nothing counts nowhere.
    assert transfer._middle_km([*spans, (np.inf, -np.inf)], 30.0) == 50 - before_km
    assert transfer._middle_km([(np.inf, -np.inf)], 30.0) == 0.0


def test_cross_cuts_are_thicker_than_any_step_and_end_where_they_should() -> None:
    domain = make_channel(0, tilt=0.3)
    step_km = transfer._step_km(domain)
    assert step_km == pytest.approx(12.4 * (6 + 3 * 0.3) * 1.01, rel=1e-4)
    cells = transfer._cross_cut(domain, 500.0, step_km)
    assert domain.along_km[cells].max() <= 500 < domain.along_km[cells].max() + 12.4
    assert domain.along_km[cells].min() >= 500 - step_km > domain.along_km[cells].min() - 12.4
    assert not cells[~np.isfinite(domain.cost)].any()


def test_spans_are_those_of_open_cells() -> None:
    domain = make_channel(0)
    own = domain.closing_units & np.uint64(0b110) != 0
    low, high = transfer._span(domain, 0b110)
    assert (low, high) == (domain.along_km[own].min(), domain.along_km[own].max())
    walled = replace(domain, cost=np.where(domain.along_km > low + 30, np.inf, domain.cost))
    assert transfer._span(walled, 0b110)[0] == low
    assert transfer._span(walled, 0b110)[1] <= low + 30 < high
    assert transfer._span(domain, 1 << 40) == (np.inf, -np.inf)


def test_progress_ends_at_all() -> None:
    told: list[tuple[int, int]] = []
    find_transfer_costs(
        make_channel(0), BLOCKS, island_sets=ALL, progress=lambda *n: told.append(n)
    )
    assert told[0] == (1, 10)
    assert [n for n, _ in told] == sorted(n for n, _ in told)
    assert {total for _, total in told} == {10}
