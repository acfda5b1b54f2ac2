"""The interval of the index of every island set, as tables from which a page finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.assessment.uncertainty import SAMPLES, SEED, WEIGHTINGS, draw, grid_cells
from okhotsk.cache import kept_at, recall
from okhotsk.maps.explorer.samples import Enclaves, Sample, find_sample
from okhotsk.measures.barrier import SEALS
from okhotsk.raster.arrays import FloatArray, IntArray, SetArray
from okhotsk.scenario.assumptions import Assumptions, from_unit, to_unit
from okhotsk.scenario.island_sets import Block, subsets, to_unit_sets
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.areas import exits_of
from okhotsk.sweep.enclave_barriers import BarrierFamily
from okhotsk.sweep.enclaves import find_enclaves
from okhotsk.sweep.passage_bounds import Progress
from okhotsk.sweep.segments import EAST, WEST, Segments
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

Arrays = dict[str, NDArray[Any]]
Column = tuple[int, Any]  # place in a row, and kind of number


def _tables(found: Sequence[Sample]) -> Arrays:
    """Everything as flat arrays."""
    depths_m = [sample.assumptions.transit_depth_m for sample in found]
    tables: Arrays = {"transit_depth_m": np.array(depths_m, np.float64)}
    for name in found[0].waters:
        areas = [sample.waters[name] for sample in found]
        tables[f"{name}_start"] = np.array([area["start"] for area in areas])
        rows = [area["classes"] for area in areas]
        tables |= _flat(name, rows, blocks=(0, np.uint32), change=(1, np.float64))
    for name in SEALS:
        families = [family for sample in found for family in sample.families[name]]
        tables |= _family_tables(name, families)
    for name in found[0].passages:
        rows = [sample.passages[name] for sample in found]
        tables |= _flat(name, rows, blocks=(1, np.uint32), figure=(2, np.float64))
    return tables


def _family_tables(name: str, families: Sequence[BarrierFamily]) -> Arrays:
    """Segments of some barrier families, their curves round enclaves, and their sheets."""
    rings = [
        [(own.enclosed, own.cost, own.closers) for own in family.enclave_barriers]
        for family in families
    ]
    return {
        f"{name}_sheets": np.array([1 << family.count for family in families], np.uint8),
        **_flat(
            name,
            [_numbered(family.segments) for family in families],
            west=(0, np.uint16),
            east=(1, np.uint16),
            cost=(2, np.float64),
            closers=(3, np.uint32),
            crosses=(4, np.uint8),
        ),
        **_flat(
            f"{name}_rings",
            rings,
            enclosed=(0, np.uint8),
            cost=(1, np.float64),
            closers=(2, np.uint32),
        ),
    }


def _flat(name: str, rows: Sequence[Sequence[Any]], **columns: Column) -> Arrays:
    """Rows of rows as columns, with where each begins."""
    flat = [row for some in rows for row in some]
    first = np.concatenate([[0], np.cumsum([len(some) for some in rows])])
    arrays = {f"{name}_{key}": np.array([r[n] for r in flat], t) for key, (n, t) in columns.items()}
    return {f"{name}_first": first.astype(np.uint32), **arrays}


def _numbered(segments: Segments) -> list[tuple[int, int, float, int, int]]:
    """Rows of segments with their ends counted from 0: the mainland's west, its east, the rest."""
    each = segments.segments
    ends = sorted({WEST, EAST, *(end for one in each for end in one.ends)})
    number = {end: n for n, end in enumerate(ends)}
    return [
        (number[one.ends[0]], number[one.ends[1]], one.cost, one.closers, one.crosses)
        for one in each
    ]


