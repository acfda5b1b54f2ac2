"""Depths of the sea: the shipped seabed, or a better one the user brings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.warp import reproject

from okhotsk.datasets import data_folder, sha256
from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import Float32Array
from okhotsk.raster.grid import Grid

WINDOW = (134.0, 41.0, 166.0, 64.0)
CELLS_PER_DEGREE = 60
FINEST = 4  # cells of the finest grid to one of the analysis: 15 arc-seconds
MAX_NODATA_SHARE = 0.02
DEEP_M = 500.0
# Other units a depth may be in, as their size in metres.
UNITS_M = {"feet": 0.3048, "fathoms": 1.8288, "kilometres": 1000.0, "decimetres": 0.1}


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


def read_seabed(path: Path | None = None, *, positive: str | None = None) -> Seabed:
    """Return the shipped seabed, or one from a file, on the analysis grid.

    Parameters
    ----------
    path
        GeoTIFF or NetCDF in longitude and latitude that covers 134-166E 41-64N, in metres.
        Finer cells are averaged, and kept to 15 arc-seconds for the straits; coarser ones are
        interpolated.
    positive
        ``"up"`` for elevations, ``"down"`` for depths; by default what the file says of itself,
        and depths where it says nothing.

    Raises
    ------
    SeabedError
        Where the file cannot be read, misses the window, is projected, is not in metres, has
        the wrong sign, is upside down, or lacks more than 2 % of the sea.
    """
    if positive not in (None, "up", "down"):
        raise SeabedError(f"positive is {positive!r}, expected 'up' or 'down'")
    shipped = data_folder() / "seabed.tif"
    if path is None or path.resolve() == shipped.resolve():
        return _shipped(shipped)
    grid = analysis_grid()
    try:
        with rasterio.open(_subdataset(path)) as source:
            _check_frame(source, path)
            up = (positive or _declared_sign(source)) == "up"
            parts = max(1, min(FINEST, round(grid.cell_deg[1] / abs(source.transform.e))))
            values = _resample(source, _finer(grid, parts))
            native_km = abs(source.transform.e) * 111.2
    except rasterio.errors.RasterioError as error:
        raise SeabedError(
            f"{path}: cannot be read as a raster ({error}); expected a GeoTIFF or NetCDF"
        ) from error
    values = -values if up else values
    depth_m = values if parts == 1 else _averaged(values, parts)
    _check_depths(depth_m, path, up=up)
    seabed = Seabed(_depths(depth_m), grid, native_km, path.name, sha256(path))
    fine = replace(seabed, depth_m=_depths(values), grid=_finer(grid, parts))
    return replace(seabed, fine=fine) if parts > 1 else seabed


def _depths(values: Float32Array) -> Float32Array:
    """Depths, 0 on land and where nothing is known."""
    return np.maximum(np.nan_to_num(values), 0).astype(np.float32)


def _finer(grid: Grid, parts: int) -> Grid:
    """The grid with every cell cut into parts in both directions."""
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
        native_km = float(source.tags()["native_resolution_arcmin"]) * 1.852
    return Seabed(depth_m, analysis_grid(), native_km, f"shipped ({path.name})", sha256(path))


def _subdataset(path: Path) -> str:
    """The grid to open: of a NetCDF with several, the one that holds heights or depths."""
    with warnings.catch_warnings():
        # A file of several grids has no coordinates of its own.
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path) as source:
            names = list(source.subdatasets)
            if not names and source.transform.is_identity:
                raise SeabedError(
                    f"{path}: has no coordinates, expected longitude and latitude; give it them: "
                    "gdal_translate -a_srs EPSG:4326 -a_ullr WEST NORTH EAST SOUTH"
                )
    known = ("elevation", "z", "depth", "bedrock", "Band1", "topo")
    chosen = [n for name in known for n in names if n.rsplit(":", 1)[-1] == name]
    return str((chosen or names or [path])[0])


def _declared_sign(source: Any) -> str:
    """Which way the file says its values grow."""
    tags = {**source.tags(), **source.tags(1)}
    said = {str(k).lower().rsplit("#", 1)[-1]: str(v).lower() for k, v in tags.items()}
    if said.get("positive") in ("up", "down"):
        return said["positive"]
    words = " ".join([said.get("standard_name", ""), said.get("long_name", "")])
    return "up" if "height" in words or "elevation" in words or "altitude" in words else "down"


def _check_frame(source: Any, path: Path) -> None:
    """Stop unless the raster is in longitude and latitude and covers the window."""
    west, south, east, north = source.bounds
    mend = "warp it first: gdalwarp -t_srs EPSG:4326"
    if source.crs is not None and not source.crs.is_geographic:
        raise SeabedError(f"{path}: is projected ({source.crs}), expected EPSG:4326; {mend}")
    if max(abs(west), abs(east)) > 360.001 or max(abs(south), abs(north)) > 90.001:
        raise SeabedError(
            f"{path}: its bounds {west:g} {south:g} {east:g} {north:g} are not degrees, though it "
            f"claims longitude and latitude; set its true CRS, then {mend}"
        )
    if source.transform.e > 0:
        raise SeabedError(
            f"{path}: its rows run from south to north; flip it: gdalwarp IN OUT turns it north up"
        )
    need = ", ".join(f"{edge:g}" for edge in WINDOW)
    slack = 1.5 * source.res[0]
    if (
        west > WINDOW[0] + slack
        or east < WINDOW[2] - slack
        or (south > WINDOW[1] + slack or north < WINDOW[3] - slack)
    ):
        raise SeabedError(
            f"{path}: covers {west:g}, {south:g}, {east:g}, {north:g}, expected all of {need} "
            "(west, south, east, north); cut a larger piece of the source"
        )


def _resample(source: Any, grid: Grid) -> Float32Array:
    """Values on the grid, NaN where the file has none."""
    finer = abs(source.transform.e) < grid.cell_deg[1] * 0.999
    values = np.full(grid.shape, np.nan, np.float32)
    reproject(
        rasterio.band(source, 1),
        values,
        src_crs=source.crs or "EPSG:4326",
        dst_crs="EPSG:4326",
        dst_transform=grid.transform,
        dst_nodata=np.nan,
        resampling=Resampling.average if finer else Resampling.bilinear,
    )
    return values


def _check_depths(depth_m: Float32Array, path: Path, *, up: bool) -> None:
    """Stop unless the depths look like those of this sea, in metres, positive down."""
    known = _shipped(data_folder() / "seabed.tif").depth_m
    sea, deep = known > 0, known > DEEP_M
    empty = float(np.isnan(depth_m[sea]).mean())
    if empty > MAX_NODATA_SHARE:
        raise SeabedError(
            f"{path}: {empty:.0%} of the sea has no value, expected at most "
            f"{MAX_NODATA_SHARE:.0%}; fill the gaps or use another source"
        )
    there = np.nan_to_num(depth_m[deep])
    if np.ptp(there) == 0:
        raise SeabedError(
            f"{path}: holds the same value everywhere ({there[0]:g}), expected depths; use another "
            "source"
        )
    if np.median(there) < 0:
        says, mend = ("down", "up") if not up else ("up", "down")
        raise SeabedError(
            f"{path}: read as positive {says}, the deep sea lies {-np.median(there):.0f} m above "
            f"the surface; it is positive {mend}: add --seabed-positive {mend}"
        )
    likeness = _likeness(depth_m, known)
    if likeness < 0.6:
        flipped = max(_likeness(depth_m[::-1], known), _likeness(depth_m[:, ::-1], known))
        guess = "it is upside down or mirrored" if flipped > 0.6 else "it shows another place"
        raise SeabedError(
            f"{path}: its depths do not match this sea (correlation {likeness:.2f} with the "
            f"shipped seabed, expected 0.6 or more); {guess}"
        )
    _check_unit(float(np.median(there / known[deep])), path)


def _likeness(depth_m: Float32Array, known: Float32Array) -> float:
    """Correlation of two seabeds over the sea; 0 where one is flat."""
    sea = (known > 0) & np.isfinite(depth_m)
    if not sea.any() or np.ptp(depth_m[sea]) == 0:
        return 0.0
    return float(np.corrcoef(depth_m[sea], known[sea])[0, 1])


def _check_unit(ratio: float, path: Path) -> None:
    """Stop unless depths are of the size of metres."""
    if 0.7 < ratio < 1.4:
        return
    guesses = [name for name, size in UNITS_M.items() if 0.7 < ratio * size < 1.4]
    guess = f"it seems to be in {guesses[0]}" if guesses else "its unit is unknown"
    raise SeabedError(
        f"{path}: its depths are {ratio:.3g} times the shipped ones, expected metres; {guess}: "
        "convert it to metres (gdal_calc.py) and tag the unit"
    )
