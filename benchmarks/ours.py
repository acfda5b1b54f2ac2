"""What okhotsk does for each kernel, and whole jobs as a user starts them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.jobs import Absent, Job, run_quietly
from benchmarks.problems import Problem
from okhotsk.raster.planar_cut import Enclosure, cheapest_enclosure
from okhotsk.raster.proximity import DistanceField, distance_fields
from okhotsk.raster.viewshed import Viewshed, find_viewshed
from okhotsk.raster.widest_path import widest_path_depth

COMMAND = (sys.executable, "-c", "from okhotsk.cli.main import main; main()")


def fields(problem: Problem) -> Job:
    lands, grid, water = problem.lands, problem.grid, ~problem.land

    def sample(found: dict[str, DistanceField]) -> NDArray[np.float64]:
        return np.concatenate(
            [problem.at_samples(f.cells, f.km.astype(float)) for f in found.values()]
        )

    return Job(sample, lambda: distance_fields(lands, grid, water))


def cut(problem: Problem) -> Job:
    section, inside, outside = problem.section(), problem.basin(), problem.ocean()

    def work() -> Enclosure:
        """The proof too: the peer's cut is the least of all, rings included."""
        found = cheapest_enclosure(
            section, problem.grid, inside=inside, outside=outside, anchor=problem.anchor
        )
        if not found.is_proven():
            raise ValueError("cut: a ring in open water costs less than the curve found")
        return found

    return Job(lambda found: np.array([found.cost]), work)


def widest(problem: Problem) -> Job:
    depth_m = problem.depth_m
    return Job(
        lambda sill_m: sill_m.ravel()[problem.cells],
        lambda: widest_path_depth(depth_m, problem.start),
    )


def viewshed(problem: Problem) -> Job:
    view = problem.view
    km = np.full(view.depth_m.shape, np.inf)

    def sample(found: Viewshed) -> NDArray[np.float64]:
        km.ravel()[found.cells] = found.km[view.level]
        return km.ravel()[view.cells]

    return Job(sample, lambda: find_viewshed(view.field, problem.grid, view.depth_m, native_km=0.0))


def _command(
    *arguments: str, again: bool = False, resolution: str = "1m"
) -> Callable[[Problem], Job]:
    """A command; ``again``: what it keeps on disk is there from a run before."""

    def start(problem: Problem) -> Job:
        if problem.resolution != resolution:
            raise Absent("whole jobs run on the shipped seabed")
        env = {"OKHOTSK_CACHE_DIR": str(problem.folder / "kept" if again else problem.scratch())}
        command: Sequence[str] = (*COMMAND, *arguments)
        if again:
            run_quietly(command, env)
        return Job(lambda _: np.empty(0), command=command, env=env)

    return start


assess_cold = _command("assess")
assess_warm = _command("assess", again=True)
