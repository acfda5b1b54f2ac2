"""The inset frames what the map shows."""

from __future__ import annotations

import pytest
from browser import DESK

from okhotsk.maps.images import SHOWN
from okhotsk.maps.widgets.inset import WIDTH_PX

pytestmark = pytest.mark.browser


def test_the_inset_shows_where_the_view_lies(open_page, site):
    with open_page(site / "status-quo.html", *DESK) as seen:
        seen.map_js("map.setView([46, 150], 8, {animate: false}) && 1")
        west, east = seen.map_js("[map.getBounds().getWest(), map.getBounds().getEast()]")
        frame = seen.page.locator(".ok-locator-view")
        x, width = (float(frame.get_attribute(name)) for name in ("x", "width"))
        per_deg = WIDTH_PX / (SHOWN[2] - SHOWN[0])
        assert x == pytest.approx((west - SHOWN[0]) * per_deg, abs=0.01)
        assert width == pytest.approx((east - west) * per_deg, abs=0.01)
        assert "north up" in seen.page.locator(".ok-locator svg").get_attribute("aria-label")
