"""A seabed file as depths on a grid. Run in a process of its own, since a broken file may end it.

    python -m okhotsk.theatre.seabed_file.source REQUEST

What it writes is read by :mod:`okhotsk.theatre.seabed_file.reader`.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import reproject, transform
from rasterio.windows import Window
from scipy.io import netcdf_file

from okhotsk.errors import OkhotskError, SeabedError
from okhotsk.raster.arrays import BoolArray, Float32Array, IntArray
from okhotsk.raster.grid import Grid
from okhotsk.theatre.bathymetry import FINEST, Seabed, analysis_grid, finer_grid, shipped_seabed
from okhotsk.theatre.seabed_file import band, voids
from okhotsk.theatre.seabed_file.axes import WARP, Axes, Cut, check_degrees, cut_window
from okhotsk.theatre.seabed_file.kind import EXPECTED, identify

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

# A file may not make GDAL look at other files or addresses.
SEALED = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NETCDF_BOTTOMUP": "NO",
    "GDAL_CACHEMAX": 256,
    "PROJ_NETWORK": "OFF",
}
MEMORY_BYTES = 8 << 30
TIME_S = 1800
MAX_CELLS = 1 << 37  # the earth in cells of 3 arc-seconds has 2 ** 36.5
MAX_BLOCK_BYTES = 1 << 29
STRIP_CELLS = 1 << 24
Strips = Iterator[tuple[Float32Array, dict[str, Any]]]


@dataclass(frozen=True)
class Band:
    """One grid of an open file.

    Attributes
    ----------
    source, number
        The open raster and the number of the band.
    axes
        Where its cells lie.
    sign
        -1 where values grow upwards.
    """

    source: Any
    number: int
    axes: Axes
    sign: int

    def read(self, rows: IntArray, cols: IntArray) -> Float32Array:
        """Depths of some rows and columns; NaN where the file has no value."""
        across = [self._read_run(rows, run) for run in _runs(cols)]
        values = across[0] if len(across) == 1 else np.concatenate(across, axis=1)
        if rows[0] > rows[-1]:
            values = values[::-1]
        right = np.argsort(np.argsort(cols))
        ordered = (right[:-1] < right[1:]).all()
        return np.ascontiguousarray(values if ordered else values[:, right])

    def _read_run(self, rows: IntArray, cols: IntArray) -> Float32Array:
        """Depths of neighbouring rows and columns, in the order of the file."""
        top, left = int(rows.min()), int(cols.min())
        window = Window(left, top, len(cols), len(rows))
        if self.axes.transposed:
            window = Window(top, left, len(rows), len(cols))
        stored = self.source.read(self.number, window=window, masked=True)
        scale, offset = (
            given[self.number - 1] for given in (self.source.scales, self.source.offsets)
        )
        with np.errstate(all="ignore"):
            values: Float32Array = stored.data.astype(np.float32)
            if (scale, offset) != (1, 0):
                values = (stored.data * float(scale) + float(offset)).astype(np.float32)
            values *= self.sign
        values[np.ma.getmaskarray(stored) | ~np.isfinite(values)] = np.nan
        return values.T if self.axes.transposed else values


def _runs(cols: IntArray) -> list[IntArray]:
    """Columns of the file in stretches of neighbours."""
    ordered = np.sort(cols)
    return np.split(ordered, np.flatnonzero(np.diff(ordered) > 1) + 1)


def read_file(
    path: Path, sea: Seabed, *, positive: str | None, variable: str | None
) -> tuple[dict[str, Any], Strips]:
    """Return what is known of a file, and strips of its depths from north to south.

    Parameters
    ----------
    path
        A plain file.
    sea
        The shipped seabed, which tells where land lies.
    positive, variable
        As for :func:`okhotsk.theatre.bathymetry.read_seabed`.

    Returns
    -------
    dict, iterator
        The number of cells to a cell of the analysis, the size of the file's own in degrees,
        whether its values grow upwards; pairs of a strip of depths and its extremes.

    Raises
    ------
    SeabedError
        Where the file is no raster in longitude and latitude that covers the window.
    """
    driver = identify(path)
    source, address = band.open_grid(path, driver, variable)
    number = band.choose_band(source, path, variable)
    band.check_values(source, number, path)
    _check_frame(source, path)
    axes = band.find_axes(source, address, path)
    if driver == "netCDF":
        band.allow_files(0)
    check_degrees(axes, path)
    grid = analysis_grid()
    cut = cut_window(axes, grid, path)
    up = (positive or band.declared_sign(source, number)) == "up"
    parts = max(1, min(FINEST, round(grid.cell_deg[1] / cut.step_deg[1])))
    about = {"parts": parts, "native_deg": cut.native_deg, "up": up}
    grid_band = Band(source, number, axes, -1 if up else 1)
    return about, read_strips(grid_band, cut, finer_grid(grid, parts), sea)


def _check_frame(source: Any, path: Path) -> None:
    """Stop unless the raster is in degrees and of a size that can be read."""
    crs = source.crs
    if crs is not None and not crs.is_geographic:
        raise SeabedError(f"{path}: is projected ({crs}), expected EPSG:4326; {WARP}")
    cells, size = source.height * source.width, np.dtype(source.dtypes[0]).itemsize
    block = math.prod(source.block_shapes[0]) * size
    if cells > MAX_CELLS or block > MAX_BLOCK_BYTES:
        raise SeabedError(
            f"{path}: declares {source.height:,} by {source.width:,} cells, in blocks of "
            f"{block / 1e6:,.0f} MB, expected at most {MAX_CELLS:,} and "
            f"{MAX_BLOCK_BYTES / 1e6:,.0f} MB; cut the window out of it: gdal_translate -projwin "
            "134 64 166 41"
        )


def check_whole(path: Path) -> None:
    """Stop where a classic netCDF is cut short: its library reads zeros beyond the end.

    Raises
    ------
    SeabedError
        Where a variable ends beyond the file.
    """
    with path.open("rb") as start:
        if start.read(4) not in (b"CDF\1", b"CDF\2"):
            return
    try:
        netcdf_file(path, mmap=True).close()
    except Exception as error:  # on a damaged header it raises whatever it stumbles over
        raise SeabedError(
            f"{path}: cannot be read as a raster (it is cut short or damaged); {EXPECTED}"
        ) from error


def read_strips(band: Band, cut: Cut, grid: Grid, sea: Seabed) -> Strips:
    """Yield strips of depths on a grid, from north to south, each with its extremes.

    A strip is read whole, cleaned of fill and resampled before the next, so that memory does not
    grow with the file. Fill found in one strip is fill in those that follow.
    """
    step = STRIP_CELLS / len(cut.lon) * cut.step_deg[1] / grid.cell_deg[1]
    height = max(1, min(grid.shape[0], int(step)))
    found: set[float] = set()
    for top in range(0, grid.shape[0], height):
        part = grid.crop(slice(top, min(top + height, grid.shape[0])), slice(None))
        rows = cut.rows_near(part.bounds[3] + 0.05, part.bounds[1] - 0.05)
        depth_m, lat = band.read(cut.rows[rows], cut.cols), cut.lat[rows]
        land = _on_cells(sea.depth_m == 0, sea.grid, lat, cut.lon)
        found |= voids.find_voids(depth_m, land)
        depth_m[voids.mark_voids(depth_m, land, found)] = np.nan
        extremes = _extremes(depth_m, lat, cut.lon)
        if not cut.even:
            depth_m, lat = _evened(depth_m, lat, cut.step_deg[1])
        yield resample(depth_m, _frame(lat, cut), part, band.source.crs), extremes


def _on_cells(values: BoolArray, grid: Grid, lat: Any, lon: Any) -> BoolArray:
    """Values of a grid at other latitudes and longitudes; False outside."""
    (wide, high), (west, _, _, north) = grid.cell_deg, grid.bounds
    # One row and column all round stand for everything outside.
    rows = np.clip(np.floor((north - lat) / high).astype(int) + 1, 0, grid.shape[0] + 1)
    cols = np.clip(np.floor((lon - west) / wide).astype(int) + 1, 0, grid.shape[1] + 1)
    return np.pad(values, 1)[np.ix_(rows, cols)]


def _extremes(depth_m: Float32Array, lat: Any, lon: Any) -> dict[str, Any]:
    """The deepest and the highest value and where they lie; nothing where there is none."""
    if np.isnan(depth_m).all():
        return {}
    found = {}
    for name, place in (("deepest", np.nanargmax(depth_m)), ("highest", np.nanargmin(depth_m))):
        row, col = np.unravel_index(int(place), depth_m.shape)
        found[name] = [float(depth_m[row, col]), float(lon[col]), float(lat[row])]
    return found


def _frame(lat: Any, cut: Cut) -> Affine:
    """The geotransform of evenly spaced rows of a cut."""
    wide, high = cut.step_deg
    return Affine(wide, 0, cut.lon[0] - wide / 2, 0, -high, lat[0] + high / 2)


def _evened(depth_m: Float32Array, lat: Any, step_deg: float) -> tuple[Float32Array, Any]:
    """Rows at even latitudes between rows at uneven ones, by linear interpolation."""
    even = np.arange(lat[0], lat[-1], -step_deg)
    at = np.interp(-even, -lat, np.arange(len(lat)))
    above = np.minimum(at.astype(int), len(lat) - 2)
    share = (at - above)[:, None].astype(np.float32)
    known = np.isfinite(depth_m)
    filled = np.where(known, depth_m, 0)
    weight = known[above] * (1 - share) + known[above + 1] * share
    total = filled[above] * (1 - share) + filled[above + 1] * share
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weight > 0, total / weight, np.nan).astype(np.float32), even


def resample(depth_m: Float32Array, frame: Affine, grid: Grid, crs: Any) -> Float32Array:
    """Return values on a grid: means of finer cells, else interpolated; NaN where none are known.

    Parameters
    ----------
    depth_m
        Values on an even grid, NaN where none are known.
    frame, crs
        Its geotransform and reference system; EPSG:4326 where there is none.
    grid
        The grid that is wanted.
    """
    values = np.full(grid.shape, np.nan, np.float32)
    finer = abs(frame.e) < grid.cell_deg[1] * 0.999
    reproject(
        depth_m,
        values,
        src_transform=frame,
        src_crs=crs or "EPSG:4326",
        src_nodata=np.nan,
        dst_crs="EPSG:4326",
        dst_transform=grid.transform,
        dst_nodata=np.nan,
        resampling=Resampling.average if finer else Resampling.bilinear,
    )
    return values


def _seal() -> None:
    """Bound the memory and the time of the process, should its parent be gone."""
    # What opens files of its own must do so now: the tables of reference systems.
    transform("EPSG:4284", "EPSG:4326", [150.0], [50.0])
    if resource is not None:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            resource.setrlimit(resource.RLIMIT_CPU, (TIME_S, TIME_S))


def answer(request: dict[str, Any], out: Any) -> None:
    """Write what a file holds, or why it cannot serve: a line of JSON before every strip."""
    path = Path(request["path"])
    with rasterio.Env(**SEALED):
        sea = shipped_seabed()
        try:
            check_whole(path)
            _seal()
            about, strips = read_file(
                path, sea, positive=request["positive"], variable=request["variable"]
            )
            _write(out, about)
            for values, extremes in strips:
                _write(out, {"rows": values.shape[0], **extremes})
                out.write(values.tobytes())
        except OkhotskError as error:
            _write(out, {"refused": str(error)})
        except RasterioError as error:
            why = " ".join(str(error.__cause__ or error).split())[:120]
            _write(out, {"refused": f"{path}: cannot be read as a raster ({why}); {EXPECTED}"})
        except CPLE_BaseError as error:
            why = " ".join(str(error).split())[:120]
            _write(out, {"refused": f"{path}: cannot be read as a raster ({why}); {EXPECTED}"})
        except MemoryError:
            said = "needs more memory than is given to one file; cut the window out of it"
            _write(out, {"refused": f"{path}: {said}"})


def _write(out: Any, record: dict[str, Any]) -> None:
    out.write(json.dumps(record).encode() + b"\n")


def main() -> None:
    """Answer one request, on what was standard output; words of libraries go elsewhere."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        answer(json.loads(sys.argv[1]), out)


if __name__ == "__main__":
    main()
