"""Cards in notebooks: the right figures, escaped, without scripts, in any colours."""

from __future__ import annotations

import base64
import html as html_module
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any

import browser
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import okhotsk
from okhotsk.api import Assessment
from okhotsk.html import escape, to_js
from okhotsk.scenario.island_sets import read_blocks
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.sweep.frontier import Frontier
from okhotsk.theatre.model import Theatre

HOSTILE = "<script>alert(1)</script> & \"q\" 'a' <b>"
BLOCKS = read_blocks()


class Card(HTMLParser):
    """What a card shows: rows of cells, paragraphs, pictures; and which tags it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.texts: dict[str, list[str]] = {"p": [], "caption": [], "figcaption": []}
        self.pictures: list[dict[str, str | None]] = []
        self.styles: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.styles += [value or "" for name, value in attrs if name == "style"]
        if tag == "img":
            self.pictures.append(dict(attrs))
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
        elif tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] in ("th", "td"):
            self.rows[-1][-1] += data
        elif self.open[-1] in self.texts:
            self.texts[self.open[-1]][-1] += data

    def row(self, start: str) -> list[str]:
        (found,) = (row for row in self.rows if row[0].startswith(start))
        return found[1:]


@pytest.fixture(scope="module")
def changed(coarse: Theatre) -> Assessment:
    """An option under other assumptions."""
    own = okhotsk.cede(["kunashir"])
    values = okhotsk.Assumptions(refuge_standoff_km=120, transit_depth_m=60.5)
    return okhotsk.assess_all(coarse, [own], assumptions=values, samples=1)[0]


@pytest.fixture(scope="module")
def frontier() -> Frontier:
    """A frontier of made-up answers: two thresholds, and the last interval not sampled."""
    rows = [
        {
            "family": family,
            "measure": measure,
            "threshold_percent": percent,
            "by": by,
            "ceded": ceded,
            "ceded_land_km2": land_km2,
            "land_low_km2": low,
            "land_high_km2": high,
        }
        for by in ("land", "people")
        for percent, family, measure, ceded, land_km2, low, high in (
            (90, "chain", "index", "habomai-near habomai-far shikotan", 366.7, 366.7, 1886.8),
            (90, "any", "index", "habomai-near habomai-far shikotan shumshu", 755.2, None, None),
            (90, "chain", "all", "nothing", 0.0, 0.0, 93.9),
            (90, "any", "all", "shumshu", 388.5, None, None),
            (50, "chain", "index", "habomai-near", 93.9, None, None),
            (50, "any", "index", "kunashir iturup paramushir-group", 9000.4, None, None),
            (50, "chain", "all", "habomai-near", 93.9, None, None),
            (50, "any", "all", "habomai-near", 93.9, None, None),
        )
    ]
    return Frontier(pd.DataFrame(rows), pd.DataFrame(), BLOCKS, 1234567)


@pytest.fixture(scope="module")
def cards(
    results: list[Assessment], changed: Assessment, theatre: Theatre, frontier: Frontier
) -> list[str]:
    shown: list[Any] = [*results, changed, theatre, frontier]
    return [x._repr_html_() for x in [*shown, *map(load_scenario, scenario_ids())]]


def number(text: str) -> float:
    """The first number of a cell."""
    found = re.search(r"-?[\d,]+(\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


# --- every card ---


def test_no_card_runs_or_loads_anything(cards) -> None:
    known = {
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "p",
        "figure",
        "img",
        "figcaption",
    }
    for html in cards:
        assert Card(html).tags <= known
        assert not re.search(r"https?:|//|url\(|\son\w+=|javascript:", without_pictures(html))


def without_pictures(html: str) -> str:
    return re.sub(r"data:image/png;base64,[\w+/=]+", "data:", html)


def test_no_card_sets_colours_that_a_dark_notebook_would_swallow(cards) -> None:
    for html in cards:
        for style in Card(html).styles:
            assert "background" not in style
            colours = re.findall(r"(?<![\w-])color:([^;]+)", style)
            assert set(colours) <= {"inherit"}


def test_cards_are_the_same_bytes_twice(results, theatre, cards) -> None:
    assert results[1]._repr_html_() == cards[1]
    assert okhotsk.load_scenario("kawana-1998")._repr_html_() in cards


@pytest.mark.browser
@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_text_has_the_colour_of_the_notebook(open_page, cards, tmp_path, ground) -> None:
    ink = "rgb(20, 20, 20)" if ground == "#ffffff" else "rgb(235, 235, 235)"
    body = f"<body style='background:{ground};color:{ink}'>{''.join(cards)}"
    page = tmp_path / "cards.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{body}", "utf-8")
    read = "all => [...new Set(all.map(e => getComputedStyle(e).color))]"
    with open_page(page, 390, 800) as seen:
        assert seen.page.eval_on_selector_all("td, th, p, caption, figcaption", read) == [ink]
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        seen.assert_quiet()


# --- an assessment ---


@pytest.mark.parametrize("place", [1, 2])
def test_figures_are_those_of_the_record_beside_today(results, place) -> None:
    card, today, record = (
        Card(results[place]._repr_html_()),
        results[0].record,
        dict(results[place].record),
    )
    assert card.texts["caption"] == [results[place].scenario.title]
    assert card.rows[0] == ["", "this option", "today"]
    expected = {
        "Ceded land": ("ceded_land_km2", 1, 0.5),
        "Shortest seal": ("barrier_km", 1, 0.5),
        "Least cross-section": ("barrier_area_km2", 1, 0.5),
        "Section of it": ("operating_area_km2", 1, 0.5),
        "People": ("ceded_population", 1, 0),
        "Japanese economic": ("jp_eez_km2", 1, 0.5),
        "Refuge": ("refuge_share", 100, 0.05),
        "In sight": ("sensed_share", 100, 0.05),
        "Deepest way in": ("access_depth_m", 1, 0.5),
        "Exposure on Russia": ("egress_exposure", 1, 0.005),
        "Warning of intruders": ("intruder_exposure", 1, 0.005),
    }
    for label, (column, scale, off) in expected.items():
        for text, values in zip(card.row(label), (record, today), strict=True):
            assert number(text) == pytest.approx(scale * values[column], abs=off + 1e-9), label
    assert card.row("Index, 100") == [f"{record['index']:.0f}", "100"]
    low, high = (f"{record[k]:.0f}" for k in ("index_low", "index_high"))
    assert card.row("Index, 5–95%") == [f"{low} to {high}", ""]
    exits = [f"{record[f'exits_{r}']}" for r in ("russian", "shared", "japanese")]
    assert card.row("Exits 50 m deep")[0] == " / ".join(exits)


def test_every_assessment_knows_today(results, changed) -> None:
    columns = set(results[0].record) - {"index", "index_low", "index_high"}
    columns = {name for name in columns if not name.endswith(("_low", "_high"))}
    for result in results:
        assert {k: result.today[k] for k in columns} == {k: results[0].record[k] for k in columns}
    assert changed.today["scenario_id"] == "status-quo"
    assert changed.today["ceded_land_km2"] == 0


def test_the_status_quo_stands_alone(results) -> None:
    card = Card(results[0]._repr_html_())
    assert card.rows[0] == ["", "today"]
    assert {len(row) for row in card.rows} == {2}
    assert card.row("Index, 100") == ["100"]


def test_units_stand_at_the_figures(results) -> None:
    card = Card(results[1]._repr_html_())
    assert [cell.split()[-1] for cell in card.row("Shortest")] == ["km", "km"]
    assert [cell.split()[-1] for cell in card.row("Least cross")] == ["km²", "km²"]
    assert [cell.split()[-1] for cell in card.row("Deepest")] == ["m", "m"]
    assert all(cell.endswith("%") for cell in card.row("Refuge"))


def test_people_nobody_counted_make_it_a_least_number(results) -> None:
    for result in results:
        cell = Card(result._repr_html_()).row("People")[0]
        assert cell.startswith("at least ") is bool(result.uncounted)
    assert any(result.uncounted for result in results)


def test_limits_stand_below(results) -> None:
    for result in results:
        assert Card(result._repr_html_()).texts["p"] == list(result.notes)


def test_only_changed_assumptions_are_told(results, changed) -> None:
    first = Card(changed._repr_html_()).texts["p"][0]
    assert first == (
        "Changed assumptions: transit_depth_m is 60.5 metres (default 50); refuge_standoff_km is "
        "120 kilometres (default 200)."
    )
    assert Card(changed._repr_html_()).row("Exits 60.5 m deep or more")
    assert not any("Changed assumptions" in r._repr_html_() for r in results)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_where_there_is_no_way_there_is_no_figure(results, value) -> None:
    record = MappingProxyType({**results[1].record, "intruder_exposure": value})
    card = Card(replace(results[1], record=record)._repr_html_())
    assert card.row("Warning of intruders")[0] == "none"


def test_the_small_map_is_a_light_picture_that_says_what_it_shows(results) -> None:
    words = {"JP": "ceded land dark blue", "none": "ceded land light blue (demilitarised)"}
    for result in results:
        html = result._repr_html_()
        card = Card(html)
        (picture,) = card.pictures
        source = picture["src"] or ""
        assert source.startswith("data:image/png;base64,")
        assert len(source) < 60_000
        image = Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2])))
        assert image.size == (int(picture["width"] or 0), int(picture["height"] or 0))
        assert (picture["alt"] or "").startswith(f"Map of {result.scenario.title}: ")
        ceded = set(result.land[result.land.ceded].forces)
        for forces, text in words.items():
            assert (text in (picture["alt"] or "")) is (forces in ceded)


def test_texts_are_shown_as_text(results) -> None:
    scenario = replace(results[1].scenario, title=HOSTILE, line=HOSTILE, context=HOSTILE)
    html = replace(results[1], scenario=scenario, notes=(HOSTILE,))._repr_html_()
    card = Card(html)
    assert card.texts["caption"] == [HOSTILE]
    assert card.texts["p"] == [HOSTILE]
    assert HOSTILE in (card.pictures[0]["alt"] or "")
    other = Card(scenario._repr_html_())
    assert other.row("Line") == [HOSTILE]
    assert other.texts["p"] == [HOSTILE]
    assert "script" not in card.tags | other.tags


# --- a scenario, a theatre, a frontier ---


def test_an_option_says_what_is_handed_over() -> None:
    card = Card(load_scenario("half-area-2006")._repr_html_())
    assert card.row("Id") == ["half-area-2006"]
    assert card.row("Sources") == [", ".join(load_scenario("half-area-2006").sources)]
    whole, south = (row for row in card.rows if row[-1] == "Japanese")
    assert whole[0].endswith("Oskolki, Shikotan, Kunashir")
    assert whole[1] == "whole"
    assert south[0] == "Iturup"
    assert south[1].startswith("south of the line that halves the land of Tanfilyev, ")


def test_forces_and_parallels_are_told(tmp_path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "own"\ntitle = "Own"\n[[cede]]\nunits = ["shikotan"]\nforces = "none"\n[[cede]]\n'
        'units = ["urup"]\nforces = "RU"\n[[split]]\nunit = "kunashir"\nrule = "parallel"\n'
        'lat = 44.25\nforces = "none"\n'
    )
    rows = Card(load_scenario(path)._repr_html_()).rows[-3:]
    assert rows == [
        ["Shikotan", "whole", "none (demilitarised)"],
        ["Urup", "whole", "Russian"],
        ["Kunashir", "south of 44.25° N", "none (demilitarised)"],
    ]


def test_nothing_handed_over_is_said() -> None:
    card = Card(load_scenario("status-quo")._repr_html_())
    assert card.texts["p"][0] == "Nothing is handed over."
    assert not any("whole" in row for row in card.rows)


def test_a_theatre_says_how_large_and_how_fine(theatre, coarse) -> None:
    card = Card(theatre._repr_html_())
    area, depth = card.row("Sea of Okhotsk")[0].split(", down to ")
    assert number(area) == pytest.approx(theatre.sea_km2, abs=0.5)
    assert number(depth) == round(float(theatre.seabed.depth_m[theatre.sea.mask].max()))
    known = [throat.strait.strait_id for throat in theatre.throats if throat.resolved]
    assert "bussol" in known
    assert card.row("Straits") == [f"32, of which the seabed resolves {len(known)}"]
    assert card.row("Grid") == ["1,380 by 1,920 cells of 1 arc-minutes"]
    assert Card(coarse._repr_html_()).row("Grid") == ["230 by 320 cells of 6 arc-minutes"]
    assert card.row("Window") == ["134 to 166° E, 41 to 64° N"]


def test_a_frontier_names_the_largest_cessions_by_land(frontier) -> None:
    card = Card(frontier._repr_html_())
    titles = {block.block_id: block.title for block in BLOCKS}
    near = titles["habomai-near"]
    assert [row[0] for row in card.rows[1:]] == ["90%", "50%"]
    assert card.row("90") == [
        f"{near} to Shikotan: 367 km² (367 to 1,887)",
        f"{near} to Shikotan; Shumshu: 755 km²",
        "nothing: 0 km² (0 to 94)",
        "Shumshu: 388 km²",
    ]
    assert card.row("50")[:2] == [
        f"{near}: 94 km²",
        f"Kunashir to Iturup; {titles['paramushir-group']}: 9,000 km²",
    ]
    assert "1,234,567 cessions" in card.texts["p"][0]


def test_a_frontier_that_was_not_sampled_has_no_interval(frontier) -> None:
    table = frontier.table.drop(columns=["land_low_km2", "land_high_km2"])
    card = Card(replace(frontier, table=table)._repr_html_())
    assert "(" not in "".join(cell for row in card.rows[1:] for cell in row)


def test_escape_leaves_nothing_that_html_or_folium_reads():
    assert html_module.unescape(escape(browser.HOSTILE)) == browser.HOSTILE
    assert not set("`\\{}<>\"'") & set(escape(browser.HOSTILE))


def test_a_javascript_literal_is_the_value_and_closes_nothing():
    value = {"name": browser.HOSTILE, "steps": [1, 2.5, None, True]}
    text = to_js(value)
    assert json.loads(text) == value
    assert not set("<>&'\u2028") & set(text)
    assert not re.search(r"\{[{%#]", text)  # folium reads scripts as templates once more
    with pytest.raises(ValueError, match="JSON"):
        to_js(float("nan"))
