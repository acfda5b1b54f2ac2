"""The theatre on disk: read where the same inputs were seen before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.cache import cache_folder, code_digest, digest_of, read_arrays, write_arrays
from okhotsk.datasets import data_folder, sha256
from okhotsk.raster.proximity import DistanceField
from okhotsk.raster.viewshed import Viewshed
from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.build import Progress, compute, dry_seabed
from okhotsk.theatre.coast import islands_table, read_coast
from okhotsk.theatre.exits import ExitCells
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import Gaps, Shore, Throat, read_straits

INPUTS = ("coast.fgb", "islands.toml", "straits.toml", "sea.toml")


ARRAYS = (
    "water",
    "sea",
    "ends",
    "section_km2",
    "throats",
    "shores",
    "gaps",
    "sizes",
    "cells",
    "km",
    "seen_sizes",
    "seen_cells",
    "seen_km",
    "dry",
    "wet",
    "shore_km",
    *ExitCells.ARRAYS,
)


def load(
    *,
    seabed: str | Path | None = None,
    positive: str | None = None,
    variable: str | None = None,
    resolution_arcmin: float | None = None,
    cache: bool = True,
    threads: int = 2,
    progress: Progress | None = None,
    computing: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Theatre:
    """Return the theatre, from the cache where the same inputs were seen before.

    Parameters
    ----------
    seabed
        Path of a better seabed (GeoTIFF or NetCDF); the shipped one by default.
    positive
        ``"up"`` or ``"down"`` where that file does not say which way its values grow.
    variable
        Variable of a NetCDF, or number of a band, where that file has several.
    resolution_arcmin
        What that file resolves, where that is coarser than its cells.
    cache
        Whether to read and write the cache (``OKHOTSK_CACHE_DIR``, by default
        ``~/.cache/okhotsk``).
    threads
        Threads that share the work where nothing is cached.
    progress
        Called with a line before each long step.
    computing
        Gives a context to compute in where nothing is cached.

    Raises
    ------
    SeabedError
        Where the seabed cannot serve.
    """
    say = progress or (lambda _: None)
    say("reading coast and seabed")
    depths = read_seabed(
        Path(seabed) if seabed else None,
        positive=positive,
        variable=variable,
        resolution_arcmin=resolution_arcmin,
    )
    lands = read_coast()
    key = _key(depths)
    path = cache_folder() / f"theatre-{key[:16]}.npz"
    stored = read_arrays(path, ARRAYS) if cache else None
    if stored is None:
        with computing():
            stored = compute(lands, depths, say, threads=threads)
            if cache:
                write_arrays(path, stored)
    return assemble(lands, depths, stored, key)


def _key(seabed: Seabed) -> str:
    """Digest of the inputs and of the code that turns them into a theatre."""
    files = [sha256(data_folder() / name) for name in INPUTS]
    depths = (seabed.sha256, seabed.depth_m, str(seabed.grid), seabed.native_km)
    code = code_digest(compute.__module__, figures_only=True)
    return digest_of(code, *files, *depths).hex()


def assemble(
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    stored: Mapping[str, NDArray[Any]],
    key: str,
) -> Theatre:
    """The theatre from its arrays."""
    distances = _split(DistanceField, lands, *(stored[key] for key in ("sizes", "cells", "km")))
    viewsheds = _split(
        Viewshed, lands, *(stored[f"seen_{key}"] for key in ("sizes", "cells", "km"))
    )
    (basin, ocean) = ((int(row), int(col)) for row, col in stored["ends"])
    throats = tuple(
        Throat(
            strait,
            **{
                **text,
                "line": shapely.from_wkt(text["line"]),
                "distance_km": np.array(text["distance_km"]),
                "depth_m": np.array(text["depth_m"]),
                "operating_areas_km2": tuple(text["operating_areas_km2"]),
            },
        )
        for strait, text in zip(read_straits(), json.loads(str(stored["throats"])), strict=True)
    )
    area_km2 = seabed.grid.cell_area_km2().astype(np.float32)[:, None]
    theatre = Theatre(
        lands=lands,
        islands=islands_table(lands),
        seabed=dry_seabed(seabed, stored["water"], lands),
        water_km2=stored["water"] * area_km2,
        sea=Sea(stored["sea"], basin, ocean, float(stored["section_km2"])),
        throats=throats,
        distances=distances,
        viewsheds=viewsheds,
        key=key,
    )
    # What is on disk need not be found at first use.
    theatre.__dict__.update(
        nearest_water=(stored["dry"], stored["wet"]),
        shore_km=stored["shore_km"],
        shores=tuple(
            {unit: Shore(np.array(km), tuple(ends)) for unit, (km, ends) in near.items()}
            for near in json.loads(str(stored["shores"]))
        ),
        gaps=tuple(
            Gaps(tuple(owner), np.array(km), tuple(ends))
            for owner, km, ends in json.loads(str(stored["gaps"]))
        ),
        exit_cells=ExitCells.of(stored, throats, theatre.seabed.measured.grid.shape),
    )
    return theatre


def _split(
    make: Callable[..., Any], units: Iterable[str], sizes: NDArray[Any], *arrays: NDArray[Any]
) -> Mapping[str, Any]:
    """A record for every unit from arrays that hold those of all, one after the other."""
    edges = np.cumsum(sizes)[:-1]
    pieces = zip(*(np.split(array, edges, axis=-1) for array in arrays), strict=True)
    return MappingProxyType({unit: make(*p) for unit, p in zip(units, pieces, strict=True)})
