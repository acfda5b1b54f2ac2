"""What a map shows when it opens: the story, by name, with nothing lying on it."""

from __future__ import annotations

import math

import pytest
import shapely
from browser import DESK, PHONE, WIDE
from pages import NAMES, overlap
from playwright.sync_api import expect

from okhotsk.maps.first_view import MOVED_DEG, first_view, line_place
from okhotsk.maps.images import SHOWN

FRAME, SMALL, ZOOMED = (720, 600), (390, 600), (720, 450)
ALWAYS = {"Bussol", "Friza", "Yekaterina", "La Perouse"}
# Shares of the points along every exit that answer to the pointer, panned to the middle.
HITS = """() => {
  const map = window[document.querySelector('.folium-map').id], hits = {};
  map.eachLayer(layer => {
    const known = layer.feature && layer.feature.properties;
    if (!known || !known.id || known.core || layer.options.weight < 5) return;
    map.setView(layer.getBounds().getCenter(), map.getZoom(), {animate: false});
    const path = layer.getElement(), long = path.getTotalLength(), own = path.getScreenCTM();
    let hit = 0;
    for (let i = 0; i < 20; i++) {
      const p = path.getPointAtLength(long * (i + .5) / 20).matrixTransform(own);
      hit += document.elementFromPoint(p.x, p.y) === path;
    }
    hits[known.id] = hit;
  });
  return hits; }"""
SHOWN_NAMES = """() => [...document.querySelectorAll('.okhotsk-place')]
  .filter(name => getComputedStyle(name).visibility === 'visible').map(name => name.textContent)"""
# Share of the frame under everything that lies on the map but popups.
COVERED = """() => {
  const boxes = [...document.querySelectorAll('.ok-map .leaflet-control, .ok-side')]
    .map(one => one.getBoundingClientRect());
  return boxes.reduce((sum, b) => sum + b.width * b.height, 0) / (innerWidth * innerHeight); }"""


def mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def seen_bounds(seen):
    return seen.map_js("map.getBounds().toBBoxString().split(',').map(Number)")


# --- the bounds ---


def test_the_view_holds_ceded_land_both_lines_and_bussol(results, named):
    today = named["status-quo"]
    for result in results:
        box = shapely.box(*first_view(result, today)).buffer(1e-6)
        for line in (result.barrier, today.barrier):
            assert box.covers(line.lines["barrier_km"])
        assert all(box.covers(land) for land in result.land.geometry[result.land.ceded])
        throats = {t.strait.strait_id: t.line for t in result.theatre.throats}
        assert box.covers(throats["bussol"])


def test_a_length_is_written_where_the_lines_differ():
    west = shapely.LineString([(0, 0), (0, 1)])
    both = shapely.LineString([(2, 0), (6, 0)])
    line, other = shapely.MultiLineString([west, both]), shapely.MultiLineString([both])
    place = line_place(line, other)
    assert (place.lon, place.lat) == (0, 0.5)
    assert line_place(line, line).lon == line_place(line, None).lon == 4
    assert line_place(shapely.MultiLineString(), other) is None
    near = shapely.transform(line, lambda points: points + MOVED_DEG / 2)
    assert line_place(near, line).lon == pytest.approx(4 + MOVED_DEG / 2)
    assert line_place(shapely.LineString([(0, 0), (1, 1)]), None).rising
    assert not line_place(shapely.LineString([(0, 0), (1, -1)]), None).rising


# --- on screen ---


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, WIDE, PHONE, FRAME])
def test_the_story_fills_the_view_and_no_ground_is_empty(open_page, page, named, size):
    wanted = first_view(named[page.stem], named["status-quo"])
    with open_page(page, *size) as seen:
        west, south, east, north = seen_bounds(seen)
        assert west < wanted[0]
        assert south < wanted[1]
        assert east > wanted[2]
        assert north > wanted[3]
        assert west >= SHOWN[0] - 0.1
        assert east <= SHOWN[2] + 0.1
        # Nothing is wasted: one of both directions is filled.
        across = (wanted[2] - wanted[0]) / (east - west)
        down = (mercator(wanted[3]) - mercator(wanted[1])) / (mercator(north) - mercator(south))
        assert max(across, down) > 0.85
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, WIDE, PHONE, FRAME])
def test_ceded_land_of_four_islands_spans_a_fifth_of_the_map(open_page, site, named, size):
    result = named["four-islands-demilitarised"]
    west, _, east, _ = shapely.total_bounds(result.land.geometry[result.land.ceded])
    with open_page(site / "four-islands-demilitarised.html", *size) as seen:
        left, _, right, _ = seen_bounds(seen)
        assert (east - west) / (right - left) >= 0.2


