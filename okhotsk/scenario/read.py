"""Scenarios from ids, from files and from lists of units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from okhotsk.datasets import ID, OPTIONAL, data_folder, read_toml
from okhotsk.errors import ScenarioError
from okhotsk.scenario.model import FORCES, RULES, Cession, Scenario
from okhotsk.schema import (
    NUMBER,
    TABLES,
    TEXTS,
    Key,
    Problem,
    Rule,
    Schema,
    check,
    in_words,
    validate,
)
from okhotsk.theatre.coast import groups, read_islands

FORCES_KEY = Key(required=False, choices=FORCES)
TEXT_KEYS = ("title", "short", "date", "proponent", "status", "line", "context")


def scenario_ids() -> list[str]:
    """Return the ids of the named scenarios, from nothing ceded to all."""
    files = (data_folder() / "scenarios").glob("*.toml")
    loaded = [read_scenario(path) for path in sorted(files)]
    size = {s.scenario_id: sum(0.5 if c.rule else 1 for c in s.cessions) for s in loaded}
    return sorted(size, key=lambda name: (size[name], name))


def load_scenario(name: str | Path) -> Scenario:
    """Return a named scenario, or one from a TOML file.

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
    """Return the scenario of a TOML file.

    Raises
    ------
    DataError
        Where the file cannot be read or is not TOML.
    ScenarioError
        Naming all other problems of the file at once.
    """
    record = read_toml(path)
    validate(record, scenario_schema(), file=path, error=ScenarioError)
    texts = {key: record.get(key, "").strip() for key in TEXT_KEYS}
    texts["short"] = texts["short"] or texts["title"]
    return Scenario(
        scenario_id=record["id"],
        sources=tuple(record.get("sources", ())),
        cessions=tuple(_cessions(record)),
        **texts,
    )


def cede(units: Iterable[str], *, demilitarised: bool = False) -> Scenario:
    """Return the scenario that hands over whole units (ids or groups of the island list).

    Raises
    ------
    ScenarioError
        For an unknown unit or group, or a unit named twice.
    """
    names = [name.strip() for name in units if name.strip()]
    table = {"units": names, "forces": "none" if demilitarised else "JP"}
    problems = check(table, cede_schema(), "--cede")
    problems += map(Problem, _contradictions({"cede": [table]}))
    if problems:
        raise ScenarioError(in_words(problems))
    islands = read_islands()
    label = ", ".join(islands[name].name if name in islands else name for name in names)
    suffix = ["demilitarised"] if demilitarised else []
    return Scenario(
        scenario_id="-".join(["cede", *sorted(names), *suffix]),
        title=f"Ceded: {label or 'nothing'}{' (demilitarised)' if demilitarised else ''}",
        cessions=tuple(_cessions({"cede": [table]})),
    )


@cache
def scenario_schema() -> Schema:
    """Return what a scenario file may hold."""
    return Schema(
        {
            "id": ID,
            "title": Key(),
            **dict.fromkeys(TEXT_KEYS[1:], OPTIONAL),
            "sources": Key(TEXTS, required=False),
            "cede": Key(TABLES, required=False, table=cede_schema()),
            "split": Key(TABLES, required=False, table=split_schema()),
        },
        rules=(Rule(("cede", "split"), _contradictions),),
    )


@cache
def cede_schema() -> Schema:
    """Return what a table of whole units may hold."""
    units = Key(
        TEXTS,
        choices=tuple(groups()),
        words="a list of island ids",
        unknown="unknown unit {}",
    )
    return Schema({"units": units, "forces": FORCES_KEY})


@cache
def split_schema() -> Schema:
    """Return what a table of a line across a unit may hold."""
    return Schema(
        {
            "unit": Key(
                choices=(*read_islands(), "sakhalin"),
                words="an island id or sakhalin",
                unknown="unknown unit {}",
            ),
            "forces": FORCES_KEY,
            "rule": Key(choices=RULES),
            "lat": Key(
                NUMBER,
                required=False,
                needed_by=("rule", "parallel"),
                low=-90,
                high=90,
                words="a latitude in degrees",
            ),
            "among": Key(
                TEXTS,
                required=False,
                choices=tuple(read_islands()),
                words="a list of island ids",
                unknown="unknown unit {} in among",
            ),
            "cede_side": Key(required=False, choices=("south",)),
        },
        rules=(Rule(("unit", "rule", "among"), _wrong_among),),
    )


def _wrong_among(table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the units among which land is shared equally."""
    among, unit = table.get("among", []), table["unit"]
    if table["rule"] == "equal-land" and unit not in among:
        yield f"among must list {unit!r} and the units it is shared with"
    yield from (
        f"among lists {name!r} more than once; name it once"
        for name in dict.fromkeys(among)
        if among.count(name) > 1
    )


def _contradictions(record: Mapping[str, Any]) -> Iterator[str]:
    """Units that are handed over more than once."""
    seen: dict[str, Cession] = {}
    for cession in _cessions(record):
        first = seen.setdefault(cession.unit, cession)
        if first is not cession:
            how = f"with forces {first.forces} and {cession.forces}"
            if first.rule or cession.rule:
                how = "whole and split"
            yield f"unit {cession.unit!r} is ceded twice ({how}); name it once"


def _cessions(record: Mapping[str, Any]) -> Iterator[Cession]:
    """What a file hands over; units that are unknown are left out."""
    for table in record.get("cede", ()):
        for name in table["units"]:
            for unit in groups().get(name, ()):
                yield Cession(unit=unit, forces=table.get("forces", "JP"))
    for table in record.get("split", ()):
        yield Cession(
            unit=table["unit"],
            forces=table.get("forces", "JP"),
            rule=table["rule"],
            lat=table.get("lat"),
            among=tuple(table.get("among", ())),
        )
