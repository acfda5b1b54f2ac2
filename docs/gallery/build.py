"""Turn the scripts of this folder into notebooks, run them, and write pages: ``make gallery``.

The notebooks are kept as scripts with cells (``# %%``, as Jupytext, VS Code and Spyder read them):
they can be reviewed line by line, are linted with the rest, and hold no outputs.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOLDER = Path(__file__).parent
NAMES = ("first_look", "own_scenario_and_seabed", "how_robust")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT_S = 240  # a cell; the first run on a seabed measures it anew
# What nbconvert would load from public servers, and these pages do not need.
LINKS = ("mathjax_url", "mermaid_js_url", "require_js_url", "jquery_url")


def read_script(path: Path) -> NotebookNode:
    """Return the notebook that a script with cells stands for, without outputs."""
    _, *cells = re.split(r"^# %%", path.read_text("utf-8"), flags=re.MULTILINE)
    made = []
    for number, text in enumerate(cells, 1):
        first, _, body = text.partition("\n")
        prose = first.strip() == "[markdown]"
        source = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if prose else body
        make = new_markdown_cell if prose else new_code_cell
        made.append(make(source.strip(), id=f"cell-{number}"))
    return new_notebook(cells=made, metadata={"kernelspec": KERNEL})


def run(notebook: NotebookNode) -> NotebookNode:
    """Run a notebook in a folder of its own, and return it with its outputs."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT_S,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        return client.execute()


def to_page(notebook: NotebookNode) -> str:
    """Return a notebook that was run as one page that asks the network for nothing."""
    title = re.sub(r"^# ", "", notebook.cells[0].source.partition("\n")[0])
    exporter = HTMLExporter(**dict.fromkeys(LINKS, ""))
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return page


def main() -> None:
    """Run every notebook; write it with its outputs, and as a page, to a folder."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "maps/gallery")
    target.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        notebook = run(read_script(FOLDER / f"{name}.py"))
        nbformat.write(notebook, target / f"{name}.ipynb")
        (target / f"{name}.html").write_text(to_page(notebook), encoding="utf-8")
        print(target / f"{name}.html")


if __name__ == "__main__":
    main()
