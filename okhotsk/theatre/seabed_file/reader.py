"""Reads a seabed file through a process of its own: a file that ends it ends nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

import numpy as np

from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import Float32Array
from okhotsk.raster.grid import Grid
from okhotsk.theatre.seabed_file.kind import check_plain

LONGEST_NAME = 255
MODULE = "okhotsk.theatre.seabed_file.source"
LIMIT_S = 1800.0  # the earth in cells of 15 arc-seconds takes a few minutes from a slow disk


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    Attributes
    ----------
    depth_m
        Metres, positive down, on cells that are whole parts of those of the analysis; NaN where
        nothing is known.
    parts
        How many of them lie along a cell of the analysis.
    native_deg
        Size of the file's own cells, as degrees of latitude.
    up
        Whether the values of the file grow upwards.
    deepest, highest
        Depth, longitude and latitude of the deepest and the highest value of the file.
    """

    depth_m: Float32Array
    parts: int
    native_deg: float
    up: bool
    deepest: tuple[float, float, float]
    highest: tuple[float, float, float]


def read_raster(
    path: Path,
    grid: Grid,
    *,
    positive: str | None = None,
    variable: str | None = None,
    limit_s: float = LIMIT_S,
) -> Reading:
    """Return what a file holds on a grid and finer.

    Parameters
    ----------
    path
        A plain file.
    grid
        The grid of the analysis.
    positive, variable
        As for :func:`okhotsk.theatre.bathymetry.read_seabed`.
    limit_s
        Seconds after which the reading is given up.

    Raises
    ------
    SeabedError
        Where the file cannot be read.
    """
    check_plain(path)
    _check_words(path, variable)
    words = command(path, positive=positive, variable=variable)
    late = Event()
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        timer = Timer(limit_s, _end, (process, late))
        timer.start()
        try:
            assert process.stdout is not None
            return _receive(process.stdout, grid)
        except EOFError:
            why = "the program that reads it broke off: the file is damaged"
            if late.is_set():
                why = f"it took longer than {limit_s:g} s"
            raise SeabedError(
                f"{path}: cannot be read as a raster ({why}); expected a GeoTIFF or NetCDF"
            ) from None
        except SeabedError as error:
            # The process knows the file by its full path, the reader by the one that was given.
            said = str(error).removeprefix(str(path.absolute()))
            raise SeabedError(said if said == str(error) else f"{path}{said}") from None
        finally:
            timer.cancel()
            process.kill()


def _check_words(path: Path, variable: str | None) -> None:
    """Stop where the words of the request cannot be handed to the process."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        raise SeabedError(
            f"{path!r}: its name is no text in UTF-8, expected one that is; rename it"
        ) from error
    if variable is not None and len(variable) > LONGEST_NAME:
        raise SeabedError(
            f"{path}: the variable has a name of {len(variable):,} letters, expected at most "
            f"{LONGEST_NAME}; okhotsk lists those there are where the name is wrong"
        )


def _end(process: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    process.kill()


def command(path: Path, *, positive: str | None, variable: str | None) -> list[str]:
    """Return the words that start the process; what lies in the working folder is not imported."""
    request = {"path": str(path.absolute()), "positive": positive, "variable": variable}
    return [sys.executable, "-X", "utf8", "-P", "-W", "ignore", "-m", MODULE, json.dumps(request)]


def environment() -> dict[str, str]:
    """Return the environment of the process: this package, one thread."""
    home = str(Path(__file__).parents[3])
    paths = [home, os.environ.get("PYTHONPATH", "")]
    joined = os.pathsep.join(path for path in paths if path)
    own = {"PYTHONPATH": joined, "OPENBLAS_NUM_THREADS": "1", "NCRCENV_IGNORE": "1"}
    return {**os.environ, **own}


def _receive(pipe: IO[bytes], grid: Grid) -> Reading:
    """Put together what the process writes, strip by strip."""
    about = _record(pipe)
    parts = int(about["parts"])
    depth_m = np.empty((grid.shape[0] * parts, grid.shape[1] * parts), np.float32)
    deepest, highest = (-np.inf, 0.0, 0.0), (np.inf, 0.0, 0.0)
    top = 0
    while top < len(depth_m):
        strip = _record(pipe)
        rows = depth_m[top : top + int(strip["rows"])]
        _fill(rows, pipe)
        deepest = max(deepest, tuple(strip.get("deepest", deepest)))
        highest = min(highest, tuple(strip.get("highest", highest)))
        top += len(rows)
    return Reading(depth_m, parts, about["native_deg"], about["up"], deepest, highest)


def _record(pipe: IO[bytes]) -> dict[str, Any]:
    """The next record of the process; its refusal is raised."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    record: dict[str, Any] = json.loads(line)
    if "refused" in record:
        raise SeabedError(record["refused"])
    return record


def _fill(rows: Float32Array, pipe: IO[bytes]) -> None:
    """Fill an array with the next bytes."""
    room = rows.reshape(-1).view(np.uint8).data
    done = 0
    while done < len(room):
        got = pipe.readinto(room[done:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        done += got
