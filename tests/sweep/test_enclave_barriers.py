"""Barriers of island sets that leave enclaves, against each solved on its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy import ndimage

from okhotsk.cache import Baselines
from okhotsk.measures.barrier import find_line
from okhotsk.measures.context import Context
from okhotsk.raster import planar_cut
from okhotsk.raster.cost_surface import PathProblem
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import parse_blocks, subsets, to_unit_sets
from okhotsk.sweep import enclaves as enclaves_module
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.enclave_barriers import BarrierFamily, EnclaveBarriers, find_barrier_family
from okhotsk.sweep.enclaves import AROUND, cut_off, find_enclaves
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.segments import EAST, WEST, Segment, Segments
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

# On coarse cells the waters of Atlasov may lie alone, and those of Srednego unless its neighbour
# Rasshua goes with it.
BLOCKS = parse_blocks("atlasov,srednego-rocks,rasshua,iturup,onekotan")
SETS = subsets(BLOCKS)
UNITS = to_unit_sets(SETS, BLOCKS)


@pytest.fixture(scope="module", params=["cheap", "moat"])
def sweep(
    theatre: Theatre, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Sweep]:
    """A sweep of the coarsened theatre with other costs about these waters.

    Next to them barriers are cheap, so that some pass on their far side and turn round them; or
    cells further out are so dear that a curve round the enclave pays better.
    """
    context = Context(coarsen(theatre, 10), Assumptions(), baselines=Baselines(PathProblem.solve))
    allocation = find_allocation(context.theatre, context.assumptions)
    waters = np.any([cells for own in find_enclaves(allocation, UNITS)[1] for cells in own], axis=0)
    near, next_to = (ndimage.binary_dilation(waters, AROUND, steps) for steps in (1, 2))
    factor, more = (0.3, 0.0) if request.param == "cheap" else (1.0, 2.0)
    costs = {
        name: np.where(near, factor, 1.0) * cost + more * (next_to & ~near)
        for name, cost in context.line_costs.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(Context, "line_costs", costs)
        yield Sweep(context.theatre, blocks=BLOCKS, workers=1)


def test_kinds_are_told_by_what_lies_alone(sweep: Sweep) -> None:
    kinds, enclaves = find_enclaves(sweep.allocation, UNITS)
    assert ((kinds > 0) == cut_off(sweep.allocation, UNITS)).all()
    assert sorted(len(own) for own in enclaves) == [0, 1, 1, 2]
    for kind, units in zip(kinds, UNITS, strict=True):
        known = planar_cut.outer_pieces(sweep.allocation.closed_to_barrier(int(units)))
        assert {cells.tobytes() for cells in known} == {p.tobytes() for p in enclaves[kind]}


def test_no_set_is_lost_between_chunks(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find_enclaves(sweep.allocation, UNITS)[0]
    assert 0 < np.count_nonzero(whole) < len(whole)
    for size in (1, 5, 16, 31):
        monkeypatch.setattr(enclaves_module, "CHUNK_SETS", size)
        assert find_enclaves(sweep.allocation, UNITS)[0].tolist() == whole.tolist()
        assert cut_off(sweep.allocation, UNITS).tolist() == (whole > 0).tolist()


def test_every_line_is_the_cheapest_enclosure(sweep: Sweep, request: pytest.FixtureRequest) -> None:
    moat = "moat" in request.node.name
    name = "operating_area_km2" if moat else "barrier_km"
    kinds, enclaves = find_enclaves(sweep.allocation, UNITS)
    ringed = behind = 0
    for kind, own in enumerate(enclaves):
        rows = np.flatnonzero(kinds == kind)
        family = find_barrier_family(sweep.barriers, name, SETS[rows], own)
        costs = family.costs(SETS[rows])
        mains = family.segments.costs_by_parity(SETS[rows], rays=family.count)
        behind += np.count_nonzero(mains.min(axis=1) < costs - 1)
        for row, cost in zip(rows, costs, strict=True):
            closed = sweep.allocation.closed_to_barrier(int(UNITS[row]))
            known = find_line(
                sweep.theatre,
                sweep.context.line_costs[name],
                closed=closed,
                core=sweep.context.core,
            )
            ringed += known.cost < known.main.cost - 1
            assert cost == pytest.approx(known.cost, rel=3e-6), int(SETS[row])
    assert behind > 0
    assert (ringed > 0) == moat


def test_where_too_much_lies_alone_there_is_no_line(sweep: Sweep) -> None:
    many = (np.zeros(sweep.theatre.grid.shape, bool),) * (planar_cut.MAX_PIECES + 1)
    family = find_barrier_family(sweep.barriers, "barrier_km", SETS[:2], many)
    assert np.isinf(family.costs(SETS[:2])).all()


def test_a_ring_stands_until_what_bars_it_is_handed_over() -> None:
    nowhere = np.empty((0, 2), np.int64)
    behind, before = (
        Segment((WEST, EAST), cost, closers, nowhere, crosses)
        for cost, closers, crosses in ((5.0, 0b100, 1), (9.0, 0, 0))
    )
    family = BarrierFamily(
        1,
        Segments((behind, before)),
        (EnclaveBarriers(0, 0, 0), EnclaveBarriers(1, 2, 0b1), EnclaveBarriers(1, 3, 0b10)),
    )
    assert family.costs(np.arange(5, dtype=np.uint64)).tolist() == [7, 8, 7, 9, 9]
