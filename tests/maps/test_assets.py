"""Templates: every text is escaped, in every field, twice where a script is read twice."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import HOSTILE
from jinja2 import UndefinedError
from markupsafe import Markup

from okhotsk.maps import assets

TEMPLATES = Path(assets.__file__).parent / "templates"

SIZE = {"width": 1, "height": 1}


class Texts(HTMLParser):
    """All texts and attributes of a fragment, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.texts += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


ENTRY = {"kind": "line", "label": HOSTILE, "colour": HOSTILE, "edge": HOSTILE, "opacity": 1}
ENTRY |= {
    "width": 2,
    "core": "",
    "over": "",
    "edge_width": 1,
    "edge_opacity": 1,
    "edge_dash": "",
    "casing": 0,
    "dash": "6 4",
}
KINDS = [ENTRY | {"kind": kind} for kind in ("fill", "hatch", "line", "dash", "point")]
SWATCH = {"wide": 26, "high": 16, "cores": {}}
BOX = {"left": 44, "top": 16, "wide": 200, "high": 84, "ink": HOSTILE}
SHORE = {"name": HOSTILE, "colour": HOSTILE}
RECORD = {"ceded_land_km2": 1.0, "ceded_population": 2, "exits_russian": HOSTILE}
RECORD |= {"exits_shared": HOSTILE, "exits_japanese": HOSTILE, "barrier_km": 1.0}
RECORD |= {"refuge_share": 0.5, "sensed_share": 0.5, "index": 9, "index_low": 8, "index_high": 9}
ROW = dict.fromkeys(
    ("page", "title", "index", "spread", "exits", "picture", "line", "context", "plain", "chart"),
    HOSTILE,
) | {"changes": True, "warning": HOSTILE, "exposure": HOSTILE, "lost": True}
ROW |= {"cells": [(HOSTILE, HOSTILE)], "more": [HOSTILE], "sources": [HOSTILE]}
CHANGE = dict.fromkeys(("label", "now", "today", "change", "words"), HOSTILE) | {"headed": True}
FINDING = dict.fromkeys(("sentence", "short", "firm", "held", "worlds"), HOSTILE)
DOT = dict.fromkeys(("page", "name", "figure", "ends", "fill", "edge", "top", "high"), HOSTILE)
DOT |= {"x": HOSTILE, "bar": (HOSTILE, HOSTILE), "seabeds": (HOSTILE, HOSTILE), "y": 1.0}
FORM = {"name": HOSTILE, "wide": 1, "labels": 1, "type": 1.0, "ends": True}
PICTURE = dict.fromkeys(("page", "title", "source", "km", "today_km", "short"), HOSTILE)
PICTURE |= {"size": (1, 1), "ceded": True}
PICTURE |= {"labels": [{"kind": HOSTILE, "x": 1.0, "y": 1.0, "text": HOSTILE}]}
VALUES = {
    "transit_depth_m": 1,
    "patrol_depth_m": 1,
    "refuge_standoff_km": 1,
    "sensor_range_km": 1,
    "operating_depth_m": 1,
}
# What every template is given, every text hostile; and how many of them must be found again.
GIVEN = {
    "attribution.html.j2": ({"coast": HOSTILE, "seabed": HOSTILE}, 2),
    "dot_chart.svg.j2": (
        {"form": FORM, "rows": [DOT | {"lines": [(HOSTILE, HOSTILE)]}], "high": HOSTILE}
        | {"ticks": [(HOSTILE, HOSTILE)], "left": 1, "right": 1, "foot": 1, "thick": 9},
        25,
    ),
    "exposure.svg.j2": (
        BOX
        | dict.fromkeys(
            ("ground", "exposure", "points", "colour", "highest", "length_km"), HOSTILE
        ),
        7,
    ),
    "hatch.svg.j2": ({"pattern": HOSTILE, "colour": HOSTILE}, 2),
    "inset.svg.j2": ({"width": 1, "height": 1, "coast": HOSTILE}, 1),
    "legend_section.html.j2": (
        {"title": HOSTILE, "note": HOSTILE, **SWATCH}
        | {"runs": [(KINDS, []), ([], [{"colours": [HOSTILE], "ticks": [(0.5, HOSTILE)]}])]},
        2 + 3 * 5 - 2 + 2,
    ),
    "legend_swatch.svg.j2": ({"entry": ENTRY | {"kind": "fill"}, **SWATCH}, 2),
    "overview.html.j2": (
        {"styles": Markup(""), "columns": [(HOSTILE, "", "", HOSTILE)], "rows": [ROW]}
        | {"more": [(HOSTILE, "", "", HOSTILE)], "values": VALUES, "g": str, "picture": PICTURE}
        | {"ceded": dict.fromkeys(("JP", "none", "RU"), HOSTILE), "percentiles": (5, 95)}
        | {"zones": dict.fromkeys(("jp-eez", "jp-territorial-sea"), {"fill": HOSTILE})}
        | {"answers": [FINDING], "findings": [FINDING], "details": [HOSTILE], "charts": [HOSTILE]}
        | {"kinds": [({"fill": HOSTILE, "line": HOSTILE}, HOSTILE)], "baseline": HOSTILE}
        | dict.fromkeys(("surveyed", "spread", "below", "members", "limits", "seabed"), HOSTILE)
        | dict.fromkeys(
            (
                "key",
                "explorer",
                "report",
                "answer",
                "unsealed",
                "kept",
                "no_title",
                "seabeds",
                "seal",
            ),
            HOSTILE,
        )
        | {"title": HOSTILE, "take": dict.fromkeys(("policy", "style", "script"), Markup(""))},
        76,
    ),
    "page.html.j2": (
        dict.fromkeys(("lang", "policy", "title", "description"), HOSTILE)
        | dict.fromkeys(("head", "heading", "body", "script", "still"), Markup("")),
        4,
    ),
    "place.html.j2": ({"kind": "sea", "place": "ok-middle", "name": HOSTILE}, 1),
    "popup.html.j2": (
        {"title": HOSTILE, "other_names": HOSTILE, "rows": {HOSTILE: HOSTILE}}
        | {"picture": None, "note": HOSTILE},
        5,
    ),
    "range_chart.svg.j2": (
        dict.fromkeys(("label", "path", "right"), HOSTILE)
        | {"wide": 1, "high": 1, "left": 1, "foot": 1, "rules": [(HOSTILE, 1.0)]}
        | dict.fromkeys(("marked", "ticks"), [(HOSTILE, HOSTILE)]),
        9,
    ),
    "scenario_findings.html.j2": (
        {"scenario": {"cessions": (1,), "border": HOSTILE}, "record": RECORD, "survey": None}
        | {"uncounted": (), "online": True, "beside": True, "transit_depth_m": 50}
        | {"changes": [CHANGE], "verdict": HOSTILE, "chart": Markup("")}
        | {"origin": (HOSTILE,)},
        11,
    ),
    "scenario_heading.html.j2": (
        {"title": HOSTILE, "index": HOSTILE, "changes": [CHANGE]}
        | dict.fromkeys(("before", "after"), {"address": HOSTILE, "title": HOSTILE}),
        14,
    ),
    "sources.html.j2": ({"lists": {HOSTILE: [HOSTILE, HOSTILE]}}, 3),
    "still.html.j2": (
        {"picture": HOSTILE}
        | {"still": dict.fromkeys(("alt", "key", "figures", "sources"), HOSTILE) | {"image": SIZE}},
        5,
    ),
    "strait_section.html.j2": (
        BOX
        | dict.fromkeys(("rock", "deepest", "length_km", "lines", "sill_y"), HOSTILE)
        | {"waters": [(HOSTILE, HOSTILE)], "shores": [SHORE, SHORE], "sill": True}
        | {"keys": {"a": {"fill": HOSTILE, "label": HOSTILE}}, "japanese": "b"},
        16,
    ),
    "zone_tooltip.html.j2": ({"name": HOSTILE, "area_km2": 1.0, "seabed": HOSTILE}, 2),
}


def test_every_template_is_tried():
    names = {path.name for path in TEMPLATES.glob("*.j2")}
    assert set(GIVEN) == names - {"legend.html.j2"}  # macros of the two others


@pytest.mark.parametrize("name", GIVEN)
def test_hostile_texts_stay_texts(name):
    values, count = GIVEN[name]
    html = assets.render(name, **values)
    found = Texts(html)
    assert sum(text.count(HOSTILE) for text in found.texts) == count
    own = {"script"} if name in ("page.html.j2", "overview.html.j2") else set()
    assert "script" not in found.tags - own
    assert "alert(1)</script>" not in html
    # folium writes some of it into scripts and reads these as templates once more.
    assert not set("`\\") & set(html)
    assert not re.search(r"\{[{%#]|\$\{", html)


def test_a_value_that_is_missing_is_told():
    with pytest.raises(UndefinedError, match="seabed"):
        assets.render("attribution.html.j2", coast="")


def test_finished_html_is_left_as_it_is():
    picture = Markup("<svg></svg>")
    given = {"title": "", "other_names": "", "rows": {}, "note": ""}
    assert assets.render("popup.html.j2", picture=picture, **given).count("<svg></svg>") == 1
