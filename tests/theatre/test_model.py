"""The theatre and its cache: computed once, and again whenever the stored one will not do."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import wraps
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree
from theatres import make_theatre

from okhotsk import cache
from okhotsk.cache import cache_folder, read_arrays, write_arrays
from okhotsk.raster.geodesy import to_ecef_km
from okhotsk.raster.grid import Grid
from okhotsk.theatre import build, storage
from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.build import STORED_FIGURES
from okhotsk.theatre.coast import read_coast
from okhotsk.theatre.exits import ExitCells
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.storage import load
from okhotsk.theatre.straits import Strait, read_straits

CELL = 12  # arc-minutes


def small_seabed() -> Seabed:
    """The shipped seabed on cells of 12 minutes."""
    whole = read_seabed()
    rows, cols = (n // CELL for n in whole.depth_m.shape)
    blocks = whole.depth_m.reshape(rows, CELL, cols, CELL).mean(axis=(1, 3), dtype=np.float32)
    return replace(whole, depth_m=blocks, grid=Grid(whole.grid.bounds, blocks.shape))


class Bench:
    """Loads small theatres and counts how often one is computed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.computed = 0

    def load(self, **options: Any) -> Theatre:
        """The theatre, by the way a user takes."""
        return load(**options)

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


@pytest.fixture(scope="module")
def straits() -> tuple[Strait, ...]:
    """Two straits, to be quick."""
    return tuple(s for s in read_straits() if s.strait_id in ("friza", "bussol"))


