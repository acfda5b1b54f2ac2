"""What okhotsk does for each kernel."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.jobs import Absent, Job
from benchmarks.problems import CLASSES, Problem


def _find(module: str, name: str) -> Any:
    """A function of the package; absent where this version does not have it."""
    try:
        return getattr(import_module(f"okhotsk.{module}"), name)
    except (ImportError, AttributeError) as error:
        raise Absent(f"okhotsk.{module}.{name} is not in this version") from error


def nearest(problem: Problem) -> Job:
    solve, land, cells = _find("nearest", "nearest_cell_km"), problem.land, problem.cells
    return Job(lambda km: km.ravel()[cells], lambda: solve(land, problem.grid))


def cost(problem: Problem) -> Job:
    solve, field = _find("cost", "cost_distance"), problem.travel_cost()
    return Job(
        lambda reached: reached.ravel()[problem.cells],
        lambda: solve(field, problem.grid, problem.start),
    )


def cut(problem: Problem) -> Job:
    solve, section = _find("cut", "cheapest_enclosure"), problem.section()
    inside, outside = problem.basin(), problem.ocean()

    def work() -> Any:
        """The proof too: the peer's cut is the least of all, rings included."""
        found = solve(section, problem.grid, inside=inside, outside=outside, anchor=problem.anchor)
        if not found.is_proven():
            raise ValueError("cut: a ring in open water costs less than the curve found")
        return found

    return Job(lambda found: np.array([found.cost]), work)


def bottleneck(problem: Problem) -> Job:
    solve, depth_m = _find("bottleneck", "reach_m"), problem.depth_m
    return Job(lambda reach: reach.ravel()[problem.cells], lambda: solve(depth_m, problem.start))


def areas(problem: Problem) -> Job:
    """Areas of cells are made beforehand, untimed, as for bincount."""
    solve, classes = _find("areas", "class_areas_km2"), problem.classes()
    rows_km2 = problem.grid.cell_area_km2().astype(np.float32)
    water_km2 = np.repeat(rows_km2, classes.shape[1]).reshape(classes.shape)
    return Job(np.asarray, lambda: solve(classes, water_km2, count=CLASSES))
