"""Kernels compiled ahead: a second process does so while the first reads and measures.

The second process runs this module: it assesses a sea of few cells, so that every kernel of a
first run is compiled and kept. Kernels of distances and sight come first; the waiting process
compiles those of the cut meanwhile. Both may compile the same kernel at once: each kernel has one
signature, so both write the same file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from okhotsk.assessment.compute import compute_results
from okhotsk.cache import code_digest
from okhotsk.raster.dijkstra import crossings
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_field
from okhotsk.raster.viewshed import find_viewshed
from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.build import compute
from okhotsk.theatre.coast import read_coast, water_fraction
from okhotsk.theatre.storage import assemble

CELLS = 20  # on a side of the blocks that make one cell
SCENARIOS = ("half-area-2006", "four-islands")
MODULE = "okhotsk.warmup"
REHEARSAL = (sys.executable, "-m", MODULE)


def find_mark() -> Path | None:
    """Return the file that stands beside the compiled kernels once this code was rehearsed.

    None where Numba is told to compile nothing, or finds no folder to keep it in.
    """
    kernel: object = crossings
    folder = kernel.stats.cache_path if isinstance(kernel, Dispatcher) else None
    if folder is None:
        return None
    version = f"{numba.__version__}-py{sys.version_info.major}{sys.version_info.minor}"
    return Path(folder) / f"rehearsed-{version}-{code_digest(MODULE)[:16]}"


def leave_mark() -> None:
    """Leave the file of :func:`find_mark`, in place of those of other code."""
    mark = find_mark()
    if mark:
        for old in mark.parent.glob("rehearsed-*"):
            old.unlink(missing_ok=True)
        mark.touch()


@contextmanager
def compiled_ahead() -> Iterator[None]:
    """Compile in a second process what will be needed, unless that was done before.

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
    """Start the process in the folder that holds this package; None where it cannot start."""
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


def rehearse() -> None:
    """Compute and assess a theatre of few cells, and leave a mark beside the kernels."""
    lands, seabed = read_coast(), _shrink(read_seabed())
    water, unit = water_fraction(lands, seabed.grid), "kunashir"
    field = distance_field(lands[unit], seabed.grid, water > 0)
    find_viewshed(field, seabed.grid, seabed.depth_m, seabed.native_km, threads=1)
    theatre = assemble(lands, seabed, compute(lands, seabed, threads=1), "rehearsal")
    compute_results(theatre, SCENARIOS, workers=1, samples=1)
    leave_mark()


def _shrink(seabed: Seabed) -> Seabed:
    """The seabed averaged over blocks of cells."""
    rows, cols = (size // CELLS for size in seabed.grid.shape)
    blocks = seabed.depth_m.reshape(rows, CELLS, cols, CELLS)
    depth_m = blocks.mean(axis=(1, 3), dtype=np.float32)
    return replace(seabed, depth_m=depth_m, grid=Grid(seabed.grid.bounds, depth_m.shape))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OKHOTSK_CACHE_DIR"] = folder  # its samples are of no use to anyone
        rehearse()
