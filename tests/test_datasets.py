"""The registry of the shipped data."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from okhotsk import datasets
from okhotsk.cache import ANSWERS
from okhotsk.errors import DataError, OkhotskError


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data that the package takes for its own."""
    folder = tmp_path / "data"
    shutil.copytree(datasets.data_folder(), folder)
    monkeypatch.setattr(datasets, "data_folder", lambda: folder)
    return folder


def test_shipped_data_are_as_registered() -> None:
    assert datasets.check() == []


def test_registry_names_every_file_with_licence_and_source() -> None:
    folder, known = datasets.data_folder(), datasets.read_data("registry.toml")
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    made = {f for f in files if "__pycache__" in f or f.endswith((".py", ".md"))}
    licences = {f for f in files if f.startswith("COPYING")}
    assert files - made - licences - {"registry.toml", ANSWERS} == set(known) - licences
    for entry in known.values():
        assert len(entry["sha256"]) == 64
        assert entry["licence"]
        assert entry["source"]
        assert entry["processing"]


def test_altered_and_missing_files_are_found_together(copy: Path) -> None:
    with (copy / "islands.toml").open("a") as sink:
        sink.write("# touched\n")
    (copy / "sea.toml").unlink()
    problems = datasets.check()
    assert len(problems) == 2
    altered = hashlib.sha256((copy / "islands.toml").read_bytes()).hexdigest()
    assert any(p.startswith(f"islands.toml: sha256 is {altered}, expected ") for p in problems)
    assert "sea.toml: missing; reinstall the package" in problems


def test_one_changed_byte_is_found(copy: Path) -> None:
    path = copy / "seabed.tif"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert [p.split(":")[0] for p in datasets.check()] == ["seabed.tif"]


def test_folder_in_place_of_a_file_is_one_clear_error(copy: Path) -> None:
    (copy / "sea.toml").unlink()
    (copy / "sea.toml").mkdir()
    with pytest.raises(DataError, match=r"sea\.toml: cannot be read"):
        datasets.check()


def test_sha256_reads_a_file_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"okhotsk" * 300_000)
    assert datasets.sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(DataError, match="absent: cannot be read"):
        datasets.sha256(tmp_path / "absent")


def test_toml_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("a = \n")
    with pytest.raises(DataError, match=r"x\.toml: not valid TOML"):
        datasets.read_toml(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"x\.toml: cannot be read"):
        datasets.read_toml(path)
    assert issubclass(DataError, OkhotskError)
    assert issubclass(DataError, OSError)


def test_no_data_folder_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "__file__", str(tmp_path / "okhotsk" / "datasets.py"))
    with pytest.raises(DataError, match="no data folder in .*reinstall"):
        datasets.data_folder()


@pytest.mark.parametrize("name", ["index.toml", "straits.toml", "scenarios/four-islands.toml"])
def test_the_digest_follows_from_every_table_of_figures(copy: Path, name: str) -> None:
    before = datasets.data_digest()
    with (copy / name).open("a") as sink:
        sink.write("# touched\n")
    assert datasets.data_digest() != before


@pytest.mark.parametrize("name", datasets.SAID)
def test_the_digest_leaves_out_what_is_only_said(copy: Path, name: str) -> None:
    """Samples of minutes are kept under it: a new citation must not throw them away."""
    before = datasets.data_digest()
    with (copy / name).open("a") as sink:
        sink.write("# touched\n")
    assert datasets.data_digest() == before


def test_every_citation_is_a_text_and_cannot_be_altered() -> None:
    cited = datasets.citations()
    assert len(cited) > 20
    assert all(isinstance(text, str) and text for text in cited.values())
    with pytest.raises(TypeError):
        cited["S1"] = "x"  # type: ignore[index]
