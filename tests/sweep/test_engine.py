"""The figures of all island sets, against each scenario assessed alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from okhotsk.assessment.record import make_record
from okhotsk.measures.barrier import LINES
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import parse_blocks, prefixes, subsets, to_scenario
from okhotsk.sweep import parquet
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.parquet import sweep_frame, write_sweep
from okhotsk.sweep.passage_bounds import EXPOSURES
from okhotsk.sweep.passages import PassageSolver
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

BLOCKS = parse_blocks(
    "habomai,shikotan,kunashir,iturup,urup,brat-chirpoyev+chirpoy+broughton,simushir,ketoi,"
    "ushishir+srednego-rocks,rasshua,matua+raikoke,lovushki,shiashkotan+ekarma+chirinkotan,"
    "kharimkotan,onekotan+makanrushi,paramushir+antsiferov+atlasov,shumshu"
)
ASSUMED = (
    Assumptions(),
    Assumptions(transit_passage=1, soya_nm=12, transit_depth_m=40, sensor_range_km=160),
)
# Costs are added up in single precision, in another order.
TOLERANCE = {**dict.fromkeys(LINES, 3e-6), "exposure": 1e-5, "index": 1e-5}


def island_sets() -> np.ndarray:
    """Random combinations, and those up the chain."""
    rng = np.random.default_rng(20)
    some = rng.choice(2 ** len(BLOCKS), 6, replace=False).astype(np.uint64)
    return np.unique(np.concatenate([some, prefixes(BLOCKS)[::6]]))


@pytest.fixture(scope="module", params=[(0, False), (0, True), (1, False)], ids=str)
def sweep(coarse: Theatre, request: pytest.FixtureRequest) -> Sweep:
    """A sweep: armed, demilitarised, and under other assumptions."""
    number, demilitarised = request.param
    return Sweep(
        coarse,
        blocks=BLOCKS,
        island_sets=island_sets(),
        assumptions=ASSUMED[number],
        demilitarised=demilitarised,
    )


def test_every_figure_is_that_of_assess(sweep: Sweep) -> None:
    found = sweep.figures(sweep.island_sets)
    if not sweep.demilitarised:  # some of these sets put hostile shores along every way
        assert all(np.ptp(found[name]) > 0.01 for name in EXPOSURES)
    context = Context(sweep.theatre, sweep.context.assumptions)
    for row, blocks in enumerate(sweep.island_sets):
        scenario = to_scenario(int(blocks), BLOCKS, demilitarised=sweep.demilitarised)
        record, _ = make_record(ScenarioContext.of(context, scenario))
        assert {*LINES, *EXPOSURES} <= set(record)
        for column, value in record.items():
            if column == "scenario_id":
                continue
            near = next((v for k, v in TOLERANCE.items() if column.endswith(k)), 1e-9)
            got = found[column][row]
            assert got == pytest.approx(value, rel=near, abs=near), (scenario.scenario_id, column)


def test_what_is_asked_for_later_is_the_same(sweep: Sweep) -> None:
    whole = sweep.figures(sweep.island_sets)
    part = sweep.figures(sweep.island_sets[3:7])
    for column, values in part.items():
        assert values == pytest.approx(whole[column][3:7], rel=1e-9), column


def test_another_run_finds_what_was_kept(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("solved again")

    whole = sweep.figures(sweep.island_sets)
    again = Sweep(
        sweep.theatre,
        blocks=BLOCKS,
        island_sets=sweep.island_sets,
        assumptions=sweep.context.assumptions,
        demilitarised=sweep.demilitarised,
    )
    monkeypatch.setattr(PassageSolver, "solve", never)
    monkeypatch.setattr("okhotsk.sweep.barriers.find_transfer_costs", never)
    for column, values in again.figures(again.island_sets).items():
        assert values.tolist() == whole[column].tolist()


def test_a_barrier_that_no_block_can_close_need_respect_no_cross_cut(theatre: Theatre) -> None:
    """Round a core far from all shores it may turn back further than the margin."""
    far = Assumptions(patrol_depth_m=231, transit_depth_m=93, core_standoff_km=232)
    sets = np.random.default_rng(7).integers(1 << len(BLOCKS), size=12).astype(np.uint64)
    sweep = Sweep(coarsen(theatre, 10), blocks=BLOCKS, island_sets=np.unique(sets), assumptions=far)
    found = sweep.barriers.transfer_costs["barrier_area_km2"].costs(sweep.island_sets)
    known = [
        sweep.barriers.curve("barrier_area_km2", int(island_sets)).cost
        for island_sets in sweep.island_sets
    ]
    assert found == pytest.approx(known, rel=3e-6)
    assert (
        np.isclose(known, sweep.barriers.transfer_costs["barrier_area_km2"].free, rtol=1e-6).sum()
        > 3
    )


def test_sets_that_leave_enclaves_are_solved_on_their_own(coarse: Theatre) -> None:
    blocks = parse_blocks("makanrushi,iturup")
    sweep = Sweep(coarse, blocks=blocks)
    found = sweep.barriers.figures(sweep.island_sets)
    for row, cession in enumerate(subsets(blocks)):
        option = ScenarioContext.of(sweep.context, to_scenario(int(cession), blocks))
        for name in LINES:
            assert found[name][row] == pytest.approx(option.barrier.figures[name], rel=3e-6), name


@pytest.mark.parametrize("chunk_sets", [1, 4, parquet.CHUNK_SETS])
def test_the_file_holds_the_frame(
    sweep: Sweep, chunk_sets: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every island set once, however many are written together."""
    assert len(sweep.island_sets) % 4 > 0
    monkeypatch.setattr(parquet, "CHUNK_SETS", chunk_sets)
    path = tmp_path / "sweep.parquet"
    assert write_sweep(sweep, path) == len(sweep.island_sets)
    table = pq.read_table(path)
    frame = sweep_frame(sweep)
    assert table.to_pandas().equals(frame)
    assert frame.scenario_id.is_unique
    assert b"territorial_sea_nm" in table.schema.metadata[b"okhotsk"]
    assert list(tmp_path.iterdir()) == [path]


def test_ids_are_those_of_the_scenarios(sweep: Sweep) -> None:
    ids = sweep_frame(sweep, exposures=False).scenario_id
    options = [
        to_scenario(int(s), BLOCKS, demilitarised=sweep.demilitarised) for s in sweep.island_sets
    ]
    assert ids.tolist() == [option.scenario_id for option in options]


def test_a_failed_write_leaves_nothing(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Sweep, "figures", fail)
    with pytest.raises(KeyboardInterrupt):
        write_sweep(sweep, tmp_path / "sweep.parquet")
    assert not list(tmp_path.iterdir())
