"""Layout of figures: sizes of sheets, type, the foot, and files that stay the same."""

from __future__ import annotations

import io
import logging
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from okhotsk.colours import GRID, INK, SOFT
from okhotsk.errors import OkhotskError
from okhotsk.files import replacing
from okhotsk.report.lettering import TYPE, fitted


class SheetWidth(NamedTuple):
    """Width of a sheet in mm, and the size of its type in points."""

    mm: float
    type_pt: float


MM_PER_INCH = 25.4
# A column and a page of A4, and a slide.
WIDTHS: Mapping[str, SheetWidth] = MappingProxyType(
    {
        "column": SheetWidth(88.0, 7.2),
        "page": SheetWidth(180.0, 7.5),
        "slide": SheetWidth(254.0, 11.0),
    }
)
# A slide is landscape, 16 by 9, whatever is drawn: its legend stands on the right.
SLIDE, SLIDE_TALL = "slide", 9 / 16
SMALLEST_PT, SLIDE_NOTE_PT = 6.0, 7.5
SLIDE_KEY_PT, SLIDE_LETTERS = 9.5, 34  # of its legend: type, and letters of a line
MM_PER_PT = 0.3528
EDGE = 0.012  # left of title and foot, over the width of the sheet
TITLE_LINES = 2
KEY_EM, KEY_GAP_EM, COLUMN_GAP_EM = 1.7, 0.6, 0.9  # of a legend, over the size of its type
SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "text.parse_math": False,  # a dollar is a dollar
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "text.color": INK,
        "axes.labelcolor": SOFT,
        "axes.titlecolor": INK,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "axes.edgecolor": SOFT,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "lines.linewidth": 1.2,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "grid.color": GRID,
        "grid.linewidth": 0.5,
        "legend.frameon": False,
        "hatch.linewidth": 0.5,
        "svg.hashsalt": "okhotsk",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "savefig.dpi": 300,
        "figure.dpi": 100,
    }
)
SIZES = ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize")
# Nothing of the day or of the machine goes into a file.
METADATA: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    }
)


class FigureError(OkhotskError, ValueError):
    """A figure that there is not, or a file that it cannot be written to."""


@contextmanager
def print_settings(width: str, *, fonts: Sequence[str] = (TYPE,)) -> Iterator[None]:
    """Draw and write with our type, whatever the user's own matplotlib is set to.

    ``fonts`` are taken in their order, each for the letters that those before it lack.

    Raises
    ------
    FigureError
        For an unknown width.
    """
    if width not in WIDTHS:
        raise FigureError(f"unknown width {width!r}, expected one of {', '.join(WIDTHS)}")
    points = WIDTHS[width].type_pt
    sizes = dict.fromkeys(SIZES, points) | {"axes.titlesize": points + 0.5}
    settings: dict[str, Any] = {**SETTINGS, **sizes, "font.family": list(fonts)}
    with mpl.rc_context(), _quiet(logging.getLogger("matplotlib.font_manager")):
        mpl.rcdefaults()
        mpl.rcParams.update(settings)  # type: ignore[arg-type]
        yield


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Leave out that a font of another script has no bold letters."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def sheet(width: str, *, column: float, page: float) -> Figure:
    """Return an empty figure of one of :data:`WIDTHS`; :func:`foot` adds room for its foot.

    ``column`` and ``page`` are heights over widths; a slide has its own.
    """
    wide = WIDTHS[width].mm / MM_PER_INCH
    tall = {"column": column, "page": page, SLIDE: SLIDE_TALL}[width]
    return Figure(figsize=(wide, wide * tall), layout="constrained")


def entitle(figure: Figure, finding: str, width: str, *, name: str = "") -> None:
    """Write over a figure what it finds, below the name of what it is about.

    Each takes two lines at most, and ends in an ellipsis where it would take more.
    """
    points = WIDTHS[width].type_pt + 0.5
    room_pt = (1 - 4 * EDGE) * WIDTHS[width].mm / MM_PER_PT
    lines = [
        line
        for words in (name, finding)
        for line in fitted(words, room_pt, points, lines=TITLE_LINES)
    ]
    figure.suptitle("\n".join(lines), x=EDGE, ha="left", fontsize=points, fontweight="bold")


