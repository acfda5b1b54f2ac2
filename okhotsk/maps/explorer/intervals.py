"""The interval of the index of every cession, as tables from which a page finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.assessment.uncertainty import SEED, WEIGHTINGS, coarse_cells, draw
from okhotsk.cache import kept_at, recall
from okhotsk.datasets import data_digest
from okhotsk.maps.explorer.samples import UNARMED, Pockets, Sample, find_sample
from okhotsk.measures.barrier import LINES
from okhotsk.raster.arrays import IntArray, SetArray
from okhotsk.scenario.assumptions import Assumptions, from_unit, to_unit
from okhotsk.scenario.island_sets import Block, subsets, unit_sets
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.enclave_barriers import BarrierFamily
from okhotsk.sweep.enclaves import find_enclaves
from okhotsk.sweep.engine import EXPOSURES, Progress
from okhotsk.sweep.segments import EAST, WEST, Segments
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

Arrays = dict[str, NDArray[Any]]

WATERS = ("refuge", "sensed")


def _tables(found: Sequence[Sample]) -> Arrays:
    """Everything as flat arrays."""
    depths_m = [sample.assumptions.transit_depth_m for sample in found]
    tables = {
        "patrol_km2": np.array([sample.waters["patrol_km2"] for sample in found]),
        "transit_depth_m": np.array(depths_m, np.float64),
    }
    for name in WATERS:
        rows = [sample.waters[name] for sample in found]
        tables[f"{name}_km2"] = np.array([sample.waters[f"{name}_km2"] for sample in found])
        tables |= _flat(name, rows, pieces=(0, np.uint32), atom_km2=(1, np.float64))
    for name in LINES:
        tables |= _fences(name, [fence for sample in found for fence in sample.lines[name]])
    for name in (*EXPOSURES, UNARMED):
        rows = [sample.ways[name] for sample in found]
        tables |= _flat(name, rows, pieces=(1, np.uint32), figure=(2, np.float64))
    return tables


def _fences(name: str, fences: Sequence[BarrierFamily]) -> Arrays:
    """Links and rings of some fences, and how many sets of waters their main lines may take in."""
    rings = [[(r.inside, r.cost, r.closers) for r in fence.rings] for fence in fences]
    return {
        f"{name}_sides": np.array([1 << fence.count for fence in fences], np.uint8),
        **_flat(
            name,
            [_numbered(fence.links) for fence in fences],
            west=(0, np.uint16),
            east=(1, np.uint16),
            cost=(2, np.float64),
            closers=(3, np.uint32),
            crosses=(4, np.uint8),
        ),
        **_flat(
            f"{name}_rings",
            rings,
            inside=(0, np.uint8),
            cost=(1, np.float64),
            closers=(2, np.uint32),
        ),
    }


def _flat(name: str, rows: Sequence[Sequence[Any]], **columns: tuple[int, Any]) -> Arrays:
    """Rows of rows as columns, with where each begins."""
    flat = [row for some in rows for row in some]
    first = np.concatenate([[0], np.cumsum([len(some) for some in rows])])
    arrays = {f"{name}_{key}": np.array([r[n] for r in flat], t) for key, (n, t) in columns.items()}
    return {f"{name}_first": first.astype(np.uint32), **arrays}


def _numbered(links: Segments) -> list[tuple[int, int, float, int, int]]:
    """Rows of links with their ends counted from 0: the mainland's west, its east, the others."""
    ends = sorted({WEST, EAST, *(end for link in links.links for end in link.ends)})
    number = {end: n for n, end in enumerate(ends)}
    return [
        (number[a], number[b], link.cost, link.closers, link.crosses)
        for link in links.links
        for a, b in [link.ends]
    ]


def interval_tables(
    theatre: Theatre,
    pieces: Sequence[Block],
    *,
    count: int,
    workers: int = 2,
    progress: Progress | None = None,
) -> Mapping[str, NDArray[Any]]:
    """Return what gives the interval of the index of every cession of some pieces.

    Parameters
    ----------
    theatre, pieces
        The theatre, and what can be handed over.
    count
        Samples of the assumptions; the defaults come before them.
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.

    Returns
    -------
    mapping of numpy.ndarray
        Tables one after the other; row n of a table ``name`` begins at ``name_first[n]``. Areas
        are in km2, distances in km. ``kind`` has a number for each cession: of one kind are those
        that leave the same closed water cut off on the twin, and tables of lines have a row for
        each kind of each sample. Rows of a way come cheapest first, with the pieces that bar it.
    """
    values, draws = _draws(count)

    def find() -> Arrays:
        twin = coarsen(theatre, coarse_cells(theatre))
        kinds, pockets = _kinds(twin, values, unit_sets(subsets(pieces), pieces))
        found = []
        with ThreadPoolExecutor(workers) as pool:
            for sample in pool.map(
                lambda v: find_sample(twin, pieces, v, kinds=kinds, pockets=pockets[v.soya_nm]),
                values,
            ):
                found.append(sample)
                if progress:
                    progress("intervals", len(found), len(values))
        return _tables(found) | draws | {"kind": kinds.astype(np.min_scalar_type(kinds.max()))}

    return recall(_path(theatre, pieces, values, draws), find)


def _kinds(
    twin: Theatre, values: Sequence[Assumptions], sets: SetArray
) -> tuple[IntArray, dict[float, list[Pockets]]]:
    """The kind of each cession, and what each cuts off under each limit of the Soya Strait.

    Limits decide what is closed: of one kind are cessions that are so under all of them.
    """
    kinds, pockets = np.zeros(len(sets), np.int64), dict[float, list[Pockets]]()
    for limit_nm, regions in {v.soya_nm: find_allocation(twin, v) for v in values}.items():
        own, waters = find_enclaves(regions, sets)
        known, first, kinds = np.unique(
            kinds * len(waters) + own, return_index=True, return_inverse=True
        )
        pockets = {nm: [old[k] for k in known // len(waters)] for nm, old in pockets.items()}
        pockets[limit_nm] = [waters[n] for n in own[first]]
    return kinds, pockets


def _draws(count: int) -> tuple[list[Assumptions], Arrays]:
    """The assumptions of every sample, the defaults first; floors and weights of the index."""
    recipe, units = index.read_recipe(), draw(count)
    points = np.vstack([to_unit(Assumptions()), units[:, :-1]])
    return [from_unit(point) for point in points], {
        "floors": recipe.floor_low + units[:, -1] * (recipe.floor_high - recipe.floor_low),
        "weights": index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED).ravel(),
    }


def _path(
    theatre: Theatre, pieces: Sequence[Block], values: Sequence[Assumptions], draws: Arrays
) -> Path:
    """Where the tables are kept: by all that they follow from."""
    known = f"{theatre.key} {coarse_cells(theatre)} {pieces} {values} {data_digest()}"
    return kept_at(
        "spread", __name__, known.encode(), *(array.tobytes() for array in draws.values())
    )
