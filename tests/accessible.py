"""What axe-core finds on a page, and what the tab key comes to."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from browser import Seen

GRAVE = ("serious", "critical")


@cache
def _axe() -> str:
    folder = Path(axe_playwright_python.__file__).parent  # ships axe-core (MPL-2.0)
    return (folder / "axe.min.js").read_text("utf-8")


def findings(frame: Any) -> list[dict[str, Any]]:
    """Rules that a page or a frame breaks, as axe-core tells them."""
    frame.evaluate(_axe())
    found: list[dict[str, Any]] = frame.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
    )
    return found


def assert_accessible(seen: Seen, frame: Any = None) -> None:
    """Assert that axe-core finds nothing serious and nothing critical, in a page or a frame."""
    grave = [
        (rule["impact"], rule["id"], node["html"][:160], node["failureSummary"])
        for rule in findings(frame or seen.page)
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
    assert grave == []


def tab_stops(seen: Seen, count: int) -> list[str]:
    """Names of what the tab key comes to from the top of the page."""
    names = []
    for _ in range(count):
        seen.page.keyboard.press("Tab")
        names.append(
            seen.page.evaluate(
                "(e => (e.getAttribute('aria-label') || e.textContent).trim())"
                "(document.activeElement)"
            )
        )
    return names
