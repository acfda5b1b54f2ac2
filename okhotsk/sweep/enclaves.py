"""Enclaves: closed water that Russian water surrounds, by island set.

A barrier needs a closed curve of its own round each enclave. Closed water falls into connected
components, each closed by one set of units. An enclave is a component that is closed under an
island set and has no path through closed components to water that is always closed. The search is
a breadth-first closure over the adjacency of components: O(components x pairs) for each set.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from okhotsk.raster.arrays import BoolArray, IntArray, SetArray
from okhotsk.raster.kernel import kernel
from okhotsk.sweep.allocation import NO_UNITS, Allocation

AROUND = np.ones((3, 3))
CHUNK_SETS = 1 << 16  # sets examined together, so that memory stays bounded
ALWAYS = 1  # label of all water that is always closed


def cut_off(allocation: Allocation, unit_sets: SetArray) -> BoolArray:
    """Return for each set of ceded units whether it leaves an enclave."""
    return np.asarray(_enclave_bits(unit_sets, *_components(allocation)).any(axis=1))


def find_enclaves(
    allocation: Allocation, unit_sets: SetArray
) -> tuple[IntArray, tuple[tuple[BoolArray, ...], ...]]:
    """Return the kind of each set of ceded units, and the enclaves of each kind.

    Two sets are of one kind when they leave the same enclaves. A kind lists the cells of each of
    its enclaves. Kind 0 has none; it is listed even when no set is of that kind.
    """
    labels, closing_units = _components(allocation)
    enclaves = _enclave_bits(unit_sets, labels, closing_units)
    some = np.flatnonzero(enclaves.any(axis=1))
    distinct, which = np.unique(enclaves[some], axis=0, return_inverse=True)
    kinds = np.zeros(len(unit_sets), np.int64)
    kinds[some] = which.ravel() + 1
    found: list[tuple[BoolArray, ...]] = [()]
    for bits in distinct:
        enclosed = np.unpackbits(bits, count=len(closing_units)).astype(bool)
        cells, count = ndimage.label(enclosed[labels], AROUND)
        found.append(tuple(cells == n for n in range(1, count + 1)))
    return kinds, tuple(found)


def _components(allocation: Allocation) -> tuple[NDArray[np.int32], SetArray]:
    """Connected components of closed water: labels, and the units that close each label.

    Label 0 is open water, label 1 all water that is always closed.
    """
    labels = allocation.always_closed.astype(np.int32)
    closing_units = [NO_UNITS, NO_UNITS]
    for units in np.unique(allocation.closing_units[allocation.closing_units != NO_UNITS]):
        own, count = ndimage.label(allocation.closing_units == units, AROUND)
        labels[own > 0] = own[own > 0] + len(closing_units) - 1
        closing_units += [units] * count
    return labels, np.array(closing_units, np.uint64)


def _enclave_bits(
    unit_sets: SetArray, labels: NDArray[np.int32], closing_units: SetArray
) -> NDArray[np.uint8]:
    """The components that are enclaves under each set, as packed bits (set, byte)."""
    pairs = _touching(labels)
    chunks = np.array_split(unit_sets, len(unit_sets) // CHUNK_SETS + 1)
    return np.concatenate(
        [np.packbits(_find_enclaves(some, closing_units, *pairs), axis=1) for some in chunks]
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
def _find_enclaves(sets, closing_units, first, second):  # type: ignore[no-untyped-def]
    """Which components are closed under each set and not connected with component 1."""
    enclaves = np.zeros((len(sets), len(closing_units)), np.bool_)
    for s in range(len(sets)):
        ceded = sets[s]
        connected = np.zeros(len(closing_units), np.bool_)
        connected[ALWAYS] = grew = True
        while grew:
            grew = False
            for n in range(len(first)):
                a, b = first[n], second[n]
                if connected[a] != connected[b]:
                    other = b if connected[a] else a
                    if closing_units[other] & ~ceded == 0:
                        connected[other] = grew = True
        for c in range(2, len(closing_units)):
            if closing_units[c] & ~ceded == 0 and not connected[c]:
                enclaves[s, c] = True
    return enclaves