@pytest.mark.browser
def test_a_button_shows_the_whole_sea_and_comes_back(open_page, site):
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        before = seen_bounds(seen)
        seen.page.get_by_role("button", name="Whole sea", exact=True).click()
        west, south, east, north = seen_bounds(seen)
        assert west <= SHOWN[0] + 0.1
        assert south <= SHOWN[1] + 0.1
        assert east >= SHOWN[2] - 0.1
        assert north >= SHOWN[3] - 0.1
        seen.page.get_by_role("button", name="First view", exact=True).click()
        assert seen_bounds(seen) == pytest.approx(before, abs=0.02)
        seen.map_js("map.setView([46, 150], 8, {animate: false}) && 1")
        assert seen.page.get_by_role("button", name="Whole sea", exact=True).count() == 1


@pytest.mark.browser
def test_the_view_follows_the_frame_until_the_reader_moves_it(open_page, site, named):
    west, south, east, north = first_view(named["half-area-2006"], named["status-quo"])
    inside = f"map.getBounds().contains([[{south}, {west}], [{north}, {east}]])"
    with open_page(site / "half-area-2006.html", *WIDE) as seen:
        seen.page.set_viewport_size({"width": 720, "height": 600})
        seen.page.wait_for_timeout(500)
        assert seen.map_js(inside)
        seen.map_js("map.setView([46, 150], 9, {animate: false}) && 1")
        seen.page.set_viewport_size({"width": 1280, "height": 800})
        seen.page.wait_for_timeout(500)
        assert seen.map_js("map.getZoom()") == 9


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_every_exit_answers_to_the_pointer(open_page, page, named, size):
    straits = named[page.stem].straits
    with open_page(page, *size) as seen:
        hits = seen.page.evaluate(HITS)
    assert set(hits) == {*straits.strait_id[straits.exit]}
    # On a phone the shortest is some three pixels long.
    assert min(hits.values()) >= (15 if size == DESK else 12), hits


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, WIDE, PHONE, FRAME])
def test_four_straits_and_both_lengths_are_named(open_page, page, named, size):
    record, today = named[page.stem].record, named["status-quo"].record
    lengths = {f"{record['barrier_km']:,.0f} km"}
    if record["barrier_km"] != today["barrier_km"]:
        lengths.add(f"today {today['barrier_km']:,.0f} km")
    with open_page(page, *size) as seen:
        shown = set(seen.page.evaluate(SHOWN_NAMES))
        assert lengths <= shown
        assert shown >= ALWAYS
        assert "Diana" not in shown
        seen.map_js("map.setView([47.2, 152.3], 8, {animate: false}) && 1")
        assert "Diana" in seen.page.evaluate(SHOWN_NAMES)


@pytest.mark.browser
def test_the_seal_lines_are_four_pixels_in_a_casing(open_page, site):
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        line = seen.page.locator(".leaflet-okhotsk-lines-pane path[stroke='#111111']")
        assert line.get_attribute("stroke-width") == "4"
        over = seen.page.locator(".leaflet-overlay-pane path[stroke='#fff'][stroke-width='8']")
        assert over.get_attribute("d") == line.get_attribute("d")


# --- small frames ---


def framed(open_page, tmp_path, frame, width):
    target = tmp_path / "report.html"
    target.write_text(
        f"<!DOCTYPE html><meta charset='utf-8'><title>r</title><body style='margin:0'>{frame}",
        encoding="utf-8",
    )
    return open_page(target, width, 640)


