"""Whose every stretch of water becomes when units are handed over: for all cessions at once.

A set of units is a number whose bit n stands for the n-th unit of :attr:`Allocation.units`.
"""

from __future__ import annotations

from collections.abc import Iterable
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

ANY = np.uint64(0)


@dataclass(frozen=True)
class Allocation:
    """What decides whose a cell is: the units nearest to it.

    Attributes
    ----------
    units
        Ids of the units that may be handed over, south to north as in the island list.
    near_km
        Distance of every water cell to the nearest shore of any land.
    decider
        Units that must all be handed over for the cell to be Japanese (more than one only where
        shores are equally near); 0 where none decides.
    japanese
        Cells that are nearest to Japan proper and so Japanese under every cession.
    sea
        Territorial sea where the cell is Russian.
    sea_if_japanese
        Territorial sea where the cell is Japanese; the same unless Japan claims 3 miles in the
        Soya Strait.
    shut
        Cells that Russia's line may never enter, see :func:`okhotsk.measures.barrier.closed_water`.
    shuts
        Units that must all be handed over for the line to lose the cell; 0 where none decides.
    """

    units: tuple[str, ...]
    near_km: NDArray[np.float32]
    decider: SetArray
    japanese: BoolArray
    sea: BoolArray
    sea_if_japanese: BoolArray
    shut: BoolArray
    shuts: SetArray

    def japanese_under(self, ceded: int) -> BoolArray:
        """Cells nearest to a Japanese shore when a set of units is handed over."""
        return self.japanese | _holds(self.decider, ceded)

    def closed_to_seal(self, ceded: int) -> BoolArray:
        """Cells that Russia's line may not enter when a set of units is handed over."""
        return self.shut | _holds(self.shuts, ceded)

    def japanese_sea(self, ceded: int) -> BoolArray:
        """Japanese territorial sea when a set of units is handed over."""
        return self.sea_if_japanese & self.japanese_under(ceded)

    def russian_sea(self, ceded: int) -> BoolArray:
        """Russian territorial sea when a set of units is handed over."""
        return self.sea & ~self.japanese_under(ceded)


def set_of(units: Iterable[str], known: tuple[str, ...]) -> int:
    """The number that stands for some units."""
    return sum(1 << known.index(unit) for unit in units)


def members(ceded: int, known: tuple[str, ...]) -> list[str]:
    """The units that a number stands for."""
    return [unit for n, unit in enumerate(known) if ceded >> n & 1]


def _holds(needed: SetArray, ceded: int) -> BoolArray:
    """Where every unit that decides is in the set, and there is one."""
    return np.asarray((needed != ANY) & (needed & ~np.uint64(ceded) == ANY))


def find_allocation(theatre: Theatre, assumptions: Assumptions) -> Allocation:
    """Return what decides each cell, by the rules of :func:`okhotsk.measures.zones.find_zones`.

    The holder of the nearest shore holds the water, whatever the cession, so that limits stay
    where they are and only holders change. Equally near shores count as Russian while one of
    them is.
    """
    units = tuple(unit for unit in theatre.islands.island_id)
    near_km, decider, russian = _nearest(theatre, units)
    decider = np.where(russian, ANY, decider)
    japanese = ~russian & (decider == ANY) & np.isfinite(near_km)
    sea = near_km <= assumptions.territorial_sea_nm * KM_PER_NM
    claimed = sea
    if assumptions.soya_nm < assumptions.territorial_sea_nm:
        near = near_km <= assumptions.soya_nm * KM_PER_NM
        claimed = sea & (near | ~soya_area(theatre, assumptions))
    shut, shuts = _shut(theatre, units, near_km, decider, japanese, claimed)
    return Allocation(units, near_km, decider, japanese, sea, claimed, shut, shuts)


def _nearest(
    theatre: Theatre, units: tuple[str, ...]
) -> tuple[NDArray[np.float32], SetArray, BoolArray]:
    """Distance to the nearest shore, the units whose shore it is, whether it is ever Russian."""
    near_km = theatre.shore_km
    flat = near_km.ravel()
    decider, russian = np.zeros(flat.shape, np.uint64), np.zeros(flat.shape, bool)
    for unit, field in theatre.distances.items():
        nearest = field.cells[field.km == flat[field.cells]]
        if unit in units:
            decider[nearest] |= np.uint64(1 << units.index(unit))
        elif FIXED_HOLDERS[unit] == "RU":
            russian[nearest] = True
    return near_km, decider.reshape(near_km.shape), russian.reshape(near_km.shape)


def _shut(
    theatre: Theatre,
    units: tuple[str, ...],
    near_km: NDArray[np.float32],
    decider: SetArray,
    japanese: BoolArray,
    claimed: BoolArray,
) -> tuple[BoolArray, SetArray]:
    """Cells closed to Russia's line always, and the units that close the others."""
    water, inside = theatre.water_km2 > 0, theatre.sea.mask
    belt = near_km <= BELT_NM * KM_PER_NM
    usable = np.where(inside, claimed, belt)
    shut = water & np.where(inside, claimed & japanese, japanese | ~belt)
    shuts = np.where(water & usable, decider, ANY)
    for unit, cells in theatre.dry_cells.items():
        if unit in units:
            shuts.flat[cells] = np.uint64(1 << units.index(unit))
        else:
            shut.flat[cells] = True
    return shut, shuts
