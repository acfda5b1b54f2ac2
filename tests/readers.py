"""Read the tables that the commands print back into cells."""

from __future__ import annotations

import re


def read_markdown(text: str) -> list[list[str]]:
    lines = text.split("\n")
    assert set(lines[1]) <= set("|- ")
    cells = [re.split(r"(?<!\\) \| ", line[2:-2]) for line in (lines[0], *lines[2:])]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in cells]


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
