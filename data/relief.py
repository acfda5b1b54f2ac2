"""Depths of the shipped seabed: ETOPO1 on its nodes, between them the detail of ETOPO5.

``docs/shipped-seabed.md`` holds what else was tried, and how each did.
"""

from __future__ import annotations

import subprocess
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.io import netcdf_file

WINDOW = (134.0, 41.0, 166.0, 64.0)  # west, south, east, north
CELLS_PER_DEGREE = 60
MARGIN = 2  # degrees round the window
# Share of ETOPO5's detail that is kept: a smaller one errs more near the chain, a larger one
# elsewhere.
DETAIL = 0.75

ETOPO5_PACKAGE = "ferret-datasets_7.6.0-5_all.deb"
ETOPO1_PACKAGE = "pybacktrack-1.5.0-py3-none-any.whl"
ETOPO1_MEMBER = "pybacktrack/bundle_data/topography/ETOPO1_0.1.grd"


@dataclass(frozen=True)
class Nodes:
    """Depths (m, positive down, 0 on land) on nodes, from south to north and west to east."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    depth_m: NDArray[np.float64]

    def at(self, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
        """Depths between the nodes, bilinear, at every pair of a latitude and a longitude."""
        places = np.stack(np.meshgrid(lat, lon, indexing="ij"), axis=-1)
        return np.asarray(RegularGridInterpolator((self.lat, self.lon), self.depth_m)(places))


def _cut(height_m: NDArray[np.float64], per_degree: int) -> Nodes:
    """Nodes of the window and its margin, of a grid of the earth from 90 S and 0 E.

    A mountain beside a strait must not fill it: land counts as depth 0.
    """
    west, south, east, north = (round(edge) for edge in WINDOW)
    rows = np.arange((south - MARGIN) * per_degree, (north + MARGIN) * per_degree + 1)
    cols = np.arange((west - MARGIN) * per_degree, (east + MARGIN) * per_degree + 1)
    depth_m = np.maximum(-height_m[np.ix_(rows + 90 * per_degree, cols)], 0.0)
    return Nodes(rows / per_degree, cols / per_degree, depth_m)


def read_etopo5(package: Path) -> Nodes:
    """ETOPO5 on its nodes, every 5'."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", str(package), folder], check=True)
        path = Path(folder) / "usr/share/ferret-vis/data/etopo5.cdf"
        with netcdf_file(path, mmap=False) as grid:
            return _cut(grid.variables["ROSE"][:].astype(float), 12)


def read_etopo1(package: Path) -> Nodes:
    """ETOPO1 (bedrock) on every sixth of its nodes, every 6'."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as wheel:
        path = wheel.extract(ETOPO1_MEMBER, folder)
        with rasterio.open(f'netcdf:"{path}":z') as grid, warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            return _cut(grid.read(1)[::-1].astype(float), 10)


def cell_centres() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of the 1' cells, from south to north and west to east."""
    west, south, east, north = WINDOW
    rows, cols = ((b - a) * CELLS_PER_DEGREE for a, b in ((south, north), (west, east)))
    lat = south + (np.arange(round(rows)) + 0.5) / CELLS_PER_DEGREE
    return lat, west + (np.arange(round(cols)) + 0.5) / CELLS_PER_DEGREE


def combine(etopo1: Nodes, etopo5: Nodes, *, detail: float = DETAIL) -> NDArray[np.float64]:
    """Depths (m) of the 1' cells, north up: ETOPO1, plus a share of what ETOPO5 adds to it.

    What ETOPO5 adds is its difference from itself on the nodes of ETOPO1: so the level is that of
    ETOPO1, and on its nodes nothing is added.
    """
    lat, lon = cell_centres()
    seen = Nodes(etopo1.lat, etopo1.lon, etopo5.at(etopo1.lat, etopo1.lon))
    added = etopo5.at(lat, lon) - seen.at(lat, lon)
    return np.maximum(etopo1.at(lat, lon) + detail * added, 0.0)[::-1]
