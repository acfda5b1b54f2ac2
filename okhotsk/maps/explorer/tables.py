"""The figures of every cession in a form small enough for a page, and exact.

Every figure of :mod:`okhotsk.sweep.engine` comes from a short table: areas from atoms, depths and
exposures from the best way that a cession leaves as it is, lines from the cheapest chain of
links. Here sets of units become sets of pieces (bit n: the n-th piece), which is all that a page
can hand over; its script then adds up and compares. ``tests/maps/explorer/test_page.py`` clicks its
way through cessions and compares the page with :func:`okhotsk.assess`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from okhotsk.assessment import index
from okhotsk.measures.refuge import area_km2
from okhotsk.raster.arrays import SetArray
from okhotsk.scenario.island_sets import block_units
from okhotsk.sweep.engine import OTHERS, WAYS, Sweep
from okhotsk.sweep.segments import Segments
from okhotsk.sweep.subset_bounds import pareto_minimal
from okhotsk.theatre.coast import FIXED_HOLDERS

Rows = list[list[float]]

RUSSIA, JAPAN = -1, -2  # shores that no piece belongs to


class Bits:
    """Turns sets of units into sets of pieces."""

    def __init__(self, sweep: Sweep) -> None:
        self.units, self.own = sweep.regions.units, block_units(sweep.pieces)
        self.all = sum(self.own)

    def touched(self, units: int) -> int:
        """Pieces with some of the units."""
        return sum(1 << n for n, own in enumerate(self.own) if own & units)

    def holder(self, unit: str) -> int:
        """Number of the piece that a land belongs to, :data:`RUSSIA` or :data:`JAPAN`."""
        if unit in FIXED_HOLDERS:
            return JAPAN if FIXED_HOLDERS[unit] == "JP" else RUSSIA
        mask = self.touched(1 << self.units.index(unit))
        return mask.bit_length() - 1 if mask else RUSSIA

    def atoms(self, units: SetArray, km2: NDArray[np.float32]) -> Rows:
        """Areas by the pieces that decide them; what no piece decides is left out."""
        known, which = np.unique(units, return_inverse=True)
        masks = np.array([self.touched(int(n)) for n in known], np.int64)[which.ravel()]
        found, place = np.unique(masks, return_inverse=True)
        sums = np.bincount(place, weights=km2.astype(float))
        return [[int(m), float(v)] for m, v in zip(found, sums, strict=True) if m]


def find_answers(sweep: Sweep, unarmed: Sweep) -> dict[str, Any]:
    """Return the tables that give every figure of every cession of a sweep.

    Parameters
    ----------
    sweep, unarmed
        Every combination of some pieces, with forces on what is handed over, and without.

    Returns
    -------
    dict
        Ready for JSON. Areas are in km2, depths in m; what is infinite is None.
    """
    bits = Bits(sweep)
    ways = {name: _way(sweep, name, bits) for name in WAYS}
    return {
        "pieces": _pieces(sweep),
        "zones": _zones(sweep, bits),
        "exits": find_exits(sweep, bits, least_m=sweep.ground.assumptions.transit_depth_m),
        "waters": find_waters(sweep, bits),
        "ways": ways,
        "unarmed": _way(unarmed, "egress_exposure", bits),
        "lines": {name: _lines(links) for name, links in sweep.links.items()},
        "index": _recipe(sweep),
    }


def _pieces(sweep: Sweep) -> list[dict[str, Any]]:
    islands, rows = sweep.theatre.islands.set_index("island_id"), []
    for piece in sweep.pieces:
        own = islands.loc[list(piece.units)]
        rows.append(
            {
                "id": piece.piece_id,
                "title": piece.title,
                "km2": float(own.area_km2.sum()),
                "people": int(own.population.fillna(0).sum()),
                "coast_km": float(own.coast_km.sum()),
            }
        )
    return rows


def _zones(sweep: Sweep, bits: Bits) -> dict[str, Any]:
    """Zones with nothing ceded, and what changes hands once all of some pieces are."""
    start = sweep.zones(np.zeros(1, np.uint64))
    table: dict[str, Any] = {name: {"start": float(v[0]), "atoms": []} for name, v in start.items()}
    inside, decider = sweep.theatre.sea.mask, sweep.regions.decider
    for zone, russian, japanese in sweep.zone_cells():
        for side, sign, own in (("ru", -1.0, russian), ("jp", 1.0, japanese)):
            cells = inside & own
            atoms = bits.atoms(decider[cells], sweep.theatre.water_km2[cells])
            table[f"{side}_{zone}"]["atoms"] = [[mask, sign * km2] for mask, km2 in atoms]
    return table


def find_exits(sweep: Sweep, bits: Bits, *, least_m: float) -> list[dict[str, Any]]:
    """Return the exits of some depth, by whose shores they lie between."""
    return [
        {
            "id": t.strait.strait_id,
            "sides": [bits.holder(t.strait.side_a), bits.holder(t.strait.side_b)],
            "km2": t.throat_area_km2,
            "sill_m": t.sill_depth_m,
        }
        for t in sweep.theatre.throats
        if t.strait.exit and (t.sill_depth_m or 0.0) >= least_m
    ]


def find_waters(sweep: Sweep, bits: Bits) -> dict[str, Any]:
    """Return patrol water, and what of it each armed piece brings within reach or in sight."""
    values = sweep.ground.assumptions
    patrol_km2 = area_km2(sweep.theatre, sweep.ground.patrol)
    start = sweep.waters(np.zeros(1, np.uint64))
    near = {
        "refuge": sweep.reach(sweep.theatre.distances, values.refuge_standoff_km),
        "sensed": sweep.reach(sweep.ways.seen, values.sensor_range_km),
    }
    patrol, water = sweep.ground.patrol.ravel(), sweep.theatre.water_km2.ravel()
    return {
        "patrol_km2": patrol_km2,
        "refuge_km2": float(start["refuge_km2"][0]),
        "sensed_km2": float(start["sensed_share"][0]) * patrol_km2,
        **{
            name: bits.atoms(units[patrol & ~always], water[patrol & ~always])
            for name, (units, always) in near.items()
        },
    }


def _way(sweep: Sweep, name: str, bits: Bits) -> dict[str, Any]:
    rows = [
        [value if np.isfinite(value) else None for value in row]
        for row in find_way(sweep, name, bits)
    ]
    return {"kept": name in OTHERS, "rows": rows}


def find_way(sweep: Sweep, name: str, bits: Bits) -> Rows:
    """Return rows of cost, pieces and figure; the cheapest row that stands is the answer.

    A row stands while none of its pieces is handed over or, for the ways of other navies, while
    all are. Ways that nobody sees count alike, however long: which of them were solved depends on
    what was asked for before, and the page must not.
    """
    rows = [
        (
            solution.figure if solution.least else solution.cost,
            bits.touched(solution.needs),
            solution.figure,
        )
        for solution in sweep.solutions(name)
        if not (name in OTHERS and solution.needs & ~bits.all)  # barred by what is always kept
    ]
    best = sorted(rows, key=lambda row: row[:2])
    return [[*row] for row in pareto_minimal(best, lambda row: row[1])]


def _lines(links: Segments) -> list[list[float]]:
    """Links as rows of two ends, cost and the pieces that bar them."""
    return [[*link.ends, link.cost, link.closers] for link in links.links]


def _recipe(sweep: Sweep) -> dict[str, Any]:
    recipe = index.read_recipe()
    return {
        "floor": recipe.floor,
        "today": {c.column: sweep.today[c.column] for c in recipe.components},
        "components": [
            {
                "id": c.component_id,
                "title": c.title,
                "column": c.column,
                "kind": c.kind,
                "weight": c.weight,
            }
            for c in recipe.components
        ],
    }
