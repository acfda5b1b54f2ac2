"""Letters of texts that people write: fonts for their scripts, and what no font here can draw.

Our type is the one that matplotlib brings. Where it lacks a letter, fonts of the machine are looked
through; a letter that none of them has is named by its script, since an empty box tells nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.textpath import TextPath

TYPE = "DejaVu Sans"
ELLIPSIS = "…"
# Fonts of other scripts that are looked at first, by how well they go with ours.
PREFERRED = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Source Han Sans",
    "IPAexGothic",
    "IPAGothic",
    "TakaoPGothic",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
    "MS Gothic",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Emoji",
    "Segoe UI Emoji",
)
# Boxes for every letter, single letters for formulas, and pictures that figures cannot use.
USELESS = re.compile("last ?resort|colou?r|^stix|^cm[a-z]+[0-9]+$|^dejavu", re.IGNORECASE)
SCRIPTS = {
    "CJK": "Japanese or Chinese",
    "HIRAGANA": "Japanese or Chinese",
    "KATAKANA": "Japanese or Chinese",
    "KATAKANA-HIRAGANA": "Japanese or Chinese",
    "IDEOGRAPHIC": "Japanese or Chinese",
    "FULLWIDTH": "Japanese or Chinese",
    "HALFWIDTH": "Japanese or Chinese",
    "HANGUL": "Korean",
}


# Scripts whose letters join or change places; matplotlib sets every letter alone, from the left.
JOINED = (
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA"),
    *("MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "MONGOLIAN"),
)


def drawn(words: str, *, joined: bool = False) -> str:
    """Return words as figures draw them: on one line, with runs that cannot be named in brackets.

    Parameters
    ----------
    words
        What people typed.
    joined
        Whether letters that join, or run from the right, are set as they should be.

    Examples
    --------
    >>> drawn("Four  islands, for $5")
    'Four islands, for $5'
    """
    flat = " ".join(words.split())
    names = list(map(_name_unless_drawn if joined else _name_unless_set, flat))
    for at, letter in enumerate(flat):  # words of one script make one run
        if letter == " " and names[at - 1] == names[at + 1]:
            names[at] = names[at - 1]
    runs = groupby(zip(names, flat, strict=True), lambda pair: pair[0])
    return "".join(f"[{name}]" if name else "".join(x for _, x in run) for name, run in runs)


def lacking(texts: Iterable[str]) -> str:
    """Return in sentences with a blank what figures cannot draw here; empty where they can all.

    Examples
    --------
    >>> lacking(["Четыре острова"])
    ''
    """
    letters = dict.fromkeys(letter for words in texts for letter in words)
    unset = dict.fromkeys(filter(None, map(_joins, letters)))
    absent = dict.fromkeys(_name_unless_drawn(letter) for letter in letters if not _joins(letter))
    said = ""
    if unset:
        said = f"In brackets: scripts that figures cannot set ({', '.join(unset)}). "
    if names := list(filter(None, absent)):
        said += (
            f"In brackets: letters for which this machine has no font ({', '.join(names)}); "
            "install one and draw again. "
        )
    return said


def families(texts: Iterable[str]) -> list[str]:
    """Return the fonts that some texts need, ours first.

    Examples
    --------
    >>> families(["Four islands"])
    ['DejaVu Sans']
    """
    others = (_font_of(letter) for words in texts for letter in words if not letter.isspace())
    return list(dict.fromkeys([TYPE, *filter(None, others)]))


def font_files(text: str) -> list[Path]:
    """Return the files of the fonts that a text needs beyond ours."""
    return [Path(path) for name, path in _others() if name in families([text])[1:]]


def fitted(
    words: str, room_pt: float, points: float, *, lines: int, weight: str = "bold"
) -> list[str]:
    """Return words in as many lines as there are, the last cut with an ellipsis.

    Parameters
    ----------
    words
        What is to be written.
    room_pt
        How wide a line may be, in points.
    points, weight
        Size and weight of the type.
    lines
        How many lines there may be.
    """
    type_ = FontProperties(size=points, weight=weight)

    def fits(text: str) -> bool:
        return bool(TextPath((0, 0), text, prop=type_).get_extents().x1 <= room_pt)

    found: list[str] = []
    rest = words
    while rest and len(found) < lines:
        start = _longest(rest, fits)
        found.append(start.rstrip())
        rest = rest[len(start) :].lstrip()
    if rest:
        found[-1] = _longest(found[-1], lambda text: fits(f"{text}{ELLIPSIS}"), anywhere=True)
        found[-1] = found[-1].rstrip(" ,;:") + ELLIPSIS
    return found


def _longest(words: str, fits: Callable[[str], bool], *, anywhere: bool = False) -> str:
    """The longest start of words that fits, up to a blank where there is one."""
    low, high = 1, len(words)
    if fits(words):
        return words
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(words[:middle]) else (low, middle)
    blank = words.rfind(" ", 0, low + 1)
    return words[:low] if anywhere or blank <= 0 else words[:blank]


def _name_unless_set(letter: str) -> str:
    """The script of a letter that figures cannot set; empty where they can."""
    return _joins(letter) or _name_unless_drawn(letter)


def _joins(letter: str) -> str:
    """The script of a letter that joins others, or runs from the right; empty of others."""
    first = unicodedata.name(letter, "unknown").split()[0]
    turned = unicodedata.bidirectional(letter) in ("R", "AL", "AN")
    if unicodedata.category(letter) == "Cf" or not (turned or first in JOINED):
        return ""
    return first.capitalize()


def _name_unless_drawn(letter: str) -> str:
    """The script of a letter that no font has; empty where one has it, or it takes no room."""
    if letter.isspace() or _font_of(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Cc"):
        return ""
    first = unicodedata.name(letter, "unknown").split()[0]
    if unicodedata.category(letter).startswith("S"):
        return "sign"
    return SCRIPTS.get(first, first.capitalize())


@cache
def _font_of(letter: str) -> str | None:
    """The font that draws a letter."""
    if all(ord(letter) in _letters(_ours(weight)) for weight in ("normal", "bold")):
        return TYPE
    return next((name for name, path in _others() if ord(letter) in _letters(path)), None)


@cache
def _ours(weight: str) -> str:
    return str(findfont(FontProperties(family=TYPE, weight=weight)))


@cache
def _others() -> tuple[tuple[str, str], ...]:
    """Names and files of the machine's fonts, those preferred first."""
    upright = [e for e in fontManager.ttflist if e.style == "normal" and not USELESS.search(e.name)]
    found = {e.name: e.fname for e in sorted(upright, key=lambda e: e.fname, reverse=True)}
    order = {name: place for place, name in enumerate(PREFERRED)}
    names = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return tuple((name, found[name]) for name in names)


@cache
def _letters(path: str) -> frozenset[int]:
    try:
        return frozenset(get_font(path).get_charmap())
    except (OSError, RuntimeError):  # a font that this FreeType cannot read
        return frozenset()
