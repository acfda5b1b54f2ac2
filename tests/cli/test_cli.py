"""The command line: what it prints, what it refuses, what it leaves behind."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner, Result
from readers import read_latex, read_markdown

import okhotsk
from okhotsk.cli.main import FORMATS, main
from okhotsk.datasets import data_folder

COMMAND = Path(sys.executable).with_name("okhotsk")
SCENARIOS = ["scenario_id", "title", "date", "proponent", "status", "line", "source"]
ISLANDS = [
    "island_id",
    "name",
    "name_ru",
    "name_ja",
    "group",
    "district",
    "area_km2",
    "coast_km",
    "lon",
    "lat",
    "population",
    "population_year",
    "source",
]
STRAITS = [
    "strait_id",
    "name",
    "name_ru",
    "name_ja",
    "side_a",
    "side_b",
    "exit",
    "resolved",
    "width_km",
    "throat_width_km",
    "throat_area_km2",
    "throat_share",
    "sill_depth_m",
]
HELD = ["scenario_id", "holder_a", "holder_b", "regime", "corridor_km", "corridor_depth_m"]
ASSESS = [
    "scenario_id",
    "ceded_land_km2",
    "ceded_population",
    "ceded_coast_km",
    "sea_km2",
    "ru_territorial_sea_km2",
    "jp_territorial_sea_km2",
    "ru_eez_km2",
    "jp_eez_km2",
    "high_seas_km2",
    "exits_russian",
    "exits_shared",
    "exits_japanese",
    "russian_throat_share",
    "access_depth_m",
    "egress_depth_m",
    "barrier_km",
    "barrier_area_km2",
    "patrol_km2",
    "refuge_km2",
    "refuge_share",
    "sensed_share",
    "egress_exposure",
    "intruder_exposure",
    "index",
    "index_low",
    "index_high",
]
FOUR = "habomai,shikotan,kunashir,iturup"
OWN = """
id = "own"
title = "Kunashir alone"
[[cede]]
units = ["kunashir"]
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def real(theatre: okhotsk.Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands have the theatre that the tests already hold."""
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: theatre)


@pytest.fixture
def rough(coarse: okhotsk.Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands have the coarse theatre."""
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: coarse)


@pytest.fixture
def done(
    results: list[okhotsk.Assessment], real: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Give the commands the shared results; returns what they asked for."""
    asked: dict[str, Any] = {}

    def give(theatre: Any, scenarios: Any = None, **options: Any) -> list[okhotsk.Assessment]:
        asked.update(options, scenarios=scenarios)
        return results if scenarios is None else results[: len(scenarios)]

    monkeypatch.setattr("okhotsk.api.assess_all", give)
    return asked


@pytest.fixture
def plain(done: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """As done, with short texts in the place of the pages."""
    for name in ("outputs.map_page", "outputs.overview_page", "maps.map_page"):
        monkeypatch.setattr(f"okhotsk.{name}", lambda result, **_: "page\n" * 500)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert isinstance(found, list)
    assert all(not isinstance(value, dict | list) for row in found for value in row.values())
    return found


def refusal(result: Result) -> str:
    """The one sentence of a refused command."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    sentences = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(sentences) == 1
    assert result.stderr.rstrip().endswith(sentences[0])
    assert "Traceback" not in result.stderr
    assert list(Path.cwd().iterdir()) == []
    return sentences[0].removeprefix("Error: ")


# --- tables ---


def commands(style: str) -> dict[str, list[str]]:
    named = {
        "scenarios": ["scenarios"],
        "islands": ["islands"],
        "straits": ["straits"],
        "straits of an option": ["straits", "--scenario", "half-area-2006"],
        "assess": ["assess"],
    }
    return {name: [*words, "--format", style] for name, words in named.items()}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("scenarios", SCENARIOS),
        ("islands", ISLANDS),
        ("straits", STRAITS),
        ("straits of an option", [*STRAITS, *HELD]),
    ],
)
def test_columns_are_those_of_the_contract(run, done, name, columns):
    for row in rows(run(*commands("json")[name])):
        assert list(row) == columns


