"""The shared options: one session of them, and what it refuses to load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
import rasterio
from commands import refusal

import okhotsk
from okhotsk.cli.options import pass_session, scenario_options, set_option, theatre_options
from okhotsk.cli.session import Session
from okhotsk.datasets import data_folder

OWN = """
id = "own"
title = "Kunashir alone"
[[cede]]
units = ["kunashir"]
"""


@pytest.mark.parametrize("words", [["straits", "--scenario"], ["assess"], ["map", "--embed"]])
def test_a_scenario_file_works_wherever_an_id_does(run, done, tmp_path, words):
    own = tmp_path / "own option.toml"
    own.write_text(OWN, encoding="utf-8")
    result = run(*words, own)
    assert result.exit_code == 0, result.stderr
    if "straits" not in words:
        beside = ["status-quo"] if "map" in words else []  # a map compares with today
        assert [option.scenario_id for option in done["scenarios"]] == [*beside, "own"]


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
        depth = source.read(1, out_shape=shape, masked=True).filled(0).astype(np.float32)
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


# --- the session itself ---

WORDS = [
    *("--cede", "urup", "--demilitarised", "--set", "soya_nm=12", "--set", "patrol_depth_m=100"),
    *("--seabed-variable", "z", "--seabed-resolution", "5"),
    *("--seabed", "mine.tif", "--seabed-positive", "up", "--no-cache", "--quiet"),
]


def sessions(*options: Callable[..., Any]) -> Callable[..., Session]:
    """What makes the session of some words, for a command with these options."""

    @click.pass_context
    def command(context: click.Context, session: Session, own: str) -> None:
        context.obj.append((session, own))

    command = click.option("--own", default="own")(pass_session(command))
    for option in options:
        command = option(command)
    made = click.command()(command)

    def make(*words: str) -> Session:
        given: list[tuple[Session, str]] = []
        made.main(list(words), obj=given, standalone_mode=False)
        ((session, own),) = given
        assert own == "own"  # what is no option of the session stays with the command
        return session

    return make


def test_the_same_options_make_equal_sessions():
    make = sessions(scenario_options, theatre_options)
    expected = Session(
        seabed=Path("mine.tif"),
        positive="up",
        variable="z",
        resolution_arcmin=5.0,
        cache=False,
        quiet=True,
        values=("soya_nm=12", "patrol_depth_m=100"),
        cede="urup",
        demilitarised=True,
    )
    assert make(*WORDS) == make(*WORDS) == expected
    assert len({make(*WORDS), make(*WORDS), make(*WORDS[:-1])}) == 2


def test_without_options_every_session_is_the_default():
    groups = [[scenario_options, theatre_options], [set_option, theatre_options], []]
    assert [sessions(*options)() for options in groups] == [Session()] * 3


def test_a_session_asks_for_what_its_options_say(monkeypatch):
    asked: dict[str, Any] = {}
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **given: asked.update(given))
    of_file = {"seabed": Path("mine.tif"), "positive": "down", "variable": "z"}
    Session(**of_file, resolution_arcmin=5, cache=False, quiet=True).theatre()
    del asked["computing"]
    assert asked == of_file | {"resolution_arcmin": 5, "cache": False, "progress": None}
    changed = okhotsk.Assumptions().with_values({"soya_nm": 12})
    assert Session(values=("soya_nm=12",)).assumptions() == changed
    own = Session(cede="urup", demilitarised=True).scenarios(["status-quo"])
    assert own == [
        okhotsk.load_scenario("status-quo"),
        okhotsk.cede(["urup"], demilitarised=True),
    ]
