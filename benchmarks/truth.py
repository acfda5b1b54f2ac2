"""How far the answers are from the truth, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.problems import Problem

# Kernels whose truth is what another tool finds for the same question.
JUDGES: Mapping[str, str] = {"cut": "pymaxflow16", "widest": "scipy", "viewshed": "gdal"}
AGAINST: Mapping[str, str] = {
    "fields": "pyproj.Geod, 1000 water cells and 37 lands",
    "cut": "pymaxflow16's cut, itself of 16 neighbours: see analytic",
    "widest": "scipy minimum_spanning_tree, 1000 cells to the seed",
    "viewshed": "gdal_viewshed, boats at 100 m in 1000 water cells",
}

Error = dict[str, str | float]


def find_error(
    kernel: str, problem: Problem, answer: Sequence[float], judge: Sequence[float] | None
) -> Error | None:
    """Median, 95th percentile and maximum of the relative error; none without a judge."""
    if kernel == "fields":
        true = problem.fields_km
    elif judge is None:
        return None
    else:
        true = np.asarray(judge, float)
    return {"against": AGAINST[kernel], **spread(np.asarray(answer, float), true)}


def spread(answer: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Relative errors where the truth is finite and above 0, and how often only one is."""
    known = np.isfinite(true) & (true > 0)
    reached = np.isfinite(answer) & (answer > 0)
    both = known & reached
    relative = np.abs(answer[both] - true[both]) / true[both]
    if not len(relative):
        return {"disagree": int(np.sum(known != reached))}
    return {
        "median": float(np.median(relative)),
        "p95": float(np.percentile(relative, 95)),
        "max": float(relative.max()),
        "disagree": int(np.sum(known != reached)),
    }
