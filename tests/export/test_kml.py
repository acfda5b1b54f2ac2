"""KML: every placemark with its style and figures."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import shapely

from okhotsk import colours, tables

KML = "{http://www.opengis.net/kml/2.2}"
READ = {"string": str, "double": float, "int": int, "bool": lambda text: text == "1"}
KINDS = {str: "string", float: "double", int: "int", bool: "bool"}


def test_kml_has_every_placemark_its_style_and_its_figures(files, bundle):
    root = ElementTree.parse(files["kml"]).getroot()
    styles = {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}
    types = {
        s.get("name"): {f.get("name"): f.get("type") for f in s.iter(f"{KML}SimpleField")}
        for s in root.iter(f"{KML}Schema")
    }
    folders = {f.findtext(f"{KML}name"): f for f in root.iter(f"{KML}Folder")}
    assert [*folders] == [layer.title for layer in reversed(bundle.layers)]
    for layer in bundle.layers:
        marks = folders[layer.title].findall(f"{KML}Placemark")
        assert {mark.findtext(f"{KML}styleUrl") for mark in marks} <= styles
        for mark, shape, record in zip(
            marks, layer.frame.geometry, tables.records(layer.frame), strict=True
        ):
            data = {d.get("name"): d.text or "" for d in mark.iter(f"{KML}SimpleData")}
            assert set(data) == {name for name, value in record.items() if value is not None}
            for name, text in data.items():
                kind, value = types[layer.name][name], record[name]
                read = READ[kind](text)
                assert (kind, read) == (KINDS[type(value)], value), (layer.name, name)
            texts = " ".join(c.text for c in mark.iter(f"{KML}coordinates"))
            points = np.array([pair.split(",") for pair in texts.split()], float)
            assert len(points) == shapely.get_num_coordinates(shape)
            assert np.allclose(
                [*points.min(axis=0), *points.max(axis=0)], shape.bounds, rtol=0, atol=1e-6
            )


def test_kml_spells_colours_backwards(files):
    root = ElementTree.parse(files["kml"]).getroot()
    style = next(s for s in root.iter(f"{KML}Style") if s.get("id") == "straits-russian")
    red, green, blue = colours.RUSSIA[1:3], colours.RUSSIA[3:5], colours.RUSSIA[5:7]
    assert style.findtext(f"{KML}LineStyle/{KML}color") == f"ff{blue}{green}{red}".lower()


def test_kml_says_in_words_what_a_figure_is(files):
    root = ElementTree.parse(files["kml"]).getroot()
    ids = {schema.get("id"): schema for schema in root.iter(f"{KML}Schema")}
    used = {data.get("schemaUrl") for data in root.iter(f"{KML}SchemaData")}
    assert used == {f"#{name}" for name in ids}
    fields = {f.get("name"): f for f in ids["straits-columns"].iter(f"{KML}SimpleField")}
    assert fields["sill_depth_m"].findtext(f"{KML}displayName") == "Sill, m"
