"""Handover options: who holds which land, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from okhotsk.datasets import data_folder, read_toml
from okhotsk.errors import ScenarioError
from okhotsk.theatre.coast import FIXED_HOLDERS, read_islands

Lands = Mapping[str, shapely.MultiPolygon]

FORCES = ("RU", "JP", "none")
TODAY = "status-quo"  # the option that all others are compared with
TEXTS = ("title", "short", "date", "proponent", "status", "line", "context")
KEYS = {"id", "sources", "cede", "split", *TEXTS}


@dataclass(frozen=True, kw_only=True)
class Cession:
    """Land handed to Japan: one whole unit, or one side of a line across it.

    Attributes
    ----------
    unit
        Land unit.
    forces
        Whose forces may stand there: ``RU``, ``JP`` or ``none``.
    rule
        None for a whole unit; ``parallel`` (a line of latitude) or ``equal-land`` (the line
        across the long axis that leaves both countries equal land among some units).
    lat, among
        What the rule needs. The southern part is the one ceded.
    """

    unit: str
    forces: str
    rule: str | None = None
    lat: float | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A handover option; ``short`` is a title for charts, the title where there is none."""

    scenario_id: str
    title: str
    short: str = ""
    date: str = ""
    proponent: str = ""
    status: str = ""
    line: str = ""
    context: str = ""
    sources: tuple[str, ...] = ()
    cessions: tuple[Cession, ...] = ()

    def _repr_html_(self) -> str:
        from okhotsk.cards import scenario_card

        return scenario_card(self)


@dataclass(frozen=True)
class Part:
    """Land under one holder: a unit, or the piece of a unit on one side of a line.

    Attributes
    ----------
    part_id
        The unit id, with ``-south`` or ``-north`` where the unit is split.
    sovereign
        ``RU`` or ``JP``: decides zones and regimes.
    forces
        ``RU``, ``JP`` or ``none``: whose sensors and missiles may stand there.
    """

    part_id: str
    unit: str
    sovereign: str
    forces: str
    land: shapely.MultiPolygon

    @property
    def ceded(self) -> bool:
        """Whether the option hands this land to Japan."""
        return self.sovereign == "JP" and FIXED_HOLDERS.get(self.unit) != "JP"


def scenario_ids() -> list[str]:
    """Ids of the named options, from nothing ceded to all."""
    files = (data_folder() / "scenarios").glob("*.toml")
    loaded = [read_scenario(path) for path in sorted(files)]
    size = {s.scenario_id: sum(0.5 if c.rule else 1 for c in s.cessions) for s in loaded}
    return sorted(size, key=lambda name: (size[name], name))


def load_scenario(name: str | Path) -> Scenario:
    """Return a named option, or one from a TOML file.

    Raises
    ------
    ScenarioError
        For an unknown id, or a file with unknown units or holders or contradictions.
    """
    named = data_folder() / "scenarios" / f"{name}.toml"
    if named.exists():
        return read_scenario(named)
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise ScenarioError(f"scenario file {path} {what}, expected a TOML file")
        return read_scenario(path)
    raise ScenarioError(
        f"unknown scenario {str(name)!r}, expected one of {', '.join(scenario_ids())}, "
        "or the path of a scenario file (.toml)"
    )


def read_scenario(path: Path) -> Scenario:
    """Read and check a scenario file, naming all of its problems at once."""
    record = read_toml(path)
    problems = [f"unknown key {key!r}" for key in sorted(set(record) - KEYS)]
    problems += [f"key {key!r} is missing" for key in ("id", "title") if key not in record]
    problems += [
        f"{key!r} must be a text"
        for key in ("id", *TEXTS)
        if not isinstance(record.get(key, ""), str)
    ]
    # The id names files, so nothing in it may leave their folder.
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(record.get("id", "x"))):
        problems.append(f"id is {record['id']!r}, expected small letters, digits and hyphens")
    if not _is_texts(record.get("sources", [])):
        problems.append("'sources' must be a list of texts")
    cessions: list[Cession] = []
    for number, table in enumerate(_tables(record, "cede", problems), 1):
        cessions += _read_cede(table, f"cede {number}", problems)
    for number, table in enumerate(_tables(record, "split", problems), 1):
        cessions += _read_split(table, f"split {number}", problems)
    problems += _contradictions(cessions)
    if problems:
        raise ScenarioError(f"{path}: {'; '.join(problems)}")
    texts = {key: record.get(key, "").strip() for key in TEXTS}
    texts["short"] = texts["short"] or texts["title"]
    return Scenario(
        scenario_id=record["id"],
        sources=tuple(record.get("sources", ())),
        cessions=tuple(cessions),
        **texts,
    )


