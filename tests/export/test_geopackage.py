"""GeoPackage, read back by sqlite."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pyogrio
import shapely

from okhotsk import tables
from okhotsk.export.write import write_layers


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


def test_the_setting_of_gdal_is_put_back(result, tmp_path):
    name = "OGR_CURRENT_DATE"
    pyogrio.set_gdal_config_options({name: "2001-02-03T04:05:06.000Z"})
    try:
        write_layers(result, tmp_path / "a.gpkg")
        assert pyogrio.get_gdal_config_option(name) == "2001-02-03T04:05:06.000Z"
    finally:
        pyogrio.set_gdal_config_options({name: None})


def test_layers_come_as_a_map_is_read_from_its_top(files, bundle):
    names = pyogrio.list_layers(files["gpkg"])[:, 0].tolist()
    layers = [layer.name for layer in reversed(bundle.layers)]
    assert names[: len(layers)] == layers
    assert layers.index("seal_lines") < layers.index("straits") < layers.index("zones")


def test_the_standard_place_says_what_columns_are(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        told = pd.read_sql_query("SELECT * FROM gpkg_data_columns", base)
        extension = base.execute(
            "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
        ).fetchall()
        for table, rows in told.groupby("table_name"):
            real = {row[1] for row in base.execute(f'PRAGMA table_info("{table}")')}
            assert set(rows.column_name) <= real
    assert {*extension} == {("gpkg_data_columns",), ("gpkg_data_column_constraints",)}
    assert set(told.table_name) == {layer.name for layer in (*bundle.layers, *bundle.tables)}
    sill = told[(told.table_name == "straits") & (told.column_name == "sill_depth_m")].iloc[0]
    assert sill.title == "Sill, m"
    assert "depth" in sill.description


def test_a_project_lists_every_layer_under_its_title(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        [(name, content)] = base.execute("SELECT name, content FROM qgis_projects").fetchall()
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as archive:
        [member] = archive.namelist()
        root = ElementTree.fromstring(archive.read(member))
    assert (name, member) == (bundle.scenario_id, f"{bundle.scenario_id}.qgs")
    assert root.findtext("title") == bundle.title
    shown = [(x.get("name"), x.get("id")) for x in root.iter("layer-tree-layer")]
    every = (*reversed(bundle.layers), *bundle.tables)
    assert [title for title, _ in shown] == [layer.title for layer in every]
    assert [key for _, key in shown] == [x.findtext("id") for x in root.iter("maplayer")]
    # QGIS gives an id of fewer letters another one, and then finds no layer.
    assert all(len(key) > 10 for _, key in shown)
    sources = {x.findtext("datasource") for x in root.iter("maplayer")}
    assert sources == {f"./{files['gpkg'].name}|layername={layer.name}" for layer in every}
