"""The theatre: everything that no scenario changes, computed once and kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from okhotsk.html import write_table
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import DistanceField, nearest_km
from okhotsk.raster.viewshed import Viewshed
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.build import find_nearest_water, locate_exit_cells
from okhotsk.theatre.coast import FIXED_HOLDERS
from okhotsk.theatre.exits import ExitCells
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import Gaps, Shore, Throat, find_gaps, find_shores, near_box

LEAST_LAND = 1e-4  # share of a cell: less is rounding, as a coarsened cell knows 1/1600
# rasterio hushes its own warnings in a way that two threads at once undo.
_RASTERIZE = Lock()


@dataclass(frozen=True)
class Theatre:
    """Coast, seabed, sea, straits, distances and lines of sight.

    Attributes
    ----------
    lands
        Land of every unit (EPSG:4326), by unit id.
    islands
        Table of the Kuril islands.
    seabed
        Depths on the grid.
    water_km2
        Area of water in every cell.
    sea
        The sea's cells and limits.
    throats
        Every strait's least cross-section, profile and sill.
    distances
        Distance to every unit, by unit id.
    viewsheds
        Where a boat is in submerged line of sight of every unit, by unit id.
    key
        Digest of everything the theatre was computed from.
    """

    lands: Mapping[str, shapely.MultiPolygon]
    islands: gpd.GeoDataFrame
    seabed: Seabed
    water_km2: NDArray[np.float32]
    sea: Sea
    throats: tuple[Throat, ...]
    distances: Mapping[str, DistanceField]
    viewsheds: Mapping[str, Viewshed]
    key: str

    @property
    def grid(self) -> Grid:
        """Grid of all rasters."""
        return self.seabed.grid

    @property
    def sea_km2(self) -> float:
        """Area of the sea."""
        return float(self.water_km2[self.sea.mask].sum(dtype=float))

    @cached_property
    def clear(self) -> NDArray[np.bool_]:
        """Cells that hold no land, where a boat may go: a cape fills no cell, but bars it."""
        whole_km2 = self.grid.cell_area_km2()[:, None]
        return np.asarray(self.water_km2 > whole_km2 * (1 - LEAST_LAND))

    @cached_property
    def shore_km(self) -> NDArray[np.float32]:
        """Distance of every water cell to the nearest land; infinite beyond 380 km."""
        return nearest_km(self.distances.values(), self.grid.shape)

    @cached_property
    def nearest_water(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Flat indices of the cells without water, and of the nearest cell with some."""
        return find_nearest_water(self.water_km2 > 0, self.grid)

    @cached_property
    def shores(self) -> tuple[Mapping[str, Shore], ...]:
        """How near every land is to each throat, by unit id."""
        return tuple(find_shores(throat, self.lands) for throat in self.throats)

    @cached_property
    def gaps(self) -> tuple[Gaps, ...]:
        """How far apart the lands near each throat are."""
        return tuple(find_gaps(throat, self.lands) for throat in self.throats)

    @cached_property
    def near_throats(self) -> NDArray[np.bool_]:
        """Cells in the box round any throat."""
        near = np.zeros(self.grid.shape, bool)
        for west, south, east, north in map(near_box, self.throats):
            rows = (self.grid.lat >= south) & (self.grid.lat <= north)
            cols = (self.grid.lon >= west) & (self.grid.lon <= east)
            near |= rows[:, None] & cols
        return near

    @cached_property
    def exit_cells(self) -> ExitCells:
        """Where the throats of the exits let out of the sea, on the finest grid there is."""
        return locate_exit_cells(
            self.throats, self.lands, self.seabed, self.water_km2 > 0, self.sea
        )

    @cached_property
    def dry_cells(self) -> Mapping[str, NDArray[np.intp]]:
        """What :meth:`find_dry` returns for every land that may be Japanese, by unit id."""
        foreign = (unit for unit in self.lands if FIXED_HOLDERS.get(unit) != "RU")
        return {unit: self.find_dry(self.lands[unit]) for unit in foreign}

    def find_dry(self, land: shapely.MultiPolygon) -> NDArray[np.intp]:
        """Flat indices of the cells without water whose middle lies on some land."""
        if land.is_empty:
            return np.empty(0, np.intp)
        west, south, east, north = land.bounds
        (top, left), (bottom, right) = self.grid.index(west, north), self.grid.index(east, south)
        box = np.s_[top : bottom + 1, left : right + 1]
        near = self.grid.crop(*box)
        with _RASTERIZE:
            covered = rasterize([land], near.shape, transform=near.transform, dtype="uint8")
        rows, cols = np.nonzero((covered == 1) & (self.water_km2[box] == 0))
        return (rows + top) * self.grid.shape[1] + cols + left

    def _repr_html_(self) -> str:
        return _card(self)


def _card(theatre: Theatre) -> str:
    """Return what a theatre holds, and how fine, as HTML."""
    rows, cols = theatre.grid.shape
    deepest = theatre.seabed.depth_m[theatre.sea.mask].max()
    resolved = sum(throat.resolved for throat in theatre.throats)
    west, south, east, north = theatre.grid.bounds
    lines = [
        ["Sea of Okhotsk", f"{theatre.sea_km2:,.0f} km², down to {deepest:,.0f} m"],
        ["Straits", f"{len(theatre.throats)}, of which the seabed resolves {resolved}"],
        ["Islands of the chain", f"{len(theatre.islands)}"],
        ["Seabed", f"{theatre.seabed.name}, cells of {theatre.seabed.native_km:.1f} km"],
        ["Grid", f"{rows:,} by {cols:,} cells of {60 * theatre.grid.cell_deg[1]:g} arc-minutes"],
        ["Window", f"{west:g} to {east:g}° E, {south:g} to {north:g}° N"],
    ]
    return f"<div>{write_table('Theatre', [], lines)}</div>"
