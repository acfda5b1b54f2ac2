"""The briefing: sentences made of figures, three formats, templates of one's own."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from okhotsk.assessment import index
from okhotsk.report import sentences
from okhotsk.report.briefing import make_briefing
from okhotsk.report.document import (
    ReportError,
    compile_typst,
    escape_markdown,
    escape_typst,
    render,
    report_files,
    write_report,
)
from okhotsk.sweep.frontier import Frontier


@pytest.fixture(scope="module")
def steps():
    """Five made-up steps up the chain."""
    frame = pd.DataFrame({"up_to": ["nothing", "Shikotan", "Kunashir", "Iturup", "Urup"]})
    frame["ceded_land_km2"] = [0.0, 367.0, 1887.0, 5112.0, 6553.0]
    frame["ceded_population"] = [0, 1, 11487, 18403, 18403]
    for n, c in enumerate(index.read_recipe().components):
        frame[f"{c.component_id}_percent"] = np.linspace(100, 20 + 10 * n, 5)
    frame["index"] = [100, 99.9, 95, 59, 40]
    frame["index_low"], frame["index_high"] = frame["index"] - 9, frame["index"].clip(upper=96) + 4
    return frame


@pytest.fixture(scope="module")
def document(results, steps):
    """The briefing on the shared options."""
    return make_briefing(results, results[0], Frontier(pd.DataFrame(), steps, (), 32))


def test_answer_names_steps_thresholds_and_the_costliest(steps):
    found = sentences.answer(steps)
    assert found[0] == (
        "To keep 99% of today's index, the border can move up to Shikotan: 367 km² with one "
        "person; the index is 99.9 (91 to 100, 5–95% over assumptions)."
    )
    assert found[1].startswith("To keep 90 or 75% of today's index, the border can move up to Kuna")
    assert "11,487 people" in found[1]
    assert found[-1] == "The costliest single step is Iturup: the index falls from 95 to 59."
    worse = steps.assign(index=[100, 40, 30, 20, 10])
    assert sentences.answer(worse)[0].startswith("To keep 99, 90, 75 or 50% of today's")


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no exits"), (1, "one exit"), (12, "twelve exits"), (13, "13 exits")]
)
def test_numbers_and_nouns_agree(number, words):
    assert sentences.count(number, "exit") == words


def test_sentences_hold_the_figures_of_the_record(results):
    for result in results[1:]:
        record, words = result.record, sentences.headline(result)
        assert f"{record['ceded_land_km2']:,.0f} km²" in words
        assert f" {record['index']:.0f} ({record['index_low']:.0f} to" in words
        told = " ".join([words, sentences.exits(result), *sentences.changes(results[0], result)])
        assert f"{record['barrier_km']:,.0f} km" in told
        assert "  " not in told
        assert " 1 people" not in told
    assert "at least" in sentences.headline(
        results[1]
    )  # half of Iturup: its people are not counted


def test_every_text_is_in_every_format(document):
    texts = [t for s in document.sections for t in (*s.paragraphs, *s.points)]
    assert len(texts) > 30
    html, markdown, source = (render(document, style) for style in ("html", "md", "pdf"))
    for text in texts:
        plain = text.replace("'", "&#39;").replace("&pg", "&amp;pg").replace("&id", "&amp;id")
        assert plain in html or "&" in text
        assert escape_markdown(text) in markdown
        assert escape_typst(text) in source


def test_html_is_self_contained(document, open_page, tmp_path):
    path = write_report(document, tmp_path / "report.html", "html")[0]
    with open_page(path, 390, 844) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        shown = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
        assert seen.page.evaluate(shown)
        seen.assert_quiet()


test_html_is_self_contained = pytest.mark.browser(test_html_is_self_contained)


def test_pdf_has_its_pages_and_is_the_same_twice(document, tmp_path):
    one, other = (
        write_report(document, tmp_path / f"{n}.pdf", "pdf")[0].read_bytes() for n in "ab"
    )
    assert one == other
    assert one.startswith(b"%PDF")
    pages = compile_typst(render(document, "pdf"), document, style="png", ppi=30)
    assert 4 <= len(pages) <= 8


def test_markdown_names_pictures_that_are_there(document, tmp_path):
    written = write_report(document, tmp_path / "brief.md", "md")
    named = re.findall(r"\]\((brief_files/\S+)\)", written[0].read_text("utf-8"))
    assert len(named) == len(document.pictures) > 2
    assert all((tmp_path / name).is_file() for name in named)


def test_one_option_has_its_map(results, steps):
    frontier = Frontier(pd.DataFrame(), steps, (), 32)
    found = make_briefing(results[1:2], results[0], frontier)
    assert [p.name for p in found.pictures] == ["frontier", "option"]
    pages = compile_typst(render(found, "pdf"), found, style="png", ppi=30)
    assert 4 <= len(pages) <= 8
    for page in pages:  # none of a line or two
        ink = np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 200
        assert ink.any(axis=1).mean() > 0.1
    nothing = make_briefing(results[:1], results[0], frontier)
    assert not any(s.title.startswith("What changes") for s in nothing.sections)


def test_nasty_texts_are_escaped(document):
    nasty = "a_b #x $1 [y] <z> *w* `v` \\ @u ~ // 日本"
    from dataclasses import replace

    evil = replace(document, subtitle=nasty)
    assert compile_typst(render(evil, "pdf"), evil)[:4] == b"%PDF"
    assert "&lt;z&gt;" in render(evil, "html")


def test_templates_of_ones_own(document, tmp_path):
    own = tmp_path / "mine.md.j2"
    own.write_text("{{ document.title }}: {{ document.sections | length }}", "utf-8")
    assert render(document, "md", template=own).endswith(f": {len(document.sections)}")
    own.write_text("line\n{% for %}", "utf-8")
    with pytest.raises(ReportError, match=r"mine.md.j2, line 2"):
        render(document, "md", template=own)
    own.write_text("{{ document.nothing }}", "utf-8")
    with pytest.raises(ReportError, match="nothing"):
        render(document, "md", template=own)
    own.write_text("{{ document.__class__.__mro__ }}", "utf-8")
    with pytest.raises(ReportError):
        render(document, "md", template=own)


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
