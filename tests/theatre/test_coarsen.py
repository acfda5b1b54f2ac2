"""The twin: the same land and the same water on fewer cells."""

from __future__ import annotations

import numpy as np
import pytest

from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre


@pytest.fixture(scope="module")
def twin(coarse: Theatre) -> Theatre:
    """The coarse theatre on four cells in one."""
    return coarsen(coarse, 2)


def same(one: Theatre, other: Theatre) -> None:
    """Equal in every cell."""
    for name in ("lands", "islands", "throats"):
        assert getattr(one, name) is getattr(other, name)
    np.testing.assert_array_equal(one.seabed.depth_m, other.seabed.depth_m)
    np.testing.assert_allclose(one.water_km2, other.water_km2, rtol=1e-6)
    np.testing.assert_array_equal(one.sea.mask, other.sea.mask)
    for unit in one.lands:
        for kind in ("distances", "viewsheds"):
            a, b = getattr(one, kind)[unit], getattr(other, kind)[unit]
            np.testing.assert_array_equal(a.cells, b.cells)
            np.testing.assert_array_equal(a.km, b.km)


def test_one_cell_to_one_is_the_theatre(theatre: Theatre) -> None:
    tiny = coarsen(theatre, 20)
    same(coarsen(tiny, 1), tiny)


def test_water_adds_up(coarse: Theatre, twin: Theatre) -> None:
    assert twin.grid.shape == tuple(n // 2 for n in coarse.grid.shape)
    assert twin.grid.bounds == coarse.grid.bounds
    before = coarse.water_km2
    blocks = before[::2, ::2] + before[1::2, ::2] + before[::2, 1::2] + before[1::2, 1::2]
    np.testing.assert_allclose(twin.water_km2, blocks, rtol=2e-4, atol=1e-3)
    whole = [t.water_km2.sum(dtype=float) for t in (coarse, twin)]
    assert whole[1] == pytest.approx(whole[0], rel=1e-5)
    assert twin.sea_km2 == pytest.approx(coarse.sea_km2, rel=0.01)


def test_depth_is_the_mean_where_there_is_water(coarse: Theatre, twin: Theatre) -> None:
    fine, rough = coarse.seabed.depth_m, twin.seabed.depth_m
    corner = fine[20:22, 30:32]
    assert rough[10, 15] == pytest.approx(corner.mean(), rel=1e-6)
    assert fine.max() >= rough.max() > 0
    assert (rough[twin.water_km2 == 0] == 0).all()
    wet = twin.water_km2 > 0
    assert rough[wet].mean() == pytest.approx(fine.sum() / 4 / wet.sum(), rel=1e-4)


def test_a_twin_of_a_twin_has_the_same_sea(theatre: Theatre) -> None:
    steps, once = coarsen(coarsen(theatre, 10), 2), coarsen(theatre, 20)
    np.testing.assert_allclose(steps.seabed.depth_m, once.seabed.depth_m, rtol=1e-3, atol=0.1)
    np.testing.assert_allclose(steps.water_km2, once.water_km2, rtol=1e-4, atol=1e-2)
    assert (steps.sea.mask != once.sea.mask).mean() < 1e-3


def test_keys_differ(coarse: Theatre, twin: Theatre) -> None:
    assert len({coarse.key, twin.key, coarsen(coarse, 1).key}) == 3


@pytest.mark.parametrize("cells", [7, 231])
def test_cells_must_divide_the_grid(coarse: Theatre, cells: int) -> None:
    with pytest.raises(ValueError, match="reshape"):
        coarsen(coarse, cells)
