"""Zonal equivalence classes: cells whose fate every island set decides alike, summed once.

A cell is decided by a set of units. All cells with the same set form a class; there are a few
hundred classes for a million cells. The area of an island set is then a sum over classes, exact,
in O(classes) for each set.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.raster.kernel import kernel


@dataclass(frozen=True)
class EquivalenceClasses:
    """Areas by the set of units that decides them.

    Attributes
    ----------
    units
        Sets of units, all different and none empty, ascending.
    km2
        Area that each of them decides.
    """

    units: SetArray
    km2: FloatArray

    @classmethod
    def of(cls, units: SetArray, km2: NDArray[np.floating]) -> EquivalenceClasses:
        """Group cells (a set of units and an area each); cells without units are left out."""
        decided = units != 0
        distinct, place = np.unique(units[decided], return_inverse=True)
        total = np.bincount(place, km2[decided].astype(float), minlength=len(distinct))
        return cls(distinct, np.asarray(total, float))

    def any_of(self, unit_sets: SetArray, *, workers: int = 1) -> FloatArray:
        """Return, for each set, the area of classes that share a unit with it."""
        return self._sum(unit_sets, workers, all_of=False)

    def all_of(self, unit_sets: SetArray, *, workers: int = 1) -> FloatArray:
        """Return, for each set, the area of classes whose units are all in it."""
        return self._sum(unit_sets, workers, all_of=True)

    def _sum(self, unit_sets: SetArray, workers: int, *, all_of: bool) -> FloatArray:
        with ThreadPoolExecutor(workers) as pool:
            parts = np.array_split(unit_sets, workers)
            sums = pool.map(lambda part: _add_up(part, self.units, self.km2, all_of), parts)
            return np.concatenate(list(sums))


@kernel
def _add_up(sets, units, km2, all_of):  # type: ignore[no-untyped-def]
    """Add up the areas of classes that share some units, or all their units, with each set."""
    total = np.zeros(len(sets))
    for s in range(len(sets)):
        wanted = sets[s]
        area = 0.0
        for n in range(len(units)):
            both = units[n] & wanted
            counted = both == units[n] if all_of else both != 0
            area += km2[n] if counted else 0.0
        total[s] = area
    return total
