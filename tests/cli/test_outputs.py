"""A run: the files of the contract, all or none, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

import okhotsk
from okhotsk.cli import outputs
from okhotsk.datasets import data_folder
from okhotsk.errors import ScenarioError
from okhotsk.scenario.assumptions import describe
from okhotsk.tables import records

DETAILS = (
    "refuge",
    "sensed",
    "passages",
    "routes",
    "enclosure",
    "force",
    "strait-force",
    "missiles",
    "components",
)
TABLES = {
    "claims.csv",
    "claims.json",
    "index.html",
    "assessment.csv",
    "assessment.json",
    "straits.csv",
    "straits.json",
    "tables.xlsx",
}


def read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_writes_the_files_of_the_contract_and_nothing_else(site, results):
    pages = {f"{result.scenario.scenario_id}.html" for result in results}
    behind = {f"{name}.{kind}" for name in DETAILS for kind in ("csv", "json")}
    assert set(read(site)) == pages | TABLES | behind | {"run.json"}


def test_every_column_of_a_run_is_in_the_catalogue(site):
    known = set(okhotsk.columns().column)
    tables = [path for path in site.iterdir() if path.suffix == ".csv"]
    assert "claims.csv" in {path.name for path in tables}
    for path in tables:
        assert set(path.read_text("utf-8").splitlines()[0].split(",")) <= known, path.name


def test_two_runs_give_the_same_bytes(site, results, tmp_path):
    made = outputs.write_all(results, tmp_path / "again")
    assert read(tmp_path / "again") == read(site)
    assert {path.name for path in made} == set(read(site))
    assert all(path.parent == tmp_path / "again" for path in made)


def test_every_file_ends_with_one_line_end(site):
    for name, content in read(site).items():
        if name.endswith(".xlsx"):
            continue
        assert content.endswith(b"\n"), name
        assert not content.endswith(b"\n\n"), name
        assert b"\r" not in content, name
        content.decode("utf-8")


def test_the_tables_hold_the_records(site, results):
    known = [records(result.to_frame())[0] for result in results]
    assert json.loads((site / "assessment.json").read_text("utf-8")) == known
    with (site / "assessment.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [list(row) for row in rows] == [list(row) for row in known]
    for row, record in zip(rows, known, strict=True):
        for key, value in record.items():
            assert (row[key] if isinstance(value, str) else float(row[key])) == value


def test_the_straits_of_every_option_are_listed(site, results):
    rows = json.loads((site / "straits.json").read_text("utf-8"))
    assert rows == [row for result in results for row in records(result.straits)]
    with (site / "straits.csv").open(encoding="utf-8", newline="") as source:
        assert len(list(csv.DictReader(source))) == len(rows)
    assert {row["scenario_id"] for row in rows} == {r.scenario.scenario_id for r in results}


def test_provenance_names_versions_data_and_assumptions(site, results):
    run = json.loads((site / "run.json").read_text("utf-8"))
    assert run["scenarios"] == [result.scenario.scenario_id for result in results]
    assert run["versions"]["okhotsk"] == okhotsk.__version__
    assert run["versions"]["python"] == platform.python_version()
    for name in ("numpy", "scipy", "shapely", "pyproj", "rasterio", "folium", "geopandas"):
        assert run["versions"][name] == version(name)
    for name, digest in run["data"].items():
        assert hashlib.sha256((data_folder() / name).read_bytes()).hexdigest() == digest
    assert {"coast.fgb", "seabed.tif", "islands.toml", "straits.toml"} <= set(run["data"])
    assert run["seabed"]["sha256"] == run["data"]["seabed.tif"]
    assert run["theatre"] == results[0].theatre.key
    assert run["assumptions"] == json.loads(json.dumps(describe(results[0].assumptions)))
    for entry in run["assumptions"]:
        assert set(entry) == {
            "assumption",
            "value",
            "unit",
            "low",
            "high",
            "source",
            "choices",
            "swept",
            "meaning",
            "limits",
        }
        assert entry["source"]
        assert entry["low"] <= entry["value"] <= entry["high"]
    assert run["notes"] == {r.scenario.scenario_id: list(r.notes) for r in results}


def test_no_name_of_this_machine_is_left_in_a_file(site):
    home, here = str(Path.home()), str(Path(__file__).parents[2])
    for name, content in read(site).items():
        for word in (here, str(site), "/tmp/", *([home] if home != "/" else [])):
            assert word.encode() not in content, (name, word)


@pytest.mark.parametrize("part", ["map_page", "overview_page", "provenance"])
def test_nothing_is_written_when_one_part_fails(results, tmp_path, monkeypatch, part):
    def fail(*_: object, **__: object) -> str:
        raise ScenarioError("no")

    for name in ("map_page", "overview_page"):
        monkeypatch.setattr(outputs, name, lambda *_, **__: "page")
    monkeypatch.setattr(outputs, part, fail)
    (tmp_path / "index.html").write_text("earlier")
    with pytest.raises(ScenarioError):
        outputs.write_all(results, tmp_path)
    assert read(tmp_path) == {"index.html": b"earlier"}


def test_a_run_keeps_the_files_of_others(results, tmp_path, monkeypatch):
    for name in ("map_page", "overview_page"):
        monkeypatch.setattr(outputs, name, lambda *_, **__: "page")
    (tmp_path / "notes.txt").write_text("mine")
    outputs.write_all(results, tmp_path)
    assert read(tmp_path)["notes.txt"] == b"mine"
    assert not any(name.startswith(".") for name in read(tmp_path))


def test_without_a_status_quo_there_is_no_baseline(results, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(outputs, "overview_page", lambda _, **__: "page")
    monkeypatch.setattr(
        outputs, "map_page", lambda result, **given: seen.append(given["baseline"]) or "page"
    )
    outputs.write_all(results[1:], tmp_path)
    outputs.write_all(results, tmp_path)
    assert seen == [None, None, *[results[0]] * 3]


def test_a_run_writes_the_explorer_where_all_sets_are_solved(results, tmp_path, monkeypatch):
    """Solving them takes half an hour, so that a run does not; an old page is not linked to."""
    monkeypatch.setattr(outputs, "explorer_page", lambda theatre, **given: "a page")
    monkeypatch.setattr(outputs, "solved_samples", lambda theatre: None)
    (tmp_path / "explorer.html").write_text("of another seabed", "utf-8")
    outputs.write_all(results[:1], tmp_path)
    assert "explorer.html" not in (tmp_path / "index.html").read_text("utf-8")
    assert "half an hour" in outputs.explorer_gap(results)
    monkeypatch.setattr(outputs, "solved_samples", lambda theatre: 0)
    assert tmp_path / "explorer.html" in outputs.write_all(results[:1], tmp_path)
    assert 'href="explorer.html"' in (tmp_path / "index.html").read_text("utf-8")
    assert (tmp_path / "explorer.html").read_text("utf-8") == "a page"


def test_under_other_assumptions_there_is_no_explorer(results):
    other = results[0].assumptions.with_values({"sensor_range_km": 150})
    moved = [replace(result, assumptions=other) for result in results]
    assert "default assumptions" in outputs.explorer_gap(moved)


def test_the_index_links_to_a_report_in_its_folder(results, tmp_path):
    outputs.write_all(results[:1], tmp_path)
    assert 'href="report.html"' not in (tmp_path / "index.html").read_text("utf-8")
    (tmp_path / "report.html").write_text("a page", "utf-8")
    outputs.write_all(results[:1], tmp_path)
    assert 'href="report.html"' in (tmp_path / "index.html").read_text("utf-8")
