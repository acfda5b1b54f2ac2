"""Where the shipped data live, what they are, and where they came from."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from okhotsk.errors import DataError


def data_folder() -> Path:
    """Folder of the shipped data: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "registry.toml").exists():
            return folder
    raise DataError(f"no data folder in {package} or beside it: reinstall the package")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, naming the file in every error."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def read_data(name: str) -> dict[str, Any]:
    """Read one of the shipped TOML files."""
    return read_toml(data_folder() / name)


@cache
def citations() -> Mapping[str, str]:
    """Citation of every source key, with its address where one is known."""
    cited = read_data("sources.toml")
    return MappingProxyType(
        {key: " ".join(filter(None, [e["cite"], e.get("url")])) for key, e in cited.items()}
    )


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def data_digest() -> str:
    """Hex digest of all shipped tables; the registry among them holds those of coast and seabed."""
    tables = sorted(data_folder().rglob("*.toml"))
    return hashlib.sha256("".join(sha256(path) for path in tables).encode()).hexdigest()


def check() -> list[str]:
    """Problems found in the shipped data against the registry; empty where all is well."""
    folder, problems = data_folder(), []
    for name, entry in read_data("registry.toml").items():
        path = folder / name
        if not path.exists():
            problems.append(f"{name}: missing; reinstall the package")
        elif (got := sha256(path)) != entry["sha256"]:
            problems.append(f"{name}: sha256 is {got}, expected {entry['sha256']}; reinstall")
    return problems
