"""The briefing: one document of sections, written as HTML, Markdown or PDF.

Templates are Jinja's. A template of one's own (``--template``, by its name ``.html.j2``,
``.md.j2`` or ``.typ.j2``) sees ``document`` (:class:`Document`), the colours ``ink``, ``soft``,
``rule`` and ``ground``, and the filters ``safe_typ``, ``string_typ`` and ``safe_md`` for texts that
go into Typst, into strings of it, and into Markdown; ``docs/report.md`` shows one.
"""

from __future__ import annotations

import base64
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import matplotlib as mpl
import typst
from jinja2.sandbox import SandboxedEnvironment
from matplotlib.figure import Figure

from okhotsk.colours import INK, RULE, SOFT, WHITE
from okhotsk.errors import OkhotskError
from okhotsk.files import replacing, write_text
from okhotsk.html import linked
from okhotsk.report.layout import to_bytes
from okhotsk.report.lettering import drawn, font_files
from okhotsk.report.narrow import narrow
from okhotsk.report.word import find_pandoc, write_word

FORMATS = ("html", "pdf", "md")
WORD = "docx"  # made of the Markdown, where it is asked for
SUFFIXES: Mapping[str, str] = {"html": ".html.j2", "pdf": ".typ.j2", "md": ".md.j2"}
# A line that begins so would be an item of a list.
NUMBERED = re.compile(r"^(\d+)([.)])")
LARGEST_SVG = 300_000
DPI = 200


class ReportError(OkhotskError, ValueError):
    """A report that cannot be written as asked."""


@dataclass(frozen=True)
class Table:
    """A table: its caption, heads and rows of texts; the first column names the rows.

    Columns of ``figures`` are set to the right.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    figures: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure: a name for files, its caption, what it shows in words, and its bytes."""

    name: str
    caption: str
    alt: str
    svg: bytes
    png: bytes

    @property
    def suffix(self) -> str:
        """The lighter of the two kinds of file."""
        return "svg" if len(self.svg) <= LARGEST_SVG else "png"

    @property
    def data(self) -> str:
        """The picture as a data address."""
        kind = {"svg": "image/svg+xml", "png": "image/png"}[self.suffix]
        return f"data:{kind};base64,{base64.b64encode(getattr(self, self.suffix)).decode()}"


@dataclass(frozen=True)
class Section:
    """A part of the document: paragraphs, then points, pictures and tables."""

    title: str
    level: int = 1
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    made: str
    sections: tuple[Section, ...] = ()

    @property
    def pictures(self) -> list[Picture]:
        """All pictures in their order."""
        return [picture for section in self.sections for picture in section.pictures]


def _environment(suffix: str) -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        autoescape=suffix == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals |= {"ink": INK, "soft": SOFT, "rule": RULE, "ground": WHITE}
    made.filters |= {"safe_typ": escape_typst, "string_typ": escape_typst_string}
    made.filters |= {"safe_md": escape_markdown, "linked": linked}
    made.filters["narrow"] = lambda table: narrow(table.heads, table.rows)
    return made


def escape_typst(text: str) -> str:
    r"""Escape what Typst would read as markup, and name the letters that no font here has.

    Examples
    --------
    >>> escape_typst("a_b #1 $5 [x] 50 %")
    'a\\_b \\#1 \\$5 \\[x\\] 50 %'
    """
    words = drawn(str(text), joined=True)
    safe = "".join(f"\\{c}" if c in "\\#$*_`<>@[]~=-+/'\"" else c for c in words)
    return NUMBERED.sub(r"\1\\\2", safe)


def escape_typst_string(text: str) -> str:
    r"""Escape what would end a string of Typst.

    Examples
    --------
    >>> escape_typst_string('the "core" \\')
    'the \\"core\\" \\\\'
    """
    return " ".join(str(text).split()).replace("\\", "\\\\").replace('"', '\\"')


def escape_markdown(text: str) -> str:
    r"""Escape what Markdown would read as markup.

    Examples
    --------
    >>> escape_markdown("a_b | *c* <d>")
    'a\\_b \\| \\*c\\* \\<d\\>'
    >>> escape_markdown("1. Memo")
    '1\\. Memo'
    """
    flat = " ".join(str(text).split())
    safe = "".join(f"\\{c}" if c in "\\`*_[]<>|#$~^&" else c for c in flat)
    return NUMBERED.sub(r"\1\\\2", re.sub(r"^(?=[-+=])", r"\\", safe))


