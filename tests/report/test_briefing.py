"""What the briefing holds for one option, and for none that cedes land."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from okhotsk.report.briefing import make_briefing
from okhotsk.report.document import Document, compile_typst, render_document
from okhotsk.report.sentences import verdict
from okhotsk.sweep.frontier import Frontier


@pytest.fixture(scope="module")
def one_option(results, steps):
    """The briefing on one option."""
    return make_briefing(results[1:2], results[0], Frontier(pd.DataFrame(), steps, (), 32))


def test_one_option_has_its_map(results, steps, one_option):
    found, frontier = one_option, Frontier(pd.DataFrame(), steps, (), 32)
    assert [p.name for p in found.pictures] == ["option", "frontier"]
    shares = list(inked(found))
    assert 3 <= len(shares) <= 8
    assert min(shares) > 0.1  # no page of a line or two
    nothing = make_briefing(results[:1], results[0], frontier)
    assert not any(s.title.startswith("What changes") for s in nothing.sections)


def test_the_verdict_opens_the_report_on_one_option(results, one_option):
    result, first = results[1], one_option.sections[0]
    assert one_option.title == result.scenario.title
    assert first.title == "Verdict"
    lost, r = 100 - result.record["index"], result.record
    (told,) = first.paragraphs
    assert told.startswith(f"This option costs the bastion {lost:.0f} of the 100 points of the")
    assert f"({r['index_low']:.0f} to {r['index_high']:.0f} left, 5–95% over assumptions, " in told
    assert f"to {r['barrier_km']:,.0f} km" in told
    captions = [section.title for section in one_option.sections] + [
        picture.caption for section in one_option.sections for picture in section.pictures
    ]
    assert result.scenario.title not in captions  # the page has it over the report and in the map


def test_the_verdict_on_what_changes_nothing_says_so(results):
    (told,) = verdict(results[0], results[0])
    assert told.startswith("Nothing is handed over: the index stays at 100")
    small = replace(results[1], record={**results[1].record, "index": 99.7})
    (told,) = verdict(results[0], small)
    assert told.startswith("This option costs the bastion less than one of the 100 points")


def inked(document: Document) -> Iterator[float]:
    """Share of the height of each page of the PDF that has something on it."""
    for page in compile_typst(render_document(document, "pdf"), document, style="png", ppi=30):
        ink = np.asarray(Image.open(io.BytesIO(page)).convert("L")) < 200
        yield float(ink.any(axis=1).mean())


@pytest.mark.parametrize("sources", [1, 3, 10, 19, 25])
def test_no_page_of_one_option_holds_a_few_lines(one_option, sources):
    """However many sources there are, and however long the method before them."""
    *others, last = one_option.sections
    points = [
        f"W{n}: Treaty, Article {n}, {'https://www.example.org/a/page/' * 3}" for n in range(99)
    ]
    last = replace(last, points=tuple(points[:sources]))
    place = [section.title for section in others].index("Method")
    for more in range(0, 13, 4):
        method = replace(others[place], paragraphs=(*others[place].paragraphs, *["A line."] * more))
        sections = (*others[:place], method, *others[place + 1 :], last)
        assert min(inked(replace(one_option, sections=sections))) > 0.12, more


def test_line_and_section_have_intervals_and_the_note_says_of_what(document, results):
    (table,) = next(s for s in document.sections if s.title == "The options compared").tables
    assert "In brackets behind line and section: 5th to 95th percentile over" in table.caption
    at = [table.heads.index(head) for head in ("Line, km", "Section, km²")]
    for cells, result in zip(table.rows, results, strict=True):
        for place, column in zip(at, ("barrier_km", "operating_area_km2"), strict=True):
            value, low, high = (result.record[f"{column}{end}"] for end in ("", "_low", "_high"))
            assert cells[place] == f"{value:,.0f} ({low:,.0f}–{high:,.0f})"


def test_the_exits_are_told_with_sections_and_sills(document, results):
    (table,) = next(s for s in document.sections if s.title == "The exits of the sea").tables
    straits = results[0].straits
    rows = straits[straits.sill_depth_m.notna()]
    assert [cells[0] for cells in table.rows] == [name.split(" (")[0] for name in rows["name"]]
    for cells, row in zip(table.rows, rows.itertuples(), strict=True):
        low, high = row.sill_depth_m_low, row.sill_depth_m_high
        assert cells[-1] == f"{row.sill_depth_m:,.0f} m ({low:,.0f} to {high:,.0f})"
        assert cells[-2].count(" to ") == 1
    assert "percentile" in table.caption


def test_without_an_ensemble_the_briefing_gives_no_interval_over_seabeds(coarse_results, steps):
    results = list(coarse_results.values())
    made = make_briefing(results, results[0], Frontier(pd.DataFrame(), steps, (), 32))
    text = render_document(made, "md")
    assert "as public grids do" not in text
    assert "over seabeds" not in text
    assert "nan" not in text.lower().replace("finan", "")


def test_the_seabed_has_one_name(document, results):
    sources = document.sections[-1].points
    assert f"Seabed: {results[0].theatre.seabed.title}." in sources


def test_origin_and_sources_of_an_option_stand_in_its_report(results, steps):
    scenario = replace(
        results[1].scenario,
        date="2026-11-28",
        proponent="A memo of ours",
        context="Why it is looked at.",
        sources=("My memo of 2026", "S137"),
    )
    own = replace(results[1], scenario=scenario)
    frontier = Frontier(pd.DataFrame(), steps, (), 32)
    for chosen in ([own], [results[0], own]):
        made = make_briefing(chosen, results[0], frontier)
        told = [text for section in made.sections for text in section.paragraphs]
        assert "Why it is looked at." in told
        assert any(text.startswith("28 November 2026, A memo of ours: floated") for text in told)
        assert "My memo of 2026" in made.sections[-1].points
