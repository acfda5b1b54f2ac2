"""Kernels compiled ahead: a second process does so while the first reads and measures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
from numba.core.dispatcher import Dispatcher

from okhotsk.search import crossings
from okhotsk.sources import code_digest

REHEARSAL = (sys.executable, "-m", "okhotsk.rehearsal")


def find_mark() -> Path | None:
    """Return the file that stands beside the compiled kernels once this code was rehearsed.

    None where Numba is told to compile nothing, or finds no folder to keep it in.
    """
    kernel: object = crossings
    folder = kernel.stats.cache_path if isinstance(kernel, Dispatcher) else None
    if folder is None:
        return None
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    version = f"{numba.__version__}-py{sys.version_info.major}{sys.version_info.minor}"
    return Path(folder) / f"rehearsed-{version}-{code_digest(names)[:16]}"


@contextmanager
def compiled_ahead() -> Iterator[None]:
    """Compile what else will be needed by :mod:`okhotsk.rehearsal`, unless that was done before.

    The process runs beside the block, and has ended after it. Whether it succeeds does not
    matter: what it did not compile is compiled at its first use.
    """
    mark = find_mark()
    if mark is None or mark.exists():
        yield
        return
    silent = subprocess.DEVNULL
    with subprocess.Popen(REHEARSAL, stdin=silent, stdout=silent, stderr=silent) as process:
        try:
            yield
        except BaseException:
            process.kill()
            raise
