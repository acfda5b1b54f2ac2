"""Figures deduced for all sets from few solved ones, against every set solved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from okhotsk.sweep.subset_bounds import Solution, Solutions, SubsetBounds, pareto_minimal

UNITS = 7
SETS = np.arange(1 << UNITS, dtype=np.uint64)


class DrawnPassages:
    """Ways with a price each, and what every unit in a set adds to it.

    All have ``toll`` in their price: the higher, the smaller what they differ by beside it.
    """

    def __init__(self, seed: int, count: int, *, toll: float = 0.0) -> None:
        rng = np.random.default_rng(seed)
        self.price = toll + rng.integers(0, 6, count).astype(float)
        self.more = rng.integers(0, 4, (count, UNITS)) * rng.integers(0, 2, (count, UNITS))
        self.calls: list[int] = []

    def cost(self, taken: int) -> np.ndarray:
        return self.price + self.more @ [taken >> n & 1 for n in range(UNITS)]

    def solve(self, taken: int) -> Solution:
        self.calls.append(taken)
        costs = self.cost(taken)
        way = int(costs.argmin())
        needs = sum(1 << n for n in range(UNITS) if self.more[way, n] and not taken >> n & 1)
        return Solution(taken, costs[way], needs, costs[way], least=costs[way] == 0)


def settled(passages: DrawnPassages, **options: Any) -> SubsetBounds:
    """Bounds with every set settled."""
    bounds = SubsetBounds(SETS, passages.solve, known=options.pop("known", ()))
    bounds.settle(np.arange(len(SETS)), **options)
    return bounds


TOLLS = st.sampled_from([0.0, 1000.0])  # bounds must be right to a part in a thousand


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 12), TOLLS)
@example(0, 12, 1000.0)
def test_every_set_gets_the_figure_it_would_get_alone(seed: int, count: int, toll: float) -> None:
    passages = DrawnPassages(seed, count, toll=toll)
    bounds = settled(passages)
    assert bounds.holds.all()
    assert bounds.figures.tolist() == [passages.cost(int(s)).min() for s in SETS]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(0, 1 << UNITS))
def test_units_that_go_together_make_no_difference(seed: int, count: int, cuts: int) -> None:
    """Groups of neighbours, and one unit that is in every set."""
    groups = [0]
    for n in range(1, UNITS):
        groups[-1] |= 1 << n
        if cuts >> n & 1:
            groups.append(0)
    groups = [group for group in groups if group]
    sets = [1]
    for group in groups:
        sets += [some | group for some in sets]
    passages = DrawnPassages(seed, count)
    bounds = SubsetBounds(np.array(sets, np.uint64), passages.solve, groups=groups)
    bounds.settle(np.arange(len(sets)))
    assert bounds.figures.tolist() == [passages.cost(some).min() for some in sets]
    every = SubsetBounds(
        SETS, passages.solve, groups=groups
    )  # also sets that have but a part of a group
    every.settle(np.arange(len(SETS)))
    assert every.figures.tolist() == [passages.cost(int(some)).min() for some in SETS]


def test_costs_that_fall_are_an_error() -> None:
    """They would be asked for without end."""

    def solve(taken: int) -> Solution:
        return Solution(taken, -float(taken.bit_count()), ~taken & 0b1111111, 0.0)

    with pytest.raises(ArithmeticError, match="falls"):
        settle_all(solve)


def settle_all(solve: Callable[[int], Solution]) -> None:
    """Settle every set."""
    SubsetBounds(SETS, solve).settle(np.arange(len(SETS)))


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.floats(0, 8), TOLLS)
@example(0, 6.0, 1000.0)
def test_what_is_enough_need_not_be_solved_further(seed: int, above: float, toll: float) -> None:
    passages, limit = DrawnPassages(seed, 8, toll=toll), toll + above
    costs = settled(passages, enough=np.full(len(SETS), limit)).costs
    exact = np.array([passages.cost(int(s)).min() for s in SETS])
    assert np.minimum(costs, limit).tolist() == np.minimum(exact, limit).tolist()
    assert (costs <= exact).all()


def test_what_is_enough_saves_solving() -> None:
    """Over many cases: in a single one other sets may be asked, and a few more of them."""
    some, every = (
        [DrawnPassages(seed, 8) for seed in range(20)],
        [DrawnPassages(seed, 8) for seed in range(20)],
    )
    for passages, all_ways in zip(some, every, strict=True):
        settled(passages, enough=np.full(len(SETS), 2.0))
        settled(all_ways)
    assert sum(len(w.calls) for w in some) < 0.8 * sum(len(w.calls) for w in every)
    nothing = DrawnPassages(3, 8)
    settled(nothing, enough=np.zeros(len(SETS)))
    assert nothing.calls == [0]


def test_few_sets_are_solved_where_ways_are_local() -> None:
    passages = DrawnPassages(3, 8)
    settled(passages)
    assert len(passages.calls) < len(SETS) / 2


def test_threads_do_not_change_the_figures() -> None:
    one, four = (settled(DrawnPassages(5, 9), workers=n) for n in (1, 4))
    assert one.figures.tolist() == four.figures.tolist()


def test_an_interrupted_search_goes_on_where_it_was(tmp_path: Path) -> None:
    path, passages = tmp_path / "kept.npz", DrawnPassages(9, 14)
    settled(passages)
    needed = len(passages.calls)
    assert needed > 9
    first = DrawnPassages(9, 14)
    kept = Solutions.read(path)

    def solve(taken: int) -> Solution:
        if len(first.calls) == 9:
            raise KeyboardInterrupt
        return kept.add(first.solve(taken))

    with pytest.raises(KeyboardInterrupt):
        SubsetBounds(SETS, solve).settle(np.arange(len(SETS)))
    kept.write()
    again, rest = Solutions.read(path), DrawnPassages(9, 14)
    assert len(tuple(again)) == 9
    figures = settled(rest, known=tuple(again)).figures
    assert len(rest.calls) < needed
    assert figures.tolist() == [rest.cost(int(s)).min() for s in SETS]


def test_progress_counts_down_to_none() -> None:
    left: list[int] = []
    settled(DrawnPassages(9, 14), progress=left.append)
    assert left == sorted(left, reverse=True)
    assert left[0] > 0


def test_bounds_never_pass_the_answer_and_settled_sets_have_theirs() -> None:
    passages = DrawnPassages(9, 14)
    bounds, exact = (
        SubsetBounds(SETS, passages.solve),
        np.array([passages.cost(int(s)).min() for s in SETS]),
    )
    for row in (127, 90, 33):
        bounds.settle(np.array([row]))
        assert bounds.holds[row]
        assert bounds.costs[row] == exact[row]
        assert (bounds.costs <= exact).all()
        assert (bounds.ceilings >= exact).all()
        assert bounds.figures[bounds.holds].tolist() == exact[bounds.holds].tolist()


ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 15), st.integers(0, 1)), max_size=12)


@given(ROWS)
def test_only_rows_that_never_are_the_best_are_left_out(rows: list[tuple[int, int, int]]) -> None:
    best = sorted(rows)
    kept = pareto_minimal(best, lambda row: row[1], lambda row: row[2])
    for taken in range(16):
        for kind in (0, 1):
            own = [[r for r in some if not r[1] & taken and r[2] == kind] for some in (best, kept)]
            assert [r[0] for r in own[0][:1]] == [r[0] for r in own[1][:1]]
    for row in kept:  # each is the best of its kind where what bars it stays
        assert next(r for r in kept if not r[1] & ~row[1] and r[2] == row[2]) is row
