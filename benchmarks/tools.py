"""Which tools are compared, what each answers, and which ratios are aimed at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from benchmarks import ours, peers, programs
from benchmarks.jobs import Job
from benchmarks.problems import Problem


@dataclass(frozen=True)
class Tool:
    """One tool for one kernel: what starts it, and what it computes."""

    start: Callable[[Problem], Job]
    answer: str


def _for_nearest() -> dict[str, Tool]:
    tree = "sphere, exact nearest shore cell; tree and query, all cores"
    return {
        "okhotsk": Tool(ours.nearest, "ellipsoid, exact nearest land cell, all cells"),
        "pykdtree": Tool(peers.pykdtree_nearest, tree),
        "grass": Tool(programs.grass_nearest, "ellipsoid, propagated; its raster IO included"),
        "gdal_proximity": Tool(programs.gdal_nearest, "planar, one scale; process and IO included"),
    }


def _for_cost() -> dict[str, Tool]:
    return {
        "okhotsk": Tool(ours.cost, "8 neighbours, cell size by latitude"),
        "skimage": Tool(peers.skimage_cost, "8 neighbours, one cell size, cuts corners of land"),
        "scipy": Tool(peers.scipy_cost, "the same graph as ours; its building included"),
    }


def _for_cut() -> dict[str, Tool]:
    return {
        "okhotsk": Tool(ours.cut, "closed curve along 56 directions, through the mainland"),
        "pymaxflow": Tool(peers.maxflow_cut, "4-neighbour cut; its building included"),
    }


def _for_bottleneck() -> dict[str, Tool]:
    return {
        "okhotsk": Tool(ours.bottleneck, "all depths, one seed"),
        "scipy": Tool(peers.scipy_bottleneck, "all depths, all pairs; building included"),
        "skimage": Tool(peers.skimage_bottleneck, "all depths, one seed"),
    }


def _for_areas() -> dict[str, Tool]:
    return {
        "okhotsk": Tool(ours.areas, "30 classes"),
        "bincount": Tool(peers.bincount_areas, "30 classes, weights of all cells ready-made"),
    }


TOOLS: Mapping[str, Mapping[str, Tool]] = MappingProxyType(
    {
        "nearest": _for_nearest(),
        "cost": _for_cost(),
        "cut": _for_cut(),
        "bottleneck": _for_bottleneck(),
        "areas": _for_areas(),
    }
)
