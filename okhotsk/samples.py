"""Figures of every cession on the twin, under one sample of the assumptions.

For one cession :mod:`okhotsk.uncertainty` measures the twin under each sample of the assumptions.
Here they are found for all cessions, as :mod:`okhotsk.sweep` does on the theatre, and kept in the
form of :mod:`okhotsk.answers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.answers import Bits, Rows, find_waters, find_way
from okhotsk.assumptions import Assumptions
from okhotsk.cessions import Piece, subsets
from okhotsk.links import Links, find_links
from okhotsk.seal import LINES
from okhotsk.sweep import Sweep
from okhotsk.theatre import Theatre

BoolArray = NDArray[np.bool_]

WAYS = ("egress_exposure", "intruder_exposure")
UNARMED = "unarmed"  # the way out where no forces may stand on what is handed over


@dataclass(frozen=True)
class Sample:
    """What the figures of every cession follow from.

    Attributes
    ----------
    waters
        From :func:`okhotsk.answers.find_waters`.
    lines
        Links of either line.
    ways
        Rows of cost, pieces and figure, as :func:`okhotsk.answers.find_way`; by column, and
        :data:`UNARMED`.
    """

    assumptions: Assumptions
    waters: Mapping[str, Any]
    lines: Mapping[str, Links]
    ways: Mapping[str, Rows]


def find_sample(
    twin: Theatre, pieces: Sequence[Piece], assumptions: Assumptions, *, alone: BoolArray
) -> Sample:
    """Return what the figures of every cession of some pieces follow from.

    ``alone`` marks those, in the order of :func:`okhotsk.cessions.subsets`, that leave closed
    water cut off: they are left out, for their lines need rings.
    """
    armed, unarmed = (
        Sweep(
            twin, pieces=pieces, chosen=subsets(pieces)[~alone], assumptions=assumptions,
            demilitarised=off, workers=1,
        )
        for off in (False, True)
    )  # fmt: skip
    bits = Bits(armed)
    ways = {name: find_way(armed, name, bits) for name in WAYS}
    return Sample(
        assumptions,
        find_waters(armed, bits),
        {name: _links(armed, name) for name in LINES},
        ways | {UNARMED: find_way(unarmed, WAYS[0], bits)},
    )


def _links(sweep: Sweep, name: str) -> Links:
    """Links of a line on cells so coarse that lines join in open water."""
    return find_links(
        sweep.chart(name), sweep.chosen, sweep.gates[name].costs(sweep.chosen),
        lambda chosen: sweep.line(name, chosen), everywhere=True,
    )  # fmt: skip
