"""What a reader of the explorer sees and reaches: names, lines, bars, the ring, keys, links."""

from __future__ import annotations

import json
import math
import re

import pytest
from browser import PHONE
from explorer_page import nothing, read_figures, ready

from okhotsk.assessment import index
from okhotsk.maps.explorer.page import OPENING
from okhotsk.maps.widgets.names import ALWAYS

WIDTHS = [(1440, 900), (1280, 800), (390, 844)]
RING_PX = 13  # half of the ring's icon

# Visible names and buttons on the map as boxes.
BOXES = """() => {
  const frame = document.querySelector('.folium-map').getBoundingClientRect();
  const seen = [...document.querySelectorAll('.ok-name, .leaflet-control, .ok-handle')]
    .filter(one => getComputedStyle(one).visibility === 'visible')
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0);
  return seen.map(([one, box]) => ({
    name: one.matches('.ok-name') ? one.textContent : '',
    left: box.left - frame.left, top: box.top - frame.top,
    right: box.right - frame.left, bottom: box.bottom - frame.top,
    inside: box.left >= frame.left && box.right <= frame.right &&
      box.top >= frame.top && box.bottom <= frame.bottom,
  }));
}"""

# The block under the middle of each point of the map, given as (latitude, longitude).
UNDER = """points => {
  const map = window[document.querySelector('.folium-map').id];
  const frame = map.getContainer().getBoundingClientRect();
  return points.map(point => {
    const at = map.latLngToContainerPoint(point);
    const hit = document.elementFromPoint(frame.left + at.x, frame.top + at.y);
    return hit && hit.dataset.block ? Number(hit.dataset.block) : -1;
  });
}"""

# How near the ring's edge comes to land that can be ceded: whether a disc finds some.
COVERED = """radius => {
  const box = document.querySelector('.ok-handle').getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2, found = [];
  for (let r = 0; r <= radius; r += 1) {
    for (let turn = 0; turn < 48; turn += 1) {
      const angle = turn * Math.PI / 24;
      const all = document.elementsFromPoint(x + r * Math.cos(angle), y + r * Math.sin(angle));
      found.push(...all.filter(one => one.matches('.leaflet-ok-isles-pane .ok-land')));
    }
  }
  return [...new Set(found)].map(one => one.dataset.block);
}"""


def overlaps(boxes):
    """Pairs of boxes of which one is a name and that share some pixel."""
    return [
        (one["name"], other["name"])
        for n, one in enumerate(boxes)
        for other in boxes[:n]
        if (one["name"] or other["name"])
        and min(one["right"], other["right"]) > max(one["left"], other["left"])
        and min(one["bottom"], other["bottom"]) > max(one["top"], other["top"])
    ]


def names(boxes):
    return {box["name"] for box in boxes} - {""}


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_islands_answer_a_click_at_load(open_page, page, coarse, blocks, width, height):
    spots, own = [], []
    for n, block in enumerate(blocks):
        for unit in block.units:
            land = max(coarse.lands[unit].geoms, key=lambda part: part.area)
            middle = land.representative_point()
            spots.append([middle.y, middle.x])
            own.append(n)
    with open_page(page, width, height) as seen:
        inside = ready(seen)
        assert inside.evaluate(UNDER, spots) == own
        before = inside.locator(".ok-islands input").nth(own[-1]).is_checked()
        at = seen.map_js(f"map.latLngToContainerPoint({spots[-1]})")
        inside.locator(".folium-map").first.click(position={"x": at["x"], "y": at["y"]})
        assert inside.locator(".ok-islands input").nth(own[-1]).is_checked() != before
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("zoom", [None, 7, 9])
def test_the_ring_stands_beside_the_islands(open_page, page, blocks, zoom):
    with open_page(page, 1440, 900) as seen:
        inside = nothing(seen)
        ring = inside.get_by_role("slider", name="Border on map A")
        for step in range(len(blocks) + 1):
            if zoom:
                spot = inside.evaluate("document.querySelector('.folium-map').id") and seen.map_js(
                    f"map.setView(map.layerPointToLatLng(L.DomUtil.getPosition("
                    f"document.querySelector('.ok-handle'))), {zoom}, {{animate: false}}), 1"
                )
                assert spot
            assert ring.get_attribute("aria-valuenow") == str(step)
            assert inside.evaluate(COVERED, RING_PX) == [], (step, zoom)
            ring.press("ArrowUp")
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("link", ["", "#a=status-quo", "#a=st-petersburg-1875"])
def test_names_are_there_and_lie_on_nothing(open_page, page, coarse, link, width, height):
    famous = {
        t.strait.name.partition(" (")[0] for t in coarse.throats if t.strait.strait_id in ALWAYS
    }
    with open_page(page, width, height) as seen:
        inside = ready(seen)
        if link:
            inside.evaluate("to => { location.hash = to; }", link)
            inside.wait_for_timeout(100)
        boxes = inside.evaluate(BOXES)
        assert len(famous) == 4
        assert names(boxes) >= famous
        assert not overlaps(boxes)
        assert all(box["inside"] for box in boxes if box["name"])
        seen.map_js("map.setView([47.9, 153.2], 7, {animate: false}), 1")
        boxes = inside.evaluate(BOXES)
        assert names(boxes) >= {"Kruzenshtern", "Nadezhda", "Matua", "Rasshua"}
        assert not overlaps(boxes)
        seen.assert_quiet()


