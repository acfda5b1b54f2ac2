"""The briefing in Word: made by pandoc, whole, and one sentence where there is no pandoc."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypandoc
import pytest
from matplotlib.figure import Figure

from okhotsk.errors import OkhotskError
from okhotsk.report import word
from okhotsk.report.document import (
    Document,
    Section,
    Table,
    draw_picture,
    report_files,
    write_report,
)

ROWS = (("Option | one", "1,234"), ("択捉島 <b>", "5"))


@pytest.fixture(scope="module")
def document() -> Document:
    picture = draw_picture("one", "A caption.", "Map", lambda: Figure(figsize=(2, 1)))
    table = Table("What it holds.", ("Option", "km²"), ROWS, (3.0, 1.0), figures=True)
    first = Section("The answer", paragraphs=("It costs $5 & more.",), points=("A point.",))
    parts = (first, Section("Tables", tables=(table,), pictures=(picture,)))
    return Document("How much?", "A briefing", "Computed today.", parts)


def test_it_holds_headings_tables_and_pictures(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "r.docx"
    assert write_report(document, path, "docx") == [path]
    assert [made.name for made in tmp_path.iterdir()] == ["r.docx"]
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        text = parts.read("word/document.xml").decode()
    assert sum(name.startswith("word/media/") for name in names) == 1
    assert text.count("<w:tbl>") == 1
    assert "Heading1" in text
    back = pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])
    for words in ("How much?", "It costs $5 & more.", "A point.", "What it holds.", "A caption."):
        assert words in back
    for row in ROWS:
        assert all(cell in back for cell in row)


def test_the_same_report_is_the_same_file(document: Document, tmp_path: Path) -> None:
    first, again = (write_report(document, tmp_path / f"{n}.docx", "docx")[0] for n in "ab")
    assert first.read_bytes() == again.read_bytes()


def test_it_is_made_where_it_is_asked_for(tmp_path: Path) -> None:
    assert report_files(tmp_path / "r.docx", None, None) == {"docx": tmp_path / "r.docx"}
    assert report_files(tmp_path, "docx", None) == {"docx": tmp_path / "report.docx"}
    assert "docx" not in report_files(tmp_path, None, None)


def test_without_pandoc_one_sentence_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word.shutil, "which", lambda _: None)
    monkeypatch.setattr(word.util, "find_spec", lambda _: None)
    with pytest.raises(OkhotskError, match=r'install it .* or `pip install "okhotsk\[word\]"`'):
        report_files(tmp_path / "r.docx", None, None)


def test_where_pandoc_fails_its_words_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = tmp_path / "pandoc"
    false.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    false.chmod(0o755)
    (tmp_path / "r.md").write_text("# A")
    monkeypatch.setattr(word, "find_pandoc", lambda: str(false))
    with pytest.raises(OkhotskError, match="pandoc cannot make it: broken"):
        word.write_word(tmp_path / "r.md", tmp_path / "r.docx")
    assert not (tmp_path / "r.docx").exists()
