"""Figures of every island set on the coarsened theatre, under one sample of the assumptions.

For one scenario :mod:`okhotsk.assessment.uncertainty` measures the coarsened theatre under each
sample of the assumptions. Here the same figures are found for every island set, with the methods
of :mod:`okhotsk.sweep.engine`, in the form of :mod:`okhotsk.maps.explorer.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okhotsk.assessment import index
from okhotsk.maps.explorer.tables import BlockIndex, Rows, area_tables, passage_tables
from okhotsk.measures import figures
from okhotsk.measures.barrier import SEALS
from okhotsk.raster.arrays import BoolArray, IntArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block
from okhotsk.sweep.enclave_barriers import BarrierFamily, find_barrier_family
from okhotsk.sweep.engine import Sweep
from okhotsk.theatre.model import Theatre

Enclaves = tuple[BoolArray, ...]


def sampled_figures() -> tuple[figures.Figure, ...]:
    """Return the figures that samples need: those of the index, and what they are made of."""
    return figures.with_parts([c.column for c in index.read_recipe().components])


@dataclass(frozen=True)
class Sample:
    """What the figures of every island set follow from.

    Attributes
    ----------
    waters
        From :func:`okhotsk.maps.explorer.tables.area_tables`.
    families
        What makes up each of :data:`okhotsk.measures.barrier.SEALS`, for each kind of island set.
    passages
        From :func:`okhotsk.maps.explorer.tables.passage_tables`.
    """

    assumptions: Assumptions
    waters: Mapping[str, Any]
    families: Mapping[str, Sequence[BarrierFamily]]
    passages: Mapping[str, Rows]


def find_sample(
    coarse: Theatre,
    finer: Theatre,
    blocks: Sequence[Block],
    assumptions: Assumptions,
    *,
    kinds: IntArray,
    enclaves: Sequence[Enclaves],
) -> Sample:
    """Return what the figures of every set of some blocks follow from.

    Parameters
    ----------
    coarse, finer
        The coarsened theatres of barriers and waters, and of passages.
    blocks, assumptions
        What can be ceded, and the sample.
    kinds
        For each island set, in the order of :func:`okhotsk.scenario.island_sets.subsets`, which of
        ``enclaves`` it leaves.
    enclaves
        Cells of each enclave, for each kind of island set
        (:func:`okhotsk.sweep.enclaves.find_enclaves`).
    """
    armed, watched, unwatched = (
        Sweep(theatre, blocks=blocks, assumptions=assumptions, demilitarised=off, workers=1)
        for theatre, off in ((coarse, False), (finer, False), (finer, True))
    )
    block_index = BlockIndex(armed)
    columns = [figure.column for figure in sampled_figures() if figure.rule == "passage"]
    return Sample(
        assumptions=assumptions,
        waters=area_tables(armed.areas.waters(), block_index),
        families={
            name: [
                find_barrier_family(armed.barriers, name, armed.island_sets[kinds == n], own)
                for n, own in enumerate(enclaves)
            ]
            for name in SEALS
        },
        passages=passage_tables(watched, unwatched, columns, block_index),
    )