@pytest.mark.browser
def test_todays_line_is_dashed_beside_that_of_another_set(open_page, page, blocks):
    iturup = [block.block_id for block in blocks].index("iturup")
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        assert inside.locator(".ok-today-line").count() == 0
        today = read_figures(seen)["barrier_km"]
        assert names(inside.evaluate(BOXES)) >= {f"seal line today {today:,.0f} km"}
        inside.locator(".ok-islands input").nth(iturup).click()
        lines = inside.locator(".ok-today-line")
        assert lines.count() > 0
        assert all(
            lines.evaluate_all("all => all.map(one => one.getAttribute('stroke-dasharray'))")
        )
        now = read_figures(seen)["barrier_km"]
        assert now > today
        told = {f"seal line {now:,.0f} km", f"today {today:,.0f} km"}
        assert names(inside.evaluate(BOXES)) >= told
        inside.locator(".ok-shown summary").click()
        inside.get_by_role("checkbox", name="Seal line").click()
        assert lines.count() == 0
        assert not names(inside.evaluate(BOXES)) & told


def columns(inside):
    """Value today, value of the set and bar of each part of the index."""
    return inside.locator(".ok-bars tbody tr").evaluate_all(
        "rows => rows.map(row => ({column: row.dataset.part,"
        " bar: row.querySelector('.ok-bar span').getBoundingClientRect().width /"
        " row.querySelector('.ok-bar').getBoundingClientRect().width,"
        " texts: [...row.cells].map(cell => cell.innerText.trim())}))"
    )


@pytest.mark.browser
@pytest.mark.parametrize("link", ["#a=four-islands", "#a=iturup!", "#a=kawana-1998"])
def test_bars_show_the_change_that_the_table_has(open_page, page, link):
    recipe = index.read_recipe()
    with open_page(page, 1440, 900) as seen:
        inside = nothing(seen)
        today = read_figures(seen)
        assert all(row["texts"][-1] == "as today" for row in columns(inside))
        inside.evaluate("to => { location.hash = to; }", link)
        inside.locator(".ok-undo, .ok-bars .ok-changed").first.wait_for()
        found = read_figures(seen)
        rows = columns(inside)
        assert [row["column"] for row in rows] == [c.column for c in recipe.components]
        kept = index.component_values(recipe, [found], today)[0]
        for row, share in zip(rows, kept, strict=True):
            assert row["bar"] == pytest.approx(share, abs=0.01), row
            by = found[row["column"]] - today[row["column"]]
            if row["texts"][-1] == "as today":
                assert abs(by) < 1
                continue
            digits = re.sub(r"[^\d.]", "", row["texts"][-1].split()[0])
            scale = 100 if row["texts"][-1].endswith("pts") else 1
            assert float(digits) == pytest.approx(abs(by) * scale, abs=0.51), row
            assert row["texts"][-1][0] == ("+" if by > 0 else "\u2212")
        assert any(row["bar"] < 0.99 for row in rows)


@pytest.mark.browser
def test_the_heading_answers_with_the_figures_of_the_table(open_page, page):
    with open_page(page, 1280, 800) as seen:
        inside = ready(seen)
        assert inside.get_by_label("Named option").input_value() == OPENING
        found, shown = read_figures(seen), inside.locator(".ok-index")
        low, high = (float(shown.get_attribute(f"data-index_{end}")) for end in ("low", "high"))
        title = inside.get_by_role("heading", level=1).inner_text()
        assert f"index {found['index']:.0f} ({low:.0f} to {high:.0f}); today 100" in title
        words = inside.locator(".ok-heading .ok-sentence").inner_text()
        nothing(seen)
        today = read_figures(seen)
        lost = today["exits_russian"] - found["exits_russian"]
        assert words.startswith(
            f"The shortest seal line grows from {today['barrier_km']:,.0f} to "
            f"{found['barrier_km']:,.0f} km, the refuge shrinks from "
            f"{100 * today['refuge_share']:.1f}% to {100 * found['refuge_share']:.1f}% of the "
            f"patrol water, and {lost:.0f} of the {today['exits_russian']:.0f} deep exits"
        )
        assert words.endswith(f"the index lies between {low:.0f} and {high:.0f}.")
        assert "100, today" in inside.get_by_role("heading", level=1).inner_text()
        plain = inside.locator(".ok-heading .ok-sentence").inner_text()
        assert plain.startswith(f"The shortest seal line is {today['barrier_km']:,.0f} km long")


