"""What readers take away from the map of an option and from the index page."""

from __future__ import annotations

import dataclasses
import io
import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from accessible import assert_accessible, tab_stops
from browser import DESK, HOSTILE, PHONE, WIDE
from pages import boxes, button
from taken import assert_drawn, choose, take, take_words

from okhotsk import tables
from okhotsk.maps.scenario_map import map_page
from okhotsk.maps.widgets.takeaway import map_data

NAME = "half-area-2006"
SIZES = [WIDE, DESK, PHONE]

pytestmark = pytest.mark.browser


@pytest.fixture
def path(site):
    return site / f"{NAME}.html"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [NAME, "index"])
def test_pictures_have_title_map_and_sources(open_page, site, kind, size):
    with open_page(site / f"{kind}.html", *size) as seen:
        name, picture = take(seen, "Picture")
        assert name == f"okhotsk-{kind}-picture.png"
        assert_drawn(picture)
        seen.assert_quiet()


def test_a_picture_shows_the_layers_that_the_page_shows(open_page, path):
    with open_page(path, *DESK) as seen:
        _, before = take(seen, "Picture")
        boxes(seen, "Seabed").locator("input").evaluate("box => box.click()")
        _, after = take(seen, "Picture")
        assert len(after) < 0.8 * len(before)
        seen.assert_quiet()


def read_geojson(text: bytes) -> gpd.GeoDataFrame:
    return gpd.read_file(io.BytesIO(text))


def test_layers_are_geojson_of_what_is_shown(open_page, path, named):
    with open_page(path, *DESK) as seen:
        name, text = take(seen, "Layers")
        assert name == f"okhotsk-{NAME}-layers.geojson"
        frame = read_geojson(text)
        shown = seen.page.locator(".ok-layers label:has(input:checked)").all_inner_texts()
        pictures = {"Seabed", "Names"}
        assert set(frame.layer) == {words.strip() for words in shown} - pictures
        boxes(seen, "Straits by regime").locator("input").evaluate("box => box.click()")
        fewer = read_geojson(take(seen, "Layers")[1])
        assert "Straits by regime" not in set(fewer.layer)
        seen.assert_quiet()
    west, south, east, north = frame.total_bounds
    assert 120 < west < east < 180
    assert 35 < south < north < 67
    assert frame.is_valid.all()
    straits = frame[frame.layer == "Straits by regime"]
    result = named[NAME]
    assert sorted(straits.id) == sorted(result.straits.strait_id)
    for shape in frame.geometry[frame.geom_type.isin(["Polygon", "MultiPolygon"])]:
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