def test_columns_of_assess_are_those_of_the_contract(run, done):
    for row in rows(run(*commands("json")["assess"])):
        assert list(row) == ASSESS


def test_every_option_island_and_strait_is_listed(run, real):
    assert [row["scenario_id"] for row in rows(run("scenarios", "--format", "json"))] == (
        okhotsk.scenario_ids()
    )
    islands, straits = (
        [row[key] for row in rows(run(name, "--format", "json"))]
        for name, key in (("islands", "island_id"), ("straits", "strait_id"))
    )
    for ids, least in ((islands, 30), (straits, 25)):
        assert len(ids) == len(set(ids)) >= least
        assert all(id == id.lower() and " " not in id and "_" not in id for id in ids)


@pytest.mark.parametrize("name", commands("json"))
def test_formats_agree(run, done, name):
    """CSV, Markdown and LaTeX read back to the values of JSON; the table shows them all."""
    known = rows(run(*commands("json")[name]))
    texts = {style: run(*commands(style)[name]).stdout for style in FORMATS}
    readers = {
        "csv": lambda text: list(csv.reader(io.StringIO(text))),
        "markdown": lambda text: read_markdown(text.rstrip("\n")),
        "latex": read_latex,
    }
    for style, read in readers.items():
        head, *body = read(texts[style])
        assert head == list(known[0]), style
        for cells, row in zip(body, known, strict=True):
            for cell, value in zip(cells, row.values(), strict=True):
                assert_same(cell, value)
    for row in known:
        for value in row.values():
            assert value is None or isinstance(value, bool | float) or str(value) in texts["table"]


def assert_same(cell: str, value: Any) -> None:
    if value is None:
        assert cell == ""
    elif isinstance(value, bool):
        assert cell in (("yes", "True") if value else ("no", "False"))
    elif isinstance(value, int | float):
        assert float(cell) == value
    else:
        assert cell == " ".join(value.split())


def test_unresolved_straits_have_no_depth(run, real):
    found = rows(run("straits", "--scenario", "status-quo", "--format", "json"))
    hidden = [row for row in found if not row["resolved"]]
    assert "second-kuril" in {row["strait_id"] for row in hidden}
    for row in hidden:
        for key in ("throat_area_km2", "throat_share", "sill_depth_m", "corridor_depth_m"):
            assert row[key] is None


def test_regimes_follow_the_option(run, real):
    def regimes(*words: str) -> dict[str, str]:
        found = rows(run("straits", *words, "--format", "json"))
        return {row["strait_id"]: row["regime"] for row in found}

    today, ceded = regimes("--scenario", "status-quo"), regimes("--scenario", "four-islands")
    assert (today["friza"], ceded["friza"]) == ("russian", "shared")
    assert (today["yekaterina"], ceded["yekaterina"]) == ("russian", "japanese")
    assert (today["bussol"], ceded["bussol"]) == ("russian", "russian")
    assert regimes("--cede", FOUR) == ceded


# --- options of one's own ---


def test_cede_and_a_file_equal_the_named_option(run, rough, tmp_path):
    named = (data_folder() / "scenarios" / "four-islands.toml").read_text("utf-8")
    copy = tmp_path / "mine.toml"
    copy.write_text(named.replace('id = "four-islands"', 'id = "mine"'), encoding="utf-8")
    words = ["assess", "four-islands", copy, "--cede", FOUR, "--format", "json"]
    ids, figures = zip(*(split(row) for row in rows(run(*words))), strict=True)
    assert ids == ("four-islands", "mine", "cede-habomai-iturup-kunashir-shikotan")
    assert figures[0] == figures[1] == figures[2]


def test_cede_demilitarised_equals_the_named_option(run, rough):
    words = ["assess", "four-islands-demilitarised", "--cede", FOUR, "--demilitarised"]
    ids, figures = zip(*(split(row) for row in rows(run(*words, "--format", "json"))), strict=True)
    assert ids[1] == "cede-habomai-iturup-kunashir-shikotan-demilitarised"
    assert figures[0] == figures[1]


