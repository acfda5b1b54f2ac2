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
from okhotsk.samples import IN, OUT, Found, gather
from okhotsk.seal import LINES
from okhotsk.sight import DEPTHS_M
from okhotsk.sources import code_digest
from okhotsk.store import cache_folder, read_arrays, write_arrays
from okhotsk.sweep import BUILDERS, Progress, Sweep
from okhotsk.theatre import Theatre
from okhotsk.twin import coarsen
from okhotsk.uncertainty import SEED, WEIGHTINGS, draw, twin_cells

Arrays = dict[str, NDArray[Any]]

WATERS = ("refuge", "sensed")
WAYS = (OUT, IN)


def _tables(found: Sequence[Found]) -> Arrays:
    """Everything as flat arrays."""
    level = [DEPTHS_M.index(each.sample.values.sensed_depth_m) for each in found]
    tables = {
        "patrol_km2": np.array([each.waters["patrol_km2"] for each in found]),
        "transit_depth_m": np.array([each.sample.values.transit_depth_m for each in found]),
        "sensor_range_km": np.array([each.sample.values.sensor_range_km for each in found]),
        "level": np.array(level, np.uint8),
    }
    for name in WATERS:
        rows = [each.waters[name] for each in found]
        tables[f"{name}_km2"] = np.array([each.waters[f"{name}_km2"] for each in found])
        tables |= _flat(name, rows, pieces=(0, np.uint32), atom_km2=(1, np.float64))
    for name in LINES:
        rows = [_numbered(each.lines[name]) for each in found]
        tables |= _flat(
            name, rows, west=(0, np.uint16), east=(1, np.uint16), cost=(2, np.float64),
            closers=(3, np.uint32),
        )  # fmt: skip
    return tables | _courses(found) | _sights(found)


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


def _courses(found: Sequence[Found]) -> Arrays:
    """Courses, each once, by cells that are numbered from 0; and which of them a sample knows."""
    known = [each.courses[name] for name in WAYS for each in found]
    unique = {
        course.cells.tobytes() + course.km.tobytes(): course for some in known for course in some
    }
    number = {key: n for n, key in enumerate(unique)}
    cells = _cells(found)
    rows = [
        list(zip(np.searchsorted(cells, course.cells), course.km, strict=True))
        for course in unique.values()
    ]
    arrays = _flat("course", rows, cell=(0, np.uint16), km=(1, np.float32))
    for name in WAYS:
        rows = [
            [(number[c.cells.tobytes() + c.km.tobytes()], c.closers) for c in each.courses[name]]
            for each in found
        ]
        arrays |= _flat(name, rows, course=(0, np.uint32), closers=(1, np.uint32))
    return arrays


def _cells(found: Sequence[Found]) -> NDArray[np.int64]:
    """Flat numbers of all cells that a course runs through."""
    courses = [course.cells for each in found for name in WAYS for course in each.courses[name]]
    return np.unique(np.concatenate(courses))


def _sights(found: Sequence[Found]) -> Arrays:
    """Who sees each of those cells from how far, for each depth of a boat in turn.

    Eyes are numbered as the pieces, then what stays Russian, then what is Japanese anyway.
    """
    cells, rows = _cells(found), []
    for depth_m in DEPTHS_M:
        alike = [f.sample for f in found if f.sample.values.sensed_depth_m == depth_m]
        sight_km = alike[0].sight_km[:, cells] if alike else np.full((1, len(cells)), np.inf)
        for own in sight_km.T:
            rows.append([(eye, own[eye]) for eye in np.flatnonzero(np.isfinite(own))])
    return _flat("sight", rows, eye=(0, np.uint8), km=(1, np.float32))


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
        lies cut off on the twin: of those nothing is known here.
    """
    recipe, units = index.read_recipe(), draw(count)
    digest = hashlib.blake2b(
        f"{theatre.key} {twin_cells(theatre)} {pieces}".encode(), digest_size=12
    )
    digest.update(units.tobytes() + code_digest((*BUILDERS, "samples", "spread", "twin")).encode())
    path = cache_folder() / f"spread-{digest.hexdigest()}.npz"
    if stored := read_arrays(path):
        return stored
    twin, points = (
        coarsen(theatre, twin_cells(theatre)),
        np.vstack([to_unit(Assumptions()), units[:, :-1]]),
    )
    sweeps = [Sweep(twin, pieces=pieces, assumptions=from_unit(point)) for point in points]
    sets = unit_sets(subsets(pieces), pieces)
    lawful = {sweep.ground.assumptions.soya_nm: sweep.regions for sweep in sweeps}
    alone = np.any([cut_off(regions, sets) for regions in lawful.values()], axis=0)
    with ThreadPoolExecutor(workers) as pool:
        found = []
        for made in pool.map(lambda sweep: gather(sweep, alone), sweeps):
            found.append(made)
            if progress:
                progress("intervals", len(found), len(sweeps))
    arrays = _tables(found) | {
        "alone": np.packbits(alone, bitorder="little"),
        "floors": recipe.floor_low + units[:, -1] * (recipe.floor_high - recipe.floor_low),
        "weights": index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED).ravel(),
    }
    write_arrays(path, arrays)
    return arrays
