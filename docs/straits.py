"""Write docs/straits.md: every strait with its intervals over seabeds, and what is published of it.

Run ``python docs/straits.py``: a minute, and another where the ensemble of seabeds is not kept.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import okhotsk
from okhotsk.assessment.intervals import definition, section_words
from okhotsk.datasets import citations, data_digest, data_folder, sha256
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.geodesy import KM_PER_DEG
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.ensemble import ERRORS, Ensemble, interval
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat, straits_table

DOCUMENT = Path(__file__).with_name("straits.md")
TITLE = "# Straits: computed with intervals, and published"
HEAD = """
Written by `docs/straits.py` from the shipped data; do not edit. Figures are those of the shipped
seabed ({seabed}). In brackets stands the {definition}. How the seabeds are made:
[method.md](method.md). What a finer seabed of your own says of each strait beside this one:
`okhotsk data compare` ([seabeds.md](seabeds.md)). Differences in per cent, widths and islands
against published values: [validation.md](validation.md).
"""
ALL = """
The section is the least cross-section from shore to shore. The sill is the greatest depth
that can be kept from the basin to the ocean through that strait alone, so that only exits have one.
The greatest depth is that under the line of least section, where the shipped seabed lays it. The
greatest of many uncertain depths grows with their errors: it is greater on another seabed than on
this in {greater} of all cases, and its interval lies above the figure itself in {above}. A strait
whose throat is shorter than two cells of the seabed is unresolved: no figure is given that rests on
depths.
"""
NEAR = """
Exits whose interval holds the least depth assumed for a submerged transit, {transit_m} m, may be
deep or not, so far as these seabeds tell: {near}.
"""
AGAINST = """
Like is compared with like: a published cross-section with the section, a published sill with the
sill, a published greatest depth with the greatest depth under the line of least section. A value
for the whole gap from Raikoke to Shiashkotan is compared with Kruzenshtern and Lovushek together.
"More than" a depth is held by an interval that reaches deeper. The greatest depth of a strait may
lie off that line, so that a published depth outside the interval need not mean that either is
wrong. A 90% interval would hold nine of ten values that are independent; here rows of one strait
are not, and "more than" is an easy test.
"""
APART_WORDS = """
Not compared are depths of another kind (shoals, banks, ends of ranges), the depth of the north
mouth of the Nemuro Strait, whose throat is at the south end, and values of unresolved straits: the
seabeds of the ensemble take the depth there from published values, so that agreement would prove
nothing.
"""
SECTION, SHARE, SILL, DEEPEST = "section", "share of all Kuril sections", "sill", "greatest depth"
MORE = "more than this"
GAP = ("kruzenshtern", "lovushek")
WHOLE_GAP = "whole gap"
# Depths of another place than the throat: the north mouth of the Nemuro Strait lies in the basin.
APART = {("nemuro", 2500)}
NEAR_KM = 10
KINDS = {
    "throat_area_km2": SECTION,
    "throat_share": SHARE,
    "sill_depth_m": SILL,
    "max_depth_m": DEEPEST,
}
DEPTHS = (SILL, DEEPEST)
GROUPS = {"Sections": (SECTION, SHARE), "Sills": (SILL,), "Greatest depths": (DEEPEST,)}


@dataclass(frozen=True)
class Found:
    """A figure of a strait on the shipped seabed, and its interval over the others."""

    value: float
    low: float
    high: float

    def write(self, kind: str) -> str:
        """Return the figure and its interval in the digits of its kind."""
        if kind == SECTION:
            ends = {"throat_area_km2_low": self.low, "throat_area_km2_high": self.high}
            return section_words({"throat_area_km2": self.value, **ends})
        if kind == SHARE:
            return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"
        return f"{self.value:,.0f} m ({self.low:,.0f} to {self.high:,.0f})"


@dataclass(frozen=True)
class Row:
    """A published value beside what is computed."""

    strait: Throat
    kind: str
    published: Mapping[str, Any]
    found: Found

    @property
    def holds(self) -> bool:
        """Whether the interval holds it; "more than" it where it reaches beyond."""
        if self.published.get("note") == MORE:
            return bool(self.found.high > self.published["value"])
        return bool(self.found.low <= self.published["value"] <= self.found.high)

    @property
    def name(self) -> str:
        """The name of the strait without what stands in brackets."""
        return self.strait.strait.name.split(" (")[0]


def input_key() -> str:
    """Return the digest of the tables and rasters that the document was written from."""
    rasters = [sha256(data_folder() / name)[:12] for name in ("seabed.tif", ERRORS)]
    return " ".join([data_digest()[:12], *rasters])


def greatest_depths(ensemble: Ensemble) -> FloatArray:
    """Return the greatest depth under the line of every strait, a row for each seabed."""
    theatre = ensemble.theatre
    cells = []
    for throat in theatre.throats:
        share = np.linspace(0, 1, len(throat.distance_km))
        points = shapely.line_interpolate_point(throat.line, share, normalized=True)
        at = [theatre.grid.index(*point) for point in shapely.get_coordinates(points)]
        cells.append(tuple(np.array(at).T))
    rows = []
    for number in range(ensemble.errors.members + 1):
        depth_m = ensemble.depths(number)
        rows.append([depth_m[at].max() for at in cells])
    return np.array(rows, float)


@dataclass(frozen=True)
class Figures:
    """All figures of the straits: on the shipped seabed, and a row for each of the others."""

    theatre: Theatre
    now: Mapping[str, FloatArray]
    others: Mapping[str, FloatArray]

    def found(self, kind: str, place: int, with_places: Sequence[int] = ()) -> Found | None:
        """Return a figure of a strait, or of several together; None where there is none."""
        places = [place, *with_places]
        whole = np.max if kind in DEPTHS else np.sum
        value = float(whole(self.now[kind][places]))
        if not all(self.theatre.throats[n].resolved for n in places) or np.isnan(value):
            return None
        low, high = interval(whole(self.others[kind][:, places], axis=1))
        return Found(value, float(low), float(high))


def find_figures(theatre: Theatre) -> Figures:
    """Measure the straits on all seabeds."""
    ensemble = Ensemble(theatre)
    table = straits_table(theatre.throats, operating_depth_m=Assumptions().operating_depth_m)
    areas_km2, deepest_m = ensemble.spread.areas_km2, greatest_depths(ensemble)
    kuril = np.array([t.strait.kuril and t.resolved for t in theatre.throats])
    now = {
        SECTION: np.array([throat.throat_area_km2 for throat in theatre.throats]),
        SHARE: table.throat_share.to_numpy(float),
        SILL: table.sill_depth_m.to_numpy(float),
        DEEPEST: deepest_m[0],
    }
    others = {
        SECTION: areas_km2,
        SHARE: areas_km2 / areas_km2[:, kuril].sum(axis=1, keepdims=True),
        SILL: ensemble.spread.sills_m,
        DEEPEST: deepest_m[1:],
    }
    return Figures(theatre, now, others)


def compared(figures: Figures) -> Iterator[Row]:
    """Every published value that is compared."""
    throats = figures.theatre.throats
    places = {throat.strait.strait_id: n for n, throat in enumerate(throats)}
    for place, throat in enumerate(throats):
        name = throat.strait.strait_id
        for value in throat.strait.published:
            kind = KINDS.get(value["quantity"])
            if kind is None or (name, value["value"]) in APART:
                continue
            whole = WHOLE_GAP in value.get("note", "")
            others = [places[other] for other in GAP if other != name] if whole else []
            found = figures.found(kind, place, others)
            if found:
                yield Row(throat, kind, value, found)


def near_m(throat: Throat, theatre: Theatre) -> float:
    """Greatest depth of the shipped seabed within some distance of a throat."""
    squeeze = np.array([np.cos(np.radians(throat.line.centroid.y)), 1.0]) * KM_PER_DEG
    west, south, east, north = throat.line.bounds
    margin = 2 * NEAR_KM / squeeze
    top, left = theatre.grid.index(west - margin[0], north + margin[1])
    bottom, right = theatre.grid.index(east + margin[0], south - margin[1])
    block = (slice(top, bottom + 1), slice(left, right + 1))
    lon, lat = np.meshgrid(theatre.grid.lon[block[1]], theatre.grid.lat[block[0]])
    points = shapely.points(np.stack([lon, lat], axis=-1) * squeeze)
    away_km = shapely.distance(points, shapely.transform(throat.line, squeeze.__mul__))
    return float(theatre.seabed.depth_m[block][away_km <= NEAR_KM].max())


def remark(row: Row, found: Sequence[Row], theatre: Theatre) -> str:
    """What the data note of a value, and why an interval does not hold it, where that is known."""
    said = [row.published.get("note", "")]
    same = [other for other in found if (other.name, other.kind) == (row.name, row.kind)]
    missed = [other.published["value"] for other in same if not other.holds]
    if not row.holds and min(missed) < row.found.low and max(missed) > row.found.high:
        said.append("published values disagree: the interval lies between them")
    elif not row.holds and row.kind == DEEPEST:
        deepest_m = near_m(row.strait, theatre)
        said.append(f"greatest depth within {NEAR_KM} km of the line: {deepest_m:,.0f} m")
    elif not row.holds:
        said.append("no reason known")
    return "; ".join(filter(None, said))


def every_strait(figures: Figures) -> str:
    """The table of all straits."""
    lines = [
        "| strait | exit | width km | section | sill | greatest depth |",
        "|---|:-:|---:|---:|---:|---:|",
    ]
    for place, throat in enumerate(figures.theatre.throats):
        cells = []
        for kind in (SECTION, *DEPTHS):
            found = figures.found(kind, place)
            cells.append(found.write(kind) if found else "–" if throat.resolved else "unresolved")
        leads = throat.strait.name, "yes" if throat.strait.exit else "no", f"{throat.width_km:.1f}"
        lines.append(f"| {' | '.join([*leads, *cells])} |")
    return "\n".join(lines)


def near_transit(figures: Figures) -> str:
    """Exits of which the seabeds do not tell whether a submerged boat comes through."""
    least_m = Assumptions().transit_depth_m
    names = []
    for place, throat in enumerate(figures.theatre.throats):
        found = figures.found(SILL, place)
        if found and found.low < least_m <= found.high:
            deep = int((figures.others[SILL][:, place] >= least_m).sum())
            members = len(figures.others[SILL])
            name = throat.strait.name.split(" (")[0]
            names.append(
                f"{name} (sill {found.write(SILL)}, so deep on {deep} of {members} seabeds)"
            )
    return "; ".join(names) or "none"


def published_table(found: Sequence[Row], theatre: Theatre) -> str:
    """The table of published values."""
    lines = [
        "| strait | what | published | computed | held | source | remark |",
        "|---|---|---:|---:|:-:|---|---|",
    ]
    for row in found:
        value = row.published
        cells = (
            row.name + (" with Lovushek" if WHOLE_GAP in value.get("note", "") else ""),
            row.kind,
            published_words(row),
            row.found.write(row.kind),
            "yes" if row.holds else "**no**",
            " ".join(value["source"]),
            remark(row, found, theatre),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def published_words(row: Row) -> str:
    """A published value with its unit."""
    value = row.published["value"]
    if row.kind == SECTION:
        return f"{value:g} km²"
    if row.kind == SHARE:
        return f"{value:.1%}"
    return f"{'> ' if row.published.get('note') == MORE else ''}{value:,g} m"


def summary(found: Sequence[Row], theatre: Theatre) -> str:
    """How many published values the intervals hold, kind by kind, and which not."""
    lines, told = [], [v["quantity"] for t in theatre.throats for v in t.strait.published]
    for title, kinds in GROUPS.items():
        chosen = [row for row in found if row.kind in kinds]
        missed = [f"{row.name} ({published_words(row)})" for row in chosen if not row.holds]
        held = len(chosen) - len(missed)
        rest = f"; not for {', '.join(missed)}" if missed else ""
        left = sum(KINDS.get(name) in kinds for name in told) - len(chosen)
        more = f" {left} more are not compared." if left else ""
        lines.append(
            f"- {title}: the interval holds the published value for {held} of {len(chosen)}{rest}."
            f"{more}"
        )
    return "\n".join(lines)


def wrapped(text: str) -> str:
    """Wrap a paragraph, or a list of one line each, at 100 characters."""
    lines = text.split("\n") if text.startswith("- ") else [" ".join(text.split())]
    indent = "  " * text.startswith("- ")
    fill = partial(
        textwrap.fill,
        width=100,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(map(fill, lines))


def above(figures: Figures) -> str:
    """The straits whose greatest depth lies below its interval."""
    places = enumerate(figures.theatre.throats)
    found = [(throat, figures.found(DEEPEST, place)) for place, throat in places]
    names = [t.strait.name.split(" (")[0] for t, f in found if f and f.value < f.low]
    return " and ".join(names) or "no strait"


def greater(figures: Figures) -> str:
    """How often a greatest depth is greater on another seabed."""
    known = [throat.resolved for throat in figures.theatre.throats]
    share = (figures.others[DEEPEST] > figures.now[DEEPEST])[:, known].mean()
    return f"{share:.0%}"


def document(theatre: Theatre) -> str:
    """Return docs/straits.md."""
    figures = find_figures(theatre)
    found = list(compared(figures))
    transit_m = f"{Assumptions().transit_depth_m:g}"
    parts = [
        TITLE,
        wrapped(HEAD.format(definition=definition(theatre), seabed=theatre.seabed.title)),
        "## Every strait",
        wrapped(ALL.format(above=above(figures), greater=greater(figures))),
        every_strait(figures),
        wrapped(NEAR.format(transit_m=transit_m, near=near_transit(figures))),
        "## Against what is published",
        wrapped(AGAINST),
        wrapped(APART_WORDS),
        wrapped(summary(found, theatre)),
        published_table(found, theatre),
    ]
    cited = sources("\n".join(parts))
    return "\n\n".join([*parts, "## Sources", cited, f"Inputs: {input_key()}.\n"])


def sources(text: str) -> str:
    """Citations of all keys that a text uses."""
    used = set(re.findall(r"\b[SW]\d+\b", text)) & set(citations())
    order = sorted(used, key=lambda key: (key[0], int(key[1:])))
    return "\n".join(f"- **{key}** {citations()[key]}" for key in order)


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(document(okhotsk.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
