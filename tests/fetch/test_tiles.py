"""Tiles in a folder: fetched once, compared from then on, refused where they are something else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mirror import Mirror, served
from rasterio.transform import from_bounds
from smalltiles import content

from okhotsk.errors import DataError
from okhotsk.fetch.checksums import NAME, read_checksums
from okhotsk.fetch.download import Patience
from okhotsk.fetch.product import Product, Tile
from okhotsk.fetch.tiles import Source, collect_tiles

QUICK = Patience(tries=2, pause_s=0.01, timeout_s=0.5)


def source(*mirrors: Mirror) -> Source:
    return Source(tuple(mirror.url for mirror in mirrors), QUICK)


def refusal(product: Product, tile: Tile, folder: Path, given: Source) -> str:
    with pytest.raises(DataError) as caught:
        collect_tiles(product, [tile], folder, given)
    said = str(caught.value)
    assert "\n" not in said
    assert len(said) < 600
    return said


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".fetching"}


def test_a_tile_is_fetched_once(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        assert collect_tiles(product, [tile], folder, source(mirror)) == [folder / tile.name]
        assert (folder / tile.name).read_bytes() == mirror.files[tile.name]
        assert visible(folder) == {tile.name, NAME}
    assert mirror.asked == [(tile.name, None)]


def test_checksums_are_those_of_sha256sum(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, source(mirror))
    digest = hashlib.sha256(mirror.files[tile.name]).hexdigest()
    assert (tmp_path / NAME).read_text() == f"{digest}  {tile.name}\n"
    assert read_checksums(tmp_path) == {tile.name: digest}


def test_progress_names_the_tile(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    told = Source((mirror.url,), QUICK, lambda *step: seen.append(step))
    collect_tiles(product, [tile], tmp_path, told)
    size = len(mirror.files[tile.name])
    assert seen[-1] == (tile.name, size, size)


def test_offline_uses_what_is_there(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, source(mirror))
    assert collect_tiles(product, [tile], tmp_path, Source()) == [tmp_path / tile.name]
    assert len(mirror.asked) == 1


def test_offline_says_what_is_missing(product: Product, tile: Tile, tmp_path: Path) -> None:
    said = refusal(product, tile, tmp_path, Source())
    assert f"1 of 1 tiles are not there: {tile.name};" in said
    assert "--offline" in said


def test_tiles_put_there_by_hand_serve(product: Product, tile: Tile, tmp_path: Path) -> None:
    (tmp_path / tile.name).write_bytes(content(tile))
    collect_tiles(product, [tile], tmp_path, Source())
    assert set(read_checksums(tmp_path)) == {tile.name}


def test_a_wrong_tile_put_there_by_hand_is_refused(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    (tmp_path / tile.name).write_text("<html>Please log in</html>")
    said = refusal(product, tile, tmp_path, source(mirror))
    assert said.startswith(f"{tmp_path / tile.name}: ")
    assert "a web page" in said
    assert "delete it" in said
    assert mirror.asked == []


# What changed


def test_an_altered_tile_is_refused_offline(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, source(mirror))
    (tmp_path / tile.name).write_bytes(content(tile, lift_m=1))
    said = refusal(product, tile, tmp_path, Source())
    assert "is not the file that was fetched first" in said


def test_an_altered_tile_is_mended_from_the_mirror(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, source(mirror))
    (tmp_path / tile.name).write_bytes(b"damaged")
    collect_tiles(product, [tile], tmp_path, source(mirror))
    assert (tmp_path / tile.name).read_bytes() == mirror.files[tile.name]


def test_a_tile_that_changed_later_is_refused(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, source(mirror))
    before = read_checksums(tmp_path)
    (tmp_path / tile.name).unlink()
    mirror.files[tile.name] = content(tile, lift_m=1)
    said = refusal(product, tile, tmp_path, source(mirror))
    assert (
        f"serves another file than the one fetched first (sha256 {before[tile.name][:12]}" in said
    )
    assert NAME in said
    assert read_checksums(tmp_path) == before
    assert visible(tmp_path) == {NAME}
    # As the sentence says: without its line the new version is taken.
    (tmp_path / NAME).unlink()
    collect_tiles(product, [tile], tmp_path, source(mirror))
    assert read_checksums(tmp_path) != before


def test_a_damaged_list_of_checksums_is_refused(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text("0123  tile.tif\n")
    said = refusal(product, tile, tmp_path, source(mirror))
    assert "line 1 is '0123  tile.tif', expected 64 hexadecimal digits" in said


# What a mirror serves in the place of a tile


def cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            lambda t: b"<!DOCTYPE html><p>Not here</p>",
            "serves a web page, expected a GeoTIFF",
        ),
        (lambda t: b"\n <html>Sign in</html>", "serves a web page"),
        (lambda t: b"PK\x03\x04", "serves another kind of file, expected a GeoTIFF"),
        (lambda t: b"", "serves another kind of file"),
        (lambda t: cut(content(t)), "serves a damaged GeoTIFF"),
        (lambda t: cut(content(t, compress="deflate")), "serves a damaged GeoTIFF"),
        (lambda t: content(t, cells=60), "60 x 60 cells in 1 band(s), expected 240 x 240 in 1"),
        (lambda t: content(t, count=3), "in 3 band(s)"),
        (
            lambda t: content(t, bounds=(135, 45, 150, 60)),
            "a grid of 135, 45, 150, 60 (west, south, east, north), expected 150, 45, 165, 60",
        ),
        (
            lambda t: content(
                t, crs="EPSG:32655", transform=from_bounds(150, 45, 165, 60, 240, 240)
            ),
            "serves a grid in EPSG:32655, expected longitude and latitude",
        ),
    ],
)
def test_something_else_is_refused_and_not_kept(
    product: Product, tile: Tile, tmp_path: Path, made, words: str
) -> None:
    # A body of no stated length: nothing but its content tells that it is cut off.
    with served(Mirror({tile.name: made(tile)}, sized=False)) as wrong:
        said = refusal(product, tile, tmp_path, source(wrong))
    assert said.startswith(f"{tile.name}: cannot be fetched: {wrong.url} serves")
    assert words in said
    assert visible(tmp_path) == set()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4326+3855", "EPSG:4979", None])
def test_longitude_and_latitude_serve_with_any_height(
    product: Product, tile: Tile, tmp_path: Path, crs: str | None
) -> None:
    with served(Mirror({tile.name: content(tile, crs=crs)})) as mirror:
        collect_tiles(product, [tile], tmp_path, source(mirror))


# Mirrors


def test_mirrors_are_asked_in_turn(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    with served(Mirror({})) as empty, served(Mirror({tile.name: b"<p>"})) as wrong:
        collect_tiles(product, [tile], tmp_path, source(empty, wrong, mirror))
        assert [len(m.asked) for m in (empty, wrong, mirror)] == [1, 1, 1]
    assert (tmp_path / tile.name).read_bytes() == mirror.files[tile.name]


def test_what_one_mirror_sent_is_no_part_of_the_file_of_another_version(
    product: Product, tile: Tile, tmp_path: Path
) -> None:
    first, second = content(tile), content(tile, lift_m=1)
    with (
        served(Mirror({tile.name: first}, drop_after={tile.name: [150_000, 0, 0]})) as breaking,
        served(Mirror({tile.name: second})) as whole,
    ):
        collect_tiles(product, [tile], tmp_path, source(breaking, whole))
    assert (tmp_path / tile.name).read_bytes() == second


def test_all_mirrors_and_their_reasons_are_named(
    product: Product, tile: Tile, tmp_path: Path
) -> None:
    with served(Mirror({})) as gone:
        pass
    with (
        served(Mirror({})) as empty,
        served(Mirror({tile.name: b""}, status={tile.name: [500] * 9})) as faulty,
    ):
        said = refusal(product, tile, tmp_path, source(gone, empty, faulty))
    assert f"{gone.url} no connection; {empty.url} answered HTTP 404" in said
    assert f"{faulty.url} answered HTTP 500" in said
    assert said.endswith("or name another folder with --mirror")
    assert visible(tmp_path) == set()


def test_an_address_without_a_last_slash_serves(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    collect_tiles(product, [tile], tmp_path, Source((mirror.url.rstrip("/"),), QUICK))


# The disk, and other processes


def test_a_full_disk_is_one_sentence(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    (tmp_path / f"{tile.name}.part").symlink_to("/dev/full")
    said = refusal(product, tile, tmp_path, source(mirror))
    assert said.startswith(f"{tmp_path}: {tile.name} cannot be written there (No space left")
    assert "--output" in said
    assert not (tmp_path / tile.name).exists()


HOLD = """
import sys
from pathlib import Path
from okhotsk.fetch.lock import alone
with alone(Path(sys.argv[1]), "held"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_two_processes_do_not_fetch_into_one_folder(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / ".fetching")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        said = refusal(product, tile, tmp_path, source(mirror))
        assert said == f"another okhotsk fetches into {tmp_path}; wait until it ends"
        other.kill()
    # A process that was killed holds nothing.
    collect_tiles(product, [tile], tmp_path, source(mirror))


FETCH = """
import sys
from pathlib import Path
from smalltiles import WINDOW, small_product
from okhotsk.fetch.tiles import Source, collect_tiles
product = small_product()
tiles = [tile for tile in product.tiles(WINDOW) if tile.name == sys.argv[1]]
collect_tiles(product, tiles, Path(sys.argv[2]), Source((sys.argv[3],)))
"""


def test_a_process_killed_in_the_middle_leaves_a_part_that_the_next_goes_on_from(
    product: Product, tile: Tile, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]), prepend=os.pathsep)
    mirror.sleep_s = 30
    part = tmp_path / f"{tile.name}.part"
    command = [sys.executable, "-c", FETCH, tile.name, str(tmp_path), mirror.url]
    with subprocess.Popen(command) as process:
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.02)
        process.kill()
    kept = part.stat().st_size
    assert visible(tmp_path) >= {part.name}
    assert tile.name not in visible(tmp_path)
    mirror.sleep_s = 0
    collect_tiles(product, [tile], tmp_path, source(mirror))
    assert mirror.asked == [(tile.name, None), (tile.name, f"bytes={kept}-")]
    assert (tmp_path / tile.name).read_bytes() == mirror.files[tile.name]
