"""Shapes on print maps: equal in area, cut at the edges, holes kept."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure

from okhotsk.raster import geodesy
from okhotsk.report.projection import MARGIN_KM, clip, fill, project, stroke


@pytest.mark.parametrize(("lon", "lat"), [(150, 50), (140, 44), (160, 60)])
def test_areas_are_those_on_the_ellipsoid(lon: float, lat: float) -> None:
    square = shapely.segmentize(shapely.box(lon, lat, lon + 1, lat + 1), 0.05)
    assert project(square).area == pytest.approx(geodesy.area_km2(square), rel=1e-3)


def test_north_is_up_in_the_middle() -> None:
    south, north = (project(shapely.Point(150, lat)) for lat in (45, 55))
    assert south.x == pytest.approx(0, abs=1e-6)
    assert north.x == pytest.approx(0, abs=1e-6)
    assert north.y > 0 > south.y


def test_what_is_clipped_reaches_a_little_beyond_the_edges() -> None:
    found = clip(shapely.box(120, 30, 175, 70), (-100.0, -80.0, 100.0, 80.0), tolerance_km=1.0)
    assert found.bounds == pytest.approx(
        (-100 - MARGIN_KM, -80 - MARGIN_KM, 100 + MARGIN_KM, 80 + MARGIN_KM)
    )


def test_a_hole_stays_a_hole() -> None:
    axes = Figure().subplots()
    fill(axes, shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2)))
    (patch,) = axes.patches
    starts = np.count_nonzero(patch.get_path().codes == patch.get_path().MOVETO)
    assert starts == 2
    fill(axes, shapely.MultiPolygon())
    assert len(axes.patches) == 1


def test_every_part_of_a_line_is_drawn() -> None:
    axes = Figure().subplots()
    stroke(axes, shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]))
    assert [line.get_xydata().tolist() for line in axes.lines] == [
        [[0, 0], [1, 1]],
        [[2, 2], [3, 3]],
    ]
