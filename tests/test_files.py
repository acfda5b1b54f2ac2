"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from okhotsk.files import write_text, write_texts

TEXTS = {"a.html": "<p>é 宗谷</p>\n", "b.json": "[]\n", "c.csv": "x\n1\n"}


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def full_disk(monkeypatch: pytest.MonkeyPatch, *, at: str) -> None:
    """Let the disk be full once a file of some name is half written."""
    real = Path.write_text

    def write(self: Path, text: str, **options: object) -> int:
        if self.name == at:
            real(self, text[: len(text) // 2], **options)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        return real(self, text, **options)

    monkeypatch.setattr(Path, "write_text", write)


def test_all_files_are_written_as_utf8_with_unix_line_ends(tmp_path):
    made = write_texts(tmp_path / "new" / "deep", TEXTS)
    assert made == [tmp_path / "new" / "deep" / name for name in TEXTS]
    assert content(tmp_path / "new" / "deep") == TEXTS
    assert b"\r" not in made[0].read_bytes()


def test_files_have_the_rights_of_any_new_file(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("x")
    write_text(tmp_path / "made", "x")
    assert (tmp_path / "made").stat().st_mode == plain.stat().st_mode


def test_earlier_files_are_replaced_and_others_left(tmp_path):
    write_texts(tmp_path, {"a.html": "old", "mine.txt": "mine"})
    write_texts(tmp_path, TEXTS)
    assert content(tmp_path) == TEXTS | {"mine.txt": "mine"}


@pytest.mark.parametrize("at", TEXTS)
def test_a_full_disk_leaves_the_earlier_files(tmp_path, monkeypatch, at):
    old = {name: f"old {name}" for name in TEXTS}
    write_texts(tmp_path, old)
    full_disk(monkeypatch, at=at)
    with pytest.raises(OSError, match="No space left"):
        write_texts(tmp_path, TEXTS)
    assert content(tmp_path) == old


def test_ctrl_c_leaves_the_earlier_files(tmp_path, monkeypatch):
    write_texts(tmp_path, {"a.html": "old"})

    def stop(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", stop)
    with pytest.raises(KeyboardInterrupt):
        write_texts(tmp_path, TEXTS)
    assert content(tmp_path) == {"a.html": "old"}


def test_a_text_that_cannot_be_encoded_leaves_the_earlier_files(tmp_path):
    write_texts(tmp_path, {"a.html": "old"})
    with pytest.raises(UnicodeEncodeError):
        write_texts(tmp_path, {"a.html": "new", "b.html": "\ud800"})
    assert content(tmp_path) == {"a.html": "old"}


def test_a_folder_in_the_place_of_a_file_leaves_the_earlier_files(tmp_path):
    write_texts(tmp_path, {"a.html": "old"})
    (tmp_path / "b.json").mkdir()
    with pytest.raises(IsADirectoryError):
        write_texts(tmp_path, TEXTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.json"]
    assert (tmp_path / "a.html").read_text() == "old"


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "maps").write_text("mine")
    with pytest.raises(FileExistsError):
        write_texts(tmp_path / "maps", TEXTS)
    assert content(tmp_path) == {"maps": "mine"}


def test_two_writers_at_once_leave_one_whole_set(tmp_path):
    sets = [{name: f"{n} " * 5000 for name in TEXTS} for n in range(4)]
    threads = [threading.Thread(target=write_texts, args=(tmp_path, texts)) for texts in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(content(tmp_path)) == sorted(TEXTS)
    assert set(content(tmp_path).values()) <= {texts["a.html"] for texts in sets}


def test_a_folder_that_takes_no_file_is_named(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/somewhere/else")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(PermissionError, match="no file can be written there") as caught:
        write_text(tmp_path / "a.html", "x")
    assert caught.value.filename == str(tmp_path)
    assert content(tmp_path) == {}
