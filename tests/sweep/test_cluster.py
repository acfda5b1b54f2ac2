"""Many cases: the same answers from any number of workers, in the same order."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pandas as pd
import pytest
from distributed import Client, LocalCluster

from okhotsk.errors import AssumptionError, OkhotskError
from okhotsk.scenario.island_sets import parse_blocks
from okhotsk.sweep.cluster import Case, Work, make_cases, run_cases
from okhotsk.theatre.model import Theatre

WORK = Work(
    blocks=parse_blocks("kunashir,iturup"), island_sets=(0, 1, 3), exposures=False, cells=20
)
CASES = make_cases([None], {"patrol_depth_m": [150, 200], "refuge_standoff_km": [100, 200]})


@pytest.fixture(scope="module")
def alone(theatre: Theatre) -> pd.DataFrame:
    """The cases one after the other, in this process."""
    return run_cases(CASES, WORK, workers=1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers on this machine."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as made:
        yield made


def test_cases_are_all_combinations_in_order() -> None:
    cases = make_cases([None, "a.tif"], {"patrol_depth_m": [100, 200]}, {"soya_nm": 3})
    assert cases == [
        Case(bed, (("soya_nm", 3), ("patrol_depth_m", depth)))
        for bed in (None, "a.tif")
        for depth in (100, 200)
    ]
    with pytest.raises(AssumptionError, match="unknown assumption depth"):
        make_cases([None], {"depth": [1]})


def test_one_process_gives_every_case_in_order(alone: pd.DataFrame) -> None:
    assert alone.patrol_depth_m.tolist() == [150] * 6 + [200] * 6
    assert alone.refuge_standoff_km.tolist() == ([100] * 3 + [200] * 3) * 2
    assert alone.pieces.tolist() == [0, 1, 3] * 4
    assert alone.refuge_share.nunique() > 4


def test_workers_change_nothing(alone: pd.DataFrame, cluster: LocalCluster) -> None:
    done: list[int] = []
    found = run_cases(
        CASES,
        WORK,
        scheduler=cluster.scheduler_address,
        progress=lambda _, n, total: done.append(n),
    )
    pd.testing.assert_frame_equal(found, alone, check_exact=True)
    assert done == [1, 2, 3, 4]


def test_a_worker_killed_in_mid_run_loses_nothing(
    alone: pd.DataFrame, cluster: LocalCluster
) -> None:
    with Client(cluster.scheduler_address) as client:
        victims = list(client.run(os.getpid).values())

    def kill(_: str, done: int, total: int) -> None:
        if victims and done < total:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()

    found = run_cases(CASES, WORK, scheduler=cluster.scheduler_address, progress=kill)
    assert not victims
    pd.testing.assert_frame_equal(found, alone, check_exact=True)


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("refused")

    monkeypatch.setattr("distributed.Client", refuse)
    with pytest.raises(OkhotskError, match="no scheduler answers at tcp://nowhere:1"):
        run_cases(CASES, WORK, scheduler="tcp://nowhere:1")
