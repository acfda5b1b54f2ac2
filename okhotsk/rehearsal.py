"""All kernels of a first run, called on a sea of few cells so that they are compiled and kept.

Run by :mod:`okhotsk.warmup` as a process of its own. The kernels of distances and sight come
first: the process that waits compiles those of the cut meanwhile.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace

import numpy as np

from okhotsk.assessment.record import assess_all
from okhotsk.raster.grid import Grid
from okhotsk.raster.nearest import nearest_cell_km
from okhotsk.raster.proximity import distance_field
from okhotsk.raster.viewshed import find_viewshed
from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.build import compute
from okhotsk.theatre.coast import read_coast, water_fraction
from okhotsk.theatre.storage import assemble
from okhotsk.warmup import leave_mark

CELLS = 20  # on a side of the blocks that make one cell
OPTIONS = ("half-area-2006", "four-islands")


def rehearse() -> None:
    """Compute and assess a theatre of few cells, and leave a mark beside the kernels."""
    lands, seabed = read_coast(), _shrink(read_seabed())
    water, unit = water_fraction(lands, seabed.grid), "kunashir"
    field = distance_field(lands[unit], seabed.grid, water > 0)
    find_viewshed(field, seabed.grid, seabed.depth_m, seabed.native_km, threads=1)
    nearest_cell_km(water > 0, seabed.grid, index=True)
    theatre = assemble(lands, seabed, compute(lands, seabed, threads=1), "rehearsal")
    assess_all(theatre, OPTIONS, workers=1, samples=1)
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
