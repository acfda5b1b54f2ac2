"""The depth slider tells which exits a boat passes, as the table of keels does."""

from __future__ import annotations

import pytest
from browser import DESK, Seen

pytestmark = pytest.mark.browser


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
    return seen.page.locator(".leaflet-okhotsk-straits-pane path[stroke-dasharray='2 4']").count()
