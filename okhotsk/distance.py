"""How far every stretch of water is from every land: computed once, shared by all options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from okhotsk import geodesy
from okhotsk.coast import shore_points
from okhotsk.grid import Grid

REACH_KM = 380.0  # beyond 200 nautical miles and every standoff that may be asked for
BLOCKS = (128, 32, 8)  # cells on a side, coarse to fine


@dataclass(frozen=True)
class Field:
    """Distance to one land in the water cells within reach of it.

    Attributes
    ----------
    cells
        Flat indices into the grid, ascending.
    km
        Geodesic distance of each cell centre to the nearest shore.
    """

    cells: NDArray[np.int32]
    km: NDArray[np.float32]


def distance_field(land: shapely.MultiPolygon, grid: Grid, water: NDArray[np.bool_]) -> Field:
    """Return the distance to a land in all water cells within 380 km.

    Straight lines between points of the ellipsoid in space, turned into arcs: good to about
    1e-6 for the points of the shore, which lie at most 450 m apart.

    Notes
    -----
    Cells are taken in blocks. Only shore points within the least distance of a block's middle
    plus its width can be nearest to any of its cells (triangle inequality), so that the few left
    are tried one by one: exact, and faster than a tree where all points are far away.
    """
    lon, phi = np.radians(grid.lon), np.radians(grid.lat)
    prime = geodesy.GEOD.a / 1000 / np.sqrt(1 - geodesy.GEOD.es * np.sin(phi) ** 2)
    rows = np.column_stack([prime * np.cos(phi), prime * (1 - geodesy.GEOD.es) * np.sin(phi)])
    cols = np.column_stack([np.cos(lon), np.sin(lon)])
    points = geodesy.to_ecef_km(*shore_points(land).T) if not land.is_empty else np.empty((0, 3))
    chord_km = _nearest(rows, cols, water, points, REACH_KM, BLOCKS)
    cells = np.flatnonzero(np.isfinite(chord_km))
    km = geodesy.chord_to_arc_km(chord_km.ravel()[cells])
    return Field(cells.astype(np.int32), km.astype(np.float32))


@njit(cache=True, nogil=True)
def _may_be_nearest(points, rows, cols, block, reach):  # type: ignore[no-untyped-def]
    """Points that can be nearest to any cell of a block; none if all are out of reach."""
    top, bottom, left, right = block
    mid, centre = (top + bottom) // 2, (left + right) // 2
    x, y, z = rows[mid, 0] * cols[centre, 0], rows[mid, 0] * cols[centre, 1], rows[mid, 1]
    spread, least = 0.0, np.inf
    for r in (top, bottom - 1):
        for c in (left, right - 1):
            dx, dy, dz = rows[r, 0] * cols[c, 0] - x, rows[r, 0] * cols[c, 1] - y, rows[r, 1] - z
            spread = max(spread, np.sqrt(dx * dx + dy * dy + dz * dz))
    near = np.empty(len(points))
    for n in range(len(points)):
        dx, dy, dz = points[n, 0] - x, points[n, 1] - y, points[n, 2] - z
        near[n] = np.sqrt(dx * dx + dy * dy + dz * dz)
        least = min(least, near[n])
    if least - spread > reach:
        return points[:0]
    return points[near <= least + 2.001 * spread + 1e-6]  # a little more, for rounding


@njit(cache=True, nogil=True)
def _nearest(rows, cols, water, points, reach, sizes):  # type: ignore[no-untyped-def]
    """Straight distance of every water cell to the nearest point; infinite beyond reach."""
    chord = np.full(water.shape, np.inf)
    blocks = [(0, water.shape[0], 0, water.shape[1])]
    chosen = [points]
    level = [0]
    while blocks:
        block, left_points, depth = blocks.pop(), chosen.pop(), level.pop()
        few = _may_be_nearest(left_points, rows, cols, block, reach)
        if len(few) == 0:
            continue
        top, bottom, left, right = block
        if depth < len(sizes):
            for r in range(top, bottom, sizes[depth]):
                for c in range(left, right, sizes[depth]):
                    part = (r, min(r + sizes[depth], bottom), c, min(c + sizes[depth], right))
                    blocks.append(part)
                    chosen.append(few)
                    level.append(depth + 1)
            continue
        for r in range(top, bottom):
            for c in range(left, right):
                if water[r, c]:
                    x, y, z = rows[r, 0] * cols[c, 0], rows[r, 0] * cols[c, 1], rows[r, 1]
                    best = np.inf
                    for n in range(len(few)):
                        dx, dy, dz = few[n, 0] - x, few[n, 1] - y, few[n, 2] - z
                        best = min(best, dx * dx + dy * dy + dz * dz)
                    if best <= reach * reach:
                        chord[r, c] = np.sqrt(best)
    return chord


def nearest_km(fields: Iterable[Field], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Distance to the nearest of several lands; infinite beyond the reach of all."""
    nearest = np.full(shape[0] * shape[1], np.inf, np.float32)
    for field in fields:
        nearest[field.cells] = np.minimum(nearest[field.cells], field.km)
    return nearest.reshape(shape)
