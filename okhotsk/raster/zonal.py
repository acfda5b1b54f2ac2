"""Area of water by class, summed over a grid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.kernel import kernel

BAND = 64  # rows summed at a time: fixed, so that the sums do not depend on the threads
BLOCK = 64  # cells compared at a time


def class_areas_km2(
    classes: NDArray[np.uint8],
    water_km2: NDArray[np.float32],
    *,
    count: int,
    where: NDArray[np.bool_] | None = None,
    threads: int = 2,
) -> NDArray[np.float64]:
    """Return the area of water in the cells of each class.

    Parameters
    ----------
    classes
        Class of every cell, rows by columns; classes of ``count`` and above are left out.
    water_km2
        Area of water in every cell, same shape.
    count
        Number of classes.
    where
        Cells to sum over, same shape; all by default.
    threads
        Threads that share the work; the answer does not depend on them.

    Returns
    -------
    numpy.ndarray
        Area of each class in km2, length ``count``, summed in double precision.

    Raises
    ------
    ValueError
        Where the shapes differ.

    Notes
    -----
    Neighbours mostly share a class, so that stretches of one class in a row are summed at once,
    which the processor does several cells at a time.
    """
    if where is None:
        where = np.empty((0, 0), bool)
    elif where.shape != classes.shape:
        raise ValueError(f"where has shape {where.shape}, the classes have {classes.shape}")
    if water_km2.shape != classes.shape:
        raise ValueError(f"areas have shape {water_km2.shape}, the classes have {classes.shape}")
    bands = [slice(top, top + BAND) for top in range(0, len(classes), BAND)]
    sums = np.zeros((len(bands), count))

    def add(share: slice) -> None:
        for n in range(len(bands))[share]:
            _add_band(classes[bands[n]], water_km2[bands[n]], where[bands[n]], sums[n])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(add, [slice(n, None, threads) for n in range(threads)]))
    return np.asarray(sums.sum(axis=0))


@kernel(fastmath={"reassoc", "contract"})
def _sum(values):  # type: ignore[no-untyped-def]
    """Sum in double precision, in whatever order is fastest."""
    total = 0.0
    for n in range(len(values)):
        total += np.float64(values[n])
    return total


@kernel
def _run_end(classes, first):  # type: ignore[no-untyped-def]
    """End of the stretch of one class that starts at a cell: by blocks, then by cells."""
    kind, end = classes[first], first + 1
    while end + BLOCK <= len(classes):
        block, unlike = classes[end : end + BLOCK], np.uint8(0)
        for n in range(BLOCK):
            unlike |= block[n] ^ kind
        if unlike:
            break
        end += BLOCK
    while end < len(classes) and classes[end] == kind:
        end += 1
    return end


@kernel
def _add_band(classes, water_km2, where, sums):  # type: ignore[no-untyped-def]
    """Add the areas of some rows to the sums, one stretch of a class at a time."""
    rows, cols = classes.shape
    for r in range(rows):
        first = 0
        while first < cols:
            if len(where) > 0 and not where[r, first]:
                first += 1
                continue
            kind, end = classes[r, first], first + 1
            if len(where) > 0:
                while end < cols and classes[r, end] == kind and where[r, end]:
                    end += 1
            else:
                end = _run_end(classes[r], first)
            if kind < len(sums):
                sums[kind] += _sum(water_km2[r, first:end])
            first = end
