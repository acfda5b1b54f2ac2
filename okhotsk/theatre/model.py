"""The theatre: everything that no option changes, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from okhotsk.cache import cache_folder, code_digest, read_arrays, write_arrays
from okhotsk.datasets import data_folder, sha256
from okhotsk.raster.grid import Grid
from okhotsk.raster.nearest import nearest_cell_km
from okhotsk.raster.proximity import Field, distance_fields, nearest_km
from okhotsk.raster.viewshed import Sight, find_sight
from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.coast import FIXED_HOLDERS, islands_table, read_coast, water_fraction
from okhotsk.theatre.exits import Doors, exit_keels, find_doors, finer_sea
from okhotsk.theatre.sea import Sea, find_sea
from okhotsk.theatre.straits import Shore, Throat, find_shores, find_throat, read_straits
from okhotsk.warmup import compiled_ahead

Progress = Callable[[str], None]
INPUTS = ("coast.fgb", "islands.toml", "straits.toml", "sea.toml")
ARRAYS = (
    "water",
    "sea",
    "ends",
    "section_km2",
    "throats",
    "shores",
    "sizes",
    "cells",
    "km",
    "seen_sizes",
    "seen_cells",
    "seen_km",
    "dry",
    "wet",
    *Doors.ARRAYS,
)
LEAST_LAND = 1e-4  # share of a cell: less is rounding, as a cell of the twin knows 1/1600
# rasterio hushes its own warnings in a way that two threads at once undo.
_RASTERIZE = Lock()


@dataclass(frozen=True)
class Theatre:
    """Coast, seabed, sea, straits, distances and lines of sight.

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
    sights
        Where a boat is in submerged line of sight of every unit, by unit id.
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
    sights: Mapping[str, Sight]
    key: str

    @property
    def grid(self) -> Grid:
        """Grid of all rasters."""
        return self.seabed.grid

    @property
    def sea_km2(self) -> float:
        """Area of the sea."""
        return float(self.water_km2[self.sea.mask].sum(dtype=float))

    @cached_property
    def clear(self) -> NDArray[np.bool_]:
        """Cells that hold no land, where a boat may go: a cape fills no cell, but bars it."""
        whole_km2 = self.grid.cell_area_km2()[:, None]
        return np.asarray(self.water_km2 > whole_km2 * (1 - LEAST_LAND))

    @cached_property
    def shore_km(self) -> NDArray[np.float32]:
        """Distance of every water cell to the nearest land; infinite beyond 380 km."""
        return nearest_km(self.fields.values(), self.grid.shape)

    @cached_property
    def nearest_water(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Flat indices of the cells without water, and of the nearest cell with some."""
        return _nearest_water(self.water_km2 > 0, self.grid)

    @cached_property
    def shores(self) -> tuple[Mapping[str, Shore], ...]:
        """How near every land is to each throat, by unit id."""
        return tuple(find_shores(throat, self.lands) for throat in self.throats)

    @cached_property
    def doors(self) -> Doors:
        """Where the throats of the exits let out of the sea, on the finest grid there is."""
        return _doors(self.throats, self.lands, self.seabed, self.water_km2 > 0, self.sea)

    @cached_property
    def dry_cells(self) -> Mapping[str, NDArray[np.intp]]:
        """What :meth:`find_dry` returns for every land that may be Japanese, by unit id."""
        foreign = (unit for unit in self.lands if FIXED_HOLDERS.get(unit) != "RU")
        return {unit: self.find_dry(self.lands[unit]) for unit in foreign}

    def find_dry(self, land: shapely.MultiPolygon) -> NDArray[np.intp]:
        """Flat indices of the cells without water whose middle lies on some land."""
        if land.is_empty:
            return np.empty(0, np.intp)
        west, south, east, north = land.bounds
        (top, left), (bottom, right) = self.grid.index(west, north), self.grid.index(east, south)
        box = np.s_[top : bottom + 1, left : right + 1]
        near = self.grid.crop(*box)
        with _RASTERIZE:
            covered = rasterize([land], near.shape, transform=near.transform, dtype="uint8")
        rows, cols = np.nonzero((covered == 1) & (self.water_km2[box] == 0))
        return (rows + top) * self.grid.shape[1] + cols + left

    def _repr_html_(self) -> str:
        from okhotsk.cards import theatre_card

        return theatre_card(self)


def load(
    *,
    seabed: str | Path | None = None,
    positive: str | None = None,
    cache: bool = True,
    threads: int = 2,
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
    threads
        Threads that share the work where nothing is cached; with more than one a second process
        compiles meanwhile what was not compiled yet (:mod:`okhotsk.warmup`).
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
    stored = read_arrays(path, ARRAYS) if cache else None
    if stored is None:
        with compiled_ahead() if threads > 1 else nullcontext():
            stored = compute(lands, depths, say, threads=threads)
            if cache:
                write_arrays(path, stored)
    return assemble(lands, depths, stored, key)


def _key(seabed: Seabed) -> str:
    """Digest of the inputs and of the code that turns them into a theatre."""
    digest = hashlib.sha256(seabed.sha256.encode() + seabed.depth_m.tobytes())
    for name in INPUTS:
        digest.update(sha256(data_folder() / name).encode())
    digest.update(code_digest(__name__).encode())
    return digest.hexdigest()


def compute(
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    say: Progress = lambda _: None,
    *,
    threads: int = 2,
) -> dict[str, NDArray[Any]]:
    """Everything slow, as plain arrays: what :func:`assemble` makes a theatre of."""
    water = water_fraction(lands, seabed.grid)
    say("finding the limits of the sea")
    sea = find_sea(seabed, water)
    say("measuring the straits")
    share = None if seabed.fine else water
    throats = [find_throat(s, lands, seabed.measured, share) for s in read_straits()]
    whole = _dried(seabed, water, lands)
    doors = _doors(throats, lands, whole, water > 0, sea)
    sills = exit_keels(doors, whole.measured.depth_m)
    say("measuring distances to every shore")
    fields = [*distance_fields(lands, seabed.grid, water > 0, threads=threads).values()]
    say("looking out from every shore")
    depth_m = shore_depths(seabed.depth_m, water)
    sights = [
        find_sight(field, seabed.grid, depth_m, seabed.native_km, threads=threads)
        for field in fields
    ]
    texts = [
        {"line": t.line.wkt, "sill_depth_m": sills.get(t.strait.strait_id)}
        | {k: getattr(t, k) for k in ("width_km", "throat_width_km", "throat_area_km2", "resolved")}
        | {k: getattr(t, k).tolist() for k in ("distance_km", "depth_m")}
        for t in throats
    ]
    shores = [
        {unit: (shore.km.tolist(), shore.ends_deg) for unit, shore in near.items()}
        for near in (find_shores(throat, lands) for throat in throats)
    ]
    dry, wet = _nearest_water(water > 0, seabed.grid)
    return {
        "water": water,
        "sea": sea.mask,
        "ends": np.array([sea.basin, sea.ocean]),
        "section_km2": np.array(sea.section_km2),
        "throats": np.array(json.dumps(texts)),
        "shores": np.array(json.dumps(shores)),
        "sizes": np.array([len(field.cells) for field in fields]),
        "cells": np.concatenate([field.cells for field in fields]),
        "km": np.concatenate([field.km for field in fields]),
        "seen_sizes": np.array([len(sight.cells) for sight in sights]),
        "seen_cells": np.concatenate([sight.cells for sight in sights]),
        "seen_km": np.concatenate([sight.km for sight in sights], axis=1),
        "dry": dry,
        "wet": wet,
        **doors.arrays(),
    }


def assemble(
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    stored: Mapping[str, NDArray[Any]],
    key: str,
) -> Theatre:
    """The theatre from its arrays."""
    fields = _split(Field, lands, *(stored[key] for key in ("sizes", "cells", "km")))
    sights = _split(Sight, lands, *(stored[f"seen_{key}"] for key in ("sizes", "cells", "km")))
    (basin, ocean) = ((int(row), int(col)) for row, col in stored["ends"])
    throats = tuple(
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
    theatre = Theatre(
        lands=lands,
        islands=islands_table(lands),
        seabed=_dried(seabed, stored["water"], lands),
        water_km2=stored["water"] * area_km2,
        sea=Sea(stored["sea"], basin, ocean, float(stored["section_km2"])),
        throats=throats,
        fields=fields,
        sights=sights,
        key=key,
    )
    # What is on disk need not be found at first use.
    theatre.__dict__.update(
        nearest_water=(stored["dry"], stored["wet"]),
        shores=tuple(
            {unit: Shore(np.array(km), tuple(ends)) for unit, (km, ends) in near.items()}
            for near in json.loads(str(stored["shores"]))
        ),
        doors=Doors.of(stored, throats, theatre.seabed.measured.grid.shape),
    )
    return theatre


def _nearest_water(
    water: NDArray[np.bool_], grid: Grid
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Flat indices of the cells without water, and of the nearest cell with some."""
    _, nearest = nearest_cell_km(water, grid, index=True)
    cells = np.flatnonzero(~water).astype(np.int32)
    return cells, nearest.ravel()[cells]


def _split(
    make: Callable[..., Any], units: Iterable[str], sizes: NDArray[Any], *arrays: NDArray[Any]
) -> Mapping[str, Any]:
    """A record for every unit from arrays that hold those of all, one after the other."""
    edges = np.cumsum(sizes)[:-1]
    pieces = zip(*(np.split(array, edges, axis=-1) for array in arrays), strict=True)
    return MappingProxyType({unit: make(*p) for unit, p in zip(units, pieces, strict=True)})


def _dried(
    seabed: Seabed, water: NDArray[np.float32], lands: Mapping[str, shapely.MultiPolygon]
) -> Seabed:
    """The seabed without the depths of cells on land."""
    dried = replace(seabed, depth_m=shore_depths(seabed.depth_m, water))
    if seabed.fine is None:
        return dried
    fine = seabed.fine
    shape, transform = fine.grid.shape, fine.grid.transform
    land = rasterize(lands.values(), shape, transform=transform, dtype="uint8") == 1
    return replace(dried, fine=replace(fine, depth_m=np.where(land, 0, fine.depth_m)))


def _doors(
    throats: Sequence[Throat],
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    water: NDArray[np.bool_],
    sea: Sea,
) -> Doors:
    """The doors on the finest grid there is."""
    if seabed.fine is None:
        return find_doors(throats, lands, seabed.grid, water, sea)
    fine = seabed.fine
    wet = fine.depth_m > 0
    return find_doors(throats, lands, fine.grid, wet, finer_sea(sea, fine.depth_m))


def shore_depths(depth_m: NDArray[np.float32], water: NDArray[np.float32]) -> NDArray[np.float32]:
    """Depths without those of cells that hold no water: the coast decides, not the seabed."""
    return np.where(water > 0, depth_m, np.float32(0))
