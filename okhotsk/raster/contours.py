"""Contour polygons by marching squares (contourpy): where a grid exceeds zero."""

from __future__ import annotations

from typing import Any

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.raster.grid import Grid, find_box


def polygons(level: NDArray[np.number], grid: Grid) -> shapely.MultiPolygon:
    """Return the area where a grid is positive (EPSG:4326), its outline between cell centres.

    Parameters
    ----------
    level
        Values at the cell centres; the outline runs where they cross zero.
    grid
        The grid.

    Examples
    --------
    >>> grid = Grid((0.0, 0.0, 3.0, 3.0), (3, 3))
    >>> one = np.pad([[1.0]], 1, constant_values=-1.0)
    >>> polygons(one, grid).bounds
    (1.0, 1.0, 2.0, 2.0)
    """
    positive = level > 0
    if not positive.any():
        return shapely.MultiPolygon()
    rows, cols = find_box(positive, margin=(1, 1))
    generator = contourpy.contour_generator(
        grid.lon[cols], grid.lat[rows], level[rows, cols], fill_type=contourpy.FillType.OuterOffset
    )
    filled: Any = generator.filled(0, np.inf)
    points, offsets = filled
    shapes = [
        shapely.Polygon(p[o[0] : o[1]], [p[a:b] for a, b in zip(o[1:], o[2:], strict=False)])
        for p, o in zip(points, offsets, strict=True)
    ]
    parts = shapely.get_parts(shapely.union_all(shapely.make_valid(shapes)))
    return shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon"])
