"""Depths of the sea: the shipped seabed, or a better one the user brings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import rasterio

from okhotsk.datasets import data_folder, sha256
from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import Float32Array
from okhotsk.raster.geodesy import KM_PER_DEG, KM_PER_NM
from okhotsk.raster.grid import Grid
from okhotsk.theatre.seabed_file.plausibility import check_depths
from okhotsk.theatre.seabed_file.reader import read_raster

WINDOW = (134.0, 41.0, 166.0, 64.0)
CELLS_PER_DEGREE = 60
FINEST = 4  # cells of the finest grid to one of the analysis: 15 arc-seconds
SHALLOWEST_M = 0.01


@dataclass(frozen=True)
class Seabed:
    """Depths on the analysis grid.

    Attributes
    ----------
    depth_m
        Metres, positive down, never negative; 0 on land and where nothing is known.
    grid
        The grid of the depths.
    native_km
        Size of the cells of the source, north to south; what a strait is resolved by.
    name, sha256
        File the depths came from, and its digest.
    fine
        The same depths on cells of 15 or 30 arc-seconds, where the source is as fine: straits are
        measured on them. None otherwise.
    """

    depth_m: Float32Array
    grid: Grid
    native_km: float
    name: str
    sha256: str
    fine: Seabed | None = None

    @property
    def shipped(self) -> bool:
        """Whether it is the seabed that comes with the package."""
        return self.name.startswith("shipped")

    @property
    def title(self) -> str:
        """The seabed as a reader knows it."""
        return "ETOPO1 with detail of ETOPO5 (NOAA)" if self.shipped else self.name

    @property
    def measured(self) -> Seabed:
        """The depths that straits are measured on: the finest there are."""
        return self.fine or self


def analysis_grid() -> Grid:
    """Return the 1 arc-minute grid of the window."""
    west, south, east, north = WINDOW
    rows, cols = (north - south) * CELLS_PER_DEGREE, (east - west) * CELLS_PER_DEGREE
    return Grid(WINDOW, (round(rows), round(cols)))


def read_seabed(
    path: Path | None = None,
    *,
    positive: str | None = None,
    variable: str | None = None,
    resolution_arcmin: float | None = None,
) -> Seabed:
    """Return the shipped seabed, or one from a file, on the analysis grid.

    Parameters
    ----------
    path
        GeoTIFF, NetCDF, ESRI ASCII grid, XYZ or VRT in longitude and latitude that covers
        134-166E 41-64N, in metres. Finer cells are averaged, and kept to 15 arc-seconds for the
        straits; coarser ones are interpolated.
    positive
        ``"up"`` for elevations, ``"down"`` for depths; by default what the file says of itself,
        and depths where it says nothing.
    variable
        Name of the variable of a NetCDF, or number of the band of another file; by default the
        only one, or the only one that says that it holds heights or depths.
    resolution_arcmin
        What the file resolves, where that is less than its cells: a grid of 1' that was
        interpolated from soundings 5' apart knows no more than 5'.

    Raises
    ------
    SeabedError
        Where the file cannot be read, misses the window, is projected, is not in metres, has
        the wrong sign, is upside down or shifted, or lacks more than 2 % of the sea.
    """
    if positive not in (None, "up", "down"):
        raise SeabedError(f"positive is {positive!r}, expected 'up' or 'down'")
    if path is None or _is_shipped(path):
        if variable is not None or resolution_arcmin is not None:
            raise SeabedError(
                "--seabed-variable and --seabed-resolution say something of a file of your own; "
                "name it: --seabed FILE"
            )
        return shipped_seabed()
    grid = analysis_grid()
    reading = read_raster(path, grid, positive=positive, variable=variable)
    native_km = _native_km(reading.native_deg, resolution_arcmin, path)
    values, parts = reading.depth_m, reading.parts
    depth_m = values if parts == 1 else _averaged(values, parts)
    check_depths(depth_m, shipped_seabed().depth_m, path, reading)
    seabed = Seabed(_depths(depth_m), grid, native_km, path.name, sha256(path))
    fine = replace(seabed, depth_m=_depths(values), grid=finer_grid(grid, parts))
    return replace(seabed, fine=fine) if parts > 1 else seabed


def _is_shipped(path: Path) -> bool:
    try:
        return path.resolve() == (data_folder() / "seabed.tif").resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise SeabedError(
            f"{path}: cannot be opened ({error}); expected the path of a GeoTIFF or NetCDF"
        ) from error


def shipped_seabed() -> Seabed:
    """Return the shipped seabed."""
    return _shipped(data_folder() / "seabed.tif")


def _native_km(cell_deg: float, resolution_arcmin: float | None, path: Path) -> float:
    """Size of what a file resolves: its cells, or more where its user says so."""
    cell_km = cell_deg * KM_PER_DEG
    if resolution_arcmin is None:
        return cell_km
    declared_km = resolution_arcmin * KM_PER_NM
    # A minute is 1.852 km by definition, a cell of one a thousandth more.
    if not (math.isfinite(declared_km) and declared_km >= 0.998 * cell_km):
        raise SeabedError(
            f"{path}: resolution is {resolution_arcmin:g} arc-minutes, expected no less than its "
            f"cells of {60 * cell_deg:.3g}; leave --seabed-resolution out, or give more"
        )
    return declared_km


def _depths(values: Float32Array) -> Float32Array:
    """Depths, 0 on land and where nothing is known; less than a centimetre is rounding."""
    depth_m = np.nan_to_num(values)
    return np.where(depth_m > SHALLOWEST_M, depth_m, 0).astype(np.float32)


def finer_grid(grid: Grid, parts: int) -> Grid:
    """Return the grid with every cell cut into parts in both directions."""
    return Grid(grid.bounds, (grid.shape[0] * parts, grid.shape[1] * parts))


def _averaged(values: Float32Array, parts: int) -> Float32Array:
    """Means of blocks of cells, of what is known in them; by bands, to need little memory."""
    rows, cols = (size // parts for size in values.shape)
    means = np.full((rows, cols), np.nan, np.float32)
    for row in range(rows):
        band = values[row * parts : (row + 1) * parts].reshape(parts, cols, parts)
        known = np.isfinite(band).sum(axis=(0, 2))
        total = np.nansum(band, axis=(0, 2), dtype=np.float64)
        np.divide(total, known, out=means[row], where=known > 0, casting="unsafe")
    return means


def _shipped(path: Path) -> Seabed:
    with rasterio.open(path) as source:
        depth_m = source.read(1, masked=True).filled(0).astype(np.float32)
        native_km = float(source.tags()["native_resolution_arcmin"]) * KM_PER_NM
    return Seabed(depth_m, analysis_grid(), native_km, f"shipped ({path.name})", sha256(path))
