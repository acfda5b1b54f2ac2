"""What of a theatre takes long: computed once, as plain arrays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from scipy import ndimage
from scipy.spatial import cKDTree

from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_fields, nearest_km
from okhotsk.raster.viewshed import find_viewshed
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.coast import water_fraction
from okhotsk.theatre.exits import ExitCells, exit_sill_depths, find_exit_cells, finer_sea
from okhotsk.theatre.sea import Sea, find_sea
from okhotsk.theatre.straits import Throat, find_gaps, find_shores, read_straits
from okhotsk.theatre.throat_search import find_throat

# Attributes of a throat that are stored as they are.
STORED_FIGURES = (
    "width_km",
    "throat_width_km",
    "throat_area_km2",
    "resolved",
    "operating_areas_km2",
)


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
    whole = dry_seabed(seabed, water, lands)
    exit_cells = locate_exit_cells(throats, lands, whole, water > 0, sea)
    sills = exit_sill_depths(exit_cells, whole.measured.depth_m)
    say("measuring distances to every shore")
    distances = [*distance_fields(lands, seabed.grid, water > 0, threads=threads).values()]
    say("looking out from every shore")
    depth_m = shore_depths(seabed.depth_m, water)
    viewsheds = [
        find_viewshed(field, seabed.grid, depth_m, seabed.native_km, threads=threads)
        for field in distances
    ]
    texts = [
        {"line": t.line.wkt, "sill_depth_m": sills.get(t.strait.strait_id)}
        | {name: getattr(t, name) for name in STORED_FIGURES}
        | {k: getattr(t, k).tolist() for k in ("distance_km", "depth_m")}
        for t in throats
    ]
    shores = [
        {unit: (shore.km.tolist(), shore.ends_deg) for unit, shore in near.items()}
        for near in (find_shores(throat, lands) for throat in throats)
    ]
    gaps = [
        (near.owner, near.km.tolist(), near.ends)
        for near in (find_gaps(throat, lands) for throat in throats)
    ]
    dry, wet = find_nearest_water(water > 0, seabed.grid)
    return {
        "water": water,
        "sea": sea.mask,
        "ends": np.array([sea.basin, sea.ocean]),
        "section_km2": np.array(sea.section_km2),
        "throats": np.array(json.dumps(texts)),
        "shores": np.array(json.dumps(shores)),
        "gaps": np.array(json.dumps(gaps)),
        "sizes": np.array([len(field.cells) for field in distances]),
        "cells": np.concatenate([field.cells for field in distances]),
        "km": np.concatenate([field.km for field in distances]),
        "seen_sizes": np.array([len(sight.cells) for sight in viewsheds]),
        "seen_cells": np.concatenate([sight.cells for sight in viewsheds]),
        "seen_km": np.concatenate([sight.km for sight in viewsheds], axis=1),
        "dry": dry,
        "wet": wet,
        "shore_km": nearest_km(distances, seabed.grid.shape),
        **exit_cells.arrays(),
    }


def find_nearest_water(
    water: NDArray[np.bool_], grid: Grid
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Flat indices of the cells without water, and of the nearest cell with some.

    A k-d tree over the water beside land: no other water is nearest to any land.
    """
    beside = water & ndimage.binary_dilation(~water, np.ones((3, 3)))
    places = geodesy.to_ecef_km(*np.meshgrid(grid.lon, grid.lat))
    _, nearest = cKDTree(places[beside]).query(places[~water], workers=2)
    dry, shore = (np.flatnonzero(cells).astype(np.int32) for cells in (~water, beside))
    return dry, shore[nearest]


def dry_seabed(
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


def locate_exit_cells(
    throats: Sequence[Throat],
    lands: Mapping[str, shapely.MultiPolygon],
    seabed: Seabed,
    water: NDArray[np.bool_],
    sea: Sea,
) -> ExitCells:
    """The exit cells on the finest grid there is."""
    if seabed.fine is None:
        return find_exit_cells(throats, lands, seabed.grid, water, sea)
    fine = seabed.fine
    wet = fine.depth_m > 0
    return find_exit_cells(throats, lands, fine.grid, wet, finer_sea(sea, fine.depth_m))


def shore_depths(depth_m: NDArray[np.float32], water: NDArray[np.float32]) -> NDArray[np.float32]:
    """Depths without those of cells that hold no water: the coast decides, not the seabed."""
    return np.where(water > 0, depth_m, np.float32(0))


Progress = Callable[[str], None]
