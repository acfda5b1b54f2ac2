"""What the explorer gives away, and whether it can be used without a mouse."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from accessible import assert_accessible, tab_stops
from browser import PHONE, WIDE
from taken import assert_drawn, take

from okhotsk.maps.explorer.page import explorer_page
from okhotsk.scenario.island_sets import Block, read_blocks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(coarse, tmp_path_factory):
    """The explorer of the chain in two blocks."""
    known = read_blocks()
    parts = {"south": known[:5], "north": known[5:]}
    blocks = [
        Block(name, f"the {name}", tuple(unit for one in some for unit in one.units))
        for name, some in parts.items()
    ]
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer_page(coarse, blocks=blocks, samples=1), "utf-8")
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_files_open(open_page, page, size):
    with open_page(page, *size) as seen:
        seen.page.locator("[data-ready]").wait_for(state="attached")
        name, picture = take(seen, "Picture")
        assert name.startswith("okhotsk-explorer")
        assert_drawn(picture)
        _, text = take(seen, "Layers")
        assert b'"FeatureCollection"' in text
        _, text = take(seen, "Figures")
        table = pd.read_csv(io.BytesIO(text), dtype=str)
        assert len(table) > 5
        assert table.shape[1] > 1
        seen.assert_quiet()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_nothing_serious_keeps_anybody_out(open_page, page, size):
    with open_page(page, *size) as seen:
        seen.page.locator("[data-ready]").wait_for(state="attached")
        assert tab_stops(seen, 1)[0].startswith("Skip")
        assert_accessible(seen)
