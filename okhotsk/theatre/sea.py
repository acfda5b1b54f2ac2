"""The limits of the sea: the closed curve of least cross-section round its deep basin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.datasets import PUBLISHED, read_table
from okhotsk.errors import SeabedError
from okhotsk.raster import planar_cut
from okhotsk.raster.arrays import BoolArray, Float32Array
from okhotsk.schema import NUMBER, POSITION, TEXTS, Key, Schema
from okhotsk.theatre.bathymetry import Seabed

SHOALEST_M = 0.001  # shore cells whose middle is dry have depth 0, and yet some water
SEA = Schema(
    {
        "name": Key(),
        "name_ru": Key(),
        "name_ja": Key(),
        "deep_point": Key(POSITION),
        "anchor": Key(POSITION),
        "base": Key(POSITION),
        "base_source": Key(TEXTS),
        "deep_m": Key(NUMBER, low=0),
        "published": PUBLISHED,
    }
)


@dataclass(frozen=True)
class Sea:
    """The sea and the curve that bounds it.

    Attributes
    ----------
    mask
        Water cells of the sea, coastal cells that are only partly water included.
    basin
        A cell of the deep basin and a cell of the open ocean (row, column): what a sill lies
        between.
    ocean
        See ``basin``.
    section_km2
        Cross-section of all passages together.
    """

    mask: BoolArray
    basin: tuple[int, int]
    ocean: tuple[int, int]
    section_km2: float


@cache
def find_place(name: str) -> tuple[float, float]:
    """Longitude and latitude of a place of the data: ``anchor`` or ``base``."""
    lon, lat = read_table("sea.toml", SEA)[name]
    return lon, lat


def section_cost(depth_m: Float32Array, water: Float32Array) -> NDArray[np.float64]:
    """Cross-section (km2) per km of line in each cell: depth times the share of water.

    Only land is free: else it would be left to chance on which side of the line shore cells lie.
    """
    return np.asarray(np.maximum(depth_m, SHOALEST_M) * water / 1000, np.float64)


def find_sea(seabed: Seabed, water: Float32Array) -> Sea:
    """Return the sea bounded by the least cross-section between its basin and the ocean.

    Parameters
    ----------
    seabed
        Depths.
    water
        Share of water in each cell, on the same grid.

    Raises
    ------
    SeabedError
        Where the seabed has no basin at the place the data name.
    """
    known, grid = read_table("sea.toml", SEA), seabed.grid
    deep, _ = ndimage.label(seabed.depth_m >= known["deep_m"], np.ones((3, 3)))
    start = grid.index(*known["deep_point"])
    if not deep[start]:
        raise SeabedError(
            f"{seabed.name}: no water of {known['deep_m']:g} m at {known['deep_point']}, expected "
            "the Kuril Basin; use a seabed of this sea in metres, positive down"
        )
    edge = np.zeros(grid.shape, bool)
    edge[[0, -1]], edge[:, [0, -1]] = True, True
    outside = edge & (water > 0)
    curve = planar_cut.cheapest_enclosure(
        section_cost(seabed.depth_m, water),
        grid,
        inside=deep == deep[start],
        outside=outside,
        anchor=grid.index(*find_place("anchor")),
    )
    mask = planar_cut.enclosed(curve.curves[0], grid.shape) & (water > 0)
    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    depths = np.where(outside, seabed.depth_m, 0)
    ocean = np.unravel_index(int(depths.argmax()), grid.shape)
    return Sea(labels == labels[start], start, (int(ocean[0]), int(ocean[1])), curve.cost)
