"""What GDAL does: a program from Debian, with the reading and writing of its rasters."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from benchmarks.jobs import Absent, Job
from benchmarks.problems import Problem, View
from okhotsk.raster.viewshed import DEPTHS_M, RANGE_KM

SURFACE_M = 20_000  # heights are counted from below all seas: GDAL finds none below 0


def gdal_viewshed(problem: Problem) -> Job:
    """One run of gdal_viewshed for each lookout, two at a time, and the nearest that sees a boat.

    Its mode DEM gives the least height at which something is in sight, the deepest boat with
    the sign changed. The plane has the cells of the latitude of the lookouts.
    """
    if not shutil.which("gdal_viewshed"):
        raise Absent("gdal_viewshed is not on PATH: apt-get install gdal-bin")
    view, place = problem.view, problem.scratch()
    size_km = view.cell_km(problem.grid)
    _write_seabed(place / "seabed.tif", view, size_km)

    def work() -> NDArray[np.float32]:
        nearest = np.full((len(DEPTHS_M), *view.depth_m.shape), np.inf, np.float32)
        with ThreadPoolExecutor(2) as pool:
            heights = pool.map(lambda n: _look(place, view, size_km, n), range(len(view.lookouts)))
            for (row, col), (top, left, height_m) in zip(view.lookouts, heights, strict=True):
                _lower(nearest, view, size_km, (row - top, col - left), (top, left), height_m)
        return nearest

    def sample(nearest: NDArray[np.float32]) -> NDArray[np.float64]:
        shutil.rmtree(place)
        return nearest[view.level].ravel()[view.cells].astype(float)

    return Job(sample, work)


def _write_seabed(path: Path, view: View, size_km: tuple[float, float]) -> None:
    """Heights of the seabed on a plane in metres."""
    rows, cols = view.depth_m.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="float32",
        count=1,
        height=rows,
        width=cols,
        transform=from_origin(0, 0, size_km[0] * 1000, size_km[1] * 1000),
    ) as target:
        target.write(SURFACE_M - view.depth_m, 1)


def _look(
    place: Path, view: View, size_km: tuple[float, float], number: int
) -> tuple[int, int, NDArray[np.float32]]:
    """Least height in sight of a lookout, and the row and column where that window begins."""
    row, col = view.lookouts[number]
    x, y = (col + 0.5) * size_km[0] * 1000, -(row + 0.5) * size_km[1] * 1000
    options = {
        "-ox": x,
        "-oy": y,
        "-oz": view.depth_m[row, col],  # above the seabed: at the surface
        "-md": RANGE_KM * 1000,
        "-ov": SURFACE_M,
        "-cc": 0,
        "-om": "DEM",
    }
    out = place / f"{number}.tif"
    words = [str(word) for option in options.items() for word in option]
    command = ["gdal_viewshed", "-q", *words, str(place / "seabed.tif"), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    with rasterio.open(out) as source:
        height_m, corner = source.read(1), source.transform
    out.unlink()
    top, left = -corner.f / 1000 / size_km[1], corner.c / 1000 / size_km[0]
    return round(top), round(left), height_m


def _lower(
    nearest: NDArray[np.float32],
    view: View,
    size_km: tuple[float, float],
    lookout: tuple[int, int],
    corner: tuple[int, int],
    height_m: NDArray[np.float32],
) -> None:
    """Lower distances to those of one lookout, where it sees boats of each depth."""
    rows, cols = height_m.shape
    window = (slice(corner[0], corner[0] + rows), slice(corner[1], corner[1] + cols))
    km = np.hypot(
        (np.arange(rows) - lookout[0])[:, None] * size_km[1],
        (np.arange(cols) - lookout[1]) * size_km[0],
    )
    deepest_m = np.minimum(SURFACE_M - height_m, view.depth_m[window])
    for level, boat_m in enumerate(DEPTHS_M):
        near = nearest[level][window]
        np.minimum(near, km, out=near, where=deepest_m >= boat_m)
