"""What every tool is given: the real coast and seabed at one resolution, and sample cells.

Made once per resolution, kept as files, so that a measured process holds only what it reads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.warp import reproject
from scipy import ndimage
from scipy.spatial import cKDTree

from okhotsk.datasets import read_data
from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.theatre.bathymetry import analysis_grid, read_seabed
from okhotsk.theatre.coast import read_coast

# The theatre's window without its northernmost degree, which is land: 5280 x 7680 cells of 15".
BOUNDS = (134.0, 41.0, 166.0, 63.0)
CELLS_PER_DEGREE: Mapping[str, int] = MappingProxyType({"4m": 15, "1m": 60, "15s": 240})
SAMPLES = 1000
SEED = 20250101
NEIGHBOURS = 32  # by chord; the nearest by geodesic is among them
DEPTH_EDGES_M = (200, 500, 1000, 2000, 3000)
ZONES = 5
CLASSES = ZONES * (len(DEPTH_EDGES_M) + 1)
UNIT_KM2 = 1e-6  # the cut's capacities are whole numbers of it


@dataclass(frozen=True)
class Problem:
    """The inputs at one resolution, read from their folder as they are asked for."""

    folder: Path
    resolution: str

    @cached_property
    def grid(self) -> Grid:
        west, south, east, north = BOUNDS
        cells = CELLS_PER_DEGREE[self.resolution]
        return Grid(BOUNDS, (round((north - south) * cells), round((east - west) * cells)))

    @property
    def land_tif(self) -> Path:
        return self.folder / self.resolution / "land.tif"

    def _load(self, name: str) -> NDArray[np.generic]:
        return np.load(self.folder / self.resolution / f"{name}.npy")

    @cached_property
    def land(self) -> NDArray[np.bool_]:
        return self._load("land")

    @cached_property
    def depth_m(self) -> NDArray[np.float32]:
        """Depths to a decimetre, 0 on land."""
        return self._load("depth_m")

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """Flat indices of the water cells at which answers are compared."""
        return self._load("cells")

    @cached_property
    def nearest_km(self) -> NDArray[np.float64]:
        """Geodesic distance from those cells to the nearest land cell."""
        return self._load("nearest_km")

    @cached_property
    def areas_km2(self) -> NDArray[np.float64]:
        """Area of every class, added up without loss."""
        return self._load("areas_km2")

    @cached_property
    def start(self) -> tuple[int, int]:
        """A cell of the deep basin."""
        return self.grid.index(*read_data("sea.toml")["deep_point"])

    @cached_property
    def anchor(self) -> tuple[int, int]:
        """A cell of the mainland."""
        return self.grid.index(*read_data("sea.toml")["anchor"])

    def travel_cost(self) -> NDArray[np.float32]:
        """Cost per km of a boat that shuns shallow water; land is closed."""
        cost = 1 + 4 * np.exp(-self.depth_m / np.float32(200))
        return np.where(self.land, np.float32(np.inf), cost)

    def section(self) -> NDArray[np.float32]:
        """Cross-section (km2) per km of line; land is free."""
        return self.depth_m / np.float32(1000)

    def basin(self) -> NDArray[np.bool_]:
        """The deep basin, which a cut has to keep in."""
        deep = self.depth_m >= read_data("sea.toml")["deep_m"]
        labels, _ = ndimage.label(deep, np.ones((3, 3)))
        return labels == labels[self.start]

    def ocean(self) -> NDArray[np.bool_]:
        """Water at the edge of the grid, which a cut has to keep out."""
        edge = np.zeros(self.grid.shape, bool)
        edge[[0, -1]], edge[:, [0, -1]] = True, True
        return edge & (self.depth_m > 0)

    def classes(self) -> NDArray[np.uint8]:
        """Zone (wavy strips) times depth class of every cell."""
        rows, cols = self.grid.shape
        wave = 0.4 * np.sin(np.arange(rows) * 40 / rows)
        strip = (np.arange(cols) * ZONES / cols + wave[:, None]).clip(0, ZONES - 1)
        level = np.digitize(self.depth_m, DEPTH_EDGES_M)
        return (strip.astype(np.uint8) * (len(DEPTH_EDGES_M) + 1) + level).astype(np.uint8)


def prepare(folder: Path, resolution: str) -> None:
    """Write the inputs at a resolution, unless they are there."""
    problem = Problem(folder, resolution)
    problem.land_tif.parent.mkdir(parents=True, exist_ok=True)
    done = problem.land_tif.with_name("nearest_km.npy")
    if done.exists():
        return
    land = _rasterize_land(problem)
    depth_m = np.where(land, np.float32(0), _resample_depth(problem.grid))
    cells = np.random.default_rng(SEED).choice(np.flatnonzero(depth_m > 0), SAMPLES, replace=False)
    for name, array in (("land", land), ("depth_m", depth_m), ("cells", cells)):
        np.save(problem.land_tif.with_name(f"{name}.npy"), array)
    np.save(problem.land_tif.with_name("areas_km2.npy"), _add_areas(problem))
    np.save(done, _measure_nearest(problem.grid, land, cells))


def _rasterize_land(problem: Problem) -> NDArray[np.bool_]:
    """The coast at the centres of the cells; also as a GeoTIFF in which the sea has no data."""
    grid = problem.grid
    land = rasterize(read_coast().values(), grid.shape, transform=grid.transform, dtype="uint8")
    with rasterio.open(
        problem.land_tif,
        "w",
        driver="GTiff",
        dtype="uint8",
        count=1,
        nodata=0,
        height=grid.shape[0],
        width=grid.shape[1],
        transform=grid.transform,
        crs="EPSG:4326",
    ) as target:
        target.write(land, 1)
    return land.astype(bool)


def _resample_depth(grid: Grid) -> NDArray[np.float32]:
    """The shipped seabed by bilinear interpolation, to a decimetre."""
    depth_m = np.zeros(grid.shape, np.float32)
    reproject(
        read_seabed().depth_m,
        depth_m,
        src_transform=analysis_grid().transform,
        src_crs="EPSG:4326",
        dst_crs="EPSG:4326",
        dst_transform=grid.transform,
        resampling=Resampling.bilinear,
    )
    return (np.rint(depth_m * 10) / 10).astype(np.float32)


def _add_areas(problem: Problem) -> NDArray[np.float64]:
    """Area of every class, rounded once: whole counts times the area of a row's cells."""
    classes = problem.classes()
    counts = np.stack([np.bincount(row, minlength=CLASSES) for row in classes])
    parts = counts * problem.grid.cell_area_km2()[:, None]
    return np.array([math.fsum(column) for column in parts.T])


def shore_cells(land: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of land cells beside water: no other land is nearest to any water."""
    return np.nonzero(land & ~ndimage.binary_erosion(land, border_value=1))


def _measure_nearest(
    grid: Grid, land: NDArray[np.bool_], cells: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Geodesics from cells to the land cells nearest by chord, the least of them."""
    shore = grid.lonlat(*shore_cells(land))
    points = grid.lonlat(*np.unravel_index(cells, grid.shape))
    tree = cKDTree(geodesy.to_ecef_km(*shore.T))
    _, near = tree.query(geodesy.to_ecef_km(*points.T), NEIGHBOURS)
    lon, lat = np.repeat(points, NEIGHBOURS, axis=0).T
    _, _, metres = geodesy.GEOD.inv(lon, lat, *shore[near.ravel()].T)
    return metres.reshape(-1, NEIGHBOURS).min(axis=1) / 1000
