"""A figure for every set of units, solved for a few sets and deduced for the rest.

A least cost can only rise when something is taken away. So the answer for a set of units holds
for every larger set that takes nothing the best way needs, and is a lower bound for every larger
set that does: solving goes on, with some of what the best way needed taken away too, until every
set has an answer that holds. That is exact, and asks for few solutions where ways are local.
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
WRITE_S = 30.0
ROUND = 8  # sets solved before the others are asked again
MANY = 4096  # unanswered sets that are looked at to choose these
TIE = 1e-6  # relative: two solutions of the same way differ by rounding


@dataclass(frozen=True)
class Solution:
    """The answer for one set of units.

    Attributes
    ----------
    given
        The set it was solved for.
    cost
        Least cost, rising with the set.
    needs
        Units outside the set without which another way, or another cost, would be the best.
    figure
        What is reported of it.
    least
        Whether no set can have a better figure: then it holds for every set without the units it
        needs, however small.
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
    """Rows, the best first, without those that a better one replaces wherever they stand.

    Such a one is ``alike``, and nothing bars it that does not bar them (``barred``, bits).
    """
    kept: list[Row] = []
    better: dict[Hashable, list[int]] = {}
    for row in rows:
        known, bits = better.setdefault(alike(row), []), barred(row)
        if all(one & ~bits for one in known):
            known.append(bits)
            kept.append(row)
    return kept


class Solutions:
    """Solutions kept on disk while they are found, so that an interrupted search goes on."""

    def __init__(self, path: Path, found: Iterable[Solution] = ()) -> None:
        self.path, self._found = path, list(found)
        self._written = time.monotonic()
        self._count = len(self._found)

    @classmethod
    def read(cls, path: Path) -> Solutions:
        """Those kept in a file; none where there is no such file."""
        stored = read_arrays(path, KINDS)
        columns = [stored[name].tolist() for name in KINDS] if stored else []
        return cls(path, [Solution(*row) for row in zip(*columns, strict=True)])

    def __iter__(self) -> Iterator[Solution]:
        return iter(self._found)

    def add(self, solution: Solution) -> Solution:
        """Keep one more, and write all every minute."""
        self._found.append(solution)
        if time.monotonic() - self._written > WRITE_S:
            self._written = time.monotonic()
            self.write()
        return solution

    def write(self) -> None:
        """Write what is not written yet."""
        found = list(self._found)
        if len(found) > self._count:
            self._count = len(found)
            columns = {name: [getattr(s, name) for s in found] for name in KINDS}
            write_arrays(self.path, {k: np.array(v, KINDS[k]) for k, v in columns.items()})


class Bounds:
    """What some solutions say of the answers for some sets.

    Parameters
    ----------
    sets
        Sets of units taken away.
    solve
        Solves one set; its cost must not fall when units are added to the set.
    known
        Solutions found before.
    groups
        Units that are in a set only together, as sets; by default each stands alone.

    Attributes
    ----------
    found
        All solutions.
    origin
        Which of them bounds each set best from below.
    ceilings
        Least cost of a known way that each set leaves as it is: a bound from above.
    holds
        Whether the solution of ``origin`` is the answer for each set, not only a bound.
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
        """Cost of the solution for each set: least cost, or a lower bound."""
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
        """Solve until every one of some sets has its answer.

        Raises
        ------
        ArithmeticError
            Where costs fall with more units taken away, so that nothing follows from them.

        Parameters
        ----------
        rows
            Positions of the sets.
        enough
            For each set, a cost from which on the answer is not wanted: a lower bound will do.
        workers
            Threads that solve; the figures do not depend on their number.
        progress
            Called with the number of sets still without an answer, before each round.
        """
        first, pending = len(self.found), rows
        with ThreadPoolExecutor(workers) as pool:
            while True:
                unknown = ~self.holds[pending]
                if enough is not None:
                    unknown &= self._column("cost")[self.origin[pending]] < enough[pending]
                pending = pending[unknown]
                if not len(pending):
                    break
                if progress:
                    progress(len(pending))
                asked = self._next(pending)
                if np.isin(np.array(asked, np.uint64), self._column("given")).all():
                    raise ArithmeticError("a cost falls when more units are taken away")
                count = len(self.found)
                self.found += pool.map(self.solve, asked)
                self._learn(pending, count)
        if len(self.found) > first and len(rows) < len(self.sets):
            self._learn(np.arange(len(self.sets)), first)

    def _next(self, pending: NDArray[np.int64]) -> list[int]:
        """Sets to solve next, for some unanswered ones spread over all of them."""
        some = pending[:: max(1, len(pending) // MANY)]
        asked: dict[int, None] = {}
        for row in np.random.default_rng(0).permutation(some)[: 4 * ROUND].tolist():
            asked[self._more(row, some)] = None
            if len(asked) == ROUND:
                break
        return list(asked)

    def _more(self, row: int, some: NDArray[np.int64]) -> int:
        """The set behind an unanswered one's bound, with one group more that blocks its best way.

        That which most of some sets with the same bound have: a small set bounds more of them than
        a large one does.
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
    """Take new solutions over for the sets that they hold for or bound better than the old."""
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
                # Of equal bounds the one with more taken away leads on.
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
