"""Write docs/assumptions.md and docs/columns.md: what the words mean, from the catalogues.

Run ``python docs/words.py``: a second.
"""

from __future__ import annotations

from pathlib import Path

import okhotsk
from okhotsk.tables import render

FOLDER = Path(__file__).parent
ASSUMPTIONS = """# Assumptions

Written by `docs/words.py`; do not edit. The same table: `okhotsk assumptions`,
`okhotsk.assumptions()`. Change one with `--set NAME=VALUE`, or in Python with
`okhotsk.Assumptions(NAME=VALUE)`. `swept`: whether the analysis of uncertainty varies it. Keys such
as S150 and W43 are those of `data/sources.toml`. Where a reason is "our choice", no source sets
that end.
"""
COLUMNS = """# Columns of all tables

Written by `docs/words.py` from `data/columns.toml`; do not edit. The same table: `okhotsk columns`,
`okhotsk.columns()`. `title` is what pages, `--brief` and `--format html` call the column.
`high_serves` says whom a high value serves: Russia, which keeps the bastion, or Japan. Two columns
are easily misread: `intruder_exposure` is the warning that Russian shores give of intruders, so
high is good for Russia; `egress_exposure` and `base_exposure` are what Russian boats are exposed
to, so high is bad for Russia.
"""


def pages() -> dict[str, str]:
    """Return the text of each document by its name."""
    tables = {
        "assumptions.md": (ASSUMPTIONS, okhotsk.assumptions()),
        "columns.md": (COLUMNS, okhotsk.columns()),
    }
    return {n: f"{head}\n{render(table, 'markdown')}\n" for n, (head, table) in tables.items()}


def main() -> None:
    """Write the documents."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
