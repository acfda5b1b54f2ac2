"""Writing files as a whole: a reader finds the old file or the new one, never a part."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file by way of a temporary one beside it, then rename."""
    write_texts(path.parent, {path.name: text})


def write_texts(folder: Path, texts: Mapping[str, str | bytes]) -> list[Path]:
    """Write several files to a folder: all of them, or none if any cannot be written."""
    for name in texts:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    with room(folder) as made:
        for name, content in texts.items():
            if isinstance(content, bytes):
                (made / name).write_bytes(content)
            else:
                (made / name).write_text(content, encoding="utf-8", newline="\n")
        for name in texts:
            (made / name).replace(folder / name)
    return [folder / name for name in texts]


@contextmanager
def room(folder: Path) -> Iterator[Path]:
    """Give a temporary folder inside another, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = tempfile.TemporaryDirectory(dir=folder, prefix=".okhotsk-")
    except OSError as error:  # it names the temporary folder, which means nothing to the user
        why = f"no file can be written there ({error.strerror}); choose another folder"
        raise OSError(error.errno, why, str(folder)) from None
    with made as name:
        yield Path(name)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside a file, which takes its place if all goes well."""
    with room(path.parent) as made:
        target = made / path.name
        yield target
        target.replace(path)
