"""A border drawn across an island is a scenario file that the command line assesses."""

from __future__ import annotations

from typing import Any

from accessible import assert_accessible
from explorer_page import nothing, ready

import okhotsk
from okhotsk.scenario.split import resolve

DRAW, FILE = "Draw a border across an island", "Download the scenario file"


def drawn(inside: Any) -> Any:
    """The box of the border, once it is asked for."""
    inside.get_by_role("button", name=DRAW).click()
    return inside.locator(".ok-cut")


def downloaded(inside: Any, folder: Any) -> okhotsk.Scenario:
    """The scenario of the file that the page offers."""
    with inside.expect_download() as saving:
        inside.get_by_role("button", name=FILE).click()
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return okhotsk.load_scenario(path)


def test_the_file_hands_over_the_south_and_what_is_ticked(open_page, page, tmp_path, coarse):
    with open_page(page) as opened:
        inside = nothing(opened)
        inside.get_by_role("checkbox", name="Kunashir").check()
        box = drawn(inside)
        assert_accessible(opened)
        assert "The south of Iturup is handed over" in box.inner_text()
        scenario = downloaded(inside, tmp_path)
    whole = [c.unit for c in scenario.cessions if c.rule is None]
    assert (scenario.scenario_id, whole) == ("border-across-iturup", ["kunashir"])
    parts = {part.part_id: part for part in resolve(scenario, coarse.lands)}
    south, north = parts["iturup-south"], parts["iturup-north"]
    assert (south.sovereign, north.sovereign) == ("JP", "RU")
    assert south.land.centroid.y < north.land.centroid.y
    assert 0.3 < south.land.area / (south.land.area + north.land.area) < 0.7


def test_arrow_keys_move_an_end_and_the_file_follows(open_page, page, tmp_path):
    with open_page(page) as opened:
        inside = nothing(opened)
        drawn(inside)
        before = downloaded(inside, tmp_path).cessions[-1].line
        end = inside.locator(".ok-end").first
        end.focus()
        for _ in range(3):
            end.press("ArrowUp")
        after = downloaded(inside, tmp_path).cessions[-1].line
    assert after[0][1] > before[0][1]
    assert after[1] == before[1]


def test_a_line_that_ends_on_land_or_crosses_nothing_gives_no_file(open_page, page):
    with open_page(page) as opened:
        inside = nothing(opened)
        box = drawn(inside)
        file = inside.get_by_role("button", name=FILE)
        end = inside.locator(".ok-end").first
        end.focus()
        said = set()
        for _ in range(40):
            end.press("ArrowRight")
            said.add(box.locator("p").inner_text())
            if "on land" in box.locator("p").inner_text():
                assert file.is_disabled()
        assert any("draw it from sea to sea" in words for words in said)


def test_the_border_is_removed_again(open_page, page):
    with open_page(page) as opened:
        inside = ready(opened)
        drawn(inside)
        assert inside.locator(".ok-end").count() == 2
        inside.get_by_role("button", name="Remove the border across an island").click()
        assert inside.locator(".ok-end").count() == 0
        assert not inside.locator(".ok-cut").is_visible()
