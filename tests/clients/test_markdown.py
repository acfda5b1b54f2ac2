"""Snippets in documents of Python-Markdown, MkDocs, MyST, Sphinx, pandoc and CommonMark."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import markdown
import pypandoc
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from mkdocs.commands.build import build
from mkdocs.config import load_config
from sphinx.cmd.build import build_main

from okhotsk.api import Assessment
from okhotsk.cli.main import main
from okhotsk.maps.snippet import Snippet, embed_iframe

# What a page may hold and some Markdown reads: links, code, escapes, cells, formulas, attributes,
# templates, keys, critic marks, emoji, footnotes, snippets.
TEXT = (
    "[e](i) ![e](i) [e][i] [^1] `a` ``b`` \\\\ \\[ \\` \\u0041 a|b $x$ $$y$$ {: .c } {#i} "
    "{{ 7*7 }} {% x %} ++ctrl++ {++a++} {--b--} ~~c~~ ==d== ^e^ :smile: --8<-- *f* __g__ "
    "&amp; &#91; <b>\"q\" 'r'</b> https://example.org www.example.org a@example.org <a@b.org> "
    "(c) +/- -- ... km² \u65e5\u672c\t\tx  y\n\n    z\n"
)
EXTENSIONS = [
    *("extra", "smarty", "toc", "sane_lists", "admonition", "attr_list", "md_in_html", "tables"),
    *("footnotes", "wikilinks", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.details"),
    *("pymdownx.tilde", "pymdownx.caret", "pymdownx.mark", "pymdownx.keys", "pymdownx.critic"),
    *("pymdownx.emoji", "pymdownx.magiclink", "pymdownx.smartsymbols", "pymdownx.arithmatex"),
    *("pymdownx.inlinehilite", "pymdownx.betterem"),
]
PLACES = {
    "plain": "Before\n\n{0}\n\nAfter\n",
    "in a sentence": "Before {0} after\n",
    "list": "- First\n\n    {0}\n\n- Second\n",
    "item": "- {0}\n- Second\n",
    "quote": "> Before\n>\n> {0}\n",
    "cell": "| a | b |\n|---|---|\n| {0} | c |\n",
}
PYTHON_PLACES = PLACES | {
    "admonition": '!!! note "Title"\n\n    {0}\n',
    "tab": '=== "One"\n\n    {0}\n\n=== "Two"\n\n    Text\n',
    "details": '??? note "Title"\n\n    {0}\n',
}


class Frames(HTMLParser):
    """The attributes of all frames of a page, as a browser decodes them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


@pytest.fixture(scope="module")
def result(results: list[Assessment]) -> Assessment:
    return results[1]


@pytest.fixture(scope="module")
def page(result: Assessment) -> str:
    return result.to_html()


@pytest.fixture(scope="module")
def snippet(result: Assessment) -> Snippet:
    return result.embed(height=480)


def assert_whole(html: str, wanted: str) -> None:
    (frame,) = Frames(html).found
    assert frame["srcdoc"] == wanted


@pytest.mark.parametrize("place", PYTHON_PLACES)
def test_python_markdown_leaves_a_frame_alone(place) -> None:
    line = embed_iframe(TEXT, height=1, title="x")
    text = PYTHON_PLACES[place].format(line)
    for extensions in ([], EXTENSIONS):
        if place in PLACES or extensions:
            html = markdown.markdown(text, extensions=extensions)
            if place != "cell" or extensions:
                assert_whole(html, TEXT)


@pytest.mark.parametrize("place", ["list", "cell", "tab"])
def test_python_markdown_leaves_a_whole_map_alone(snippet, page, place) -> None:
    html = markdown.markdown(PYTHON_PLACES[place].format(snippet), extensions=EXTENSIONS)
    assert_whole(html, page)
    assert html.count("<img ") == 1
    assert 'alt="Map of Half the area' in html


@pytest.mark.parametrize("place", PLACES)
def test_commonmark_leaves_a_frame_alone(place) -> None:
    line = embed_iframe(TEXT, height=1, title="x")
    text = PLACES[place].format(line)
    assert_whole(MarkdownIt("commonmark", {"html": True}).enable("table").render(text), TEXT)


@pytest.mark.parametrize("form", ["markdown", "gfm", "commonmark_x"])
@pytest.mark.parametrize("place", PLACES)
def test_pandoc_leaves_a_frame_alone(tmp_path, place, form) -> None:
    line = embed_iframe(TEXT, height=1, title="x")
    html = pypandoc.convert_text(PLACES[place].format(line), "html", format=form)
    assert_whole(html, TEXT)


def test_mkdocs_keeps_a_frame_and_finds_the_page_beside_it(tmp_path, snippet, page, result) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    beside, name = result.embed(src="../map.html", height=480), "map.html"
    texts = {place: text.format(snippet) for place, text in PYTHON_PLACES.items()}
    (docs / "index.md").write_text("# Home\n", "utf-8")
    (docs / "maps.md").write_text(
        "# Maps\n\n" + texts["admonition"] + "\n" + PLACES["list"].format(beside), "utf-8"
    )
    (docs / name).write_text(page, "utf-8")
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        "site_name: x\nplugins: []\ntheme: {name: null, custom_dir: theme}\n"
        "markdown_extensions: [admonition, tables, attr_list]\n"
    )
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "main.html").write_text("<!DOCTYPE html><title>x</title>{{ page.content }}")
    build(load_config(str(config)))
    inside, own = Frames((tmp_path / "site/maps/index.html").read_text("utf-8")).found
    assert inside["srcdoc"] == page
    assert (tmp_path / "site/maps" / str(own["src"])).resolve().read_text("utf-8") == page


