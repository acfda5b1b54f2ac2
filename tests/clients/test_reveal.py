"""Slides of reveal.js that hold a map: `make clients` installs it from npm."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from okhotsk.api import Assessment

REVEAL = Path(sys.prefix) / "share" / "reveal.js"
SLIDES = 5  # reveal.js lays out those beside the slide that is shown: the map is none of these
BOX = """() => {
  const map = window[document.querySelector('.folium-map').id], box = map.getBounds();
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth(), map.getSize().x]; }"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.clients,
    pytest.mark.skipif(
        not (REVEAL / "dist" / "reveal.js").is_file()
        and os.environ.get("OKHOTSK_REQUIRE_CLIENTS") != "1",
        reason=f"no reveal.js in {REVEAL}; install it with: make clients",
    ),
]


@pytest.fixture
def deck(results: list[Assessment], tmp_path: Path) -> Path:
    """Slides of which the last holds a map."""
    home, path = (REVEAL / "dist").as_uri(), tmp_path / "slides.html"
    slides = "<section>One</section>" * SLIDES
    path.write_text(
        f"""<!DOCTYPE html><meta charset="utf-8"><title>Slides</title>
        <link rel="stylesheet" href="{home}/reveal.css">
        <link rel="stylesheet" href="{home}/theme/white.css">
        <div class="reveal"><div class="slides">{slides}
        <section><h3>A map</h3>{results[1].embed(height=560)}</section></div></div>
        <script src="{home}/reveal.js"></script>
        <script>Reveal.initialize({{transition: "none"}});</script>""",
        encoding="utf-8",
    )
    return path


def test_a_map_on_a_later_slide_opens_with_its_first_view(open_page, deck) -> None:
    with open_page(deck) as seen:
        inside = seen.page.locator("iframe").element_handle().content_frame()
        inside.wait_for_selector("#ok-take-button", state="attached")
        assert inside.evaluate(BOX)[-1] == 0
        seen.page.evaluate(f"Reveal.slide({SLIDES})")
        inside.wait_for_selector(".okhotsk-place >> text=Bussol", state="visible")
        west, south, east, north, wide = inside.evaluate(BOX)
        assert wide > 400
        assert (138, 41) < (west, south) < (144, 46)
        assert 152 < east < 162
        assert 47 < north < 53
        # The theme shrinks frames: nothing of the picture under this one is seen.
        under = seen.page.locator("section.present > div > div").bounding_box()
        assert seen.page.locator("iframe").bounding_box() == pytest.approx(under, abs=0.5)
        # A view that the reader chose outlives other slides.
        inside.locator(".leaflet-control-zoom-in").click()
        seen.page.wait_for_timeout(500)
        chosen = inside.evaluate(BOX)
        assert chosen[0] > west + 1
        seen.page.evaluate("Reveal.slide(0)")
        seen.page.wait_for_timeout(400)
        seen.page.evaluate(f"Reveal.slide({SLIDES})")
        seen.page.wait_for_timeout(400)
        assert inside.evaluate(BOX) == pytest.approx(chosen, abs=0.03)
        seen.assert_quiet()
