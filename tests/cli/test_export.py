"""The layers of one scenario: where they go, what is refused."""

from __future__ import annotations

import pytest
from commands import refusal


def test_export_writes_a_geopackage_named_after_the_option(run, done, tmp_path):
    result = run("export", "status-quo")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "status-quo.gpkg\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["status-quo.gpkg"]
    assert run("export", "status-quo", "--output", "a/b.kml").stdout == "a/b.kml\n"
    out = run("export", "status-quo", "--format", "cog").stdout.split()
    grids = ("depth", "waters", "zones")
    assert out == [f"status-quo-cog/{name}.{end}" for name in grids for end in ("qml", "tif")]


def test_export_refuses_what_it_cannot_write_before_any_work(run, monkeypatch, tmp_path):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    assert "no format" in refusal(run("export", "status-quo", "--output", "x.shp"))
    assert "is a folder" in refusal(
        run("export", "status-quo", "--output", tmp_path, "--format", "kml")
    )
    assert list(tmp_path.iterdir()) == []
