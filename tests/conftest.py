"""Theatres that several test files share."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import browser, open_page  # noqa: F401
from hypothesis import settings

import okhotsk
from okhotsk.assessment import index, seabeds, uncertainty
from okhotsk.cli.outputs import write_all
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.ensemble import count_members
from okhotsk.theatre.model import Theatre

# A busy machine is no fault of the code: every test has its own time limit.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

RESULTS = ("status-quo", "half-area-2006", "four-islands-demilitarised")
COARSE = ("status-quo", "four-islands", "four-islands-demilitarised", "st-petersburg-1875")


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what rasterio 1.4 does with affine 3: no fault of this package."""
    config.addinivalue_line(
        "filterwarnings", "ignore:Use `@` matmul instead of:PendingDeprecationWarning"
    )


@pytest.fixture(autouse=True, scope="session")
def _few_samples() -> Iterator[None]:
    """Intervals from two samples on a coarse twin and from two other seabeds.

    What they are is shown in test_uncertainty, and those of all seabeds in test_answers.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uncertainty, "SAMPLES", 2)
        patch.setattr(uncertainty, "COARSE_ARCMIN", 20)
        patch.setattr(uncertainty, "ROUTE_ARCMIN", 20)
        patch.setattr(seabeds, "count_members", lambda theatre: min(2, count_members(theatre)))
        yield


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """The real theatre, from the cache if it is warm.

    Where it is cold one process prepares it, and the others wait for that.
    """
    with (tmp_path_factory.getbasetemp().parent / "theatre.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return okhotsk.load()


@pytest.fixture(scope="session")
def coarse(theatre: Theatre) -> Theatre:
    """The same sea on cells of 6 arc-minutes."""
    return coarsen(theatre, 6)


@pytest.fixture(scope="session")
def results(theatre: Theatre) -> list[okhotsk.Assessment]:
    """Assessments on the real theatre of nothing, a split island, and a demilitarised cession."""
    return okhotsk.assess_all(theatre, RESULTS)


@pytest.fixture(scope="session")
def coarse_results(coarse: Theatre) -> dict[str, okhotsk.Assessment]:
    """Some options on the coarse sea, by id, their intervals over weightings alone."""
    same = {c.column: 0.5 for c in index.read_recipe().components}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            uncertainty.Sampler, "records", lambda self, scenario, units: [same] * len(units)
        )
        return {a.scenario.scenario_id: a for a in okhotsk.assess_all(coarse, COARSE)}


@pytest.fixture(scope="session")
def site(results: list[okhotsk.Assessment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a run over the shared results writes; not to be changed."""
    folder = tmp_path_factory.mktemp("site")
    write_all(results, folder)
    return folder
