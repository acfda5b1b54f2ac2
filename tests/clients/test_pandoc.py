"""The report in a word processor: LibreOffice lays out what pandoc makes of our Markdown."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypandoc
import pytest
from clients.programs import need, office
from matplotlib.figure import Figure

from okhotsk.report.briefing import COLUMNS
from okhotsk.report.document import Document, Section, Table, draw_picture, write_report

CELLS = ("demilitarised", "11,487 (11,300)", "18,403", "10 / 1 / 1", "773 (694 to 756)")


@pytest.fixture(scope="module")
def document() -> Document:
    heads = tuple(COLUMNS)
    rows = tuple(
        (f"Four islands, {CELLS[0]}", *(CELLS[1 + n % 4] for n in range(len(heads) - 1)))
        for _ in range(3)
    )
    table = Table("What it holds.", heads, rows, tuple(COLUMNS.values()), figures=True)
    picture = draw_picture("one", "A caption.", "Map", lambda: Figure(figsize=(2, 1)))
    return Document(
        "How much?", "A briefing", "Made.", (Section("T", tables=(table,), pictures=(picture,)),)
    )


@pytest.fixture(scope="module", params=["docx", "md"])
def pages(request: pytest.FixtureRequest, document: Document, tmp_path_factory) -> str:
    """The text of the pages of our Word document, and of one that pandoc makes of our Markdown."""
    folder: Path = tmp_path_factory.mktemp("word")
    pandoc, read = need("pandoc"), need("pdftotext")
    path, made = folder / f"r.{request.param}", folder / "made.docx"
    write_report(document, path, request.param)
    subprocess.run([pandoc, path.name, "-o", made.name], cwd=folder, check=True)
    office(made, "pdf", folder)
    done = subprocess.run(
        [read, "-layout", made.with_suffix(".pdf"), "-"], capture_output=True, check=True
    )
    return done.stdout.decode()


@pytest.mark.clients
def test_no_word_of_a_table_is_broken(pages: str) -> None:
    found = set(pages.split())
    wanted = {word for text in (*COLUMNS, *CELLS) for word in text.split()}
    # A line may end behind a dash, a slash or a bracket that opens.
    missing = {word for word in wanted - found if re.fullmatch(r"[\w.,%²]+|\([\d,]+\)", word)}
    assert not missing


@pytest.mark.parametrize("kind", ["docx", "latex", "typst"])
def test_pandoc_keeps_every_picture_of_the_markdown(document, tmp_path: Path, kind: str) -> None:
    write_report(document, tmp_path / "r.md", "md")
    suffix = {"docx": ".docx", "latex": ".tex", "typst": ".typ"}[kind]
    command = [pypandoc.get_pandoc_path(), "-t", kind, "r.md", "-o", f"r{suffix}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    made = (tmp_path / f"r{suffix}").read_bytes()
    assert (b"word/media/" if kind == "docx" else b"r_files/one.png") in made


@pytest.mark.parametrize("kind", ["docx", "latex", "typst"])
def test_a_map_in_markdown_reaches_word_in_two_steps(coarse_results, tmp_path, kind) -> None:
    """As docs/clients-desktop.md says: through HTML, since pandoc drops <img> of Markdown."""
    result = coarse_results["four-islands"]
    (tmp_path / "a.md").write_text(f"# Maps\n\n{result.embed(src='page.html')}\n", "utf-8")
    (tmp_path / "page.html").write_text("<!doctype html><title>The page</title>", "utf-8")
    pandoc, suffix = (
        pypandoc.get_pandoc_path(),
        {"docx": "docx", "latex": "tex", "typst": "typ"}[kind],
    )
    commands = (
        [pandoc, "a.md", "-o", "a.html"],
        [pandoc, "a.html", "-o", f"a.{suffix}", "--extract-media", "media"],
    )
    for command in commands:
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    made = (tmp_path / f"a.{suffix}").read_bytes()
    assert {"docx": b"word/media/", "latex": rb"\includegraphics", "typst": b"image("}[kind] in made


def test_in_one_step_the_words_of_a_map_stay(coarse_results, tmp_path) -> None:
    result = coarse_results["four-islands"]
    (tmp_path / "a.md").write_text(f"# Maps\n\n{result.embed(src='page.html')}\n", "utf-8")
    plain = pypandoc.convert_file(str(tmp_path / "a.md"), "plain", extra_args=["--wrap=none"])
    assert result.scenario.title in plain
    assert "Seal line" in plain
