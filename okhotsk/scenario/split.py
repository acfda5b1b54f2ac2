"""Who holds every part of the land under a scenario; units split by a line where it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.ops import split

from okhotsk.errors import ScenarioError
from okhotsk.scenario.model import SIDES, Cession, Part, Scenario
from okhotsk.theatre.coast import FIXED_HOLDERS, Lands

# A part lies to the south of the other if it does so by this much of how far it lies to the east.
CLEAR = 0.25


def resolve(scenario: Scenario, lands: Lands) -> tuple[Part, ...]:
    """Return who holds every part of the land.

    Parameters
    ----------
    scenario
        What is handed over.
    lands
        Land of every unit (EPSG:4326).

    Raises
    ------
    ScenarioError
        Where a line misses the unit that it should split, or no line leaves equal halves.
    """
    ceded = {cession.unit: cession for cession in scenario.cessions}
    parts: list[Part] = []
    for unit, land in lands.items():
        cession = ceded.get(unit)
        if cession is None:
            holder = FIXED_HOLDERS.get(unit, "RU")
            parts.append(Part(unit, unit, holder, holder, land))
        elif cession.rule is None:
            parts.append(Part(unit, unit, "JP", cession.forces, land))
        else:
            given, kept = _split(cession, scenario, lands)
            side, other = cession.side, SIDES[cession.side]
            parts.append(Part(f"{unit}-{side}", unit, "JP", cession.forces, given))
            parts.append(Part(f"{unit}-{other}", unit, "RU", "RU", kept))
    return tuple(parts)


def _split(
    cession: Cession, scenario: Scenario, lands: Lands
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """The ceded and the kept part of a unit."""
    land = lands[cession.unit]
    if cession.rule == "line":
        given, kept = _by_line(cession, scenario, land)
    else:
        if cession.rule == "parallel":
            lat = float(cession.lat or 0)
            south, north = (_side(land, lat, south=side) for side in (True, False))
        else:
            among = cession.among or (cession.unit,)
            south, north = _by_land(cession, scenario, {unit: lands[unit] for unit in among})
        given, kept = (south, north) if cession.side == "south" else (north, south)
    if given.is_empty or kept.is_empty:
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: the line does not cross {cession.unit}, expected "
            "land on both sides; cede the whole unit or move the line"
        )
    return given, kept


def _by_line(
    cession: Cession, scenario: Scenario, land: shapely.MultiPolygon
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """Cut along a line, drawn on beyond its ends as straight as it ends there."""
    where = f"scenario {scenario.scenario_id!r}: the line across {cession.unit}"
    line = np.array(cession.line)
    low, high = (
        np.array(edge)
        for edge in np.split(np.array(shapely.total_bounds([land, shapely.LineString(line)])), 2)
    )
    reach = 4 * np.hypot(*(high - low + 2))
    starts = line[0] + reach * _unit(line[0] - line[1])
    ends = line[-1] + reach * _unit(line[-1] - line[-2])
    whole = shapely.LineString([starts, *line, ends])
    halves = shapely.get_parts(split(shapely.box(*(low - 1), *(high + 1)), whole))
    if not whole.is_simple or len(halves) != 2:
        raise ScenarioError(f"{where} meets itself where its ends are drawn on; draw it further")
    sides = [_polygons(shapely.intersection(land, half)) for half in halves]
    # Drawn on, a line would divide land that it was not drawn for.
    if not shapely.intersects(land, shapely.LineString(line)) or any(s.is_empty for s in sides):
        return shapely.MultiPolygon(), sides[1]
    across = "lon" if cession.side in ("west", "east") else "lat"
    gap = _gap(sides)
    other = "lat" if across == "lon" else "lon"
    if abs(gap[across]) < CLEAR * abs(gap[other]):
        better = "south or north" if across == "lon" else "west or east"
        raise ScenarioError(
            f"{where} has no clear {cession.side}: it runs the other way; "
            f"write {better} as cede_side"
        )
    first = (gap[across] > 0) == (cession.side in ("south", "west"))
    return (sides[0], sides[1]) if first else (sides[1], sides[0])


def _gap(sides: Sequence[shapely.MultiPolygon]) -> Mapping[str, float]:
    """How far the second side lies to the east and to the north of the first."""
    one, other = (side.centroid for side in sides)
    squeeze = np.cos(np.radians(one.y))
    return {"lon": float((other.x - one.x) * squeeze), "lat": float(other.y - one.y)}


def _unit(way: Any) -> Any:
    return way / np.hypot(*way)


def _side(land: Any, y: float, *, south: bool) -> shapely.MultiPolygon:
    """The part of a land on one side of a line from west to east."""
    left, bottom, right, top = np.array(land.bounds) + [-1, -1, 1, 1]
    at = min(max(y, bottom), top)
    box = shapely.box(left, bottom, right, at) if south else shapely.box(left, at, right, top)
    return _polygons(shapely.intersection(land, box))


def _polygons(geometry: Any) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon" and p.area > 0])


def _by_land(
    cession: Cession, scenario: Scenario, lands: Lands
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """South and north of the cut that leaves Japan its share of the land of some units."""
    return _share_land(cession, scenario, tuple(lands), tuple(lands.values()))


@lru_cache(maxsize=16)
def _share_land(
    cession: Cession,
    scenario: Scenario,
    units: tuple[str, ...],
    shapes: tuple[shapely.MultiPolygon, ...],
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """Cut across the long axis so that the ceded land is a share of that of some units.

    The cut is made in an equal-area projection turned so that the long side of the least bounding
    rectangle lies north. Results are cached, since every question about a scenario asks for its
    parts.
    """
    lands = dict(zip(units, shapes, strict=True))
    centre = lands[cession.unit].centroid
    plane = f"+proj=laea +lon_0={centre.x} +lat_0={centre.y} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    flat = {u: _transform(land, to_plane.transform) for u, land in lands.items()}
    turn = _long_axis_angle(flat[cession.unit])
    turned = _turn(flat[cession.unit], turn)
    target_m2 = _land_to_cede(cession, scenario, flat)
    south_m2 = target_m2 if cession.side == "south" else turned.area - target_m2
    y = _dividing_line(turned, south_m2)
    back = partial(to_plane.transform, direction="INVERSE")
    sides = (_side(turned, y, south=south) for south in (True, False))
    south, north = (_transform(_turn(side, -turn), back) for side in sides)
    return south, north


def _land_to_cede(cession: Cession, scenario: Scenario, flat: Mapping[str, Any]) -> float:
    """Area (m2) of a unit that must be ceded to leave Japan its share of the land of some units."""
    share = 0.5 if cession.rule == "equal-land" else float(cession.share or 0)
    whole = {c.unit for c in scenario.cessions if c.rule is None}
    given = sum(shape.area for unit, shape in flat.items() if unit in whole)
    target_m2 = sum(shape.area for shape in flat.values()) * share - given
    available_m2 = flat[cession.unit].area
    if not 0 < target_m2 < available_m2:
        what = "equal halves" if cession.rule == "equal-land" else f"a share of {share:g}"
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: no line across {cession.unit} leaves {what}: "
            f"{target_m2 / 1e6:.0f} km2 of its {available_m2 / 1e6:.0f} would have to be "
            "ceded; change the units in among"
        )
    return float(target_m2)


def _dividing_line(land: Any, south_m2: float) -> float:
    """Northing of the line from west to east with an area of a land to its south, by bisection."""
    low, high = land.bounds[1], land.bounds[3]
    for _ in range(60):
        middle = (low + high) / 2
        south = _side(land, middle, south=True)
        low, high = (middle, high) if south.area < south_m2 else (low, middle)
    return float(middle)


def _transform(land: Any, function: Any) -> Any:
    return shapely.transform(land, lambda xy: np.column_stack(function(xy[:, 0], xy[:, 1])))


def _turn(land: Any, angle: float) -> Any:
    cos, sin = np.cos(angle), np.sin(angle)
    return shapely.transform(land, lambda xy: xy @ np.array([[cos, sin], [-sin, cos]]))


def _long_axis_angle(land: Any) -> float:
    """Angle (radians, anticlockwise) that turns the long axis of a land to point north."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(land))
    sides = np.diff(corners[:3], axis=0)
    x, y = sides[np.hypot(*sides.T).argmax()]
    if y < 0:
        x, y = -x, -y
    return float(np.pi / 2 - np.arctan2(y, x))
