"""Every source of a map is named on it."""

from __future__ import annotations

import pytest
from browser import DESK

pytestmark = pytest.mark.browser


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
