"""Small made-up seas whose answers are known on paper."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from pyproj import Transformer

from okhotsk.raster.arrays import BoolArray, FloatArray
from okhotsk.raster.grid import Grid

SUBCELLS = 5


def grid_at(lat: float, shape: tuple[int, int], *, arcmin: float = 0.5, lon: float = 150.0) -> Grid:
    """A grid of square degree cells centred on a point."""
    high, wide = (n * arcmin / 120 for n in shape)
    return Grid((lon - wide, lat - high, lon + wide, lat + high), shape)


@dataclass(frozen=True)
class Plane:
    """Points of a grid in kilometres east (x) and north (y) of its centre: SUBCELLS per cell."""

    x: FloatArray
    y: FloatArray

    @classmethod
    def of(cls, grid: Grid) -> Self:
        """Points of a grid, in the azimuthal equidistant projection of its centre."""
        fine = Grid(grid.bounds, (grid.shape[0] * SUBCELLS, grid.shape[1] * SUBCELLS))
        west, south, east, north = grid.bounds
        there = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +units=km"
        project = Transformer.from_crs("EPSG:4326", there, always_xy=True).transform
        return cls(*project(*np.meshgrid(fine.lon, fine.lat)))

    def turned(self, degrees: float) -> Self:
        """The same points along axes turned anticlockwise."""
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return type(self)(self.x * cos + self.y * sin, self.y * cos - self.x * sin)

    def disc(self, x: float, y: float, radius: float) -> BoolArray:
        """Points within a distance of a place."""
        return np.hypot(self.x - x, self.y - y) <= radius


def share(points: BoolArray | FloatArray) -> FloatArray:
    """Mean of the points in each cell."""
    rows, cols = (n // SUBCELLS for n in points.shape)
    return points.reshape(rows, SUBCELLS, cols, SUBCELLS).mean(axis=(1, 3))


def cells(points: BoolArray) -> BoolArray:
    """Cells most of whose points are chosen."""
    return share(points) > 0.5


def rim(shape: tuple[int, int]) -> BoolArray:
    """Cells at the edge of a grid."""
    edge = np.ones(shape, bool)
    edge[1:-1, 1:-1] = False
    return edge
