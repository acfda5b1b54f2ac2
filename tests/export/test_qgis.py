"""Styles that QGIS finds by itself."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree

import pandas as pd

from okhotsk import colours
from okhotsk.export.fields import fields_of
from okhotsk.export.qgis import style_qml
from okhotsk.style import LOOKS


def test_qgis_finds_a_default_style_for_every_layer(files, bundle):
    with sqlite3.connect(files["gpkg"]) as base:
        kind = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
        styles = pd.read_sql_query("SELECT * FROM layer_styles", base).set_index("f_table_name")
    assert kind == ("attributes",)
    assert [*styles.index] == [layer.name for layer in (*bundle.layers, *bundle.tables)]
    assert styles.useAsDefault.eq(1).all()
    drawn = styles.loc[[layer.name for layer in bundle.layers]]
    assert drawn.f_geometry_column.eq("geom").all()
    assert styles.f_geometry_column.drop(drawn.index).eq("").all()
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


def test_two_lines_of_one_colour_differ_in_their_dashes():
    root = ElementTree.fromstring(style_qml({}, LOOKS["seal_lines"]))
    dashes = [o.get("value") for o in root.iter("Option") if o.get("name") == "customdash"]
    assert len(set(dashes)) == 2


def test_every_column_has_a_title_of_its_own_with_its_unit(bundle):
    for layer in (*bundle.layers, *bundle.tables):
        fields = fields_of(layer.frame)
        assert [*fields] == [name for name in layer.frame.columns if name != "geometry"]
        titles = [field.title for field in fields.values()]
        assert len(set(titles)) == len(titles), layer.name
        for name, field in fields.items():
            assert field.title != name, (layer.name, name)
            assert field.meaning, (layer.name, name)
            unit = {"_km": ", km", "_km2": ", km²", "_m": ", m"}
            for end, words in unit.items():
                assert not name.endswith(end) or field.title.endswith(words), name
