"""Which cessions leave closed water that Russian water surrounds."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.regions import ANY, Regions

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
SetArray = NDArray[np.uint64]

AROUND = np.ones((3, 3))


def cut_off(regions: Regions, sets: SetArray) -> BoolArray:
    """Return for each set of units handed over whether some water closed by it lies cut off.

    Cut off means: connected neither with water that is closed anyway nor, through water closed by
    other units of the set, with any. Round such a piece the seal needs a ring of its own.
    """
    labels, deciders = _components(regions)
    first, second = _touching(labels)
    return np.asarray(_any_alone(sets, deciders, first, second))


def _components(regions: Regions) -> tuple[NDArray[np.int32], SetArray]:
    """Connected closed water of each kind: labels from 1, and what decides each; 1 is for all."""
    labels = regions.shut.astype(np.int32)
    deciders = [ANY, ANY]
    for units in np.unique(regions.shuts[regions.shuts != ANY]):
        own, count = ndimage.label(regions.shuts == units, AROUND)
        labels[own > 0] = own[own > 0] + len(deciders) - 1
        deciders += [units] * count
    return labels, np.array(deciders, np.uint64)


def _touching(labels: NDArray[np.int32]) -> tuple[IntArray, IntArray]:
    """Pairs of labels that have neighbouring cells, corners included."""
    here, below = slice(None, -1), slice(1, None)
    pairs = [
        (labels[:, here], labels[:, below]),
        (labels[here], labels[below]),
        (labels[here, here], labels[below, below]),
        (labels[here, below], labels[below, here]),
    ]
    codes = [
        np.unique(one[k].astype(np.int64) << 32 | other[k])
        for one, other in pairs
        for k in [(one != other) & (one > 0) & (other > 0)]
    ]
    both = np.unique(np.concatenate(codes))
    return both >> 32, both & 0xFFFFFFFF


@njit(cache=True, nogil=True)
def _any_alone(sets, deciders, first, second):  # type: ignore[no-untyped-def]
    """Whether any component closed under a set is not linked with component 1."""
    alone = np.zeros(len(sets), np.bool_)
    for s in range(len(sets)):
        wanted = sets[s]
        linked = np.zeros(len(deciders), np.bool_)
        linked[1] = grew = True
        while grew:
            grew = False
            for n in range(len(first)):
                a, b = first[n], second[n]
                if linked[a] != linked[b]:
                    other = b if linked[a] else a
                    if deciders[other] & ~wanted == 0:
                        linked[other] = grew = True
        for c in range(2, len(deciders)):
            if deciders[c] & ~wanted == 0 and not linked[c]:
                alone[s] = True
    return alone