@pytest.mark.browser
@pytest.mark.parametrize("size", [FRAME, SMALL])
@pytest.mark.parametrize("way", ["srcdoc", "src"])
def test_a_frame_shows_the_map_and_the_comparison(open_page, named, site, tmp_path, size, way):
    result, today = named["half-area-2006"], named["status-quo"]
    address = (site / "half-area-2006.html").as_uri()
    given = {"src": address} if way == "src" else {"baseline": today}
    with framed(open_page, tmp_path, result.embed(**given, height=size[1]), size[0]) as seen:
        handle = seen.page.locator("iframe").element_handle()
        inside = handle.content_frame()
        inside.wait_for_selector(".ok-side .ok-panel > summary")
        assert inside.evaluate(COVERED) < (0.15 if size == FRAME else 0.2)
        assert inside.evaluate("document.documentElement.scrollWidth") <= size[0]
        facts = inside.locator(".okhotsk-facts li").all_inner_texts()
        assert len(facts) == 3
        assert all("today" in fact for fact in facts)
        for part in ("h1", ".okhotsk-facts li", ".ok-side .ok-panel > summary", ".ok-tools a"):
            for box in inside.locator(part).all():
                if box.is_visible():
                    at = box.bounding_box()
                    assert at["x"] >= 0, part
                    assert at["x"] + at["width"] <= size[0], part
        assert inside.locator(".ok-heading").bounding_box()["height"] <= 90
        with seen.page.context.expect_page() as opened:
            inside.get_by_role("link", name="Open the full map").click()
        opened.value.wait_for_selector(".ok-side .ok-panel > summary")
        assert opened.value.locator("h1").inner_text() == result.scenario.title
        assert opened.value.locator(".ok-full").is_hidden()
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, ZOOMED, FRAME])
def test_on_small_screens_one_sheet_opens_at_a_time(open_page, site, size):
    with open_page(site / "half-area-2006.html", *size) as seen:
        assert seen.page.locator(".ok-side details.ok-panel[open]").count() == 0
        assert seen.page.locator(".ok-heading").bounding_box()["height"] <= 90
        for summary in seen.page.locator(".ok-side .ok-panel > summary").all():
            summary.click()
            expect(seen.page.locator(".ok-side details.ok-panel[open]")).to_have_count(1)
            body = seen.page.locator(
                ".ok-side details.ok-panel[open] .ok-panel-body"
            ).bounding_box()
            assert body["x"] == 0
            assert body["width"] == size[0]
            assert body["y"] > seen.page.locator(".ok-heading").bounding_box()["height"]
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator(".ok-side details.ok-panel[open]")).to_have_count(0)
        seen.assert_quiet()


# --- popups, tooltips, the ruler ---


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE, FRAME])
def test_a_popup_is_inside_the_map_and_above_everything(open_page, site, size):
    with open_page(site / "half-area-2006.html", *size) as seen:
        for corner in [(0.03, 0.03), (0.97, 0.03), (0.03, 0.97), (0.97, 0.97)]:
            open_bussol(seen, *corner)
            box = seen.page.locator(".leaflet-popup-content-wrapper").bounding_box()
            frame = seen.page.locator(".leaflet-container").bounding_box()
            assert box["x"] >= frame["x"], corner
            assert box["y"] >= frame["y"], corner
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 0.5, corner
            assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 0.5, corner
            covered = seen.page.evaluate("""() => {
              const popup = document.querySelector('.leaflet-popup-content-wrapper');
              const box = popup.getBoundingClientRect();
              let count = 0;
              for (let i = 1; i < 10; i++) for (let j = 1; j < 10; j++) {
                const at = document.elementFromPoint(
                  box.left + box.width * i / 10, box.top + box.height * j / 10);
                count += !at || !at.closest('.leaflet-popup');
              }
              return count; }""")
            assert covered == 0, corner
        seen.assert_quiet()


def open_bussol(seen, x, y):
    """Bring the Bussol Strait to a place of the map, 0 to 1 from its left and top, and open it."""
    seen.map_js(f"""(() => {{
      map.closePopup();
      const size = map.getSize(), to = L.point(size.x * {x}, size.y * {y});
      const at = map.latLngToContainerPoint([46.6, 151.3]);
      map.panBy(at.subtract(to), {{animate: false}}); }})()""")
    seen.map_js("""map.eachLayer(layer => {
      if (layer.feature && layer.feature.properties.id === 'bussol' && layer.getPopup())
        layer.openPopup([46.6, 151.3]); })""")
    seen.page.wait_for_timeout(600)


