"""The document: three formats, escaped texts, templates of one's own."""

from __future__ import annotations

import re
from dataclasses import replace

import markupsafe
import pytest
from readers import read_markdown

from okhotsk.html import linked
from okhotsk.report.document import (
    ReportError,
    Section,
    Table,
    compile_typst,
    escape_markdown,
    escape_typst,
    render_document,
    report_files,
    write_report,
)


def test_every_text_is_in_every_format(document):
    texts = [t for s in document.sections for t in (*s.paragraphs, *s.points)]
    assert len(texts) > 30
    html, markdown, source = (render_document(document, style) for style in ("html", "md", "pdf"))
    for text in texts:
        assert markupsafe.escape(text) in html or linked(text) in html
        assert escape_markdown(text) in markdown
        assert escape_typst(text) in source


@pytest.mark.browser
def test_html_is_self_contained(document, open_page, tmp_path):
    path = write_report(document, tmp_path / "report.html", "html")[0]
    with open_page(path, 390, 844) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        shown = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
        assert seen.page.evaluate(shown)
        seen.assert_quiet()


def test_pdf_has_its_pages_and_is_the_same_twice(document, tmp_path):
    one, other = (
        write_report(document, tmp_path / f"{n}.pdf", "pdf")[0].read_bytes() for n in "ab"
    )
    assert one == other
    assert one.startswith(b"%PDF")
    pages = compile_typst(render_document(document, "pdf"), document, style="png", ppi=30)
    assert 4 <= len(pages) <= 8


def test_markdown_names_pictures_that_are_there(document, tmp_path):
    written = write_report(document, tmp_path / "brief.md", "md")
    named = re.findall(r"\]\((brief_files/\S+)\)", written[0].read_text("utf-8"))
    assert len(named) == len(document.pictures) > 2
    assert all((tmp_path / name).is_file() for name in named)


def test_nasty_texts_are_escaped(document):
    nasty = "a_b #x $1 [y] <z> *w* `v` \\ @u ~ // 日本"
    evil = replace(document, subtitle=nasty)
    assert compile_typst(render_document(evil, "pdf"), evil)[:4] == b"%PDF"
    assert "&lt;z&gt;" in render_document(evil, "html")


def test_templates_of_ones_own(document, tmp_path):
    own = tmp_path / "mine.md.j2"
    own.write_text("{{ document.title }}: {{ document.sections | length }}", "utf-8")
    assert render_document(document, "md", template=own).endswith(f": {len(document.sections)}")
    own.write_text("line\n{% for %}", "utf-8")
    with pytest.raises(ReportError, match=r"mine.md.j2, line 2"):
        render_document(document, "md", template=own)
    own.write_text("{{ document.nothing }}", "utf-8")
    with pytest.raises(ReportError, match="nothing"):
        render_document(document, "md", template=own)
    own.write_text("{{ document.__class__.__mro__ }}", "utf-8")
    with pytest.raises(ReportError):
        render_document(document, "md", template=own)


def test_files_follow_suffix_format_and_template(tmp_path):
    assert set(report_files(tmp_path, None, None)) == {"html", "pdf", "md"}
    assert report_files(tmp_path / "a.pdf", None, None) == {"pdf": tmp_path / "a.pdf"}
    assert list(report_files(tmp_path, "md", None)) == ["md"]
    assert list(report_files(tmp_path, None, tmp_path / "x.typ.j2")) == ["pdf"]
    with pytest.raises(ReportError, match="name one format"):
        report_files(tmp_path / "a.pdf", "md", None)
    with pytest.raises(ReportError, match=r"got '\.doc'"):
        report_files(tmp_path / "a.doc", None, None)
    with pytest.raises(ReportError, match="ends in one of"):
        report_files(tmp_path, None, tmp_path / "x.txt")


SIGNS = (
    "ends in a backslash \\",
    "US$5bn for $x^ | & # ' \" {{ 7 * 7 }} *a* _b_ `c` <d> [e](f) @g ~h",
    "1. first",
    "- = +",
    "جزر الكوريل \u200f",
    "択捉島 Итуруп 🗾",
)


@pytest.mark.parametrize("text", SIGNS)
def test_texts_of_people_break_no_format(document, text):
    picture = replace(document.pictures[0], caption=text, alt=text)
    table = Table(text, (text, text), ((text, text),), (1, 1))
    section = Section(text, 1, (text,), (text,), (picture,), (table,))
    made = replace(document, title=text, subtitle=text, sections=(section, section))
    compile_typst(render_document(made, "pdf"), made)
    html, markdown = (render_document(made, style) for style in ("html", "md"))
    assert f"<title>{markupsafe.escape(text)}</title>" in html
    lines = markdown.splitlines()
    rule = next(n for n, line in enumerate(lines) if line.startswith("|---"))
    assert read_markdown("\n".join(lines[rule - 1 : rule + 2])) == [[text, text]] * 2
