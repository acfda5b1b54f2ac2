"""One GeoTIFF cut from tiles: what ``--seabed`` takes."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window, from_bounds

from okhotsk.errors import DataError
from okhotsk.fetch.product import Bounds, Product, Tile
from okhotsk.files import replacing

NO_VALUE = -99999.0
# Blocks of a TIFF are multiples of this many cells.
BLOCK = 16


def write_mosaic(
    product: Product, tiles: Sequence[Tile], paths: Sequence[Path], *, window: Bounds, target: Path
) -> None:
    """Write what tiles hold of a window as one compressed GeoTIFF, cell by cell as they have it.

    Values are heights in metres, positive up; the file says so, so that ``--seabed`` needs no
    other option.

    Raises
    ------
    DataError
        Where a tile cannot be read, or the disk has no room.
    """
    per_deg = product.cells / product.tile_deg
    west, south, east, north = window
    rows, cols = round((north - south) * per_deg), round((east - west) * per_deg)
    _refuse_full(target, 4 * rows * cols)
    # A block lies within one tile, so that none is written twice, where cells and degrees allow.
    side = max(BLOCK, math.floor(per_deg / BLOCK) * BLOCK)
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": rows,
        "width": cols,
        "crs": "EPSG:4326",
        "transform": from_origin(west, north, 1 / per_deg, 1 / per_deg),
        "nodata": NO_VALUE,
        "tiled": True,
        "blockxsize": side,
        "blockysize": side,
        "compress": "deflate",
        "predictor": 3,
    }
    try:
        with replacing(target) as made:
            with rasterio.open(made, "w", **profile) as sink:
                for tile, path in zip(tiles, paths, strict=True):
                    _copy(tile, path, sink, window)
                sink.update_tags(title=product.title, source=product.cite, positive="up")
                sink.update_tags(1, positive="up", units="m", long_name="elevation")
                sink.set_band_unit(1, "m")
            with rasterio.open(made) as written:  # a full disk may show only here
                written.read(1)
    except rasterio.errors.RasterioError as error:
        raise DataError(f"{target}: cannot be made of its tiles ({error})") from error


def _refuse_full(target: Path, need: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < need:
        raise DataError(
            f"{target.parent}: has room for {free / 1e6:,.0f} MB, expected {need / 1e6:,.0f} MB "
            f"for {target.name}; make room, or choose another folder with --output"
        )


def _copy(tile: Tile, path: Path, sink: rasterio.io.DatasetWriter, window: Bounds) -> None:
    """Copy what lies in the window from a tile to its place."""
    west, south, east, north = tile.bounds
    shared = (
        max(west, window[0]),
        max(south, window[1]),
        min(east, window[2]),
        min(north, window[3]),
    )
    with rasterio.open(path) as source:
        cut = _whole(from_bounds(*shared, transform=source.transform))
        values = source.read(1, window=cut, masked=True).astype("float32").filled(NO_VALUE)
    sink.write(values, 1, window=_whole(from_bounds(*shared, transform=sink.transform)))


def _whole(window: Window) -> Window:
    """Return a window of whole cells: edges are degrees, which rounding has moved a little."""
    return Window(*(round(value) for value in window.flatten()))