def split(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return row["scenario_id"], {key: row[key] for key in row if key != "scenario_id"}


def test_groups_and_units_may_be_mixed_in_any_order(run, done):
    run("assess", "--cede", " iturup , shikotan,,habomai")
    mixed = done["scenarios"][0]
    assert mixed.title == "Ceded: Iturup, Shikotan, habomai"
    assert {c.unit for c in mixed.cessions} == {
        c.unit for c in okhotsk.load_scenario("four-islands").cessions
    } - {"kunashir"}


def test_set_reaches_the_assessment(run, done):
    run("assess", "status-quo", "--set", "refuge_standoff_km=150", "--set", "patrol_depth_m = 100")
    changed = {"refuge_standoff_km": 150, "patrol_depth_m": 100}
    assert done["assumptions"] == okhotsk.Assumptions().with_values(changed)


def test_set_changes_the_corridors(run, real):
    words = ["straits", "--scenario", "status-quo", "--format", "json"]
    wide, narrow = (
        {row["strait_id"]: row["corridor_km"] for row in rows(run(*words, *more))}
        for more in ([], ["--set", "territorial_sea_nm=3"])
    )
    assert all(narrow[name] >= wide[name] for name in wide)
    assert narrow["bussol"] > wide["bussol"] + 10


@pytest.mark.parametrize("words", [["straits", "--scenario"], ["assess"], ["map", "--embed"]])
def test_a_scenario_file_works_wherever_an_id_does(run, done, tmp_path, words):
    own = tmp_path / "own option.toml"
    own.write_text(OWN, encoding="utf-8")
    result = run(*words, own)
    assert result.exit_code == 0, result.stderr
    if "straits" not in words:
        assert [option.scenario_id for option in done["scenarios"]] == ["own"]


# --- refusals ---


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["assess", "five-islands"], "unknown scenario 'five-islands'"),
        (["map", "five-islands"], "unknown scenario 'five-islands'"),
        (["straits", "--scenario", "x"], "unknown scenario 'x'"),
        (["assess", "missing.toml"], "missing.toml does not exist"),
        (["assess", "../status-quo"], "unknown scenario"),
        (["assess", "--cede", "atlantis"], "unknown unit 'atlantis'"),
        (["assess", "--cede", "kunashir,kunashir"], "'kunashir' is ceded twice"),
        (["assess", "--cede", "habomai,yuri"], "'yuri' is ceded twice"),
        (["assess", "--cede", ""], "--cede names no unit"),
        (["assess", "--cede", " , "], "--cede names no unit"),
        (["assess", "status-quo", "--demilitarised"], "--demilitarised goes with --cede"),
        (["straits", "--scenario", "status-quo", "--cede", "urup"], "either --scenario or --cede"),
        (["map"], "name one option"),
        (["map", "status-quo", "four-islands"], "name one option"),
        (["map", "status-quo", "--cede", "urup"], "name one option"),
        (["assess", "--set", "patrol_depth=100"], "unknown assumption patrol_depth"),
        (["assess", "--set", "patrol_depth_m=deep"], "expected NAME=VALUE with a number"),
        (["assess", "--set", "patrol_depth_m"], "expected NAME=VALUE with a number"),
        (["assess", "--set", "soya_nm=3", "--set", "soya_nm=12"], "soya_nm is given twice"),
        (["sweep", "--vary", "soya_nm=3", "--vary", "soya_nm=12"], "soya_nm is given twice"),
        (["assess", "--set", "patrol_depth_m=1e9"], "patrol_depth_m is 1000000000.0, expected 50"),
        (["assess", "--set", "patrol_depth_m=nan"], "patrol_depth_m is nan, expected 50 to 300"),
        (["run", "--set", "patrol_depth_m=-1"], "patrol_depth_m is -1.0, expected 50 to 300"),
        (["assess", "--format", "xml"], "'xml' is not one of"),
        (["assess", "--seabed-positive", "left"], "'left' is not one of"),
        (["map", "status-quo", "--height", "tall"], "'tall' is not a valid integer"),
        (["asess"], "No such command 'asess'"),
        (["data", "mend"], "No such command 'mend'"),
    ],
)
def test_bad_words_are_refused_in_one_sentence(run, words, said):
    assert said in refusal(run(*words))


