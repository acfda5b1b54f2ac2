"""The check of the shipped data."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from commands import refusal, rows
from mirror import Mirror, served
from smalltiles import WINDOW, all_contents, read, small_product

from okhotsk.theatre import bathymetry


def test_data_check(run):
    result = run("data", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("all files as registered\n")


def test_data_check_names_every_altered_file(run, monkeypatch):
    altered = ["seabed.tif: missing; reinstall", "islands.toml: sha256 is 1, expected 2"]
    monkeypatch.setattr("okhotsk.datasets.check", lambda: altered)
    assert refusal(run("data", "check")) == "; ".join(altered)


# Fetching


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A server of small tiles for the whole window, and a product that asks it."""
    with served(Mirror(all_contents())) as running:
        monkeypatch.setattr("okhotsk.fetch.product.read_product", small_product)
        monkeypatch.setenv("NO_PROXY", "*")
        yield running


def test_the_window_of_the_tests_is_that_of_the_theatre():
    assert bathymetry.WINDOW == WINDOW


def test_data_fetch_prints_the_line_that_uses_it(run, mirror, tmp_path):
    folder = tmp_path / "a folder"
    result = run("data", "fetch", "--mirror", mirror.url, "--output", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    *words, path = shlex.split(result.stdout)
    assert words == ["okhotsk", "run", "--seabed"]
    assert Path(path) == folder / "etopo2022_15s.tif"
    values, said = read(path)
    assert tuple(said["bounds"]) == WINDOW
    assert np.isfinite(values).all()
    made = {p.name for p in folder.iterdir()} - set(mirror.files)
    assert made == {"etopo2022_15s.tif", "SHA256SUMS", ".fetching"}
    # Again, and without a network: nothing is asked.
    asked = len(mirror.asked)
    assert run("data", "fetch", "--offline", "--output", folder).stdout == result.stdout
    assert len(mirror.asked) == asked == 12


def test_data_fetch_goes_into_the_cache_folder(run, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / "kept"))
    assert run("data", "fetch", "--mirror", mirror.url).exit_code == 0
    assert (tmp_path / "kept" / "etopo2022" / "etopo2022_15s.tif").exists()


def test_seabed_takes_what_was_fetched_with_no_other_option(run, mirror, tmp_path):
    assert run("data", "fetch", "--mirror", mirror.url, "--output", tmp_path).exit_code == 0
    # The tiles of the tests are a slope, refused as another sea, but read with the right sign.
    with pytest.raises(bathymetry.SeabedError, match="its depths do not match this sea"):
        bathymetry.read_seabed(tmp_path / "etopo2022_15s.tif")


def test_data_fetch_refusals_are_one_sentence(run, mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    name = small_product().tiles(WINDOW)[0].name
    del mirror.files[name]
    said = refusal(run("data", "fetch", "--mirror", mirror.url, "--output", folder))
    assert f"{name}: cannot be fetched: {mirror.url} answered HTTP 404 (Not Found)" in said
    said = refusal(run("data", "fetch", "--offline", "--output", folder))
    assert f"{folder}: 12 of 12 tiles are not there" in said
    assert not (folder / "etopo2022_15s.tif").exists()


@pytest.mark.parametrize("mirror", ["ftp://example.org/", "/srv/tiles"])
def test_data_fetch_asks_only_web_servers(run, mirror):
    result = run("data", "fetch", "--mirror", mirror)
    assert result.exit_code == 2
    assert "expected an address, https://... or http://..." in result.stderr


# Comparing


def test_data_compare_is_a_table_of_straits(run, real):
    found = rows(run("data", "compare", "any.tif", "--format", "json"))
    assert list(found[0]) == [
        "strait_id",
        "name",
        "width_km",
        "resolved",
        "throat_area_km2",
        "operating_area_km2",
        "sill_depth_m",
        "other_resolved",
        "other_throat_area_km2",
        "other_operating_area_km2",
        "other_sill_depth_m",
        "throat_area_ratio",
        "operating_area_ratio",
        "sill_difference_m",
    ]
    assert found[-1]["strait_id"] == "all"
    assert {row["throat_area_ratio"] for row in found if row["resolved"]} == {1}


@pytest.mark.parametrize("words", [[], ["--depths"]])
@pytest.mark.parametrize("style", ["table", "csv", "markdown", "latex"])
def test_data_compare_prints_every_format(run, real, words, style):
    result = run("data", "compare", "any.tif", *words, "--format", style)
    assert (result.exit_code, result.stderr) == (0, "")
    assert ("water_km2" if words else "strait_id") in result.stdout.replace("\\", "")


def test_data_compare_reads_the_file_and_the_shipped_seabed(run, theatre, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "okhotsk.theatre.storage.load", lambda **given: asked.append(given) or theatre
    )
    words = ["bed.nc", "--seabed-positive", "up", "--no-cache", "--depths", "--format", "json"]
    assert len(rows(run("data", "compare", *words))) == 7
    read = {(str(given["seabed"]), given["positive"], given["cache"]) for given in asked}
    assert read == {("bed.nc", "up", False), ("None", None, False)}


def test_data_compare_refuses_a_missing_file(run):
    said = refusal(run("data", "compare", "none.tif"))
    assert said.startswith("none.tif: cannot be read")
