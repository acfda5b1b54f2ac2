"""The deepest way in: analytic straits, and the flood against the union-find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from theatres import islet, make_theatre

from okhotsk.access import KEELS_M, find_passage
from okhotsk.bottleneck import bottleneck_m, reach_m
from okhotsk.sea import Sea
from okhotsk.theatre import Theatre

depths = arrays(
    np.float32,
    st.tuples(st.integers(2, 12), st.integers(2, 12)),
    elements=st.integers(0, 60).map(float),
)


@settings(max_examples=200, deadline=None)
@given(depths, st.data())
def test_flood_equals_union_find(depth_m: np.ndarray, data: st.DataObject) -> None:
    """Every cell's deepest keel is the bottleneck between it and the start."""
    rows, cols = depth_m.shape
    start = data.draw(st.tuples(st.integers(0, rows - 1), st.integers(0, cols - 1)))
    reach = reach_m(depth_m, start)
    for cell in np.ndindex(rows, cols):
        expected = 0.0 if depth_m[start] <= 0 else bottleneck_m(depth_m, start, cell)
        assert reach[cell] == expected


@settings(max_examples=100, deadline=None)
@given(depths, st.data())
def test_closing_cells_never_deepens(depth_m: np.ndarray, data: st.DataObject) -> None:
    """More closed water never lets a deeper keel through."""
    closed = data.draw(arrays(np.bool_, depth_m.shape))
    assert (reach_m(np.where(closed, 0, depth_m), (0, 0)) <= reach_m(depth_m, (0, 0))).all()


@pytest.fixture(scope="module")
def two_straits() -> Theatre:
    """A basin 500 m deep north of a wall with a strait of 300 m and one of 100 m."""
    theatre = make_theatre({"far": islet(150.9, 47.9)}, (150, 45, 151, 48))
    lon, lat = np.meshgrid(theatre.grid.lon, theatre.grid.lat)
    depth_m = np.full(theatre.grid.shape, 500, np.float32)
    wall = (lat > 46.4) & (lat < 46.6)
    depth_m[wall] = 0
    depth_m[wall & (abs(lon - 150.2) < 0.05)] = 300
    depth_m[wall & (abs(lon - 150.7) < 0.05)] = 100
    sea = Sea(lat > 46.5, theatre.grid.index(150.5, 47.5), theatre.grid.index(150.5, 45.5), 0.0)
    return replace(theatre, seabed=replace(theatre.seabed, depth_m=depth_m), sea=sea)


@pytest.mark.parametrize(
    ("closed_lon", "depth_m"), [(None, 300), (150.2, 100), (150.7, 300), ("both", 0)]
)
def test_two_straits(two_straits: Theatre, closed_lon: object, depth_m: float) -> None:
    """The deeper strait decides, unless it is closed; no way at all is 0."""
    lon, lat = np.meshgrid(two_straits.grid.lon, two_straits.grid.lat)
    closed = np.zeros(lon.shape, bool)
    for place in (150.2, 150.7):
        if closed_lon in (place, "both"):
            closed |= (abs(lon - place) < 0.06) & (abs(lat - 46.5) < 0.15)
    patrol = two_straits.sea.mask & (lat > 47.2)
    passage = find_passage(two_straits, patrol, closed)
    assert passage.depth_m == depth_m
    assert passage.route.is_empty == (depth_m == 0)
    reached = passage.reached.set_index("keel_m").reached_km2
    whole = float(two_straits.water_km2[patrol].sum(dtype=float))
    for keel in KEELS_M:
        assert reached[keel] == pytest.approx(whole if keel <= depth_m else 0)


def test_route_passes_the_open_strait(two_straits: Theatre) -> None:
    """The way drawn runs through the gap and ends in the patrol water."""
    lat = np.meshgrid(two_straits.grid.lon, two_straits.grid.lat)[1]
    patrol = two_straits.sea.mask & (lat > 47.2)
    passage = find_passage(two_straits, patrol, np.zeros(lat.shape, bool))
    at_wall = [x for x, y in passage.route.coords if 46.4 < y < 46.6]
    assert at_wall
    assert all(abs(x - 150.2) < 0.05 for x in at_wall)
    assert passage.route.coords[-1][1] > 47.2
