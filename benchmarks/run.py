"""Run the benchmarks: ``python -m benchmarks.run --help``; ``make bench`` runs them all."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.report import KERNELS, OURS, RESOLUTIONS, TARGETS, check, describe_machine, table

ROOT = Path(__file__).resolve().parents[1]
SLOW_SECONDS = 20.0  # a peer that takes longer runs once
SMALL = "4m"  # compiled on


@dataclass
class _Series:
    """The runs of one tool at one resolution."""

    kernel: str
    resolution: str
    tool: str
    runs: list[dict[str, Any]] = field(default_factory=list)
    compile_seconds: float = 0.0

    def wants(self, runs: int) -> bool:
        slow = self.tool != OURS and self.runs and self.runs[0].get("seconds", 0) > SLOW_SECONDS
        ended = self.runs and not {"absent", "failed"}.isdisjoint(self.runs[0])
        return len(self.runs) < runs and not slow and not ended


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument("--kernel", action="append", choices=KERNELS, help="default: all")
    parser.add_argument("--resolution", action="append", choices=RESOLUTIONS, help="default: all")
    parser.add_argument("--tool", action="append", help="default: all; okhotsk is always run")
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool (default 3)")
    parser.add_argument("--folder", type=Path, help="keep the inputs here (default: a new folder)")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "results.json")
    chosen = parser.parse_args()
    if chosen.runs < 1:
        parser.error("--runs must be at least 1")
    return chosen


def main() -> None:
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="okhotsk-bench-") as scratch:
        folder = chosen.folder or Path(scratch)
        env = {**os.environ, "NUMBA_CACHE_DIR": str(Path(scratch) / "numba")}
        results = collect(chosen, folder, env)
    check(results)
    chosen.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results["machine"], indent=1), table(results), sep="\n")


def collect(chosen: argparse.Namespace, folder: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Run everything chosen and return what results.json holds."""
    kernels, resolutions = chosen.kernel or KERNELS, chosen.resolution or RESOLUTIONS
    for resolution in {SMALL, *resolutions}:
        _child(folder, resolution, "prepare", "-", env)
    done: list[_Series] = []
    for kernel in kernels:
        for resolution in resolutions:
            done += _compare(chosen, folder, env, kernel, resolution)
    # Not before all ran: a child starts with the peak of its parent, and this one brings numpy.
    from benchmarks.analytic import known_cases

    return {
        "machine": describe_machine(_programs()),
        "results": [_row(s, done, folder) for s in done if "seconds" in s.runs[0]],
        "absent": [_absence(s) for s in done if "seconds" not in s.runs[0]],
        "analytic": known_cases(kernels),
    }


def _tools(kernel: str, only: Sequence[str] | None) -> list[str]:
    """Names from report's targets: to import the tools here would swell every child's peak."""
    peers = [tool for name, tool in TARGETS if name == kernel]
    return [OURS, *(tool for tool in peers if not only or tool in only)]


def _compare(
    chosen: argparse.Namespace, folder: Path, env: Mapping[str, str], kernel: str, resolution: str
) -> list[_Series]:
    """Ours and its peers in turn, so that they run in the same minutes."""
    series = [_Series(kernel, resolution, tool) for tool in _tools(kernel, chosen.tool)]
    first = _child(folder, SMALL, kernel, OURS, env, warm=True)
    series[0].compile_seconds = first.get("first_seconds") or 0.0
    for _ in range(chosen.runs):
        for one in series:
            if one.wants(chosen.runs):
                warm = one.tool == OURS
                result = _child(folder, resolution, kernel, one.tool, env, warm=warm)
                one.runs.append(result)
                _say(one, result)
    return series


def _child(
    folder: Path,
    resolution: str,
    kernel: str,
    tool: str,
    env: Mapping[str, str],
    *,
    warm: bool = False,
) -> dict[str, Any]:
    """What one measured process says; why, where it fails."""
    out = folder / "result.json"
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.child", str(folder), resolution, kernel, tool]
    command += ["warm" if warm else "cold", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True)
    if done.returncode:
        if kernel == "prepare":
            raise SystemExit(done.stderr)
        last = done.stderr.strip().splitlines() or ["killed: too little memory?"]
        return {"failed": f"exit status {done.returncode}: {last[-1]}"}
    return json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def _say(one: _Series, result: Mapping[str, Any]) -> None:
    seconds = result.get("seconds")
    text = f"{seconds:.4g} s" if seconds else result.get("absent") or result.get("failed")
    print(f"{one.kernel} {one.resolution} {one.tool}: {text}", file=sys.stderr, flush=True)


def _row(one: _Series, done: Sequence[_Series], folder: Path) -> dict[str, Any]:
    """A row of results.json."""
    from benchmarks.problems import Problem
    from benchmarks.tools import TOOLS
    from benchmarks.truth import JUDGES, find_error

    good = [run for run in one.runs if "seconds" in run]
    by = JUDGES.get(one.kernel, "")
    judge = next(_answers(done, one, by), None) if one.tool != by else None  # not by itself
    row = {
        "kernel": one.kernel,
        "resolution": one.resolution,
        "tool": one.tool,
        "seconds": statistics.median(run["seconds"] for run in good),
        "peak_mb": round(statistics.median(run["peak_mb"] for run in good)),
        "answer": TOOLS[one.kernel][one.tool].answer,
        "error": find_error(one.kernel, Problem(folder, one.resolution), good[0]["answer"], judge),
        "runs": len(good),
    }
    return row | ({"compile_seconds": one.compile_seconds} if one.tool == OURS else {})


def _answers(done: Sequence[_Series], like: _Series, tool: str) -> Iterator[list[float]]:
    for one in done:
        place = one.kernel, one.resolution, one.tool
        if place == (like.kernel, like.resolution, tool) and "answer" in one.runs[0]:
            yield one.runs[0]["answer"]


def _absence(one: _Series) -> dict[str, str]:
    why = one.runs[0].get("absent") or one.runs[0].get("failed") or "gave no result"
    return {"kernel": one.kernel, "resolution": one.resolution, "tool": one.tool, "why": why}


def _programs() -> dict[str, str]:
    """Versions of the programs outside Python that are there."""
    if not shutil.which("gdalinfo"):
        return {}
    found = subprocess.run(["gdalinfo", "--version"], capture_output=True, text=True)
    return {"gdal": found.stdout.strip()}


if __name__ == "__main__":
    main()
