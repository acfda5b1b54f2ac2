"""How tests read the explorer in Chromium."""

from __future__ import annotations

from typing import Any

from browser import Seen


def read_figures(seen: Seen, which: str = "a") -> Any:
    """The figures on the page, by column."""
    cells = f"td[data-column][data-map={which}]"
    return seen.page.evaluate(
        "(cells) => Object.fromEntries([...document.querySelectorAll(cells)]"
        ".map(cell => [cell.dataset.column, Number(cell.dataset.value)]))",
        cells,
    )


def ready(seen: Seen) -> Any:
    """Wait until the page answers."""
    seen.page.wait_for_selector(".ok-side[data-ready]")
    return seen.page


def nothing(seen: Seen) -> Any:
    """Wait until the page answers, and hand nothing over."""
    inside = ready(seen)
    inside.get_by_role("button", name="Reset to today").click()
    return inside
