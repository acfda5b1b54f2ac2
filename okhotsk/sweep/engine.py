"""Every figure of every island set: what a record holds for one scenario, for millions.

Three methods give all figures, each exact for every set: sums over zonal equivalence classes
(:mod:`okhotsk.sweep.areas`), bounds over the lattice of subsets for passages
(:mod:`okhotsk.sweep.passage_bounds`), and dynamic programming along the chain for barriers
(:mod:`okhotsk.sweep.barriers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from okhotsk.assessment import index
from okhotsk.cache import Baselines
from okhotsk.measures import figures
from okhotsk.measures.context import Context
from okhotsk.measures.regimes import check_exits
from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.raster.cost_surface import PathProblem
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block, block_units, read_blocks, subsets, to_unit_sets
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.areas import Areas, Columns
from okhotsk.sweep.barriers import Barriers
from okhotsk.sweep.passage_bounds import DEPTHS, EXPOSURES, PassageBounds, Progress
from okhotsk.sweep.passages import PassageSolver
from okhotsk.sweep.subset_bounds import Solution, Solutions, SubsetBounds
from okhotsk.theatre.model import Theatre


class Sweep:
    """The figures of many island sets on one theatre under one set of assumptions.

    Parameters
    ----------
    theatre, assumptions
        As :func:`okhotsk.assess`.
    blocks
        What is ceded together (:func:`okhotsk.scenario.island_sets.read_blocks` by default).
    island_sets
        The sets of blocks that will be asked for, as bits in their order; all by default.
    demilitarised
        Whether no forces may stand on ceded islands.
    workers
        Threads; the figures do not depend on their number.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.
    """

    def __init__(
        self,
        theatre: Theatre,
        *,
        blocks: Sequence[Block] | None = None,
        island_sets: SetArray | None = None,
        assumptions: Assumptions | None = None,
        demilitarised: bool = False,
        workers: int = 2,
        progress: Progress | None = None,
    ) -> None:
        assumptions = assumptions or Assumptions()
        check_exits(theatre, assumptions)
        context = Context(theatre, assumptions, baselines=Baselines(PathProblem.solve))
        allocation = find_allocation(theatre, context.assumptions)
        self.theatre, self.context, self.allocation = theatre, context, allocation
        self.blocks = tuple(blocks or read_blocks())
        self.island_sets = subsets(self.blocks) if island_sets is None else island_sets
        self.demilitarised, self.workers = demilitarised, workers
        self.tell = progress or (lambda *_: None)
        self.areas = Areas(context, allocation, not demilitarised, workers)
        self.barriers = Barriers(
            context, allocation, self.blocks, self.island_sets, workers, self.tell
        )
        solver = PassageSolver(context, allocation, armed=not demilitarised)
        self.passages = PassageBounds(solver, block_units(self.blocks), workers, self.tell)

    def figures(self, island_sets: SetArray, *, exposures: bool = True) -> Columns:
        """Return the columns of the ``assess`` command for some sets, but for the interval.

        ``exposures`` says whether exposures, and the index that needs them, are wanted: they
        take longest.
        """
        unit_sets = to_unit_sets(island_sets, self.blocks)
        wanted = (*DEPTHS, *(EXPOSURES if exposures else ()))
        parts = self.areas.figures(unit_sets) | self.barriers.figures(island_sets)
        columns: Columns = figures.finish(parts | self.passages.figures(wanted, unit_sets))
        if exposures:
            recipe = index.read_recipe()
            scores = index.index_of(self.components(columns), recipe.weights, recipe.floor)
            columns["index"] = scores
        return columns

    def components(self, columns: Columns) -> FloatArray:
        """Return the components of the index, shape (island sets, components)."""
        return index.component_table(index.read_recipe(), columns, self.today)

    @cached_property
    def today(self) -> dict[str, float]:
        """The figures when no island is ceded."""
        nothing = np.zeros(1, np.uint64)
        columns = self.figures(nothing, exposures=False)
        columns |= self.passages.figures(EXPOSURES, nothing)
        return {name: float(values[0]) for name, values in columns.items()}

    def solutions(self, column: str) -> tuple[Solution, ...]:
        """Return the passages that a depth or an exposure of every island set follows from."""
        return tuple(self.passages.solutions(column, self._unit_sets))

    def exposure_bounds(self) -> dict[str, tuple[Solutions, SubsetBounds]]:
        """Return what is known of the exposures of every island set, and where it is kept."""
        return {column: self.passages.bounds(column, self._unit_sets) for column in EXPOSURES}

    @property
    def _unit_sets(self) -> SetArray:
        return to_unit_sets(self.island_sets, self.blocks)
