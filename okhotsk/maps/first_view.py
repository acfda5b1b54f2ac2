"""What a map shows when it opens: where the story is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from okhotsk.assessment.record import Result

STRAITS = ("bussol", "la-perouse")  # the deepest way out and the western one: every view has them
MOVED_DEG = 0.15  # further than this from the other line, a stretch is one of its own

Bounds = tuple[float, float, float, float]


def first_view(result: Result, baseline: Result | None) -> Bounds:
    """West, south, east and north of the ceded land, both barrier lines and two straits."""
    lines = [r.barrier.lines["barrier_km"] for r in (result, baseline) if r is not None]
    throats = [t.line for t in result.theatre.throats if t.strait.strait_id in STRAITS]
    shapes = [*result.land.geometry[result.land.ceded], *lines, *throats]
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return west, south, east, north


@dataclass(frozen=True)
class Place:
    """A point of a line, and whether the line rises to the east there."""

    lon: float
    lat: float
    rising: bool


def line_place(line: Any, other: Any | None) -> Place | None:
    """Return where the length of a line is written.

    The middle of its longest stretch away from the other line; of its longest stretch of all where
    it runs as the other does, and None where there is no line.
    """
    own = line if other is None else shapely.difference(line, shapely.buffer(other, MOVED_DEG))
    parts = shapely.get_parts(own if not own.is_empty else line)
    if not len(parts) or line.is_empty:
        return None
    longest = max(parts, key=shapely.length)
    before, middle, after = (longest.interpolate(at, normalized=True) for at in (0.4, 0.5, 0.6))
    rising = (after.x - before.x) * (after.y - before.y) > 0
    return Place(float(middle.x), float(middle.y), rising)
