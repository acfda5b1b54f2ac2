"""How far every stretch of water is from every land: computed once, shared by all options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from okhotsk import geodesy
from okhotsk.coast import shore_points
from okhotsk.grid import Grid

REACH_KM = 380.0  # beyond 200 nautical miles and every standoff that may be asked for


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


def distance_field(
    land: shapely.MultiPolygon, grid: Grid, water: NDArray[np.bool_], *, workers: int = -1
) -> Field:
    """Return the distance to a land in all water cells within 380 km.

    Straight lines between points of the ellipsoid in space, turned into arcs: exact to 1e-6
    for the points of the shore, which lie at most 450 m apart.
    """
    cells = np.flatnonzero(water & _within_reach(land, grid))
    if not len(cells):
        return Field(np.empty(0, np.int32), np.empty(0, np.float32))
    lon, lat = grid.lon[cells % grid.shape[1]], grid.lat[cells // grid.shape[1]]
    tree = cKDTree(geodesy.to_ecef_km(*shore_points(land).T))
    chord_km, _ = tree.query(
        geodesy.to_ecef_km(lon, lat), distance_upper_bound=REACH_KM, workers=workers
    )
    near = np.isfinite(chord_km)
    km = geodesy.chord_to_arc_km(chord_km[near])
    return Field(cells[near].astype(np.int32), km.astype(np.float32))


def _within_reach(land: shapely.MultiPolygon, grid: Grid) -> NDArray[np.bool_]:
    """Cells in the bounds of a land grown by the reach."""
    west, south, east, north = land.bounds
    high = REACH_KM / 111.0
    wide = REACH_KM / (111.0 * np.cos(np.radians(min(north + high, 80))))
    rows = (grid.lat > south - high) & (grid.lat < north + high)
    cols = (grid.lon > west - wide) & (grid.lon < east + wide)
    return np.asarray(rows[:, None] & cols[None, :])


def nearest_km(fields: Iterable[Field], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Distance to the nearest of several lands; infinite beyond the reach of all."""
    nearest = np.full(shape[0] * shape[1], np.inf, np.float32)
    for field in fields:
        nearest[field.cells] = np.minimum(nearest[field.cells], field.km)
    return nearest.reshape(shape)
