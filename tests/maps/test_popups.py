"""Popups in a real browser: figures of islands, straits and routes, by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from browser import DESK, PHONE
from pages import click, press

from okhotsk import colours, style
from okhotsk.maps.popups import route_popup, strait_popup, zone_tooltip
from okhotsk.measures.exposure import Route
from okhotsk.raster import geodesy

pytestmark = pytest.mark.browser


def island_rows(island: Any) -> dict[str, str]:
    rows = {"Area": f"{island.area_km2:,.1f} km²", "Coast": f"{island.coast_km:,.0f} km"}
    if not pd.isna(island.population):
        rows["Civil population"] = f"{island.population:,} ({island.population_year})"
    return rows


def test_island_popups_by_keyboard(open_page, page, named):
    result = named[page.stem]
    islands = result.theatre.islands.set_index("island_id")
    land = result.land[result.land.part_id == result.land.unit_id]
    holders = {"RU": "Russia", "JP": "Japan", "none": "none (demilitarised)"}
    with open_page(page, *DESK) as seen:
        for part in land[land.unit_id.isin(islands.index)].itertuples():
            island = islands.loc[part.unit_id]
            said = press(seen, island["name"])
            assert said[""] == island["name"]
            assert said["Sovereign in this scenario"] == holders[part.sovereign]
            assert said["Forces in this scenario"] == holders[part.forces]
            for key, value in island_rows(island).items():
                assert said[key] == value
            assert ("Civil population" in said) is (not pd.isna(island.population))
        seen.assert_quiet()


def test_an_island_popup_by_mouse(open_page, page):
    with open_page(page, *DESK) as seen:
        seen.map_js("map.setView([44.2, 146.5], 8, {animate: false}) && 1")
        said = click(seen, "Kunashir")
        ceded = page.stem != "status-quo"
        assert said["Sovereign in this scenario"] == ("Japan" if ceded else "Russia")
        seen.assert_quiet()


def test_a_split_island_has_two_popups_that_say_so(open_page, site, named):
    parts = named["half-area-2006"].land.set_index("part_id")
    with open_page(site / "half-area-2006.html", *DESK) as seen:
        for side, holder in (("south", "Japan"), ("north", "Russia")):
            said = press(seen, f"Iturup, {side}ern part")
            km2 = geodesy.area_km2(parts.geometry[f"iturup-{side}"])
            assert said["Sovereign in this scenario"] == said["Forces in this scenario"] == holder
            assert said["Area of this part"] == f"{km2:,.1f} km²"
            assert "Area, whole island" in said
        seen.assert_quiet()


def test_strait_popups_by_keyboard(open_page, page, named):
    straits = named[page.stem].straits
    assert not straits.resolved.all()
    with open_page(page, *DESK) as seen:
        for row in straits.itertuples():
            said = press(seen, row.name)
            box = seen.page.locator(".leaflet-popup").last
            assert said[""] == row.name
            assert row.regime in said["Regime"].lower()
            assert said["Exit of the sea"] == ("yes" if row.exit else "no")
            assert said["Width, shore to shore"] == f"{row.width_km:.1f} km"
            assert said["Throat"] == f"{row.throat_width_km:.1f} km"
            assert box.locator("svg[role=img]").count() == int(row.resolved), row.name
            coarse = box.get_by_text("too coarse").count()
            assert coarse == int(not row.resolved), row.name
            assert ("Sill" in said) is (not pd.isna(row.sill_depth_m))
            if not pd.isna(row.sill_depth_m):
                ends = f"{row.sill_depth_m_low:,.0f} to {row.sill_depth_m_high:,.0f}"
                assert said["Sill"] == f"{row.sill_depth_m:,.0f} m ({ends})"
            told = box.get_by_text("In brackets: 5th to 95th percentile over 24 seabeds").count()
            assert told == int(row.resolved)
            if row.resolved:
                figures = map(float, re.findall(r"[\d.]+", said["Section there"]))
                columns = (row.throat_area_km2, row.throat_area_km2_low, row.throat_area_km2_high)
                assert list(figures) == pytest.approx(columns, rel=0.06, abs=0.5)
            else:
                assert "Section there" not in said
                assert not re.search(r"\d m\b", " ".join(said.values())), row.name
            if row.corridor_km >= 0.5:
                depth = "" if pd.isna(row.corridor_depth_m) else f"{row.corridor_depth_m:,.0f}"
                sill = f", sill {depth} m" if depth else ""
                wide = f"{row.corridor_km:.0f} km wide at least{sill}"
                assert said["Outside territorial seas"] == wide
            else:
                assert said["Outside territorial seas"] == "none"
        seen.assert_quiet()


def test_a_strait_popup_by_mouse(open_page, site, named):
    straits = named["four-islands-demilitarised"].straits.set_index("strait_id")
    with open_page(site / "four-islands-demilitarised.html", *DESK) as seen:
        seen.map_js("map.setView([45.6, 149.2], 8, {animate: false}) && 1")
        said = click(seen, straits.name["friza"])
        assert said["Regime"].lower() == "shared"
        assert said["Sill"].startswith(f"{straits.sill_depth_m['friza']:,.0f} m (")
        section = seen.page.locator(".leaflet-popup svg[role=img]")
        assert "greatest depth" in section.get_attribute("aria-label")
        colours = section.locator("rect").evaluate_all(
            "rects => rects.map(rect => rect.getAttribute('fill'))"
        )
        assert len(set(colours[-2:])) == 2  # one shore each
        seen.assert_quiet()


@pytest.mark.parametrize("exposed", [False, True])
def test_a_way_has_a_chart_where_it_is_exposed(exposed):
    profile = pd.DataFrame({"distance_km": [0.0, 90.0], "sight_km": [np.inf, 40.0]})
    profile["exposure_per_km"] = [0.0, 0.01 * exposed]
    way = Route(0.5 * exposed, shapely.LineString(), (), profile)
    said = route_popup(way, "A way", 100)
    assert ("<svg" in said) is exposed
    assert ("nowhere in sight" in said) is (not exposed)


def test_a_popup_closes_with_escape_on_a_phone_and_fits(open_page, page):
    with open_page(page, *PHONE) as seen:
        press(seen, "Simushir")
        seen.page.wait_for_timeout(400)  # the map pans to show the popup
        box = seen.page.locator(".leaflet-popup-content-wrapper").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
        seen.page.keyboard.press("Escape")
        seen.page.locator(".leaflet-popup").wait_for(state="detached")
        seen.assert_quiet()


def test_sections_are_shaded_by_whose_sea_it_is(open_page, site, named):
    result = named["four-islands-demilitarised"]
    with open_page(site / "four-islands-demilitarised.html", *DESK) as seen:
        straits = (result.theatre.throats, result.straits.itertuples(), result.sections)
        for throat, row, section in zip(*straits, strict=True):
            if not throat.resolved:
                continue
            press(seen, row.name)
            box = seen.page.locator(".leaflet-popup").last
            fills = box.locator("svg[role=img] polygon").evaluate_all(
                "shapes => shapes.map(shape => shape.getAttribute('fill'))"
            )
            assert set(fills) == {style.SECTION_WATER[zone].fill for zone in set(section.zone)}
            lines = box.locator("svg[role=img] path[stroke='#fff']").count()
            assert (lines > 0) == (colours.JAPAN in fills)  # so that it shows in grey too
            share = float((section.zone == "").mean())
            assert (share > 0) == (colours.CORRIDOR in fills)
            # A throat that runs obliquely has a longer stretch outside than the corridor is wide.
            assert share * section.distance_km[-1] >= row.corridor_km - section.distance_km[1]


def test_the_high_seas_say_whose_their_seabed_is():
    told = zone_tooltip("high-seas", "high seas", 43_548.4)
    assert "43,548 km²" in told
    assert "the seabed is Russian continental shelf" in told
    for zone in ("ru-eez", "jp-eez", "ru-territorial-sea", "jp-territorial-sea"):
        assert "seabed" not in zone_tooltip(zone, zone, 1.0)


def test_a_popup_without_an_ensemble_has_no_brackets(results):
    result = results[0]
    at = list(result.straits.strait_id).index("bussol")
    row = result.straits.iloc[at].to_dict()
    names = {row["side_a"]: "Chirpoy", row["side_b"]: "Simushir"}
    given = (result.theatre.throats[at], names, result.sections[at])
    assert "(" in facts(strait_popup(row, *given, spread="a spread"))
    bare = {key: value for key, value in row.items() if not key.endswith(("_low", "_high"))}
    said = strait_popup(bare, *given, spread="")
    assert "In brackets" not in said
    assert "(" not in facts(said)


def facts(html: str) -> str:
    """Section and sill of a popup."""
    return "".join(re.findall(r"<th[^>]*>(?:Section there|Sill)</th><td>(.*?)</td>", html))
