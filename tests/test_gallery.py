"""The notebooks of docs/gallery: they run, show what they promise, and ask for no network."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
BUILD = runpy.run_path(str(GALLERY / "build.py"))
NAMES = BUILD["NAMES"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``make gallery`` would write; a process of its own, as it runs kernels."""
    target = tmp_path_factory.mktemp("gallery")
    command = [sys.executable, str(GALLERY / "build.py"), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(target / f"{name}.html") for name in NAMES]
    return target


def outputs(notebook: NotebookNode, kind: str) -> list[str]:
    """All outputs of a MIME type, in order."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    found = (out for cell in cells for out in cell.outputs)
    return [out.data[kind] for out in found if kind in out.get("data", {})]


def test_every_script_is_built() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == {*NAMES, "build"}


def test_a_script_is_split_into_its_cells(tmp_path: Path) -> None:
    script = tmp_path / "x.py"
    script.write_text(
        "# ruff: noqa\n\n# %% [markdown]\n# # Title\n#\n# Text # with a hash.\n\n# %%\n"
        "x = 1  # a comment\n\n# another\nx\n"
    )
    notebook = BUILD["read_script"](script)
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("markdown", "# Title\n\nText # with a hash."),
        ("code", "x = 1  # a comment\n\n# another\nx"),
    ]
    assert BUILD["read_script"](script) == notebook


@pytest.mark.parametrize("name", NAMES)
def test_each_is_an_essay(name: str) -> None:
    """A title and a motive, and words before every piece of code and at the end."""
    cells = BUILD["read_script"](GALLERY / f"{name}.py").cells
    title, motive = cells[0].source.split("\n\n")
    assert re.fullmatch(r"# [A-Z].*", title)
    assert 3 <= motive.count("\n") + 1 <= 5
    kinds = [cell.cell_type for cell in cells]
    assert kinds[-1] == "markdown"
    for before, kind in zip(kinds, kinds[1:], strict=False):
        assert kind == "markdown" or before == "markdown"
    assert "plt." in [cell.source for cell in cells if cell.cell_type == "code"][-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_runs_and_ends_with_a_figure(built: Path, name: str) -> None:
    notebook = nbformat.read(built / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {out.output_type for cell in code for out in cell.outputs}
    assert kinds <= {"execute_result", "display_data"}  # no error, no warning, nothing printed
    assert any("<figure" in html for html in outputs(notebook, "text/html"))
    assert [out for out in code[-1].outputs if "image/png" in out.data]
    assert "timestamp" not in str(notebook.metadata)


@pytest.mark.slow
def test_the_made_up_seabed_is_used(built: Path) -> None:
    notebook = nbformat.read(built / "own_scenario_and_seabed.ipynb", as_version=4)
    shipped, ridge = (h for h in outputs(notebook, "text/html") if "Changed assumptions" in h)
    assert "Friza" not in shipped
    assert "its sill of 40 m on this seabed is shallower than 50 m: Friza" in ridge
    assert "patrol_depth_m is 150 metres (default 200)" in shipped


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES)
def test_pages_ask_for_no_network_and_fit(open_page, built: Path, name: str, width: int) -> None:
    with open_page(built / f"{name}.html", width, 800) as seen:
        assert seen.page.locator("h1").first.inner_text().startswith(seen.page.title())
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.assert_quiet()


@pytest.mark.slow
@pytest.mark.browser
def test_the_map_is_alive_in_the_page(open_page, built: Path) -> None:
    with open_page(built / "first_look.html") as seen:
        frame = seen.page.locator("iframe")
        assert frame.count() == 1
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        paths = inside.locator("path.leaflet-interactive")
        paths.first.wait_for()
        before = paths.count()
        inside.locator(".ok-layers input:not(:checked)").first.check()
        assert paths.count() > before
        seen.assert_quiet()
