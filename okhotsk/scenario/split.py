"""Who holds every part of the land under a scenario; units split by a line where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from okhotsk.errors import ScenarioError
from okhotsk.scenario.model import Cession, Part, Scenario
from okhotsk.theatre.coast import FIXED_HOLDERS, Lands


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
            south, north = _split(cession, scenario, lands)
            parts.append(Part(f"{unit}-south", unit, "JP", cession.forces, south))
            parts.append(Part(f"{unit}-north", unit, "RU", "RU", north))
    return tuple(parts)


def _split(
    cession: Cession, scenario: Scenario, lands: Lands
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """South and north part of a unit."""
    land = lands[cession.unit]
    if cession.rule == "parallel":
        lat = float(cession.lat or 0)
        south, north = (_side(land, lat, south=side) for side in (True, False))
    else:
        shapes = tuple(lands[unit] for unit in cession.among)
        south, north = _equal_land(cession, scenario, shapes)
    if south.is_empty or north.is_empty:
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: the line does not cross {cession.unit}, expected "
            "land on both sides; cede the whole unit or move the line"
        )
    return south, north


def _side(land: Any, y: float, *, south: bool) -> shapely.MultiPolygon:
    """The part of a land on one side of a line from west to east."""
    left, bottom, right, top = np.array(land.bounds) + [-1, -1, 1, 1]
    at = min(max(y, bottom), top)
    box = shapely.box(left, bottom, right, at) if south else shapely.box(left, at, right, top)
    return _polygons(shapely.intersection(land, box))


def _polygons(geometry: Any) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon" and p.area > 0])


@lru_cache(maxsize=16)
def _equal_land(
    cession: Cession, scenario: Scenario, shapes: tuple[shapely.MultiPolygon, ...]
) -> tuple[shapely.MultiPolygon, shapely.MultiPolygon]:
    """Cut across the long axis so that ceded and kept land among some units are equal.

    ``shapes`` is the land of these units. The cut is made in an equal-area projection turned so
    that the long side of the least bounding rectangle lies north. Results are cached, since every
    question about a scenario asks for its parts.
    """
    lands = dict(zip(cession.among, shapes, strict=True))
    centre = lands[cession.unit].centroid
    plane = f"+proj=laea +lon_0={centre.x} +lat_0={centre.y} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    flat = {u: _transform(land, to_plane.transform) for u, land in lands.items()}
    turn = _long_axis_angle(flat[cession.unit])
    turned = _turn(flat[cession.unit], turn)
    target_m2 = _land_to_cede(cession, scenario, flat)
    y = _dividing_line(turned, target_m2)
    back = partial(to_plane.transform, direction="INVERSE")
    sides = (_side(turned, y, south=south) for south in (True, False))
    south, north = (_transform(_turn(side, -turn), back) for side in sides)
    return south, north


def _land_to_cede(cession: Cession, scenario: Scenario, flat: Mapping[str, Any]) -> float:
    """Area (m2) of a unit that must be ceded to leave both sides equal land among some units."""
    whole = {c.unit for c in scenario.cessions if c.rule is None}
    given = sum(flat[u].area for u in cession.among if u in whole)
    target_m2 = sum(shape.area for shape in flat.values()) / 2 - given
    available_m2 = flat[cession.unit].area
    if not 0 < target_m2 < available_m2:
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: no line across {cession.unit} leaves equal "
            f"halves: {target_m2 / 1e6:.0f} km2 of its {available_m2 / 1e6:.0f} would have to be "
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