def interval_tables(
    theatre: Theatre,
    blocks: Sequence[Block],
    *,
    count: int,
    workers: int = 2,
    progress: Progress | None = None,
) -> Mapping[str, NDArray[Any]]:
    """Return what gives the interval of the index of every set of some blocks.

    Parameters
    ----------
    theatre, blocks
        The theatre, and what can be ceded.
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
        are in km2, distances in km. ``kind`` has a number for each island set: sets of one kind
        leave the same enclaves on the coarsened theatre, and tables of barriers have a row for
        each kind of each sample. Rows of a passage come cheapest first, with the blocks that bar
        it. ``operating_km2`` has the exits of the theatre for each sample.
    """
    values, draws = _draws(count)

    def find() -> Arrays:
        coarse, finer = (coarsen(theatre, n) for n in grid_cells(theatre))
        kinds, enclaves = _kinds(coarse, values, to_unit_sets(subsets(blocks), blocks))
        found = []
        with ThreadPoolExecutor(workers) as pool:
            for sample in pool.map(
                lambda v: find_sample(
                    coarse, finer, blocks, v, kinds=kinds, enclaves=enclaves[v.soya_nm]
                ),
                values,
            ):
                found.append(sample)
                if progress:
                    progress("intervals", len(found), len(values))
        exits = exits_of(theatre.throats, least_m=0.0)
        areas = [[t.operating_area_km2(v.operating_depth_m) for t in exits] for v in values]
        number = kinds.astype(np.min_scalar_type(kinds.max()))
        return _tables(found) | draws | {"operating_km2": np.ravel(areas), "kind": number}

    return recall(_path(theatre, blocks, values, draws), find)


def _kinds(
    coarse: Theatre, values: Sequence[Assumptions], unit_sets: SetArray
) -> tuple[IntArray, dict[float, list[Enclaves]]]:
    """The kind of each island set, and the enclaves of each kind by limit of the Soya Strait.

    The limit decides what is closed. So two sets are of one kind when they leave the same enclaves
    under every limit: kinds are the common refinement of the kinds under each.
    """
    kinds, enclaves = np.zeros(len(unit_sets), np.int64), dict[float, list[Enclaves]]()
    for limit_nm, allocation in {v.soya_nm: find_allocation(coarse, v) for v in values}.items():
        own, found = find_enclaves(allocation, unit_sets)
        distinct, first, kinds = np.unique(
            kinds * len(found) + own, return_index=True, return_inverse=True
        )
        enclaves = {nm: [old[k] for k in distinct // len(found)] for nm, old in enclaves.items()}
        enclaves[limit_nm] = [found[n] for n in own[first]]
    return kinds, enclaves


def _draws(count: int) -> tuple[list[Assumptions], Arrays]:
    """The assumptions of every sample, the defaults first; floors and weights of the index."""
    recipe, units = index.read_recipe(), draw(count)
    points = np.vstack([to_unit(Assumptions()), units[:, :-1]])
    return [from_unit(point) for point in points], {
        "floors": recipe.floors(units[:, -1]),
        "weights": index.draw_weights(WEIGHTINGS, len(recipe.components), seed=SEED).ravel(),
    }


def weighting_tables() -> Mapping[str, NDArray[Any]]:
    """Return ``floors`` and ``weights``: what gives the interval at the default assumptions."""
    return _draws(SAMPLES)[1]


def weighting_interval(values: FloatArray) -> tuple[float, float]:
    """Return the interval of the index of some components over floors and weightings alone."""
    tables = weighting_tables()
    floors, weights = tables["floors"], tables["weights"].reshape(-1, len(values))
    scores = index.score_table(np.tile(values, (len(floors), 1, 1)), floors, weights)
    ((low, high),) = index.interval(scores)
    return float(low), float(high)


def _path(
    theatre: Theatre, blocks: Sequence[Block], values: Sequence[Assumptions], draws: Arrays
) -> Path:
    """Where the tables are kept: under a key of all that they follow from."""
    given = (known(theatre, blocks), str(values), *(array.tobytes() for array in draws.values()))
    return kept_at("spread", __name__, *given, figures_only=True)


def known(theatre: Theatre, blocks: Sequence[Block]) -> str:
    """Return what the answers about every set of some blocks follow from, as one text.

    From the data these are the theatre, the blocks, what the index is made of, and what every
    named scenario hands over, from which the core keeps off.
    """
    cessions = [load_scenario(name).cessions for name in scenario_ids()]
    return f"{theatre.key} {grid_cells(theatre)} {tuple(blocks)} {index.read_recipe()} {cessions}"
