"""Notebooks: what a fresh kernel shows, and what is left of it elsewhere."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pypandoc
import pytest
from IPython.core.formatters import DisplayFormatter
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

import okhotsk
from okhotsk import api
from okhotsk.api import Assessment

LINKS = dict.fromkeys(("mathjax_url", "mermaid_js_url", "require_js_url", "jquery_url"), "")
CELLS = (
    "import okhotsk\ntheatre = okhotsk.load()\nresult = okhotsk.assess(theatre, 'four-islands')",
    "result.plot()",
    "print(repr(result))\nprint(repr(theatre))",
    "result",
    "result.explore(height=480)",
    "result.embed(height=480)",
    "import warnings\nfrom IPython.display import HTML\nwarnings.simplefilter('error')\n"
    "HTML(result.embed(height=480))",
)


@pytest.fixture(scope="module")
def result(results: list[Assessment]) -> Assessment:
    return results[1]


def bundle(thing: object) -> dict[str, Any]:
    """What IPython writes into a notebook of a thing."""
    made, _ = DisplayFormatter().format(thing)
    return dict(made)


@pytest.fixture(scope="module")
def notebook(result: Assessment) -> nbformat.NotebookNode:
    """A notebook with the outputs of the shared results, without a kernel."""
    shown = {"result": result, "result.explore()": result.explore(), "result.plot()": result.plot()}
    cells = []
    for number, (source, thing) in enumerate(shown.items(), 1):
        output = new_output("execute_result", bundle(thing), execution_count=number)
        cells.append(new_code_cell(source, outputs=[output], execution_count=number))
    return new_notebook(cells=cells)


def picture(png: str | bytes) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(png) if isinstance(png, str) else png))


# --- texts ---


def test_what_users_hold_says_in_ten_lines_what_it_is(results, theatre) -> None:
    shown = [*results, theatre, results[1].explore(), results[1].embed(), results[1].plot()]
    for thing in shown:
        assert len(repr(thing)) < 700
        assert repr(thing).count("\n") < 10
    assert f"Index, 100 as today: {results[1].record['index']:.0f} (" in repr(results[1])
    assert "today" not in repr(results[0]).replace("100 as today", "")
    assert isinstance(theatre, okhotsk.Theatre)
    assert repr(theatre).startswith("<Theatre on 'shipped")


def test_a_frontier_says_in_a_line_what_it_is() -> None:
    blocks, table = (1, 2), [1, 2, 3]
    found = api.FoundFrontier(table=table, steps=table, blocks=blocks, count=4)  # type: ignore[arg-type]
    assert repr(found).splitlines()[0] == "<Frontier over 4 island sets of 2 blocks: 3 rows"


# --- what is shown ---


def test_a_plot_shows_itself_in_its_size_on_paper(result) -> None:
    figure = result.plot()
    made, about = DisplayFormatter().format(figure)
    size = about["image/png"]
    assert picture(made["image/png"]).size == pytest.approx(
        (2 * size["width"], 2 * size["height"]), abs=2
    )
    assert size["width"] == round(88 / 25.4 * 96)


def test_a_map_brings_its_picture_for_programs_that_show_no_html(result) -> None:
    made = bundle(result.explore())
    assert picture(made["image/png"]).width == 640
    assert made["text/html"] == result.explore()._repr_html_()
    assert len(made["text/plain"]) < 200


class Sanitised(HTMLParser):
    """What GitHub, VS Code and e-mail leave of HTML: pictures, and the text of all tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.out = ""
        self.pictures: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pictures.append(str(dict(attrs)["src"]))

    def handle_data(self, data: str) -> None:
        self.out += data


@pytest.mark.parametrize("what", ["explore", "embed"])
def test_a_reader_that_strips_frames_gets_the_picture_and_its_texts(result, what) -> None:
    left = Sanitised(bundle(getattr(result, what)())["text/html"])
    (source,) = left.pictures
    assert picture(source.partition(",")[2]).width == 640
    for words in ("Half the area", "Index 74", "Seal line 688 km", "GSHHG", "ETOPO1"):
        assert words in left.out
    assert len(left.out) < 900


def test_pandoc_makes_few_pages_with_pictures_of_a_notebook(notebook, tmp_path) -> None:
    source, target = tmp_path / "x.ipynb", tmp_path / "x.docx"
    nbformat.write(notebook, source)
    pypandoc.convert_file(source, "docx", outputfile=target)
    with zipfile.ZipFile(target) as file:
        names = [name for name in file.namelist() if name.startswith("word/media/")]
        text = re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode())
    assert len(names) == 2  # the map and the plot
    assert len(text) < 4000


def test_nbconvert_to_markdown_keeps_no_source_of_a_page_as_text(notebook) -> None:
    text, files = MarkdownExporter().from_notebook_node(notebook)
    assert len(files["outputs"]) >= 1  # the plot
    lines = [line for line in text.splitlines() if not line.startswith(("<div", "    <"))]
    assert max(map(len, lines)) < 4000


@pytest.mark.browser
def test_a_page_of_the_notebook_shows_the_map(notebook, open_page, tmp_path) -> None:
    page, _ = HTMLExporter(**LINKS).from_notebook_node(notebook)
    (tmp_path / "x.html").write_text(page, "utf-8")
    with open_page(tmp_path / "x.html") as seen:
        frame = seen.page.locator("iframe")
        frame.scroll_into_view_if_needed()
        frame.content_frame.locator(".okhotsk-place", has_text="Bussol").wait_for()
        seen.assert_quiet()


@pytest.mark.slow
def test_a_fresh_kernel_shows_everything(tmp_path: Path) -> None:
    made = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    NotebookClient(
        made, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [[out.get("data", {}) for out in cell.outputs] for cell in made.cells]
    assert [set(data) for data in shown[1]] == [{"image/png", "text/plain"}]
    assert picture(shown[1][0]["image/png"]).width > 600
    assert len(made.cells[2].outputs[0].text) < 1200
    for cell in (4, 5, 6):
        (data,) = shown[cell]
        assert data["text/html"].startswith("<div")
        assert len(data["text/plain"]) < 200
        assert len(made.cells[cell].outputs) == 1  # no warning
