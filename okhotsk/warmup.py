"""Kernels compiled ahead: a second process does so while the first reads and measures.

Both may compile the same kernel at once. Each of those has one signature, so that whoever is last
to write it writes the same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
from numba.core.dispatcher import Dispatcher

from okhotsk.cache import PACKAGE, code_digest
from okhotsk.raster.dijkstra import crossings

REHEARSAL = (sys.executable, "-m", "okhotsk.rehearsal")


def find_mark() -> Path | None:
    """Return the file that stands beside the compiled kernels once this code was rehearsed.

    None where Numba is told to compile nothing, or finds no folder to keep it in.
    """
    kernel: object = crossings
    folder = kernel.stats.cache_path if isinstance(kernel, Dispatcher) else None
    if folder is None:
        return None
    version = f"{numba.__version__}-py{sys.version_info.major}{sys.version_info.minor}"
    return Path(folder) / f"rehearsed-{version}-{code_digest(PACKAGE)[:16]}"


def leave_mark() -> None:
    """Leave the file of :func:`find_mark`, in place of those of other code."""
    mark = find_mark()
    if mark:
        for old in mark.parent.glob("rehearsed-*"):
            old.unlink(missing_ok=True)
        mark.touch()


@contextmanager
def compiled_ahead() -> Iterator[None]:
    """Compile what else will be needed by :mod:`okhotsk.rehearsal`, unless that was done before.

    The process runs beside the block, and has ended after it. Whether it succeeds does not
    matter: what it did not compile is compiled at its first use.
    """
    mark = find_mark()
    process = None if mark is None or mark.exists() else _begin()
    try:
        yield
        if process:
            process.wait()
    finally:
        if process and process.poll() is None:
            process.kill()
            process.wait()


def _begin() -> subprocess.Popen[bytes] | None:
    """The process, started where this package lies and no other can be meant; None if it cannot."""
    silent = subprocess.DEVNULL
    try:
        return subprocess.Popen(
            REHEARSAL,
            stdin=silent,
            stdout=silent,
            stderr=silent,
            cwd=Path(__file__).parent.parent,
        )
    except OSError:
        return None
