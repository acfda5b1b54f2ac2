"""Tiles as ETOPO 2022 has them, of cells of 1/16 degree, so that twelve are a few megabytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds

from okhotsk.fetch.product import Product, Tile, read_product

WINDOW = (134.0, 41.0, 166.0, 64.0)
PER_DEG = 16


def small_product() -> Product:
    """ETOPO 2022 with cells of 1/16 degree, and no address."""
    known = read_product()
    cells = PER_DEG * known.tile_deg
    return Product(known.title, known.cite, known.file, known.tile_deg, cells, mirrors=())


def heights_m(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """A slope that tells every cell of a tile from every other."""
    return (-10 * (lon[None, :] - 100) - lat[:, None] * 0.03).astype(np.float32)


def content(tile: Tile, *, cells: int = PER_DEG * 15, lift_m: float = 0.0, **options: Any) -> bytes:
    """A tile as a GeoTIFF of heights, in the compound system of ETOPO 2022 unless told."""
    west, south, east, north = options.pop("bounds", tile.bounds)
    lon = west + (np.arange(cells) + 0.5) * (east - west) / cells
    lat = north - (np.arange(cells) + 0.5) * (north - south) / cells
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": cells,
        "width": cells,
        "crs": "EPSG:4326+3855",
        "transform": from_bounds(west, south, east, north, cells, cells),
    }
    with MemoryFile() as memory:
        with memory.open(**(profile | options)) as sink:
            for band in range(1, sink.count + 1):
                sink.write(heights_m(lon, lat) + np.float32(lift_m), band)
        return bytes(memory.read())


def all_contents() -> dict[str, bytes]:
    """Every tile of the window, by its name."""
    return {tile.name: content(tile) for tile in small_product().tiles(WINDOW)}


def read(path: Any) -> tuple[np.ndarray, dict[str, Any]]:
    """The values of a GeoTIFF, and what it says of itself."""
    with rasterio.open(path) as source:
        said = {**source.tags(), **source.tags(1), **source.profile, "bounds": source.bounds}
        return source.read(1), said