def _template(style: str, own: Path | None) -> tuple[jinja2.Template, str]:
    """The shipped template of a format, or the user's."""
    if own is None:
        name = f"report{SUFFIXES[style]}"
        text = resources.files("okhotsk.report").joinpath("templates", name).read_text("utf-8")
    else:
        name = str(own)
        if not name.endswith(SUFFIXES[style]):
            raise ReportError(f"template {name}: expected a name that ends in {SUFFIXES[style]}")
        text = own.read_text("utf-8")
    try:
        return _environment(style).from_string(text), name
    except jinja2.TemplateSyntaxError as error:
        raise ReportError(f"template {name}, line {error.lineno}: {error.message}") from error


def render_document(document: Document, style: str, *, template: Path | None = None) -> str:
    """Return the document as HTML, Markdown, or the Typst source of the PDF.

    Raises
    ------
    ReportError
        For a template that cannot be used: its name, the line and what is wrong.
    """
    if style not in FORMATS:
        raise ReportError(f"unknown format {style!r}, expected one of {', '.join(FORMATS)}")
    made, name = _template(style, template)
    try:
        return made.render(document=document)
    except (jinja2.TemplateError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(f"template {name}: {error}") from error


def write_report(
    document: Document, path: Path, style: str, *, template: Path | None = None
) -> list[Path]:
    """Write the document; the pictures of Markdown go to a folder beside it.

    Raises
    ------
    ReportError
        For a template that cannot be used.
    WordError
        Where a Word document is asked for and pandoc is missing.
    """
    if style == WORD:
        return _write_word(document, path)
    text = render_document(document, style, template=template)
    if style == "md":
        return _write_markdown(document, path, text)
    if style == "html":
        write_text(path, text)
    else:
        with replacing(path) as unfinished:
            unfinished.write_bytes(compile_typst(text, document))
    return [path]


def _write_markdown(document: Document, path: Path, text: str) -> list[Path]:
    folder = path.with_name(f"{path.stem}_files")
    written = [path]
    for picture in document.pictures:
        target = folder / f"{picture.name}.png"
        with replacing(target) as unfinished:
            unfinished.write_bytes(picture.png)
        written.append(target)
    write_text(path, text.replace("report_files/", f"{folder.name}/"))
    return written


def _write_word(document: Document, path: Path) -> list[Path]:
    find_pandoc()
    with tempfile.TemporaryDirectory(prefix="okhotsk-") as made:
        markdown = Path(made) / "report.md"
        _write_markdown(document, markdown, render_document(document, "md"))
        write_word(markdown, path)
    return [path]


def report_files(output: Path, style: str | None, template: Path | None) -> dict[str, Path]:
    """Return the file of each format that is asked for.

    Raises
    ------
    ReportError
        Where suffix, format and template contradict each other.
    """
    own = next((k for k, end in SUFFIXES.items() if template and template.name.endswith(end)), None)
    if template and not own:
        ends = ", ".join(SUFFIXES.values())
        raise ReportError(f"template {template}: expected a name that ends in one of {ends}")
    suffix = output.suffix[1:] if not output.is_dir() else ""
    if suffix and suffix not in (*FORMATS, WORD):
        raise ReportError(f"{output}: a report is .html, .pdf, .md or .docx, got {output.suffix!r}")
    asked = {kind for kind in (style, suffix, own) if kind}
    if len(asked) > 1:
        raise ReportError(f"asked for {' and '.join(sorted(asked))} at once; name one format")
    if WORD in asked:
        find_pandoc()  # before minutes of computing
    if suffix:
        return {suffix: output}
    return {kind: output / f"report.{kind}" for kind in (asked or FORMATS)}


def compile_typst(source: str, document: Document, *, style: str = "pdf", ppi: float = 72) -> Any:
    """Return the PDF of a Typst source, or the pages as PNG.

    Typst, since it is one wheel without system libraries and gives the same bytes for the same
    source; its type is what matplotlib ships, and fonts of the machine come in only for letters
    that this lacks.

    Raises
    ------
    ReportError
        Where the source does not compile.
    """
    compiled: Callable[..., Any] = typst.compile
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory(prefix="okhotsk-") as made:
        for picture in document.pictures:
            target = Path(made) / f"{picture.name}.{picture.suffix}"
            target.write_bytes(getattr(picture, picture.suffix))
        for path in font_files(source):
            shutil.copy(path, made)
        (Path(made) / "report.typ").write_text(source, "utf-8")
        try:
            return compiled(
                str(Path(made) / "report.typ"),
                root=made,
                font_paths=[str(fonts), made],
                ignore_system_fonts=True,
                format=style,
                ppi=ppi,
            )
        except typst.TypstError as error:
            raise ReportError(f"the PDF cannot be made: {str(error).splitlines()[0]}") from error


def draw_picture(name: str, caption: str, alt: str, draw: Callable[[], Figure]) -> Picture:
    """Draw a figure and keep it as SVG and PNG."""
    figure = draw()
    svg, png = to_bytes(figure, ".svg"), to_bytes(figure, ".png", dpi=DPI)
    return Picture(name, caption, alt, svg, png)
