"""Free components, and the segments that closed curves fall into."""

from __future__ import annotations

import numpy as np
import pytest
from channels import BLOCKS, least_costs, least_curve, make_channel, units_of
from seas import grid_at

from okhotsk.measures.barrier import LINES
from okhotsk.raster.planar_cut import GridPath
from okhotsk.scenario.island_sets import parse_blocks
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.free_components import FreeComponents, find_segments, label_components
from okhotsk.sweep.segments import EAST, WEST, Segments
from okhotsk.sweep.strip_graph import BarrierDomain


@pytest.fixture(scope="module")
def sweep(coarse):
    """A sweep of two blocks."""
    return Sweep(coarse, blocks=parse_blocks("iturup,urup"))


def test_where_no_island_set_has_a_barrier_there_are_no_segments(sweep):
    sets = np.arange(4, dtype=np.uint64)
    segments = find_segments(
        sweep.barriers.free_components(LINES[0]), sets, np.full(4, np.inf), never
    )
    assert segments.segments == ()
    assert Segments.of(segments.arrays()).costs(sets).tolist() == [np.inf] * 4


def test_a_step_across_a_ray_is_a_segment_though_both_its_ends_are_one_component():
    row, col = np.indices((12, 12))
    west, east = ((col == edge) | (row == 0) & side for edge, side in ((0, col < 6), (11, col > 5)))
    cost = np.zeros(col.shape, np.float32)
    cost[4:, 5:7] = 1.0  # beside the ray, so that the component goes round its end
    nothing = np.zeros(col.shape, np.uint64)
    domain = BarrierDomain(
        grid_at(50, col.shape), cost, nothing, cost, (west, east), rays=((3, 5),)
    )
    components = FreeComponents(domain, ())
    down, across, up = [[n, 0] for n in range(9)], [[8, n] for n in range(1, 5)], range(9, -1, -1)
    over = [[9, n] for n in range(7, 11)]
    top = [[0, n] for n in range(10, 0, -1)]
    rows, cols = np.array(down + across + over + [[n, 11] for n in up] + top).T
    found = components.split(GridPath(0.0, rows, cols), everywhere=True)
    costs = Segments.cheapest(found + components.touching()).costs_by_parity(
        np.zeros(1, np.uint64), rays=1
    )
    assert costs[0, 0] == 0
    assert 0 < costs[0, 1] < np.inf


ALL = np.arange(1 << len(BLOCKS), dtype=np.uint64)


def small_sea(*, rays=()):
    """Two mainlands at the edges; an island of unit 0, one of units 1 and 2, and open water.

    row 0    W . . . . . . . E
    row 1    W . a a . b c . E
    row 2    W . a . . . . . E
    """
    units = np.zeros((3, 9), np.uint64)
    units[1:, 1:4], units[1, 5], units[1, 6] = 0b1, 0b10, 0b100
    cost = np.arange(1, 28, dtype=np.float32).reshape(3, 9)
    cost[1, [2, 3, 5, 6]] = cost[2, 2] = 0
    col = np.indices(cost.shape)[1]
    ends = col == 0, col == 8
    cost[ends[0] | ends[1]] = 0
    return BarrierDomain(grid_at(50, cost.shape), cost, units, cost, ends, rays)


def test_a_component_is_connected_and_closed_by_the_same_units():
    labels = label_components(small_sea())
    assert labels.tolist() == [
        [WEST, 0, 0, 0, 0, 0, 0, 0, EAST],
        [WEST, 0, 3, 3, 0, 4, 5, 0, EAST],
        [WEST, 0, 3, 0, 0, 0, 0, 0, EAST],
    ]


def test_cells_beside_a_ray_are_components_of_their_own():
    labels = label_components(small_sea(rays=((0, 2),)))
    island = labels[1, 2], labels[1, 3], labels[2, 2]
    assert len({*island, 0, WEST, EAST}) == 6


def test_components_that_touch_are_one_segment_that_either_closes():
    blocks = (0b1, 0b110)
    (only,) = FreeComponents(small_sea(), blocks).touching()
    assert (only.ends, only.cost, only.closers, only.crosses) == ((4, 5), 0.0, 0b10, 0)
    apart = FreeComponents(small_sea(), (0b1, 0b10, 0b100)).touching()
    assert [one.closers for one in apart] == [0b110]
    with_ray = FreeComponents(small_sea(rays=((0, 2),)), blocks).touching()
    crossing = {one.ends: one.crosses for one in with_ray}
    labels = label_components(small_sea(rays=((0, 2),)))
    assert crossing[tuple(sorted((labels[1, 2], labels[1, 3])))] == 1
    assert crossing[tuple(sorted((labels[1, 2], labels[2, 2])))] == 0


def test_a_curve_falls_into_the_water_between_components():
    domain = small_sea()
    components = FreeComponents(domain, (0b1, 0b110))
    cells = [(1, n) for n in range(9)] + [(0, n) for n in range(8, -1, -1)]
    rows, cols = np.array(cells).T
    width_km = domain.grid.cell_size_km()[0]
    split = components.split(GridPath(0.0, rows, cols))
    found = {one.ends: one for one in split if one.ends != (WEST, EAST)}
    # A cell of water lies between any two, of cost 11, 14 and 17; the halves at the ends are free.
    paid = {(WEST, 3): 11, (3, 4): 14, (4, 5): 0, (EAST, 5): 17}
    assert set(found) == set(paid)
    for ends, cost in paid.items():
        assert found[ends].cost == pytest.approx(cost * width_km[1], rel=1e-6)
    assert found[WEST, 3].closers == 0b1
    assert found[3, 4].closers == 0b11
    assert found[EAST, 5].closers == 0b10
    (back,) = [one for one in split if one.ends == (WEST, EAST)]
    assert back.cost == pytest.approx(sum(range(2, 9)) * width_km[0], rel=1e-6)
    assert back.closers == 0
    every = components.split(GridPath(0.0, rows, cols), everywhere=True)
    assert sum(one.cost for one in every) == pytest.approx(sum(one.cost for one in split))
    assert len(every) > len(split)


