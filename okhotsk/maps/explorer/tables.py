"""Tables from which a page finds every figure of every island set, exactly.

Areas are sums over zonal equivalence classes, depths and exposures the cheapest passage that is
still open, barriers the shortest path over segments. Here sets of units become sets of blocks (bit
n: the n-th block), since a page can only cede whole blocks. The page's script follows the
catalogue of :mod:`okhotsk.measures.figures`, which is one of the tables.
``tests/maps/explorer/test_page.py`` compares the page with :func:`okhotsk.assess`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.measures import figures
from okhotsk.measures.barrier import SEALS
from okhotsk.measures.figures import Figure
from okhotsk.raster.arrays import SetArray
from okhotsk.scenario.island_sets import block_units
from okhotsk.sweep.areas import Area, exits_of
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.passage_bounds import BARRED_BY_KEPT, HOSTILE
from okhotsk.sweep.segments import Segments
from okhotsk.sweep.subset_bounds import pareto_minimal
from okhotsk.theatre.coast import FIXED_HOLDERS

Rows = list[list[float]]

RUSSIA, JAPAN = -1, -2  # holders of shores that no block has
# The section down to the bottom is in tables: here its part that boats can use answers for it.
ANSWERED = tuple(f for f in figures.FIGURES if f.rule != "barrier" or f.column in SEALS)
UNARMED = "_unarmed"  # ends the names of passages where ceded islands have no forces


class BlockIndex:
    """Turns sets of units into sets of blocks."""

    def __init__(self, sweep: Sweep) -> None:
        self.units, self.own = sweep.allocation.units, block_units(sweep.blocks)
        self.all = sum(self.own)

    def touched(self, units: int) -> int:
        """Return the blocks with some of the units, as a set."""
        return sum(1 << n for n, own in enumerate(self.own) if own & units)

    def holder(self, unit: str) -> int:
        """Return the number of the block that a land is in, :data:`RUSSIA` or :data:`JAPAN`."""
        if unit in FIXED_HOLDERS:
            return JAPAN if FIXED_HOLDERS[unit] == "JP" else RUSSIA
        mask = self.touched(1 << self.units.index(unit))
        return mask.bit_length() - 1 if mask else RUSSIA

    def classes(self, units: SetArray, km2: NDArray[np.float32]) -> Rows:
        """Return areas by the set of blocks that decides them; other areas are left out."""
        distinct, which = np.unique(units, return_inverse=True)
        masks = np.array([self.touched(int(n)) for n in distinct], np.int64)[which.ravel()]
        found, place = np.unique(masks, return_inverse=True)
        sums = np.bincount(place, weights=km2.astype(float))
        return [[int(m), float(v)] for m, v in zip(found, sums, strict=True) if m]


def find_answers(sweep: Sweep, unarmed: Sweep) -> dict[str, Any]:
    """Return the tables that give every figure of every island set of a sweep.

    Parameters
    ----------
    sweep, unarmed
        Every set of some blocks, with forces on ceded islands, and without.

    Returns
    -------
    dict
        Ready for JSON. Areas are in km2, depths in m; infinity is None.
    """
    block_index = BlockIndex(sweep)
    columns = figures.columns_of("passage")
    return {
        "figures": figure_rows(ANSWERED),
        "regimes": figures.EXIT_REGIMES,
        "blocks": _blocks(sweep),
        "areas": area_tables((*sweep.areas.zones(), *sweep.areas.waters()), block_index),
        "exits": exit_rows(sweep, block_index, least_m=sweep.context.assumptions.transit_depth_m),
        "passages": {
            name: [[value if np.isfinite(value) else None for value in row] for row in rows]
            for name, rows in passage_tables(sweep, unarmed, columns, block_index).items()
        },
        "barriers": {
            name: _segment_rows(segments) for name, segments in sweep.barriers.segments.items()
        },
        "index": recipe_table(sweep.today),
    }


def figure_rows(chosen: Iterable[Figure]) -> list[dict[str, Any]]:
    """Return some figures of the catalogue as a page reads them.

    ``unarmed`` names the table of the figure where ceded islands have no forces.
    """
    return [
        asdict(figure) | {"unarmed": figure.column + UNARMED if figure.hostile else figure.column}
        for figure in chosen
    ]


def _blocks(sweep: Sweep) -> list[dict[str, Any]]:
    """Names of the blocks, and what the figures under the rule ``land`` add up."""
    single = np.uint64(1) << np.arange(len(sweep.blocks), dtype=np.uint64)
    units = np.array(block_units(sweep.blocks), np.uint64)
    land = sweep.areas.land(units) if len(single) else {}
    return [
        {"id": block.block_id, "title": block.title}
        | {name: values[n].item() for name, values in land.items()}
        for n, block in enumerate(sweep.blocks)
    ]


def area_tables(areas: Iterable[Area], block_index: BlockIndex) -> dict[str, dict[str, Any]]:
    """Return each area when no island is ceded, and by how much each set of blocks changes it.

    A change happens once all blocks of a set are ceded (zones), or one of them has forces (waters).
    """
    return {
        area.column: {
            "start": area.start_km2,
            "classes": [
                [mask, area.sign * km2] for mask, km2 in block_index.classes(area.units, area.km2)
            ],
        }
        for area in areas
    }


def exit_rows(sweep: Sweep, block_index: BlockIndex, *, least_m: float) -> list[dict[str, Any]]:
    """Return the exits whose sill is at least so deep, with the holders of their shores."""
    depth_m = sweep.context.assumptions.operating_depth_m
    return [
        {
            "id": t.strait.strait_id,
            "sides": [block_index.holder(t.strait.side_a), block_index.holder(t.strait.side_b)],
            "km2": t.throat_area_km2,
            "operating_km2": t.operating_area_km2(depth_m),
            "sill_m": t.sill_depth_m,
        }
        for t in exits_of(sweep.theatre.throats, least_m)
    ]


def passage_tables(
    sweep: Sweep, unarmed: Sweep, columns: Iterable[str], block_index: BlockIndex
) -> dict[str, Rows]:
    """Return the rows of some passages (:func:`passage_rows`).

    A figure that forces on ceded islands change comes twice; :data:`UNARMED` ends the second name.
    """
    tables = {}
    for column in columns:
        tables[column] = passage_rows(sweep, column, block_index)
        if column in HOSTILE:
            tables[column + UNARMED] = passage_rows(unarmed, column, block_index)
    return tables


def passage_rows(sweep: Sweep, column: str, block_index: BlockIndex) -> Rows:
    """Return rows of cost, blocks and figure; the first row that is open has the figure.

    A row is open while none of its blocks is ceded or, for passages of foreign boats, while all
    are. Passages of exposure 0 cost 0, whatever their length: which of them were solved depends on
    what was asked for before, and the page must not depend on that.
    """
    rows = [
        (
            solution.figure if solution.least else solution.cost,
            block_index.touched(solution.needs),
            solution.figure,
        )
        for solution in sweep.solutions(column)
        if not (column in BARRED_BY_KEPT and solution.needs & ~block_index.all)  # always barred
    ]
    best = sorted(rows, key=lambda row: row[:2])
    return [[*row] for row in pareto_minimal(best, lambda row: row[1])]


def _segment_rows(segments: Segments) -> Rows:
    """Segments as rows of two ends, cost and the blocks that close them."""
    return [[*one.ends, one.cost, one.closers] for one in segments.segments]


def recipe_table(today: dict[str, float]) -> dict[str, Any]:
    """Return what the index is made of, and today's figures that it compares with."""
    recipe = index.read_recipe()
    return {
        "floor": recipe.floor,
        "today": {c.column: today[c.column] for c in recipe.components},
        "components": [
            {
                "id": c.component_id,
                "title": c.title,
                "column": c.column,
                "weight": c.weight,
                **asdict(index.KINDS[c.kind]),
            }
            for c in recipe.components
        ],
    }
