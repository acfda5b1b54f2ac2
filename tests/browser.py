"""Open pages in a real headless Chromium with the network off.

The fixture `open_page` is there for every test module; conftest.py imports it once, because
Playwright cannot be started twice in a process::

    def test_map(open_page, tmp_path):
        with open_page(tmp_path / "map.html", 1280, 800) as seen:
            seen.page.click("text=Layers")
            seen.assert_quiet()

The pages forbid ``eval``, so Playwright's ``wait_for_function`` cannot poll in them: wait for
a locator instead. ``evaluate`` works.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Text that would break a page that does not escape it.
HOSTILE = (
    "a`b ${c} </script><script>alert(1)</script> \"q\" 's' \\n {{ 7*7 }} {% x %} {# y #} \u2028"
)
# Window sizes: a desk, a wide desk, a phone.
DESK, WIDE, PHONE = (1280, 800), (1440, 900), (390, 844)
_LOCAL = ("file:", "data:", "blob:", "about:")


@dataclass
class Seen:
    """A page and all it did: console errors, script errors and every request."""

    page: Any
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def remote_requests(self) -> list[str]:
        """Requests that would have left the machine."""
        return [url for url in self.requests if not url.startswith(_LOCAL)]

    def assert_quiet(self) -> None:
        """Assert that the page raised no error and asked the network for nothing."""
        assert self.page_errors == []
        assert self.console_errors == []
        assert self.remote_requests == []

    def map_js(self, code: str) -> Any:
        """Evaluate JavaScript in which ``map`` is the Leaflet map."""
        find = "const map = window[document.querySelector('.folium-map').id];"
        return self.page.evaluate(f"() => {{ {find} return ({code}); }}")


OpenPage = Callable[..., AbstractContextManager[Seen]]


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    given = os.environ.get("OKHOTSK_CHROMIUM")
    return given or next(filter(None, map(shutil.which, _NAMES)), None)


def _missing(reason: str) -> None:
    if os.environ.get("OKHOTSK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start one Chromium for all tests; skip where there is none."""
    path = find_chromium()
    if path is None:
        _missing("no Chromium found; install it with: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("no playwright found; install it with: pip install playwright")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield started
        started.close()


@contextmanager
def _open(
    browser: Any, path: str | Path, width: int, height: int, **context: Any
) -> Iterator[Seen]:
    opened = browser.new_context(viewport={"width": width, "height": height}, **context)
    try:
        opened.set_offline(True)
        page = opened.new_page()
        seen = Seen(page)
        _listen(seen)
        page.goto(Path(path).resolve().as_uri(), wait_until="load")
        yield seen
    finally:
        opened.close()


def _listen(seen: Seen) -> None:
    def guard(route: Any) -> None:
        local = route.request.url.startswith(_LOCAL)
        route.continue_() if local else route.abort()

    def note(message: Any) -> None:
        if message.type in ("error", "warning"):
            seen.console_errors.append(message.text)

    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("pageerror", lambda error: seen.page_errors.append(str(error)))
    seen.page.on("console", note)
    seen.page.context.route("**/*", guard)


@pytest.fixture(scope="session")
def open_page(browser: Any) -> OpenPage:
    """Return ``open_page(path, width, height)``, a context manager that gives a `Seen`.

    More keyword arguments go to Playwright's ``new_context``, such as ``has_touch=True``.
    """

    def opener(
        path: str | Path, width: int = 1280, height: int = 800, **context: Any
    ) -> AbstractContextManager[Seen]:
        return _open(browser, path, width, height, **context)

    return opener
