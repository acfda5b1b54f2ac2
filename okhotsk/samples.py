"""Lines and ways of the twin under one sample of the assumptions, gathered for every cession.

For one cession :mod:`okhotsk.uncertainty` measures the twin under each sample of the assumptions.
What that finds for all cessions is made of few stretches of line and few ways, as on the theatre
(:mod:`okhotsk.links`, :mod:`okhotsk.ways`). Here they are gathered from cessions solved one at a
time, first the plain ones, then at random, until many in a row bring nothing new. That no other
line or way is ever better is then not proven, unlike on the theatre. Where there are few cessions
each of them is solved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk import cut
from okhotsk.answers import Bits, find_waters
from okhotsk.cessions import Piece, unit_sets
from okhotsk.coast import FIXED_HOLDERS
from okhotsk.distance import nearest_km
from okhotsk.links import ROUNDING, Link, Links
from okhotsk.routes import TIE_PER_KM, exposure_per_km
from okhotsk.seal import LINES
from okhotsk.sweep import Sweep
from okhotsk.uncertainty import SEED

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ENOUGH = 60  # cessions in a row that bring nothing new
MOST = 300  # cessions solved for one figure of one sample; where there are no more, all are
OUT, IN = "egress_exposure", "intruder_exposure"
RUSSIA, JAPAN = -2, -1  # rows of lookouts that no cession moves, behind those of the pieces


@dataclass(frozen=True)
class Course:
    """A way that some cession takes.

    Attributes
    ----------
    cells, km
        Flat numbers of the cells it runs through, and how far in each.
    closers
        Pieces whose waters bar it: once handed over for a Russian boat, while kept for others.
    """

    cells: IntArray
    km: FloatArray
    closers: int


class Sample:
    """The twin under one sample of the assumptions."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep, self.bits, self.values = sweep, Bits(sweep), sweep.ground.assumptions
        self.all = (1 << len(sweep.pieces)) - 1

    def lines(self, name: str, sets: Iterable[int]) -> Links:
        """Links of a line that bring nothing new for many cessions."""
        chart = self.sweep.chart(name)
        found: list[Link] = chart.touching() + chart.split(
            self.sweep.line(name, 0), everywhere=True
        )
        links = [Links.cheapest(found)]

        def learn(chosen: int) -> bool:
            try:
                curve = self.sweep.line(name, chosen)
            except ValueError:  # no line can be drawn: no chain of links will either
                return True
            known = links[0].costs(np.array([chosen], np.uint64))[0]
            if known <= curve.cost * (1 + ROUNDING):
                return True
            found.extend(chart.split(curve, everywhere=True))
            links[0] = Links.cheapest(found)
            return False

        _until_enough(sets, learn)
        return links[0].contracted()

    def courses(self, name: str, sets: Iterable[int]) -> list[Course]:
        """Courses of a way that bring nothing new for many cessions, armed and not."""
        found: dict[bytes, Course] = {}

        def learn(chosen: int) -> bool:
            return all([self._learn(name, found, chosen, armed) for armed in _ARMED[name]])

        _until_enough(sets, learn)
        return list(found.values())

    def _learn(self, name: str, found: dict[bytes, Course], chosen: int, armed: bool) -> bool:
        """Solve one cession, and keep its course if none that is known is as good."""
        eyes, open_cells = self._eyes(name, chosen, armed), self._open(name, chosen)
        per_km = exposure_per_km(self.sight_km[eyes].min(axis=0), self.values.sensor_range_km)
        cost = np.where(open_cells, per_km.reshape(open_cells.shape) + TIE_PER_KM, np.inf)
        ground = self.sweep.ground
        ends = (ground.core, ground.pacific) if name == OUT else (ground.pacific, ground.core)
        start, goal = (end & open_cells for end in ends)
        today = ground.known(name.removesuffix("_exposure"))
        curve = cut.find_crossing(cost, ground.theatre.grid, start, goal, known=today).curve
        taken = chosen if name == OUT else self.all & ~chosen
        known = [
            float(((per_km[c.cells] + TIE_PER_KM) * c.km).sum())
            for c in found.values()
            if not c.closers & taken
        ]
        if min(known, default=np.inf) <= curve.cost * (1 + ROUNDING):
            return True
        course = self._course(name, curve)
        found[course.cells.tobytes()] = course
        return False

    def _eyes(self, name: str, chosen: int, armed: bool) -> list[int]:
        """Rows of :attr:`sight_km` that look out for the other side."""
        looking = (chosen if armed else 0) if name == OUT else self.all & ~chosen
        own = [n for n in range(len(self.sweep.pieces)) if looking >> n & 1]
        return [*own, JAPAN if name == OUT else RUSSIA]

    def _open(self, name: str, chosen: int) -> BoolArray:
        """Cells that a boat may enter submerged."""
        ways, units = self.sweep.ways, int(unit_sets(np.array([chosen], np.uint64), self.pieces)[0])
        if name == OUT:
            return self.sweep.ground.deep & ~ways.closed_to_russia(units)
        return self.sweep.ground.deep & ~ways.closed_to_others(ways.everything & ~units)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the chain."""
        return self.sweep.pieces

    @cached_property
    def sight_km(self) -> NDArray[np.float32]:
        """Distance at which each piece, and what is never handed over, sees each cell."""
        seen, shape = self.sweep.ground.seen, self.sweep.theatre.grid.shape
        own = {unit for piece in self.pieces for unit in piece.units}
        fixed = {
            holder: [u for u in seen if FIXED_HOLDERS.get(u, "RU") == holder and u not in own]
            for holder in ("RU", "JP")
        }
        groups = [*(piece.units for piece in self.pieces), fixed["RU"], fixed["JP"]]
        rows = [nearest_km((seen[unit] for unit in units), shape).ravel() for units in groups]
        return np.stack(rows)

    def _course(self, name: str, curve: cut.Curve) -> Course:
        grid = self.sweep.theatre.grid
        under, km = cut.stretches(curve, grid)
        cells, which = np.unique(under, return_inverse=True)
        ways = self.sweep.ways
        closers = ways.closers_japanese if name == OUT else ways.closers_russian
        bars = self.bits.touched(ways.closing(curve, closers))
        return Course(cells, np.bincount(which, km).astype(float), bars)


# Russian boats are seen from what is handed over only where forces stand there.
_ARMED: Mapping[str, tuple[bool, ...]] = MappingProxyType({OUT: (True, False), IN: (True,)})


def _until_enough(sets: Iterable[int], learn: Callable[[int], bool]) -> None:
    """Learn from all of few cessions, or of many until a lot in a row bring nothing new."""
    row, enough = 0, math.inf if isinstance(sets, Collection) else ENOUGH
    for count, chosen in enumerate(sets, 1):
        row = row + 1 if learn(chosen) else 0
        if row >= enough or count == MOST:
            return


def _cases(count: int, alone: BoolArray) -> Iterable[int]:
    """All cessions where they are few, else some of them without end."""
    few = len(alone) <= MOST
    return np.flatnonzero(~alone).tolist() if few else _some_cases(count, alone)


def _some_cases(count: int, alone: BoolArray) -> Iterator[int]:
    """Nothing, each piece, the steps up the chain, and random sets of all sizes without end."""
    rng, bits = np.random.default_rng(SEED), 1 << np.arange(count)
    plain = [0, *(1 << n for n in range(count)), *((1 << n) - 1 for n in range(2, count + 1))]
    yield from (chosen for chosen in plain if not alone[chosen])
    while True:
        chosen = int((rng.random(count) < rng.random()) @ bits)
        if not alone[chosen]:
            yield chosen


@dataclass(frozen=True)
class Found:
    """What one sample brought."""

    sample: Sample
    waters: Mapping[str, Any]
    lines: Mapping[str, Links]
    courses: Mapping[str, Sequence[Course]]


def gather(sweep: Sweep, alone: BoolArray) -> Found:
    """Gather what one sample brings; ``alone`` are cessions that leave closed water cut off."""
    sample, count = Sample(sweep), len(sweep.pieces)
    return Found(
        sample,
        find_waters(sweep, sample.bits),
        {name: sample.lines(name, _cases(count, alone)) for name in LINES},
        {name: sample.courses(name, _cases(count, alone)) for name in (OUT, IN)},
    )
