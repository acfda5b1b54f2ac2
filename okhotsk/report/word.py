"""The briefing as a Word document, made of its Markdown by pandoc."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib import import_module, util
from pathlib import Path

from okhotsk.errors import OkhotskError
from okhotsk.files import replacing

MISSING = (
    "a report in Word is made by pandoc, which is not installed: install it (https://pandoc.org), "
    'or `pip install "okhotsk[word]"`'
)
DAY_ZERO = "315532800"  # 1980-01-01: the same report gives the same bytes on every day


class WordError(OkhotskError, ValueError):
    """A Word document that cannot be made."""


def find_pandoc() -> str:
    """Return the path of pandoc: the one on the path of commands, or the optional package's.

    Raises
    ------
    WordError
        Where there is neither: how to install one.
    """
    if found := shutil.which("pandoc"):
        return found
    if util.find_spec("pypandoc"):
        try:
            return str(import_module("pypandoc").get_pandoc_path())
        except OSError:
            pass
    raise WordError(MISSING)


def write_word(markdown: Path, path: Path) -> None:
    """Write a Word document of a Markdown file and the pictures that it names.

    Raises
    ------
    WordError
        Where pandoc is missing or fails.
    """
    pandoc = find_pandoc()
    with tempfile.TemporaryDirectory(prefix="okhotsk-") as made:
        target = Path(made) / "report.docx"
        done = subprocess.run(
            [pandoc, "-f", "markdown-smart", "-t", "docx", "-o", target, markdown.name],
            cwd=markdown.parent,
            env={**os.environ, "SOURCE_DATE_EPOCH": DAY_ZERO},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not target.is_file():
            said = (done.stderr.strip().splitlines() or ["no document"])[0]
            raise WordError(f"{path}: pandoc cannot make it: {said}")
        with replacing(path) as unfinished:
            unfinished.write_bytes(target.read_bytes())
