"""Lines of all cessions that leave the same closed water cut off: a main line, and rings.

The main line may take such water in, and then it costs a ring as well; or it may leave it out.
Main lines are priced for either, by the rays that they cross
(:class:`okhotsk.sweep.strip_graph.Context`). What a ring costs only rises with what is handed over,
so few of them are solved (:mod:`okhotsk.sweep.subset_bounds`). Every cession of a kind has the same
water cut off, and only that: so whatever a line or a ring of one goes round, it goes round under
another that leaves it open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from okhotsk.raster import planar_cut, stencil
from okhotsk.raster.arrays import BoolArray, FloatArray, SetArray
from okhotsk.raster.cost_surface import CostSurface
from okhotsk.scenario.island_sets import block_units, unit_sets
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.segments import Segments, find_segments
from okhotsk.sweep.subset_bounds import Bounds, Solution, pareto_minimal


@dataclass(frozen=True)
class Ring:
    """Rings that a line needs in addition to its main curve.

    Attributes
    ----------
    inside
        Which of the waters cut off the main curve takes in (bits).
    cost
        What rings round these cost.
    closers
        Pieces of the chain that bar them (bits).
    """

    inside: int
    cost: float
    closers: int


@dataclass(frozen=True)
class BarrierFamily:
    """What makes up a line of every cession that leaves the same water cut off.

    Attributes
    ----------
    count
        How many waters lie cut off.
    links
        Links of the main curve; ray n belongs to the n-th of these waters.
    rings
        All rings, the cheapest first; one that costs nothing where the main curve takes none in.
    """

    count: int
    links: Segments
    rings: tuple[Ring, ...]

    def costs(self, sets: SetArray) -> FloatArray:
        """Return the cost of the line for some sets of pieces."""
        mains = self.links.costs_by_side(sets, rays=self.count)
        least = np.full(len(sets), np.inf)
        for ring in self.rings:
            stands = sets & np.uint64(ring.closers) == 0
            least[stands] = np.minimum(least, mains[:, ring.inside] + ring.cost)[stands]
        return least


def find_fence(
    sweep: Sweep, name: str, chosen: SetArray, pockets: tuple[BoolArray, ...]
) -> BarrierFamily:
    """Return what makes up a line of some cessions of one kind.

    Parameters
    ----------
    sweep
        Where they are cessions of.
    name
        One of :data:`okhotsk.measures.barrier.LINES`.
    chosen
        The cessions, as sets of pieces.
    pockets
        Cells of each water that they leave cut off (:func:`okhotsk.sweep.enclaves.find_enclaves`).
    """
    if len(pockets) > planar_cut.MAX_PIECES:  # no line is sought there
        return BarrierFamily(0, Segments(()), ())
    rays = tuple(_southernmost(cells) for cells in pockets)
    gates = sweep.find_transfer_costs(name, chosen, rays=rays)
    sides = [gates.costs(chosen, odd=odd) for odd in range(1 << len(rays))]
    known = [_Rings(sweep, name, pockets, n).bounds(chosen) for n in range(1, len(sides))]
    more = np.stack([np.zeros(len(chosen)), *(found.costs for found in known)], axis=1)
    links = find_segments(
        sweep.chart(name, rays),
        chosen,
        (np.stack(sides, axis=1) + more).min(axis=1),
        lambda ceded: sweep.line(name, ceded),
        everywhere=True,
        rings=more,
    )
    own = block_units(sweep.pieces)
    rings = [
        Ring(inside, found.cost, sum(1 << n for n, units in enumerate(own) if units & found.needs))
        for inside, bounds in enumerate(known, 1)
        for found in bounds.found
        if np.isfinite(found.cost)
    ]
    best = sorted([Ring(0, 0.0, 0), *rings], key=lambda r: (r.cost, r.inside, r.closers))
    useful = pareto_minimal(best, lambda ring: ring.closers, lambda ring: ring.inside)
    return BarrierFamily(len(rays), links, tuple(useful))


def _southernmost(cells: BoolArray) -> tuple[int, int]:
    row, col = np.argwhere(cells)[-1]
    return int(row), int(col)


@dataclass(frozen=True)
class _Rings:
    """The search for rings round some waters that lie cut off (``inside``, bits)."""

    sweep: Sweep
    name: str
    pockets: tuple[BoolArray, ...]
    inside: int

    def bounds(self, chosen: SetArray) -> Bounds:
        """Cheapest rings for some sets of pieces."""
        pieces = self.sweep.pieces
        found = Bounds(unit_sets(chosen, pieces), self.solve, groups=block_units(pieces))
        found.settle(np.arange(len(chosen)))
        return found

    def solve(self, ceded: int) -> Solution:
        """Cheapest rings when some units are handed over, and what bars them."""
        ground, regions = self.sweep.ground, self.sweep.regions
        closed = np.logical_or.reduce([regions.closed_to_seal(ceded), *self.pockets])
        cost = np.where(closed | ground.core, np.inf, ground.line_costs[self.name])
        curves = _round(CostSurface.of(cost, self.sweep.theatre.grid), ground.core, self)
        total = float(sum(curve.cost for curve in curves))
        if not np.isfinite(total):
            return Solution(ceded, np.inf, 0, np.inf)
        closers = [regions.shuts[stencil.crossed(curve)] for curve in curves]
        needs = int(np.bitwise_or.reduce(np.concatenate(closers))) & ~ceded
        return Solution(ceded, total, needs, total)


def _round(
    terrain: CostSurface, core: BoolArray, sought: _Rings
) -> tuple[planar_cut.GridPath, ...]:
    """The curves that a single cheapest enclosure would draw round these waters."""
    pockets = sought.pockets
    rays = tuple(planar_cut.find_ray(cells) for cells in (core, *pockets))

    @cache
    def ring(bits: int) -> planar_cut.GridPath:
        cells = [pocket for n, pocket in enumerate(pockets, 1) if bits >> n & 1]
        return planar_cut.find_ring(terrain, np.logical_or.reduce(cells), rays, bits, bound=np.inf)

    return planar_cut.find_rings(sought.inside << 1, ring)
