"""Barrier domains, and searches over their strips, against SciPy's Dijkstra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from channels import SHAPE, Rays, distances, make_channel
from seas import grid_at

from okhotsk.errors import ScenarioError
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.raster.planar_cut import REACH_COLS
from okhotsk.sweep import strip_graph, strip_search
from okhotsk.sweep.allocation import Allocation
from okhotsk.sweep.strip_graph import BarrierDomain, StripGraph, find_domain, find_strip_graph

EVERYWHERE, NOWHERE = np.ones(SHAPE, bool), np.zeros(SHAPE, bool)


def whole(domain: BarrierDomain) -> StripGraph:
    """All of a domain as one strip, every cell of it on the cross-cut ahead."""
    nothing = np.zeros(SHAPE, np.float32)
    ends = (domain.ends[0], NOWHERE)
    return find_strip_graph(domain, EVERYWHERE, (NOWHERE, EVERYWHERE), ends, nothing)


def costs_ahead(strip: StripGraph, ceded: int, bound: float = np.inf) -> Float32Array:
    """Costs at the cross-cut ahead of a strip that has none behind, sheet by sheet."""
    before = np.full((len(strip.exit), 1), np.inf, np.float32)
    found = strip.transfer(before, ceded, bound)
    assert np.isinf(found[:, -1]).all()  # where no barrier ends, none has arrived
    return found[:, :-1]


@pytest.mark.parametrize("rays", [(), ((7, 30),), ((7, 30), (9, 52))], ids=len)
@pytest.mark.parametrize("ceded", [0, 0b110, 0b101101])
def test_every_cell_has_the_least_cost_on_every_sheet(
    ceded: int, rays: Rays, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = []
    make, grow = strip_search.make_queue, strip_search.grow
    monkeypatch.setattr(strip_search, "make_queue", lambda size: make(size - 1000))
    monkeypatch.setattr(strip_search, "grow", lambda queue: grown.append(1) or grow(queue))
    domain = make_channel(1, rays=rays)
    found = costs_ahead(whole(domain), ceded)
    known = distances(domain, ceded)[:, np.isfinite(domain.cost)]
    shore = domain.ends[0][np.isfinite(domain.cost)]
    assert found[:, ~shore] == pytest.approx(known[:, ~shore], rel=3e-6)
    assert grown  # the queue began smaller than what was put into it


def test_costs_at_the_entry_are_added_on_their_own_sheet() -> None:
    domain = make_channel(0, rays=((7, 30),))
    col = np.indices(SHAPE)[1]
    inside, entry, leave = col >= 20, (col >= 20) & (col < 27), col == SHAPE[1] - 2
    nothing = np.zeros(SHAPE, np.float32)
    strip = find_strip_graph(domain, inside, (entry, leave), (NOWHERE, domain.ends[1]), nothing)
    known = distances(domain, 0)
    at_entry = known[:, entry & np.isfinite(domain.cost)].astype(np.float32)
    before = np.hstack([at_entry, np.array([[np.inf], [0.5]], np.float32)])
    found = strip.transfer(before, 0, np.inf)
    assert found[:, :-1] == pytest.approx(known[:, leave & np.isfinite(domain.cost)], rel=3e-6)
    arrived = known[:, domain.ends[1]].min(axis=1)
    assert found[:, -1] == pytest.approx([arrived[0], 0.5], rel=3e-6)


def test_nothing_beyond_the_bound_is_reached() -> None:
    domain = make_channel(0)
    free = costs_ahead(whole(domain), 0)
    bound = float(np.median(free))
    assert np.where(free <= bound, free, np.inf).tolist() == (
        costs_ahead(whole(domain), 0, bound).tolist()
    )
    ahead = replace(whole(domain), remaining=np.full(free.size, 100, np.float32))
    assert np.isfinite(costs_ahead(ahead, 0, bound)).sum() == (free + 100 <= bound).sum()


def striped(sets: list[int]) -> BarrierDomain:
    """A channel with a set of units for each column from the tenth on, but for its lowest row."""
    domain = make_channel(0)
    units = np.zeros(SHAPE, np.uint64)
    units[2:-1, 10 : 10 + len(sets)] = np.array(sets, np.uint64)
    return replace(domain, closing_units=units)


@pytest.mark.parametrize("ceded", [1, 1 << 62, 1 << 63, (1 << 64) - 1])
def test_a_strip_tells_64_sets_of_units_apart(ceded: int) -> None:
    domain = striped([1 << n for n in range(strip_graph.MAX_CLOSERS)])
    found = costs_ahead(whole(domain), ceded)
    known = distances(domain, ceded)[0, np.isfinite(domain.cost)]
    shore = domain.ends[0][np.isfinite(domain.cost)]
    assert found[0, ~shore] == pytest.approx(known[~shore], rel=3e-6)
    open_too = distances(domain, 0)[0, np.isfinite(domain.cost)]
    assert (known > open_too * 1.01).any()


def test_more_sets_of_units_than_bits_are_an_error() -> None:
    domain = striped([*(1 << n for n in range(64)), 0b11])
    with pytest.raises(ScenarioError, match=r"65 different sets .* at most 64: join islands"):
        whole(domain)


def test_steps_cross_the_rays_below_their_cells() -> None:
    domain = make_channel(0, rays=((7, 30), (2, 33)))
    places = np.array([[8, 30], [7, 30], [8, 31], [6, 30], [5, 28], [9, 29], [8, 30], [3, 30]])
    steps = np.array([[0, 1], [0, 1], [0, -1], [2, 1], [3, 6], [0, 1], [1, 0], [0, 4]])
    assert domain.crossings(places, steps).tolist() == [1, 0, 1, 0, 2, 0, 0, 2]
    # The fourth runs from row 6 to 8: at the edge of the column it is at row 7, where no ray is.
    beside = np.argwhere(domain.beside_rays)
    assert beside.tolist() == sorted(
        [[n, c] for n in range(8, SHAPE[0]) for c in (30, 31)]
        + [[n, c] for n in range(3, SHAPE[0]) for c in (33, 34)]
    )


def allocation(always_closed: BoolArray) -> Allocation:
    """An allocation of which only closed water matters."""
    nothing = np.zeros(SHAPE, bool)
    units = np.zeros(SHAPE, np.uint64)
    near = np.zeros(SHAPE, np.float32)
    return Allocation((), near, units, nothing, nothing, nothing, always_closed, units)


def a_sea(*, open_south: bool) -> tuple[np.ndarray, BoolArray]:
    """Cost of a sea with mainland on three sides, or all round, and a core in its middle."""
    cost = np.ones(SHAPE, np.float32)
    cost[:2] = cost[:, :3] = cost[:, -3:] = 0
    if not open_south:
        cost[-2:] = 0
    core = np.zeros(SHAPE, bool)
    core[7:9, 40:46] = True
    return cost, core


AXIS = ((145.0, 48.0), (155.0, 49.0))


def test_a_wall_north_of_the_core_parts_the_mainland() -> None:
    cost, core = a_sea(open_south=True)
    grid = grid_at(48, SHAPE, arcmin=10)
    none = np.zeros(SHAPE, bool)
    domain = find_domain(grid, allocation(none), cost, core=core, anchor=(0, 0), axis=AXIS)
    west, east = domain.ends
    wall = np.zeros(SHAPE, bool)
    wall[:8, 40 : 40 + REACH_COLS] = True
    assert np.isinf(domain.cost[wall | core]).all()
    col = np.indices(SHAPE)[1]
    assert (west == ((cost == 0) & (col < 40))).all()
    assert (east == ((cost == 0) & (col >= 40 + REACH_COLS))).all()
    along = domain.along_km
    assert (np.diff(along, axis=1) > 0).all()  # the axis runs east and a little north
    assert (np.diff(along, axis=0) < 0).all()
    per_deg = along[0, 6] - along[0, 0]
    north_share = np.hypot(10 * np.cos(np.radians(48.5)), 1)
    assert per_deg == pytest.approx(
        111.2 * 10 * np.cos(np.radians(48.5)) ** 2 / north_share, rel=1e-4
    )


def test_mainland_all_round_and_a_ray_over_mainland_are_errors() -> None:
    grid, none = grid_at(48, SHAPE, arcmin=10), np.zeros(SHAPE, bool)
    cost, core = a_sea(open_south=False)
    with pytest.raises(ValueError, match="all round the sea"):
        find_domain(grid, allocation(none), cost, core=core, anchor=(0, 0), axis=AXIS)
    cost, core = a_sea(open_south=True)
    with pytest.raises(ValueError, match="mainland south"):
        find_domain(
            grid, allocation(none), cost, core=core, anchor=(0, 0), axis=AXIS, rays=((5, 1),)
        )