@pytest.mark.browser
def test_the_address_keeps_set_layers_and_view(open_page, page, blocks):
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        inside.locator(".ok-islands input").nth(2).click()
        inside.get_by_role("checkbox", name="Demilitarised").click()
        assert "view=" not in inside.url
        assert "layers=" not in inside.url
        inside.locator(".ok-shown summary").click()
        inside.get_by_role("checkbox", name="Refuge").click()
        seen.map_js("map.setView([46.5, 150.25], 7, {animate: false}), 1")
        known = read_figures(seen)
        assert f"a={blocks[2].block_id}!" in inside.url
        assert "layers=barrier_km,straits,zones" in inside.url
        assert "view=46.5,150.25,7" in inside.url
        inside.reload()
        ready(seen)
        assert read_figures(seen) == known
        assert inside.get_by_role("checkbox", name="Demilitarised").is_checked()
        inside.locator(".ok-shown summary").click()
        assert not inside.get_by_role("checkbox", name="Refuge").is_checked()
        view = json.loads(
            seen.map_js("JSON.stringify([map.getCenter().lat, map.getCenter().lng, map.getZoom()])")
        )
        assert view == pytest.approx([46.5, 150.25, 7], abs=0.01)
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("link", ["#a=%&view=1,x,2&layers=", "#a=atlantis&b", "#=&&a=iturup=1"])
def test_an_address_of_any_kind_opens(open_page, page, link):
    with open_page(page, 1280, 800) as seen:
        inside = ready(seen)
        inside.evaluate("to => { location.hash = to; }", link)
        inside.reload()
        ready(seen)
        assert math.isfinite(read_figures(seen)["index"])
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_keys_reach_layers_and_every_island(open_page, page, blocks, width, height):
    active = "document.activeElement"
    with open_page(page, width, height) as seen:
        inside = nothing(seen)
        inside.evaluate(f"{active}.blur()")
        inside.evaluate("window.scrollTo(0, 0)")
        inside.locator("h1").evaluate("node => { node.tabIndex = -1; node.focus(); }")
        reached = []
        for _ in range(8):  # two fewer than ten: a skip link and a menu come before
            inside.keyboard.press("Tab")
            reached.append(inside.evaluate(f"{active}.textContent"))
        assert "Layers and colours" in reached
        first = inside.locator(".ok-islands input").first
        stops = inside.locator(".ok-islands input").evaluate_all(
            "all => all.filter(one => one.tabIndex === 0).length"
        )
        assert stops == 1
        first.focus()
        for n in range(len(blocks)):
            inside.keyboard.press("Space")
            assert inside.locator(".ok-islands input:checked").count() == n + 1
            inside.keyboard.press("ArrowDown")
        assert inside.evaluate(f"{active}.value") == blocks[0].block_id
        inside.keyboard.press("End")
        assert inside.evaluate(f"{active}.value") == blocks[-1].block_id
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 400)])
def test_a_small_screen_has_the_map_first_and_one_sheet(open_page, page, width, height):
    with open_page(page, width, height) as seen:
        inside = ready(seen)
        size = inside.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert size == [width, height]
        chart = inside.locator(".ok-maps").bounding_box()
        sheet = inside.locator(".ok-side").bounding_box()
        assert chart["y"] + chart["height"] <= sheet["y"] + 1
        assert chart["height"] >= 0.4 * height
        assert sheet["y"] + sheet["height"] == pytest.approx(height, abs=1)
        assert inside.locator(".ok-heading").bounding_box()["height"] <= 100
        grip = inside.locator(".ok-grip")
        assert "today 100" in grip.inner_text()
        grip.click()
        assert inside.locator(".ok-side").bounding_box()["height"] > 0.7 * height
        assert grip.get_attribute("aria-expanded") == "true"
        inside.keyboard.press("Escape")
        assert grip.get_attribute("aria-expanded") == "false"
        seen.assert_quiet()


def test_choices_and_figures_take_the_width_of_a_phone(open_page, page):
    with open_page(page, *PHONE) as seen:
        ready(seen)
        widths = seen.page.evaluate(
            "[...document.querySelectorAll('.ok-side > *')].map(part => part.offsetWidth)"
        )
    assert len(widths) == 3
    assert min(widths) >= 350