@pytest.mark.browser
def test_a_tooltip_lies_above_the_buttons(open_page, site):
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        layers = seen.page.evaluate("""() => {
          const over = document.querySelector('.ok-above'), map = over.parentElement;
          const z = one => +getComputedStyle(one).zIndex;
          return [z(over), ...[...map.querySelectorAll('.leaflet-top, .leaflet-bottom')].map(z),
            over.contains(document.querySelector('.leaflet-tooltip-pane'))]; }""")
        assert layers.pop() is True
        assert layers[0] > max(layers[1:])
        # It stays beside its point while the map is dragged.
        tip = "L.tooltip({permanent: true}).setLatLng([46, 150]).setContent('x')"
        seen.map_js(f"{tip}.addTo(map) && 1")
        tip = seen.page.locator(".leaflet-tooltip")
        before = tip.bounding_box()
        seen.map_js("map.panBy([60, 40], {animate: false}) && 1")
        after = tip.bounding_box()
        assert before["x"] - after["x"] == pytest.approx(60, abs=1)
        assert before["y"] - after["y"] == pytest.approx(40, abs=1)


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, FRAME, PHONE])
def test_the_ruler_lies_clear_of_everything(open_page, site, size):
    with open_page(site / "half-area-2006.html", *size) as seen:
        seen.page.get_by_role("button", name="Measure distance").click()
        out = seen.page.locator(".ok-measure-out").bounding_box()
        for other in (".ok-locator", ".ok-view", ".leaflet-control-zoom", ".ok-side"):
            found = seen.page.locator(other)
            if found.is_visible():
                assert not overlap(out, found.bounding_box()), other
        seen.assert_quiet()


# --- the legend ---


@pytest.mark.browser
@pytest.mark.parametrize("layer", ["Japanese territorial sea", "High seas", "Refuge"])
def test_a_swatch_has_the_colour_of_the_map_over_water(open_page, site, layer):
    """The seabed is taken off and water of the swatches' depth put under the layer."""
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        boxes = seen.page.locator(".ok-layers label")
        for box in boxes.all():
            wanted = box.inner_text() == layer
            if box.locator("input").is_checked() != wanted:
                box.click()
        colours = seen.page.evaluate("""() => {
          const swatch = document.querySelector('.ok-legend-section:not([hidden]) .ok-swatch');
          document.querySelector('.leaflet-container').style.background =
            swatch.querySelector('rect').getAttribute('fill');
          swatch.scrollIntoView({block: 'center'});
          const pane = document.querySelector('.leaflet-overlay-pane');
          const path = pane.querySelector('path[fill]:not([fill="none"])');
          const box = path.getBBox(), own = path.getScreenCTM(), all = path.ownerSVGElement;
          for (let i = 1; i < 200; i++) for (let j = 1; j < 200; j++) {
            const p = all.createSVGPoint();
            p.x = box.x + box.width * i / 200; p.y = box.y + box.height * j / 200;
            const q = p.matrixTransform(own);
            const near = [[-8, -8], [8, -8], [-8, 8], [8, 8], [0, 0]].every(d => path.isPointInFill(
              Object.assign(all.createSVGPoint(), {x: p.x + d[0], y: p.y + d[1]})));
            if (near && document.elementFromPoint(q.x, q.y) === path)
              return [[q.x, q.y], swatch.getBoundingClientRect().toJSON()];
          }
          return null; }""")
        (x, y), box = colours
        pixel = [pixel_at(seen, x, y), pixel_at(seen, box["x"] + 13, box["y"] + 8)]
        assert max(abs(a - b) for a, b in zip(*pixel, strict=True)) <= 2, pixel


def pixel_at(seen, x, y):
    import io

    from PIL import Image

    shot = seen.page.screenshot(clip={"x": int(x), "y": int(y), "width": 1, "height": 1})
    return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))


@pytest.mark.browser
def test_the_legend_names_only_regimes_that_the_map_has(open_page, site, named):
    for name in NAMES:
        found = {*named[name].straits.regime}
        with open_page(site / f"{name}.html", *DESK) as seen:
            text = seen.page.locator(".ok-legend").inner_text()
        words = {
            "russian": "Both shores Russian",
            "shared": "Shared strait",
            "japanese": "Both shores Japanese",
        }
        for regime, said in words.items():
            assert (said in text) is (regime in found), (name, regime)
