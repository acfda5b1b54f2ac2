"""The limits of the sea on the shipped seabed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from okhotsk.datasets import read_data
from okhotsk.errors import SeabedError
from okhotsk.theatre.coast import water_fraction
from okhotsk.theatre.sea import find_sea, section_cost


def published(quantity):
    """Least and greatest published value."""
    values = [p["value"] for p in read_data("sea.toml")["published"] if p["quantity"] == quantity]
    return min(values), max(values)


def test_area(theatre):
    """The area of the sea lies within what is published."""
    low, high = published("area_km2")
    assert low <= theatre.sea_km2 <= high


def test_greatest_depth(theatre):
    """The greatest depth lies within what is published."""
    low, high = published("max_depth_m")
    assert low <= theatre.seabed.depth_m[theatre.sea.mask].max() <= high


def test_mean_depth_and_volume(theatre):
    """Mean depth and volume lie within what is published, or 3 % beyond."""
    sea = theatre.sea.mask
    volume = float((theatre.seabed.depth_m * theatre.water_km2 / 1000)[sea].sum(dtype=float))
    for value, quantity in (
        (volume, "volume_km3"),
        (1000 * volume / theatre.sea_km2, "mean_depth_m"),
    ):
        low, high = published(quantity)
        assert low * 0.95 <= value <= high * 1.03


def test_places(theatre):
    """Known places lie on the right side of the limits."""
    inside = [(150, 55), (144, 46), (155, 58), (145.2, 44.2), (147, 45.5)]
    beyond = [(160, 50), (150, 44), (140.5, 48), (138, 43), (146.3, 43.7), (163, 57)]
    assert all(theatre.sea.mask[theatre.grid.index(*place)] for place in inside)
    assert not any(theatre.sea.mask[theatre.grid.index(*place)] for place in beyond)


def test_ends_of_the_sills(theatre):
    """The basin is deep and in the sea, the ocean deep and at the edge of the grid."""
    sea, depth_m = theatre.sea, theatre.seabed.depth_m
    assert sea.mask[sea.basin]
    assert depth_m[sea.basin] >= 3000
    assert not sea.mask[sea.ocean]
    assert depth_m[sea.ocean] > 5000
    assert (
        0 in sea.ocean
        or depth_m.shape[0] - 1 == sea.ocean[0]
        or (depth_m.shape[1] - 1 == sea.ocean[1])
    )


def test_mask_is_one_piece_of_water(theatre):
    """The sea is connected, wet everywhere, and holds the whole basin."""
    _, count = ndimage.label(theatre.sea.mask, np.ones((3, 3)))
    assert count == 1
    assert (theatre.water_km2[theatre.sea.mask] > 0).all()
    deep, _ = ndimage.label(theatre.seabed.depth_m >= 3000, np.ones((3, 3)))
    assert theatre.sea.mask[deep == deep[theatre.sea.basin]].all()


def test_section_cost(theatre):
    """A cell costs its depth in kilometres times its share of water."""
    water = np.zeros(theatre.grid.shape, np.float32)
    water[theatre.sea.basin] = 0.5
    cost = section_cost(theatre.seabed.depth_m, water)
    assert cost[theatre.sea.basin] == pytest.approx(
        theatre.seabed.depth_m[theatre.sea.basin] / 2000
    )
    assert np.count_nonzero(cost) == 1


def test_no_basin(theatre):
    """A seabed without deep water where the basin should be is refused by name."""
    shallow = replace(theatre.seabed, depth_m=np.minimum(theatre.seabed.depth_m, 2000))
    with pytest.raises(SeabedError, match="Kuril Basin"):
        find_sea(shallow, np.ones(theatre.grid.shape, np.float32))


def test_water_of_the_theatre(theatre):
    """The areas of water agree with the shares computed afresh."""
    share = theatre.water_km2 / theatre.grid.cell_area_km2()[:, None]
    np.testing.assert_allclose(share, water_fraction(theatre.lands, theatre.grid), atol=1e-5)