def test_all_problems_of_a_scenario_file_are_named_at_once(run, tmp_path_factory):
    bad = tmp_path_factory.mktemp("bad") / "bad.toml"
    bad.write_text(
        'id = "bad"\ntitel = "x"\n[[cede]]\nunits = ["urup", "atlantis"]\n'
        '[[cede]]\nunits = ["urup"]\nforces = "none"\n',
        encoding="utf-8",
    )
    said = refusal(run("assess", bad))
    for part in (str(bad), "'titel'", "'title' is missing", "'atlantis'", "'urup' is ceded twice"):
        assert part in said


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", b"", b"\x00" * 10])
def test_a_file_that_is_no_scenario(run, tmp_path_factory, content):
    bad = tmp_path_factory.mktemp("bad") / "bad.toml"
    bad.write_bytes(content)
    assert str(bad) in refusal(run("assess", bad))


@pytest.fixture(scope="session")
def grids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seabeds that cannot serve, made from the shipped one on coarse cells."""
    folder = tmp_path_factory.mktemp("grids")
    with rasterio.open(data_folder() / "seabed.tif") as source:
        shape = (source.height // 15, source.width // 15)
        depth = source.read(1, out_shape=shape).astype(np.float32)
        size = source.transform.a * 15
        west, north = source.bounds.left, source.bounds.top
    profile = {
        "driver": "GTiff",
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "height": shape[0],
        "width": shape[1],
        "transform": rasterio.Affine(size, 0, west, 0, -size, north),
    }
    variants = {"feet": depth / 0.3048, "up": -depth, "flat": depth * 0, "mirrored": depth[:, ::-1]}
    for name, values in variants.items():
        with rasterio.open(folder / f"{name}.tif", "w", **profile) as sink:
            sink.write(values, 1)
    (folder / "text.tif").write_text("not a raster")
    (folder / "empty.tif").write_bytes(b"")
    whole = (data_folder() / "seabed.tif").read_bytes()
    (folder / "cut.tif").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.tif", "cannot be read as a raster"),
        ("text.tif", "cannot be read as a raster"),
        ("empty.tif", "cannot be read as a raster"),
        ("cut.tif", "cannot be read as a raster"),
        (".", "cannot be read as a raster"),
        ("feet.tif", "it seems to be in feet"),
        ("up.tif", "add --seabed-positive up"),
        ("flat.tif", "the same value everywhere"),
        ("mirrored.tif", "upside down or mirrored"),
    ],
)
def test_a_seabed_that_cannot_serve(run, grids, name, said):
    for words in (["straits"], ["map", "status-quo"]):
        sentence = refusal(run(*words, "--seabed", grids / name))
        assert said in sentence
        assert str(grids) in sentence


# --- pages and folders ---


def test_map_writes_a_page_named_after_the_option(run, done, tmp_path):
    result = run("map", "status-quo")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "status-quo.html\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["status-quo.html"]
    page = (tmp_path / "status-quo.html").read_text("utf-8")
    assert run("map", "status-quo", "--output", "-").stdout == page
    assert [path.name for path in tmp_path.iterdir()] == ["status-quo.html"]
    run("map", "status-quo", "--output", "new/folder/page.html")
    assert (tmp_path / "new/folder/page.html").read_text("utf-8") == page


def test_tiles_nobody_knows_are_refused_before_any_work(run, monkeypatch):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    assert "unknown tiles 'Nowhere'" in refusal(run("map", "status-quo", "--tiles", "Nowhere"))


def test_embed_prints_one_iframe_and_writes_nothing(run, done, tmp_path):
    out = run("map", "status-quo", "--embed", "--height", "480").stdout
    assert out.startswith("<iframe ")
    assert out.endswith("</iframe>\n")
    assert out.count("<iframe") == out.count("\n") == 1
    assert 'height="480"' in out
    assert list(tmp_path.iterdir()) == []


def test_export_writes_a_geopackage_named_after_the_option(run, done, tmp_path):
    result = run("export", "status-quo")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "status-quo.gpkg\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["status-quo.gpkg"]
    assert run("export", "status-quo", "--output", "a/b.kml").stdout == "a/b.kml\n"
    out = run("export", "status-quo", "--format", "cog").stdout.split()
    assert out == [f"status-quo-cog/{name}.tif" for name in ("depth", "waters", "zones")]


def test_export_refuses_what_it_cannot_write_before_any_work(run, monkeypatch, tmp_path):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    assert "no format" in refusal(run("export", "status-quo", "--output", "x.shp"))
    assert "is a folder" in refusal(
        run("export", "status-quo", "--output", tmp_path, "--format", "kml")
    )
    assert list(tmp_path.iterdir()) == []


def test_run_lists_what_it_wrote(run, plain, tmp_path):
    result = run("run", "--output", "out", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == ""
    listed = {Path(line).name for line in result.stdout.splitlines()}
    assert listed == {path.name for path in (tmp_path / "out").iterdir()}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_output_folder_that_is_a_file_is_refused_before_any_work(run, monkeypatch, tmp_path):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    mine = tmp_path.with_name("mine")
    mine.write_text("mine")
    assert "is a file" in refusal(run("run", "--output", mine))
    assert mine.read_text() == "mine"
    assert "is a directory" in refusal(run("map", "status-quo", "--output", tmp_path))


def test_a_folder_inside_a_file_is_refused(run, plain, tmp_path):
    mine = tmp_path.with_name("mine")
    mine.write_text("mine")
    assert str(mine) in refusal(run("map", "status-quo", "--output", mine / "page.html"))


def test_a_read_only_folder_is_refused(run, plain, monkeypatch, tmp_path):
    def refuse(*_: Any, **options: Any) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(options["dir"]))

    monkeypatch.setattr("tempfile.mkdtemp", lambda s=None, p=None, dir=None: refuse(dir=dir))
    assert "Permission denied" in refusal(run("map", "status-quo", "--output", "page.html"))


@pytest.mark.parametrize("words", [["run", "--output", "maps"], ["map", "status-quo"]])
def test_a_full_disk_leaves_the_earlier_files(run, plain, monkeypatch, tmp_path, words):
    assert run(*words).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    real, count = Path.write_text, iter(range(100))

    def write(self: Path, text: str, **options: Any) -> int:
        if next(count) == (3 if "run" in words else 0):
            real(self, text[:1000], **options)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        return real(self, text, **options)

    monkeypatch.setattr(Path, "write_text", write)
    result = run(*words, "--set", "soya_nm=3")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith("No space left on device\n")
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    assert not list(tmp_path.rglob(".okhotsk-*"))


@pytest.mark.parametrize("words", [["run"], ["map", "status-quo"], ["assess"]])
def test_ctrl_c_leaves_no_file(run, real, monkeypatch, tmp_path, words):
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("okhotsk.api.assess_all", stop)
    result = run(*words)
    assert result.exit_code in (1, 130)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


# --- the rest ---


def test_data_check(run):
    result = run("data", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("all files as registered\n")


def test_data_check_names_every_altered_file(run, monkeypatch):
    altered = ["seabed.tif: missing; reinstall", "islands.toml: sha256 is 1, expected 2"]
    monkeypatch.setattr("okhotsk.datasets.check", lambda: altered)
    assert refusal(run("data", "check")) == "; ".join(altered)


def test_version_and_help(run):
    assert run("--version").stdout.strip().endswith(f"version {okhotsk.__version__}")
    for words in ([], ["assess"], ["map"], ["run"], ["straits"], ["data"], ["data", "check"]):
        short, long = run(*words, "-h"), run(*words, "--help")
        assert short.exit_code == 0
        assert short.stdout == long.stdout
        assert short.stdout.startswith("Usage: ")
        assert short.stderr == ""


# --- in a process of its own ---


def test_a_reader_that_closes_the_pipe_sees_no_trace():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [COMMAND, "islands"], stdout=write, stderr=subprocess.PIPE, text=True, timeout=120
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 1, 141)


def test_a_refusal_by_a_real_process(tmp_path):
    words = [COMMAND, "straits", "--seabed", tmp_path / "missing.tif"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {tmp_path / 'missing.tif'}: cannot be read")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


INTERRUPTED = """
import os, signal, time
import okhotsk.theatre.model
from okhotsk.cli import main
# A shell that starts jobs in the background may have had the signal ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
def load(**_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
okhotsk.theatre.storage.load = load
main(["run", "--output", "maps"])
"""


def test_ctrl_c_to_a_real_process(tmp_path):
    words = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode in (1, 130)
    assert (done.stdout, done.stderr.strip()) == ("", "Aborted!")
    assert list(tmp_path.iterdir()) == []


def test_sweep_prints_every_cession(run: Run, rough: None) -> None:
    result = run("sweep", "--pieces", "shikotan,kunashir", "--no-index", "--format", "json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.output)
    assert [row["scenario_id"] for row in rows] == [
        "cede-nothing",
        "cede-shikotan",
        "cede-kunashir",
        "cede-shikotan-kunashir",
    ]
    assert [row["pieces"] for row in rows] == [0, 1, 2, 3]
    assert rows[0]["barrier_km"] <= rows[3]["barrier_km"]
    assert set(rows[0]) <= {*ASSESS, "pieces"}


def test_sweep_writes_a_file(run: Run, rough: None) -> None:
    words = ("--pieces", "shikotan,kunashir", "--family", "chain", "--no-index")
    result = run("sweep", *words)
    assert result.exit_code == 0, result.output
    assert result.output == "sweep.parquet: 3 cessions\n"
    assert [path.name for path in Path().iterdir()] == ["sweep.parquet"]


def test_sweep_names_what_is_wrong(run: Run) -> None:
    result = run("sweep", "--pieces", "shikotan,atlantis")
    assert result.exit_code == 2
    assert "unknown unit 'atlantis'" in result.output
    assert run("sweep", "--format", "csv", "--output", "x.parquet").exit_code == 2


def test_frontier_prints_thresholds_and_steps(run: Run, rough: None) -> None:
    words = ("--pieces", "shikotan,kunashir,iturup", "--format", "csv")
    table = pd.read_csv(io.StringIO(run("frontier", *words).output))
    assert set(table.family) == {"chain", "any"}
    assert set(table.by) == {"land", "people", "eez"}
    assert {"index", "all", "straits"} <= set(table.measure)
    steps = pd.read_csv(io.StringIO(run("frontier", *words, "--steps").output))
    assert steps.up_to.tolist() == ["nothing", "shikotan", "kunashir", "iturup"]
    said = run("frontier", *words[:2]).output
    assert said.startswith("To keep 99")
    assert "shikotan to kunashir" in said
    assert max(map(len, said.partition("\n\n")[2].splitlines())) <= 100


def test_sweep_repeats_under_other_assumptions(
    run: Run, rough: None, monkeypatch: pytest.MonkeyPatch, coarse: okhotsk.Theatre
) -> None:
    monkeypatch.setattr("okhotsk.sweep.cluster.load", lambda **_: coarse)
    words = ("--pieces", "shikotan", "--no-index", "--vary", "refuge_standoff_km=100,150")
    result = run("sweep", *words, "--set", "soya_nm=3", "--format", "csv")
    assert result.exit_code == 0, result.output
    table = pd.read_csv(io.StringIO(result.output))
    assert table.refuge_standoff_km.tolist() == [100, 100, 150, 150]
    assert (table.soya_nm == 3).all()
    assert run("sweep", *words).output == "sweep.parquet: 4 cessions\n"
    result = run("sweep", "--vary", "refuge_standoff_km=far")
    assert (result.exit_code, "expected NAME=VALUE with numbers" in result.output) == (2, True)
