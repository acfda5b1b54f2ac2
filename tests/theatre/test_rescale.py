"""A strait made deeper or shallower: nothing changes but what lies at it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from okhotsk.theatre.model import Theatre
from okhotsk.theatre.rescale import MARGIN_DEG, scale_strait
from okhotsk.theatre.straits import Throat


def by_id(theatre: Theatre) -> dict[str, Throat]:
    """Throats by the id of their strait."""
    return {throat.strait.strait_id: throat for throat in theatre.throats}


def same(one: Throat, other: Throat) -> bool:
    """Whether all of two throats is equal to the bit."""
    values = (
        (getattr(throat, item.name) for throat in (one, other))
        for item in fields(Throat)
        if item.name != "line"
    )
    return one.line.equals_exact(other.line, 0) and all(
        np.array_equal(here, there) if isinstance(here, np.ndarray) else here == there
        for here, there in values
    )


@pytest.fixture(scope="module")
def shallower(theatre: Theatre) -> Theatre:
    """Bussol a fifth shallower."""
    return scale_strait(theatre, "bussol", 0.8)


@pytest.mark.parametrize("strait_id", ["bussol", "la-perouse"])
def test_a_factor_of_one_changes_nothing(theatre: Theatre, strait_id: str) -> None:
    scaled = scale_strait(theatre, strait_id, 1)
    np.testing.assert_array_equal(scaled.seabed.depth_m, theatre.seabed.depth_m)
    for one, other in zip(scaled.throats, theatre.throats, strict=True):
        assert same(one, other), one.strait.strait_id


def test_depths_round_the_throat_are_scaled_and_no_others(
    theatre: Theatre, shallower: Theatre
) -> None:
    west, south, east, north = by_id(theatre)["bussol"].line.bounds
    lat, lon, half = theatre.grid.lat, theatre.grid.lon, 0.5 / 60
    inside = np.outer(
        (lat > south - MARGIN_DEG - half) & (lat < north + MARGIN_DEG + half),
        (lon > west - MARGIN_DEG - half) & (lon < east + MARGIN_DEG + half),
    )
    before, after = theatre.seabed.depth_m, shallower.seabed.depth_m
    np.testing.assert_array_equal(after[~inside], before[~inside])
    np.testing.assert_allclose(after[inside], 0.8 * before[inside], rtol=1e-6)


def test_sill_and_section_of_the_strait_follow_its_depths(
    theatre: Theatre, shallower: Theatre
) -> None:
    """All of its way out lies in the box, so that the sill is scaled as its depths are."""
    before, after = by_id(theatre)["bussol"], by_id(shallower)["bussol"]
    assert after.sill_depth_m == pytest.approx(0.8 * before.sill_depth_m, rel=1e-6)
    assert after.throat_area_km2 == pytest.approx(0.8 * before.throat_area_km2, rel=1e-4)
    assert after.width_km == before.width_km
    # What boats use loses less than all water does: most of what is lost lies below them.
    for depth_m in (300, 450, 600):
        kept = after.operating_area_km2(depth_m) / before.operating_area_km2(depth_m)
        assert 0.8 < kept < 1
        # By definition: the section down to 0.8 d of scaled depths is 0.8 times that down to d.
    deep, scaled = before.operating_area_km2(500), after.operating_area_km2(400)
    assert scaled == pytest.approx(0.8 * deep, rel=1e-4)


def test_straits_far_off_stay(theatre: Theatre, shallower: Theatre) -> None:
    before, after = by_id(theatre), by_id(shallower)
    for strait_id in ("friza", "yekaterina", "kruzenshtern", "la-perouse", "first-kuril"):
        assert same(before[strait_id], after[strait_id]), strait_id
    changed = {key for key, throat in after.items() if not same(throat, before[key])}
    assert "bussol" in changed
    bounds = np.array(before["bussol"].line.bounds) + MARGIN_DEG * np.array([-1, -1, 1, 1])
    for key in changed - {"bussol"}:  # neighbours whose way out leads through the box
        west, south, east, north = before[key].line.bounds
        assert west < bounds[2] + 1, key
        assert east > bounds[0] - 1, key
        assert south < bounds[3] + 1, key
        assert north > bounds[1] - 1, key


def test_a_scaled_theatre_is_known_by_another_key(theatre: Theatre, shallower: Theatre) -> None:
    """What is kept on disk of one must not be taken for the other's."""
    deeper = scale_strait(theatre, "bussol", 1.2)
    assert len({theatre.key, shallower.key, deeper.key}) == 3
