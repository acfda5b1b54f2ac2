"""How robust the index of some scenarios is: intervals, ranks, and what drives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from okhotsk.assessment import sensitivity, uncertainty
from okhotsk.assessment.record import Result
from okhotsk.assessment.uncertainty import Sampler, Uncertainty


@dataclass(frozen=True)
class Spread:
    """How far the index of some scenarios moves, and what moves it.

    Attributes
    ----------
    uncertainty
        Intervals, ranks and shares of the variance.
    drivers
        As :func:`okhotsk.assessment.sensitivity.drivers`.
    """

    uncertainty: Uncertainty
    drivers: pd.DataFrame


def analyse_robustness(
    results: Sequence[Result],
    *,
    count: int | None = None,
    sobol: int | None = None,
    workers: int = 2,
    progress: Callable[[str], None] | None = None,
) -> Spread:
    """Return how far the index of some scenarios moves; ranks are among these scenarios.

    Takes minutes the first time, for some hundred samples of every scenario.

    Parameters
    ----------
    results
        Scenarios assessed together.
    count, sobol
        Samples of the assumptions (:data:`okhotsk.assessment.uncertainty.MORE_SAMPLES` by default),
        and base samples of the Sobol indices (``SOBOL_SAMPLES``).
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with a line before each long step.
    """
    sampler = Sampler(results[0].theatre, workers=workers, progress=progress)
    scenarios = [result.scenario for result in results]
    found = uncertainty.analyse(
        sampler,
        scenarios,
        [result.record for result in results],
        results[0].today,
        count=count or uncertainty.MORE_SAMPLES,
    )
    drivers = sensitivity.drivers(sampler, scenarios, count=sobol or sensitivity.SOBOL_SAMPLES)
    return Spread(found, drivers)


def robustness_table(
    results: Sequence[Result], *, progress: Callable[[str], None] | None = None
) -> pd.DataFrame:
    """Return one row per option, as :func:`okhotsk.assessment.sensitivity.summary_table`."""
    found = analyse_robustness(results, progress=progress)
    return sensitivity.summary_table(found.uncertainty, found.drivers)
