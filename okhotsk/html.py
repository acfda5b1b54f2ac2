"""Plain HTML for notebooks: tables and notes without scripts or links.

Colours of text and ground are left to the notebook, so that they are legible in light and dark
ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

# Notebooks style bare tables each in their own way: what must hold is said on every cell.
TABLE = "border-collapse:collapse;margin:0 0 .6em;text-align:left;color:inherit;font-size:13px"
CAPTION = (
    "caption-side:top;text-align:left;font-weight:600;font-size:15px;color:inherit;padding:0 0 .3em"
)
CELL = (
    "padding:.2em .8em .2em 0;text-align:{side};vertical-align:top;white-space:{wrap};"
    "font-weight:{weight};border:0;border-bottom:1px solid rgba(128,128,128,.35)"
)
NOTE = "margin:.2em 0;font-size:12px;max-width:60em;opacity:.85"
ROW = "display:flex;flex-wrap:wrap;gap:0 2em;align-items:flex-start"


def write_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column names the rows; all texts are escaped here.

    Parameters
    ----------
    title
        Caption; none where it is empty.
    head
        Headings of all columns; none where it is empty. With two or three, the first of them
        empty, the others hold figures and stand to the right.
    rows
        Texts of each row.

    Examples
    --------
    >>> "<caption" in write_table("", [], [["Sea", "deep & wide"]])
    False
    """
    caption = f'<caption style="{CAPTION}">{escape(title)}</caption>' if title else ""
    side = "right" if len(head) in (2, 3) and not head[0] else "left"
    top = "".join(_cell("th", text, side if n else "left", 600) for n, text in enumerate(head))
    body = "".join(
        "<tr>"
        + _cell("th", row[0], "left", 400)
        + "".join(_cell("td", text, side, 400) for text in row[1:])
        + "</tr>"
        for row in rows
    )
    thead = f"<thead><tr>{top}</tr></thead>" if head else ""
    table = f'<table style="{TABLE}">{caption}{thead}<tbody>{body}</tbody></table>'
    return f'<div style="max-width:100%;overflow-x:auto">{table}</div>'  # for narrow notebooks


def _cell(tag: str, text: str, side: str, weight: int) -> str:
    # A figure stays with its unit.
    wrap = "nowrap" if side == "right" and tag == "td" else "normal"
    return (
        f'<{tag} style="{CELL.format(side=side, weight=weight, wrap=wrap)}">{escape(text)}</{tag}>'
    )


def write_notes(notes: Iterable[str]) -> str:
    """Return sentences as paragraphs in small type, escaped."""
    return "".join(f'<p style="{NOTE}">{escape(note)}</p>' for note in notes)
