"""Where the cells of a raster lie: the longitude of every column, the latitude of every row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine

from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import FloatArray, IntArray
from okhotsk.raster.grid import Grid

UNEVEN = 0.05  # of a step: coordinates in single precision stray by less
FARTHEST_DEG = 540.001  # once round the earth from any meridian
WARP = "warp it first: gdalwarp -t_srs EPSG:4326"


@dataclass(frozen=True)
class Axes:
    """Coordinates of the centres of cells in degrees, in the order of the file.

    Attributes
    ----------
    lon, lat
        Longitude of every column, latitude of every row.
    transposed
        Whether the file has longitudes down and latitudes across.
    """

    lon: FloatArray
    lat: FloatArray
    transposed: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge, as the file counts longitudes."""
        wide, high = (abs(step) / 2 for step in self.step_deg)
        low = self.lon.min() - wide, self.lat.min() - high
        top = self.lon.max() + wide, self.lat.max() + high
        west, south, east, north = (round(float(edge), 9) + 0.0 for edge in (*low, *top))
        return west, south, east, north

    @property
    def step_deg(self) -> tuple[float, float]:
        """Mean step from column to column and from row to row; negative where they run back."""
        lon, lat = self.lon, self.lat
        return (
            float(lon[-1] - lon[0]) / (len(lon) - 1),
            float(lat[-1] - lat[0]) / (len(lat) - 1),
        )


@dataclass(frozen=True)
class Cut:
    """What of a file is read: its rows from north to south, its columns from west to east.

    Attributes
    ----------
    rows, cols
        Numbers of the rows and columns in the file.
    lat, lon
        Their coordinates; longitudes from 0 to 360.
    """

    rows: IntArray
    cols: IntArray
    lat: FloatArray
    lon: FloatArray

    @property
    def even(self) -> bool:
        """Whether the rows are evenly spaced."""
        return _is_even(self.lat)

    @property
    def step_deg(self) -> tuple[float, float]:
        """Width and height of a cell; of the lowest row where rows are uneven."""
        lon_deg = float(self.lon[-1] - self.lon[0]) / (len(self.lon) - 1)
        if self.even:
            return lon_deg, float(self.lat[0] - self.lat[-1]) / (len(self.lat) - 1)
        return lon_deg, float(-np.diff(self.lat).max())

    @property
    def native_deg(self) -> float:
        """Size of the coarsest cell, as degrees of latitude."""
        lon_deg, _ = self.step_deg
        tallest = self.step_deg[1] if self.even else float(-np.diff(self.lat).min())
        return max(tallest, lon_deg * float(np.cos(np.radians(self.lat.min()))))

    def rows_near(self, north: float, south: float) -> slice:
        """The rows from one latitude to another, and two more on either side."""
        first = int(np.searchsorted(-self.lat, -north)) - 2
        last = int(np.searchsorted(-self.lat, -south)) + 2
        return slice(max(first, 0), min(last, len(self.lat)))


def axes_of(transform: Affine, shape: tuple[int, int], path: Path) -> Axes:
    """Return the axes that a geotransform gives.

    Raises
    ------
    SeabedError
        Where the raster is rotated.
    """
    if transform.b or transform.d:
        raise SeabedError(
            f"{path}: its grid is rotated, expected rows along parallels and columns along "
            f"meridians; {WARP}"
        )
    rows, cols = (np.arange(size, dtype=np.float64) + 0.5 for size in shape)
    lon, lat = transform.c + cols * transform.a, transform.f + rows * transform.e
    return Axes(np.asarray(lon), np.asarray(lat))


def check_degrees(axes: Axes, path: Path) -> None:
    """Stop unless coordinates are in order and can be degrees.

    Raises
    ------
    SeabedError
        For other units, single rows, and coordinates that turn back.
    """
    for name, values in (("longitudes", axes.lon), ("latitudes", axes.lat)):
        steps = np.diff(values)
        if not len(steps) or not np.isfinite(steps).all() or not (steps.min() * steps.max() > 0):
            raise SeabedError(
                f"{path}: its {name} are not in order, expected each larger than the one before, "
                "or each smaller; write the grid anew"
            )
    if np.abs(axes.lon).max() > FARTHEST_DEG or np.abs(axes.lat).max() > 90.001:
        bounds = " ".join(f"{edge:g}" for edge in axes.bounds)
        raise SeabedError(
            f"{path}: its bounds {bounds} are not degrees, though it claims longitude and "
            f"latitude; set its true CRS, then {WARP}"
        )


def cut_window(axes: Axes, grid: Grid, path: Path) -> Cut:
    """Return what of a file covers a grid and a little more, wherever its longitudes begin.

    Raises
    ------
    SeabedError
        Where the file does not cover the grid.
    """
    west, south, east, north = grid.bounds
    wide, high = (abs(step) for step in axes.step_deg)
    # A grid on nodes may hold one meridian twice.
    _, cols = np.unique(np.round(axes.lon % 360, 9), return_index=True)
    lon = axes.lon[cols] % 360
    near = (lon >= west - 3 * wide) & (lon <= east + 3 * wide)
    order = np.argsort(-axes.lat)
    lat = axes.lat[order]
    # Rows that are uneven may be taller here than their mean.
    high = max(high, float(np.abs(np.diff(axes.lat)).max()))
    level = (lat >= south - 3 * high) & (lat <= north + 3 * high)
    cut = Cut(order[level], cols[near], lat[level], lon[near])
    if not _covers(cut, grid, wide, high):
        need = ", ".join(f"{edge:g}" for edge in grid.bounds)
        has = ", ".join(f"{edge:g}" for edge in axes.bounds)
        raise SeabedError(
            f"{path}: covers {has}, expected all of {need} (west, south, east, north); cut a "
            "larger piece of the source"
        )
    if not _is_even(cut.lon):
        raise SeabedError(
            f"{path}: its columns are not evenly spaced, expected one step from longitude to "
            f"longitude; {WARP}"
        )
    return cut


def _covers(cut: Cut, grid: Grid, wide: float, high: float) -> bool:
    """Whether what is read reaches the edges of the grid, but for a cell, without a gap."""
    if len(cut.lat) < 2 or len(cut.lon) < 2:
        return False
    west, south, east, north = grid.bounds
    return bool(
        cut.lon[0] <= west + 2 * wide
        and cut.lon[-1] >= east - 2 * wide
        and cut.lat[-1] <= south + 2 * high
        and cut.lat[0] >= north - 2 * high
        and np.diff(cut.lon).max() < 1.5 * wide
    )


def _is_even(values: FloatArray) -> bool:
    even = np.linspace(values[0], values[-1], len(values))
    step = abs(values[-1] - values[0]) / (len(values) - 1)
    return bool(np.abs(values - even).max() < UNEVEN * step)
