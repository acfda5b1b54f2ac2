"""The interval of the index of every cession, as tables from which a page finds it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk import index
from okhotsk.assumptions import Assumptions, from_unit, to_unit
from okhotsk.cessions import Piece, subsets, unit_sets
from okhotsk.links import Links
from okhotsk.pieces import cut_off
from okhotsk.regions import find_regions
from okhotsk.samples import UNARMED, WAYS, Sample, find_sample
from okhotsk.seal import LINES
from okhotsk.sources import code_digest, data_digest
from okhotsk.store import cache_folder, read_arrays, write_arrays
from okhotsk.sweep import BUILDERS, Progress
from okhotsk.theatre import Theatre
from okhotsk.twin import coarsen
from okhotsk.uncertainty import SEED, WEIGHTINGS, draw, twin_cells

Arrays = dict[str, NDArray[Any]]

WATERS = ("refuge", "sensed")
CODE = (*BUILDERS, "answers", "atoms", "cessions", "pieces", "samples", "spread", "twin")


def _tables(found: Sequence[Sample]) -> Arrays:
    """Everything as flat arrays."""
    depths_m = [sample.assumptions.transit_depth_m for sample in found]
    tables = {
        "patrol_km2": np.array([sample.waters["patrol_km2"] for sample in found]),
        "transit_depth_m": np.array(depths_m),
    }
    for name in WATERS:
        rows = [sample.waters[name] for sample in found]
        tables[f"{name}_km2"] = np.array([sample.waters[f"{name}_km2"] for sample in found])
        tables |= _flat(name, rows, pieces=(0, np.uint32), atom_km2=(1, np.float64))
    for name in LINES:
        rows = [_numbered(sample.lines[name]) for sample in found]
        tables |= _flat(
            name, rows, west=(0, np.uint16), east=(1, np.uint16), cost=(2, np.float64),
            closers=(3, np.uint32),
        )  # fmt: skip
    for name in (*WAYS, UNARMED):
        rows = [sample.ways[name] for sample in found]
        tables |= _flat(name, rows, pieces=(1, np.uint32), figure=(2, np.float64))
    return tables


def _flat(name: str, rows: Sequence[Sequence[Any]], **columns: tuple[int, Any]) -> Arrays:
    """Rows of rows as columns, with where each begins."""
    flat = [row for some in rows for row in some]
    first = np.concatenate([[0], np.cumsum([len(some) for some in rows])])
    arrays = {f"{name}_{key}": np.array([r[n] for r in flat], t) for key, (n, t) in columns.items()}
    return {f"{name}_first": first.astype(np.uint32), **arrays}


def _numbered(links: Links) -> list[tuple[int, int, float, int]]:
    """Rows of links with their ends counted from 0: the mainland's west, its east, the others."""
    ends = sorted({end for link in links.links for end in link.ends})
    number = {end: n for n, end in enumerate(ends)}
    return [
        (number[a], number[b], link.cost, link.closers)
        for link in links.links
        for a, b in [link.ends]
    ]


def find_spread(
    theatre: Theatre,
    pieces: Sequence[Piece],
    *,
    count: int,
    workers: int = 2,
    progress: Progress | None = None,
) -> Arrays:
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
    dict of numpy.ndarray
        Tables one after the other; row n of a table ``name`` begins at ``name_first[n]``. Areas
        are in km2, distances in km. ``alone`` has a bit for each cession, set where closed water
        lies cut off on the twin: of those nothing is known here. Rows of a way come cheapest
        first, with the pieces that bar it.
    """
    values, draws = _draws(count)
    path = cache_folder() / f"spread-{_key(theatre, pieces, values, draws)}.npz"
    if stored := read_arrays(path):
        return stored
    twin = coarsen(theatre, twin_cells(theatre))
    sets = unit_sets(subsets(pieces), pieces)
    lawful = {v.soya_nm: find_regions(twin, v) for v in values}
    alone = np.any([cut_off(regions, sets) for regions in lawful.values()], axis=0)
    with ThreadPoolExecutor(workers) as pool:
        found = []
        for sample in pool.map(lambda v: find_sample(twin, pieces, v, alone=alone), values):
            found.append(sample)
            if progress:
                progress("intervals", len(found), len(values))
    arrays = _tables(found) | draws | {"alone": np.packbits(alone, bitorder="little")}
    write_arrays(path, arrays)
    return arrays


def _draws(count: int) -> tuple[list[Assumptions], Arrays]:
    """The assumptions of every sample, the defaults first; floors and weights of the index."""
    recipe, units = index.read_recipe(), draw(count)
    points = np.vstack([to_unit(Assumptions()), units[:, :-1]])
    return [from_unit(point) for point in points], {
        "floors": recipe.floor_low + units[:, -1] * (recipe.floor_high - recipe.floor_low),
        "weights": index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED).ravel(),
    }


def _key(
    theatre: Theatre, pieces: Sequence[Piece], values: Sequence[Assumptions], draws: Arrays
) -> str:
    """Digest of all that the tables follow from."""
    known = f"{theatre.key} {twin_cells(theatre)} {pieces} {values}"
    digest = hashlib.blake2b(known.encode(), digest_size=12)
    for array in draws.values():
        digest.update(array.tobytes())
    digest.update((code_digest(CODE) + data_digest("scenarios/*.toml")).encode())
    return digest.hexdigest()
