"""Paper for figures: sizes, type, strokes that tell curves apart, files that stay the same."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from okhotsk.errors import OkhotskError
from okhotsk.files import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM_PER_INCH = 25.4
# Width in mm and size of type in points: a column and a page of A4, and a slide.
WIDTHS = MappingProxyType({"column": (88.0, 7.2), "page": (180.0, 7.5), "slide": (254.0, 11.0)})
SMALLEST_PT = 6.0
MM_PER_PT = 0.3528
EDGE = 0.012  # left of the foot, over the width of the sheet
KEY_EM, KEY_GAP_EM, COLUMN_GAP_EM = 1.7, 0.6, 0.9  # of a legend, over the size of its type
INK, SOFT, GRID = "#17222d", "#4a5866", "#d5dbe1"
# Okabe and Ito's colours in an order that falls in brightness, with strokes that differ too.
SERIES = (
    ("#111111", "-"),
    ("#0072b2", "--"),
    ("#d55e00", "-"),
    ("#009e73", "-."),
    ("#cc79a7", "-"),
    ("#56b4e9", "--"),
    ("#8a6d00", ":"),
    ("#7a1f5c", "-."),
    ("#6b6b6b", "-"),
    ("#b58900", "--"),
)
# Nothing of the day or of the machine goes into a file.
METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


class FigureError(OkhotskError, ValueError):
    """A figure that there is not, or a file that it cannot be written to."""


@contextmanager
def press(width: str) -> Iterator[None]:
    """Draw and write with our type, whatever the user's own matplotlib is set to.

    Raises
    ------
    FigureError
        For an unknown width.
    """
    import matplotlib as mpl

    if width not in WIDTHS:
        raise FigureError(f"unknown width {width!r}, expected one of {', '.join(WIDTHS)}")
    points = WIDTHS[width][1]
    own: dict[str, Any] = {
        "font.family": "DejaVu Sans",
        "font.size": points,
        "axes.titlesize": points + 0.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": points,
        "xtick.labelsize": points,
        "ytick.labelsize": points,
        "legend.fontsize": points,
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
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(own)  # type: ignore[arg-type]
        yield


def sheet(width: str, *, column: float, page: float) -> Figure:
    """Return an empty figure of one of :data:`WIDTHS`; :func:`foot` adds room for its foot.

    ``column`` and ``page`` are heights over widths, the second for slides too.
    """
    from matplotlib.figure import Figure

    wide = WIDTHS[width][0] / MM_PER_INCH
    tall = column if width == "column" else page
    return Figure(figsize=(wide, wide * tall), layout="constrained")


def foot(
    figure: Figure, words: str, width: str, *, handles: Sequence[Any] = (), ncols: int = 1
) -> None:
    """Add a legend, in as many of some columns as there is room for, and sources and limits."""
    points = WIDTHS[width][1]
    labels = [handle.get_label() for handle in handles]
    room_mm = (1 - EDGE) * WIDTHS[width][0]
    ncols = next((n for n in range(ncols, 1, -1) if _legend_mm(labels, n, points) < room_mm), 1)
    small = max(SMALLEST_PT, points - 1)
    lines = _wrapped(words, width)
    note_mm = (len(lines) * 1.25 + 0.8) * small * MM_PER_PT
    legend_mm = (-(-len(handles) // ncols) * 1.45 + 0.6) * points * MM_PER_PT if handles else 0.0
    body_mm = figure.get_figheight() * MM_PER_INCH
    whole_mm = body_mm + note_mm + legend_mm
    figure.set_figheight(whole_mm / MM_PER_INCH)
    low = (note_mm + legend_mm) / whole_mm
    figure.get_layout_engine().set(rect=(0, low, 1, 1 - low))  # type: ignore[union-attr,call-arg]
    figure.text(
        EDGE,
        0.4 * small * MM_PER_PT / whole_mm,
        "\n".join(lines),
        fontsize=small,
        color=SOFT,
        va="bottom",
        linespacing=1.2,
    )
    if handles:
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(EDGE, note_mm / whole_mm),
            ncols=ncols,
            borderaxespad=0,
            borderpad=0,
            columnspacing=COLUMN_GAP_EM,
            handlelength=KEY_EM,
            labelspacing=0.35,
            handletextpad=KEY_GAP_EM,
        )


def _legend_mm(labels: Sequence[str], ncols: int, points: float) -> float:
    """Width of a legend that is filled column by column."""
    import numpy as np
    from matplotlib.textpath import TextPath

    words_pt = [TextPath((0, 0), label, size=points).get_extents().x1 for label in labels]
    columns = [part for part in np.array_split(words_pt, ncols) if len(part)]
    keys_pt = (KEY_EM + KEY_GAP_EM) * points * len(columns)
    gaps_pt = COLUMN_GAP_EM * points * (len(columns) - 1)
    return float(sum(max(part) for part in columns) + keys_pt + gaps_pt) * MM_PER_PT


def _wrapped(words: str, width: str) -> list[str]:
    """Words in lines that the sheet has room for."""
    import textwrap

    wide_mm, points = WIDTHS[width]
    letters = wide_mm / (max(SMALLEST_PT, points - 1) * 0.218)
    return textwrap.wrap(words, int(letters))


def name_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]], gap: float) -> None:
    """Name curves at their right ends (x, y, words, colour), at least a gap apart."""
    low = -float("inf")
    for x, y, words, colour in sorted(ends, key=lambda end: end[1]):
        low = max(y, low + gap)
        axes.annotate(
            words,
            (x, low),
            xytext=(4, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            annotation_clip=False,
        )


def to_bytes(figure: Figure, suffix: str, *, dpi: int = 300) -> bytes:
    """Return a figure as the contents of a PNG, SVG or PDF file, by the suffix."""
    made = io.BytesIO()
    with press("page"):
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
