"""Ground that costs something to cross, and the cheapest paths over it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.cache import kept_at, recall
from okhotsk.raster import dijkstra, incremental
from okhotsk.raster.arrays import BoolArray, IntArray
from okhotsk.raster.grid import Grid
from okhotsk.raster.stencil import NOWHERE, REACH_COLS, REACH_ROWS, GridPath, primitive_steps

KEPT = ("come_to", "labels", "came", "cost", "ends")  # of a search on disk


@dataclass(frozen=True)
class Ray:
    """A ray north from the right edge of a cell: crossing it is what parity counts."""

    row: int
    col: int


@dataclass(frozen=True)
class PathQuery:
    """What is sought: a path to a goal cell, or (``want`` from 0) a loop of some parities.

    Attributes
    ----------
    starts, goals
        Flat cell numbers.
    rays, want
        What parities count, and how those of the two halves of a loop differ.
    bound
        Nothing dearer is wanted.
    kept
        Whether the search is kept on disk, for others to go on from.
    """

    starts: IntArray
    goals: IntArray = field(default_factory=lambda: NOWHERE)
    rays: tuple[Ray, ...] = ()
    want: int = -1
    bound: float = np.inf
    kept: bool = False


@dataclass(frozen=True)
class SearchTree:
    """A finished search, from which one over similar ground can go on.

    ``labels`` are the least costs of all states it came to, ``came`` the steps that led to them,
    ``ends`` the last states of what it found.
    """

    terrain: CostSurface
    task: PathQuery
    labels: NDArray[np.float32]
    came: NDArray[np.uint8]
    ends: IntArray
    curve: GridPath

    @property
    def limit(self) -> float:
        """Cost that the search found, or its bound: it looked no further."""
        return min(self.curve.cost, self.task.bound)


@dataclass(frozen=True)
class CostSurface:
    """What a search runs over: cost per km in each cell; 0 is free, ``inf`` closed."""

    cost: NDArray[np.float32]
    grid: Grid

    @classmethod
    def of(cls, cost: NDArray[np.floating], grid: Grid) -> CostSurface:
        """Terrain of any costs, of which it keeps a copy."""
        return cls(np.array(cost, np.float32), grid)

    def crop(self, window: tuple[slice, slice]) -> CostSurface:
        """Part of the terrain."""
        return CostSurface.of(self.cost[window], self.grid.crop(*window))

    @cached_property
    def bordered(self) -> dijkstra.SearchGrid:
        """The terrain as the compiled search wants it."""
        high, wide = REACH_ROWS, REACH_COLS
        outer = np.full(
            (self.grid.shape[0] + 4 * high, self.grid.shape[1] + 4 * wide), np.inf, np.float32
        )
        outer[2 * high : -2 * high, 2 * wide : -2 * wide] = self.cost
        own = outer[high:-high, wide:-wide].copy()
        steps, cells, shares = primitive_steps()
        km, fans = dijkstra.bordered_lengths(self.grid)
        low, top = (extreme.ravel() for extreme in dijkstra.find_extremes(outer))
        offsets = cells @ np.array([own.shape[1], 1])
        return dijkstra.SearchGrid(own.ravel(), low, top, km, steps, offsets, shares, fans)

    def path(self, starts: IntArray, goals: IntArray) -> GridPath:
        """Cheapest path from any start to any goal cell."""
        return self.solve(PathQuery(starts, goals)).curve

    def loop(
        self, starts: IntArray, rays: tuple[Ray, ...], want: int, *, bound: float = np.inf
    ) -> GridPath:
        """Cheapest path from a start to a start that crosses the rays with the parities wanted."""
        return self.solve(PathQuery(starts, rays=rays, want=want, bound=bound)).curve

    def solve(self, task: PathQuery, *, known: SearchTree | None = None) -> SearchTree:
        """Search; on from a search for the same over similar terrain, if one is known."""
        if known is None or not self._resembles(task, known):
            return self._recall(task) if task.kept else self._search(task)
        dearer = self._inner(self.cost > known.terrain.cost)
        cheaper = self._inner(self.cost < known.terrain.cost)
        if not cheaper.any() and self._has_goals(task, known):
            if task.bound <= known.limit:
                none = GridPath(np.inf, NOWHERE, NOWHERE)
                return replace(known, task=task, ends=np.full(2, -1), curve=none)
            if self._stands(task, known, dearer):
                return known
        return self._mend(task, known, dearer, cheaper)

    def _resembles(self, task: PathQuery, known: SearchTree) -> bool:
        """Whether the search that is known began at the same cells and counted the same."""
        same = self.grid == known.terrain.grid and task.rays == known.task.rays
        same &= task.want == known.task.want and len(task.starts) > 0
        return same and np.array_equal(task.starts, known.task.starts)

    def _has_goals(self, task: PathQuery, known: SearchTree) -> bool:
        """Whether the search that is known had all goals of a task."""
        goals = np.zeros(self.cost.size, bool)
        goals[known.task.goals] = True
        return bool(goals[task.goals].all())

    def _stands(self, task: PathQuery, known: SearchTree, dearer: BoolArray) -> bool:
        """Whether what was found is still the cheapest where nothing has become cheaper."""
        if known.ends[0] < 0:
            return False
        (steps, cells, shares), wide = primitive_steps(), self._wide
        walk, rays = (steps, cells @ np.array([wide, 1]), shares, known.came), self._ends(task.rays)
        return bool(
            known.curve.cost < task.bound
            and (task.want >= 0 or (task.goals == self._last(known.curve)).any())
            and all(incremental.stands(*walk, rays, wide, n, dearer) for n in known.ends if n >= 0)
        )

    def _last(self, curve: GridPath) -> int:
        return int(curve.rows[-1] * self.cost.shape[1] + curve.cols[-1])

    def _search(self, task: PathQuery) -> SearchTree:
        labels, came = self._blank(task)
        cost, ends = dijkstra.search(
            self.bordered,
            labels,
            came,
            self._ends(task.rays),
            self._outer(task.starts),
            self._outer(task.goals),
            task.want,
            task.bound,
        )
        return self._tree(task, labels, came, cost, ends)

    def _blank(self, task: PathQuery) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Labels and steps of a search that has come to nothing."""
        # Not in the compiled part either, for the same reason as in search.find_extremes.
        states = (self.grid.shape[0] + 2 * REACH_ROWS) * self._wide << len(task.rays)
        return np.full(states, np.inf, np.float32), np.full(states, dijkstra.NONE, np.uint8)

    def _recall(self, task: PathQuery) -> SearchTree:
        """Search, or take from disk what the same search came to before."""
        known = f"{self.grid} {task.rays} {task.want} {task.bound}"
        path = kept_at(
            "search", __name__, known.encode(), self.cost.data, task.starts.data, task.goals.data
        )

        def find() -> dict[str, NDArray[Any]]:
            incremental = self._search(task)
            come_to = incremental.labels < np.inf
            return {
                "come_to": np.packbits(come_to),
                "labels": incremental.labels[come_to],
                "came": incremental.came[come_to],
                "cost": np.array(incremental.curve.cost),
                "ends": incremental.ends,
            }

        stored = recall(path, find, names=KEPT)
        labels, came = self._blank(task)
        come_to = np.unpackbits(stored["come_to"], count=len(labels)).view(bool)
        labels[come_to], came[come_to] = stored["labels"], stored["came"]
        return self._tree(task, labels, came, float(stored["cost"]), stored["ends"])

    def _mend(
        self, task: PathQuery, known: SearchTree, dearer: BoolArray, cheaper: BoolArray
    ) -> SearchTree:
        """Search on from a search from the same starts.

        Labels stand whose paths cross nothing dearer; the search goes on from the edge of the
        rest, from what it had not come to, and from the surroundings of what is cheaper.
        """
        ground, rays, wide = self.bordered, self._ends(task.rays), self._wide
        # Dearer ways than the one found were left out, so that such labels may not be the least.
        labels, came = np.empty_like(known.labels), np.empty_like(known.came)
        incremental.keep(known.labels, known.came, np.float32(known.limit), labels, came)
        incremental.fell(
            ground.steps, ground.offsets, ground.shares, wide, labels, came, rays, dearer
        )
        done = known.limit / (2 if task.want >= 0 else 1)
        first = incremental.open_ends(labels, ground.cost, wide, rays, cheaper, done=done)
        cost, ends = dijkstra.run(
            ground, labels, came, rays, first, self._outer(task.goals), task.want, task.bound
        )
        return self._tree(task, labels, came, cost, ends)

    @property
    def _wide(self) -> int:
        """Cells in a row, with the border."""
        return self.grid.shape[1] + 2 * REACH_COLS

    def _tree(
        self,
        task: PathQuery,
        labels: NDArray[np.float32],
        came: NDArray[np.uint8],
        cost: float,
        ends: IntArray,
    ) -> SearchTree:
        rays, wide = self._ends(task.rays), self._wide
        half, back = (
            incremental.trace(came, primitive_steps()[0], rays, wide, n) if n >= 0 else NOWHERE
            for n in ends
        )
        path = np.concatenate([half[::-1], back[1:]])  # they share the cell where they meet
        curve = GridPath(float(cost), path // wide - REACH_ROWS, path % wide - REACH_COLS)
        # Without what the compiled search wants, which would take most of the memory.
        return SearchTree(CostSurface(self.cost, self.grid), task, labels, came, ends, curve)

    def _outer(self, cells: IntArray) -> IntArray:
        """Numbers of cells within the border."""
        rows, cols = np.divmod(cells, self.cost.shape[1])
        return np.asarray((rows + REACH_ROWS) * self._wide + cols + REACH_COLS)

    def _inner(self, cells: BoolArray) -> BoolArray:
        """Cells with the border around them, flat."""
        return np.pad(cells, ((REACH_ROWS, REACH_ROWS), (REACH_COLS, REACH_COLS))).ravel()

    def _ends(self, rays: tuple[Ray, ...]) -> IntArray:
        """Where rays end, within the border."""
        ends = np.array([(ray.row, ray.col) for ray in rays], np.int64).reshape(-1, 2)
        return ends + (REACH_ROWS, REACH_COLS)
