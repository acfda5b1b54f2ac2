"""What a file was when it was first fetched: a list of checksums as ``sha256sum`` writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from okhotsk.errors import DataError
from okhotsk.files import write_text

NAME = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the checksum of every file that was fetched into a folder, by its name.

    Raises
    ------
    DataError
        Where a line of the list is not a checksum and a name.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    known = {}
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        found = LINE.fullmatch(line)
        if not found:
            raise DataError(
                f"{path}: line {number} is {line[:80]!r}, expected 64 hexadecimal digits, two "
                "blanks and a file name; delete the file to take the checksums anew"
            )
        known[found[2]] = found[1]
    return known


def write_checksums(folder: Path, known: Mapping[str, str]) -> None:
    """Write the list; ``sha256sum --check SHA256SUMS`` reads it too."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(known.items())]
    write_text(folder / NAME, "".join(lines))
