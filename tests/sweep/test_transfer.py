"""Costs at a gate from either end; that they are right is shown in test_sweep and test_fences."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from okhotsk.sweep.transfer import Relay, TransferCosts

RAYS, CELLS = 2, 3
SIDES = 1 << RAYS
SETS = np.arange(16, dtype=np.uint64)


def gates(free: NDArray[np.float64], *, seed: int) -> TransferCosts:
    """Gates between two pieces on either side, with a cost for each cell and set of rays."""
    rng = np.random.default_rng(seed)
    west, east = (
        Relay(
            np.uint64(passed),
            np.unique(SETS & np.uint64(passed)),
            np.array([1, 0, 2, 2]),
            rng.integers(1, 100, (3, SIDES * CELLS)).astype(np.float32),
        )
        for passed in (0b0011, 0b1100)
    )
    return TransferCosts(west, east, free)


def by_hand(found: TransferCosts, chosen: int, odd: int) -> float:
    """Least sum over the cells of the gate and the rays that either part crosses."""
    rows = [
        int(relay.place(np.array([chosen], np.uint64))[0]) for relay in (found.west, found.east)
    ]
    west, east = (
        relay.costs[row].reshape(SIDES, CELLS)
        for relay, row in zip((found.west, found.east), rows, strict=True)
    )
    through = [west[a, c] + east[a ^ odd, c] for a, c in product(range(SIDES), range(CELLS))]
    return float(min(*through, found.free[odd]))


@pytest.mark.parametrize("free", [np.full(SIDES, np.inf), np.array([9.0, 30.0, 3.0, np.inf])])
@pytest.mark.parametrize("seed", range(5))
def test_both_parts_of_a_line_together_cross_the_rays(free: NDArray[np.float64], seed: int) -> None:
    found = gates(free, seed=seed)
    for odd in range(SIDES):
        known = [by_hand(found, int(chosen), odd) for chosen in SETS]
        assert found.costs(SETS, odd=odd).tolist() == known
        assert found.costs(SETS, odd=odd, workers=2).tolist() == known


def test_what_is_kept_gives_the_same_costs() -> None:
    found = gates(np.array([50.0, 60.0, 70.0, np.inf]), seed=1)
    again = TransferCosts.of(found.arrays())
    for odd in range(SIDES):
        assert again.costs(SETS, odd=odd).tolist() == found.costs(SETS, odd=odd).tolist()
