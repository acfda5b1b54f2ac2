"""The seal line of every cession: least costs handed on from gate to gate along the chain.

Gates are straight lines across the chain. What a line has cost when it comes to a gate depends
only on the pieces of the chain on this side of it, so costs are worked out for every combination
of pieces from one end of the chain to a gate in its middle, and from the other end likewise. The
least cost for any cession is then the least sum of the two at that gate.

The answer is that of :func:`okhotsk.raster.planar_cut.cheapest_enclosure`, to rounding, unless the
best line turns back across a gate by more than :data:`MARGIN_KM`, other than through water that no
piece closes all the way from end to end, or runs through water north of the core;
``tests/sweep/test_engine.py`` compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray, Float32Array, FloatArray, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.sweep.allocation import ANY
from okhotsk.sweep.strip_graph import BarrierDomain, find_strip_graph

MARGIN_KM = 100.0
RELAY = ("passed", "sets", "state", "costs")


@dataclass(frozen=True)
class Relay:
    """Costs at a gate for combinations of the pieces passed so far.

    Attributes
    ----------
    passed
        These pieces, as a set.
    sets
        Combinations of them, ascending.
    state
        Row of ``costs`` for each combination.
    costs
        Least cost from the end of the chain to every cell of the gate.
    """

    passed: np.uint64
    sets: SetArray
    state: IntArray
    costs: Float32Array

    def with_piece(self, piece: int, wanted: SetArray) -> Relay:
        """The same costs for the combinations with one more piece that are wanted."""
        passed = self.passed | np.uint64(1 << piece)
        sets = np.unique(wanted & passed)
        return Relay(passed, sets, self.place(sets), self.costs)

    def place(self, chosen: SetArray) -> IntArray:
        """Row of ``costs`` for each of some sets of pieces."""
        return self.state[np.searchsorted(self.sets, chosen & self.passed)]


@dataclass(frozen=True)
class TransferCosts:
    """The least cost of a line for combinations of some pieces of the chain.

    Attributes
    ----------
    west, east
        Costs at the gate in the middle, from either end of the chain.
    free
        Least cost of a line that nothing handed over can close; it may pass no gate. By the rays
        of the ground that it crosses an odd number of times (bits).
    """

    ARRAYS: ClassVar[tuple[str, ...]] = (
        *(f"{side}_{name}" for side in ("west", "east") for name in RELAY),
        "free",
    )

    west: Relay
    east: Relay
    free: FloatArray

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> TransferCosts:
        """Gates from what :meth:`arrays` returned."""
        columns = [arrays[name] for name in cls.ARRAYS]
        west, east = (Relay(np.uint64(c[0]), *c[1:]) for c in (columns[:4], columns[4:8]))
        return cls(west, east, columns[8])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is known, as plain arrays."""
        relays = (self.west, self.east)
        values = [getattr(relay, name) for relay in relays for name in RELAY]
        known = zip(self.ARRAYS, [*values, self.free], strict=True)
        return {name: np.asarray(value) for name, value in known}

    def costs(self, chosen: SetArray, *, odd: int = 0, workers: int = 1) -> FloatArray:
        """Return the least cost of a line for some sets of pieces (bits in their order).

        ``odd`` are the rays of the ground that it is to cross an odd number of times (bits).
        """
        rows, size = self.east.costs.shape
        sheets = self.east.costs.reshape(rows, len(self.free), size // len(self.free))
        east = sheets[:, np.arange(len(self.free)) ^ odd].reshape(rows, size)
        places = [relay.place(chosen) for relay in (self.west, self.east)]
        pairs, which = np.unique(places[0] << 32 | places[1], return_inverse=True)
        with ThreadPoolExecutor(workers) as pool:
            shares = np.array_split(pairs, workers)
            sums = pool.map(lambda share: _least_sums(self.west.costs, east, share), shares)
            least = np.concatenate(list(sums))[which].astype(float)
        return np.asarray(np.minimum(least, self.free[odd]))


def find_transfer_costs(
    ground: BarrierDomain,
    pieces: Sequence[int],
    *,
    sets: SetArray,
    bound: float = np.inf,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> TransferCosts:
    """Return the gates of a ground.

    Parameters
    ----------
    ground
        Where lines may run.
    pieces
        Sets of units that are handed over together.
    sets
        Sets of pieces that will be asked for (bits in their order).
    bound
        A cost that no line exceeds.
    workers
        Threads; the costs do not depend on their number.
    progress
        Called with the number of gates passed and of all.
    """
    rest = [_rest(replace(ground, rays=()), ends, bound)[0] for ends in ground.ends]
    safe = replace(ground, cost=np.where(ground.shuts == 0, ground.cost, np.float32(np.inf)))
    free = _rest(safe, ground.ends[0], bound)[:, ground.ends[1]].min(axis=1, initial=np.inf)
    # Where no line below the bound can run is not looked at again.
    useful = rest[0] + rest[1] <= bound
    ground = replace(ground, cost=np.where(useful, ground.cost, np.float32(np.inf)))
    spans = [_span(ground, units) for units in pieces]
    step_km = _step_km(ground)
    margin_km = step_km + MARGIN_KM
    middle_km = _middle_km(spans, step_km + margin_km)
    begin_km = middle_km - step_km
    gate = _band(ground, ground.along_km, middle_km, step_km)
    back = [(-high, -low) for low, high in spans]
    tell = _Count(2 * len(pieces), progress)
    west, east = (
        _Course(
            replace(ground, along_km=sign * ground.along_km),
            ends,
            sign_spans,
            tuple(pieces),
            sets,
            rest_on,
            gate,
            margin_km,
            step_km,
            bound,
            workers,
            tell,
        ).run(*gate_km)
        for sign, ends, sign_spans, gate_km, rest_on in (
            (1, ground.ends[0], spans, (begin_km, middle_km), rest[1]),
            (-1, ground.ends[1], back, (-middle_km, margin_km - begin_km), rest[0]),
        )
    )
    return TransferCosts(west, east, free.astype(float))


class _Count:
    """Counts steps aloud."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def step(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(min(self.done, self.total), self.total)


@dataclass(frozen=True)
class _Course:
    """One way along the chain, towards the middle gate, in the sense of growing ``along_km``.

    ``rest`` is what a line costs at least from each cell to its other end.
    """

    ground: BarrierDomain
    ends: BoolArray
    spans: Sequence[tuple[float, float]]
    pieces: tuple[int, ...]
    sets: SetArray
    rest: Float32Array
    gate: BoolArray
    margin_km: float
    step_km: float
    bound: float
    workers: int
    count: _Count

    def run(self, begin_km: float, goal_km: float) -> Relay:
        """Hand costs on to the gate.

        It begins at ``begin_km``; lines may run as far as ``goal_km`` before they come to it.
        """
        spans, along_km = self.spans, self.ground.along_km
        order = sorted((n for n, s in enumerate(spans) if s[0] <= goal_km), key=lambda n: spans[n])
        relay = Relay(
            ANY, np.zeros(1, np.uint64), np.zeros(1, np.int64), np.empty((1, 0), np.float32)
        )
        at_km, entry = -np.inf, np.zeros(along_km.shape, bool)
        for piece in (*order, None):
            to_km = goal_km if piece is None else spans[piece][0] - 1e-3
            if piece is None or at_km < to_km <= begin_km:
                exits = self.gate
                if piece is not None:
                    exits = _band(self.ground, along_km, to_km, self.step_km)
                relay = self._advance(relay, (entry, exits), at_km - self.margin_km, to_km)
                at_km, entry = to_km, exits
            if piece is not None:
                relay = relay.with_piece(piece, self.sets)
            self.count.step()
        return relay

    def _advance(
        self, relay: Relay, gates: tuple[BoolArray, BoolArray], back_km: float, to_km: float
    ) -> Relay:
        """Pass every state on under every combination of the pieces that matter here."""
        inside = (self.ground.along_km >= back_km) & (self.ground.along_km <= to_km)
        sector = find_strip_graph(self.ground, inside, gates, self.ends, self.rest)
        active = sum(1 << n for n, span in enumerate(self.spans) if span[1] >= back_km)
        here = relay.sets & np.uint64(active)
        both = np.stack([relay.state.astype(np.uint64), here])
        runs, which = np.unique(both, axis=1, return_inverse=True)

        def run(number: int) -> Float32Array:
            before, chosen = (int(n) for n in runs[:, number])
            ceded = sum(units for n, units in enumerate(self.pieces) if chosen >> n & 1)
            return sector.pass_on(relay.costs[before], ceded, self.bound)

        with ThreadPoolExecutor(self.workers) as pool:
            found = np.stack(list(pool.map(run, range(runs.shape[1]))))
        costs, same = np.unique(found, axis=0, return_inverse=True)
        return replace(relay, state=same.ravel()[which.ravel()], costs=costs)


def _rest(ground: BarrierDomain, ends: BoolArray, bound: float) -> Float32Array:
    """Least cost of a line between each cell and an end, with nothing handed over, by sheet."""
    everywhere, nowhere = np.ones(ends.shape, bool), np.zeros(ends.shape, bool)
    nothing = np.zeros(ends.shape, np.float32)
    sector = find_strip_graph(ground, everywhere, (nowhere, everywhere), ends, nothing)
    sheets = 1 << len(ground.rays)
    costs = np.full((sheets, *ends.shape), np.inf, np.float32)
    found = sector.pass_on(np.empty(0, np.float32), 0, bound)
    costs[:, np.isfinite(ground.cost)] = found.reshape(sheets, -1)
    costs[0, ends] = 0
    return costs


def _span(ground: BarrierDomain, units: int) -> tuple[float, float]:
    """How far along the chain a piece closes cells, least and greatest."""
    own = (ground.shuts & np.uint64(units) != 0) & np.isfinite(ground.cost)
    along_km = ground.along_km[own]
    return (float(along_km.min()), float(along_km.max())) if along_km.size else (np.inf, -np.inf)


def _middle_km(spans: Sequence[tuple[float, float]], back_km: float) -> float:
    """Where the fewest combinations must be known from both ends together."""
    gates = [low - 1e-3 for low, high in spans if low <= high] or [0.0]
    sizes = [
        2.0 ** sum(low <= gate for low, _ in spans)
        + 2.0 ** sum(high >= gate - back_km for _, high in spans)
        for gate in gates
    ]
    return gates[int(np.argmin(sizes))]


def _step_km(ground: BarrierDomain) -> float:
    """How far along the chain one step reaches at most: the thickness of a gate."""
    across, down = (abs(np.diff(ground.along_km, axis=n)[0, 0]) for n in (1, 0))
    return float(planar_cut.REACH_COLS * across + planar_cut.REACH_ROWS * down) * 1.01


def _band(ground: BarrierDomain, along_km: Float32Array, to_km: float, step_km: float) -> BoolArray:
    """Cells of the gate that ends at a distance along the chain."""
    return np.isfinite(ground.cost) & (along_km <= to_km) & (along_km >= to_km - step_km)


@kernel
def _least_sums(west, east, pairs):  # type: ignore[no-untyped-def]
    """Least sum of two rows of costs, for pairs of row numbers (high and low half)."""
    least = np.empty(len(pairs), np.float32)
    for n in range(len(pairs)):
        one, other = west[pairs[n] >> 32], east[pairs[n] & 0xFFFFFFFF]
        best = np.float32(np.inf)
        for k in range(len(one)):
            best = min(best, one[k] + other[k])
        least[n] = best
    return least
