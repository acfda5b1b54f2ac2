"""What every tool is given: the real coast and seabed at one resolution, and sample cells.

Made once per resolution, kept as files, so that a measured process holds only what it reads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.warp import reproject
from scipy import ndimage
from scipy.spatial import cKDTree

from okhotsk.datasets import read_data
from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import REACH_KM, DistanceField, distance_field, shore_points
from okhotsk.raster.viewshed import DEPTHS_M, LOOKOUT_CELLS
from okhotsk.theatre.bathymetry import analysis_grid, read_seabed
from okhotsk.theatre.coast import read_coast

# The theatre's window without its northernmost degree, which is land: 5280 x 7680 cells of 15".
BOUNDS = (134.0, 41.0, 166.0, 63.0)
CELLS_PER_DEGREE: Mapping[str, int] = MappingProxyType({"4m": 15, "1m": 60, "15s": 240})
SAMPLES = 1000
SEED = 20250101
NEIGHBOURS = 8  # by chord; the nearest by geodesic is among them
UNIT_KM2 = 1e-6  # the cut's capacities are whole numbers of it
LOOKING = "kunashir"  # the land that the viewshed is sought of
BOAT_M = 100.0  # the depth at which its answers are compared
NO_SEABED_M = np.float32(9999)


@dataclass(frozen=True)
class View:
    """What a viewshed is sought over.

    The seabed close to the land is taken away, because soundings there are too coarse; so all
    tools can be asked for plain lines of sight.
    """

    field: DistanceField
    depth_m: NDArray[np.float32]
    lookouts: NDArray[np.int64]
    cells: NDArray[np.int64]

    @property
    def level(self) -> int:
        """Which of the depths of boats is compared."""
        return DEPTHS_M.index(BOAT_M)

    def cell_km(self, grid: Grid) -> tuple[float, float]:
        """Width and height of a cell at the latitude of the lookouts."""
        width_km, height_km = grid.cell_size_km()
        row = int(np.median(self.lookouts[:, 0]))
        return float(width_km[row]), float(height_km[row])


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
    def place(self) -> Path:
        return self.folder / self.resolution

    def scratch(self) -> Path:
        """A new folder for the files of a tool."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def _load(self, name: str) -> NDArray[np.generic]:
        return np.load(self.place / f"{name}.npy")

    @cached_property
    def lands(self) -> Mapping[str, shapely.MultiPolygon]:
        """The land units; their shores are as fine at every resolution."""
        return read_coast()

    @cached_property
    def land(self) -> NDArray[np.bool_]:
        return self._load("land")

    @cached_property
    def depth_m(self) -> NDArray[np.float32]:
        """Depths to a decimetre, 0 on land."""
        return self._load("depth_m")

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """Flat indices of the water cells at which answers are compared, ascending."""
        return self._load("cells")

    @cached_property
    def fields_km(self) -> NDArray[np.float64]:
        """Geodesic distance from those cells to the nearest shore point of each land in turn."""
        return self._load("fields_km")

    def at_samples(self, cells: NDArray[np.int32], km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distances at the sample cells, infinite where a field has none."""
        place = np.minimum(np.searchsorted(cells, self.cells), max(len(cells) - 1, 0))
        if not len(cells):
            return np.full(len(self.cells), np.inf)
        return np.where(cells[place] == self.cells, km[place], np.inf)

    @cached_property
    def view(self) -> View:
        """What the viewshed of one land is sought over, and water cells at which it is compared."""
        field = distance_field(self.lands[LOOKING], self.grid, ~self.land)
        width_km, height_km = (size.max() for size in self.grid.cell_size_km())
        reach_km = np.hypot(width_km, height_km) / 2
        depth_m = self.depth_m.copy()
        close = field.cells[field.km <= reach_km + read_seabed().native_km]
        depth_m.ravel()[close] = NO_SEABED_M
        shore = np.column_stack(np.divmod(field.cells[field.km <= reach_km], self.grid.shape[1]))
        first = np.unique(shore // LOOKOUT_CELLS, axis=0, return_index=True)[1]
        sea = field.cells[(field.km < 280) & (depth_m.ravel()[field.cells] >= BOAT_M)]
        cells = np.random.default_rng(SEED).choice(sea, min(SAMPLES, len(sea)), replace=False)
        return View(field, depth_m, shore[np.sort(first)].astype(np.int64), cells)

    @cached_property
    def start(self) -> tuple[int, int]:
        """A cell of the deep basin."""
        return self.grid.index(*read_data("sea.toml")["deep_point"])

    @cached_property
    def anchor(self) -> tuple[int, int]:
        """A cell of the mainland."""
        return self.grid.index(*read_data("sea.toml")["anchor"])

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
        return rim(self.grid.shape) & (self.depth_m > 0)


def rim(shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The two outermost cells all round: as wide as a link of 16 neighbours is long.

    Along a rim of one cell a cut would cross too few links, for some would leave the grid.
    """
    cells = np.ones(shape, bool)
    cells[2:-2, 2:-2] = False
    return cells


def prepare(folder: Path, resolution: str) -> None:
    """Write the inputs at a resolution, unless they are there."""
    problem = Problem(folder, resolution)
    problem.place.mkdir(parents=True, exist_ok=True)
    done = problem.place / "fields_km.npy"
    if done.exists():
        return
    shape, transform = problem.grid.shape, problem.grid.transform
    shapes = problem.lands.values()
    land = rasterize(shapes, shape, transform=transform, dtype="uint8").astype(bool)
    depth_m = np.where(land, np.float32(0), _resample_depth(problem.grid))
    water = np.flatnonzero(depth_m > 0)
    cells = np.sort(np.random.default_rng(SEED).choice(water, SAMPLES, replace=False))
    for name, array in (("land", land), ("depth_m", depth_m), ("cells", cells)):
        np.save(problem.place / f"{name}.npy", array)
    np.save(done, _measure_fields(problem))


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


def _measure_fields(problem: Problem) -> NDArray[np.float64]:
    """Geodesics from the sample cells to each land: to the shore points nearest by chord."""
    points = problem.grid.lonlat(*np.unravel_index(problem.cells, problem.grid.shape))
    lon, lat = np.repeat(points, NEIGHBOURS, axis=0).T
    found = []
    for land in problem.lands.values():
        shore = shore_points(land)
        tree = cKDTree(geodesy.to_ecef_km(*shore.T))
        _, near = tree.query(geodesy.to_ecef_km(*points.T), NEIGHBOURS)
        there = shore[np.minimum(near, len(shore) - 1).ravel()]
        km = geodesy.distance_km(lon, lat, *there.T).reshape(-1, NEIGHBOURS).min(axis=1)
        found.append(np.where(km <= REACH_KM, km, np.inf))
    return np.concatenate(found)
