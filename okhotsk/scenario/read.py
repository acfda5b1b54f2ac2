"""Scenarios read from files, from ids and from lists of units, and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from okhotsk.datasets import data_folder, read_toml
from okhotsk.errors import ScenarioError
from okhotsk.scenario.model import FORCES, Cession, Scenario
from okhotsk.theatre.coast import read_islands

TEXTS = ("title", "short", "date", "proponent", "status", "line", "context")


KEYS = {"id", "sources", "cede", "split", *TEXTS}


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
