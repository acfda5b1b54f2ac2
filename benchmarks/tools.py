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


TOOLS: Mapping[str, Mapping[str, Tool]] = MappingProxyType(
    {
        "fields": {
            "okhotsk": Tool(ours.fields, "ellipsoid, exact nearest shore point, 37 lands"),
            "pykdtree": Tool(peers.pykdtree_fields, "the same; places in space ready-made"),
        },
        "cut": {
            "okhotsk": Tool(ours.cut, "closed curve along 56 directions, through the mainland"),
            "pymaxflow16": Tool(
                peers.maxflow_cut, "16-neighbour cut, Cauchy-Crofton weights; building included"
            ),
        },
        "widest": {
            "okhotsk": Tool(ours.widest, "all depths, one seed"),
            "scipy": Tool(peers.scipy_widest, "all depths, all pairs; building included"),
            "skimage": Tool(peers.skimage_widest, "all depths, one seed"),
        },
        "viewshed": {
            "okhotsk": Tool(ours.viewshed, "five depths, nearest lookout; rays along geodesics"),
            "gdal": Tool(
                programs.gdal_viewshed, "a run for each lookout, planar; processes and IO included"
            ),
        },
        "assess-cold": {"okhotsk": Tool(ours.assess_cold, "okhotsk assess, nothing kept on disk")},
        "assess-warm": {"okhotsk": Tool(ours.assess_warm, "okhotsk assess, all kept on disk")},
    }
)
