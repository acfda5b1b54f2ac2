"""A grid that is published in tiles: which of them cover a window, and what each should be."""

from __future__ import annotations

import math
from dataclasses import dataclass

from okhotsk.datasets import read_table
from okhotsk.schema import TEXTS, WHOLE, Key, Schema

Bounds = tuple[float, float, float, float]

PRODUCT = Schema(
    {
        "title": Key(),
        "cite": Key(),
        "licence": Key(),
        "file": Key(pattern=r".*\{corner\}.*", words="a file name with {corner}"),
        "tile_deg": Key(WHOLE, low=1, high=90),
        "cells": Key(WHOLE, low=1),
        "mirrors": Key(TEXTS),
        "sources": Key(TEXTS),
    }
)


@dataclass(frozen=True)
class Tile:
    """One file of the product: its name, and west, south, east, north in degrees."""

    name: str
    bounds: Bounds


@dataclass(frozen=True)
class Product:
    """A grid in square tiles.

    Attributes
    ----------
    title, cite
        Its name and its citation.
    file
        Name of a tile's file, with ``{corner}`` for its north-western corner.
    tile_deg
        Size of a tile in degrees.
    cells
        Rows, and columns, of a tile.
    mirrors
        Addresses of folders that hold the tiles, in the order in which they are asked.
    """

    title: str
    cite: str
    file: str
    tile_deg: int
    cells: int
    mirrors: tuple[str, ...]

    def tiles(self, window: Bounds) -> tuple[Tile, ...]:
        """Return the tiles that a window touches, from the north-west, row by row.

        >>> etopo = read_product()
        >>> [tile.name for tile in etopo.tiles((144, 44, 151, 46))]  # doctest: +ELLIPSIS
        ['..._N60E135_surface.tif', '..._N60E150_surface.tif', '..._N45E135_surface.tif', ...]
        """
        size, (west, south, east, north) = self.tile_deg, window
        rows = range(math.ceil(north / size), math.floor(south / size), -1)
        cols = range(math.floor(west / size), math.ceil(east / size))
        return tuple(self._tile(col * size, row * size) for row in rows for col in cols)

    def _tile(self, west: int, north: int) -> Tile:
        corner = f"{'S' if north < 0 else 'N'}{abs(north):02d}"
        corner += f"{'W' if west < 0 else 'E'}{abs(west):03d}"
        bounds = (west, north - self.tile_deg, west + self.tile_deg, north)
        return Tile(self.file.format(corner=corner), bounds)


def read_product() -> Product:
    """Return ETOPO 2022 as ``data/etopo2022.toml`` describes it."""
    record = read_table("etopo2022.toml", PRODUCT)
    fields = {key: record[key] for key in ("title", "cite", "file", "tile_deg", "cells")}
    return Product(**fields, mirrors=tuple(record["mirrors"]))
