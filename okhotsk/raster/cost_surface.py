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

STORED = ("reached", "labels", "came", "cost", "ends")  # of a search on disk


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
    """

    starts: IntArray
    goals: IntArray = field(default_factory=lambda: NOWHERE)
    rays: tuple[Ray, ...] = ()
    want: int = -1
    bound: float = np.inf


@dataclass(frozen=True)
class SearchTree:
    """A finished search, from which one over a similar surface can go on.

    ``labels`` are the least costs of all states it came to, ``came`` the steps that led to them,
    ``ends`` the last states of what it found.
    """

    surface: CostSurface
    query: PathQuery
    labels: NDArray[np.float32]
    came: NDArray[np.uint8]
    ends: IntArray
    curve: GridPath

    @property
    def limit(self) -> float:
        """Cost that the search found, or its bound: it looked no further."""
        return min(self.curve.cost, self.query.bound)


@dataclass(frozen=True)
class CostSurface:
    """What a search runs over: cost per km in each cell; 0 is free, ``inf`` closed."""

    cost: NDArray[np.float32]
    grid: Grid

    @classmethod
    def of(cls, cost: NDArray[np.floating], grid: Grid) -> CostSurface:
        """Surface of any costs, of which it keeps a copy."""
        return cls(np.array(cost, np.float32), grid)

    def crop(self, window: tuple[slice, slice]) -> CostSurface:
        """Part of the surface."""
        return CostSurface.of(self.cost[window], self.grid.crop(*window))

    @cached_property
    def bordered(self) -> dijkstra.SearchGrid:
        """The surface as the compiled search wants it."""
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

    def loop(
        self, starts: IntArray, rays: tuple[Ray, ...], want: int, *, bound: float = np.inf
    ) -> GridPath:
        """Cheapest path from a start to a start that crosses the rays with the parities wanted."""
        return self.solve(PathQuery(starts, rays=rays, want=want, bound=bound)).curve

    def solve(self, query: PathQuery, *, baseline: SearchTree | None = None) -> SearchTree:
        """Search; on from a baseline, which is a search for the same over a similar surface."""
        if baseline is None or not self._resembles(query, baseline):
            return self._search(query)
        dearer = self._inner(self.cost > baseline.surface.cost)
        cheaper = self._inner(self.cost < baseline.surface.cost)
        if not cheaper.any() and self._has_goals(query, baseline):
            if query.bound <= baseline.limit:
                none = GridPath(np.inf, NOWHERE, NOWHERE)
                return replace(baseline, query=query, ends=np.full(2, -1), curve=none)
            if self._stands(query, baseline, dearer):
                return baseline
        return self._mend(query, baseline, dearer, cheaper)

    def _resembles(self, query: PathQuery, baseline: SearchTree) -> bool:
        """Whether a baseline began at the same cells and counted the same."""
        same = self.grid == baseline.surface.grid and query.rays == baseline.query.rays
        same &= query.want == baseline.query.want and len(query.starts) > 0
        return same and np.array_equal(query.starts, baseline.query.starts)

    def _has_goals(self, query: PathQuery, baseline: SearchTree) -> bool:
        """Whether a baseline had all goals of a query."""
        goals = np.zeros(self.cost.size, bool)
        goals[baseline.query.goals] = True
        return bool(goals[query.goals].all())

    def _stands(self, query: PathQuery, baseline: SearchTree, dearer: BoolArray) -> bool:
        """Whether what was found is still the cheapest where nothing has become cheaper."""
        if baseline.ends[0] < 0:
            return False
        (steps, cells, shares), wide = primitive_steps(), self._wide
        offsets, rays = cells @ np.array([wide, 1]), self._ends(query.rays)
        walk = (steps, offsets, shares, baseline.came)
        return bool(
            baseline.curve.cost < query.bound
            and (query.want >= 0 or (query.goals == self._last(baseline.curve)).any())
            and all(
                incremental.stands(*walk, rays, wide, n, dearer) for n in baseline.ends if n >= 0
            )
        )

    def _last(self, curve: GridPath) -> int:
        return int(curve.rows[-1] * self.cost.shape[1] + curve.cols[-1])

    def _search(self, query: PathQuery) -> SearchTree:
        labels, came = self.blank(query)
        cost, ends = dijkstra.search(
            self.bordered,
            labels,
            came,
            self._ends(query.rays),
            self._outer(query.starts),
            self._outer(query.goals),
            query.want,
            query.bound,
        )
        return self.tree(query, labels, came, cost, ends)

    def blank(self, query: PathQuery) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Labels and steps of a search that has come to nothing."""
        # Not in the compiled part either, for the same reason as in search.find_extremes.
        states = (self.grid.shape[0] + 2 * REACH_ROWS) * self._wide << len(query.rays)
        return np.full(states, np.inf, np.float32), np.full(states, dijkstra.NONE, np.uint8)

    def _mend(
        self, query: PathQuery, baseline: SearchTree, dearer: BoolArray, cheaper: BoolArray
    ) -> SearchTree:
        """Search on from a search from the same starts.

        Labels stand whose paths cross nothing dearer; the search goes on from the edge of the
        rest, from what it had not come to, and from the surroundings of what is cheaper.
        """
        grid, rays, wide = self.bordered, self._ends(query.rays), self._wide
        # Dearer ways than the one found were left out, so that such labels may not be the least.
        labels, came = np.empty_like(baseline.labels), np.empty_like(baseline.came)
        incremental.keep(baseline.labels, baseline.came, np.float32(baseline.limit), labels, came)
        incremental.fell(grid.steps, grid.offsets, grid.shares, wide, labels, came, rays, dearer)
        done = baseline.limit / (2 if query.want >= 0 else 1)
        first = incremental.open_ends(labels, grid.cost, wide, rays, cheaper, done=done)
        cost, ends = dijkstra.run(
            grid, labels, came, rays, first, self._outer(query.goals), query.want, query.bound
        )
        return self.tree(query, labels, came, cost, ends)

    @property
    def _wide(self) -> int:
        """Cells in a row, with the border."""
        return self.grid.shape[1] + 2 * REACH_COLS

    def tree(
        self,
        query: PathQuery,
        labels: NDArray[np.float32],
        came: NDArray[np.uint8],
        cost: float,
        ends: IntArray,
    ) -> SearchTree:
        """The finished search of some labels, with the path to its ends."""
        rays, wide = self._ends(query.rays), self._wide
        half, back = (
            incremental.trace(came, primitive_steps()[0], rays, wide, n) if n >= 0 else NOWHERE
            for n in ends
        )
        path = np.concatenate([half[::-1], back[1:]])  # they share the cell where they meet
        curve = GridPath(float(cost), path // wide - REACH_ROWS, path % wide - REACH_COLS)
        # Without what the compiled search wants, which would take most of the memory.
        return SearchTree(CostSurface(self.cost, self.grid), query, labels, came, ends, curve)

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


@dataclass(frozen=True)
class PathProblem:
    """A query on a cost surface: all that a search follows from."""

    surface: CostSurface
    query: PathQuery

    def solve(self, baseline: SearchTree | None = None) -> SearchTree:
        """Search, as :meth:`CostSurface.solve`."""
        return self.surface.solve(self.query, baseline=baseline)


def recall_search(problem: PathProblem) -> SearchTree:
    """Return the search of a problem from disk, or search from scratch and keep it there."""
    surface, query = problem.surface, problem.query
    asked = f"{surface.grid} {query.rays} {query.want} {query.bound}"
    path = kept_at("search", __name__, asked, surface.cost, query.starts, query.goals)

    def find() -> dict[str, NDArray[Any]]:
        tree = problem.solve()
        reached = tree.labels < np.inf
        return {
            "reached": np.packbits(reached),
            "labels": tree.labels[reached],
            "came": tree.came[reached],
            "cost": np.array(tree.curve.cost),
            "ends": tree.ends,
        }

    stored = recall(path, find, names=STORED)
    labels, came = surface.blank(query)
    reached = np.unpackbits(stored["reached"], count=len(labels)).view(bool)
    labels[reached], came[reached] = stored["labels"], stored["came"]
    return surface.tree(query, labels, came, float(stored["cost"]), stored["ends"])
