"""The shipped data: their folder, registry and citations, and how their tables are read."""

from __future__ import annotations

import hashlib
import textwrap
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from okhotsk.errors import DataError
from okhotsk.schema import NUMBER, TABLES, TEXTS, Key, Schema, validate

OPTIONAL = Key(required=False)
# An id names files, so nothing in it may lead out of their folder.
ID = Key(pattern=r"[a-z0-9]+(-[a-z0-9]+)*", words="small letters, digits and hyphens")
PUBLISHED = Key(
    TABLES,
    required=False,
    table=Schema(
        {
            "quantity": Key(),
            "value": Key(NUMBER),
            "source": Key(TEXTS),
            "note": OPTIONAL,
            "derived": OPTIONAL,
        }
    ),
)
SOURCES = Schema(others=Schema({"cite": Key(), "url": OPTIONAL}))
# Tables that no figure follows from.
SAID = ("claims.toml", "columns.toml", "etopo2022.toml", "registry.toml", "sources.toml")
SHA256 = Key(pattern="[0-9a-f]{64}", words="64 hexadecimal digits")
REGISTRY = Schema(
    others=Schema({"sha256": SHA256, "licence": Key(), "source": Key(), "processing": Key()})
)


def data_folder() -> Path:
    """Return the folder of the data: in an installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "registry.toml").exists():
            return folder
    raise DataError(f"no data folder in {package} or beside it: reinstall the package")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the contents of a TOML file, unchecked.

    Raises
    ------
    DataError
        Where the file cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(_text_of(path))
    except RecursionError as error:
        raise DataError(f"{path}: not valid TOML: brackets too deep in one another") from error
    except tomllib.TOMLDecodeError as error:
        said = " ".join(str(error).split())
        raise DataError(f"{path}: not valid TOML: {textwrap.shorten(said, 200)}") from error
    except ValueError as error:
        raise DataError(f"{path}: not valid TOML: a number of thousands of digits") from error


def _text_of(path: Path) -> str:
    """The text of a file, which people may have saved in other codes than UTF-8."""
    try:
        held = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        if b"\0" in held:
            raise ValueError("UTF-16 or no text")
        return held.decode("utf-8-sig")
    except ValueError as error:
        code = "UTF-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "another code"
        raise DataError(
            f"{path}: cannot be read: the text is in {code}; save it as UTF-8"
        ) from error


def read_data(name: str) -> dict[str, Any]:
    """Return the contents of one of the shipped TOML files, unchecked."""
    return read_toml(data_folder() / name)


def read_table(name: str, schema: Schema) -> dict[str, Any]:
    """Return the contents of one of the shipped TOML files.

    Raises
    ------
    DataError
        Where the file cannot be read, or naming everything in it that the schema forbids.
    """
    record = read_data(name)
    validate(record, schema, file=name)
    return record


def read_registry() -> dict[str, dict[str, str]]:
    """Return sha256, licence, source and processing of every data file, by its name."""
    return read_table("registry.toml", REGISTRY)


@cache
def citations() -> Mapping[str, str]:
    """Return the citation of every source, with its address where one is known, by its key."""
    cited = read_table("sources.toml", SOURCES)
    return MappingProxyType(
        {key: " ".join(filter(None, [e["cite"], e.get("url")])) for key, e in cited.items()}
    )


def in_full(source: str) -> str:
    """Return what a source key stands for, behind the key; other texts as they are.

    Examples
    --------
    >>> in_full("My memo of 2026")
    'My memo of 2026'
    """
    cited = citations().get(source)
    return f"{source}: {cited}" if cited else source


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal digits."""
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def data_digest() -> str:
    """Return one digest of the tables that figures follow from.

    Coast and seabed are in the key of the theatre; citations and findings change no figure.
    """
    tables = sorted(path for path in data_folder().rglob("*.toml") if path.name not in SAID)
    return hashlib.sha256("".join(sha256(path) for path in tables).encode()).hexdigest()


def check() -> list[str]:
    """Return how the shipped data differ from the registry, one sentence a file."""
    folder, problems = data_folder(), []
    for name, entry in read_registry().items():
        path = folder / name
        if not path.exists():
            problems.append(f"{name}: missing; reinstall the package")
        elif (got := sha256(path)) != entry["sha256"]:
            problems.append(f"{name}: sha256 is {got}, expected {entry['sha256']}; reinstall")
    return problems
