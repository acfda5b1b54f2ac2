"""One measured process: ``python -m benchmarks.child FOLDER RESOLUTION KERNEL TOOL WARM OUT``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.jobs import Absent, measure
from benchmarks.problems import Problem, prepare
from benchmarks.tools import TOOLS

SMALL = "4m"


def run(folder: Path, resolution: str, kernel: str, tool: str, *, warm: bool) -> dict[str, object]:
    """Measure a tool once; compile first, on the smallest problem, where asked for."""
    start = TOOLS[kernel][tool].start
    seconds = None
    if warm:
        job = start(Problem(folder, SMALL))
        begin = time.perf_counter()
        job.work()
        seconds = time.perf_counter() - begin
    measured = measure(start(Problem(folder, resolution)))
    return {
        "seconds": measured.seconds,
        "peak_mb": measured.peak_mb,
        "first_seconds": seconds,
        "answer": np.asarray(measured.answer, float).tolist(),
    }


def main() -> None:
    folder, resolution, kernel, tool, warm, out = sys.argv[1:]
    if kernel == "prepare":
        prepare(Path(folder), resolution)
        return
    try:
        result = run(Path(folder), resolution, kernel, tool, warm=warm == "warm")
    except Absent as absence:
        result = {"absent": str(absence)}
    Path(out).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
