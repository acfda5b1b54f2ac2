"""Answers that come with the package: those of this code, and equal to what it computes."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from decode import decode

from okhotsk.assessment import seabeds, uncertainty
from okhotsk.assessment.compute import _find_shared
from okhotsk.assessment.record import make_record
from okhotsk.assessment.seabeds import SeabedSampler
from okhotsk.assessment.uncertainty import SAMPLES, CoarseScenario, Sampler, draw
from okhotsk.cache import ANSWERS, read_arrays
from okhotsk.datasets import data_folder
from okhotsk.maps.explorer.solved import find_solved, solved_samples
from okhotsk.measures.context import ScenarioContext
from okhotsk.scenario.assumptions import Assumptions, from_unit, to_unit
from okhotsk.scenario.island_sets import read_blocks, to_scenario
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.theatre.ensemble import count_members
from okhotsk.theatre.model import Theatre

STALE = "the answers are those of other code: run `make answers`"


@pytest.fixture
def alone(theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Theatre:
    """The theatre, with nothing kept on this computer, and the cells and seabeds that users have.

    The other tests sample on larger cells and few seabeds, which the answers are not from.
    """
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(uncertainty, "COARSE_ARCMIN", 10)
    monkeypatch.setattr(uncertainty, "ROUTE_ARCMIN", 5)
    monkeypatch.setattr(seabeds, "count_members", count_members)
    return theatre


def is_current(theatre: Theatre) -> bool:
    """Whether the answers are those of this code; in CI they must be."""
    path = SeabedSampler(theatre)._path(load_scenario("status-quo"))
    current = read_arrays(path, ("table",)) is not None
    if not current and os.environ.get("OKHOTSK_REQUIRE_ANSWERS"):
        pytest.fail(STALE)
    return current


def test_answers_are_there_for_every_named_option(alone: Theatre) -> None:
    if not is_current(alone):
        pytest.skip(STALE)
    sampler, others = Sampler(alone), SeabedSampler(alone)
    units = np.vstack([to_unit(Assumptions()), draw(SAMPLES)[:, :-1]])
    for name in scenario_ids():
        scenario = load_scenario(name)
        assert read_arrays(sampler._path(scenario, units), ("table",)), name
        assert read_arrays(others._path(scenario), ("table",)), name


def test_answers_are_what_is_computed(alone: Theatre) -> None:
    """One option, one sample and one seabed, others with each version of the theatre."""
    if not is_current(alone):
        pytest.skip(STALE)
    turn = int(hashlib.sha256(alone.key.encode()).hexdigest(), 16)
    scenario = load_scenario(scenario_ids()[turn % len(scenario_ids())])
    sampler, units = Sampler(alone), np.vstack([to_unit(Assumptions()), draw(SAMPLES)[:, :-1]])
    row = turn % len(units)
    coarse = CoarseScenario.of(sampler.contexts(), alone, scenario)
    found = coarse.measure(from_unit(units[row]))
    known = sampler.records(scenario, units)[row]
    for name in sampler.columns:
        assert found[name] == pytest.approx(known[name], rel=1e-6), name
    others = SeabedSampler(alone)
    assert others.members == count_members(alone)
    member = turn % (others.members + 1)
    ways = others._closed(scenario)
    (values,) = others._measure(member, [scenario], [ways])
    kept = others.rows([scenario])[0][member]
    np.testing.assert_allclose(values, list(kept.values()), rtol=1e-6)


def test_thirty_random_island_sets_of_the_explorer_are_what_assess_gives(alone: Theatre) -> None:
    """On the grid that users have; other sets with each version of the theatre."""
    if not is_current(alone):
        pytest.skip(STALE)
    blocks, samples = read_blocks(), solved_samples(alone)
    assert samples is not None, "the answers lack the explorer's tables: run make answers"
    tables = find_solved(alone, blocks, samples=samples).tables
    rng = np.random.default_rng(int(hashlib.sha256(alone.key.encode()).hexdigest()[:8], 16))
    with ThreadPoolExecutor(2) as pool:
        shared = _find_shared(alone, Assumptions(), pool)
        cases = [(int(rng.integers(1 << len(blocks))), bool(rng.integers(2))) for _ in range(30)]

        def known(case: tuple[int, bool]) -> dict[str, Any]:
            scenario = to_scenario(case[0], blocks, demilitarised=not case[1])
            return dict(make_record(ScenarioContext.of(shared, scenario))[0])

        records = list(pool.map(known, cases))
    for (ceded, armed), record in zip(cases, records, strict=True):
        found = decode(tables, ceded, armed=armed)
        wrong = {
            name: (value, record[name])
            for name, value in found.items()
            if value
            != pytest.approx(float(record[name]), rel=1e-4, abs=1e-6)  # the bound of find_segments
        }
        assert not wrong, (ceded, armed, wrong)


def test_the_file_holds_nothing_but_answers() -> None:
    path = data_folder() / ANSWERS
    if not path.exists():
        pytest.skip(STALE)
    with ZipFile(path) as stored:
        names = stored.namelist()
    assert len(names) == len(set(names))
    assert all(name.endswith(".npz") and "/" not in name for name in names)
    assert path.stat().st_size < 2_000_000
