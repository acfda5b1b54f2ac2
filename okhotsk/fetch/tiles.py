"""The tiles of a product in a folder: fetched where they are not there, checked every time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pooch
import rasterio

from okhotsk.datasets import sha256
from okhotsk.errors import DataError
from okhotsk.fetch.checksums import NAME, read_checksums, write_checksums
from okhotsk.fetch.download import Download, Patience
from okhotsk.fetch.lock import alone
from okhotsk.fetch.product import Product, Tile

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # TIFF and BigTIFF, in both byte orders


@dataclass(frozen=True)
class Source:
    """Where tiles come from, and how long they are waited for.

    Attributes
    ----------
    mirrors
        Addresses of folders, in the order in which they are asked; empty for none at all.
    patience
        How long to wait and how often to try.
    tell
        Called with the name of a tile, the bytes that are there and those in all.
    """

    mirrors: tuple[str, ...] = ()
    patience: Patience = field(default_factory=Patience)
    tell: Callable[[str, int, int], None] = lambda *_: None


def collect_tiles(
    product: Product, tiles: Sequence[Tile], folder: Path, source: Source
) -> list[Path]:
    """Return the paths of tiles in a folder, fetching those that are not there.

    The checksum of a tile is taken when it is first there and compared from then on.

    Raises
    ------
    DataError
        Where a tile is not there and no mirror serves it, or is another than before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder / ".fetching", f"another okhotsk fetches into {folder}; wait until it ends"):
        known = read_checksums(folder)
        if not source.mirrors:
            _refuse_missing(tiles, folder)
        for tile in tiles:
            path = _get(product, tile, folder, known.get(tile.name), source)
            if tile.name not in known:
                known[tile.name] = sha256(path)
                write_checksums(folder, known)
    return [folder / tile.name for tile in tiles]


def _refuse_missing(tiles: Sequence[Tile], folder: Path) -> None:
    missing = [tile.name for tile in tiles if not (folder / tile.name).exists()]
    if missing:
        raise DataError(
            f"{folder}: {len(missing)} of {len(tiles)} tiles are not there: {', '.join(missing)}; "
            "fetch them without --offline, or put them there"
        )


def _get(product: Product, tile: Tile, folder: Path, known: str | None, source: Source) -> Path:
    path = folder / tile.name
    if path.exists() and (known is None or sha256(path) == known):
        if known is None:  # put there by hand
            _check_kept(product, tile, path)
        return path
    if not source.mirrors:
        raise DataError(
            f"{path}: is not the file that was fetched first (its sha256 is in {NAME}); fetch it "
            "without --offline"
        )
    part = folder / f"{tile.name}.part"
    check = partial(check_tile, product, tile)
    download = Download(part, check, source.patience, partial(source.tell, tile.name))
    reasons = []
    for mirror in source.mirrors:
        try:
            return _fetch(tile.name, folder, mirror, known, download)
        except DataError as error:
            reasons.append(f"{mirror} {error}")
        except OSError as error:
            raise DataError(
                f"{folder}: {tile.name} cannot be written there ({error.strerror or error}); make "
                "room, or choose another folder with --output"
            ) from error
    raise DataError(
        f"{tile.name}: cannot be fetched: {'; '.join(reasons)}; try again later, or name "
        "another folder with --mirror"
    )


def _check_kept(product: Product, tile: Tile, path: Path) -> None:
    try:
        check_tile(product, tile, path)
    except DataError as error:
        raise DataError(f"{path}: {error}; delete it, then fetch it anew") from error


def _fetch(name: str, folder: Path, mirror: str, known: str | None, download: Download) -> Path:
    """Get a tile from one mirror, by way of pooch, which compares it with what is known of it."""
    base = mirror if mirror.endswith("/") else f"{mirror}/"
    keeper = pooch.create(path=folder, base_url=base, registry={name: known})
    try:
        with _hushed():
            return Path(keeper.fetch(name, downloader=download))
    except ValueError as error:
        raise DataError(
            f"serves another file than the one fetched first (sha256 {str(known)[:12]}...); if "
            f"there is a new version, delete its line in {folder / NAME} to take it"
        ) from error


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep pooch from writing lines of its own: the command says what happens."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def check_tile(product: Product, tile: Tile, path: Path) -> None:
    """Stop unless a file is the tile of its name: whole, in the right place, of the right size.

    Raises
    ------
    DataError
        What the file is instead, as the end of a sentence that begins with who served it.
    """
    with path.open("rb") as source:
        begin = source.read(4)
    if begin not in MAGIC:
        what = "a web page" if begin.lstrip()[:1] == b"<" else "another kind of file"
        raise DataError(f"serves {what}, expected a GeoTIFF")
    try:
        with rasterio.open(path) as raster:
            shape, count, crs = raster.shape, raster.count, raster.crs
            bounds = tuple(raster.bounds)
            raster.read(1)  # every block: damage shows in no other way
    except rasterio.errors.RasterioError as error:
        raise DataError(f"serves a damaged GeoTIFF ({error})") from error
    if (*shape, count) != (product.cells, product.cells, 1):
        size = f"{shape[0]} x {shape[1]} cells in {count} band(s)"
        raise DataError(f"serves a grid of {size}, expected {product.cells} x {product.cells} in 1")
    cell_deg = product.tile_deg / product.cells
    if max(abs(a - b) for a, b in zip(bounds, tile.bounds, strict=True)) > 0.01 * cell_deg:
        got, need = (", ".join(f"{edge:g}" for edge in edges) for edges in (bounds, tile.bounds))
        raise DataError(f"serves a grid of {got} (west, south, east, north), expected {need}")
    if crs is not None and not crs.is_geographic:
        raise DataError(f"serves a grid in {crs}, expected longitude and latitude")
