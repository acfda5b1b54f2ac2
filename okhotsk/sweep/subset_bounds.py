"""Bounds over the lattice of subsets: solve a few sets of units, deduce the answer of the rest.

The least cost of a passage can only rise when more units bar it. So the solution for a set is a
lower bound for every superset. It is the answer for each superset that adds no unit which the best
passage needs. As in Lawler's procedure, the search branches on what the best solution needs: an
unanswered set is bounded by a solution, and the next set solved also takes away a unit that this
solution needs and the unanswered set has. It ends when every set has its answer.

The answers are exact. The number of solutions is that of the distinct best passages met, a few
hundred for a million sets where passages are local; in the worst case every set is solved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from okhotsk.cache import read_arrays, write_arrays
from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.raster.kernel import kernel

Row = TypeVar("Row")

KINDS: Mapping[str, Any] = MappingProxyType(
    {"given": np.uint64, "cost": float, "needs": np.uint64, "figure": float, "least": bool}
)
WRITE_S = 30.0  # seconds between two writes of the solutions found so far
SOLVED_AT_ONCE = 8  # sets solved before the bounds of the others are raised
EXAMINED = 4096  # unanswered sets examined to choose these
TIE = 1e-6  # relative: two solutions of the same passage differ by rounding


@dataclass(frozen=True)
class Solution:
    """The answer for one set of units.

    Attributes
    ----------
    given
        The set it was solved for: units that bar passages.
    cost
        Least cost, rising with the set.
    needs
        Units outside the set that would bar the best passage or raise its cost.
    figure
        The figure to report.
    least
        Whether no set can have a lower cost. Then the solution is the answer for every set that
        has none of the units it needs, supersets or not.
    """

    given: int
    cost: float
    needs: int
    figure: float
    least: bool = False


def pareto_minimal(
    rows: Iterable[Row],
    barred: Callable[[Row], int],
    alike: Callable[[Row], Hashable] = lambda _: None,
) -> list[Row]:
    """Return the rows that no better row dominates: the Pareto front.

    Parameters
    ----------
    rows
        The best first.
    barred
        What bars a row, as bits.
    alike
        Only rows with equal values are compared. A row is dominated when a better row is barred by
        a subset of what bars it.

    Examples
    --------
    >>> pareto_minimal([(1.0, 0b01), (2.0, 0b11), (3.0, 0b10)], lambda row: row[1])
    [(1.0, 1), (3.0, 2)]
    """
    front: list[Row] = []
    better: dict[Hashable, list[int]] = {}
    for row in rows:
        before, bits = better.setdefault(alike(row), []), barred(row)
        if all(one & ~bits for one in before):
            before.append(bits)
            front.append(row)
    return front


class Solutions:
    """Solutions written to disk while they are found, so that an interrupted search can resume."""

    def __init__(self, path: Path, found: Iterable[Solution] = ()) -> None:
        self.path, self._found = path, list(found)
        self._written = time.monotonic()
        self._count = len(self._found)

    @classmethod
    def read(cls, path: Path) -> Solutions:
        """Return the solutions of a file; none where there is no such file."""
        stored = read_arrays(path, KINDS)
        columns = [stored[name].tolist() for name in KINDS] if stored else []
        return cls(path, [Solution(*row) for row in zip(*columns, strict=True)])

    def __iter__(self) -> Iterator[Solution]:
        return iter(self._found)

    def add(self, solution: Solution) -> Solution:
        """Add one, and write all solutions every half minute."""
        self._found.append(solution)
        if time.monotonic() - self._written > WRITE_S:
            self._written = time.monotonic()
            self.write()
        return solution

    def write(self) -> None:
        """Write all solutions, unless the file has them."""
        found = list(self._found)
        if len(found) > self._count:
            self._count = len(found)
            columns = {name: [getattr(s, name) for s in found] for name in KINDS}
            write_arrays(self.path, {k: np.array(v, KINDS[k]) for k, v in columns.items()})


class SubsetBounds:
    """Bounds of the answers of some sets, from the solutions found so far.

    Parameters
    ----------
    sets
        Sets of units that bar passages.
    solve
        Solves one set; its cost must not fall when units are added to the set.
    known
        Solutions found before.
    groups
        Units that are in a set only together, as sets; by default each unit is a group.

    Attributes
    ----------
    found
        All solutions.
    origin
        For each set, the number of the solution that bounds it best from below.
    ceilings
        For each set, the least cost of a solution that none of its units touches: an upper bound.
    holds
        For each set, whether the solution of ``origin`` is its answer, not only a bound.
    """

    def __init__(
        self,
        sets: SetArray,
        solve: Callable[[int], Solution],
        *,
        known: Sequence[Solution] = (),
        groups: Sequence[int] = (),
    ) -> None:
        self.sets, self.solve = sets, solve
        self.groups = groups or [1 << n for n in range(64)]
        self.found = list(known) or [solve(0)]
        self._columns = {name: np.empty(0, kind) for name, kind in KINDS.items()}
        self.origin = np.full(len(sets), -1, np.int64)
        self.ceilings = np.full(len(sets), np.inf)
        self.holds = np.zeros(len(sets), bool)
        self._learn(np.arange(len(sets)), 0)

    @property
    def costs(self) -> FloatArray:
        """Cost for each set: the least cost, or a lower bound of it."""
        return self._column("cost")[self.origin]

    @property
    def figures(self) -> FloatArray:
        """Figure of the solution for each set."""
        return self._column("figure")[self.origin]

    def settle(
        self,
        rows: NDArray[np.int64],
        *,
        enough: FloatArray | None = None,
        workers: int = 1,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Solve until each of some sets has its answer.

        Parameters
        ----------
        rows
            Positions of the sets.
        enough
            For each set, a cost at which the search may stop: a lower bound that high will do.
        workers
            Threads that solve; the figures do not depend on their number.
        progress
            Called with the number of sets without an answer, before each round.

        Raises
        ------
        ArithmeticError
            Where a cost falls although more units bar passages, so that no bound holds.
        """
        first = len(self.found)
        pending = self._unanswered(rows, enough)
        with ThreadPoolExecutor(workers) as pool:
            while len(pending):
                if progress:
                    progress(len(pending))
                asked = self._next(pending)
                if np.isin(np.array(asked, np.uint64), self._column("given")).all():
                    raise ArithmeticError("a cost falls when more units are taken away")
                count = len(self.found)
                self.found += pool.map(self.solve, asked)
                self._learn(pending, count)
                pending = self._unanswered(pending, enough)
        if len(self.found) > first and len(rows) < len(self.sets):
            self._learn(np.arange(len(self.sets)), first)

    def _unanswered(self, rows: NDArray[np.int64], enough: FloatArray | None) -> NDArray[np.int64]:
        """The sets without an answer whose lower bound is not enough."""
        unknown = ~self.holds[rows]
        if enough is not None:
            unknown &= self._column("cost")[self.origin[rows]] < enough[rows]
        return rows[unknown]

    def _next(self, pending: NDArray[np.int64]) -> list[int]:
        """Sets to solve next, for a sample of the unanswered sets."""
        some = pending[:: max(1, len(pending) // EXAMINED)]
        asked: dict[int, None] = {}
        for row in np.random.default_rng(0).permutation(some)[: 4 * SOLVED_AT_ONCE].tolist():
            asked[self._more(row, some)] = None
            if len(asked) == SOLVED_AT_ONCE:
                break
        return list(asked)

    def _more(self, row: int, some: NDArray[np.int64]) -> int:
        """The set that bounds an unanswered set, with one group more that bars its best passage.

        Of several such groups, the one that most sets with the same bound have: the new solution
        then bounds the most sets.
        """
        best = self.found[int(self.origin[row])]
        blocked = best.needs & int(self.sets[row])
        always: int = blocked & ~sum(self.groups)
        if always:
            return best.given | always
        alike = self.sets[some[self.origin[some] == self.origin[row]]]
        choice = [group for group in self.groups if group & blocked]
        most: int = max(choice, key=lambda group: np.count_nonzero(alike & np.uint64(group)))
        return best.given | most & int(self.sets[row])

    def _learn(self, rows: NDArray[np.int64], first: int) -> None:
        columns = [self._column(name) for name in ("given", "needs", "cost", "least")]
        _learn(self.sets, rows, self.origin, self.ceilings, self.holds, first, *columns)

    def _column(self, name: str) -> NDArray[Any]:
        before = self._columns[name]
        more = [getattr(solution, name) for solution in self.found[len(before) :]]
        if more:
            self._columns[name] = np.append(before, np.array(more, KINDS[name]))
        return self._columns[name]


@kernel
def _learn(  # type: ignore[no-untyped-def]
    sets, rows, origin, ceilings, holds, first, given, needs, cost, least
):
    """Replace the bound of each set by a new solution that is its answer or a better bound."""
    for n in rows:
        if holds[n]:
            continue
        wanted, lowest = sets[n], -1
        for new in range(first, len(given)):
            old, inside = origin[n], given[new] & ~wanted == 0
            if needs[new] & wanted == 0:
                if inside or least[new]:
                    origin[n], holds[n] = new, True
                    break
                if cost[new] < ceilings[n]:
                    ceilings[n], lowest = cost[new], new
            elif inside:
                # Of equal bounds the larger set is nearer to an answer.
                more = old >= 0 and given[old] & ~given[new] == 0
                slack = TIE * abs(cost[old])
                if (
                    old < 0
                    or cost[new] > cost[old] + slack
                    or (more and cost[new] >= cost[old] - slack)
                ):
                    origin[n] = new
        if holds[n]:
            ceilings[n] = cost[origin[n]]
        elif ceilings[n] <= cost[origin[n]] + TIE * abs(cost[origin[n]]):
            holds[n] = True  # bounds from above and below meet
            if lowest >= 0:
                origin[n] = lowest