def test_one_cell_of_water_between_the_mainlands_is_a_segment():
    cost = np.zeros((2, 3), np.float32)
    cost[:, 1] = np.inf, 5.0
    col = np.indices(cost.shape)[1]
    nothing = np.zeros(cost.shape, np.uint64)
    ends = col == 0, col == 2
    domain = BarrierDomain(grid_at(50, cost.shape), cost, nothing, cost, ends)
    curve = GridPath(0.0, np.array([1, 1, 1, 0, 0, 0]), np.array([0, 1, 2, 2, 1, 0]))
    found = Segments.cheapest(FreeComponents(domain, ()).split(curve))
    assert [one.ends for one in found.segments] == [(WEST, EAST)]
    km = domain.grid.cell_size_km()[0][1]
    assert found.costs(np.zeros(1, np.uint64)) == pytest.approx([5 * km], rel=1e-6)


def test_a_curve_may_begin_anywhere_and_run_either_way():
    components = FreeComponents(make_channel(0, overlap=False), BLOCKS)
    curve = least_curve(components.domain, 0)
    rows, cols = curve.rows[:-1], curve.cols[:-1]
    known = {(s.ends, s.closers, round(s.cost, 6)) for s in components.split(curve)}
    assert len(known) > 4
    for turn in (1, 30, 77):
        turned = GridPath(0.0, np.roll(rows, turn), np.roll(cols, turn))
        again = components.split(turned)
        assert {(s.ends, s.closers, round(s.cost, 6)) for s in again} == known
    back = GridPath(0.0, curve.rows[::-1], curve.cols[::-1])
    assert {(s.ends, s.closers) for s in components.split(back)} == {k[:2] for k in known}


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_segments_make_up_the_least_barrier_of_every_set(seed, everywhere):
    domain = make_channel(seed, overlap=False)
    known = np.array([least_costs(domain, units_of(int(s)))[0] for s in ALL])
    assert len(np.unique(known)) > 8
    asked = []

    def solve(island_set):
        asked.append(island_set)
        return least_curve(domain, units_of(island_set))

    components = FreeComponents(domain, BLOCKS)
    found = find_segments(components, ALL, known, solve, everywhere=everywhere, workers=2)
    assert found.costs(ALL) == pytest.approx(known, rel=2e-6)
    assert 8 <= len(asked) < np.isfinite(known).sum()
    again = Segments.of(found.arrays())
    assert again.costs(ALL).tolist() == found.costs(ALL).tolist()


def test_with_a_ray_each_parity_has_its_own_surcharge():
    domain = make_channel(0, rays=((7, 30),), overlap=False)
    known = np.array([least_costs(domain, units_of(int(s))) for s in ALL])
    rng = np.random.default_rng(1)
    spare = abs(np.diff(known[np.isfinite(known).all(axis=1)], axis=1)).max()
    surcharge = rng.uniform(0, 2 * spare, known.shape)
    total = known + surcharge
    best = total.argmin(axis=1)
    assert 0 < np.count_nonzero(best) < len(ALL)

    def solve(island_set):
        return least_curve(domain, units_of(island_set), int(best[island_set]))

    found = find_segments(
        FreeComponents(domain, BLOCKS), ALL, total.min(axis=1), solve, surcharge=surcharge
    )
    paths = found.costs_by_parity(ALL, rays=1)
    assert (paths + surcharge).min(axis=1) == pytest.approx(total.min(axis=1), rel=2e-6)
    assert (paths >= known * (1 - 2e-6)).all()


def test_no_set_is_lost_between_chunks(monkeypatch):
    domain = make_channel(0, overlap=False)
    known = np.array([least_costs(domain, units_of(int(s)))[0] for s in ALL])
    told = []
    for size in (1, 3, 1 << 16):
        monkeypatch.setattr("okhotsk.sweep.free_components.CHUNK_SETS", size)
        found = find_segments(
            FreeComponents(domain, BLOCKS),
            ALL,
            known,
            lambda s: least_curve(domain, units_of(s)),
            progress=lambda *n: told.append(n),
        )
        assert found.costs(ALL) == pytest.approx(known, rel=2e-6)
        assert told[-1] == (32, 32)


def test_what_cannot_be_the_least_is_an_error():
    domain = make_channel(0, overlap=False)
    components = FreeComponents(domain, BLOCKS)
    known = np.array([least_costs(domain, units_of(int(s)))[0] for s in ALL])

    def solve(island_set):
        return least_curve(domain, units_of(island_set))

    with pytest.raises(ValueError, match="costs less than the least"):
        find_segments(components, ALL, known * (1 + 1e-5), solve)
    with pytest.raises(ValueError, match="do not make it up"):
        find_segments(components, ALL, known * (1 - 1e-5), solve)
    none = np.where(ALL == 31, np.inf, known)
    with pytest.raises(ValueError, match="costs less than the least"):
        find_segments(components, ALL, none, solve)


def never(_):
    """Must not be called."""
    raise AssertionError
