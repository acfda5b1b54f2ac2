"""The view a map opens with, and a button for the whole sea."""

from __future__ import annotations

from okhotsk.html import to_js
from okhotsk.maps.images import SHOWN
from okhotsk.maps.widgets.base import Widget


class FirstView(Widget):
    """Show some bounds at first, without empty ground beside the seabed; a button shows the sea.

    Parameters
    ----------
    bounds
        West, south, east, north.
    """

    assets = (*Widget.assets, "okhotsk/view.js")
    last = True

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        super().__init__()
        self.bounds = bounds

    def script(self) -> str:
        """Return the JavaScript statement that sets the view."""
        return f"okhotsk.view({self.parent_name}, {to_js({'first': self.bounds, 'sea': SHOWN})});"
