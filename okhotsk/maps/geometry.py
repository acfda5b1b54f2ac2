"""Shapes as the pages hold them: cut to what is shown, simplified, rounded, as GeoJSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from okhotsk.maps.images import SHOWN

DECIMALS = 3  # of degrees: a hundred metres, less than a pixel at the closest zoom but one


def shown(shape: Any, tolerance_deg: float) -> Any:
    """The part of a shape inside the window, simplified (Douglas-Peucker) and valid."""
    inside = shapely.intersection(shape, shapely.box(*SHOWN))
    return shapely.make_valid(shapely.simplify(inside, tolerance_deg))


def geojson(shape: Any) -> dict[str, Any]:
    """A shape as GeoJSON, its coordinates without the noise of binary fractions."""
    snapped = shapely.set_precision(shape, 10.0**-DECIMALS)
    rounded = shapely.transform(snapped, lambda points: np.round(points, DECIMALS))
    return dict(shapely.geometry.mapping(rounded))


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}
