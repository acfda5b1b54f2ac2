"""The explorer in a closed part of a document."""

from __future__ import annotations

import pytest

BOX = """() => {
  const map = window[document.querySelector('.folium-map').id], box = map.getBounds();
  return map.getSize().x && [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]; }"""


@pytest.mark.browser
def test_the_explorer_opens_with_its_first_view(open_page, page, tmp_path):
    (tmp_path / "explorer.html").write_bytes(page.read_bytes())
    frame = '<iframe src="explorer.html" title="x" height="600" width="1000"></iframe>'
    target = tmp_path / "document.html"
    target.write_text(
        f"<!DOCTYPE html><title>x</title><details><summary>M</summary>{frame}</details>"
    )
    with open_page(page, 1000, 600) as seen:
        seen.page.locator("[data-ready=yes]").wait_for(state="attached")
        known = seen.page.evaluate(BOX)
    with open_page(target) as seen:
        inside = seen.page.locator("iframe").element_handle().content_frame()
        inside.wait_for_selector("[data-ready=yes]", state="attached")
        assert inside.evaluate(BOX) == 0
        seen.page.locator("summary").click()
        seen.page.wait_for_timeout(500)
        assert inside.evaluate(BOX) == pytest.approx(known, abs=0.3)
        seen.assert_quiet()
