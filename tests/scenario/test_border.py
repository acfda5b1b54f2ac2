"""Lines as people write them: points, WKT, GeoJSON, files; and what is no line across land."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from okhotsk.scenario.border import MOST_BYTES, find_line

POINTS = ((147.5, 45.3), (148.0, 44.9))
LINE = {"type": "LineString", "coordinates": [[147.5, 45.3], [148.0, 44.9]]}
FEATURE = {"type": "Feature", "properties": {"name": "境界"}, "geometry": LINE}
SPELLINGS = (
    [[147.5, 45.3], [148, 44.9]],
    [[147.5, 45.3], [147.5, 45.3], [148.0, 44.9]],
    "LINESTRING (147.5 45.3, 148 44.9)",
    "  linestring z(147.5 45.3 0, 148 44.9 12)  ",
    "MULTILINESTRING ((147.5 45.3, 148 44.9))",
    json.dumps(LINE),
    json.dumps(FEATURE),
    json.dumps({"type": "FeatureCollection", "features": [FEATURE]}, ensure_ascii=False),
)


@pytest.mark.parametrize("value", SPELLINGS, ids=range(len(SPELLINGS)))
def test_a_line_is_the_same_however_it_is_written(value: Any, tmp_path: Path) -> None:
    assert find_line(value, tmp_path) == POINTS
    if isinstance(value, str):
        name = "line.wkt" if value.strip()[0] in "lLM" else "line.GeoJSON"
        (tmp_path / name).write_text("\ufeff" + value, "utf-8")
        assert find_line(name, tmp_path) == POINTS


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([[45.3, 147.5], [44.9, 148.0]], "has the latitude 147.5; write the longitude first"),
        ([[147.5, 45.3], [147.5, 45.3]], "has all its points in one place"),
        ([[147, 45], [148, 45], [148, 46], [147, 45]], "meets itself"),
        ([[147, 45], [148, 46], [148, 45], [147, 46]], "meets itself"),
        ([[147, 45], [float("nan"), 46]], "no longitude and latitude"),
        ([[147, 45], [10**400, 46]], "no longitude and latitude"),
        ([[1470, 45], [148, 46]], "no longitude and latitude"),
        ("POINT (147 45)", "holds 1 parts (Point), expected one LineString"),
        ("MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))", "holds 2 parts (LineString)"),
        ("LINESTRING EMPTY", "expected one LineString"),
        ("across Iturup", "is 'across Iturup', expected two or more points"),
        ("{", "is '{', expected two or more points"),
        ("{}", "expected two or more points"),
        ('{"type": "LineString", "coordinates": "x"}', "expected two or more points"),
        ("", "expected two or more points"),
        ("absent.geojson", "is in absent.geojson, which cannot be read: No such file"),
        ("../line.geojson", "expected a file beside the scenario file"),
        ("/etc/line.geojson", "expected a file beside the scenario file"),
        ("folder.wkt", "cannot be read"),
        ("utf16.geojson", "save it as UTF-8"),
        ("long.wkt", "longer than a line needs"),
    ],
)
def test_what_is_no_line_is_said(value: Any, problem: str, tmp_path: Path) -> None:
    (tmp_path / "utf16.geojson").write_text(json.dumps(LINE), "utf-16")
    (tmp_path / "long.wkt").write_text("x" * (MOST_BYTES + 1))
    (tmp_path / "folder.wkt").mkdir()
    with pytest.raises(ValueError, match=r"^(has|is|holds|meets)") as caught:
        find_line(value, tmp_path)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
