"""The theatre with the depths round one strait scaled: what a known error of a seabed would do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.exits import exit_sill_depths
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import find_throat

MARGIN_DEG = 0.5  # round the throat: its approaches are as deep or as shallow as it is


def scale_strait(theatre: Theatre, strait_id: str, factor: float) -> Theatre:
    """Return the theatre with all depths round a strait multiplied by a factor.

    Parameters
    ----------
    theatre
        The theatre.
    strait_id
        Which strait.
    factor
        What depths within half a degree of its throat are multiplied by.

    Returns
    -------
    Theatre
        With the throat of that strait and the sills of all exits found anew. Lines of sight and
        the limits of the sea stay: they are found anew where the theatre is coarsened.
    """
    west, south, east, north = next(
        throat.line.bounds for throat in theatre.throats if throat.strait.strait_id == strait_id
    )
    box = (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    seabed = _scaled(theatre.seabed, box, factor)
    share = theatre.water_km2 / theatre.grid.cell_area_km2().astype(np.float32)[:, None]
    water = None if seabed.fine else share
    sills = exit_sill_depths(theatre.exit_cells, seabed.measured.depth_m)
    throats = tuple(
        replace(
            find_throat(throat.strait, theatre.lands, seabed.measured, water)
            if throat.strait.strait_id == strait_id
            else throat,
            sill_depth_m=sills.get(throat.strait.strait_id),
        )
        for throat in theatre.throats
    )
    key = f"{theatre.key}, {strait_id} x {factor:g}"
    return replace(theatre, seabed=seabed, throats=throats, key=key)


def _scaled(seabed: Seabed, box: tuple[float, float, float, float], factor: float) -> Seabed:
    """A seabed, and the finer one that it was made of, with the depths in a box multiplied."""
    (west, south, east, north), depth_m = box, seabed.depth_m.copy()
    (top, left), (bottom, right) = seabed.grid.index(west, north), seabed.grid.index(east, south)
    depth_m[top : bottom + 1, left : right + 1] *= np.float32(factor)
    fine = _scaled(seabed.fine, box, factor) if seabed.fine else None
    return replace(seabed, depth_m=depth_m, fine=fine)
