"""Sweeps over assumptions and seabeds, on one machine or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from okhotsk.errors import OkhotskError
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.parquet import sweep_frame
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.storage import load

Progress = Callable[[str, int, int], None]

FEWEST_CASES = 3  # for fewer cases no workers are started
RETRIES = 3  # how often a case runs again after its worker died


@dataclass(frozen=True)
class Case:
    """A seabed and some assumptions.

    Attributes
    ----------
    seabed
        Path of the seabed, as every worker sees it; None for the shipped one.
    values
        Names and values of the assumptions that differ from the defaults.
    """

    seabed: str | None
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Work:
    """What to measure in every case.

    Attributes
    ----------
    blocks, island_sets
        What is ceded together, and the sets of blocks to measure.
    demilitarised
        Whether no forces may stand on ceded islands.
    exposures
        Whether exposures and index are wanted.
    positive
        Which way the values of seabeds grow, where their files do not say.
    cells
        Side of a cell of the coarsened theatre, in cells of the theatre; 1 for no coarsening.
    threads
        Threads that prepare a theatre: one beside other workers.
    """

    blocks: tuple[Block, ...]
    island_sets: tuple[int, ...]
    demilitarised: bool = False
    exposures: bool = True
    positive: str | None = None
    cells: int = 1
    threads: int = 2


def make_cases(
    seabeds: Sequence[str | None],
    varied: Mapping[str, Sequence[float]],
    fixed: Mapping[str, float] | None = None,
) -> list[Case]:
    """Return every seabed with every combination of values, the last varied fastest.

    Raises
    ------
    AssumptionError
        For a name that is no assumption or a value out of range, before anything is run.
    """
    values = [tuple(zip(varied, chosen, strict=True)) for chosen in product(*varied.values())]
    cases = [
        Case(seabed, (*(fixed or {}).items(), *some)) for seabed, some in product(seabeds, values)
    ]
    for case in cases:
        Assumptions().with_values(dict(case.values))
    return cases


def run_case(case: Case, work: Work) -> pd.DataFrame:
    """Return the figures of all island sets of one case, led by the seabed and what was varied."""
    theatre = load(seabed=case.seabed, positive=work.positive, threads=work.threads)
    sweep = Sweep(
        theatre if work.cells == 1 else coarsen(theatre, work.cells),
        blocks=work.blocks,
        island_sets=np.array(work.island_sets, np.uint64),
        assumptions=Assumptions().with_values(dict(case.values)),
        demilitarised=work.demilitarised,
        workers=1,
    )
    frame = sweep_frame(sweep, exposures=work.exposures)
    varied: dict[str, Any] = {"seabed": theatre.seabed.name, **dict(case.values)}
    for place, (name, value) in enumerate(varied.items()):
        frame.insert(place, name, value)
    return frame


def run_cases(
    cases: Sequence[Case],
    work: Work,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the figures of several cases, one after the other in their order.

    Parameters
    ----------
    cases, work
        What to run.
    scheduler
        Address of a Dask scheduler; a cluster on this machine by default, none for few cases.
    workers
        Workers of the cluster on this machine (its cores by default); 1 for none.
    progress
        Called with "cases", how many are done and how many there are.

    Raises
    ------
    OkhotskError
        Where Dask is not installed or the scheduler cannot be reached.

    Notes
    -----
    A case is one task, so that the answers do not depend on the workers. A case whose worker dies
    runs again on another. Workers keep theatres and prepared sweeps on disk, as a single run does.
    """
    tell = progress or (lambda *_: None)
    count = len(cases)
    if scheduler is None and (workers == 1 or count < FEWEST_CASES):
        frames: list[pd.DataFrame] = []
        for done, case in enumerate(cases, 1):
            frames.append(run_case(case, work))
            tell("cases", done, count)
        return pd.concat(frames, ignore_index=True)
    with _client(scheduler, workers) as (client, as_completed):
        alone = replace(work, threads=1)  # the workers share the cores
        futures = client.map(run_case, cases, work=alone, retries=RETRIES, pure=False)
        for done, _ in enumerate(as_completed(futures), 1):
            tell("cases", done, count)
        frames = client.gather(futures)
    return pd.concat(frames, ignore_index=True)


@contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[tuple[Any, Any]]:
    """A Dask client, and the function that waits for its futures."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError as error:
        raise OkhotskError(
            "Dask is not installed, expected for many cases: pip install 'okhotsk[cluster]', or "
            "--workers 1 for one after the other"
        ) from error
    if scheduler is None:
        size = workers or os.cpu_count() or 1
        with (
            LocalCluster(n_workers=size, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            yield client, as_completed
        return
    try:
        client = Client(scheduler, timeout="20s")
    except OSError as error:
        raise OkhotskError(
            f"no scheduler answers at {scheduler}, expected an address such as "
            f"tcp://host:8786: start one with `dask scheduler` ({error})"
        ) from error
    with client:
        yield client, as_completed