def foot(
    figure: Figure, words: str, width: str, *, handles: Sequence[Any] = (), ncols: int = 1
) -> None:
    """Add a legend, in as many of some columns as there is room for, and sources and limits."""
    points = WIDTHS[width].type_pt
    small = _small_pt(width)
    lines = _wrapped(words, width)
    for handle in handles:
        handle.set_label(_label(handle.get_label(), width))
    ncols = _fitting_columns([handle.get_label() for handle in handles], ncols, width)
    note_mm = (len(lines) * 1.25 + 0.8) * small * MM_PER_PT
    if width == SLIDE:
        _foot_of_slide(figure, lines, handles, note_mm)
        return
    legend_mm = (-(-len(handles) // ncols) * 1.45 + 0.6) * points * MM_PER_PT if handles else 0.0
    whole_mm = figure.get_figheight() * MM_PER_INCH + note_mm + legend_mm
    figure.set_figheight(whole_mm / MM_PER_INCH)
    low = (note_mm + legend_mm) / whole_mm
    figure.get_layout_engine().set(rect=(0, low, 1, 1 - low))  # type: ignore[union-attr,call-arg]
    _note(figure, lines, small, low=0.4 * small * MM_PER_PT / whole_mm)
    if handles:
        _legend(figure, handles, (EDGE, note_mm / whole_mm), loc="lower left", ncols=ncols)


def _foot_of_slide(
    figure: Figure, lines: Sequence[str], handles: Sequence[Any], note_mm: float
) -> None:
    """The foot of a slide inside its height, and the legend on the right of what is drawn."""
    wide_mm = WIDTHS[SLIDE].mm
    low, left = note_mm / (wide_mm * SLIDE_TALL), 1.0
    if handles:
        for handle in handles:
            handle.set_label(textwrap.fill(handle.get_label(), SLIDE_LETTERS))
        labels = [line for h in handles for line in h.get_label().splitlines()]
        left -= _legend_mm(labels, 1, SLIDE_KEY_PT) / wide_mm + 2 * EDGE
        place = (left + EDGE, (1 + low) / 2)
        _legend(figure, handles, place, loc="center left", labelspacing=0.7, fontsize=SLIDE_KEY_PT)
    figure.get_layout_engine().set(rect=(0, low, left, 1 - low))  # type: ignore[union-attr,call-arg]
    _note(
        figure, lines, SLIDE_NOTE_PT, low=0.4 * SLIDE_NOTE_PT * MM_PER_PT / (wide_mm * SLIDE_TALL)
    )


def _small_pt(width: str) -> float:
    """Size of the type of sources and limits."""
    return SLIDE_NOTE_PT if width == SLIDE else max(SMALLEST_PT, WIDTHS[width].type_pt - 1)


def _note(figure: Figure, lines: Sequence[str], points: float, *, low: float) -> None:
    figure.text(
        EDGE,
        low,
        "\n".join(lines),
        fontsize=points,
        color=SOFT,
        va="bottom",
        linespacing=1.2,
    )


def _legend(
    figure: Figure, handles: Sequence[Any], place: tuple[float, float], **look: Any
) -> None:
    """A legend at a place of a figure; ``look`` has its anchor and what is not as elsewhere."""
    usual = {"columnspacing": COLUMN_GAP_EM, "labelspacing": 0.35}
    figure.legend(
        handles=handles,
        bbox_to_anchor=place,
        borderaxespad=0,
        borderpad=0,
        handlelength=KEY_EM,
        handletextpad=KEY_GAP_EM,
        **usual | look,
    )


def _label(words: str, width: str) -> str:
    """A label of a legend, cut where one column of them would be too wide for the sheet."""
    points = WIDTHS[width].type_pt
    room_pt = (1 - 2 * EDGE) * WIDTHS[width].mm / MM_PER_PT - (KEY_EM + KEY_GAP_EM) * points
    return fitted(words, room_pt, points, lines=1, weight="normal")[0]


def _fitting_columns(labels: Sequence[str], most: int, width: str) -> int:
    """The largest number of columns of a legend that there is room for."""
    room_mm = (1 - EDGE) * WIDTHS[width].mm
    points = WIDTHS[width].type_pt
    fitting = (n for n in range(most, 1, -1) if _legend_mm(labels, n, points) < room_mm)
    return next(fitting, 1)


def _legend_mm(labels: Sequence[str], ncols: int, points: float) -> float:
    """Width of a legend that is filled column by column."""
    words_pt = [TextPath((0, 0), label, size=points).get_extents().x1 for label in labels]
    columns = [part for part in np.array_split(words_pt, ncols) if len(part)]
    keys_pt = (KEY_EM + KEY_GAP_EM) * points * len(columns)
    gaps_pt = COLUMN_GAP_EM * points * (len(columns) - 1)
    return float(sum(max(part) for part in columns) + keys_pt + gaps_pt) * MM_PER_PT


def _wrapped(words: str, width: str) -> list[str]:
    """Words in lines that the sheet has room for."""
    letters = WIDTHS[width].mm / (_small_pt(width) * 0.218)
    return textwrap.wrap(words, int(letters))


def to_bytes(figure: Figure, suffix: str, *, dpi: int = 300) -> bytes:
    """Return a figure as the contents of a PNG, SVG or PDF file, by the suffix."""
    made = io.BytesIO()
    with print_settings("page"):
        figure.savefig(made, format=suffix[1:], metadata=METADATA[suffix], dpi=dpi)
    return made.getvalue()


def save(figure: Figure, path: Path | str, *, dpi: int = 300) -> Path:
    """Write a figure as PNG, SVG or PDF, by the suffix; the same figure gives the same bytes.

    ``dpi`` is the resolution of PNG and of the seabed in the others.

    Raises
    ------
    FigureError
        For any other suffix.
    """
    path = Path(path)
    if path.suffix not in METADATA:
        known, got = ", ".join(METADATA), path.suffix or "no suffix"
        raise FigureError(f"{path}: a figure is written as {known}, got {got!r}")
    made = to_bytes(figure, path.suffix, dpi=dpi)
    with replacing(path) as unfinished:
        unfinished.write_bytes(made)
    return path
