"""What GRASS and GDAL do: programs from Debian, with the reading and writing of their rasters."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from benchmarks.jobs import Absent, Job
from benchmarks.problems import Problem

INSTALL = "apt-get install grass-core gdal-bin python3-gdal"


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Absent(f"{name} is not on PATH: {INSTALL}")
    return found


def _scratch(problem: Problem) -> Path:
    return Path(tempfile.mkdtemp(dir=problem.folder))


def _read(path: Path) -> NDArray[Any]:
    with rasterio.open(path) as source:
        return source.read(1)


def grass_nearest(problem: Problem) -> Job:
    """Geodesic distances of r.grow.distance; import and export are left out, its own IO is not."""
    grass, place = _program("grass"), _scratch(problem)
    base = subprocess.check_output([grass, "--config", "path"], text=True).strip()
    subprocess.run([grass, "-c", "EPSG:4326", "-e", str(place / "sea")], check=True)
    rc = place / "rc"
    rc.write_text(f"GISDBASE: {place}\nLOCATION_NAME: sea\nMAPSET: PERMANENT\nGUI: text\n")
    paths = {"PATH": [f"{base}/bin", f"{base}/scripts"], "LD_LIBRARY_PATH": [f"{base}/lib"]}
    # Called as a program: the start of a session would be timed with it otherwise.
    env = {"GISBASE": base, "GISRC": str(rc), "GRASS_VERBOSE": "0"} | {
        key: os.pathsep.join([*new, os.environ.get(key, "")]) for key, new in paths.items()
    }
    whole = {**os.environ, **env}
    bring = [f"{base}/bin/r.in.gdal", f"input={problem.land_tif}", "output=land"]
    subprocess.run(bring, check=True, env=whole)
    subprocess.run([f"{base}/bin/g.region", "raster=land"], check=True, env=whole)
    command = [f"{base}/bin/r.grow.distance", "input=land", "distance=m", "metric=geodesic"]

    def sample(_: None) -> NDArray[np.float64]:
        out = place / "m.tif"
        export = [f"{base}/bin/r.out.gdal", "input=m", f"output={out}", "type=Float64"]
        subprocess.run(export, check=True, env=whole, stdout=subprocess.DEVNULL)
        km = _read(out).ravel()[problem.cells] / 1000
        shutil.rmtree(place)
        return km

    return Job(sample, command=command, env=env)


def gdal_nearest(problem: Problem) -> Job:
    """Planar distances in cells, turned into km by the one factor that suits them best."""
    program, place = _program("gdal_proximity.py"), _scratch(problem)
    out = place / "cells.tif"
    options = ["-q", "-values", "1", "-distunits", "PIXEL", "-ot", "Float32"]

    def sample(_: None) -> NDArray[np.float64]:
        away = _read(out).ravel()[problem.cells]
        shutil.rmtree(place)
        return away * np.median(problem.nearest_km / away)

    return Job(sample, command=[program, *options, str(problem.land_tif), str(out)])
