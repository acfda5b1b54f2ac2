"""The examples of docs/embedding: built as their authors would, and alive without a network."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
import pypandoc
import pytest
from click.testing import CliRunner

import okhotsk
from okhotsk.api import Assessment
from okhotsk.cli.main import main
from okhotsk.maps.offline_map import FramedMap
from okhotsk.maps.snippet import embed_iframe
from okhotsk.report import figures

EXAMPLES = Path(__file__).parents[2] / "docs" / "embedding"
NAME = "half-area-2006"
ONE_FILE = ["--embed-resources", "--standalone"]  # as Quarto passes on with embed-resources: true


@pytest.fixture(scope="module")
def result(results: list[Assessment]) -> Assessment:
    (found,) = (r for r in results if r.scenario.scenario_id == NAME)
    return found


@pytest.fixture(scope="module")
def folder(result: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an author would have it: the examples, the page and the picture."""
    made = tmp_path_factory.mktemp("report")
    for path in EXAMPLES.iterdir():
        (made / path.name).write_bytes(path.read_bytes())
    (made / f"{NAME}.html").write_text(result.to_html(), encoding="utf-8")
    figures.save(result.plot(width="page"), made / f"{NAME}.png")
    return made


def frames(html: str) -> list[dict[str, str | None]]:
    """Attributes of all iframes."""
    found: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "iframe":
                found.append(dict(attrs))

    Reader().feed(html)
    return found


def assert_alive(seen: Any, number: int = 0) -> None:
    """Leaflet runs in a frame of the page, a layer can be switched on, and all is quiet."""
    frame = seen.page.locator("iframe").nth(number)
    frame.scroll_into_view_if_needed()
    inside = frame.content_frame
    inside.locator(".leaflet-control-zoom-in").wait_for()
    paths = inside.locator("path.leaflet-interactive")
    before = paths.count()
    assert before > 30
    if not inside.locator(".ok-layers input").first.is_visible():
        inside.locator(".ok-layers summary").click()  # folded where the frame is narrow
    inside.locator(".ok-layers input:not(:checked)").first.check()
    assert paths.count() > before
    seen.assert_quiet()


