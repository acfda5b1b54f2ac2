"""Water of equal fate: areas that every cession changes alike, added up for many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import FloatArray, SetArray
from okhotsk.raster.kernel import kernel


@dataclass(frozen=True)
class Atoms:
    """Areas by the units that decide their fate.

    Attributes
    ----------
    units
        Sets of units, all different.
    km2
        Area that each of them decides.
    """

    units: SetArray
    km2: FloatArray

    @classmethod
    def of(cls, units: SetArray, km2: NDArray[np.floating]) -> Atoms:
        """Gather cells (a set of units and an area each) that share their fate; 0 is left out."""
        decided = units != 0
        known, place = np.unique(units[decided], return_inverse=True)
        total = np.bincount(place, km2[decided].astype(float), minlength=len(known))
        return cls(known, np.asarray(total, float))

    def any_of(self, sets: SetArray, *, workers: int = 1) -> FloatArray:
        """Area that at least one unit of each set decides."""
        return self._sum(sets, workers, all_of=False)

    def all_of(self, sets: SetArray, *, workers: int = 1) -> FloatArray:
        """Area whose units are all in each set."""
        return self._sum(sets, workers, all_of=True)

    def _sum(self, sets: SetArray, workers: int, *, all_of: bool) -> FloatArray:
        with ThreadPoolExecutor(workers) as pool:
            shares = np.array_split(sets, workers)
            sums = pool.map(lambda share: _add_up(share, self.units, self.km2, all_of), shares)
            return np.concatenate(list(sums))


@kernel
def _add_up(sets, units, km2, all_of):  # type: ignore[no-untyped-def]
    """Add up the areas of atoms that the sets hold some, or all, units of."""
    total = np.zeros(len(sets))
    for s in range(len(sets)):
        wanted = sets[s]
        least = 0.0
        for n in range(len(units)):
            both = units[n] & wanted
            taken = both == units[n] if all_of else both != 0
            least += km2[n] if taken else 0.0
        total[s] = least
    return total
