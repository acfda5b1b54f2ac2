"""GeoJSON: its standard, and every feature."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely

from okhotsk import colours, tables

STYLES = {"stroke", "stroke-width", "fill", "fill-opacity", "marker-color", "marker-size"}


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
            figures = {k: v for k, v in feature["properties"].items() if k not in STYLES}
            assert figures == {"layer": layer.name, **record}
            other = shapely.geometry.shape(feature["geometry"])
            assert other.is_valid
            assert other.bounds == pytest.approx(shape.bounds, abs=1e-6)
            assert abs(other.area - shape.area) <= 1e-6 * shape.length  # the rounding of vertices
            assert other.length == pytest.approx(shape.length, rel=1e-4)
    assert whole["about"] == dict(bundle.about)
    assert whole["tables"]["record"][0]["barrier_km"] > 700


def test_every_feature_says_how_it_is_drawn(files):
    """The keys and values of simplestyle 1.1, which geojson.io and GitHub draw by."""
    whole = json.loads(files["geojson"].read_text("utf-8"))
    for feature in whole["features"]:
        look = {k: v for k, v in feature["properties"].items() if k in STYLES}
        kind = feature["geometry"]["type"].removeprefix("Multi")
        wanted = {
            "Point": {"marker-color", "marker-size"},
            "LineString": {"stroke", "stroke-width"},
            "Polygon": {"stroke", "stroke-width", "fill", "fill-opacity"},
        }
        assert set(look) == wanted[kind], feature["id"]
        for key in ("stroke", "fill", "marker-color"):
            assert re.fullmatch("#[0-9a-f]{6}", look.get(key, "#000000"))
        assert 0 <= look.get("fill-opacity", 0) <= 1
    drawn = {f["id"]: f["properties"] for f in whole["features"]}
    assert drawn["patrol/1"]["fill-opacity"] == 0
    assert drawn["seal_lines/1"]["stroke"] == colours.SEAL
