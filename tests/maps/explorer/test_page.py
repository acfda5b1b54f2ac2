"""The explorer answers as `assess` does, by click, key, border and link."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from decode import decode
from explorer_page import nothing, read_figures, ready

import okhotsk
from okhotsk import style
from okhotsk.assessment.uncertainty import coarse_cells
from okhotsk.maps.explorer import intervals
from okhotsk.maps.explorer.page import VIEW, explorer_page, packed
from okhotsk.maps.explorer.samples import Sample, sampled_figures
from okhotsk.maps.explorer.tables import UNARMED, figure_rows, find_answers, recipe_table
from okhotsk.measures.barrier import SEALS
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block, read_blocks, to_scenario, to_unit_sets
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.enclave_barriers import BarrierFamily, EnclaveBarriers
from okhotsk.sweep.enclaves import cut_off
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.passage_bounds import EXPOSURES
from okhotsk.sweep.segments import EAST, WEST, Segment, Segments
from okhotsk.theatre.coarsen import coarsen

LARGEST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def sweeps(coarse, blocks):
    """Every set of them, armed and demilitarised."""
    return tuple(Sweep(coarse, blocks=blocks, demilitarised=off) for off in (False, True))


def same(got: float, known: float) -> bool:
    """Equal but for the rounding of sums."""
    return got == known or math.isclose(got, known, rel_tol=1e-6, abs_tol=1e-6)


def test_tables_give_every_figure_of_every_island_set(sweeps):
    tables = json.loads(json.dumps(find_answers(*sweeps)))
    for sweep, armed in zip(sweeps, (True, False), strict=True):
        columns = sweep.figures(sweep.island_sets)
        for n, ceded in enumerate(sweep.island_sets):
            found = decode(tables, int(ceded), armed=armed)
            # The section down to the bottom is in tables; its part that boats use is answered.
            assert set(columns) - set(found) == {"index", "barrier_area_km2"}
            wrong = [k for k, v in found.items() if not same(v, float(columns[k][n]))]
            assert not wrong, (int(ceded), armed, wrong)


def test_tables_do_not_depend_on_what_was_asked_before(coarse, blocks, tmp_path, monkeypatch):
    def tables(name, before):
        monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / name))
        sides = [Sweep(coarse, blocks=blocks, demilitarised=off) for off in (False, True)]
        for ceded in before:
            Sweep(coarse, island_sets=np.array([ceded], np.uint64)).figures(np.uint64([ceded]))
        return find_answers(*sides)["passages"]

    first = tables("first", [])
    assert any(row[2] == 0 for row in first["egress_exposure"])
    assert tables("second", [0b1010_0000_1001, 0b11_0000_0001_0000]) == first


def test_segments_make_up_barriers_that_were_solved_on_their_own(sweeps):
    sweep = sweeps[0]
    assert not cut_off(sweep.allocation, to_unit_sets(sweep.island_sets, sweep.blocks)).any()
    assert tuple(sweep.barriers.segments) == SEALS
    for name, segments in sweep.barriers.segments.items():
        again = type(segments).of(segments.arrays())
        assert [one.ends for one in again.segments] == [one.ends for one in segments.segments]
        sets = sweep.island_sets[::7]
        for ceded, cost in zip(sets, again.costs(sets), strict=True):
            units = to_unit_sets(np.array([ceded]), sweep.blocks)
            assert same(float(cost), sweep.barriers.seal(int(units[0])).figures[name])


def test_enclaves_are_refused_in_a_sentence(coarse):
    known = {block.block_id: block for block in read_blocks()}
    alone = tuple(Block(unit, unit, (unit,)) for unit in known["paramushir-group"].units)
    with pytest.raises(okhotsk.errors.ScenarioError, match="join their pieces"):
        _ = Sweep(coarse, blocks=alone).barriers.segments


def test_page_is_self_contained_small_and_the_same_twice(coarse, blocks, page):
    html = page.read_text("utf-8")
    assert len(html.encode()) < LARGEST_BYTES
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html.split("<body>")[1])
    assert explorer_page(coarse, blocks=blocks, samples=1) == html


@pytest.mark.browser
def test_thirty_random_clicks_give_what_assess_gives(open_page, page, coarse, blocks):
    rng = np.random.default_rng(6)
    cases = [(int(rng.integers(1 << len(blocks))), bool(rng.integers(2))) for _ in range(30)]
    twin, sets = coarsen(coarse, coarse_cells(coarse)), np.array([c for c, _ in cases], np.uint64)
    alone = cut_off(find_allocation(twin, Assumptions()), to_unit_sets(sets, blocks))
    assert 2 < alone.sum() < 28
    known = okhotsk.assess_all(
        coarse,
        [to_scenario(ceded, blocks, demilitarised=not armed) for ceded, armed in cases],
        samples=1,
    )
    now = 0
    with open_page(page, 1440, 900) as seen:
        inside = nothing(seen)
        boxes = inside.locator(".ok-islands input")
        unarmed = inside.get_by_role("checkbox", name="Demilitarised")
        for (ceded, armed), result in zip(cases, known, strict=True):
            if unarmed.is_checked() == armed:
                unarmed.click()
            for n in range(len(blocks)):
                if (ceded ^ now) >> n & 1:
                    boxes.nth(n).click()
            now = ceded
            shown = inside.locator(".ok-index")
            found = read_figures(seen) | {"index": float(shown.get_attribute("data-index"))}
            wrong = [k for k, v in found.items() if not same(v, float(result.record[k]))]
            assert not wrong, (ceded, armed, wrong)
            ends = {"index_low", "index_high"}
            told = {k for k in result.record if not k.endswith(("_low", "_high"))}
            assert told - set(found) == {"scenario_id", "barrier_area_km2"}
            for name in ends:
                got = float(shown.get_attribute(f"data-{name}"))
                assert got == pytest.approx(result.record[name], abs=1e-5), (ceded, armed, name)
        # At once, for a reader: half as long on a computer that does nothing else.
        assert float(inside.locator(".ok-side").get_attribute("data-answered-ms")) < 200
        seen.assert_quiet()


@pytest.mark.browser
def test_the_page_prices_barriers_with_curves_round_enclaves(open_page, page):
    """On made-up barriers of two kinds of sets: on real cells such curves hardly ever pay."""

    def segment(ends, cost, closers=0, crosses=0):
        return Segment(ends, cost, closers, np.empty((0, 2), np.int64), crosses)

    plain = BarrierFamily(0, Segments((segment((WEST, EAST), 4.0),)), (EnclaveBarriers(0, 0.0, 0),))
    parts = (
        segment((WEST, 3), 1.0, crosses=1),
        segment((3, 3), 2.0, 0b1000, 1),
        segment((3, EAST), 3.0),
    )
    ringed = BarrierFamily(
        1,
        Segments(parts),
        (EnclaveBarriers(0, 0.0, 0), EnclaveBarriers(1, 0.5, 0b10), EnclaveBarriers(1, 1.0, 0b100)),
    )
    sets = np.uint64([1, 3, 5, 7, 9, 11, 15])
    known = ringed.costs(sets)
    assert known.tolist() == [4.5, 5, 4.5, 6, 4.5, 5, np.inf]
    areas = {"patrol_km2": 1.0, "refuge_km2": 1.0, "sensed_km2": 0.0}
    waters = {name: {"start": km2, "classes": []} for name, km2 in areas.items()}
    passages = {name + end: [] for name in EXPOSURES for end in ("", UNARMED)}
    samples = [
        Sample(Assumptions(), waters, dict.fromkeys(SEALS, families), passages)
        for families in ([plain, plain], [plain, ringed])
    ]
    tables = intervals._tables(samples) | {
        "floors": np.array([0.001]),
        "weights": np.array([1.0]),
        "kind": np.arange(16, dtype=np.uint8) & 1,
    }
    data = {
        "figures": figure_rows(sampled_figures()),
        "regimes": [],
        "exits": [],
        "percentiles": [5, 95],
        "tables": packed(tables),
    }
    whole = recipe_table(dict.fromkeys([f.column for f in sampled_figures()], 1.0))
    own = [c for c in whole["components"] if c["column"] == "barrier_km"]
    recipe = {"today": {"barrier_km": 1.0}, "components": own}
    with open_page(page, 1280, 800) as seen:
        found = ready(seen).evaluate(
            "([data, recipe, sets]) => okhotsk.spread(data, recipe, 4).then(interval => "
            "sets.map(ceded => interval(ceded, true, { barrier_km: 1 })))",
            [data, recipe, [0, *sets.tolist()]],
        )
    assert np.array(found) == pytest.approx(np.outer([100, *400 / known], [1, 1]).clip(0.1))


@pytest.mark.browser
def test_border_undo_reset_and_link(open_page, page, blocks):
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        inside.get_by_label("Border: hand over").focus()
        for _ in range(2):
            inside.keyboard.press("ArrowRight")
        two = read_figures(seen)
        assert two["ceded_land_km2"] > 1800
        assert "a=" in inside.url
        assert inside.locator(".ok-islands input:checked").count() == 2
        inside.get_by_role("button", name="Undo").click()
        assert 0 < read_figures(seen)["ceded_land_km2"] < two["ceded_land_km2"]
        inside.keyboard.press("Control+z")
        assert read_figures(seen)["ceded_land_km2"] == 0
        inside.locator(".ok-handle").focus()
        inside.keyboard.press("ArrowUp")
        assert inside.locator(".ok-islands input:checked").count() == 1
        inside.get_by_role("button", name="Reset to today").click()
        assert inside.locator(".ok-islands input:checked").count() == 0
        inside.evaluate(
            "(to) => { location.hash = to; }", f"a={blocks[2].block_id}!&b=four-islands"
        )
        inside.locator(".ok-second").wait_for()
        assert inside.get_by_role("checkbox", name="Demilitarised").is_checked()
        assert read_figures(seen, "b")["ceded_land_km2"] == pytest.approx(5112, abs=1)
        assert inside.locator(".ok-maps .leaflet-container").count() == 2
        seen.assert_quiet()


@pytest.mark.browser
def test_an_island_on_the_map_changes_hands_at_a_click(open_page, page, blocks):
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        assert read_figures(seen)["ceded_land_km2"] == 0
        inside.locator("path.ok-land.leaflet-interactive").first.dispatch_event("click")
        assert inside.locator(".ok-islands input:checked").count() == 1
        words = inside.locator("[role=status].ok-unseen").inner_text()
        assert any(block.title in f"the {words}" for block in blocks), words
        seen.assert_quiet()


@pytest.mark.browser
def test_options_that_split_an_island_can_be_looked_at(open_page, page, coarse):
    known = okhotsk.assess(coarse, "half-area-2006").record
    with open_page(page, 390, 844) as seen:
        inside = ready(seen)
        inside.get_by_label("Named option").select_option("half-area-2006")
        found = read_figures(seen)
        assert found["ceded_land_km2"] == pytest.approx(known["ceded_land_km2"])
        assert found["barrier_km"] == pytest.approx(known["barrier_km"])
        wide = inside.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        seen.assert_quiet()


DRAWN = {
    style.RUSSIA,
    style.JAPAN,
    style.SHARED,
    style.POCKET,
    style.REFUGE,
    style.SENSED,
    style.SEAL,
    style.BEFORE,
    style.SECTION,
    style.LAND,
    *style.CEDED.values(),
}


def read_attributes(inside, selector, name):
    """An attribute of all elements that a selector finds, once each."""
    found = inside.locator(selector).evaluate_all(
        f"all => all.map(one => one.getAttribute('{name}'))"
    )
    return set(found) - {None}


@pytest.mark.browser
def test_keys_have_every_colour_and_the_cores_of_the_map(open_page, page):
    with open_page(page, 1280, 720) as seen:
        inside = ready(seen)
        panel = inside.locator(".ok-shown")
        assert panel.get_attribute("open") is None
        panel.locator("summary").click()
        keys = {
            read
            for name in ("fill", "stroke")
            for read in read_attributes(inside, ".ok-shown .ok-swatch *", name)
        }
        assert keys >= DRAWN
        words = panel.inner_text()
        assert all(
            f"{whose} {zone}" in words
            for whose in ("Russian", "Japanese")
            for zone in ("territorial sea", "EEZ")
        )
        inside.get_by_label("Named option").select_option("three-islands")
        cores = "[stroke='#fff']"
        drawn = read_attributes(inside, f".leaflet-ok-lines-pane {cores}", "stroke-dasharray")
        assert drawn == read_attributes(inside, f".ok-swatch {cores}", "stroke-dasharray") != set()
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
@pytest.mark.parametrize("link", ["#a=four-islands", "#a=four-islands&b="])
def test_the_chain_is_in_view_at_first(open_page, page, link, width, height):
    with open_page(page, width, height) as seen:
        inside = ready(seen)
        inside.evaluate("to => { location.hash = to; }", link)
        inside.locator(".ok-islands input:checked").nth(2).wait_for()
        assert seen.map_js(f"map.getBounds().contains({VIEW})")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_paper_has_the_keys_and_no_controls(open_page, page, width):
    with open_page(page, width, 844) as seen:
        inside = ready(seen)
        inside.get_by_role("checkbox", name="Two maps side by side").click()
        inside.emulate_media(media="print")
        inside.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        inside.set_viewport_size({"width": 700, "height": 1000})  # as wide as the paper
        keys = inside.locator(".ok-printed .ok-shown")
        for words in ("Shared strait", "Japanese territorial sea", "Ceded, demilitarised"):
            assert keys.get_by_text(words, exact=True).is_visible()
        assert not keys.get_by_text("Line of least section").is_visible()
        assert inside.get_by_role("heading", level=1).is_visible()
        for gone in (".ok-howto >> nth=0", ".ok-handle >> nth=0", ".ok-choose"):
            assert not inside.locator(gone).is_visible()
        inside.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert inside.locator(".leaflet-top .ok-shown").get_attribute("open") is None
        seen.assert_quiet()


@pytest.mark.browser
def test_the_table_says_what_it_compares(open_page, page, blocks):
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        for n in (0, 1, 2, 3, 5):
            inside.locator(".ok-islands input").nth(n).click()
        table = inside.locator("table.ok-all")
        names = [blocks[n].title.removeprefix("the ") for n in (0, 1, 2, 3, 5)]
        assert table.locator("caption").inner_text().endswith(f"{', '.join(names)}.")
        inside.get_by_role("checkbox", name="Two maps side by side").click()
        inside.get_by_label("Named option").select_option("portsmouth-1905")
        words = table.locator("caption").inner_text()
        assert words.startswith(f"Map A: {names[0]}")
        assert "Map B: The whole chain and southern Sakhalin" in words
        heads = table.locator("thead th[scope=col]").all_inner_texts()
        assert heads == ["Figure", "Today", "Map A", "Map B"]
        assert table.locator("thead td").count() == 0
        assert "43,766 km²" in inside.locator(".ok-chart").inner_text()


@pytest.mark.browser
def test_the_tab_key_reaches_ring_and_exits_by_name(open_page, page, coarse):
    with open_page(page, 1280, 800) as seen:
        inside = nothing(seen)
        inside.locator(".ok-shown summary").click()
        inside.get_by_role("checkbox", name="Line of least section").click()
        lines = inside.locator(".ok-maps path.leaflet-interactive")
        stops = lines.evaluate_all(
            "all => all.filter(one => one.getAttribute('tabindex') !== '-1')"
            ".map(one => one.getAttribute('aria-label'))"
        )
        exits = [t.strait.name for t in coarse.throats if t.strait.exit]
        assert [str(stop).split(":")[0] for stop in stops] == exits
        ring = inside.get_by_role("slider", name="Border on map A")
        ring.press("ArrowUp")
        assert ring.get_attribute("aria-valuenow") == "1"
        assert ring.get_attribute("aria-valuetext").startswith("the nearer Habomai")
        seen.assert_quiet()
