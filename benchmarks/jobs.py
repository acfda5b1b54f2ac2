"""What a tool does in a measured process, and how that is measured."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A process keeps the peak of the one it was started from, so commands are started from a bare one.
_LAUNCHER = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - begin
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000]))
"""


class Absent(Exception):
    """A tool is not installed, or does not answer this question at this resolution."""


@dataclass(frozen=True)
class Job:
    """One thing to measure, its inputs in memory.

    Attributes
    ----------
    work
        What is timed.
    sample
        Turns the result of ``work`` into the numbers that are compared, untimed.
    command
        What is timed instead, where the tool is a program of its own.
    env
        Environment of that program.
    """

    sample: Callable[[Any], NDArray[np.float64]]
    work: Callable[[], Any] = lambda: None
    command: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """Wall time, peak memory of the process with its inputs, and the sampled answer."""

    seconds: float
    peak_mb: float
    answer: NDArray[np.float64]


def measure(job: Job) -> Measured:
    """Run a job once."""
    if job.command:
        seconds, peak_mb = _launch(job.command, job.env)
        return Measured(seconds, peak_mb, job.sample(None))
    begin = time.perf_counter()
    result = job.work()
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000  # before sampling adds
    return Measured(seconds, peak_mb, job.sample(result))


def run_quietly(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Run a program untimed, its output thrown away."""
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **env})


def _launch(command: Sequence[str], env: Mapping[str, str]) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **env},
    )
    seconds, peak_mb = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak_mb
