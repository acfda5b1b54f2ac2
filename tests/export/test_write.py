"""Layers for other programs: every format read back by a second reader."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import rasterio
import shapely

from okhotsk import style as palette
from okhotsk import tables
from okhotsk.errors import DataError
from okhotsk.export.layers import make_bundle
from okhotsk.export.write import FILES, FOLDERS, KINDS, default_path, export, find_kind
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.raster import geodesy
from okhotsk.style import LOOKS, land_status

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def result(results):
    """An option that hands land over with Russian forces, and without any."""
    return next(r for r in results if r.scenario.scenario_id == "four-islands-demilitarised")


@pytest.fixture(scope="module")
def bundle(result):
    """Its layers and tables."""
    return make_bundle(result)


@pytest.fixture(scope="module")
def files(result, tmp_path_factory):
    """Every format, by kind."""
    folder = tmp_path_factory.mktemp("export")
    paths = {kind: folder / default_path(result, kind) for kind in KINDS}
    for kind, path in paths.items():
        export(result, path, kind=kind)
    return paths


# --- the layers themselves ---------------------------------------------------------------------


def test_layers_are_valid_of_one_kind_and_in_degrees(bundle):
    for layer in bundle.layers:
        shapes = layer.frame.geometry
        assert layer.frame.crs == "EPSG:4326", layer.name
        assert shapes.is_valid.all(), layer.name
        assert not shapes.is_empty.any(), layer.name
        assert shapes.geom_type.nunique() == 1, layer.name
        assert layer.note, layer.name


def test_every_layer_has_a_look_for_every_value(bundle):
    assert {layer.name for layer in bundle.layers} == set(LOOKS)
    for layer in bundle.layers:
        look = LOOKS[layer.name]
        values = layer.frame[look.column] if look.column else [""]
        assert set(values) <= set(look.swatches), layer.name


def test_zones_share_no_water_with_each_other_nor_with_land(bundle):
    layers = {layer.name: layer.frame for layer in bundle.layers}
    land = shapely.union_all(layers["land"].geometry.to_numpy())
    zones = layers["zones"].geometry.to_numpy()
    assert shapely.area(shapely.intersection(zones, land)).sum() < 1e-9
    whole = shapely.union_all(zones)
    assert shapely.area(zones).sum() == pytest.approx(whole.area, rel=2e-3)


def test_outlines_have_the_areas_that_cells_add_up_to(bundle, result):
    frames = {layer.name: layer.frame for layer in bundle.layers}
    for name in ("patrol", "refuge"):
        row = frames[name].iloc[0]
        assert row.area_km2 == result.record[f"{name}_km2"]
        assert geodesy.area_km2(row.geometry) == pytest.approx(row.area_km2, rel=0.01)


def test_land_handed_over_is_told_from_land_held_before(bundle):
    land = next(layer.frame for layer in bundle.layers if layer.name == "land")
    status = land.set_index("part_id").status
    assert status["kunashir"] == "ceded, demilitarised"
    assert status["hokkaido"] == "JP"
    assert status["urup"] == "RU"
    assert land_status("JP", "JP", True) == "ceded"
    assert land_status("RU", "JP", True) == "ceded, Russian forces"


def test_every_file_can_say_what_it_was_computed_from(bundle, result):
    about = bundle.about
    assert about["scenario_id"] == result.scenario.scenario_id
    assert "okhotsk" in about["software"]
    assert result.theatre.seabed.sha256 == about["seabed_sha256"]
    assert "LGPL-3.0" in about["coast"]
    assert all(key in about["option_sources"] for key in result.scenario.sources)
    values = next(t.frame for t in bundle.tables if t.name == "assumptions")
    assert dict(zip(values.assumption, values.value, strict=True)) == result.assumptions.as_dict()


# --- GeoPackage --------------------------------------------------------------------------------


def _shape(blob):
    """The geometry in a GeoPackage's blob (OGC 12-128r19, 2.1.3)."""
    assert blob[:2] == b"GP"
    envelope = (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7]
    return shapely.from_wkb(blob[8 + envelope :])


