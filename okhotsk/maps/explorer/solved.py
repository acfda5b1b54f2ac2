"""Everything about all island sets that takes long, solved once and kept as one answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import uncertainty
from okhotsk.cache import kept_at, read_arrays, recall
from okhotsk.maps.explorer.intervals import interval_tables, known, weighting_tables
from okhotsk.maps.explorer.tables import find_answers
from okhotsk.measures.barrier import SEALS
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.island_sets import Block, prefixes, read_blocks
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.passage_bounds import Progress
from okhotsk.sweep.segments import Segments
from okhotsk.theatre.model import Theatre

TEXTS = ("tables", "frontier")
SPREAD = "spread_"


@dataclass(frozen=True)
class Solved:
    """What every figure of every set of some blocks follows from.

    Attributes
    ----------
    tables
        From :func:`okhotsk.maps.explorer.tables.find_answers`.
    frontier
        For ``armed`` and ``unarmed``: land (km2) and index of the sets that grow along the chain
        (``chain``), and of the Pareto front of all sets (``any``).
    segments
        Segments of each barrier, which have the courses of the lines.
    spread
        From :func:`okhotsk.maps.explorer.intervals.interval_tables`.
    """

    tables: Mapping[str, Any]
    frontier: Mapping[str, Any]
    segments: Mapping[str, Segments]
    spread: Mapping[str, NDArray[Any]]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Solved:
        """What :meth:`arrays` returned, as it was."""
        tables, frontier = (json.loads(arrays[name].tobytes()) for name in TEXTS)
        return cls(
            tables=tables,
            frontier=frontier,
            segments={
                seal: Segments.of({name: arrays[f"{seal}_{name}"] for name in Segments.ARRAYS})
                for seal in SEALS
            },
            spread={
                name.removeprefix(SPREAD): array
                for name, array in arrays.items()
                if name.startswith(SPREAD)
            },
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as plain arrays."""
        texts = {
            name: np.frombuffer(json.dumps(getattr(self, name)).encode(), np.uint8)
            for name in TEXTS
        }
        shapes = {
            f"{seal}_{name}": array
            for seal, segments in self.segments.items()
            for name, array in segments.arrays().items()
        }
        return texts | shapes | {f"{SPREAD}{name}": table for name, table in self.spread.items()}


def find_solved(
    theatre: Theatre,
    blocks: Sequence[Block],
    *,
    samples: int,
    progress: Progress | None = None,
) -> Solved:
    """Return what every set of some blocks follows from, solved now or before.

    Parameters
    ----------
    theatre, blocks
        The theatre, and what can be ceded.
    samples
        Samples of the assumptions behind the intervals of the index; with 0 the assumptions stay at
        their defaults, and the intervals are over floors and weightings alone.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.
    """

    def solve() -> Mapping[str, NDArray[Any]]:
        sweep, unarmed = (
            Sweep(theatre, blocks=blocks, demilitarised=off, progress=progress)
            for off in (False, True)
        )
        return Solved(
            tables=find_answers(sweep, unarmed),
            frontier={"armed": find_frontier(sweep), "unarmed": find_frontier(unarmed)},
            segments=sweep.barriers.segments,
            spread=interval_tables(
                theatre, blocks, count=samples, workers=sweep.workers, progress=progress
            )
            if samples
            else weighting_tables(),
        ).arrays()

    # Read back also when solved now, so that both ways lead over the same numbers.
    return Solved.of(recall(_path(theatre, blocks, samples), solve))


def solved_samples(theatre: Theatre) -> int | None:
    """Return the most samples with which all sets of the chain's own blocks are solved.

    Here before, or with the package; None where they are not solved at all.
    """
    for samples in (uncertainty.SAMPLES, 0):
        if read_arrays(_path(theatre, read_blocks(), samples), TEXTS) is not None:
            return samples
    return None


def _path(theatre: Theatre, blocks: Sequence[Block], samples: int) -> Path:
    """Where the answer is kept: under a key of all that it follows from."""
    return kept_at("explorer", __name__, known(theatre, blocks), str(samples), figures_only=True)


def find_frontier(sweep: Sweep) -> dict[str, list[list[float]]]:
    """Return land and index of sets along the chain, and of the Pareto front of all sets."""
    columns = sweep.figures(sweep.island_sets)
    km2, score = columns["ceded_land_km2"], columns["index"]
    order = np.lexsort([-score, -km2])  # the most land first
    best = np.maximum.accumulate(score[order])
    first = np.append(True, best[1:] > best[:-1])
    kept = order[first][::-1]
    rows = np.searchsorted(sweep.island_sets, prefixes(sweep.blocks))
    return {"any": _points(km2, score, kept), "chain": _points(km2, score, rows)}


def _points(km2: FloatArray, score: FloatArray, rows: NDArray[np.int64]) -> list[list[float]]:
    return [[round(float(km2[n]), 1), round(float(score[n]), 3)] for n in rows]
