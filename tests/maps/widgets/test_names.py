"""Names on the map: none lies on another or is cut, the large islands first."""

from __future__ import annotations

import pytest
from browser import DESK, PHONE
from pages import overlap

pytestmark = pytest.mark.browser


NAMES_SHOWN = """() => [...document.querySelectorAll('.okhotsk-place')]
  .filter(name => getComputedStyle(name).visibility === 'visible')
  .map(name => [name.textContent, name.getBoundingClientRect().toJSON()])"""


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
