"""A small map beside the map: where in the window the view is, north up."""

from __future__ import annotations

import numpy as np
import shapely

from okhotsk.maps.images import SHOWN, mercator, pixel_size
from okhotsk.maps.widgets.base import Widget, escape, to_js
from okhotsk.theatre.model import Theatre

WIDTH_PX = 104
COARSE_DEG, LEAST_DEG2 = 0.2, 0.02  # what a picture of this size can show


class Locator(Widget):
    """An inset of the whole window with a frame round what the map shows.

    Parameters
    ----------
    theatre
        Whose coast is drawn.
    """

    assets = (*Widget.assets, "okhotsk/locator.css", "okhotsk/locator.js")
    last = True

    def __init__(self, theatre: Theatre) -> None:
        super().__init__()
        width, height = pixel_size(SHOWN, WIDTH_PX)
        words = "Where the view lies in the window, north up"
        svg = (
            f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(words)}"><path class="ok-locator-land" d="{_coast(theatre)}"/>'
            f'<rect class="ok-locator-view"/><path class="ok-locator-north" '
            f'd="M{width - 11} 24V7m-4 6 4-7 4 7"/>'
            f'<text x="{width - 11}" y="34" text-anchor="middle">N</text></svg>'
        )
        self.data = {"svg": svg, "bounds": SHOWN, "size": [width, height]}

    def script(self) -> str:
        """Return the JavaScript statement that draws the inset."""
        return f"okhotsk.locator({self.parent_name}, {to_js(self.data)});"


def _coast(theatre: Theatre) -> str:
    """The coast as the path of an SVG."""
    window = shapely.box(*SHOWN)
    path = []
    for land in theatre.lands.values():
        coarse = shapely.simplify(shapely.intersection(land, window), COARSE_DEG)
        for part in shapely.get_parts(coarse):
            if part.area >= LEAST_DEG2:
                points = mercator(np.array(part.exterior.coords), SHOWN, WIDTH_PX)
                path.append("M" + " ".join(f"{x:.0f},{y:.0f}" for x, y in points) + "Z")
    return "".join(path)
