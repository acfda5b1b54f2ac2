"""Allocation of every cell to the units nearest to it, valid for all island sets at once.

Which shore is nearest does not depend on who holds it. So one nearest-unit allocation (a Voronoi
partition of the water by shores) gives the zones of every island set: a cell is Japanese when its
allocated units are ceded. Sets of units have their bits in the order of
:attr:`Allocation.units`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from okhotsk.measures.barrier import BELT_NM
from okhotsk.measures.zones import soya_area
from okhotsk.raster.arrays import BoolArray, SetArray
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.coast import FIXED_HOLDERS
from okhotsk.theatre.model import Theatre

NO_UNITS = np.uint64(0)


@dataclass(frozen=True)
class Allocation:
    """Which units each cell is allocated to, and what follows when they are ceded.

    Arrays have the shape of the grid.

    Attributes
    ----------
    units
        Ids of the units that may be ceded, south to north as in the island list.
    near_km
        Distance of every water cell to the nearest shore of any land.
    allocated_units
        Units with the nearest shore: several where shores are equally near, and all of them must
        be ceded for the cell to be Japanese. Empty where the nearest shore has a fixed holder.
    japanese
        Cells that are nearest to Japan proper and so Japanese under every island set.
    sea
        Territorial sea where the cell is Russian.
    sea_if_japanese
        Territorial sea where the cell is Japanese; the same unless Japan claims 3 miles in the
        Soya Strait.
    always_closed
        Cells that Russia's barrier may never enter
        (:func:`okhotsk.measures.barrier.closed_water`).
    closing_units
        Units that close the cell to the barrier when all of them are ceded; empty where none do.
    """

    units: tuple[str, ...]
    near_km: NDArray[np.float32]
    allocated_units: SetArray
    japanese: BoolArray
    sea: BoolArray
    sea_if_japanese: BoolArray
    always_closed: BoolArray
    closing_units: SetArray

    def japanese_under(self, ceded: int) -> BoolArray:
        """Cells nearest to a Japanese shore when a set of units is ceded."""
        return self.japanese | _all_ceded(self.allocated_units, ceded)

    def closed_to_barrier(self, ceded: int) -> BoolArray:
        """Cells that Russia's barrier may not enter when a set of units is ceded."""
        return self.always_closed | _all_ceded(self.closing_units, ceded)

    def japanese_sea(self, ceded: int) -> BoolArray:
        """Japanese territorial sea when a set of units is ceded."""
        return self.sea_if_japanese & self.japanese_under(ceded)

    def russian_sea(self, ceded: int) -> BoolArray:
        """Russian territorial sea when a set of units is ceded."""
        return self.sea & ~self.japanese_under(ceded)


def _all_ceded(units: SetArray, ceded: int) -> BoolArray:
    """Cells with at least one unit, all of whose units are ceded."""
    return np.asarray((units != NO_UNITS) & (units & ~np.uint64(ceded) == NO_UNITS))


def find_allocation(theatre: Theatre, assumptions: Assumptions) -> Allocation:
    """Return the allocation of every cell (:func:`okhotsk.measures.zones.find_zones`).

    The holder of the nearest shore holds the water. So limits stay where they are under every
    island set, and only holders change. Of equally near shores one Russian shore is enough for
    the cell to be Russian.
    """
    units = tuple(unit for unit in theatre.islands.island_id)
    near_km, allocated_units, russian = _nearest(theatre, units)
    allocated_units = np.where(russian, NO_UNITS, allocated_units)
    japanese = ~russian & (allocated_units == NO_UNITS) & np.isfinite(near_km)
    sea = near_km <= assumptions.territorial_sea_nm * KM_PER_NM
    claimed = sea
    if assumptions.soya_nm < assumptions.territorial_sea_nm:
        near = near_km <= assumptions.soya_nm * KM_PER_NM
        claimed = sea & (near | ~soya_area(theatre, assumptions))
    always_closed, closing_units = _closures(
        theatre, units, near_km, allocated_units, japanese, claimed
    )
    return Allocation(
        units, near_km, allocated_units, japanese, sea, claimed, always_closed, closing_units
    )


def _nearest(
    theatre: Theatre, units: tuple[str, ...]
) -> tuple[NDArray[np.float32], SetArray, BoolArray]:
    """Distance to the nearest shore, the units that have it, and whether it is always Russian."""
    near_km = theatre.shore_km
    flat = near_km.ravel()
    allocated_units, russian = np.zeros(flat.shape, np.uint64), np.zeros(flat.shape, bool)
    for unit, field in theatre.distances.items():
        nearest = field.cells[field.km == flat[field.cells]]
        if unit in units:
            allocated_units[nearest] |= np.uint64(1 << units.index(unit))
        elif FIXED_HOLDERS[unit] == "RU":
            russian[nearest] = True
    return near_km, allocated_units.reshape(near_km.shape), russian.reshape(near_km.shape)


def _closures(
    theatre: Theatre,
    units: tuple[str, ...],
    near_km: NDArray[np.float32],
    allocated_units: SetArray,
    japanese: BoolArray,
    claimed: BoolArray,
) -> tuple[BoolArray, SetArray]:
    """Cells always closed to Russia's barrier, and the units that close the others."""
    water, inside = theatre.water_km2 > 0, theatre.sea.mask
    belt = near_km <= BELT_NM * KM_PER_NM
    usable = np.where(inside, claimed, belt)
    always_closed = water & np.where(inside, claimed & japanese, japanese | ~belt)
    closing_units = np.where(water & usable, allocated_units, NO_UNITS)
    for unit, cells in theatre.dry_cells.items():
        if unit in units:
            closing_units.flat[cells] = np.uint64(1 << units.index(unit))
        else:
            always_closed.flat[cells] = True
    return always_closed, closing_units
