"""Writing: formats by suffix, the same bytes twice, nothing half written, other readers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest

from okhotsk.errors import DataError
from okhotsk.export.write import FILES, FOLDERS, KINDS, kind_of_suffix, write_layers


def test_gdal_reads_every_layer_without_a_warning(files, bundle):
    # pytest turns the warnings of GDAL into errors
    names = pyogrio.list_layers(files["gpkg"])[:, 0]
    assert set(names) == {x.name for x in (*bundle.layers, *bundle.tables)} | {"layer_styles"}
    for name in names:
        pyogrio.read_dataframe(files["gpkg"], layer=name)
    for kind in ("geojson", "kml"):
        for name in pyogrio.list_layers(files[kind])[:, 0]:
            assert len(pyogrio.read_dataframe(files[kind], layer=name))


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="no ogrinfo (apt install gdal-bin)")
@pytest.mark.parametrize("kind", [*FILES])
def test_ogrinfo_has_nothing_to_say(files, kind):
    done = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", files[kind]], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert not re.search(r"Warning \d", done.stdout)  # GDAL numbers them


def test_geoparquet_is_read_by_geopandas_and_pyarrow(files, bundle):
    for layer in bundle.layers:
        path = files["geoparquet"] / f"{layer.name}.parquet"
        read = gpd.read_parquet(path)
        assert list(read.geometry) == list(layer.frame.geometry)
        assert read.crs == "EPSG:4326"
        geo = json.loads(pq.read_metadata(path).metadata[b"geo"])
        assert geo["version"] == "1.1.0"
        assert geo["columns"]["geometry"]["covering"]["bbox"]
    for table in bundle.tables:
        read = pq.read_table(files["geoparquet"] / f"{table.name}.parquet")
        assert read.num_rows == len(table.frame)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_option_gives_the_same_bytes(files, result, tmp_path, kind):
    written = write_layers(result, tmp_path / files[kind].name, kind=kind)
    for path in written:
        first = files[kind] / path.name if kind in FOLDERS else files[kind]
        assert path.read_bytes() == first.read_bytes(), path.name


def test_the_suffix_names_the_format():
    for kind, suffix in FILES.items():
        assert kind_of_suffix(Path(f"some.thing{suffix.upper()}")) == kind


def test_a_suffix_that_names_nothing_is_refused(result, tmp_path):
    with pytest.raises(DataError, match=r"x\.shp: the suffix names no format, expected \.gpkg"):
        write_layers(result, tmp_path / "x.shp")
    with pytest.raises(DataError, match="unknown format 'shp'"):
        write_layers(result, tmp_path / "x", kind="shp")
    assert not [*tmp_path.iterdir()]


def test_a_folder_is_no_file_and_a_file_no_folder(result, tmp_path):
    with pytest.raises(DataError, match="is a folder, expected a file, e.g."):
        write_layers(result, tmp_path, kind="gpkg")
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(DataError, match="is a file, expected a folder"):
        write_layers(result, tmp_path / "taken", kind="cog")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("kind", ["gpkg", "cog"])
def test_a_write_that_fails_leaves_what_was_there(result, tmp_path, monkeypatch, kind):
    target = tmp_path / ("a.gpkg" if kind == "gpkg" else "a")
    written = write_layers(result, target, kind=kind)
    before = [path.read_bytes() for path in written]

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyogrio.write_dataframe", full)
    monkeypatch.setattr("rasterio.open", full)
    with pytest.raises(OSError, match="No space left"):
        write_layers(result, target, kind=kind)
    assert [path.read_bytes() for path in written] == before
    assert len([*(tmp_path if kind == "gpkg" else target).iterdir()]) == len(written)
