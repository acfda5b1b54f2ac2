"""Underwater viewsheds by ray casting: which boats a shore has in sight past sills and islands.

One ray answers every depth and distance, because the deepest boat in sight depends only on the
least slope of the seabed along the ray.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.geodesy import MEAN_RADIUS_KM
from okhotsk.raster.grid import Grid
from okhotsk.raster.kernel import kernel
from okhotsk.raster.proximity import DistanceField

RANGE_KM = 300.0  # the widest range allowed
DEPTHS_M = (30.0, 50.0, 100.0, 200.0, 300.0)
LOOKOUT_CELLS = 3  # one lookout in every block of so many cells on a side


@dataclass(frozen=True)
class Viewshed:
    """The boats that a land has in sight.

    Attributes
    ----------
    cells
        Flat indices of the water cells where a boat 30 m deep is in sight of the land, ascending.
    km
        Distance to the nearest lookout that has the boat in sight, to about 1 km: a row per depth
        of ``DEPTHS_M``, a column per cell. Infinite where no lookout within 300 km sees the boat.
    """

    cells: NDArray[np.int32]
    km: NDArray[np.float16]


def find_viewshed(
    field: DistanceField,
    grid: Grid,
    depth_m: NDArray[np.float32],
    native_km: float,
    *,
    threads: int = 2,
) -> Viewshed:
    """Return where boats are in submerged line of sight of a land.

    The line follows the geodesic from the shore at the surface to the boat at its depth, and its
    depth grows evenly with the distance. Land and seabed shallower than the line block it.

    Parameters
    ----------
    field
        Distances to the land. Lookouts are cells within one cell of its shore, one in every block
        of three by three.
    grid, depth_m
        Seabed; cells of depth 0 are land.
    native_km
        Resolution of the soundings. Nearer to the shore only land blocks a line, because the
        seabed is not known well enough.
    threads
        Threads that share the work; the answer does not depend on their number.

    Notes
    -----
    A boat at depth d and distance s is in sight if the seabed z(t) at every distance t < s is at
    least d t / s deep. The deepest boat in sight is therefore s times the least z(t) / t on the
    way, and one run along a ray answers every distance and depth. Rays leave every lookout in all
    directions, at the end of the range no further apart than a cell.

    The curvature of the earth is left out. A straight chord of 200 km runs 785 m below the
    surface at its middle, but sound does not follow chords. In the sea it bends, upwards or
    downwards, within tens of kilometres, and follows the surface of the earth.
    """
    size_km = float(min(size.min() for size in grid.cell_size_km()))
    azimuths = np.arange(0, 2 * np.pi, size_km / RANGE_KM)
    rows = (*_rows(grid), azimuths)
    shares = np.array_split(_lookouts(field, grid), threads)
    with ThreadPoolExecutor(threads) as pool:
        seen = list(pool.map(lambda s: _look(s, *rows, depth_m, native_km, 0.75 * size_km), shares))
    nearest = np.minimum.reduce(seen)
    cells = np.flatnonzero(np.isfinite(nearest[0]))
    return Viewshed(cells.astype(np.int32), nearest[:, cells].astype(np.float16))


def _lookouts(field: DistanceField, grid: Grid) -> NDArray[np.int64]:
    """Lookouts of a land: row and column of shore cells, shape (n, 2)."""
    wide, high = (size.max() for size in grid.cell_size_km())
    near = field.cells[field.km <= np.hypot(wide, high) / 2]
    places = np.column_stack(np.divmod(near, grid.shape[1]))
    first = np.unique(places // LOOKOUT_CELLS, axis=0, return_index=True)[1]
    return np.asarray(places[np.sort(first)], np.int64)


def _rows(grid: Grid) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Latitude (radians), and rows and columns per km, of each row."""
    width, height = grid.cell_size_km()
    return np.radians(grid.lat), 1 / height, 1 / width


@kernel
def _look(  # type: ignore[no-untyped-def]
    lookouts, phi, north, east, azimuths, depth_m, native_km, step_km
):
    """Distance of each cell, at each depth, to the nearest lookout that sees it."""
    rows, cols = depth_m.shape
    km = np.full((len(DEPTHS_M), rows * cols), np.inf, np.float32)
    for n in range(len(lookouts)):
        row, col = lookouts[n]
        bend = np.tan(phi[row]) / MEAN_RADIUS_KM
        for azimuth in azimuths:
            cos, sin = np.cos(azimuth), np.sin(azimuth)
            # The geodesic to second order in the distance.
            down, down2 = -cos * north[row], sin * sin * bend * north[row] / 2
            right, right2 = sin * east[row], sin * cos * bend * east[row]
            least = np.inf
            for k in range(int(RANGE_KM / step_km) + 1):
                s = k * step_km
                # Rounded down: int() would take what lies north or west of the grid for its edge.
                r = int(np.floor(row + s * (down + s * down2) + 0.5))
                c = int(np.floor(col + s * (right + s * right2) + 0.5))
                if r < 0 or c < 0 or r >= rows or c >= cols:
                    break
                z = depth_m[r, c]
                if z <= 0 and k > 1:
                    break
                if s > native_km:
                    least = min(least, z / s)
                    if least * RANGE_KM < DEPTHS_M[0]:
                        break
                for d in range(len(DEPTHS_M)):
                    if min(least * s, z) < DEPTHS_M[d] if k else z < DEPTHS_M[d]:
                        break
                    km[d, r * cols + c] = min(km[d, r * cols + c], s)
    return km
