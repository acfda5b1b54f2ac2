"""Lines across land as people write them: points, WKT or GeoJSON, in a text or in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from okhotsk.schema import Kind, show

Line = tuple[tuple[float, float], ...]

MOST_POINTS = 10_000
MOST_BYTES = 1_000_000
SUFFIXES = (".geojson", ".json", ".wkt")
WORDS = (
    "two or more points [longitude, latitude], or a text: WKT, GeoJSON, or the name of a "
    f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file beside the scenario file"
)


def _is_line(value: Any) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, list) and len(value) > 1 and all(map(_is_point, value))


def _is_point(value: Any) -> bool:
    numbers = isinstance(value, list) and all(type(number) in (int, float) for number in value)
    return numbers and len(value) == 2


LINE = Kind(WORDS, _is_line)


def find_line(value: str | Sequence[Sequence[float]], folder: Path) -> Line:
    """Return the points of a line, longitude before latitude, straight between them.

    Parameters
    ----------
    value
        Points, WKT, GeoJSON, or the name of a file.
    folder
        Where that file lies.

    Raises
    ------
    ValueError
        In words, where this is no line that can divide land.

    Examples
    --------
    >>> find_line("LINESTRING (147.5 45.3, 148 44.9)", Path())
    ((147.5, 45.3), (148.0, 44.9))
    """
    points = _points_of(value, folder) if isinstance(value, str) else _array(value)
    if len(points) > MOST_POINTS:
        raise ValueError(f"has {len(points):,} points, expected {MOST_POINTS:,} at most")
    _check(points)
    kept = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    line = tuple((float(lon), float(lat)) for lon, lat in points[kept])
    if len(line) < 2:
        raise ValueError("has all its points in one place, expected two or more")
    if line[0] == line[-1] or not shapely.LineString(line).is_simple:
        raise ValueError("meets itself, expected a line from one side of the land to the other")
    return line


def _array(value: Sequence[Sequence[float]]) -> Any:
    try:
        return np.array(value, float)
    except OverflowError:
        return np.full((2, 2), np.inf)


def _check(points: Any) -> None:
    lon, lat = points.T
    if not np.isfinite(points).all() or (abs(lon) > 360).any():
        raise ValueError("has points that are no longitude and latitude in degrees")
    if (abs(lat) > 90).any():
        worst = lat[abs(lat) > 90][0]
        raise ValueError(f"has the latitude {worst:g}; write the longitude first")


def _points_of(text: str, folder: Path) -> Any:
    """The points of a text: of the file that it names, of GeoJSON or of WKT."""
    text = text.strip()
    if text.lower().endswith(SUFFIXES):
        text = _contents(text, folder)
    try:
        shape = shapely.from_geojson(text) if text.startswith("{") else shapely.from_wkt(text)
    except (shapely.errors.GEOSException, json.JSONDecodeError, RecursionError):
        raise ValueError(f"is {show(text)}, expected {WORDS}") from None
    parts = shapely.get_parts(shapely.get_parts(shape)).tolist()
    if len(parts) != 1 or parts[0].geom_type != "LineString" or parts[0].is_empty:
        kinds = ", ".join(dict.fromkeys(part.geom_type for part in parts)) or "nothing"
        raise ValueError(f"holds {len(parts)} parts ({kinds}), expected one LineString")
    return shapely.get_coordinates(parts[0])


def _contents(name: str, folder: Path) -> str:
    """The text of a file beside a scenario file; no other file is opened."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"is {show(name)}, expected a file beside the scenario file")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"is in {name}, which is longer than a line needs")
        return path.read_text("utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"is in {name}, which cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"is in {name}, which is not UTF-8: save it as UTF-8") from None
