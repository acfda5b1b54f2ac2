"""Scenarios from ids, from files and from lists of units."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from okhotsk.datasets import ID, data_folder, read_toml
from okhotsk.errors import DataError, ScenarioError
from okhotsk.scenario.border import LINE, find_line
from okhotsk.scenario.model import FORCES, RULES, SIDES, TEXT_KEYS, Cession, Scenario
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
    show,
    validate,
)
from okhotsk.theatre.coast import groups, read_islands
from okhotsk.theatre.names import find_id, suggest, unit_names, with_ids

FORCES_KEY = Key(required=False, choices=FORCES)
# Names of the pages that stand beside those of scenarios.
TAKEN = ("explorer", "index", "report")
LONGEST_ID = 80
MOST_NAMES = 10  # of units in a title
MOST_BYTES = 1_000_000
IS = "a scenario is a TOML file with id, title, and [[cede]] or [[split]] tables"
TEXTS_OF_FILE = tuple(key for key in TEXT_KEYS if key not in ("short", "sources"))
# The rules that read a key of a split.
READ_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "lat": ("parallel",),
        "line": ("line",),
        "share": ("land-share",),
        "among": ("equal-land", "land-share"),
    }
)
# How files begin that people take for scenarios.
OTHERS: Mapping[bytes, str] = MappingProxyType(
    {
        b"\x00\x00\x27\x0a": "a shapefile",
        b"SQLite format 3": "a GeoPackage",
        b"PK\x03\x04": "a ZIP archive (KMZ, or a document)",
        b"%PDF": "a PDF",
        b"<": "XML (KML, or a page)",
        b"{": "JSON or GeoJSON",
    }
)


def scenario_ids() -> list[str]:
    """Return the ids of the named scenarios, from nothing ceded to all."""
    files = (data_folder() / "scenarios").glob("*.toml")
    loaded = [read_scenario(path) for path in sorted(files)]
    size = {s.scenario_id: sum(0.5 if c.rule else 1 for c in s.cessions) for s in loaded}
    return sorted(size, key=lambda name: (size[name], name))


def load_scenario(name: str | Path | Mapping[str, Any]) -> Scenario:
    """Return a named scenario, or one of one's own.

    Parameters
    ----------
    name
        Id of a named scenario, path of a TOML file, or what such a file holds.

    Raises
    ------
    ScenarioError
        For an unknown id; unknown units or holders, contradictions, or the id of a named scenario.
    """
    if isinstance(name, Mapping):
        return _refuse_known(_make(name, Path(), "scenario"), "scenario")
    known = _named(str(name))
    if known:
        return known
    path = Path(name)
    if path.suffix == ".toml" or _is_file(path):
        if not _is_file(path):
            what = "is a folder" if path.is_dir() else "does not exist"
            raise ScenarioError(f"scenario file {path} {what}, expected a TOML file")
        return _refuse_known(read_scenario(path), path)
    raise ScenarioError(
        f"unknown scenario {show(str(name))}{_like(str(name))}, expected one of "
        f"{', '.join(scenario_ids())}, or the path of a scenario file (.toml)"
    )


def _like(name: str) -> str:
    """A question with the scenario whose id is most like a name; empty where none is."""
    near = get_close_matches(name.casefold().replace(" ", "-"), scenario_ids(), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def load_scenarios(names: Iterable[str | Path | Mapping[str, Any] | Scenario]) -> list[Scenario]:
    """Return scenarios that can stand beside one another.

    Raises
    ------
    ScenarioError
        As :func:`load_scenario`, and for two different ones with one id.
    """
    found: list[Scenario] = []
    for name in names:
        if isinstance(name, Scenario):
            scenario = _refuse_known(name, "scenario")
        else:
            scenario = load_scenario(name)
        if any(scenario != s and scenario.scenario_id == s.scenario_id for s in found):
            where = f"{name}: " if isinstance(name, str | Path) else ""
            raise ScenarioError(
                f"{where}another of these scenarios has the id {scenario.scenario_id!r}; "
                "give each an id of its own"
            )
        found.append(scenario)
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for any
        return False


def _named(name: str) -> Scenario | None:
    """The named scenario of an id; None where there is none."""
    if len(name) > LONGEST_ID or not re.fullmatch(ID.pattern, name):
        return None
    path = data_folder() / "scenarios" / f"{name}.toml"
    return read_scenario(path) if path.is_file() else None


def _refuse_known(scenario: Scenario, where: object) -> Scenario:
    """A scenario of one's own, unless it would be taken for a named one."""
    known = _named(scenario.scenario_id)
    if known and known != scenario:
        raise ScenarioError(
            f"{where}: {scenario.scenario_id!r} is the id of a named scenario; "
            "give yours an id of its own"
        )
    return scenario


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a TOML file.

    Raises
    ------
    DataError
        Where the file cannot be read or is not TOML.
    ScenarioError
        Where it is a file of another kind, or naming all other problems of the file at once.
    """
    _refuse_other(path)
    try:
        record = read_toml(path)
    except DataError as error:
        if path.suffix == ".toml":
            raise
        raise ScenarioError(f"{error}; {IS}") from error
    return _make(record, path.parent, path)


def _make(record: Mapping[str, Any], folder: Path, where: object) -> Scenario:
    """The scenario of a record; files that it names lie in a folder."""
    record = with_ids(record)
    validate(record, scenario_schema(folder), file=where, error=ScenarioError)
    return Scenario(
        scenario_id=record["id"],
        sources=tuple(record.get("sources", ())),
        cessions=tuple(_cessions(record, folder)),
        short=record.get("short", "").strip() or record["title"],
        **{key: record[key].strip() for key in TEXTS_OF_FILE if key in record},
    )


def _refuse_other(path: Path) -> None:
    """Stop at a file that is none of ours by its first bytes or its size."""
    try:
        with path.open("rb") as file:
            start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        size = path.stat().st_size
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from error
    kind = next((name for first, name in OTHERS.items() if start.startswith(first)), "")
    if kind:
        raise ScenarioError(f"{path} is {kind}; {IS}, and a split may name a GeoJSON line")
    if size > MOST_BYTES:
        raise ScenarioError(f"{path} has {size:,} bytes, more than any scenario needs; {IS}")


def cede(units: Iterable[str], *, demilitarised: bool = False) -> Scenario:
    """Return the scenario that hands over whole units (ids or groups of the island list).

    Raises
    ------
    ScenarioError
        For an unknown unit or group, or a unit named twice.
    """
    names = [find_id(name, unit_names()) or name.strip() for name in units if name.strip()]
    table = {"units": names, "forces": "none" if demilitarised else "JP"}
    problems = check(table, cede_schema(), "--cede")
    problems += map(Problem, _contradictions({"cede": [table]}))
    if problems:
        asked = "".join(suggest(n, unit_names()) for n in names if n not in groups())
        raise ScenarioError(in_words(problems) + asked)
    islands = read_islands()
    words = [islands[name].name if name in islands else name for name in names]
    if len(words) > MOST_NAMES:
        words[MOST_NAMES - 1 :] = [f"and {len(words) - MOST_NAMES + 1} more"]
    label = ", ".join(words)
    suffix = ["demilitarised"] if demilitarised else []
    return Scenario(
        scenario_id=_cede_id([*sorted(names), *suffix]),
        title=f"Ceded: {label or 'nothing'}{' (demilitarised)' if demilitarised else ''}",
        cessions=tuple(_cessions({"cede": [table]})),
    )


def _cede_id(names: list[str]) -> str:
    """The id of units; of very many the digest of their names, since an id names files."""
    name = "-".join(["cede", *names])
    if len(name) <= LONGEST_ID:
        return name
    return f"cede-{len(names)}-units-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@cache
def scenario_schema(folder: Path = Path()) -> Schema:
    """Return what a scenario file may hold; the lines that it names lie in a folder."""
    return Schema(
        {
            "id": replace(ID, most=LONGEST_ID),
            **TEXT_KEYS,
            "cede": Key(TABLES, required=False, table=cede_schema()),
            "split": Key(TABLES, required=False, table=split_schema(folder)),
        },
        rules=(Rule(("id",), _taken), Rule(("cede", "split"), _contradictions)),
    )


def _taken(record: Mapping[str, Any]) -> Iterator[str]:
    if record["id"] in TAKEN:
        yield f"id {record['id']!r} is the name of another page of a run; take another id"


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
def split_schema(folder: Path = Path()) -> Schema:
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
            "line": Key(LINE, required=False, needed_by=("rule", "line")),
            "share": Key(
                NUMBER,
                required=False,
                needed_by=("rule", "land-share"),
                low=1e-6,
                high=1 - 1e-6,
                words="a number between 0 and 1",
            ),
            "among": Key(
                TEXTS,
                required=False,
                choices=tuple(read_islands()),
                words="a list of island ids",
                unknown="unknown unit {} in among",
            ),
            "cede_side": Key(required=False, choices=tuple(SIDES)),
        },
        rules=(
            Rule(("unit", "rule", "among"), _wrong_among),
            Rule(("rule",), _needless),
            Rule(("rule", "cede_side"), _wrong_side),
            Rule(("rule", "line"), partial(_wrong_line, folder)),
        ),
    )


def _needless(table: Mapping[str, Any]) -> Iterator[str]:
    """Keys that the rule does not read, and what no source can tell."""
    rule = table["rule"]
    if rule == "people-share":
        yield (
            "no source says where on an island its people live, so no line can leave a share of "
            "them; split by a line or by land"
        )
    if rule in RULES:
        yield from (
            f"rule {rule!r} does not read {name}; leave it out"
            for name, rules in READ_BY.items()
            if name in table and rule not in rules
        )


def _wrong_side(table: Mapping[str, Any]) -> Iterator[str]:
    if table["rule"] != "line" and table.get("cede_side") in ("west", "east"):
        yield f"rule {table['rule']!r} divides south from north; cede_side must be one of them"


def _wrong_line(folder: Path, table: Mapping[str, Any]) -> Iterator[str]:
    if table["rule"] == "line":
        try:
            find_line(table["line"], folder)
        except ValueError as error:
            yield f"line {error}"


def _wrong_among(table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the units among which land is shared."""
    among, unit = table.get("among", []), table["unit"]
    shared = table["rule"] == "equal-land" or (table["rule"] == "land-share" and among)
    if shared and unit not in among:
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


def _cessions(record: Mapping[str, Any], folder: Path | None = None) -> Iterator[Cession]:
    """What a file hands over; units that are unknown are left out, and lines without a folder."""
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
            line=find_line(table["line"], folder) if folder and "line" in table else (),
            share=table.get("share"),
            among=tuple(table.get("among", ())),
            side=table.get("cede_side", "south"),
        )
