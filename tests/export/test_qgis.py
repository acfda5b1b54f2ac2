"""Styles that QGIS finds by itself."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree

import pandas as pd

from okhotsk import colours
from okhotsk.style import LOOKS


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
    red, green, blue = bytes.fromhex(colours.SEAL[1:])
    assert first.get("value") == f"{red},{green},{blue},255"
