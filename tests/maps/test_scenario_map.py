"""Map pages in a real browser without a network: figures, layers, popups, links, layout."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import DESK, PHONE, WIDE
from pages import NAMES, boxes, legend, overlap

from okhotsk.errors import MapError
from okhotsk.maps.scenario_map import map_page
from okhotsk.maps.verdict import verdict

HOSTILE = (
    "a`b ${x} </script><script>document.title='taken'</script> {{ x }} {% y %} \"q\" 'r' \\n &lt;"
)
CONTROLS = (
    ".leaflet-control-zoom",
    ".leaflet-control-zoom-fullscreen",
    ".ok-measure",
    ".ok-view",
    ".ok-locator",
    ".ok-side",
    ".leaflet-control-scale",
    ".leaflet-control-attribution",
)

pytestmark = pytest.mark.browser


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


def test_heading_and_findings_tell_the_figures_of_the_record(open_page, page, named):
    result = named[page.stem]
    record, today = result.record, named["status-quo"].record
    with open_page(page, *DESK) as seen:
        assert seen.page.locator("h1").inner_text() == result.scenario.title
        assert seen.page.title().startswith(result.scenario.title)
        heads = seen.page.locator(".okhotsk-facts li").all_inner_texts()
        said = seen.page.locator(".ok-finding .ok-panel-body").inner_text()
    expected = [
        verdict(result),
        result.scenario.border,
        f"{record['exits_russian']} Russian, {record['exits_shared']} shared, "
        f"{record['exits_japanese']} Japanese",
        f"{record['barrier_km']:,.0f} km",
        f"on other seabeds: {record['barrier_km_low']:,.0f} to {record['barrier_km_high']:,.0f} km",
        f"{record['refuge_share']:.1%}",
    ]
    if result.survey:
        expected.append(f"survey of 2014: {result.survey.km2:,.0f} km²")
    if result.scenario.cessions:
        expected += [f"{record['ceded_land_km2']:,.0f} km²", f"{record['ceded_population']:,}"]
        expected += [f"{today['barrier_km']:,.0f} km", f"{today['refuge_share']:.1%}"]
    for text in expected:
        assert text in said
    words = (f"Seal line {record['barrier_km']:,.0f} km", f"Refuge {record['refuge_share']:.1%}")
    then = (f"today {today['barrier_km']:,.0f} km", f"today {today['refuge_share']:.1%}")
    for head, word, before in zip(heads, words, then, strict=False):
        assert word in head
        assert (before in head) is bool(result.scenario.cessions)
    assert heads[2].startswith(f"Index {record['index']:.0f}")
    assert ("at least" in said) is bool(result.uncounted)


def test_lines_and_passages_tell_how_far_they_move_with_the_seabed(page, named):
    record, text = named[page.stem].record, page.read_text("utf-8")
    told = {
        "barrier_km": " km of water to watch (other seabeds: {} to {} km)",
        "operating_area_km2": " km² (other seabeds: {} to {} km²)",
        "access_depth_m": " (other seabeds: {} to {} m)",
        "egress_depth_m": " (other seabeds: {} to {} m)",
    }
    for column, words in told.items():
        ends = (f"{record[f'{column}_{end}']:,.0f}" for end in ("low", "high"))
        assert words.format(*ends) in text.replace("\\u00b2", "²"), column


def test_a_map_without_an_ensemble_tells_of_no_other_seabed(coarse_results):
    page = map_page(coarse_results["four-islands"])
    assert "of water to watch" in page
    assert ", seabed " not in page
    assert "as public grids do" not in page


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


# --- links, frames, notebooks ---


def test_each_map_leads_to_the_next_and_back(open_page, site, results):
    titles = [result.scenario.title for result in results]
    with open_page(site / "status-quo.html", *DESK) as seen:
        assert seen.page.locator("a[rel=prev]").count() == 0
        for title in titles[1:]:
            seen.page.get_by_role("link", name=f"Next: {title}", exact=True).click()
            assert seen.page.locator("h1").inner_text() == title
        assert seen.page.locator("a[rel=next]").count() == 0
        seen.page.get_by_role("link", name=f"Previous: {titles[-2]}", exact=True).click()
        assert seen.page.locator("h1").inner_text() == titles[-2]
        seen.assert_quiet()


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
        seen.page.get_by_role("link", name="All options", exact=True).click()
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
    pages = {f"{r.scenario.scenario_id}.html": r.scenario.title for r in results}
    again = map_page(results[1], baseline=results[0], index="index.html", pages=pages)
    assert again == (site / "half-area-2006.html").read_text("utf-8")


def test_hostile_texts_are_shown_as_text(open_page, results, tmp_path):
    texts = {"title": HOSTILE, "line": HOSTILE, "context": HOSTILE}
    first, second = (replace(r, scenario=replace(r.scenario, **texts)) for r in results[:2])
    target = tmp_path / "hostile.html"
    target.write_text(map_page(second, baseline=first), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        assert seen.page.title() == f"{HOSTILE} · okhotsk"
        assert seen.page.locator("h1").text_content() == HOSTILE
        assert HOSTILE in seen.page.locator(".ok-finding").text_content()
        line = seen.page.locator(".leaflet-overlay-pane path[stroke='#fff'][stroke-width='7']")
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
        assert seen.map_js("map.getBounds().contains([[43.5, 143.4], [49.8, 155.2]])")
        seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert seen.map_js(where) == pytest.approx(before, abs=0.03)  # less than a pixel
        assert seen.page.locator(".ok-printed").count() == 0
        assert seen.page.locator(".ok-map .ok-legend").count() == 1
        assert seen.page.locator(".ok-map .ok-credits:not([open])").count() == 1
        seen.assert_quiet()
