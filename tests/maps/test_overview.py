"""The index page: every option, its figures, its picture, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
from browser import DESK, HOSTILE, PHONE, WIDE

from okhotsk.assessment.claims import read_claims
from okhotsk.assessment.verdicts import COLUMNS as FINDING
from okhotsk.assessment.verdicts import TOGETHER, claims_table
from okhotsk.datasets import citations
from okhotsk.html import ADDRESS
from okhotsk.maps.overview import MORE, overview_page
from okhotsk.scenario.read import load_scenario, scenario_ids

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, WIDE, PHONE, (320, 568)])
def test_the_page_is_quiet_and_never_scrolls_sideways(open_page, site, size):
    assert (site / "index.html").stat().st_size < 2_000_000
    with open_page(site / "index.html", *size) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        seen.assert_quiet()


@pytest.fixture(scope="module")
def whole(results, tmp_path_factory):
    """The page of as many scenarios as there are, with the longest form of every finding."""
    shares = {
        "warning-halved": (0.82, "sensor range 30.6 km and less; sensor range 204 km and more")
    }
    rows = []
    for claim in read_claims():
        share, flips = shares.get(claim.claim_id, (0.96, TOGETHER))
        figures = dict.fromkeys(claim.values, "1.71")
        sentence = max(claim.sentence, claim.sentence_if, key=len).format(**figures)
        rows.append((claim.claim_id, sentence, share, 95, flips))
    many = []
    for n, name in enumerate(scenario_ids()):
        some = results[n % len(results)]
        record = MappingProxyType({**some.record, "ceded_land_km2": 100.0 * n})
        many.append(replace(some, scenario=load_scenario(name), record=record))
    claims = pd.DataFrame(rows, columns=list(FINDING))
    path = tmp_path_factory.mktemp("whole") / "index.html"
    page = overview_page(many, claims=claims, explorer="explorer.html")
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_first_screen_holds_the_answer_the_claims_the_picture_and_the_dots(
    open_page, whole, size
):
    with open_page(whole, *size) as seen:
        shown = seen.page.locator
        claims = ".findings" if size == WIDE else "ul.short"
        parts = [
            ".answer",
            claims,
            ".chain .frame",
            ".okhotsk-dots:visible",
            "a[href='explorer.html']",
        ]
        for part in parts:
            box = shown(part).bounding_box()
            assert box["height"] > 10, part
            assert box["x"] >= 0, part
            assert box["x"] + box["width"] <= size[0], part
            assert box["y"] >= 0, part
            assert box["y"] + box["height"] <= size[1], part
        assert shown(f"{claims} li").count() == 4
        assert shown(".okhotsk-dots:visible a").count() == len(scenario_ids())
        assert seen.page.evaluate("scrollY") == 0
        # The whole of the page is in it: nothing may be cut.
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_first_sentence_answers_the_question(open_page, whole, site):
    with open_page(whole, *WIDE) as seen:
        assert seen.page.locator("h1").inner_text().endswith("?")
        first = seen.page.locator("main p").first.inner_text()
    assert first.startswith("In this model, if Russia ceded Habomai, Shikotan and Kunashir, every")
    assert "(in 91 of 95 worlds)" in first
    assert first.endswith("the warning of intruders would be left by default and in 78 of 95.")
    with open_page(site / "index.html", *WIDE) as seen:  # no claim on what is kept: none is told
        said = seen.page.locator("main p").first.inner_text()
    assert said.startswith("In this model, ")
    assert "if Russia ceded Habomai, Shikotan, Kunashir and the south of Iturup, less" in said


@pytest.mark.parametrize("size", [WIDE, DESK])
def test_the_table_has_six_columns_and_all_are_seen(open_page, whole, size):
    with open_page(whole, *size) as seen:
        table = seen.page.locator("table:visible")
        assert table.count() == 1
        heads = table.locator("thead th")
        assert heads.count() == 6
        for head in heads.all():
            box = head.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
        assert not seen.page.locator(".cue:visible").count()


def test_everything_on_demand_opens_by_keyboard(open_page, whole):
    with open_page(whole, *DESK) as seen:
        folds = seen.page.locator("details")
        assert folds.count() == 8
        for fold in folds.all():
            hidden = fold.locator("> :not(summary, .cue)").first
            assert not hidden.is_visible()
            fold.locator("summary").focus()
            seen.page.keyboard.press("Enter")
            assert hidden.is_visible()
        assert seen.page.locator("table:visible").count() == 2
        # Tab reaches the folds in order.
        seen.page.locator("summary").first.focus()
        seen.page.keyboard.press("Shift+Tab")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("part", ["maps", "figures", "sources", "files"])
def test_links_to_folded_parts_open_them(open_page, whole, part):
    with open_page(whole, *DESK) as seen:
        seen.page.locator(f".actions a[href='#{part}']").click()
        assert seen.page.locator(f"#{part}").evaluate("e => e.closest('details').open")


@pytest.mark.parametrize("size", [PHONE, (320, 568)])
def test_unfolded_the_page_still_never_scrolls_sideways(open_page, whole, size):
    with open_page(whole, *size) as seen:
        unfold(seen)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_table_scrolls_inside_its_box_on_a_phone_and_says_so(open_page, site):
    with open_page(site / "index.html", *PHONE) as seen:
        box = seen.page.locator(".scroll").first
        cue = seen.page.locator(".cue").first
        assert "sideways" in cue.inner_text()
        assert cue.bounding_box()["y"] < box.bounding_box()["y"]
        wide, shown = box.evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert shown <= PHONE[0] < wide
        box.focus()
        name = seen.page.locator("tbody th").first
        before = name.bounding_box()["x"]
        seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_timeout(300)
        assert box.evaluate("box => box.scrollLeft") > 0
        assert name.bounding_box()["x"] == pytest.approx(before, abs=2)  # the names stay


def unfold(seen):
    seen.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def cells(seen, table):
    return seen.page.locator(f"{table} tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def test_the_table_tells_the_figures_of_the_records(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        rows = cells(seen, ".main")
        lost = seen.page.locator(".main td.lost").count()
    assert lost == sum(result.components["warning"] < 0.5 for result in results) > 0
    for row, result in zip(rows, results, strict=True):
        record = result.record
        low, high = record["index_low"], record["index_high"]
        exits = [str(record[f"exits_{r}"]) for r in ("russian", "shared", "japanese")]
        survey = f" ({result.survey.km2:,.0f})" if result.survey else ""
        line = f"{record['barrier_km_low']:,.0f}–{record['barrier_km_high']:,.0f}"
        assert row == [
            result.scenario.title,
            f"{record['index']:.0f} ({low:.0f}–{high:.0f})",
            f"{result.components['warning']:.0%}{record['intruder_exposure']:.2f}",
            f"{record['ceded_land_km2']:,.0f}{survey}",
            f"{record['barrier_km']:,.0f}{line}",
            " / ".join(exits),
        ]


def test_the_other_figures_are_told_on_demand(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        rows = cells(seen, ".more")
        heads = seen.page.locator(".more thead th").count()
    assert heads == len(MORE) + 2
    for row, result in zip(rows, results, strict=True):
        assert row[:2] == [result.scenario.title, f"{result.index_without_sensors:.0f}"]
        figures = [format(result.record[key], style) for _, key, style, _ in MORE]
        assert [cell.removeprefix("≥ ") for cell in row[2:]] == figures
        assert any(cell.startswith("≥ ") for cell in row) is bool(result.uncounted)


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
        unfold(seen)
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
    assert all(link.startswith(("https://", "http://", "#")) or link in files for link in links)
    pages = {f"{result.scenario.scenario_id}.html" for result in results}
    assert pages < files


def test_the_pictures_differ_as_the_options_do(site):
    text = (site / "index.html").read_text("utf-8")
    pictures = re.findall(r'src="(data:image/png[^"]+)"', text)
    assert len(set(pictures)) == len(pictures) == 1 + 3  # the one above, and one a scenario


def test_limits_and_sources_are_told(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        unfold(seen)
        linked = seen.page.locator("#sources a").evaluate_all("all => all.map(a => a.href)")
        said = " ".join(seen.page.locator("body").inner_text().split())
    for result in results:
        assert all(note in said for note in result.notes)
        assert " ".join(result.scenario.context.split()) in said
        for source in result.scenario.sources:
            assert all(address in linked for address in ADDRESS.findall(citations()[source]))
    assert len(linked) > 3
    assert "GSHHG" in said
    assert results[0].theatre.key[:12] in said


def test_hostile_texts_are_shown_as_text(open_page, results, tmp_path):
    hostile_text = HOSTILE.strip()  # a title stands on one line, without blanks round it
    texts = dict.fromkeys(("title", "short", "line", "context"), hostile_text) | {
        "sources": (hostile_text,)
    }
    hostile = [replace(r, scenario=replace(r.scenario, **texts)) for r in results]
    target = tmp_path / "index.html"
    target.write_text(overview_page(hostile), encoding="utf-8")
    with open_page(target, *DESK) as seen:
        assert seen.page.title() != "taken"
        assert seen.page.locator("tbody th").first.text_content() == hostile_text
        assert seen.page.locator(".options strong").first.text_content() == hostile_text
        assert hostile_text in seen.page.locator(".options img").first.get_attribute("alt")
        assert seen.page.locator("#sources dt").first.text_content() == hostile_text
        assert seen.page.locator("#sources dd").first.text_content() == hostile_text
        assert hostile_text in seen.page.locator("#sources dd").nth(1).text_content()
        label = seen.page.locator(".okhotsk-dots.wide a").first.locator(".label")
        assert "".join(label.all_text_contents()).startswith("a`b${c}".replace("$", " $"))
        assert hostile_text in seen.page.locator(".chain img").get_attribute("alt")
        assert seen.page.locator("script").count() == 1  # its own
        seen.assert_quiet()


def test_a_rebuilt_page_has_the_same_bytes(site, results):
    assert overview_page(results, claims=claims_table(results)) == (site / "index.html").read_text(
        "utf-8"
    )


def test_the_page_says_what_stands_below_the_seal_line(open_page, site, results):
    with open_page(site / "index.html", *DESK) as seen:
        unfold(seen)
        said = " ".join(seen.page.locator("body").inner_text().split())
        below = seen.page.locator(".main td:nth-child(5) small").all_inner_texts()
    assert "Below the seal line: 5th to 95th percentile over 24 seabeds that differ" in said
    assert "leave out every error that these grids share" in said
    assert f"Seabed: {results[0].theatre.seabed.title}, cells of" in said
    assert len(below) == len(results)


def test_the_foot_of_the_table_says_why_an_interval_can_lie_below_its_figure(
    open_page, site, results
):
    """Only while it does: on another seabed the sentence is not there."""
    first = results[0]
    low, high = (first.record[f"barrier_km_{end}"] for end in ("low", "high"))
    assert high < first.record["barrier_km"]
    with open_page(site / "index.html", *DESK) as seen:
        said = seen.page.locator(".below").inner_text()
    ends = f"{first.record['barrier_km']:,.0f} km, {low:,.0f}–{high:,.0f}"
    assert f"({first.scenario.title}: {ends}) can lie below the figure itself" in said
    assert "rougher than the one used here, and a shortest line uses every shallow" in said
    wide = [
        replace(r, record=MappingProxyType({**r.record, "barrier_km_high": 9999.0}))
        for r in results
    ]
    assert "can lie below" not in overview_page(wide)


def test_the_report_is_linked_where_there_is_one_and_its_command_told_otherwise(results):
    page = overview_page(results)
    assert "<code>okhotsk report</code>" in page
    assert "<code>okhotsk explorer</code>" in page
    assert 'href="report.html"' not in page
    page = overview_page(results, report="report.html", explorer="explorer.html")
    assert page.count('href="report.html"') == 2
    assert 'href="explorer.html"' in page
    assert "<code>okhotsk report</code>" not in page
    assert "<code>okhotsk export ID</code>" in page


def test_on_paper_what_is_folded_is_printed(open_page, site):
    with open_page(site / "index.html", *DESK) as seen:
        assert not seen.page.locator("#sources").is_visible()
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#sources dt").first.bounding_box()["height"] > 0


def test_without_an_ensemble_the_page_has_no_interval_over_seabeds(coarse_results):
    page = overview_page(list(coarse_results.values()))
    assert "as public grids do" not in page
    assert "can lie below" not in page
    assert re.search(r"<td>[\d,]+</td><td>12 / 0 / 0</td>", page)  # nothing below the line
    assert not re.search(r"<small>[\d,]+–", page)
