"""The command that writes everything: all files or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from commands import refusal

import okhotsk


def test_run_lists_what_it_wrote(run, plain, tmp_path):
    result = run("run", "--output", "out", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == ""
    listed = {Path(line).name for line in result.stdout.splitlines()}
    assert listed == {path.name for path in (tmp_path / "out").iterdir()}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


MINE = """id = "mine"
title = "Mine"
sources = ["My memo of 2026"]
[[cede]]
units = ["yuri"]
"""


def test_files_stand_beside_the_named_options(run, done, plain, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE)
    result = run("run", path, "four-islands", "--cede", "urup", "--output", "out", "--quiet")
    assert result.exit_code == 0, result.stderr
    named = okhotsk.scenario_ids()
    assert [s.scenario_id for s in done["scenarios"]] == [*named, "mine", "cede-urup"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MINE.replace('"mine"', '"four-islands"'), "is the id of a named scenario"),
        (MINE.replace('"mine"', '"index"'), "is the name of another page of a run"),
        (MINE.replace('"yuri"', '"yuri", "yuri"'), "'yuri' is ceded twice"),
        (MINE.replace("Mine", "soft \\u000b break"), "control character U+000B"),
    ],
)
def test_a_file_that_is_refused_stops_before_any_work(run, monkeypatch, tmp_path, text, problem):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    mine = tmp_path.with_name("mine.toml")
    mine.write_text(text)
    for words in (["run"], ["map"], ["report"], ["export"], ["explorer"], ["assess"]):
        assert problem in refusal(run(*words, mine))


def test_an_output_folder_that_is_a_file_is_refused_before_any_work(run, monkeypatch, tmp_path):
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: pytest.fail("work was done"))
    mine = tmp_path.with_name("mine")
    mine.write_text("mine")
    assert "is a file" in refusal(run("run", "--output", mine))
    assert mine.read_text() == "mine"
    assert "is a directory" in refusal(run("map", "status-quo", "--output", tmp_path))


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
    result = run(*words, "--set", "soya_nm=12")
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

    monkeypatch.setattr("okhotsk.assessment.compute.compute_results", stop)
    result = run(*words)
    assert result.exit_code in (1, 130)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