def played(path: Path, result: Assessment, to: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What Quarto makes of a document before pandoc gets it: cells run, hidden parts left out."""
    monkeypatch.setattr(okhotsk, "load", lambda: None, raising=False)
    monkeypatch.setattr(okhotsk, "assess", lambda _, name: {NAME: result}[name], raising=False)
    space: dict[str, Any] = {}

    def run(match: re.Match[str]) -> str:
        *lines, last = [line for line in match[1].splitlines() if line.strip()]
        exec("\n".join(lines), space)
        if re.match(r"\w+ = ", last):
            exec(last, space)
            return ""
        return f"```{{=html}}\n{eval(last, space)._repr_html_()}\n```"

    text = re.sub(r"```\{python\}\n(.*?)\n```", run, path.read_text("utf-8"), flags=re.DOTALL)
    hidden = "content-hidden" if to == "html" else "content-visible"
    return re.sub(rf"::: \{{\.{hidden} [^\n]*\n.*?\n:::\n", "", text, flags=re.DOTALL)


def pandoc(source: str | Path, to: str, target: Path, *options: str) -> Path:
    """Convert a file beside it, or a text in the folder of the target."""
    path = source if isinstance(source, Path) else target.with_suffix(".md")
    if path is not source:
        path.write_text(str(source), encoding="utf-8")
    given = [f"--resource-path={path.parent}", *options]
    pypandoc.convert_file(path, to, format="markdown", outputfile=target, extra_args=given)
    return target


# --- plain HTML ---


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_plain_page_with_both_kinds_of_frame(open_page, folder, result, width) -> None:
    text = (EXAMPLES / "plain.html").read_text("utf-8")
    assert text.count("<!-- the snippet -->") == 1
    target = folder / "both.html"
    target.write_text(text.replace("<!-- the snippet -->", result.embed(height=560)), "utf-8")
    with open_page(target, width, 800) as seen:
        assert_alive(seen, 0)
        assert_alive(seen, 1)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.assert_quiet()


def test_the_command_prints_what_python_returns(result, monkeypatch) -> None:
    monkeypatch.setattr("okhotsk.cli.session.Session.assess", lambda *_: [result])
    done = CliRunner().invoke(main, ["map", NAME, "--embed", "--height", "480"])
    assert done.exit_code == 0, done.output
    assert done.stdout == result.embed(height=480) + "\n"


def test_a_frame_with_src_points_beside_the_document(result) -> None:
    (frame,) = frames(result.embed(src=f"{NAME}.html", height=400))
    assert (frame["src"], frame["data-external"], frame["height"]) == (f"{NAME}.html", "1", "400")
    assert "srcdoc" not in frame


# --- notebooks ---


@pytest.mark.browser
def test_what_explore_returns_shows_itself_without_a_network(open_page, result, tmp_path) -> None:
    html = result.explore(height=520)._repr_html_()
    assert "jsdelivr" not in html
    (frame,) = frames(html)
    assert (frame["height"], frame["width"]) == ("520", "100%")
    target = tmp_path / "cell.html"
    target.write_text(f"<!DOCTYPE html><title>x</title>{html}", encoding="utf-8")
    with open_page(target) as seen:
        assert_alive(seen)


@pytest.mark.browser
def test_saved_as_folium_saves_it_is_the_page(open_page, result, tmp_path) -> None:
    fmap = result.explore()
    fmap.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text("utf-8") == fmap.to_html() == result.to_html()
    with open_page(tmp_path / "map.html") as seen:
        assert seen.map_js("map.getZoom()") > 0
        seen.assert_quiet()


def test_a_map_shown_twice_gives_the_same_bytes(result) -> None:
    fmap = result.explore()
    assert fmap._repr_html_() == fmap._repr_html_() == result.explore()._repr_html_()


@pytest.mark.browser
def test_layers_of_ones_own_are_shown(open_page, result, tmp_path) -> None:
    fmap = result.explore()
    folium.CircleMarker([50, 150], radius=9, color="#123456").add_to(fmap)
    fmap.save(tmp_path / "own.html")
    with open_page(tmp_path / "own.html") as seen:
        seen.page.locator("path[stroke='#123456']").wait_for()
        seen.assert_quiet()


def test_what_cannot_be_shown_says_so_instead(result) -> None:
    fmap = result.explore()
    folium.Marker([50, 150], icon=folium.Icon(color="red")).add_to(fmap)
    html = fmap._repr_html_()
    assert html.startswith("<p>Icon cannot go into a self-contained page")
    assert "iframe" not in html


# --- arguments that geopandas users know ---


def counts(fmap: FramedMap) -> dict[str, int]:
    html = fmap.to_html()
    calls = ("okhotsk.tooltip(", "okhotsk.popup(", "okhotsk.legend(")
    return {call: html.count(call) for call in calls}


def test_tooltip_popup_and_legend_can_be_left_out(result) -> None:
    whole = counts(result.explore())
    assert min(whole.values()) >= 1
    for name, call in zip(("tooltip", "popup", "legend"), whole, strict=True):
        assert counts(result.explore(**{name: False})) == whole | {call: 0}


def test_name_and_size_are_those_of_the_frame(result) -> None:
    fmap = result.explore(name='A "name" <b>', width=640, height=300)
    (frame,) = frames(fmap._repr_html_())
    assert (frame["title"], frame["width"], frame["height"]) == ('A "name" <b>', "640", "300")
    assert "<title>A &quot;name&quot; &lt;b&gt;</title>" in fmap.to_html()


def test_tiles_are_owed_to_whom_attr_names(result) -> None:
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    html = result.explore(tiles=tiles, attr="Someone").to_html()
    assert "https://tiles.example/" in html
    assert "Someone" in html
    assert "tiles.example" not in result.explore().to_html()


@pytest.mark.browser
def test_another_option_on_the_same_map(open_page, results, result, tmp_path) -> None:
    fmap = result.explore()
    alone = fmap.to_html().count("L.geoJson(")
    assert results[2].explore(m=fmap, name="Other") is fmap
    assert fmap.to_html().count("L.geoJson(") > 1.5 * alone
    fmap.save(tmp_path / "two.html")
    with open_page(tmp_path / "two.html") as seen:
        page = seen.page
        assert page.get_by_role("group", name="Other").locator("input:checked").count() == 1
        page.locator(".ok-legend-section h3", has_text="Other").first.wait_for()
        paths = page.locator("path.leaflet-interactive")
        before = paths.count()
        page.get_by_label("Other: Land", exact=True).check()
        assert paths.count() > before
        seen.assert_quiet()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"column": "regime"}, "does not take column; expected some of baseline, m, tiles"),
        ({"cmap": "viridis", "scheme": "quantiles"}, "does not take cmap, scheme"),
        ({"height": "50%"}, "height is '50%', expected pixels"),
        ({"height": 0}, "height is 0"),
        ({"width": '1" onload="x'}, "expected pixels or a share such as '100%'"),
        ({"attr": "Someone"}, "attr goes with tiles"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(result, given, words) -> None:
    with pytest.raises(TypeError) as caught:
        result.explore(**given)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


# --- Quarto and pandoc ---


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_quarto_report_is_one_living_file(open_page, result, tmp_path, monkeypatch, width) -> None:
    text = played(EXAMPLES / "report.qmd", result, "html", monkeypatch)
    target = pandoc(text, "html", tmp_path / "report.html", *ONE_FILE)
    for path in tmp_path.iterdir():
        if path != target:
            path.unlink()  # nothing beside it
    with open_page(target, width, 800) as seen:
        assert seen.page.locator("iframe").count() == 1
        # No picture but that under the frame, which nobody sees.
        assert seen.page.locator("img").get_attribute("alt").startswith("Map of Half the area")
        assert_alive(seen)


@pytest.mark.parametrize("form", ["block", "bare"])
def test_pandoc_leaves_every_character_of_the_page(result, tmp_path, form) -> None:
    """Tabs too, which Markdown turns into spaces: the policy would refuse changed scripts."""
    page = result.to_html()
    assert "\t" in page
    line = result.embed()
    text = (
        f"Before\n\n```{{=html}}\n{line}\n```\n\nAfter" if form == "block" else f"B\n\n{line}\n\nA"
    )
    html = pandoc(text, "html", tmp_path / "x.html", *ONE_FILE).read_text("utf-8")
    (frame,) = frames(html)
    assert frame["srcdoc"] == page


def test_pandoc_leaves_a_frame_with_src_alone(result, folder) -> None:
    text = result.embed(src=f"{NAME}.html")
    html = pandoc(text, "html", folder / "src.html", *ONE_FILE).read_text("utf-8")
    (frame,) = frames(html)
    assert frame["src"] == f"{NAME}.html"
    assert "role" not in frame


@pytest.mark.parametrize("text", ["\t\r\n\n x\ty  z&#9;<\"'>", "&amp;\u00a0\u2028"])
def test_embedded_texts_survive_pandoc(tmp_path, text) -> None:
    line = embed_iframe(text, height=1, title="x")
    html = pandoc(line, "html", tmp_path / "x.html", *ONE_FILE).read_text("utf-8")
    # What a browser reads: it takes a carriage return and a line feed for one line feed.
    assert frames(html)[0]["srcdoc"] == text.replace("\r\n", "\n")


# --- Word and LaTeX ---


def word_file(path: Path) -> tuple[str, list[bytes]]:
    """Text and pictures of a Word document."""
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.startswith("word/media/")]
        return file.read("word/document.xml").decode(), [file.read(name) for name in names]


def test_word_gets_the_picture(folder) -> None:
    text, pictures = word_file(pandoc(folder / "paper.md", "docx", folder / "paper.docx"))
    assert pictures == [(folder / f"{NAME}.png").read_bytes()]
    assert "Half the area: who holds what, and the seal line." in re.sub(
        r"<[^>]+>", "", text
    ).replace("\n", " ")


def test_latex_gets_the_picture(folder) -> None:
    text = pandoc(folder / "paper.md", "latex", folder / "paper.tex").read_text("utf-8")
    assert re.search(rf"\\includegraphics\[[^\]]*\]\{{{NAME}\.png\}}", text)
    assert r"\caption{Half the area" in text


@pytest.mark.parametrize("to", ["docx", "latex"])
def test_quarto_report_has_the_picture_on_paper(folder, result, monkeypatch, to) -> None:
    text = played(EXAMPLES / "report.qmd", result, to, monkeypatch)
    target = pandoc(text, to, folder / f"report.{'docx' if to == 'docx' else 'tex'}")
    if to == "docx":
        found, pictures = word_file(target)
        assert len(pictures) == 1
    else:
        found = target.read_text("utf-8")
        assert f"{NAME}.png" in found
    assert "iframe" not in found


def test_only_small_sources_are_kept() -> None:
    files = list(EXAMPLES.iterdir())
    assert {path.name for path in files} == {"plain.html", "report.qmd", "paper.md"}
    assert all(path.stat().st_size < 4000 for path in files)
