"""Every source of a map is named on it."""

from __future__ import annotations

import pytest
from browser import DESK

from okhotsk.datasets import read_registry
from okhotsk.maps.widgets.attribution import source_lists

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
        assert read_registry()["seabed.tif"]["source"] in text
        assert "5th to 95th percentile over 24 seabeds that differ" in text
        for throat in named["half-area-2006"].theatre.throats:
            for value in throat.strait.published:
                assert all(f"{key}: " in text for key in value["source"])
        corner = seen.page.locator(".leaflet-control-attribution").inner_text()
        assert "Sources" in corner
        assert named["half-area-2006"].theatre.seabed.title in corner


def test_a_page_of_several_options_tells_of_no_interval_that_it_does_not_show(results):
    assert len(source_lists(results[0])["Seabed"]) == 2
    assert len(source_lists(*results)["Seabed"]) == 1
