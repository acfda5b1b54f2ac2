"""The index page: every option, its figures, its picture, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from browser import DESK, HOSTILE, PHONE, WIDE

from okhotsk.assessment.verdicts import claims_table
from okhotsk.maps.overview import COLUMNS, overview_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, WIDE, PHONE, (320, 568)])
def test_the_page_is_quiet_and_never_scrolls_sideways(open_page, site, size):
    assert (site / "index.html").stat().st_size < 2_000_000
    with open_page(site / "index.html", *size) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        seen.assert_quiet()


def test_the_table_scrolls_inside_its_box_on_a_phone(open_page, site):
    with open_page(site / "index.html", *PHONE) as seen:
        box = seen.page.locator(".scroll")
        wide, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert shown <= PHONE[0] < wide
        box.focus()
        name = seen.page.locator("tbody th").first
        before = name.bounding_box()["x"]
        seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_timeout(300)
        assert box.evaluate("box => box.scrollLeft") > 0
        assert name.bounding_box()["x"] == pytest.approx(before, abs=2)  # the names stay


def test_the_table_tells_the_figures_of_the_records(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        rows = seen.page.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        heads = seen.page.locator("thead th").all_text_contents()
    assert len(heads) == len(COLUMNS) + 4
    for cells, result in zip(rows, results, strict=True):
        record = result.record
        assert cells[0] == result.scenario.title
        figures = [format(record[key], style) for _, key, style, _ in COLUMNS]
        line = [key for _, key, _, _ in COLUMNS].index("barrier_km")
        figures[line] += f"{record['barrier_km_low']:,.0f}–{record['barrier_km_high']:,.0f}"
        if result.survey:
            land = [key for _, key, _, _ in COLUMNS].index("ceded_land_km2")
            figures[land] += f" ({result.survey.km2:,.0f})"
        low, high = record["index_low"], record["index_high"]
        assert cells[1] == f"{record['index']:.0f} ({low:.0f}–{high:.0f})"
        assert cells[2] == f"{result.index_without_sensors:.0f}"
        assert [cell.removeprefix("≥ ") for cell in cells[3:-1]] == figures
        assert any(cell.startswith("≥ ") for cell in cells) is bool(result.uncounted)
        exits = [str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese")]
        assert cells[-1] == " / ".join(exits)


def test_no_figure_is_broken_over_two_lines(open_page, site):
    for size in (DESK, WIDE, PHONE):
        with open_page(site / "index.html", *size) as seen:
            broken = seen.page.locator("tbody td").evaluate_all("""cells => cells.filter(cell => {
              const lines = [...cell.childNodes].filter(node => node.tagName !== "B");
              return lines.some(node => {
                const range = document.createRange(); range.selectNodeContents(node);
                return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1;
              });
            }).map(cell => cell.textContent)""")
            assert broken == []


def test_every_option_has_a_picture_and_a_link(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        for result in results:
            card = seen.page.locator(f".options a[href='{result.scenario.scenario_id}.html']")
            card.scroll_into_view_if_needed()
            picture = card.locator("img")
            assert result.scenario.title in picture.get_attribute("alt")
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 420
            assert f"{result.record['barrier_km']:,.0f} km" in card.inner_text()
        links = seen.page.locator("a[href]").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
    files = {link for link in links if not link.startswith(("#", "http"))}
    assert {"assessment.csv", "straits.csv", "run.json"} < files
    assert all((site / name).is_file() for name in files)
    assert all(link.startswith(("https://", "http://")) or link in files for link in links)


def test_the_pictures_differ_as_the_options_do(site):
    text = (site / "index.html").read_text("utf-8")
    pictures = re.findall(r'src="(data:image/png[^"]+)"', text)
    assert len(set(pictures)) == len(pictures) == 3


def test_limits_and_sources_are_told(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        said = " ".join(seen.page.locator("body").inner_text().split())
    for result in results:
        assert all(note in said for note in result.notes)
        assert " ".join(result.scenario.context.split()) in said
    assert "GSHHG" in said
    assert results[0].theatre.key[:12] in said


def test_hostile_texts_are_shown_as_text(open_page, results, tmp_path):
    texts = {"title": HOSTILE, "line": HOSTILE, "context": HOSTILE, "sources": (HOSTILE,)}
    hostile = [replace(r, scenario=replace(r.scenario, **texts)) for r in results]
    target = tmp_path / "index.html"
    target.write_text(overview_page(hostile), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        assert seen.page.title() != "taken"
        assert seen.page.locator("tbody th").first.text_content() == HOSTILE
        assert seen.page.locator(".options strong").first.text_content() == HOSTILE
        assert HOSTILE in seen.page.locator(".options img").first.get_attribute("alt")
        assert seen.page.locator("dt").first.text_content() == HOSTILE
        assert seen.page.locator("dd").first.text_content() == HOSTILE
        assert HOSTILE in seen.page.locator("dd").nth(1).text_content()
        assert seen.page.locator("script").count() == 0
        seen.assert_quiet()


def test_a_rebuilt_page_has_the_same_bytes(site, results):
    assert overview_page(results, claims=claims_table(results)) == (site / "index.html").read_text(
        "utf-8"
    )


def test_the_page_says_what_stands_below_the_seal_line(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        said = " ".join(seen.page.locator("body").inner_text().split())
        below = seen.page.locator("tbody td small").all_inner_texts()
    assert "Below the seal line: 5th to 95th percentile over 24 seabeds that differ" in said
    assert "leave out every error that these grids share" in said
    assert f"Seabed: {results[0].theatre.seabed.title}, cells of" in said
    assert len(below) == len(results)


def test_without_an_ensemble_the_page_has_no_interval_over_seabeds(coarse_results):
    page = overview_page(list(coarse_results.values()))
    assert "as public grids do" not in page
    assert "</td><small>" not in page
    assert not re.search(r"<td>[^<]*<small>", page)
