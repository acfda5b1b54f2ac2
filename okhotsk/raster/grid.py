"""The regular longitude-latitude grid that every raster of a theatre shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.transform import from_bounds

from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.geodesy import GEOD


@dataclass(frozen=True)
class Grid:
    """A north-up grid of equal degree cells.

    Parameters
    ----------
    bounds
        West, south, east, north edge in degrees (EPSG:4326).
    shape
        Rows and columns.
    """

    bounds: tuple[float, float, float, float]
    shape: tuple[int, int]

    @property
    def transform(self) -> Affine:
        """Affine transform from column, row to longitude, latitude."""
        transform: Affine = from_bounds(*self.bounds, self.shape[1], self.shape[0])
        return transform

    @property
    def cell_deg(self) -> tuple[float, float]:
        """Width and height of a cell in degrees."""
        west, south, east, north = self.bounds
        return (east - west) / self.shape[1], (north - south) / self.shape[0]

    @property
    def lon(self) -> FloatArray:
        """Longitudes of the cell centres, one per column."""
        return np.asarray(self.bounds[0] + (np.arange(self.shape[1]) + 0.5) * self.cell_deg[0])

    @property
    def lat(self) -> FloatArray:
        """Latitudes of the cell centres, one per row, from north to south."""
        return np.asarray(self.bounds[3] - (np.arange(self.shape[0]) + 0.5) * self.cell_deg[1])

    def cell_size_km(self) -> tuple[FloatArray, FloatArray]:
        """Width and height of the cells of each row in km (ellipsoidal radii)."""
        phi = np.radians(self.lat)
        root = 1 - GEOD.es * np.sin(phi) ** 2
        prime_km = GEOD.a / np.sqrt(root) / 1000
        meridian_km = GEOD.a * (1 - GEOD.es) / root**1.5 / 1000
        width, height = np.radians(self.cell_deg)
        return prime_km * np.cos(phi) * width, meridian_km * height

    def cell_area_km2(self) -> FloatArray:
        """Exact ellipsoidal area of a cell of each row (difference of authalic zones)."""
        edges = np.radians(self.bounds[3] - np.arange(self.shape[0] + 1) * self.cell_deg[1])
        sine, e = np.sin(edges), np.sqrt(GEOD.es)
        zone = sine / (2 * (1 - GEOD.es * sine**2)) + np.arctanh(e * sine) / (2 * e)
        width = np.radians(self.cell_deg[0])
        return np.asarray((GEOD.b / 1000) ** 2 * width * -np.diff(zone))

    def crop(self, rows: slice, cols: slice) -> Grid:
        """Grid of a block of cells."""
        height, width = self.shape
        top, bottom, _ = rows.indices(height)
        left, right, _ = cols.indices(width)
        (cell_w, cell_h), (west, _, _, north) = self.cell_deg, self.bounds
        edges = west + left * cell_w, north - bottom * cell_h
        return Grid(
            (*edges, west + right * cell_w, north - top * cell_h), (bottom - top, right - left)
        )

    def index(self, lon: float, lat: float) -> tuple[int, int]:
        """Row and column of the cell that holds a point (clipped to the grid)."""
        width, height = self.cell_deg
        col, row = (lon - self.bounds[0]) / width, (self.bounds[3] - lat) / height
        rows, cols = self.shape
        return min(max(int(row), 0), rows - 1), min(max(int(col), 0), cols - 1)

    def lonlat(self, rows: NDArray[Any], cols: NDArray[Any]) -> FloatArray:
        """Longitude and latitude of fractional cell positions, shape (n, 2)."""
        width, height = self.cell_deg
        lon = self.bounds[0] + (np.asarray(cols) + 0.5) * width
        lat = self.bounds[3] - (np.asarray(rows) + 0.5) * height
        return np.stack([lon, lat], axis=-1)


def find_box(cells: NDArray[np.bool_], *, margin: tuple[int, int] = (0, 0)) -> tuple[slice, slice]:
    """Rows and columns that hold some cells, at least one, with a margin where the grid has it."""
    lines = (np.flatnonzero(cells.any(axis=axis)) for axis in (1, 0))
    rows, cols = (
        slice(max(int(line[0]) - wide, 0), int(line[-1]) + 1 + wide)
        for line, wide in zip(lines, margin, strict=True)
    )
    return rows, cols
