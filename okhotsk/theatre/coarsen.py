"""The same theatre on coarser cells, for questions that need many answers."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.grid import Grid
from okhotsk.raster.proximity import distance_fields
from okhotsk.raster.viewshed import find_viewshed
from okhotsk.theatre.build import shore_depths
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import find_sea


def coarsen(theatre: Theatre, cells: int, *, like: Theatre | None = None) -> Theatre:
    """Return the theatre on blocks of cells, the seabed averaged over each.

    Coast, islands and straits stay as they are; the limits of the sea, distances and lines of
    sight are found anew. ``cells`` must divide the rows and columns of the grid. ``like`` is a
    theatre with the same coast and so coarsened, whose limits of the sea and distances hold.
    """

    def blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
        rows, cols = (n // cells for n in values.shape)
        return values.reshape(rows, cells, cols, cells)

    depth_m = blocks(theatre.seabed.depth_m).mean(axis=(1, 3), dtype=np.float32)
    grid = Grid(theatre.grid.bounds, depth_m.shape)
    area_km2 = grid.cell_area_km2()[:, None]
    water_km2 = blocks(theatre.water_km2).sum(axis=(1, 3))
    share = np.clip(water_km2 / area_km2, 0, 1).astype(np.float32)
    depth_m = shore_depths(depth_m, share)
    seabed = replace(theatre.seabed, depth_m=depth_m, grid=grid, fine=None)
    distances = like.distances if like else distance_fields(theatre.lands, grid, share > 0)
    viewsheds = {u: find_viewshed(f, grid, depth_m, seabed.native_km) for u, f in distances.items()}
    return replace(
        theatre,
        seabed=seabed,
        water_km2=(share * area_km2).astype(np.float32),
        sea=like.sea if like else find_sea(seabed, share),
        distances=MappingProxyType(dict(distances)),
        viewsheds=MappingProxyType(viewsheds),
        key=f"{theatre.key}, {cells} cells",
    )