def cede(units: Iterable[str], *, demilitarised: bool = False) -> Scenario:
    """Return the option that hands over whole units (ids or groups of the island list).

    Raises
    ------
    ScenarioError
        For an unknown unit or group, or a unit named twice.
    """
    names = [name.strip() for name in units if name.strip()]
    forces = "none" if demilitarised else "JP"
    problems: list[str] = []
    table = {"units": names, "forces": forces}
    cessions = _read_cede(table, "--cede", problems)
    problems += _contradictions(cessions)
    if problems:
        raise ScenarioError("; ".join(problems))
    islands = read_islands()
    label = ", ".join(islands[name].name if name in islands else name for name in names)
    suffix = " (demilitarised)" if demilitarised else ""
    return Scenario(
        scenario_id="-".join(
            ["cede", *sorted(names), *(["demilitarised"] if demilitarised else [])]
        ),
        title=f"Ceded: {label or 'nothing'}{suffix}",
        cessions=tuple(cessions),
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _tables(record: dict[str, Any], key: str, problems: list[str]) -> list[dict[str, Any]]:
    tables = record.get(key, [])
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        return tables
    problems.append(f"{key!r} must be written as [[{key}]] tables")
    return []


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Units that a name stands for: itself, or a group of the island list."""
    islands = read_islands()
    found: dict[str, tuple[str, ...]] = {}
    for island in islands.values():
        found[island.group] = (*found.get(island.group, ()), island.island_id)
    return found | {unit: (unit,) for unit in islands}


def _check_forces(table: dict[str, Any], where: str, problems: list[str]) -> str:
    forces = table.get("forces", "JP")
    if forces not in FORCES:
        problems.append(f"{where}: forces is {forces!r}, expected one of {', '.join(FORCES)}")
    return str(forces)


def _read_cede(table: dict[str, Any], where: str, problems: list[str]) -> list[Cession]:
    forces, cessions = _check_forces(table, where, problems), []
    problems += [
        f"{where}: unknown key {key!r}" for key in sorted(set(table) - {"units", "forces"})
    ]
    names = table.get("units")
    if not _is_texts(names):
        problems.append(f"{where}: units must be a list of island ids")
        return []
    for name in names or ():
        if name not in groups():
            known = ", ".join(groups())
            problems.append(f"{where}: unknown unit {name!r}, expected one of {known}")
            continue
        cessions += [Cession(unit=unit, forces=forces) for unit in groups()[name]]
    return cessions


def _read_split(table: dict[str, Any], where: str, problems: list[str]) -> list[Cession]:
    forces, rule, unit = _check_forces(table, where, problems), table.get("rule"), table.get("unit")
    count = len(problems)
    keys = {"unit", "forces", "rule", "lat", "among", "cede_side"}
    problems += [f"{where}: unknown key {key!r}" for key in sorted(set(table) - keys)]
    if unit not in (*read_islands(), "sakhalin"):
        problems.append(f"{where}: unknown unit {unit!r}, expected an island id or sakhalin")
    if table.get("cede_side", "south") != "south":
        problems.append(f"{where}: cede_side is {table['cede_side']!r}, expected 'south'")
    lat, among = table.get("lat"), table.get("among", [])
    if rule == "parallel" and not (isinstance(lat, int | float) and -90 <= lat <= 90):
        problems.append(f"{where}: rule 'parallel' needs lat, a latitude in degrees")
    if not _is_texts(among):
        problems.append(f"{where}: among must be a list of island ids")
    elif rule == "equal-land":
        unknown = [u for u in among if u not in read_islands()]
        problems += [f"{where}: unknown unit {u!r} in among" for u in unknown]
        if unit not in among:
            problems.append(f"{where}: among must list {unit!r} and the units it is shared with")
    if rule not in ("parallel", "equal-land"):
        problems.append(f"{where}: rule is {rule!r}, expected 'parallel' or 'equal-land'")
    if len(problems) > count:
        return []
    return [Cession(unit=str(unit), forces=forces, rule=rule, lat=lat, among=tuple(among))]


def _contradictions(cessions: list[Cession]) -> list[str]:
    """Units that are handed over more than once."""
    seen: dict[str, Cession] = {}
    problems = []
    for cession in cessions:
        first = seen.setdefault(cession.unit, cession)
        if first is not cession:
            how = f"with forces {first.forces} and {cession.forces}"
            if first.rule or cession.rule:
                how = "whole and split"
            problems.append(f"unit {cession.unit!r} is ceded twice ({how}); name it once")
    return problems


def resolve(scenario: Scenario, lands: Lands) -> tuple[Part, ...]:
    """Return who holds every piece of land.

    Parameters
    ----------
    scenario
        The option.
    lands
        Land of every unit (EPSG:4326).

    Raises
    ------
    ScenarioError
        Where a line misses the unit it should split, or equal halves cannot be reached.
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

    ``shapes`` is the land of these units. In an equal-area projection turned so that the long
    side of the least bounding rectangle lies north; the line is found by bisection. Kept, since
    every question about an option asks for its parts.
    """
    lands = dict(zip(cession.among, shapes, strict=True))
    centre = lands[cession.unit].centroid
    plane = f"+proj=laea +lon_0={centre.x} +lat_0={centre.y} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    flat = {u: _transform(land, to_plane.transform) for u, land in lands.items()}
    turn = _long_axis_angle(flat[cession.unit])
    turned = _turn(flat[cession.unit], turn)
    whole = {c.unit for c in scenario.cessions if c.rule is None}
    given = sum(flat[u].area for u in cession.among if u in whole)
    target = sum(shape.area for shape in flat.values()) / 2 - given
    low, high = turned.bounds[1], turned.bounds[3]
    if not 0 < target < turned.area:
        raise ScenarioError(
            f"scenario {scenario.scenario_id!r}: no line across {cession.unit} leaves equal "
            f"halves: {target / 1e6:.0f} km2 of its {turned.area / 1e6:.0f} would have to be "
            "ceded; change the units in among"
        )
    for _ in range(60):
        middle = (low + high) / 2
        south = _side(turned, middle, south=True)
        low, high = (middle, high) if south.area < target else (low, middle)
    north = _side(turned, middle, south=False)

    def back(x: Any, y: Any) -> Any:
        return to_plane.transform(x, y, direction="INVERSE")

    return (_transform(_turn(south, -turn), back), _transform(_turn(north, -turn), back))


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
