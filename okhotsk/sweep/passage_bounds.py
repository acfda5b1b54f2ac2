"""Depths and exposures of every island set, deduced from a few solved sets and kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from okhotsk.cache import kept_at
from okhotsk.datasets import data_digest
from okhotsk.measures import figures
from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.sweep.passages import PassageSolver
from okhotsk.sweep.subset_bounds import Solution, Solutions, SubsetBounds

Progress = Callable[[str, int, int], None]

DEPTHS = tuple(c for c in figures.columns_of("passage") if c.endswith("depth_m"))
EXPOSURES = tuple(c for c in figures.columns_of("passage") if c.endswith("exposure"))
# Figures of foreign boats: units bar their passages while Russia keeps them.
BARRED_BY_KEPT = tuple(f.column for f in figures.FIGURES if f.source == "kept")
# Figures that forces on ceded islands change.
HOSTILE = tuple(f.column for f in figures.FIGURES if f.hostile)
# What is said while each is solved.
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "access_depth_m": "access",
        "egress_depth_m": "egress",
        "egress_exposure": "way out",
        "base_exposure": "way from the base",
        "intruder_exposure": "way in",
    }
)


@dataclass(frozen=True)
class PassageBounds:
    """The passages of all island sets, from the solutions on disk and new ones.

    Attributes
    ----------
    solver
        Solves one set.
    groups
        Units that change hands together, as sets.
    workers
        Threads; the figures do not depend on their number.
    tell
        Called with what is being solved, how many sets are answered, and how many there are.
    """

    solver: PassageSolver
    groups: Sequence[int]
    workers: int
    tell: Progress

    def figures(self, columns: Sequence[str], unit_sets: SetArray) -> dict[str, FloatArray]:
        """Return some figures for each set of ceded units, exact; missing solutions are found."""
        return {column: self._settled(column, unit_sets)[1].figures for column in columns}

    def solutions(self, column: str, unit_sets: SetArray) -> Solutions:
        """Return the solutions that a figure of every set of ceded units follows from."""
        return self._settled(column, unit_sets)[0]

    def bounds(self, column: str, unit_sets: SetArray) -> tuple[Solutions, SubsetBounds]:
        """Return what is known of a figure of some sets of ceded units, and where it is kept."""
        if column in BARRED_BY_KEPT:
            unit_sets = unit_sets ^ np.uint64(self.solver.everything)
        stored = self._stored(column)

        def solve(taken: int) -> Solution:
            return stored.add(self.solver.solve(column, taken))

        return stored, SubsetBounds(unit_sets, solve, known=tuple(stored), groups=self.groups)

    def _settled(self, column: str, unit_sets: SetArray) -> tuple[Solutions, SubsetBounds]:
        stored, bounds = self.bounds(column, unit_sets)
        count = len(unit_sets)
        bounds.settle(
            np.arange(count),
            workers=self.workers,
            progress=lambda left: self.tell(TOLD[column], count - left, count),
        )
        stored.write()
        return stored, bounds

    def _stored(self, column: str) -> Solutions:
        """Solutions on disk, under a key of all that they follow from."""
        context = self.solver.context
        unarmed = not self.solver.armed and column in HOSTILE
        name = f"{'demilitarised ' if unarmed else ''}{column}"
        # The core keeps off whatever a named scenario cedes: hence the digest of the data.
        key = f"{context.theatre.key} {context.assumptions} {name} {data_digest()}"
        return Solutions.read(kept_at("sweep", __name__, key.encode()))
