"""The window cut from tiles: every cell in its place, as the tile has it."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from smalltiles import PER_DEG, WINDOW, content, heights_m, read

from okhotsk.errors import DataError
from okhotsk.fetch.mosaic import write_mosaic
from okhotsk.fetch.product import Product, Tile


@pytest.fixture
def stored(product: Product, tmp_path: Path) -> tuple[list[Tile], list[Path]]:
    """All tiles of the window on disk; cells of one have no value."""
    tiles = list(product.tiles(WINDOW))
    for tile in tiles:
        (tmp_path / tile.name).write_bytes(content(tile, compress="deflate"))
    return tiles, [tmp_path / tile.name for tile in tiles]


def test_every_cell_is_where_it_belongs(product: Product, stored, tmp_path: Path) -> None:
    write_mosaic(product, *stored, window=WINDOW, target=tmp_path / "w.tif")
    values, said = read(tmp_path / "w.tif")
    west, south, east, north = WINDOW
    lon = west + (np.arange(32 * PER_DEG) + 0.5) / PER_DEG
    lat = north - (np.arange(23 * PER_DEG) + 0.5) / PER_DEG
    assert np.array_equal(values, heights_m(lon, lat))
    assert tuple(said["bounds"]) == WINDOW
    assert (said["positive"], said["units"], said["crs"].to_epsg()) == ("up", "m", 4326)
    assert "doi:10.25921/fd45-gt74" in said["source"]


def test_a_window_within_one_tile(product: Product, stored, tmp_path: Path) -> None:
    window = (151.0, 46.0, 153.0, 47.0)
    (tile,) = product.tiles(window)
    target = tmp_path / "w.tif"
    write_mosaic(product, [tile], [tmp_path / tile.name], window=window, target=target)
    values, said = read(target)
    assert values.shape == (PER_DEG, 2 * PER_DEG)
    assert tuple(said["bounds"]) == window


def test_cells_without_a_value_have_none(product: Product, tile: Tile, tmp_path: Path) -> None:
    path = tmp_path / tile.name
    lon = 150 + (np.arange(240) + 0.5) / PER_DEG
    lat = 60 - (np.arange(240) + 0.5) / PER_DEG
    hole = float(heights_m(lon, lat)[100, 100])
    path.write_bytes(content(tile, nodata=hole))
    write_mosaic(product, [tile], [path], window=tile.bounds, target=tmp_path / "w.tif")
    values, said = read(tmp_path / "w.tif")
    assert said["nodata"] == -99999
    assert (values == -99999).sum() == 1
    assert values[100, 100] == -99999


def test_writing_it_again_gives_the_same_bytes(product: Product, stored, tmp_path: Path) -> None:
    target = tmp_path / "w.tif"
    write_mosaic(product, *stored, window=WINDOW, target=target)
    first = target.read_bytes()
    write_mosaic(product, *stored, window=WINDOW, target=target)
    assert target.read_bytes() == first


def test_no_room_on_the_disk(
    product: Product, stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10, 9, 1))
    with pytest.raises(DataError, match="has room for 0 MB, expected 1 MB for w.tif; make room"):
        write_mosaic(product, *stored, window=WINDOW, target=tmp_path / "w.tif")
    assert not (tmp_path / "w.tif").exists()


def test_a_tile_damaged_since_it_was_checked(product: Product, stored, tmp_path: Path) -> None:
    tiles, paths = stored
    paths[5].write_bytes(paths[5].read_bytes()[:20_000])
    before = set(tmp_path.iterdir())
    with pytest.raises(DataError, match="cannot be made of its tiles"):
        write_mosaic(product, tiles, paths, window=WINDOW, target=tmp_path / "w.tif")
    assert set(tmp_path.iterdir()) == before
