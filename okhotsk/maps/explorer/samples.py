"""Figures of every cession on the twin, under one sample of the assumptions.

For one cession :mod:`okhotsk.assessment.uncertainty` measures the twin under each sample of the
assumptions. Here they are found for all cessions, as :mod:`okhotsk.sweep.engine` does on the
theatre, and kept in the form of :mod:`okhotsk.maps.explorer.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okhotsk.maps.explorer.tables import Bits, Rows, find_waters, find_way
from okhotsk.measures.barrier import LINES
from okhotsk.raster.arrays import BoolArray, IntArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block
from okhotsk.sweep.enclave_barriers import BarrierFamily, find_fence
from okhotsk.sweep.engine import EXPOSURES, Sweep
from okhotsk.theatre.model import Theatre

Pockets = tuple[BoolArray, ...]

UNARMED = "unarmed"  # the way out where no forces may stand on what is handed over


@dataclass(frozen=True)
class Sample:
    """What the figures of every cession follow from.

    Attributes
    ----------
    waters
        From :func:`okhotsk.maps.explorer.tables.find_waters`.
    lines
        What makes up either line, for each kind of cession.
    ways
        Rows of cost, pieces and figure, as :func:`okhotsk.maps.explorer.tables.find_way`; by
        column, and :data:`UNARMED`.
    """

    assumptions: Assumptions
    waters: Mapping[str, Any]
    lines: Mapping[str, Sequence[BarrierFamily]]
    ways: Mapping[str, Rows]


def find_sample(
    twin: Theatre,
    pieces: Sequence[Block],
    assumptions: Assumptions,
    *,
    kinds: IntArray,
    pockets: Sequence[Pockets],
) -> Sample:
    """Return what the figures of every cession of some pieces follow from.

    Parameters
    ----------
    twin, pieces, assumptions
        The coarse theatre, what can be handed over, and the sample.
    kinds
        For each cession, in the order of :func:`okhotsk.scenario.island_sets.subsets`, which of
        ``pockets`` it leaves.
    pockets
        Cells of each closed water that lies cut off, for each kind of cession
        (:func:`okhotsk.sweep.enclaves.find_enclaves`).
    """
    armed, unarmed = (
        Sweep(twin, pieces=pieces, assumptions=assumptions, demilitarised=off, workers=1)
        for off in (False, True)
    )
    bits = Bits(armed)
    ways = {name: find_way(armed, name, bits) for name in EXPOSURES}
    return Sample(
        assumptions,
        find_waters(armed, bits),
        {
            name: [
                find_fence(armed, name, armed.chosen[kinds == n], own)
                for n, own in enumerate(pockets)
            ]
            for name in LINES
        },
        ways | {UNARMED: find_way(unarmed, EXPOSURES[0], bits)},
    )
