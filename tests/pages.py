"""How tests read a page of a scenario in Chromium."""

from __future__ import annotations

import re
from typing import Any

from browser import Seen

NAMES = ("status-quo", "half-area-2006", "four-islands-demilitarised")


def boxes(seen: Seen, layer: str) -> Any:
    return seen.page.locator(".ok-layers label", has_text=re.compile(f"^{re.escape(layer)}$"))


def legend(seen: Seen) -> list[str]:
    return seen.page.locator(".ok-legend-section:not([hidden])").all_inner_texts()


def button(seen: Seen, label: str) -> Any:
    return seen.page.get_by_role("button", name=label, exact=True)


def popup(seen: Seen) -> dict[str, str]:
    """The open popup as its title and table."""
    box = seen.page.locator(".leaflet-popup").last
    cells = box.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {"": box.locator("h3").inner_text(), **dict(cells)}


def press(seen: Seen, label: str) -> dict[str, str]:
    button(seen, label).first.focus()
    seen.page.keyboard.press("Enter")
    seen.page.locator(".leaflet-popup h3", has_text=label).last.wait_for()
    return popup(seen)


def click(seen: Seen, label: str) -> dict[str, str]:
    """Click with the mouse on a point where the shape is on top."""
    at = button(seen, label).first.evaluate("""path => {
      const box = path.getBoundingClientRect();
      for (let i = 1; i < 60; i++) for (let j = 1; j < 60; j++) {
        const x = box.left + box.width * i / 60, y = box.top + box.height * j / 60;
        if (document.elementFromPoint(x, y) === path) return [x, y];
      }
      return null; }""")
    assert at, f"{label} cannot be hit with the mouse"
    seen.page.mouse.click(*at)
    seen.page.locator(".leaflet-popup h3", has_text=label).last.wait_for()
    return popup(seen)


def overlap(one: dict[str, float], two: dict[str, float]) -> bool:
    return (
        one["x"] < two["x"] + two["width"] - 0.5
        and two["x"] < one["x"] + one["width"] - 0.5
        and one["y"] < two["y"] + two["height"] - 0.5
        and two["y"] < one["y"] + one["height"] - 0.5
    )