def test_sphinx_keeps_a_frame_in_myst_and_in_rest(tmp_path, snippet, page) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "conf.py").write_text(
        "extensions = ['myst_parser']\nhtml_theme = 'basic'\nproject = 'x'\n"
        "myst_enable_extensions = ['dollarmath', 'substitution', 'attrs_inline', 'colon_fence']\n"
    )
    admonition = f":::{{note}}\n{snippet}\n:::\n"
    (source / "index.md").write_text(
        f"# Maps\n\n{PLACES['item'].format(snippet)}\n{admonition}\n```{{toctree}}\nrest\n```\n",
        "utf-8",
    )
    (source / "rest.rst").write_text(f"Rest\n====\n\n.. raw:: html\n\n   {snippet}\n", "utf-8")
    assert build_main(["-q", "-b", "html", str(source), str(target)]) == 0
    for name, count in (("index", 2), ("rest", 1)):
        found = Frames((target / f"{name}.html").read_text("utf-8")).found
        assert [frame["srcdoc"] for frame in found] == [page] * count


# --- what is left where something is stripped ---


def test_a_reader_that_strips_frames_shows_the_picture_and_the_link(result) -> None:
    """As WordPress does for authors, e-mail, GitHub: tags of frames go, attributes of style too."""
    for line in (result.embed(), result.embed(src="half.html")):
        bare = re.sub(r' style="[^"]*"', "", re.sub(r"<iframe.*?</iframe>", "", line))
        assert bare.startswith('<div><div><img src="data:image/png;base64,')
        text = re.sub(r"<[^>]*>", " ", bare)
        assert "Half the area" in text
        assert "Index 74" in text
        assert "GSHHG" in text
        assert len(text) < 900  # no source of the page among it
    assert '<a href="half.html" target="_blank"' in line


@pytest.mark.browser
@pytest.mark.parametrize(
    "policy", ["script-src 'self'", "default-src 'self'; img-src 'self' data:"]
)
def test_a_strict_policy_shows_the_picture_with_its_figures(
    open_page, snippet, tmp_path, policy
) -> None:
    path = tmp_path / "strict.html"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{head}{snippet}", "utf-8")
    with open_page(path) as seen:
        inside = seen.page.locator("iframe").content_frame
        assert inside.locator(".ok-still img").is_visible()
        assert "Index 74" in inside.locator(".ok-still").inner_text()
        assert seen.remote_requests == []


@pytest.mark.browser
def test_where_scripts_run_nothing_is_seen_of_the_picture(open_page, snippet, tmp_path) -> None:
    path = tmp_path / "alive.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{snippet}", "utf-8")
    with open_page(path) as seen:
        inside = seen.page.locator("iframe").content_frame
        inside.locator(".okhotsk-place", has_text="Bussol").wait_for()
        assert not inside.locator(".ok-still").is_visible()
        boxes = [
            seen.page.locator(which).bounding_box() for which in ("iframe", "body > div > div")
        ]
        assert boxes[0] == boxes[1]
        at = "[...document.elementsFromPoint(200, 200)].map(one => one.tagName)[0]"
        assert seen.page.evaluate(at) == "IFRAME"
        seen.assert_quiet()


@pytest.mark.browser
def test_a_page_without_scripts_shows_the_picture(open_page, page, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page, "utf-8")
    with open_page(path, java_script_enabled=False) as seen:
        assert seen.page.locator(".ok-still img").bounding_box()["height"] > 300
        assert "no script runs" in seen.page.locator(".ok-still").inner_text()


def test_the_command_writes_the_page_and_names_it(result, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("okhotsk.cli.session.Session.assess_beside", lambda *_: [result])
    for how, src in (("src", "my%20map.html"), ("dir", "../my%20map.html")):
        target = tmp_path / how / "my map.html"
        command = ["map", "half-area-2006", f"--embed={how}", "--output", str(target)]
        done = CliRunner().invoke(main, [*command, "--height", "480"])
        assert done.exit_code == 0, done.output
        assert done.stdout == result.embed(src=src, height=480) + "\n"
        assert target.read_text("utf-8") == result.to_html()


@pytest.mark.parametrize("words", [["half-area-2006", "--embed"], ["--embed", "half-area-2006"]])
def test_the_option_alone_may_stand_before_the_id(result, monkeypatch, words) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        "okhotsk.cli.session.Session.assess_beside",
        lambda _, ids, *__: asked.append(tuple(ids)) or [result],
    )
    done = CliRunner().invoke(main, ["map", *words])
    assert done.exit_code == 0, done.output
    assert asked == [("half-area-2006",)]
    assert done.stdout == result.embed() + "\n"


def test_a_snippet_is_a_text_and_says_in_a_line_what_it_is(snippet) -> None:
    assert isinstance(snippet, str)
    assert snippet._repr_html_() == str(snippet)
    assert len(repr(snippet)) < 200
    assert not snippet.lower().startswith("<iframe")  # at which IPython warns
    assert "\n" not in snippet
    assert snippet.isascii()
