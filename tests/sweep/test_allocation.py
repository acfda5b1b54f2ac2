"""The allocation of water under many island sets, against the zones of each alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.raster import planar_cut
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import members, set_of
from okhotsk.scenario.read import cede
from okhotsk.sweep import enclaves
from okhotsk.sweep.allocation import Allocation, find_allocation
from okhotsk.sweep.enclaves import cut_off
from okhotsk.theatre.coast import read_islands
from okhotsk.theatre.model import Theatre

UNITS = tuple(read_islands())
WIDE = Assumptions(soya_nm=12)


@pytest.fixture(scope="module", params=[Assumptions(), WIDE], ids=["default", "soya-12"])
def both(coarse: Theatre, request: pytest.FixtureRequest) -> tuple[Context, Allocation]:
    """A context and its allocation."""
    return Context(coarse, request.param), find_allocation(coarse, request.param)


@settings(max_examples=12)
@given(st.sets(st.sampled_from(UNITS)))
def test_allocation_gives_the_zones_of_every_island_set(
    both: tuple[Context, Allocation], units: set[str]
) -> None:
    context, allocation = both
    option, ceded = ScenarioContext.of(context, cede(sorted(units))), set_of(units, UNITS)
    water = context.theatre.water_km2 > 0
    pairs = (
        (option.closed_to_barrier, allocation.closed_to_barrier(ceded)),
        (water & option.closed_to_russia, water & allocation.japanese_sea(ceded)),
        (water & option.closed_to_others, water & allocation.russian_sea(ceded)),
    )
    for alone, together in pairs:
        assert np.array_equal(alone, together)


def test_sets_and_names_are_each_other() -> None:
    assert members(set_of(["urup", "yuri"], UNITS), UNITS) == ["yuri", "urup"]
    assert set_of([], UNITS) == 0


@settings(max_examples=25)
@given(st.sets(st.sampled_from(UNITS), max_size=6))
def test_closed_water_that_russian_water_surrounds_is_found(
    both: tuple[Context, Allocation], units: set[str]
) -> None:
    context, allocation = both
    ceded = set_of(units, UNITS)
    alone = planar_cut.outer_pieces(allocation.closed_to_barrier(ceded) & ~context.core)
    assert cut_off(allocation, np.array([ceded], np.uint64)).tolist() == [len(alone) > 0]


def test_islets_off_the_line_are_such_pieces(both: tuple[Context, Allocation]) -> None:
    sets = [set_of([unit], UNITS) for unit in ("atlasov", "makanrushi", "iturup")]
    assert cut_off(both[1], np.array(sets, np.uint64)).tolist() == [True, True, False]


def test_no_set_is_lost_between_chunks(
    both: tuple[Context, Allocation], monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = np.random.default_rng(3).integers(1 << len(UNITS), size=50).astype(np.uint64)
    whole = cut_off(both[1], sets)
    assert 0 < np.count_nonzero(whole) < len(sets)
    monkeypatch.setattr(enclaves, "CHUNK_SETS", 7)
    assert cut_off(both[1], sets).tolist() == whole.tolist()
    assert cut_off(both[1], sets[:0]).tolist() == []
