"""A map inside a document of somebody else: the line of HTML that is pasted there."""

from __future__ import annotations

import html as html_module
import re

from okhotsk.maps.still import Still

# What some Markdown reads inside an attribute: links and footnotes, code, escapes, attributes and
# templates, cells, formulas, keys. And letters beyond ASCII, where the encoding is a guess.
_READ = re.compile(r"[\t\n\r\\\[\\`{|$+]|[^\x00-\x9f]")
# Below the frame, and seen where a reader strips it: all of this is one line of HTML.
_UNDER = "position:absolute;top:0;left:0;width:100%;height:100%;overflow:auto;box-sizing:border-box"
# Themes shrink frames, and what lies under this one would be seen.
_OVER = (
    "position:absolute;top:0;left:0;margin:0;border:0;background:#fff;max-width:100%;"
    "max-height:none"
)


class Snippet(str):
    """HTML that is pasted into a document; a notebook shows it."""

    def __repr__(self) -> str:
        return (
            f"<snippet of {len(self):,} characters: a notebook shows it; print() writes it, to be "
            "pasted into a document>"
        )

    def _repr_html_(self) -> str:
        return str(self)


def embed_iframe(
    html: str | None = None,
    *,
    src: str | None = None,
    height: int,
    width: int | str = "100%",
    title: str,
    still: Still | None = None,
) -> Snippet:
    """Return an iframe that shows a page inside a report or a notebook.

    Parameters
    ----------
    html
        The page itself; it travels inside the iframe.
    src
        Or the address of the page, relative to the report. Lighter where a report has many
        maps; Quarto leaves the file alone when it embeds resources.
    height
        Height in CSS pixels.
    width
        CSS pixels, or a share of the width of the text.
    title
        What the frame shows, for screen readers.
    still
        What lies under the frame, to be seen where a reader strips it or runs no scripts.

    Raises
    ------
    ValueError
        If not exactly one of `html` and `src` is given.
    """
    if (html is None) == (src is None):
        msg = "give either the html of the page or its src, not both and not neither"
        raise ValueError(msg)
    if html is not None:
        source = f'srcdoc="{travelling(html)}"'
    else:
        source = f'src="{travelling(str(src))}" data-external="1"'
    fixed = str(width).isdigit()
    style, wide = ("border:0", width) if still is None else (_OVER, width if fixed else "100%")
    frame = (
        f'<iframe {source} title="{travelling(title)}" width="{wide}" height="{height:d}" '
        f'style="{style}" loading="lazy" allow="fullscreen"></iframe>'
    )
    if still is None:
        return Snippet(frame)
    across = f"{width}px" if fixed else width
    return Snippet(
        f'<div style="position:relative;width:{across};max-width:100%;height:{height:d}px">'
        f'<div style="{_UNDER}">{_still(still, src, height)}</div>{frame}</div>'
    )


def _still(still: Still, src: str | None, height: int) -> str:
    """The picture with its title, figures and sources, and a link to the page if it has one."""
    name = travelling(still.title)
    if src:  # the tab key does not stop at a link that the frame hides
        name = f'<a href="{travelling(src)}" target="_blank" tabindex="-1">{name}</a>'
    tall = max(height - 150, 120)
    texts = "<br> ".join(map(travelling, (still.key, still.figures, still.sources)))
    return (
        f'<img src="{travelling(still.data_uri)}" alt="{travelling(still.alt)}" '
        f'width="{still.image.width}" height="{still.image.height}" '
        f'style="width:auto;max-width:100%;height:auto;max-height:{tall}px"><br> '
        f"<strong>{name}.</strong><br> <small>{texts}</small>"
    )


def travelling(text: str) -> str:
    """Text of an attribute that any report may hold.

    In one line: Markdown would end an HTML block at the first blank line. Pandoc turns tabs
    into spaces, Python-Markdown reads links inside attributes, and a report that does not name its
    encoding is read by a guess: a script that is not what it was is refused by the page's policy.
    HTML reads the numbers of C1 as others.
    """
    return _READ.sub(lambda c: f"&#{ord(c[0])};", html_module.escape(text))
