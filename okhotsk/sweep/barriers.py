"""Barriers of every island set: their least costs, and the segments they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.cache import kept_at, recall
from okhotsk.datasets import data_digest
from okhotsk.errors import ScenarioError
from okhotsk.measures.barrier import LINES, SEALS, Barrier, find_anchor, find_line
from okhotsk.measures.context import Context
from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.scenario.island_sets import Block, block_units, members, to_unit_sets
from okhotsk.sweep.allocation import Allocation
from okhotsk.sweep.enclaves import cut_off
from okhotsk.sweep.free_components import FreeComponents, find_segments
from okhotsk.sweep.segments import Segments
from okhotsk.sweep.strip_graph import Axis, BarrierDomain, Rays, find_domain
from okhotsk.sweep.transfer import TransferCosts, find_transfer_costs

Arrays = Mapping[str, NDArray[Any]]
Progress = Callable[[str, int, int], None]

SLACK = 1e-4  # relative: a bound leaves room for costs added up in single precision


@dataclass(frozen=True)
class Barriers:
    """The barriers of some island sets, by the names of :data:`okhotsk.measures.barrier.LINES`.

    Attributes
    ----------
    context, allocation
        The theatre under some assumptions, and whose every cell is.
    blocks
        What is ceded together.
    island_sets
        The sets of blocks that will be asked for.
    workers
        Threads; the costs do not depend on their number.
    tell
        Called with what is being prepared, how much of it is done, and how much there is.
    """

    context: Context
    allocation: Allocation
    blocks: tuple[Block, ...]
    island_sets: SetArray
    workers: int
    tell: Progress

    def figures(self, island_sets: SetArray) -> dict[str, FloatArray]:
        """Return the least costs of all barriers for some of the island sets.

        Sets that leave enclaves are solved one at a time, since their barriers need more than one
        curve.
        """
        unit_sets = to_unit_sets(island_sets, self.blocks)
        enclosed = cut_off(self.allocation, unit_sets)
        columns = {name: np.full(len(unit_sets), np.nan) for name in LINES}
        for name, costs in self.transfer_costs.items():
            columns[name][~enclosed] = costs.costs(island_sets[~enclosed])
        for n in np.flatnonzero(enclosed):
            seal = self.seal(int(unit_sets[n]))
            for name, values in columns.items():
                values[n] = seal.figures[name]
        return columns

    @cached_property
    def transfer_costs(self) -> dict[str, TransferCosts]:
        """The transfer costs of each barrier."""
        return {name: self.find_transfer_costs(name, self.island_sets) for name in LINES}

    def find_transfer_costs(
        self, name: str, island_sets: SetArray, *, rays: Rays = ()
    ) -> TransferCosts:
        """Return the transfer costs of a barrier for some island sets, from disk if there."""

        def find() -> Arrays:
            return find_transfer_costs(
                self.domain(name, rays),
                block_units(self.blocks),
                island_sets=island_sets,
                bound=self._bound(name),
                workers=self.workers,
                progress=lambda done, total: self.tell(name, done, total),
            ).arrays()

        path = self._path(f"{name} {rays}", island_sets)
        return TransferCosts.of(recall(path, find, names=TransferCosts.ARRAYS))

    def _bound(self, name: str) -> float:
        """Upper bound of every barrier: its cost once all units are ceded, if there is one."""
        everything = (1 << len(self.allocation.units)) - 1
        try:
            return float(self.seal(everything).figures[name]) * (1 + SLACK)
        except ScenarioError:
            return np.inf

    @cached_property
    def segments(self) -> dict[str, Segments]:
        """The segments that the barriers :data:`SEALS` of every island set are made of.

        Raises
        ------
        ScenarioError
            Where an island set leaves an enclave: its barrier is more than one curve.
        """
        if cut_off(self.allocation, to_unit_sets(self.island_sets, self.blocks)).any():
            raise ScenarioError(
                "some cessions leave Japanese waters that lie alone inside Russian ones; "
                "join their pieces (--pieces one+other)"
            )
        return {name: self._find_segments(name) for name in SEALS}

    def _find_segments(self, name: str) -> Segments:
        def find() -> Arrays:
            return find_segments(
                self.free_components(name),
                self.island_sets,
                self.transfer_costs[name].costs(self.island_sets, workers=self.workers),
                lambda island_set: self.curve(name, island_set),
                workers=self.workers,
                progress=lambda done, total: self.tell(f"segments of {name}", done, total),
            ).arrays()

        path = self._path(f"{name} segments", self.island_sets)
        return Segments.of(recall(path, find, names=Segments.ARRAYS))

    def domain(self, name: str, rays: Rays = ()) -> BarrierDomain:
        """Return the domain that a barrier runs over."""
        return find_domain(
            self.context.theatre.grid,
            self.allocation,
            self.context.line_costs[name],
            core=self.context.core,
            anchor=find_anchor(self.context.theatre),
            axis=self._axis,
            rays=rays,
        )

    @property
    def _axis(self) -> Axis:
        """Southernmost and northernmost island of the chain."""
        islands = self.context.theatre.islands
        south, north = (
            islands.loc[number, ["lon", "lat"]]
            for number in (islands.lat.idxmin(), islands.lat.idxmax())
        )
        return tuple(south), tuple(north)

    def free_components(self, name: str, rays: Rays = ()) -> FreeComponents:
        """Return the free components of the domain of a barrier."""
        return FreeComponents(self.domain(name, rays), block_units(self.blocks))

    def curve(self, name: str, island_set: int) -> planar_cut.GridPath:
        """Return the least curve round the core for a set of blocks, enclaves left out.

        Raises
        ------
        ValueError
            Where there is none.
        """
        ceded = int(to_unit_sets(np.array([island_set], np.uint64), self.blocks)[0])
        return find_line(
            self.context.theatre,
            self.context.line_costs[name],
            closed=self.allocation.closed_to_barrier(ceded),
            core=self.context.core,
            baseline=self.context.baseline(name),
        ).curves[0]

    def seal(self, ceded: int) -> Barrier:
        """Return all barriers for a set of ceded units, solved on their own.

        Raises
        ------
        ScenarioError
            Where none can be drawn.
        """
        closed = self.allocation.closed_to_barrier(ceded)
        try:
            return self.context.barrier(closed)
        except ValueError as error:
            units = ", ".join(members(ceded, self.allocation.units))
            raise ScenarioError(f"no seal can be drawn if {units} are ceded ({error})") from error

    def _path(self, name: str, island_sets: SetArray) -> Path:
        """Where something prepared is kept: under a key of all that it follows from."""
        # The core keeps off whatever a named scenario cedes: hence the digest of the data.
        key = f"{self.context.theatre.key} {self.context.assumptions} {name} {data_digest()}"
        blocks = np.array(block_units(self.blocks), np.uint64)
        return kept_at("sweep", __name__, key.encode(), blocks.tobytes() + island_sets.tobytes())
