"""The figures of an island set from the explorer's tables, as the page adds them up."""

from __future__ import annotations

import math
from typing import Any

RUSSIA, JAPAN = -1, -2


def decode(tables: dict[str, Any], ceded: int, *, armed: bool = True) -> dict[str, float]:
    """Figures of a set of blocks, without the index.

    Written out figure by figure, so that a wrong rule of the catalogue is seen.
    """
    blocks = [block for n, block in enumerate(tables["blocks"]) if ceded >> n & 1]
    land = ("ceded_land_km2", "ceded_population", "ceded_coast_km")
    out: dict[str, float] = {name: sum(block[name] for block in blocks) for name in land}
    areas, hostile = tables["areas"], ceded if armed else 0
    zones = [name for name in areas if name not in ("patrol_km2", "refuge_km2", "sensed_km2")]
    for name in zones:
        changes = [v for mask, v in areas[name]["classes"] if mask & ~ceded == 0]
        out[name] = areas[name]["start"] + sum(changes)
    out |= _exits(tables["exits"], ceded)
    lost, seen = (
        sum(v for mask, v in areas[name]["classes"] if mask & hostile)
        for name in ("refuge_km2", "sensed_km2")
    )
    out["patrol_km2"] = areas["patrol_km2"]["start"]
    out["refuge_km2"] = areas["refuge_km2"]["start"] + lost
    out["refuge_share"] = out["refuge_km2"] / out["patrol_km2"]
    out["sensed_share"] = (areas["sensed_km2"]["start"] + seen) / out["patrol_km2"]
    passages = tables["passages"]
    out["access_depth_m"] = _passage(passages["access_depth_m"], ~ceded)
    out["egress_depth_m"] = _passage(passages["egress_depth_m"], ceded)
    for name in ("egress_exposure", "base_exposure"):
        out[name] = _passage(passages[name if armed else f"{name}_unarmed"], ceded)
    out["intruder_exposure"] = _passage(passages["intruder_exposure"], ~ceded)
    return out | {name: _barrier(rows, ceded) for name, rows in tables["barriers"].items()}


def _exits(exits: list[dict[str, Any]], ceded: int) -> dict[str, float]:
    sides = [
        [n == JAPAN or (n >= 0 and ceded >> n & 1 == 1) for n in strait["sides"]]
        for strait in exits
    ]
    russian = [not any(pair) for pair in sides]
    shares = {}
    for name, key in (("throat", "km2"), ("operating", "operating_km2")):
        own = sum(strait[key] for strait, free in zip(exits, russian, strict=True) if free)
        shares[f"russian_{name}_share"] = own / sum(strait[key] for strait in exits)
    return {
        "exits_russian": sum(russian),
        "exits_shared": sum(a != b for a, b in sides),
        "exits_japanese": sum(a and b for a, b in sides),
        **shares,
    }


def _passage(rows: list[list[float | None]], taken: int) -> float:
    for _, mask, figure in rows:
        if int(mask or 0) & taken == 0:
            return math.inf if figure is None else float(figure)
    return math.inf


def _barrier(rows: list[list[float]], ceded: int) -> float:
    """Bellman and Ford's shortest path from end 1 to end 2."""
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