def test_geopackage_holds_every_layer_unchanged(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        for layer in bundle.layers:
            rows = base.execute(f'SELECT geom, * FROM "{layer.name}" ORDER BY fid').fetchall()
            assert [_shape(row[0]) for row in rows] == list(layer.frame.geometry), layer.name
            read = pd.read_sql_query(f'SELECT * FROM "{layer.name}" ORDER BY fid', base)
            plain = layer.frame.drop(columns="geometry")
            assert tables.records(read[[*plain]].astype(plain.dtypes)) == tables.records(plain)


def test_geopackage_holds_every_table(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        for table in bundle.tables:
            read = pd.read_sql_query(f'SELECT * FROM "{table.name}" ORDER BY fid', base)
            assert len(read) == len(table.frame)
            assert set(table.frame) <= set(read)
        record = pd.read_sql_query("SELECT * FROM record", base).iloc[0]
    wanted = next(t.frame for t in bundle.tables if t.name == "record").iloc[0]
    for name, value in wanted.items():
        assert record[name] == value, name


def test_geopackage_follows_its_standard(files):
    with sqlite3.connect(files["gpkg"]) as base:
        assert base.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert base.execute("PRAGMA user_version").fetchone()[0] == 10200
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        contents = base.execute("SELECT table_name, identifier FROM gpkg_contents").fetchall()
    names = [name for name, _ in contents]
    assert len(set(names)) == len(names)
    assert len({title for _, title in contents}) == len(contents)


def test_qgis_finds_a_default_style_for_every_layer(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        kind = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
        styles = pd.read_sql_query("SELECT * FROM layer_styles", base).set_index("f_table_name")
    assert kind == ("attributes",)
    assert [*styles.index] == [layer.name for layer in bundle.layers]
    assert styles.useAsDefault.eq(1).all()
    assert styles.f_geometry_column.eq("geom").all()
    for layer in bundle.layers:
        root = ElementTree.fromstring(styles.styleQML[layer.name])
        look = LOOKS[layer.name]
        categories = root.findall(".//category")
        assert [c.get("value") for c in categories] == ([*look.swatches] if look.column else [])
        symbols = {s.get("name") for s in root.findall(".//symbols/symbol")}
        assert {c.get("symbol") for c in categories} <= symbols
        assert len(symbols) == len(look.swatches)
    seal = ElementTree.fromstring(styles.styleQML["seal_lines"])
    first = seal.find(".//symbol[@name='0']//Option[@name='line_color']")
    red, green, blue = bytes.fromhex(palette.SEAL[1:])
    assert first.get("value") == f"{red},{green},{blue},255"


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
    assert "Warning" not in done.stdout


# --- the other formats -------------------------------------------------------------------------


def _area(ring):
    """Twice the signed area of a ring: positive where it runs anticlockwise."""
    x, y = np.transpose(ring)
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def _points(value):
    """Positions of GeoJSON coordinates."""
    if isinstance(value[0], int | float):
        return [value]
    return [point for item in value for point in _points(item)]


def test_geojson_follows_rfc_7946(files):
    whole = json.loads(files["geojson"].read_text("utf-8"))
    assert whole["type"] == "FeatureCollection"
    assert "crs" not in whole
    ids = [feature["id"] for feature in whole["features"]]
    assert len(set(ids)) == len(ids)
    for feature in whole["features"]:
        geometry = feature["geometry"]
        points = np.array(_points(geometry["coordinates"]))
        assert points.shape[1] == 2
        assert np.abs(points[:, 0]).max() <= 180
        assert np.abs(points[:, 1]).max() <= 90
        assert np.array_equal(points, points.round(6))
        west, south, east, north = feature["bbox"]
        assert [west, south] == points.min(axis=0).tolist()
        assert [east, north] == points.max(axis=0).tolist()
        if geometry["type"] == "MultiPolygon":
            for outer, *holes in geometry["coordinates"]:
                assert outer[0] == outer[-1]
                assert _area(outer) > 0
                assert all(_area(hole) < 0 for hole in holes)


def test_geojson_has_every_feature_and_the_figures_of_the_tables(files, bundle):
    whole = json.loads(files["geojson"].read_text("utf-8"))
    read = {f["id"]: f for f in whole["features"]}
    assert len(read) == sum(len(layer.frame) for layer in bundle.layers)
    for layer in bundle.layers:
        for number, (shape, record) in enumerate(
            zip(layer.frame.geometry, tables.records(layer.frame), strict=True), 1
        ):
            feature = read[f"{layer.name}/{number}"]
            assert feature["properties"] == {"layer": layer.name, **record}
            other = shapely.geometry.shape(feature["geometry"])
            assert other.is_valid
            assert other.bounds == pytest.approx(shape.bounds, abs=1e-6)
            assert abs(other.area - shape.area) <= 1e-6 * shape.length  # the rounding of vertices
            assert other.length == pytest.approx(shape.length, rel=1e-4)
    assert whole["about"] == dict(bundle.about)
    assert whole["tables"]["record"][0]["barrier_km"] > 700


def test_kml_has_every_placemark_its_style_and_its_figures(files, bundle):
    root = ElementTree.parse(files["kml"]).getroot()
    styles = {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}
    folders = {f.findtext(f"{KML}name"): f for f in root.iter(f"{KML}Folder")}
    assert [*folders] == [layer.title for layer in reversed(bundle.layers)]
    for layer in bundle.layers:
        marks = folders[layer.title].findall(f"{KML}Placemark")
        assert {mark.findtext(f"{KML}styleUrl") for mark in marks} <= styles
        for mark, shape, record in zip(
            marks, layer.frame.geometry, tables.records(layer.frame), strict=True
        ):
            data = {d.get("name"): d.findtext(f"{KML}value") for d in mark.iter(f"{KML}Data")}
            assert set(data) == {name for name, value in record.items() if value is not None}
            texts = " ".join(c.text for c in mark.iter(f"{KML}coordinates"))
            points = np.array([pair.split(",") for pair in texts.split()], float)
            assert len(points) == shapely.get_num_coordinates(shape)
            assert np.allclose(
                [*points.min(axis=0), *points.max(axis=0)], shape.bounds, rtol=0, atol=1e-6
            )


def test_kml_spells_colours_backwards(files):
    root = ElementTree.parse(files["kml"]).getroot()
    style = next(s for s in root.iter(f"{KML}Style") if s.get("id") == "straits-russian")
    red, green, blue = palette.RUSSIA[1:3], palette.RUSSIA[3:5], palette.RUSSIA[5:7]
    assert style.findtext(f"{KML}LineStyle/{KML}color") == f"ff{blue}{green}{red}".lower()


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


def test_grids_are_cloud_optimised_and_hold_the_analysis(files, result):
    option = ScenarioContext.of(Context(result.theatre, result.assumptions), result.scenario)
    water = result.theatre.water_km2 > 0
    wanted = {
        "depth": {"depth_m": result.theatre.seabed.depth_m},
        "zones": {"zone": option.zones.code},
        "waters": {
            "patrol": option.ground.patrol,
            "refuge": option.refuge,
            "sensed": result.theatre.sea.mask & option.sensed,
            "core": option.ground.core,
        },
    }
    for name, bands in wanted.items():
        with rasterio.open(files["cog"] / f"{name}.tif") as source:
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert source.overviews(1)
            assert source.crs == "EPSG:4326"
            assert source.bounds == pytest.approx(result.theatre.grid.bounds)
            assert source.descriptions == tuple(bands)
            assert source.tags()["SCENARIO_ID"] == result.scenario.scenario_id
            for number, values in enumerate(bands.values(), 1):
                read = source.read(number, masked=True)
                assert np.array_equal(read.mask, ~water)
                assert np.array_equal(read.data[water], values[water])


def test_zone_colours_are_those_of_the_maps(files):
    with rasterio.open(files["cog"] / "zones.tif") as source:
        colours, tags = source.colormap(1), source.tags()
    red, _, blue, _ = colours[1]
    assert tags["class_1"] == "Russian territorial sea"
    assert red > blue
    assert colours[2][2] > colours[2][0]
    assert len({colours[code] for code in range(5)}) == 5


# --- writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_option_gives_the_same_bytes(files, result, tmp_path, kind):
    written = export(result, tmp_path / files[kind].name, kind=kind)
    for path in written:
        first = files[kind] / path.name if kind in FOLDERS else files[kind]
        assert path.read_bytes() == first.read_bytes(), path.name


def test_the_setting_of_gdal_is_put_back(result, tmp_path):
    name = "OGR_CURRENT_DATE"
    pyogrio.set_gdal_config_options({name: "2001-02-03T04:05:06.000Z"})
    try:
        export(result, tmp_path / "a.gpkg")
        assert pyogrio.get_gdal_config_option(name) == "2001-02-03T04:05:06.000Z"
    finally:
        pyogrio.set_gdal_config_options({name: None})


def test_the_suffix_names_the_format():
    for kind, suffix in FILES.items():
        assert find_kind(Path(f"some.thing{suffix.upper()}")) == kind


def test_a_suffix_that_names_nothing_is_refused(result, tmp_path):
    with pytest.raises(DataError, match=r"x\.shp: the suffix names no format, expected \.gpkg"):
        export(result, tmp_path / "x.shp")
    with pytest.raises(DataError, match="unknown format 'shp'"):
        export(result, tmp_path / "x", kind="shp")
    assert not [*tmp_path.iterdir()]


def test_a_folder_is_no_file_and_a_file_no_folder(result, tmp_path):
    with pytest.raises(DataError, match="is a folder, expected a file, e.g."):
        export(result, tmp_path, kind="gpkg")
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(DataError, match="is a file, expected a folder"):
        export(result, tmp_path / "taken", kind="cog")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("kind", ["gpkg", "cog"])
def test_a_write_that_fails_leaves_what_was_there(result, tmp_path, monkeypatch, kind):
    target = tmp_path / ("a.gpkg" if kind == "gpkg" else "a")
    written = export(result, target, kind=kind)
    before = [path.read_bytes() for path in written]

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyogrio.write_dataframe", full)
    monkeypatch.setattr("rasterio.open", full)
    with pytest.raises(OSError, match="No space left"):
        export(result, target, kind=kind)
    assert [path.read_bytes() for path in written] == before
    assert len([*(tmp_path if kind == "gpkg" else target).iterdir()]) == len(written)
