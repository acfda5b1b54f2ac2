"""The column beside a map that its panels stand in; a sheet below it where there is little room."""

from __future__ import annotations

from okhotsk.html import to_js
from okhotsk.maps.widgets.base import Widget


class Side(Widget):
    """Put every panel that follows beside the map instead of on it, the figures first.

    Parameters
    ----------
    html
        The first panel: the verdict and the figures.
    """

    assets = (*Widget.assets, "okhotsk/panel.css", "okhotsk/side.js")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html

    def script(self) -> str:
        """Return the JavaScript statement that makes the column."""
        return f"okhotsk.side({self.parent_name}, {to_js(self.html)});"
