"""HTML: texts escaped for pages and scripts, and plain tables and notes for notebooks.

Tables and notes hold no scripts or links, and leave the colours of text and ground to the notebook,
so that they are legible in light and dark ones.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup

# A web address in a text, without the point or comma that follows it.
ADDRESS = re.compile(r"""(https?://[^\s<>"']*[^\s<>"'.,;:)])""")
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


def escape(text: object) -> str:
    r"""Escape text for HTML that folium writes into a script.

    Besides the five characters of HTML, backtick, backslash and braces are escaped: folium
    writes some texts into JavaScript template literals, and branca reads every script again
    as a Jinja template.

    Examples
    --------
    >>> escape("a`b ${c} </i>")
    'a&#96;b $&#123;c&#125; &lt;/i&gt;'
    """
    out = html.escape(str(text), quote=True)
    for character in "`\\{}":
        out = out.replace(character, f"&#{ord(character)};")
    return out


def linked(text: object) -> Markup:
    """Return a text escaped as :func:`escape` does, with every web address in it a link.

    Examples
    --------
    >>> linked("See https://example.org/a.")
    Markup('See <a href="https://example.org/a">https://example.org/a</a>.')
    """
    out = []
    for number, piece in enumerate(ADDRESS.split(str(text))):
        words = escape(piece)
        out.append(f'<a href="{words}">{words}</a>' if number % 2 else words)
    return Markup("".join(out))


def to_js(value: object) -> str:
    """Write a JSON-like value as a JavaScript literal that is safe inside a folium script."""
    text = json.dumps(value, allow_nan=False)
    for character in "<>&'\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # Outside strings JSON never has these pairs; inside, Jinja would take them for its own.
    for pair in ("{{", "{%", "{#"):
        text = text.replace(pair, "\\u007b" + pair[1].replace("{", "\\u007b"))
    return text


def write_table(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[int] | None = None,
) -> str:
    """Return a table whose first column names the rows; all texts are escaped here.

    Parameters
    ----------
    title
        Caption; none where it is empty.
    head
        Headings of all columns; none where it is empty.
    rows
        Texts of each row.
    numbers
        Places of the columns that hold figures and stand to the right; unless given, those after
        the first of two or three whose first heading is empty.

    Examples
    --------
    >>> "<caption" in write_table("", [], [["Sea", "deep & wide"]])
    False
    """
    caption = f'<caption style="{CAPTION}">{escape(title)}</caption>' if title else ""
    if numbers is None:
        numbers = range(1, len(head)) if len(head) in (2, 3) and not head[0] else ()
    top = "".join(_cell("th", text, _side(n, numbers), 600) for n, text in enumerate(head))
    body = "".join(
        "<tr>"
        + _cell("th", row[0], "left", 400)
        + "".join(_cell("td", t, _side(n, numbers), 400) for n, t in enumerate(row[1:], 1))
        + "</tr>"
        for row in rows
    )
    thead = f"<thead><tr>{top}</tr></thead>" if head else ""
    table = f'<table style="{TABLE}">{caption}{thead}<tbody>{body}</tbody></table>'
    return f'<div style="max-width:100%;overflow-x:auto">{table}</div>'  # for narrow notebooks


def _side(column: int, numbers: Collection[int]) -> str:
    return "right" if column in numbers else "left"


def _cell(tag: str, text: str, side: str, weight: int) -> str:
    # A figure stays with its unit.
    wrap = "nowrap" if side == "right" and tag == "td" else "normal"
    return (
        f'<{tag} style="{CELL.format(side=side, weight=weight, wrap=wrap)}">{escape(text)}</{tag}>'
    )


def write_notes(notes: Iterable[str]) -> str:
    """Return sentences as paragraphs in small type, escaped."""
    return "".join(f'<p style="{NOTE}">{escape(note)}</p>' for note in notes)
