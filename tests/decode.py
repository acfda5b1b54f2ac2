"""The figures of an island set from the explorer's tables, as the page adds them up."""

from __future__ import annotations

import math
from typing import Any

RUSSIA, JAPAN = -1, -2


def decode(tables: dict[str, Any], ceded: int, *, armed: bool = True) -> dict[str, float]:
    """Figures of a set of pieces, without the index."""
    pieces = [p for n, p in enumerate(tables["pieces"]) if ceded >> n & 1]
    out: dict[str, float] = {
        "ceded_land_km2": sum(p["km2"] for p in pieces),
        "ceded_population": sum(p["people"] for p in pieces),
        "ceded_coast_km": sum(p["coast_km"] for p in pieces),
    }
    for name, zone in tables["zones"].items():
        out[name] = zone["start"] + sum(v for mask, v in zone["atoms"] if mask & ~ceded == 0)
    out |= _exits(tables["exits"], ceded)
    water, hostile = tables["waters"], ceded if armed else 0
    lost, seen = (
        sum(v for mask, v in water[name] if mask & hostile) for name in ("refuge", "sensed")
    )
    out["patrol_km2"] = water["patrol_km2"]
    out["refuge_km2"] = water["refuge_km2"] - lost
    out["refuge_share"] = out["refuge_km2"] / out["patrol_km2"]
    out["sensed_share"] = (water["sensed_km2"] + seen) / out["patrol_km2"]
    for name, way in tables["ways"].items():
        known = tables["unarmed"] if name == "egress_exposure" and not armed else way
        out[name] = _way(known, ceded)
    return out | {name: _line(rows, ceded) for name, rows in tables["lines"].items()}


def _exits(exits: list[dict[str, Any]], ceded: int) -> dict[str, float]:
    sides = [
        [n == JAPAN or (n >= 0 and ceded >> n & 1 == 1) for n in strait["sides"]]
        for strait in exits
    ]
    russian = [not any(pair) for pair in sides]
    total = sum(strait["km2"] for strait in exits)
    own = sum(strait["km2"] for strait, free in zip(exits, russian, strict=True) if free)
    return {
        "exits_russian": sum(russian),
        "exits_shared": sum(a != b for a, b in sides),
        "exits_japanese": sum(a and b for a, b in sides),
        "russian_throat_share": own / total,
    }


def _way(way: dict[str, Any], ceded: int) -> float:
    for _, mask, figure in way["rows"]:
        if mask & (~ceded if way["kept"] else ceded) == 0:
            return math.inf if figure is None else float(figure)
    return math.inf


def _line(rows: list[list[float]], ceded: int) -> float:
    """Bellman and Ford's shortest chain from end 1 to end 2."""
    reached = {1: 0.0}
    open_rows = [row for row in rows if int(row[3]) & ceded == 0]
    for _ in range(2 * len(rows)):
        old = dict(reached)
        for a, b, cost, _ in open_rows:
            for one, other in ((a, b), (b, a)):
                through = reached.get(one, math.inf) + cost
                if through < reached.get(other, math.inf):
                    reached[other] = through
        if old == reached:
            break
    return reached[2]