def test_the_index_gives_the_seal_line_of_every_option(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        _, text = take(seen, "Seal lines")
        frame = read_geojson(text)
        _, text = take(seen, "Figures")
        table = pd.read_csv(io.BytesIO(text))
    ids = [result.scenario.scenario_id for result in results]
    assert list(frame.scenario_id) == list(table.scenario_id) == ids
    assert list(frame.barrier_km) == list(table.barrier_km)
    rounded = tables.rounded(pd.concat([result.to_frame() for result in results]))
    assert list(table.barrier_km) == list(rounded.barrier_km)
    lengths = frame.geometry.apply(lambda line: line.length)
    assert (lengths > 1).all()


def test_figures_stand_beside_those_of_today(open_page, path, named):
    with open_page(path, *DESK) as seen:
        name, text = take(seen, "Figures")
    assert name == f"okhotsk-{NAME}-figures.csv"
    table = pd.read_csv(io.BytesIO(text)).set_index("column")
    rounded = tables.rounded(named[NAME].to_frame()).iloc[0]
    today = tables.rounded(named["status-quo"].to_frame()).iloc[0]
    assert set(rounded.index) | {"title"} == set(table.index)
    for column in ("barrier_km", "refuge_share", "index"):
        assert float(table.value[column]) == rounded[column]
        assert float(table.today[column]) == today[column]


@pytest.mark.parametrize("title", ["=1+1", "@x", "+a", "-b", '=HYPERLINK("a","b")'])
def test_no_text_of_a_table_is_a_formula(open_page, tmp_path, named, title):
    result = named[NAME]
    evil = dataclasses.replace(result, scenario=dataclasses.replace(result.scenario, title=title))
    page = tmp_path / "evil.html"
    page.write_text(map_page(evil), "utf-8")
    with open_page(page, *DESK) as seen:
        _, text = take(seen, "Figures")
        seen.assert_quiet()
    table = pd.read_csv(io.BytesIO(text)).set_index("column")
    assert table.value["title"] == "'" + title
    assert not re.search(r'(?m)(^|,)"?[=+@-](?![\d.])', text.decode("utf-8-sig"))


def test_words_name_what_was_made_of_what(open_page, path, named):
    with open_page(path, *DESK) as seen:
        shown, name, saved = take_words(seen, "Citation")
        assert name == f"okhotsk-{NAME}-citation.txt"
        assert shown == saved
        code, _, saved = take_words(seen, "Embed code")
        assert code == saved
        assert seen.page.evaluate("document.activeElement.id") == "ok-take-button"
        seen.assert_quiet()
    data = map_data(named[NAME])
    for text in (data["title"], data["made"], *data["cited"], "@misc{okhotsk-half-area-2006,"):
        assert text in shown
    assert shown.count("{") == shown.count("}")
    assert code.startswith(f'<iframe src="{NAME}.html#map=')
    assert code.endswith("</iframe>")


def test_hostile_titles_stay_words(open_page, tmp_path, named):
    result = named[NAME]
    title = HOSTILE + "</iframe>"
    evil = dataclasses.replace(result, scenario=dataclasses.replace(result.scenario, title=title))
    page = tmp_path / "evil.html"
    page.write_text(map_page(evil), "utf-8")
    with open_page(page, *DESK) as seen:
        assert_drawn(take(seen, "Picture")[1])
        code, _, _ = take_words(seen, "Embed code")
        frames = seen.page.evaluate(
            """code => [...new DOMParser().parseFromString(code, "text/html").body.childNodes]
            .map(node => [node.nodeName, node.title])""",
            code,
        )
        assert [frame[0] for frame in frames] == ["IFRAME"]
        assert frames[0][1] == " ".join(title.split())  # a title stands on one line
        seen.assert_quiet()


def shown_layers(seen):
    return seen.page.locator(".ok-layers label:has(input:checked)").all_text_contents()


def test_a_link_restores_view_and_layers(open_page, path):
    with open_page(path, *DESK) as seen:
        seen.map_js("map.setView([45.1234, 148.5678], 7, {animate: false})")
        for layer in ("Core", "Seabed"):
            boxes(seen, layer).locator("input").evaluate("box => box.click()")
        link, _, _ = take_words(seen, "Link")
        layers = shown_layers(seen)
        view = seen.map_js("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert link.startswith(path.resolve().as_uri() + "#map=7/")
    with open_page(path, *DESK) as seen:
        assert shown_layers(seen) != layers
        seen.page.goto("about:blank")
        seen.page.goto(link)
        assert shown_layers(seen) == layers
        again = seen.map_js("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        assert again == pytest.approx(view, abs=0.01)
        seen.assert_quiet()


@pytest.mark.parametrize(
    "end", ["#map=x/1/2", "#map=5//", "#map=1/2/3/4&layers", "#%&=&map", "#a=b"]
)
def test_what_is_no_link_changes_nothing(open_page, path, end):
    with open_page(path, *DESK) as seen:
        layers = shown_layers(seen)
        view = seen.map_js("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        seen.page.goto("about:blank")
        seen.page.goto(path.resolve().as_uri() + end)
        assert shown_layers(seen) == layers
        assert seen.map_js("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]") == view
        seen.assert_quiet()


def test_the_menu_follows_the_keyboard(open_page, path):
    with open_page(path, *DESK) as seen:
        opener = seen.page.get_by_role("button", name="Take it away")

        def focused():
            return seen.page.evaluate("document.activeElement.textContent")

        opener.focus()
        seen.page.keyboard.press("Enter")
        assert opener.get_attribute("aria-expanded") == "true"
        assert focused().startswith("Picture")
        seen.page.keyboard.press("ArrowUp")
        assert focused().startswith("Link")
        seen.page.keyboard.press("ArrowDown")
        assert focused().startswith("Picture")
        seen.page.keyboard.press("e")
        assert focused().startswith("Embed")
        seen.page.keyboard.press("Escape")
        assert opener.get_attribute("aria-expanded") == "false"
        assert seen.page.evaluate("document.activeElement.id") == "ok-take-button"
        assert_accessible_open(seen)


def assert_accessible_open(seen):
    """Open, the menu lies inside the window and breaks no rule."""
    seen.page.get_by_role("button", name="Take it away").click()
    box = seen.page.get_by_role("menu").bounding_box()
    assert box["x"] >= 0
    assert box["y"] + box["height"] <= seen.page.viewport_size["height"]
    assert_accessible(seen)
    seen.page.keyboard.press("Escape")
    choose(seen, "Citation")
    assert_accessible(seen)


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("kind", [NAME, "four-islands-demilitarised", "index"])
def test_nothing_serious_keeps_anybody_out(open_page, site, kind, size):
    with open_page(site / f"{kind}.html", *size) as seen:
        assert_accessible(seen)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_nothing_serious_in_an_embedded_map(open_page, path, tmp_path, size):
    page = tmp_path / "host.html"
    frame = f'<iframe src="{path.resolve().as_uri()}" title="Map" width="100%" height="600">'
    head = '<!DOCTYPE html><html lang="en"><title>Host</title><main><h1>Host</h1>'
    page.write_text(f"{head}{frame}</iframe></main></html>")
    with open_page(page, *size) as seen:
        inner = seen.page.frames[1]
        inner.wait_for_selector("#ok-take-button", state="attached")  # hidden in narrow frames
        assert_accessible(seen, inner)


@pytest.mark.parametrize("kind", [NAME, "status-quo", "four-islands-demilitarised"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_layers_are_within_ten_tabs(open_page, site, kind, size):
    with open_page(site / f"{kind}.html", *size) as seen:
        stops = tab_stops(seen, 10)
        assert stops[0].startswith("Skip")
        assert "Layers" in stops


def test_a_layer_is_one_tab_stop_with_arrows_inside(open_page, path):
    with open_page(path, *DESK) as seen:
        stops = seen.page.locator(".leaflet-map-pane path[tabindex='0']")
        names = seen.page.locator(".leaflet-map-pane path[tabindex]").count()
        assert stops.count() <= 4 < 40 < names
        button(seen, "Simushir").first.focus()
        seen.page.keyboard.press("ArrowRight")
        other = seen.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert other != "Simushir"
        seen.page.keyboard.press("ArrowLeft")
        seen.page.keyboard.press("Enter")
        box = seen.page.locator(".leaflet-popup")
        box.wait_for()
        inside = "document.querySelector('.leaflet-popup').contains(document.activeElement)"
        assert seen.page.evaluate(inside)
        seen.page.keyboard.press("Escape")
        box.wait_for(state="detached")
        label = seen.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert label == "Simushir"
        boxes(seen, "Land").locator("input").evaluate("box => box.click()")
        boxes(seen, "Land").locator("input").evaluate("box => box.click()")
        assert seen.page.locator(".leaflet-map-pane path[tabindex='0']").count() == stops.count()
        assert button(seen, "Antsiferov").count() == 1
        seen.assert_quiet()


def test_the_way_past_the_head_is_seen_when_it_has_the_focus(open_page, path):
    with open_page(path, *DESK) as seen:
        seen.page.keyboard.press("Tab")
        box = seen.page.locator(".ok-skip").bounding_box()
        assert box["y"] >= 0
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.id") == "ok-main"
