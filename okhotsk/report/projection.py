"""Shapes on a print map: projected, clipped, filled and stroked.

In equal-area projection (Lambert azimuthal, EPSG:9820 centred at 50 N 150 E), so that waters may be
compared by eye, and north is up in the middle.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

CRS = "+proj=laea +lat_0=50 +lon_0=150 +units=km +ellps=WGS84"
MARGIN_KM = 20.0  # beyond the edges of a map, so that cuts do not show
# West, south, east, north in km from the centre of the maps.
Edges = tuple[float, float, float, float]


@cache
def _projector() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)


def project(shape: Any) -> Any:
    """Return a shape (EPSG:4326) in km from the centre of the maps.

    Examples
    --------
    >>> project(shapely.Point(150, 50)).wkt
    'POINT (0 0)'
    """
    return shapely.transform(shape, lambda xy: np.column_stack(_projector().transform(*xy.T)))


def clip(shape: Any, edges: Edges, *, tolerance_km: float) -> Any:
    """Return a shape (EPSG:4326) projected, simplified, and cut to a little more than a map."""
    west, south, east, north = edges
    box = shapely.box(west - MARGIN_KM, south - MARGIN_KM, east + MARGIN_KM, north + MARGIN_KM)
    simple = shapely.make_valid(shapely.simplify(project(shape), tolerance_km))
    return shapely.intersection(simple, box)


def fill(axes: Axes, shape: Any, **look: Any) -> None:
    """Fill polygons with their holes, already projected."""
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if rings:
        paths = (Path(np.asarray(ring.coords), closed=True) for ring in rings)
        axes.add_patch(PathPatch(Path.make_compound_path(*paths), **look))


def stroke(axes: Axes, shape: Any, **look: Any) -> None:
    """Draw lines, already projected."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "LineString" and not part.is_empty:
            axes.plot(*np.asarray(part.coords).T, **look)
