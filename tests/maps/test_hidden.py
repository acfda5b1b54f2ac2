"""Maps in a part of a document that is closed at first: fitted when it opens, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browser import Seen
from PIL import Image
from playwright.sync_api import expect

from okhotsk.api import Assessment
from okhotsk.colours import JAPAN, LAND, RUSSIA, SEAL, channels
from okhotsk.maps.first_view import first_view

TAB = "<button onclick=\"t.style.display = 'block'\">Map</button>"
HIDDEN = "<style>#t {{ display: none }}</style>"
PARTS = {
    "details": ("summary", "<details><summary>Map</summary>{frame}</details>"),
    "tab": ("button", f"{HIDDEN}{TAB}<div id='t'>{{frame}}</div>"),
    "frame": ("button", f"{HIDDEN}{TAB}{{frame}}"),
}
VIEW = """() => {
  const map = window[document.querySelector('.folium-map').id], box = map.getBounds();
  const size = map.getSize(), edges = box.toBBoxString().split(',').map(Number);
  return [...edges, map.getZoom(), size.x, size.y]; }"""
DIFFERENT = 0.02  # degrees; a pixel is about as much


@pytest.fixture(scope="module")
def result(results: list[Assessment]) -> Assessment:
    return results[1]


@pytest.fixture(scope="module")
def frame(result: Assessment) -> str:
    return result.embed(height=560)


@contextmanager
def opened(open_page: Any, folder: Path, body: str) -> Iterator[tuple[Seen, Any]]:
    """A document that holds a map, and the frame of the map once its script has run."""
    path = folder / "document.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{body}", "utf-8")
    with open_page(path) as seen:
        inside = seen.page.locator("iframe").element_handle().content_frame()
        inside.wait_for_selector("#ok-take-button", state="attached")  # the last that a page makes
        yield seen, inside


def view(inside: Any) -> list[float]:
    return inside.evaluate(VIEW)


def sized(seen: Seen, inside: Any) -> list[float]:
    """The view, once the map has a size and stands still."""
    for _ in range(50):
        seen.page.wait_for_timeout(60)
        found = view(inside)
        if found[-1] > 0 and found == view(inside):
            return found
    raise AssertionError("the map has no size")


def fits(found: list[float], result: Assessment) -> bool:
    """The first view lies in the frame and fills it along one side."""
    west, south, east, north, *_ = found
    wanted = first_view(result, None)
    inside = west < wanted[0] and south < wanted[1] and east > wanted[2] and north > wanted[3]
    shares = ((wanted[2] - wanted[0]) / (east - west), (wanted[3] - wanted[1]) / (north - south))
    return inside and max(shares) > 0.85


@pytest.mark.browser
@pytest.mark.parametrize("part", PARTS)
def test_a_map_that_was_closed_opens_with_its_first_view(
    open_page, tmp_path, frame, result, part
) -> None:
    click, body = PARTS[part]
    kept = frame.replace("<iframe", "<iframe id='t'") if part == "frame" else frame
    with opened(open_page, tmp_path, body.format(frame=kept)) as (seen, inside):
        assert view(inside)[-2:] == [0, 0]
        seen.page.locator(click).click()
        first = sized(seen, inside)
        assert fits(first, result)
        # The panels are those of its width, not of a phone's.
        expect(inside.locator(".ok-finding[open]")).to_have_count(1)
        expect(inside.locator(".okhotsk-place", has_text="Bussol")).to_be_visible()
        seen.assert_quiet()


@pytest.mark.browser
def test_a_view_that_the_reader_chose_is_kept_when_the_part_closes(
    open_page, tmp_path, frame
) -> None:
    click, body = PARTS["details"]
    with opened(open_page, tmp_path, body.format(frame=frame)) as (seen, inside):
        seen.page.locator(click).click()
        first = sized(seen, inside)
        inside.evaluate("""() => {
          const map = window[document.querySelector('.folium-map').id];
          map.setView([48, 151], 7, {animate: false}); }""")
        chosen = sized(seen, inside)
        assert abs(chosen[0] - first[0]) > 1
        for _ in range(2):
            seen.page.locator(click).click()
            seen.page.wait_for_timeout(300)
        assert sized(seen, inside) == pytest.approx(chosen, abs=DIFFERENT)
        seen.page.set_viewport_size({"width": 1000, "height": 700})
        after = sized(seen, inside)
        assert after[4] == 7
        middle = [(after[n] + after[n + 2]) / 2 for n in (0, 1)]
        assert middle == pytest.approx([151, 48], abs=0.1)
        seen.assert_quiet()


@pytest.mark.browser
def test_a_view_in_the_address_is_kept(open_page, tmp_path, site) -> None:
    name = "half-area-2006.html"
    (tmp_path / name).write_bytes((site / name).read_bytes())
    frame = f'<iframe src="{name}#map=7/48/151" height="560" width="900"></iframe>'
    body = f"<details><summary>Map</summary>{frame}</details>"
    with opened(open_page, tmp_path, body) as (seen, inside):
        seen.page.locator("summary").click()
        west, south, east, north, zoom, *_ = sized(seen, inside)
        assert zoom == 7
        assert [(west + east) / 2, (south + north) / 2] == pytest.approx([151, 48], abs=0.1)


# --- paper ---

ON_PAPER = {
    # Closed on screen, and opened by the style sheet of paper alone: some themes print every tab.
    "style": "<style>@media screen {{ #t {{ display: none }} }}</style><div id='t'>{frame}</div>",
    "script": "<script>for (const [name, open] of [['before', true], ['after', false]])"
    "addEventListener(name + 'print', () => {{ document.querySelector('details').open = open; }});"
    "</script><details><summary>Map</summary>{frame}</details>",
    "open": "{frame}",
}


def drawn(seen: Seen, target: Path) -> Image.Image:
    """What the first page on paper shows, at 60 dots per inch."""
    seen.page.pdf(path=target, width="210mm", height="297mm", print_background=True)
    page: Image.Image = pypdfium2.PdfDocument(target)[0].render(scale=60 / 72).to_pil()
    return page.convert("RGB")


def count(picture: Image.Image, of: str) -> int:
    """Pixels that are nearly of a colour."""
    wanted = channels(of)
    found = picture.getcolors(picture.width * picture.height)
    return sum(n for n, c in found if max(abs(a - b) for a, b in zip(c, wanted, strict=True)) < 16)


@pytest.mark.browser
@pytest.mark.parametrize("part", ON_PAPER)
def test_paper_shows_a_map_that_the_screen_does_not(open_page, tmp_path, frame, part) -> None:
    body = ON_PAPER[part].format(frame=frame)
    with opened(open_page, tmp_path, body) as (seen, inside):
        before = view(inside)
        page = drawn(seen, tmp_path / "paper.pdf")
        seen.page.wait_for_timeout(300)
        if part == "style":  # closed again, and still to be fitted when it opens
            assert view(inside) == before
        seen.assert_quiet()
    found = {colour: count(page, colour) for colour in (SEAL, JAPAN, RUSSIA, LAND)}
    assert min(found.values()) > 50, found
    assert found[LAND] > 3000, found
