"""The figures of all cessions, against each assessed alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from okhotsk.assessment.record import _record
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import parse_blocks, prefixes, subsets, to_scenario
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.parquet import sweep_frame, write_sweep
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

PIECES = parse_blocks(
    "habomai,shikotan,kunashir,iturup,urup,brat-chirpoyev+chirpoy+broughton,simushir,ketoi,"
    "ushishir+srednego-rocks,rasshua,matua+raikoke,lovushki,shiashkotan+ekarma+chirinkotan,"
    "kharimkotan,onekotan+makanrushi,paramushir+antsiferov+atlasov,shumshu"
)
ASSUMED = (
    Assumptions(),
    Assumptions(transit_passage=1, soya_nm=3, transit_depth_m=40, sensor_range_km=160),
)
# Costs are added up in single precision, in another order.
TOLERANCE = {"barrier_km": 3e-6, "barrier_area_km2": 3e-6, "exposure": 1e-5, "index": 1e-5}


def chosen() -> np.ndarray:
    """Random combinations, and those up the chain."""
    rng = np.random.default_rng(20)
    some = rng.choice(2 ** len(PIECES), 6, replace=False).astype(np.uint64)
    return np.unique(np.concatenate([some, prefixes(PIECES)[::6]]))


@pytest.fixture(scope="module", params=[(0, False), (0, True), (1, False)], ids=str)
def sweep(coarse: Theatre, request: pytest.FixtureRequest) -> Sweep:
    """A sweep: armed, demilitarised, and under other assumptions."""
    number, demilitarised = request.param
    return Sweep(
        coarse,
        pieces=PIECES,
        chosen=chosen(),
        assumptions=ASSUMED[number],
        demilitarised=demilitarised,
    )


def test_every_figure_is_that_of_assess(sweep: Sweep) -> None:
    found = sweep.figures(sweep.chosen)
    ground = Context(sweep.theatre, sweep.ground.assumptions)
    for row, pieces in enumerate(sweep.chosen):
        scenario = to_scenario(int(pieces), PIECES, demilitarised=sweep.demilitarised)
        record, _ = _record(ScenarioContext.of(ground, scenario))
        for column, value in record.items():
            if column == "scenario_id":
                continue
            near = next((v for k, v in TOLERANCE.items() if column.endswith(k)), 1e-9)
            got = found[column][row]
            assert got == pytest.approx(value, rel=near, abs=near), (scenario.scenario_id, column)


def test_what_is_asked_for_later_is_the_same(sweep: Sweep) -> None:
    whole = sweep.figures(sweep.chosen)
    part = sweep.figures(sweep.chosen[3:7])
    for column, values in part.items():
        assert values == pytest.approx(whole[column][3:7], rel=1e-9), column


def test_another_run_finds_what_was_kept(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("solved again")

    whole = sweep.figures(sweep.chosen)
    again = Sweep(
        sweep.theatre,
        pieces=PIECES,
        chosen=sweep.chosen,
        assumptions=sweep.ground.assumptions,
        demilitarised=sweep.demilitarised,
    )
    for name in ("egress", "intruder", "access_depth", "egress_depth"):
        monkeypatch.setattr(type(again.ways), name, never)
    monkeypatch.setattr("okhotsk.sweep.engine.find_gates", never)
    for column, values in again.figures(again.chosen).items():
        assert values.tolist() == whole[column].tolist()


def test_a_line_that_nothing_can_close_need_pass_no_gate(theatre: Theatre) -> None:
    """Round a core far from all shores it may turn back further than gates let it."""
    far = Assumptions(patrol_depth_m=231, transit_depth_m=93, core_standoff_km=232)
    sets = np.random.default_rng(7).integers(1 << len(PIECES), size=12).astype(np.uint64)
    sweep = Sweep(coarsen(theatre, 10), pieces=PIECES, chosen=np.unique(sets), assumptions=far)
    found = sweep.gates["barrier_area_km2"].costs(sweep.chosen)
    known = [sweep.line("barrier_area_km2", int(chosen)).cost for chosen in sweep.chosen]
    assert found == pytest.approx(known, rel=3e-6)
    assert np.isclose(known, sweep.gates["barrier_area_km2"].free, rtol=1e-6).sum() > 3


def test_pieces_cut_off_are_solved_on_their_own(coarse: Theatre) -> None:
    pieces = parse_blocks("makanrushi,iturup")
    sweep = Sweep(coarse, pieces=pieces)
    found = sweep.lines(sweep.chosen)
    for row, cession in enumerate(subsets(pieces)):
        option = ScenarioContext.of(sweep.ground, to_scenario(int(cession), pieces))
        assert found["barrier_km"][row] == pytest.approx(option.barrier.barrier_km, rel=3e-6)


def test_the_file_holds_the_frame(sweep: Sweep, tmp_path: Path) -> None:
    path = tmp_path / "sweep.parquet"
    assert write_sweep(sweep, path) == len(sweep.chosen)
    table = pq.read_table(path)
    frame = sweep_frame(sweep)
    assert table.to_pandas().equals(frame)
    assert frame.scenario_id.is_unique
    assert b"territorial_sea_nm" in table.schema.metadata[b"okhotsk"]
    assert list(tmp_path.iterdir()) == [path]


def test_ids_are_those_of_the_options(sweep: Sweep) -> None:
    ids = sweep_frame(sweep, exposures=False).scenario_id
    options = [to_scenario(int(s), PIECES, demilitarised=sweep.demilitarised) for s in sweep.chosen]
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
