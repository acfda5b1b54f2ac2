"""The page of one scenario: where it goes, what is refused, the iframe."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest
from commands import refusal


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
    assert out.startswith("<div ")  # with the picture that lies under the frame
    assert out.endswith("</iframe></div>\n")
    assert out.count("<iframe") == out.count("\n") == 1
    assert 'height="480"' in out
    assert list(tmp_path.iterdir()) == []


def test_a_folder_inside_a_file_is_refused(run, plain, tmp_path):
    mine = tmp_path.with_name("mine")
    mine.write_text("mine")
    assert str(mine) in refusal(run("map", "status-quo", "--output", mine / "page.html"))


def test_a_read_only_folder_is_refused(run, plain, monkeypatch, tmp_path):
    def refuse(*_: Any, **options: Any) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(options["dir"]))

    monkeypatch.setattr("tempfile.mkdtemp", lambda s=None, p=None, dir=None: refuse(dir=dir))
    assert "Permission denied" in refusal(run("map", "status-quo", "--output", "page.html"))
