"""Distance of water cells to a land: exact search over shore points, pruned block by block.

Fields are computed once for every land and shared by all scenarios.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.raster.kernel import kernel

REACH_KM = 380.0  # more than 200 nautical miles and than the widest standoff allowed
BLOCKS = (512, 128, 32, 8, 4)  # cells on a side, coarse to fine


@dataclass(frozen=True)
class DistanceField:
    """Distance to one land in the water cells within reach of it.

    Attributes
    ----------
    cells
        Flat indices into the grid, ascending.
    km
        Geodesic distance of each cell centre to the nearest shore.

    Examples
    --------
    Water beside a square island on the equator, on cells of one degree:

    >>> island = shapely.MultiPolygon([shapely.box(0.0, -0.5, 1.0, 0.5)])
    >>> grid = Grid((1.0, -0.5, 3.0, 0.5), (1, 2))
    >>> distance_field(island, grid, np.ones((1, 2), bool)).km.round(2).tolist()
    [55.66, 166.98]
    """

    cells: NDArray[np.int32]
    km: NDArray[np.float32]


def distance_field(
    land: shapely.MultiPolygon, grid: Grid, water: NDArray[np.bool_]
) -> DistanceField:
    """Return the distance to a land in all water cells within 380 km.

    Parameters
    ----------
    land
        The land (EPSG:4326); an empty one has an empty field.
    grid
        The grid.
    water
        Cells that hold water, shape of the grid.

    Notes
    -----
    Distances are chords between points of the ellipsoid in space, turned into arcs. They are
    good to about 1e-6 for the points of the shore, which lie at most 450 m apart.

    Cells are taken in blocks, coarse to fine, and two bounds prune the shore points. A point can
    be nearest to a cell of a block only if its distance to the block's middle exceeds the least
    such distance by no more than the block's width (triangle inequality). It must also be nearer
    to a corner of the block than the point nearest to the middle, because the difference of two
    squared distances is linear in the place. The few points left are tried one by one, which is
    exact, and faster than a tree where all points are far away.
    """
    lon, phi = np.radians(grid.lon), np.radians(grid.lat)
    prime = geodesy.GEOD.a / 1000 / np.sqrt(1 - geodesy.GEOD.es * np.sin(phi) ** 2)
    rows = np.column_stack([prime * np.cos(phi), prime * (1 - geodesy.GEOD.es) * np.sin(phi)])
    cols = np.column_stack([np.cos(lon), np.sin(lon)])
    points = geodesy.to_ecef_km(*shore_points(land).T) if not land.is_empty else np.empty((0, 3))
    cells, km = [np.empty(0, np.int32)], [np.empty(0, np.float32)]
    for top in range(0, grid.shape[0], BLOCKS[0]):  # a band at a time, to save memory
        found, chord_km = _nearest(rows, cols, water, points, REACH_KM, BLOCKS, top)
        cells.append(found)
        km.append(geodesy.chord_to_arc_km(chord_km).astype(np.float32))
    return DistanceField(np.concatenate(cells), np.concatenate(km))


def distance_fields(
    lands: Mapping[str, shapely.MultiPolygon],
    grid: Grid,
    water: NDArray[np.bool_],
    *,
    threads: int = 2,
) -> dict[str, DistanceField]:
    """Return :func:`distance_field` of each of several lands, by the same keys."""
    with ThreadPoolExecutor(threads) as pool:
        fields = pool.map(lambda land: distance_field(land, grid, water), lands.values())
        return dict(zip(lands, fields, strict=True))


@kernel
def _square(point, rows, cols, r, c):  # type: ignore[no-untyped-def]
    """Squared straight distance of a point to a cell."""
    dx, dy = point[0] - rows[r, 0] * cols[c, 0], point[1] - rows[r, 0] * cols[c, 1]
    dz = point[2] - rows[r, 1]
    return dx * dx + dy * dy + dz * dz


@kernel
def _may_be_nearest(points, rows, cols, block, reach):  # type: ignore[no-untyped-def]
    """Points that can be nearest to any cell of a block; none if all are out of reach."""
    top, bottom, left, right = block
    mid, centre = (top + bottom) // 2, (left + right) // 2
    here = np.array([rows[mid, 0] * cols[centre, 0], rows[mid, 0] * cols[centre, 1], rows[mid, 1]])
    corners = ((top, left), (top, right - 1), (bottom - 1, left), (bottom - 1, right - 1))
    spread, least, best = 0.0, np.inf, 0
    for r, c in corners:
        spread = max(spread, np.sqrt(_square(here, rows, cols, r, c)))
    near = np.empty(len(points))
    for n in range(len(points)):
        near[n] = np.sqrt(_square(points[n], rows, cols, mid, centre))
        if near[n] < least:
            least, best = near[n], n
    if least - spread > reach:
        return points[:0]
    limit = least + 2.001 * spread + 1e-6  # the excess allows for rounding
    rival = [_square(points[best], rows, cols, r, c) for r, c in corners]
    # The curved block rises above the plane of its corners by less than this.
    bulge = spread * spread / min(rows[top, 0], rows[bottom - 1, 0])
    few, size = np.empty_like(points), 0
    for n in range(len(points)):
        if near[n] > limit:
            continue
        slack = 2.001 * bulge * (near[n] + least) + 1e-6
        for k in range(4):
            r, c = corners[k]
            if n == best or _square(points[n], rows, cols, r, c) <= rival[k] + slack:
                for axis in range(3):  # copying a whole row takes three seconds to compile
                    few[size, axis] = points[n, axis]
                size += 1
                break
    return few[:size].copy()


@kernel
def _fill(chord, water, rows, cols, block, first, few, reach):  # type: ignore[no-untyped-def]
    """Straight distance of the water cells of a block to the nearest of a few points."""
    top, bottom, left, right = block
    for r in range(top, bottom):
        for c in range(left, right):
            if water[r, c]:
                x, y, z = rows[r, 0] * cols[c, 0], rows[r, 0] * cols[c, 1], rows[r, 1]
                best = np.inf
                for n in range(len(few)):
                    dx, dy, dz = few[n, 0] - x, few[n, 1] - y, few[n, 2] - z
                    best = min(best, dx * dx + dy * dy + dz * dz)
                if best <= reach * reach:
                    chord[r - first, c] = np.sqrt(best)


@kernel
def _gather(chord, first):  # type: ignore[no-untyped-def]
    """Flat indices and distances of the cells of a band that have a distance."""
    high, wide = chord.shape
    size = 0
    for r in range(high):
        for c in range(wide):
            size += np.isfinite(chord[r, c])
    cells, found, at = np.empty(size, np.int32), np.empty(size), 0
    for r in range(high):
        for c in range(wide):
            if np.isfinite(chord[r, c]):
                cells[at], found[at] = (first + r) * wide + c, chord[r, c]
                at += 1
    return cells, found


@kernel
def _nearest(rows, cols, water, points, reach, sizes, first):  # type: ignore[no-untyped-def]
    """Water cells of a band within reach of a point, and their straight distance to the nearest."""
    last = min(first + sizes[0], water.shape[0])
    blocks, chosen, level = [(first, last, 0, water.shape[1])], [points], [0]
    chord = np.empty((0, water.shape[1]))
    while blocks:
        block, left_points, depth = blocks.pop(), chosen.pop(), level.pop()
        few = _may_be_nearest(left_points, rows, cols, block, reach)
        if len(few) == 0:
            continue
        top, bottom, left, right = block
        if depth == len(sizes):
            if len(chord) == 0:
                chord = np.full((last - first, water.shape[1]), np.inf)
            _fill(chord, water, rows, cols, block, first, few, reach)
            continue
        for r in range(top, bottom, sizes[depth]):
            for c in range(left, right, sizes[depth]):
                part = (r, min(r + sizes[depth], bottom), c, min(c + sizes[depth], right))
                if water[part[0] : part[1], part[2] : part[3]].any():
                    blocks.append(part)
                    chosen.append(few)
                    level.append(depth + 1)
    return _gather(chord, first)


def nearest_km(fields: Iterable[DistanceField], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Distance to the nearest of several lands; infinite beyond the reach of all."""
    nearest = np.full(shape[0] * shape[1], np.inf, np.float32)
    for field in fields:
        _lower(nearest, field.cells, field.km)
    return nearest.reshape(shape)


@kernel
def _lower(nearest, cells, km):  # type: ignore[no-untyped-def]
    """Lower distances to those of a field, in place."""
    for n in range(len(cells)):
        cell = cells[n]
        nearest[cell] = min(nearest[cell], km[n])


SHORE_STEP_DEG = 0.004


def shore_points(land: shapely.MultiPolygon) -> NDArray[np.float64]:
    """Points (lon, lat) along the shore, at most 450 m apart, shape (n, 2).

    From 22 km the nearest of them is within 2 m of the nearest point of the shore itself.
    """
    return np.asarray(shapely.get_coordinates(shapely.segmentize(land, SHORE_STEP_DEG)))
