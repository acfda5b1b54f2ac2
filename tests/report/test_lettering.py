"""Titles are drawn as they are typed, cut where they are long, and no empty box stands in one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from legible import assert_legible
from matplotlib.text import Text

from okhotsk.report import lettering
from okhotsk.report.captions import LONGEST_NAME, short_title
from okhotsk.report.figures import FIGURES, draw, save
from okhotsk.report.layout import WIDTHS

SIGNS = "$5 and $6, \\alpha_x^2 \\n {x} 100% <b>&"
TITLES = [
    SIGNS,
    "Четыре острова",
    "ארבעת האיים \u200f(1956)",
    "أربع جزر",
    "四島の返還",
    "Four islands 🏝",
    "one two three " * 14,
    "a" * 200,
]


def titled(result, title, short=""):
    return replace(result, scenario=replace(result.scenario, title=title, short=short))


@pytest.fixture
def bare(monkeypatch):
    """A machine that has our type and no other."""
    monkeypatch.setattr(lettering, "_others", lambda: ())
    lettering._font_of.cache_clear()
    yield
    lettering._font_of.cache_clear()


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("width", list(WIDTHS))
def test_a_title_of_any_kind_is_legible(results, bare, title, width):
    for name in ("option", "refuge"):
        assert_legible(draw(name, results=[titled(results[1], title)], width=width), width)


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in ("theatre", "frontier")])
def test_signs_are_drawn_as_typed_in_all_figures(results, spread, name, tmp_path):
    """A lone pair of dollars would be a formula, and one that does not parse an error."""
    chosen = [titled(result, SIGNS) for result in results]
    chosen = chosen[1:2] if FIGURES[name].needs == "option" else chosen
    figure = draw(name, results=chosen, spread=spread)
    texts = figure.findobj(Text)
    assert "$5 and $6" in "\n".join(text.get_text() for text in texts)
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]
    save(figure, tmp_path / "a.svg")


def test_letters_without_a_font_are_named_and_told(results, bare):
    figure = draw("option", results=[titled(results[1], "四島の返還 (1956)")])
    assert figure._suptitle.get_text().startswith("[Japanese or Chinese] (1956)\n")
    foot = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "this machine has no font (Japanese or Chinese)" in foot
    plain = draw("option", results=[titled(results[1], "Четыре острова")])
    assert "has no font" not in " ".join(text.get_text() for text in plain.texts)


@pytest.mark.parametrize(
    ("title", "script"),
    [("ארבעת האיים", "Hebrew"), ("أربع جزر", "Arabic"), ("चार द्वीप", "Devanagari")],
)
def test_scripts_that_figures_cannot_set_are_named(results, title, script):
    """Drawn letter by letter from the left they would read backwards, or in pieces."""
    figure = draw("option", results=[titled(results[1], f"{title} (1956)")])
    assert figure._suptitle.get_text().startswith(f"[{script}] (1956)\n")
    foot = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert f"scripts that figures cannot set ({script})" in foot
    assert "install" not in foot
    # Reports set them.
    assert lettering.drawn("ארבעת", joined=True) == "ארבעת"


def test_a_font_of_the_machine_is_taken_for_what_ours_lacks(monkeypatch):
    monkeypatch.setattr(lettering, "_others", lambda: (("Other", "/other.ttf"),))
    ours = lettering._letters
    given = frozenset(map(ord, "四島"))
    monkeypatch.setattr(
        lettering, "_letters", lambda path: given if path == "/other.ttf" else ours(path)
    )
    lettering._font_of.cache_clear()
    assert lettering.families(["Four", "四島"]) == ["DejaVu Sans", "Other"]
    assert lettering.drawn("四島 한국") == "四島 [Korean]"
    assert [str(path) for path in lettering.font_files("四")] == ["/other.ttf"]
    lettering._font_of.cache_clear()


def test_long_titles_take_two_lines_and_end_in_an_ellipsis(results):
    figure = draw("option", results=[titled(results[1], TITLES[6])], width="column")
    *name, finding = figure._suptitle.get_text().splitlines()
    assert len(name) == 2
    assert name[-1].endswith("…")
    assert finding.startswith("The shortest seal line")


def test_a_name_in_a_chart_is_cut(results):
    assert short_title(titled(results[1], "b" * 40)) == "b" * (LONGEST_NAME - 1) + "…"
    assert short_title(titled(results[1], "long " * 40, "Short")) == "Short"
