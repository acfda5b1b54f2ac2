"""Read the tables that the commands print back into cells."""

from __future__ import annotations

import re


def read_markdown(text: str) -> list[list[str]]:
    """Cells as a reader of Markdown shows them: a backslash before a sign is not shown."""
    lines = text.split("\n")
    assert set(lines[1]) <= set("|- ")
    return [
        [re.sub(r"\\([!-/:-@[-`{-~])", r"\1", cell.strip()) for cell in markdown_cells(line)]
        for line in (lines[0], *lines[2:])
    ]


def markdown_cells(row: str) -> list[str]:
    """The cells of a row as they are written; a stroke behind a backslash ends none."""
    found, at = [""], 1
    while at < len(row):
        step = 2 if row[at] == "\\" else 1
        if row[at] == "|":
            found.append("")
        else:
            found[-1] += row[at : at + step]
        at += step
    return found[:-1]


def read_latex(text: str) -> list[list[str]]:
    rows = [line for line in text.split("\n") if line.endswith(r" \\")]
    cells = [re.split(r"(?<!\\) & ", row.removesuffix(r" \\")) for row in rows]
    marks = {
        r"\textbackslash ": "\\",
        r"\textasciitilde ": "~",
        r"\textasciicircum ": "^",
        r"\space ": " ",
        r"\%": "%",
        r"\$": "$",
        r"\#": "#",
        r"\_": "_",
        r"\&": "&",
        r"\{": "{",
        r"\}": "}",
    }

    def plain(cell: str) -> str:
        return re.sub("|".join(map(re.escape, marks)), lambda mark: marks[mark[0]], cell).strip()

    return [[plain(cell) for cell in row] for row in cells]
