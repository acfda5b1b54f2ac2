"""A damaged file ends the process that reads it, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio.shutil
from seabeds import ROUND, refused, write_tif

from okhotsk.errors import SeabedError
from okhotsk.theatre.bathymetry import analysis_grid, read_seabed
from okhotsk.theatre.seabed_file import reader
from okhotsk.theatre.seabed_file.reader import read_raster

Write = Callable[..., Path]


def test_process_that_breaks_off(
    write: Write, depths: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MODULE", "okhotsk.no_such_module")
    refused(write(depths), "cannot be read", "broke off")


def test_reading_that_takes_too_long(write: Write, depths: np.ndarray) -> None:
    with pytest.raises(SeabedError, match=r"cannot be read.*took longer than 0.01 s"):
        read_raster(write(depths), analysis_grid(), limit_s=0.01)


def test_words_in_the_way_of_the_process_change_nothing(
    write: Write, depths: np.ndarray, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A module of the working folder is not what the process imports."""
    path = write(depths)
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert read_seabed(path).depth_m.max() > 3000
    refused(Path("none.tif"), "No such file")


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_nothing_but_the_file_is_opened(write: Write, depths: np.ndarray, tmp_path: Path) -> None:
    path = write(depths)
    for sidecar in ("bed.tif.aux.xml", "bed.tif.ovr", "bed.tif.msk", "bed.tfw", "bed.aux"):
        (tmp_path / sidecar).write_text("<VRTDataset/>")
    words = [*reader.command(path, positive=None, variable=None)]
    log = tmp_path / "calls.log"
    trace = ["strace", "-f", "-e", "trace=openat,open,connect", "-o", str(log), *words]
    done = subprocess.run(trace, capture_output=True, env=reader.environment(), timeout=100)
    assert done.stdout.startswith(b'{"parts": 1')
    calls = log.read_text()
    assert str(path) in calls
    opened = [line for line in calls.splitlines() if str(tmp_path) in line and "ENOENT" not in line]
    assert all(f'"{path}"' in line for line in opened)
    assert "connect(" not in calls


@pytest.fixture(scope="module")
def whole(depths: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Small good files of every format."""
    folder = tmp_path_factory.mktemp("whole")
    coarse = depths.reshape(48, 5, 66, 5).mean(axis=(1, 3), dtype=np.float32)
    write_tif(folder / "plain.tif", coarse)
    write_tif(folder / "packed.tif", coarse, compress="deflate", predictor=3)
    for name, form in (("classic.nc", "NC"), ("four.nc", "NC4")):
        rasterio.shutil.copy(folder / "plain.tif", folder / name, driver="netCDF", FORMAT=form)
    head = f"ncols 66\nnrows 48\nxllcorner {ROUND[0]}\nyllcorner {ROUND[1]}\ncellsize 0.5\n"
    rows = "\n".join(" ".join(f"{value:.1f}" for value in row) for row in coarse)
    (folder / "grid.asc").write_text(head + rows)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".xml"}


NAMES = ("plain.tif", "packed.tif", "classic.nc", "four.nc", "grid.asc")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated_files_are_refused(
    whole: dict[str, bytes], tmp_path: Path, name: str, share: float
) -> None:
    path = tmp_path / name
    path.write_bytes(whole[name][: int(len(whole[name]) * share)])
    refused(path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_damaged_files_are_read_or_refused_in_a_sentence(
    whole: dict[str, bytes], tmp_path: Path, name: str, seed: int
) -> None:
    chance = np.random.default_rng([seed, len(name)])
    content = bytearray(whole[name])
    end = len(content) if seed % 2 else min(len(content), 1500)
    for place in chance.integers(end, size=chance.integers(1, 12)):
        content[place] = chance.integers(256)
    path = tmp_path / name
    path.write_bytes(content)
    said = f"{path}: "
    try:
        depth_m = read_seabed(path).depth_m
    except SeabedError as error:
        depth_m, said = np.zeros(1), str(error)
    assert np.isfinite(depth_m).all()
    assert said.startswith(f"{path}: ")
    assert "\n" not in said


def test_file_that_declares_more_than_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tif"
    size = 400_000
    options = {"width": size, "height": size, "dtype": "int16", "SPARSE_OK": "TRUE"}
    tiles = {"tiled": True, "blockxsize": 16384, "blockysize": 16384, "BIGTIFF": "YES"}
    profile = {"driver": "GTiff", "count": 1, "crs": "EPSG:4326", "compress": "deflate"}
    cell = rasterio.Affine(1e-4, 0, 130, 0, -1e-4, 70)
    with rasterio.open(path, "w", transform=cell, **(profile | options | tiles)):
        pass
    assert path.stat().st_size < 1e6
    refused(path, "declares 400,000 by 400,000 cells", "gdal_translate -projwin")


def test_process_keeps_the_environment_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKHOTSK_WORD", "kept")
    made = reader.environment()
    assert made["OKHOTSK_WORD"] == "kept"
    package = Path(reader.__file__).parents[3]
    assert made["PYTHONPATH"].split(os.pathsep)[0] == str(package)