@pytest.fixture(scope="module")
def arrays(straits: tuple[Strait, ...]) -> dict[str, Any]:
    """All that is computed for the small theatre."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "read_straits", lambda: straits)
        return build.compute(read_coast(), small_seabed(), lambda _: None)


@pytest.fixture
def bench(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    straits: tuple[Strait, ...],
    arrays: dict[str, Any],
) -> Bench:
    """A small seabed, two straits and an empty cache folder."""
    made = Bench(tmp_path / "cache" / "okhotsk")
    seabed = small_seabed()

    @wraps(build.compute)
    def counted(lands: Any, seabed: Any, say: Any, **more: Any) -> Any:
        made.computed += 1
        say("computing")
        return arrays

    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(made.folder))
    monkeypatch.setattr(storage, "read_seabed", lambda *_, **__: seabed)
    monkeypatch.setattr(storage, "read_straits", lambda: straits)
    monkeypatch.setattr(storage, "compute", counted)
    return made


def same(one: Theatre, other: Theatre) -> None:
    """All that was computed is equal."""
    assert one.key == other.key
    assert one.grid == other.grid
    assert np.array_equal(one.water_km2, other.water_km2)
    assert np.array_equal(one.seabed.depth_m, other.seabed.depth_m)
    assert np.array_equal(one.sea.mask, other.sea.mask)
    assert (one.sea.basin, one.sea.ocean) == (other.sea.basin, other.sea.ocean)
    assert one.sea.section_km2 == other.sea.section_km2
    for here, there in zip(one.throats, other.throats, strict=True):
        assert here.strait == there.strait
        assert here.line.equals_exact(there.line, 0)
        assert np.array_equal(here.distance_km, there.distance_km)
        assert np.array_equal(here.depth_m, there.depth_m)
        for name in (*STORED_FIGURES, "sill_depth_m"):
            assert getattr(here, name) == getattr(there, name)
    assert list(one.distances) == list(other.distances)
    for unit, field in one.distances.items():
        assert np.array_equal(field.cells, other.distances[unit].cells)
        assert np.array_equal(field.km, other.distances[unit].km)
        assert field.km.dtype == other.distances[unit].km.dtype


def test_second_load_reads_what_the_first_computed(bench: Bench) -> None:
    said: list[str] = []
    first = bench.load(progress=said.append)
    assert bench.computed == 1
    assert len(said) == 2
    again: list[str] = []
    second = bench.load(progress=again.append)
    assert bench.computed == 1
    assert len(again) < len(said)
    same(first, second)
    assert [path.suffix for path in bench.files()] == [".npz"]
    same(first, bench.load(cache=False))
    assert bench.computed == 2


def test_nothing_is_written_without_cache(bench: Bench) -> None:
    bench.load(cache=False)
    assert bench.files() == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-100],
        lambda whole: whole[:10],
        lambda whole: b"not an archive at all" * 100,
        lambda whole: b"\x93NUMPY" + whole,
        lambda whole: (
            whole[:-90_000] + bytes(b ^ 85 for b in whole[-90_000:-89_000]) + whole[-89_000:]
        ),
    ],
    ids=["empty", "half", "tail", "head", "text", "npy", "altered"],
)
def test_damaged_cache_is_made_anew(bench: Bench, damage: Any) -> None:
    first = bench.load()
    (path,) = bench.files()
    path.write_bytes(damage(path.read_bytes()))
    same(first, bench.load())
    assert bench.computed == 2
    same(first, bench.load())  # and what was made anew is kept
    assert bench.computed == 2


def test_cache_that_lacks_an_array_is_made_anew(bench: Bench) -> None:
    first = bench.load()
    (path,) = bench.files()
    with np.load(path) as stored:
        rest = {name: stored[name] for name in stored.files if name != "km"}
    np.savez(path, **rest)
    same(first, bench.load())
    assert bench.computed == 2


def test_any_changed_byte_is_noticed_or_harmless(bench: Bench, arrays: dict[str, Any]) -> None:
    bench.load()
    (path,) = bench.files()
    whole = path.read_bytes()
    chance = np.random.default_rng(7)
    places = {
        *chance.integers(0, len(whole), 40),
        *chance.integers(len(whole) - 900, len(whole), 40),
    }
    with zipfile.ZipFile(path) as archive:  # the headers, where parsers stumble
        for entry in archive.infolist():
            places |= set(range(entry.header_offset, entry.header_offset + 150, 3))
    for place in sorted(int(p) for p in places):
        hurt = bytearray(whole)
        hurt[place] ^= 1 << int(chance.integers(8))
        path.write_bytes(hurt)
        stored = read_arrays(path, storage.ARRAYS)
        if stored is None:
            continue
        for name, values in arrays.items():
            assert np.array_equal(stored[name], values), (place, name)


def test_folder_that_cannot_be_written_does_no_harm(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()  # a folder under a file: nobody can make it, not even root
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / "file" / "cache"))
    first = bench.load()
    same(first, bench.load())
    assert bench.computed == 2


def test_folder_in_place_of_the_cache_file_does_no_harm(bench: Bench) -> None:
    first = bench.load()
    (path,) = bench.files()
    path.unlink()
    path.mkdir()
    same(first, bench.load())
    assert bench.files() == [path]


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_interrupted_write_leaves_nothing_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    def savez(sink: Any, **_: Any) -> None:
        sink.write(b"half")
        raise trouble

    monkeypatch.setattr(cache.np, "savez", savez)
    if isinstance(trouble, OSError):
        bench.load()
    else:
        with pytest.raises(KeyboardInterrupt):
            bench.load()
    assert bench.files() == []


def test_computing_twice_gives_the_same(
    arrays: dict[str, Any], straits: tuple[Strait, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "read_straits", lambda: straits)
    again = build.compute(read_coast(), small_seabed(), lambda _: None)
    assert set(arrays) == set(again) == set(storage.ARRAYS)
    for name, values in arrays.items():
        assert np.array_equal(values, again[name]), name


def test_several_loads_at_once_agree(bench: Bench) -> None:
    with ThreadPoolExecutor(4) as pool:
        first, *rest = pool.map(lambda _: bench.load(), range(4))
    for other in rest:
        same(first, other)
    assert [path.suffix for path in bench.files()] == [".npz"]
    computed = bench.computed
    same(first, bench.load())
    assert bench.computed == computed


def _write_and_read(path: str, value: int) -> bool:
    """Write a cache file over and over; every file read in between is whole."""
    arrays = {name: np.full(30_000, value) for name in storage.ARRAYS}
    for _ in range(40):
        write_arrays(Path(path), arrays)
        stored = read_arrays(Path(path), storage.ARRAYS)
        if stored is None or len({int(n) for a in stored.values() for n in np.unique(a)}) != 1:
            return False
    return True


def test_two_processes_at_once_never_see_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "theatre.npz"
    with get_context("spawn").Pool(2) as pool:
        found = [pool.apply_async(_write_and_read, (str(path), n)) for n in (1, 2)]
        assert [one.get(60) for one in found] == [True, True]
    assert list(tmp_path.iterdir()) == [path]


def test_another_seabed_has_another_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.load()
    bed = small_seabed()
    deeper = bed.depth_m.copy()
    deeper[100, 100] += 1
    keys = {storage._key(bed), storage._key(replace(bed, depth_m=deeper))}
    keys.add(storage._key(replace(bed, sha256="0" * 64)))
    assert len(keys) == 3
    monkeypatch.setattr(storage, "read_seabed", lambda *_, **__: replace(bed, sha256="0" * 64))
    bench.load()
    assert bench.computed == 2
    assert len(bench.files()) == 2


def test_key_covers_data_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    bed = small_seabed()
    before = storage._key(bed)
    digest = storage.sha256
    for name in storage.INPUTS:

        def changed(path: Path, name: str = name) -> str:
            return "x" if path.name == name else digest(path)

        with monkeypatch.context() as patch:
            patch.setattr(storage, "sha256", changed)
            assert storage._key(bed) != before, name
    with monkeypatch.context() as patch:
        patch.setattr(storage, "code_digest", lambda *_, **__: "other code")
        assert storage._key(bed) != before


def test_cache_folder_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("OKHOTSK_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "okhotsk"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "okhotsk"


def test_real_theatre_is_sound(theatre: Theatre) -> None:
    assert set(theatre.distances) == set(theatre.lands)
    assert len(theatre.islands) == 33
    assert len(theatre.throats) == len(read_straits()) == 32
    # No depth without water, and no more water than the cell holds.
    assert (theatre.seabed.depth_m[theatre.water_km2 == 0] == 0).all()
    assert (theatre.water_km2 <= theatre.grid.cell_area_km2()[:, None] * (1 + 1e-6)).all()
    assert (theatre.water_km2[theatre.sea.mask] > 0).all()
    # Published: 1,528,100 to 1,603,000 km2.
    assert 1.5281e6 < theatre.sea_km2 < 1.6031e6
    assert theatre.sea.mask[theatre.sea.basin]
    assert not theatre.sea.mask[theatre.sea.ocean]
    assert "Sea of Okhotsk" in theatre._repr_html_()


def test_nearest_water_is_that_of_a_tree(coarse: Theatre) -> None:
    # Zones run on under the land: every cell without water takes what the nearest with some has.
    dry, water = coarse.nearest_water
    places = to_ecef_km(*np.meshgrid(coarse.grid.lon, coarse.grid.lat)).reshape(-1, 3)
    wet = coarse.water_km2.ravel() > 0
    np.testing.assert_array_equal(dry, np.flatnonzero(~wet))
    assert wet[water].all()
    nearest_km, _ = cKDTree(places[wet]).query(places[dry])
    found_km = np.linalg.norm(places[dry] - places[water], axis=1)
    np.testing.assert_allclose(found_km, nearest_km, rtol=1e-9)


def test_what_comes_from_disk_is_what_is_found_at_first_use(theatre: Theatre) -> None:
    # A copy knows nothing of it.
    kept, found = theatre, replace(theatre)
    assert "exit_cells" in vars(kept)
    assert "exit_cells" not in vars(found)
    for one, other in zip(kept.nearest_water, found.nearest_water, strict=True):
        np.testing.assert_array_equal(one, other)
    for field in fields(ExitCells):
        one, other = getattr(kept.exit_cells, field.name), getattr(found.exit_cells, field.name)
        np.testing.assert_array_equal(one, other)
        assert type(one) is type(other)
    for one, other in zip(kept.shores, found.shores, strict=True):
        assert one.keys() == other.keys()
        for unit, shore in one.items():
            np.testing.assert_array_equal(shore.km, other[unit].km)
            assert shore.ends_deg == other[unit].ends_deg
    for one, other in zip(kept.gaps, found.gaps, strict=True):
        assert (one.owner, one.ends) == (other.owner, other.ends)
        np.testing.assert_array_equal(one.km, other.km)


def test_dry_cells_are_those_whose_middle_lies_on_the_land(coarse: Theatre) -> None:
    lon, lat = np.meshgrid(coarse.grid.lon, coarse.grid.lat)
    for unit in ("iturup", "hokkaido"):
        inside = shapely.contains_xy(coarse.lands[unit], lon, lat) & (coarse.water_km2 == 0)
        assert inside.any()
        assert np.array_equal(coarse.dry_cells[unit], np.flatnonzero(inside))
    assert set(coarse.lands) - set(coarse.dry_cells) == {"mainland", "sakhalin"}


@pytest.mark.parametrize("arcmin", [1, 6, 10])
def test_a_wall_thinner_than_a_cell_leaves_no_cell_clear(arcmin: float) -> None:
    """Cells that hold some land are not clear, those beside them are."""
    wall = shapely.MultiPolygon([shapely.box(150, 45.5, 152, 45.5 + 0.3 * arcmin / 60)])
    theatre = make_theatre({"wall": wall}, (150, 45, 152, 46), arcmin=arcmin)
    rows = np.flatnonzero(~theatre.clear.all(axis=1))
    assert len(rows) == 1
    assert not theatre.clear[rows[0]].any()
    assert (theatre.water_km2[rows[0]] > 0).all()
