"""Arrays kept on disk between runs: a speed-up that may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def cache_folder() -> Path:
    """Folder of the cache: ``OKHOTSK_CACHE_DIR``, by default ``~/.cache/okhotsk``."""
    chosen = os.environ.get("OKHOTSK_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return Path(chosen) if chosen else Path(base) / "okhotsk"


def read_arrays(path: Path, names: Iterable[str] | None = None) -> dict[str, NDArray[Any]] | None:
    """Arrays of an earlier run, some or all; None where there are none or they are damaged."""
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as stored:
            # An altered header can hide from the checks of single arrays.
            if stored.zip.testzip():
                return None
            return {name: stored[name] for name in names or stored.files}
    except Exception:  # damage makes the parsers of zip and npy raise nearly anything
        return None


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep the arrays; a cache that cannot be written is no reason to fail."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as sink:
            try:
                np.savez(sink, **dict(arrays))  # type: ignore[arg-type]
                sink.close()
                Path(sink.name).replace(path)
            finally:  # a full disk or Ctrl-C leaves no half a file
                Path(sink.name).unlink(missing_ok=True)
    except OSError:
        return


def kept_at(kind: str, *given: Any) -> Path:
    """Where arrays of a kind are kept that follow from some bytes."""
    digest = hashlib.sha256()
    for data in given:  # with its length: what follows is not to be taken for a part of it
        digest.update(f"{len(data)} ".encode())
        digest.update(data)
    return cache_folder() / f"{kind}-{digest.hexdigest()[:24]}.npz"


def recall(
    path: Path,
    compute: Callable[[], Mapping[str, NDArray[Any]]],
    *,
    names: Iterable[str] | None = None,
) -> Mapping[str, NDArray[Any]]:
    """Arrays of an earlier run, all or the named; or computed now and kept for the next."""
    stored: Mapping[str, NDArray[Any]] | None = read_arrays(path, names)
    if stored is None:
        stored = compute()
        write_arrays(path, stored)
    return stored
