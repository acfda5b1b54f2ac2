"""The theatre: everything that no option changes, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from okhotsk.coast import islands_table, read_coast, water_fraction
from okhotsk.distance import Field, distance_field
from okhotsk.grid import Grid
from okhotsk.sea import Sea, find_sea
from okhotsk.seabed import Seabed, read_seabed
from okhotsk.sources import data_folder, sha256
from okhotsk.straits import Throat, find_sills, find_throat, read_straits

Progress = Callable[[str], None]
INPUTS = ("coast.fgb", "islands.toml", "straits.toml", "sea.toml")
BUILDERS = (
    "bottleneck", "coast", "cut", "distance", "geodesy", "grid", "sea", "search", "straits",
    "theatre",
)  # fmt: skip
ARRAYS = ("water", "sea", "ends", "section_km2", "throats", "sizes", "cells", "km")


@dataclass(frozen=True)
class Theatre:
    """Coast, seabed, sea, straits and distances.

    Attributes
    ----------
    lands
        Land of every unit (EPSG:4326), by unit id.
    islands
        Table of the Kuril islands.
    seabed
        Depths on the grid.
    water_km2
        Area of water in every cell.
    sea
        The sea's cells and limits.
    throats
        Every strait's least cross-section, profile and sill.
    fields
        Distance to every unit, by unit id.
    key
        Digest of everything the theatre was computed from.
    """

    lands: Mapping[str, shapely.MultiPolygon]
    islands: gpd.GeoDataFrame
    seabed: Seabed
    water_km2: NDArray[np.float32]
    sea: Sea
    throats: tuple[Throat, ...]
    fields: Mapping[str, Field]
    key: str

    @property
    def grid(self) -> Grid:
        """Grid of all rasters."""
        return self.seabed.grid

    @property
    def sea_km2(self) -> float:
        """Area of the sea."""
        return float(self.water_km2[self.sea.mask].sum(dtype=float))

    def _repr_html_(self) -> str:
        deepest = self.seabed.depth_m[self.sea.mask].max()
        return (
            f"<p><b>Theatre</b>: Sea of Okhotsk, {self.sea_km2:,.0f} km2, down to {deepest:,.0f} "
            f"m; {len(self.throats)} straits, {len(self.islands)} islands; seabed "
            f"{self.seabed.name}</p>"
        )


def load(
    *,
    seabed: str | Path | None = None,
    positive: str | None = None,
    cache: bool = True,
    progress: Progress | None = None,
) -> Theatre:
    """Return the theatre, from the cache where the same inputs were seen before.

    Parameters
    ----------
    seabed
        Path of a better seabed (GeoTIFF or NetCDF); the shipped one by default.
    positive
        ``"up"`` or ``"down"`` where that file does not say which way its values grow.
    cache
        Whether to read and write the cache (``OKHOTSK_CACHE_DIR``, by default
        ``~/.cache/okhotsk``).
    progress
        Called with a line before each long step.

    Raises
    ------
    SeabedError
        Where the seabed cannot serve.
    """
    say = progress or (lambda _: None)
    say("reading coast and seabed")
    depths = read_seabed(Path(seabed) if seabed else None, positive=positive)
    lands = read_coast()
    key = _key(depths)
    path = cache_folder() / f"theatre-{key[:16]}.npz"
    stored = _read_cache(path) if cache else None
    if stored is None:
        stored = _compute(lands, depths, say)
        if cache:
            _write_cache(path, stored)
    return _assemble(lands, depths, stored, key)


def cache_folder() -> Path:
    """Folder in which theatres are kept."""
    chosen = os.environ.get("OKHOTSK_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return Path(chosen) if chosen else Path(base) / "okhotsk"


def _key(seabed: Seabed) -> str:
    """Digest of the inputs and of the code that turns them into a theatre."""
    digest = hashlib.sha256(seabed.sha256.encode() + seabed.depth_m.tobytes())
    for name in INPUTS:
        digest.update(sha256(data_folder() / name).encode())
    for name in BUILDERS:
        digest.update(sha256(Path(__file__).with_name(f"{name}.py")).encode())
    return digest.hexdigest()


def _compute(
    lands: Mapping[str, shapely.MultiPolygon], seabed: Seabed, say: Progress
) -> dict[str, NDArray[Any]]:
    """Everything slow, as plain arrays."""
    water = water_fraction(lands, seabed.grid)
    say("finding the limits of the sea")
    sea = find_sea(seabed, water)
    say("measuring the straits")
    throats = [find_throat(strait, lands, seabed, water) for strait in read_straits()]
    sills = find_sills(throats, seabed, sea)
    say("measuring distances to every shore")
    fields = [distance_field(land, seabed.grid, water > 0) for land in lands.values()]
    texts = [
        {"line": t.line.wkt, "sill_depth_m": sills.get(t.strait.strait_id)}
        | {k: getattr(t, k) for k in ("width_km", "throat_width_km", "throat_area_km2", "resolved")}
        | {k: getattr(t, k).tolist() for k in ("distance_km", "depth_m")}
        for t in throats
    ]
    return {
        "water": water,
        "sea": sea.mask,
        "ends": np.array([sea.basin, sea.ocean]),
        "section_km2": np.array(sea.section_km2),
        "throats": np.array(json.dumps(texts)),
        "sizes": np.array([len(field.cells) for field in fields]),
        "cells": np.concatenate([field.cells for field in fields]),
        "km": np.concatenate([field.km for field in fields]),
    }


def _assemble(
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    stored: Mapping[str, NDArray[Any]],
    key: str,
) -> Theatre:
    """The theatre from its arrays."""
    edges = np.cumsum(stored["sizes"])[:-1]
    pieces = zip(np.split(stored["cells"], edges), np.split(stored["km"], edges), strict=True)
    (basin, ocean) = ((int(row), int(col)) for row, col in stored["ends"])
    throats = (
        Throat(
            strait,
            **{
                **text,
                "line": shapely.from_wkt(text["line"]),
                "distance_km": np.array(text["distance_km"]),
                "depth_m": np.array(text["depth_m"]),
            },
        )
        for strait, text in zip(read_straits(), json.loads(str(stored["throats"])), strict=True)
    )
    area_km2 = seabed.grid.cell_area_km2().astype(np.float32)[:, None]
    # No depth in a cell without water: the shore of the coast decides, not the seabed's.
    depth_m = np.where(stored["water"] > 0, seabed.depth_m, np.float32(0))
    return Theatre(
        lands=lands,
        islands=islands_table(lands),
        seabed=replace(seabed, depth_m=depth_m),
        water_km2=stored["water"] * area_km2,
        sea=Sea(stored["sea"], basin, ocean, float(stored["section_km2"])),
        throats=tuple(throats),
        fields=MappingProxyType(
            {unit: Field(*piece) for unit, piece in zip(lands, pieces, strict=True)}
        ),
        key=key,
    )


def _read_cache(path: Path) -> dict[str, NDArray[Any]] | None:
    """Arrays of an earlier run; None where there are none or they are damaged."""
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as stored:
            # An altered header can hide from the checks of single arrays.
            return None if stored.zip.testzip() else {name: stored[name] for name in ARRAYS}
    except Exception:  # damage makes the parsers of zip and npy raise nearly anything
        return None


def _write_cache(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep the arrays; a cache that cannot be written is no reason to fail."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as sink:
            try:
                np.savez(sink, **dict(arrays))  # type: ignore[arg-type]
                sink.close()
                Path(sink.name).replace(path)
            finally:  # a full disk or Ctrl-C leaves no half a file
                Path(sink.name).unlink(missing_ok=True)
    except OSError:
        return
