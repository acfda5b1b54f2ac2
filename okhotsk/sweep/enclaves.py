"""Which cessions leave closed water that Russian water surrounds, and what water."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster.arrays import BoolArray, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.sweep.allocation import ANY, Allocation

AROUND = np.ones((3, 3))
WINDOW = 1 << 16  # sets that are looked at together


def cut_off(regions: Allocation, sets: SetArray) -> BoolArray:
    """Return for each set of units handed over whether some water closed by it lies cut off.

    Cut off means: connected neither with water that is closed anyway nor, through water closed by
    other units of the set, with any. Round such a piece the seal needs a ring of its own.
    """
    return np.asarray(_alone(sets, *_components(regions)).any(axis=1))


def find_enclaves(
    regions: Allocation, sets: SetArray
) -> tuple[IntArray, tuple[tuple[BoolArray, ...], ...]]:
    """Return the kind of each set of units handed over, and what closed water each kind cuts off.

    Sets are of one kind where the same water lies cut off, see :func:`cut_off`; each kind has the
    cells of every connected stretch of it. Kind 0 has none, whether or not there are such sets.
    """
    labels, deciders = _components(regions)
    alone = _alone(sets, labels, deciders)
    some = np.flatnonzero(alone.any(axis=1))
    known, which = np.unique(alone[some], axis=0, return_inverse=True)
    kinds = np.zeros(len(sets), np.int64)
    kinds[some] = which.ravel() + 1
    found: list[tuple[BoolArray, ...]] = [()]
    for bits in known:
        lone = np.unpackbits(bits, count=len(deciders)).astype(bool)
        cells, count = ndimage.label(lone[labels], AROUND)
        found.append(tuple(cells == n for n in range(1, count + 1)))
    return kinds, tuple(found)


def _components(regions: Allocation) -> tuple[NDArray[np.int32], SetArray]:
    """Connected closed water of each kind: labels from 1, and what decides each; 1 is for all."""
    labels = regions.shut.astype(np.int32)
    deciders = [ANY, ANY]
    for units in np.unique(regions.shuts[regions.shuts != ANY]):
        own, count = ndimage.label(regions.shuts == units, AROUND)
        labels[own > 0] = own[own > 0] + len(deciders) - 1
        deciders += [units] * count
    return labels, np.array(deciders, np.uint64)


def _alone(sets: SetArray, labels: NDArray[np.int32], deciders: SetArray) -> NDArray[np.uint8]:
    """The components that lie cut off under each set, as packed bits."""
    pairs = _touching(labels)
    windows = np.array_split(sets, len(sets) // WINDOW + 1)
    return np.concatenate(
        [np.packbits(_find_alone(some, deciders, *pairs), axis=1) for some in windows]
    )


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


@kernel
def _find_alone(sets, deciders, first, second):  # type: ignore[no-untyped-def]
    """Which components closed under each set are not linked with component 1."""
    alone = np.zeros((len(sets), len(deciders)), np.bool_)
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
                alone[s, c] = True
    return alone
