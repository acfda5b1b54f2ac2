"""The shape of results.json, the table made of it, and what the machine is."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

KERNELS = ("fields", "cut", "widest", "viewshed", "assess-cold", "assess-warm")
RESOLUTIONS = ("4m", "1m", "15s")
OURS = "okhotsk"
# How many times faster than each peer is aimed at; None where no aim was set.
TARGETS: Mapping[tuple[str, str], int | None] = {
    ("fields", "pykdtree"): None,
    ("cut", "pymaxflow16"): 12,
    ("widest", "scipy"): 25,
    ("widest", "skimage"): 60,
    ("viewshed", "gdal"): None,
}
# The finest cells at which a peer can be asked; others are compared on 5280 x 7680 cells.
TARGET_RESOLUTION: Mapping[str, str] = {"cut": "1m"}
FINEST = "15s"
LIBRARIES = (
    "okhotsk",
    "numpy",
    "scipy",
    "numba",
    "pyproj",
    "rasterio",
    "pykdtree",
    "scikit-image",
    "PyMaxflow",
)
NUMBERS = ("seconds", "peak_mb", "runs")

Row = Mapping[str, Any]


def describe_machine(programs: Mapping[str, str]) -> dict[str, Any]:
    """Processor, memory, system and versions; ``programs`` are those outside Python."""
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(_field("/proc/meminfo", "MemTotal").split()[0] or 0) / 2**20, 1),
        "os": _field("/etc/os-release", "PRETTY_NAME").strip('"') or platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES} | dict(programs),
    }


def _field(path: str, name: str) -> str:
    """A field of one of the kernel's or the system's text files, "0" where there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "0"
    found = (line for line in lines if line.startswith(name))
    return next(found, "0").replace("=", ":").partition(":")[2].strip() or "0"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def check(results: Mapping[str, Any]) -> None:
    """Raise unless results have the documented shape (README.md of this folder)."""
    wrong = {"machine", "results", "absent", "analytic"} ^ results.keys()
    if wrong:
        raise ValueError(f"results.json: keys missing or unknown: {', '.join(sorted(wrong))}")
    for row in results["results"]:
        _check_row(row)
    for row in results["absent"]:
        if {"kernel", "resolution", "tool", "why"} != row.keys():
            raise ValueError(f"results.json: absent: {row}")
    places = [(row["kernel"], row["resolution"], row["tool"]) for row in results["results"]]
    if len(places) != len(set(places)):
        raise ValueError("results.json: the same measurement twice")


def _check_row(row: Row) -> None:
    place = f"results.json: {row.get('kernel')} {row.get('resolution')} {row.get('tool')}"
    keys = {"kernel", "resolution", "tool", "answer", "error", *NUMBERS}
    if row.get("tool") == OURS:
        keys |= {"compile_seconds"}
    if keys != row.keys():
        raise ValueError(f"{place}: keys missing or unknown: {sorted(keys ^ row.keys())}")
    if row["kernel"] not in KERNELS or row["resolution"] not in RESOLUTIONS:
        raise ValueError(f"{place}: unknown kernel or resolution")
    if row["tool"] != OURS and (row["kernel"], row["tool"]) not in TARGETS:
        raise ValueError(f"{place}: unknown tool")
    if not all(row[name] > 0 for name in NUMBERS):
        raise ValueError(f"{place}: {', '.join(NUMBERS)} must be above 0")


def ratio(results: Sequence[Row], row: Row) -> float | None:
    """How many times longer a peer takes than ours; none for ours, or where ours is missing."""
    place = row["kernel"], row["resolution"]
    own = [r for r in results if (r["kernel"], r["resolution"]) == place and r["tool"] == OURS]
    if row["tool"] == OURS or not own:
        return None
    return float(row["seconds"] / own[0]["seconds"])


HEAD = (
    "kernel",
    "cells",
    "tool",
    "seconds",
    "peak MB",
    "runs",
    "ratio",
    "target",
    "error (max)",
    "answer",
)


def table(results: Mapping[str, Any]) -> str:
    """The table, ours before its peers, then what was absent."""
    rows = sorted(results["results"], key=_order)
    lines = [HEAD, *(_cells(results["results"], row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    gone = [
        f"absent: {r['kernel']} {r['resolution']} {r['tool']}: {r['why']}"
        for r in results["absent"]
    ]
    known = [
        f"analytic: {r['kernel']} {r['tool']}: {r['case']}: off by at most {r['max']:.2%}"
        for r in results["analytic"]
    ]
    return "\n".join([*text, *known, *gone])


def _order(row: Row) -> tuple[int, int, bool]:
    place = KERNELS.index(row["kernel"]), RESOLUTIONS.index(row["resolution"])
    return (*place, row["tool"] != OURS)


def _cells(results: Sequence[Row], row: Row) -> tuple[str, ...]:
    times, aim = ratio(results, row), TARGETS.get((row["kernel"], row["tool"]))
    finest = TARGET_RESOLUTION.get(row["kernel"], FINEST)
    due = aim is not None and row["resolution"] == finest
    error = row["error"] or {}
    return (
        row["kernel"],
        row["resolution"],
        row["tool"],
        f"{row['seconds']:.4g}",
        f"{row['peak_mb']:.0f}",
        str(row["runs"]),
        "" if times is None else f"{times:.1f}x",
        f"{aim}x" if due else "",
        f"{error['max']:.2g}" if "max" in error else "",
        row["answer"],
    )
