"""A small map beside the map: where in the window the view is, north up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from okhotsk.html import to_js
from okhotsk.maps import assets
from okhotsk.maps.images import SHOWN, mercator, pixel_size
from okhotsk.maps.widgets.base import Widget

WIDTH_PX = 104
COARSE_DEG, LEAST_DEG2 = 0.2, 0.02  # what a picture of this size can show


class Inset(Widget):
    """A small map of the whole window with a frame round what the map shows.

    Parameters
    ----------
    coast
        From :func:`coast_path`.
    """

    assets = (*Widget.assets, "okhotsk/inset.css", "okhotsk/inset.js")
    last = True

    def __init__(self, coast: str) -> None:
        super().__init__()
        width, height = pixel_size(SHOWN, WIDTH_PX)
        svg = assets.render("inset.svg.j2", width=width, height=height, coast=coast)
        self.data = {"svg": svg, "bounds": SHOWN, "size": [width, height]}

    def script(self) -> str:
        """Return the JavaScript statement that draws the inset."""
        return f"okhotsk.locator({self.parent_name}, {to_js(self.data)});"


def coast_path(lands: Iterable[shapely.MultiPolygon]) -> str:
    """Return the coast of some lands as the path of an SVG, in pixels of the inset."""
    window = shapely.box(*SHOWN)
    path = []
    for land in lands:
        coarse = shapely.simplify(shapely.intersection(land, window), COARSE_DEG)
        for part in shapely.get_parts(coarse):
            if part.area >= LEAST_DEG2:
                points = mercator(np.array(part.exterior.coords), SHOWN, WIDTH_PX)
                path.append("M" + " ".join(f"{x:.0f},{y:.0f}" for x, y in points) + "Z")
    return "".join(path)
