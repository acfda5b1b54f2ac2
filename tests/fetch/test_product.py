"""Which tiles cover a window."""

from __future__ import annotations

from smalltiles import WINDOW

from okhotsk.fetch.product import read_product


def test_twelve_tiles_cover_the_window() -> None:
    tiles = read_product().tiles(WINDOW)
    corners = [tile.name.removesuffix("_surface.tif")[-7:] for tile in tiles]
    rows, cols = ("N75", "N60", "N45"), ("E120", "E135", "E150", "E165")
    assert corners == [row + col for row in rows for col in cols]
    for tile in tiles:
        west, south, east, north = tile.bounds
        assert f"N{north}E{west}" in tile.name
        assert (east - west, north - south) == (15, 15)
        assert west < WINDOW[2]
        assert east > WINDOW[0]
        assert south < WINDOW[3]
        assert north > WINDOW[1]


def test_a_window_that_ends_where_a_tile_does_needs_no_other() -> None:
    (tile,) = read_product().tiles((135, 45, 150, 60))
    assert (tile.name, tile.bounds) == (
        "ETOPO_2022_v1_15s_N60E135_surface.tif",
        (135, 45, 150, 60),
    )


def test_names_south_and_west_of_nought() -> None:
    names = [tile.name for tile in read_product().tiles((-1, -1, 1, 1))]
    assert [name[18:25] for name in names] == ["N15W015", "N15E000", "N00W015", "N00E000"]
    (tile,) = read_product().tiles((-45, -60, -30, -45))
    assert tile.name[18:25] == "S45W045"


def test_cells_are_of_15_arc_seconds_and_addresses_are_folders() -> None:
    product = read_product()
    assert product.tile_deg * 3600 / product.cells == 15
    assert all(m.startswith("https://") and m.endswith("/") for m in product.mirrors)
