"""Map pages in a real browser without a network: figures, layers, popups, links, layout."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from browser import Seen

from okhotsk.api import Assessment
from okhotsk.errors import MapError
from okhotsk.maps.popups import route_popup
from okhotsk.maps.scenario_map import map_page
from okhotsk.measures.exposure import Route
from okhotsk.measures.strait_section import COLOURS
from okhotsk.raster import geodesy

DESK, WIDE, PHONE = (1280, 800), (1440, 900), (390, 844)
NAMES = ("status-quo", "half-area-2006", "four-islands-demilitarised")
HOSTILE = (
    "a`b ${x} </script><script>document.title='taken'</script> {{ x }} {% y %} \"q\" 'r' \\n &lt;"
)
CONTROLS = (
    ".leaflet-control-zoom",
    ".leaflet-control-zoom-fullscreen",
    ".ok-measure",
    ".ok-locator",
    ".ok-layers",
    ".ok-keels",
    ".ok-credits",
    ".ok-legend",
    ".leaflet-control-scale",
    ".leaflet-control-attribution",
)

pytestmark = pytest.mark.browser


@pytest.fixture(params=NAMES)
def page(request: pytest.FixtureRequest, site: Path) -> Path:
    return site / f"{request.param}.html"


@pytest.fixture(scope="module")
def named(results: list[Assessment]) -> dict[str, Assessment]:
    return {result.scenario.scenario_id: result for result in results}


def boxes(seen: Seen, layer: str) -> Any:
    return seen.page.locator(".ok-layers label", has_text=re.compile(f"^{re.escape(layer)}$"))


def legend(seen: Seen) -> list[str]:
    return seen.page.locator(".ok-legend-section:not([hidden])").all_inner_texts()


def button(seen: Seen, label: str) -> Any:
    return seen.page.get_by_role("button", name=label, exact=True)


def popup(seen: Seen) -> dict[str, str]:
    """The open popup as its title and table."""
    box = seen.page.locator(".leaflet-popup").last
    cells = box.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {"": box.locator("h3").inner_text(), **dict(cells)}


def press(seen: Seen, label: str) -> dict[str, str]:
    button(seen, label).first.focus()
    seen.page.keyboard.press("Enter")
    seen.page.locator(".leaflet-popup h3", has_text=label).last.wait_for()
    return popup(seen)


def click(seen: Seen, label: str) -> dict[str, str]:
    """Click with the mouse on a point where the shape is on top."""
    at = button(seen, label).first.evaluate("""path => {
      const box = path.getBoundingClientRect();
      for (let i = 1; i < 60; i++) for (let j = 1; j < 60; j++) {
        const x = box.left + box.width * i / 60, y = box.top + box.height * j / 60;
        if (document.elementFromPoint(x, y) === path) return [x, y];
      }
      return null; }""")
    assert at, f"{label} cannot be hit with the mouse"
    seen.page.mouse.click(*at)
    seen.page.locator(".leaflet-popup h3", has_text=label).last.wait_for()
    return popup(seen)


NAMES_SHOWN = """() => [...document.querySelectorAll('.okhotsk-place')]
  .filter(name => getComputedStyle(name).visibility === 'visible')
  .map(name => [name.textContent, name.getBoundingClientRect().toJSON()])"""


# --- every page ---


@pytest.mark.parametrize("size", [DESK, WIDE, PHONE])
def test_a_page_is_quiet_and_fits_its_window(open_page, page, size):
    assert page.stat().st_size < 2_000_000
    with open_page(page, *size) as seen:
        wide, high = seen.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert wide <= size[0]
        assert high <= size[1]
        shown = seen.page.locator(".folium-map").bounding_box()
        assert shown["width"] * shown["height"] > 0.4 * size[0] * size[1]
        assert seen.page.locator("path.leaflet-interactive").count() > 60
        seen.assert_quiet()


@pytest.mark.parametrize("size", [DESK, WIDE, PHONE])
def test_controls_do_not_overlap(open_page, page, size):
    with open_page(page, *size) as seen:
        found = {name: seen.page.locator(name).first.bounding_box() for name in CONTROLS}
        found.pop(".leaflet-control-zoom-fullscreen")  # may be a part of the zoom control
        if size == PHONE:
            assert found.pop(".ok-locator") is None  # no room
        assert all(found.values()), found
        names = list(found)
        for number, one in enumerate(names):
            for two in names[number + 1 :]:
                assert not overlap(found[one], found[two]), (one, two)
        for box in found.values():
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
            assert box["y"] + box["height"] <= size[1]


def overlap(one: dict[str, float], two: dict[str, float]) -> bool:
    return (
        one["x"] < two["x"] + two["width"] - 0.5
        and two["x"] < one["x"] + one["width"] - 0.5
        and one["y"] < two["y"] + two["height"] - 0.5
        and two["y"] < one["y"] + one["height"] - 0.5
    )


def test_the_heading_tells_the_figures_of_the_record(open_page, page, named):
    result = named[page.stem]
    record, today = result.record, named["status-quo"].record
    with open_page(page, *DESK) as seen:
        assert seen.page.locator("h1").inner_text() == result.scenario.title
        assert seen.page.title().startswith(result.scenario.title)
        said = seen.page.locator(".ok-heading").inner_text()
    expected = [
        result.scenario.line,
        f"{record['ceded_land_km2']:,.0f} km²",
        f"{record['ceded_population']:,}",
        f"{record['exits_russian']} / {record['exits_shared']} / {record['exits_japanese']}",
        f"{record['barrier_km']:,.0f} km",
        f"{record['refuge_share']:.1%}",
    ]
    if result.scenario.cessions:
        expected += [f"today {today['barrier_km']:,.0f} km", f"today {today['refuge_share']:.1%}"]
    for text in expected:
        assert text in said
    assert ("at least" in said) is bool(result.uncounted)


# --- layers ---


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_legend_follows_every_layer(open_page, page, by):
    with open_page(page, *DESK) as seen:
        labels = seen.page.locator(".ok-layers label").all_inner_texts()
        assert len(labels) == len(set(labels)) >= 12
        for label in labels:
            box = boxes(seen, label).locator("input")
            before, was = legend(seen), box.is_checked()
            drawn = seen.page.locator(".leaflet-pane path, .leaflet-pane img").count()
            for expected in (not was, was):
                if by == "mouse":
                    boxes(seen, label).click()
                else:
                    box.focus()
                    seen.page.keyboard.press("Space")
                assert box.is_checked() is expected, label
                change = len(legend(seen)) - len(before)
                if label != "Names":
                    assert change == (expected is not was) * (1 if expected else -1), label
                    now = seen.page.locator(".leaflet-pane path, .leaflet-pane img").count()
                    assert (now == drawn) is (expected is was), label
            assert legend(seen) == before
        seen.assert_quiet()


def test_the_line_of_today_is_drawn_only_beside_another(open_page, site):
    for name in NAMES:
        with open_page(site / f"{name}.html", *DESK) as seen:
            count = boxes(seen, "Seal line today").count()
            assert count == (name != "status-quo")


def test_the_legend_names_the_land_as_it_is_held(open_page, site):
    for name, said in (
        ("status-quo", None),
        ("half-area-2006", "Japanese forces allowed"),
        ("four-islands-demilitarised", "demilitarised"),
    ):
        with open_page(site / f"{name}.html", *DESK) as seen:
            (land,) = [text for text in legend(seen) if "Not ceded" in text]
            assert ("Ceded" in land) is (said is not None)
            assert said is None or said in land


# --- popups ---


def island_rows(island: Any) -> dict[str, str]:
    rows = {"Area": f"{island.area_km2:,.1f} km²", "Coast": f"{island.coast_km:,.0f} km"}
    if not pd.isna(island.population):
        rows["Civil population"] = f"{island.population:,} ({island.population_year})"
    return rows


def test_island_popups_by_keyboard(open_page, page, named):
    result = named[page.stem]
    islands = result.theatre.islands.set_index("island_id")
    land = result.land[result.land.part_id == result.land.unit_id]
    holders = {"RU": "Russia", "JP": "Japan", "none": "nobody (demilitarised)"}
    with open_page(page, *DESK) as seen:
        for part in land[land.unit_id.isin(islands.index)].itertuples():
            island = islands.loc[part.unit_id]
            said = press(seen, island["name"])
            assert said[""] == island["name"]
            assert said["Sovereign"] == holders[part.sovereign]
            assert said["Forces"] == holders[part.forces]
            for key, value in island_rows(island).items():
                assert said[key] == value
            assert ("Civil population" in said) is (not pd.isna(island.population))
        seen.assert_quiet()


def test_an_island_popup_by_mouse(open_page, page):
    with open_page(page, *DESK) as seen:
        seen.map_js("map.setView([44.2, 146.5], 8, {animate: false}) && 1")
        said = click(seen, "Kunashir")
        ceded = page.stem != "status-quo"
        assert said["Sovereign"] == ("Japan" if ceded else "Russia")
        seen.assert_quiet()


def test_a_split_island_has_two_popups_that_say_so(open_page, site, named):
    parts = named["half-area-2006"].land.set_index("part_id")
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        for side, holder in (("south", "Japan"), ("north", "Russia")):
            said = press(seen, f"Iturup, {side}ern part")
            km2 = geodesy.area_km2(parts.geometry[f"iturup-{side}"])
            assert said["Sovereign"] == said["Forces"] == holder
            assert said["Area of this part"] == f"{km2:,.1f} km²"
            assert "Area, whole island" in said
        seen.assert_quiet()


def test_strait_popups_by_keyboard(open_page, page, named):
    straits = named[page.stem].straits
    assert not straits.resolved.all()
    with open_page(page, *DESK) as seen:
        for row in straits.itertuples():
            said = press(seen, row.name)
            box = seen.page.locator(".leaflet-popup").last
            assert said[""] == row.name
            assert row.regime in said["Regime"].lower()
            assert said["Exit of the sea"] == ("yes" if row.exit else "no")
            assert said["Width, shore to shore"] == f"{row.width_km:.1f} km"
            assert f"{row.throat_width_km:.1f} km" in said["Throat"]
            assert box.locator("svg[role=img]").count() == int(row.resolved), row.name
            coarse = box.get_by_text("too coarse").count()
            assert coarse == int(not row.resolved), row.name
            assert ("Sill" in said) is (not pd.isna(row.sill_depth_m))
            if not pd.isna(row.sill_depth_m):
                assert said["Sill"] == f"{row.sill_depth_m:,.0f} m"
            if row.resolved:
                assert f"{row.throat_area_km2:.2f} km²" in said["Throat"]
            else:
                assert not re.search(r"\d m\b", " ".join(said.values())), row.name
            if row.corridor_km >= 0.5:
                assert f"{row.corridor_km:.0f} km" in said["Outside territorial seas"]
            else:
                assert said["Outside territorial seas"] == "none"
        seen.assert_quiet()


def test_a_strait_popup_by_mouse(open_page, site, named):
    straits = named["four-islands-demilitarised"].straits.set_index("strait_id")
    with open_page(site / "four-islands-demilitarised.html", *DESK) as seen:
        seen.map_js("map.setView([45.6, 149.2], 8, {animate: false}) && 1")
        said = click(seen, straits.name["friza"])
        assert said["Regime"].lower() == "shared"
        assert said["Sill"] == f"{straits.sill_depth_m['friza']:,.0f} m"
        section = seen.page.locator(".leaflet-popup svg[role=img]")
        assert "greatest depth" in section.get_attribute("aria-label")
        colours = section.locator("rect").evaluate_all(
            "rects => rects.map(rect => rect.getAttribute('fill'))"
        )
        assert len(set(colours[-2:])) == 2  # one shore each
        seen.assert_quiet()


@pytest.mark.parametrize("exposed", [False, True])
def test_a_way_has_a_chart_where_it_is_exposed(exposed):
    profile = pd.DataFrame({"distance_km": [0.0, 90.0], "sight_km": [np.inf, 40.0]})
    profile["exposure_per_km"] = [0.0, 0.01 * exposed]
    way = Route(0.5 * exposed, shapely.LineString(), (), profile)
    said = route_popup(way, "A way", 100)
    assert ("<svg" in said) is exposed
    assert ("nowhere in sight" in said) is (not exposed)


def test_a_popup_closes_with_escape_on_a_phone_and_fits(open_page, page):
    with open_page(page, *PHONE) as seen:
        press(seen, "Simushir")
        seen.page.wait_for_timeout(400)  # the map pans to show the popup
        box = seen.page.locator(".leaflet-popup-content-wrapper").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
        seen.page.keyboard.press("Escape")
        seen.page.locator(".leaflet-popup").wait_for(state="detached")
        seen.assert_quiet()


# --- links, frames, notebooks ---


# --- names, inset, keels, sources ---


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_names_never_lie_on_each_other(open_page, site, size):
    with open_page(site / "status-quo.html", *size) as seen:
        seen.page.wait_for_timeout(400)  # a phone's map is still moving into its bounds
        seen_names = set()
        for zoom in (4, 5, 6, 7, 8, 9):
            for lat, lon in ((46.0, 149.0), (49.0, 154.5), (43.6, 146.2)):
                seen.map_js(f"map.setView([{lat}, {lon}], {zoom}, {{animate: false}}) && 1")
                shown = seen.page.evaluate(NAMES_SHOWN)
                seen_names |= {name for name, _ in shown}
                clashes = [
                    (one, two)
                    for number, (one, a) in enumerate(shown)
                    for two, b in shown[number + 1 :]
                    if overlap(a, b)
                ]
                assert not clashes, (zoom, clashes)
        wanted = {"Sea of Okhotsk", "Iturup", "Simushir", "Matua", "Shikotan"}
        assert wanted <= seen_names, wanted - seen_names
        seen.assert_quiet()


def test_no_name_is_cut_by_the_frame(open_page, site):
    with open_page(site / "status-quo.html", *PHONE) as seen:
        seen.page.wait_for_timeout(400)  # a phone's map is still moving into its bounds
        frame = seen.page.locator(".leaflet-container").bounding_box()
        for lat, lon in ((46.0, 149.0), (47.0, 150.0), (46.2, 158.5), (52.0, 146.0)):
            seen.map_js(f"map.setView([{lat}, {lon}], 5, {{animate: false}}) && 1")
            shown = seen.page.evaluate(NAMES_SHOWN)
            assert shown
            for name, box in shown:
                assert box["left"] >= frame["x"], name
                assert box["right"] <= frame["x"] + frame["width"], name
                assert box["top"] >= frame["y"], name
                assert box["bottom"] <= frame["y"] + frame["height"], name
        seen.assert_quiet()


def test_the_names_of_large_islands_come_first(open_page, site):
    with open_page(site / "status-quo.html", *DESK) as seen:
        seen.map_js("map.setView([47, 150], 5, {animate: false}) && 1")
        shown = {name for name, _ in seen.page.evaluate(NAMES_SHOWN)}
        assert {"Iturup", "Urup", "Paramushir"} <= shown
        assert "Ushishir" not in shown


def test_the_inset_shows_where_the_view_lies(open_page, site):
    from okhotsk.maps.images import SHOWN
    from okhotsk.maps.widgets.inset import WIDTH_PX

    with open_page(site / "status-quo.html", *DESK) as seen:
        seen.map_js("map.setView([46, 150], 8, {animate: false}) && 1")
        west, east = seen.map_js("[map.getBounds().getWest(), map.getBounds().getEast()]")
        frame = seen.page.locator(".ok-locator-view")
        x, width = (float(frame.get_attribute(name)) for name in ("x", "width"))
        per_deg = WIDTH_PX / (SHOWN[2] - SHOWN[0])
        assert x == pytest.approx((west - SHOWN[0]) * per_deg, abs=0.01)
        assert width == pytest.approx((east - west) * per_deg, abs=0.01)
        assert "north up" in seen.page.locator(".ok-locator svg").get_attribute("aria-label")


def test_the_keel_slider_says_what_the_table_says(open_page, page, named):
    result = named[page.stem]
    names = result.straits.set_index("strait_id").name.str.split(" (", regex=False).str[0]
    with open_page(page, *DESK) as seen:
        panel = seen.page.locator(".ok-keels")
        assert not panel.evaluate("panel => panel.open")
        panel.locator("summary").click()
        slider, said = panel.locator("input[type=range]"), panel.locator("output")
        slider.focus()
        for way, label in (("access", "Others"), ("egress", "Russia")):
            panel.locator("label", has_text=label).locator("input").check()
            slider.focus()
            seen.page.keyboard.press("Home")
            for row in result.keels[result.keels.way == way].itertuples():
                assert slider.get_attribute("aria-valuetext") == f"{row.keel_m} metres"
                text = said.inner_text()
                for strait in row.straits_open:
                    assert names[strait] in text
                assert (f"{row.reached_km2:,.0f} km²" in text) == bool(row.straits_open)
                closed = dashed(seen)
                known = result.straits[result.straits.exit & result.straits.resolved]
                assert closed == len(set(known.strait_id) - set(row.straits_open))
                seen.page.keyboard.press("ArrowRight")
        panel.locator("summary").click()
        seen.page.wait_for_timeout(100)  # the panel tells of its folding a moment later
        assert dashed(seen) == 0
        seen.assert_quiet()


def dashed(seen: Seen) -> int:
    """Throats that are drawn as closed to a boat."""
    return seen.page.locator(".leaflet-overlay-pane path[stroke-dasharray='2 4']").count()


def test_every_source_is_one_click_away(open_page, site, named):
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        panel = seen.page.locator(".ok-credits")
        panel.locator("summary").click()
        text = panel.inner_text()
        for key in named["half-area-2006"].scenario.sources:
            assert f"{key}: " in text
        assert "GSHHG" in text
        assert "LGPL-3.0" in text
        assert "ETOPO5" in text
        for throat in named["half-area-2006"].theatre.throats:
            for value in throat.strait.published:
                assert all(f"{key}: " in text for key in value["source"])
        assert "Sources" in seen.page.locator(".leaflet-control-attribution").inner_text()


def test_sections_are_shaded_by_whose_sea_it_is(open_page, site, named):
    from okhotsk import style

    result = named["four-islands-demilitarised"]
    with open_page(site / "four-islands-demilitarised.html", *DESK) as seen:
        straits = result.straits.itertuples()
        for throat, row, section in zip(
            result.theatre.throats, straits, result.sections, strict=True
        ):
            if not throat.resolved:
                continue
            press(seen, row.name)
            box = seen.page.locator(".leaflet-popup").last
            fills = box.locator("svg[role=img] polygon").evaluate_all(
                "shapes => shapes.map(shape => shape.getAttribute('fill'))"
            )
            assert set(fills) == {COLOURS[zone] for zone in set(section.zone)}
            lines = box.locator("svg[role=img] path[stroke='#fff']").count()
            assert (lines > 0) == (style.JAPAN in fills)  # so that it shows in grey too
            share = float((section.zone == "").mean())
            assert (share > 0) == (style.CORRIDOR in fills)
            assert share * section.distance_km[-1] == pytest.approx(row.corridor_km, abs=1)


def test_tiles_are_for_people_online(results, open_page, tmp_path):
    html = map_page(results[0], tiles="https://tiles.example.org/{z}/{x}/{y}.png")
    assert "img-src data: https://tiles.example.org;" in html
    assert "ground of this map is loaded from the network" in html
    assert "ground of this map" not in map_page(results[0])
    with pytest.raises(MapError, match="unknown tiles 'Nowhere', expected a name such as"):
        map_page(results[0], tiles="Nowhere")
    assert "https://tile.openstreetmap.org;" in map_page(results[0], tiles="OpenStreetMap.Mapnik")


def test_index_and_maps_link_to_each_other(open_page, page, named):
    with open_page(page, *DESK) as seen:
        seen.page.locator(".ok-heading a").click()
        seen.page.wait_for_url("**/index.html")
        title = named[page.stem].scenario.title
        seen.page.locator("table").get_by_role("link", name=title, exact=True).click()
        seen.page.wait_for_url(f"**/{page.name}")
        assert seen.page.locator("h1").inner_text() == title
        seen.assert_quiet()


def test_the_iframe_shows_the_map_in_a_plain_page(open_page, results, tmp_path):
    report = tmp_path / "report.html"
    frame = results[1].embed(height=500)
    report.write_text(f"<!DOCTYPE html><title>r</title><h1>R</h1>{frame}", encoding="utf-8")
    with open_page(report, *DESK) as seen:
        inside = seen.page.frame_locator("iframe")
        inside.locator("path[aria-label='Kunashir']").wait_for()
        assert inside.locator("h1").inner_text() == results[1].scenario.title
        assert seen.page.locator("iframe").get_attribute("title") == results[1].scenario.title
        assert seen.page.locator("iframe").bounding_box()["height"] == 500
        seen.assert_quiet()


def test_a_rebuilt_page_has_the_same_bytes(site, results):
    again = map_page(results[1], baseline=results[0], index="index.html")
    assert again == (site / "half-area-2006.html").read_text("utf-8")


def test_hostile_texts_are_shown_as_text(open_page, results, tmp_path):
    texts = {"title": HOSTILE, "line": HOSTILE, "context": HOSTILE}
    first, second = (replace(r, scenario=replace(r.scenario, **texts)) for r in results[:2])
    target = tmp_path / "hostile.html"
    target.write_text(map_page(second, baseline=first), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        assert seen.page.title() == f"{HOSTILE} · okhotsk"
        assert seen.page.locator("h1").text_content() == HOSTILE
        assert HOSTILE in seen.page.locator(".ok-heading p").text_content()
        line = seen.page.locator(
            ".leaflet-overlay-pane path[stroke-dasharray]:not(.okhotsk-core)"
        ).first
        line.dispatch_event("mouseover")
        assert HOSTILE in seen.page.locator(".leaflet-tooltip").text_content()
        seen.assert_quiet()
    report = tmp_path / "report.html"
    # Without a charset Chromium guesses, now and then this one: a script holds "km²".
    head = '<!DOCTYPE html><meta charset="windows-1252"><title>r</title>'
    report.write_text(f"{head}{second.embed()}", encoding="utf-8")
    with open_page(report, *DESK) as seen:
        assert seen.page.locator("iframe").get_attribute("title") == HOSTILE
        assert seen.page.title() == "r"
        inside = seen.page.frame_locator("iframe")
        assert inside.locator("h1").text_content() == HOSTILE
        seen.assert_quiet()


@pytest.mark.browser
def test_paper_shows_as_much_as_the_screen_and_the_screen_comes_back(open_page, site):
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        where = "[map.getCenter().lat, map.getCenter().lng, map.getZoom(), map.getSize().x]"
        before = seen.map_js(where)
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator(".ok-printed .ok-legend[open]").count() == 1
        assert seen.page.locator("body > .ok-printed:last-child .ok-credits[open]").count() == 1
        assert seen.map_js("map.getSize().x") == pytest.approx(180 / 25.4 * 96, abs=1)
        assert seen.map_js("map.getBounds().contains([[43.5, 143], [50.5, 156.5]])")
        seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert seen.map_js(where) == pytest.approx(before, abs=0.03)  # less than a pixel
        assert seen.page.locator(".ok-printed").count() == 0
        assert seen.page.locator(".ok-map .ok-legend").count() == 1
        assert seen.page.locator(".ok-map .ok-credits:not([open])").count() == 1
        seen.assert_quiet()
