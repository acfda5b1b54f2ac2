"""The compiled search of transfer costs: one stretch of water, searched many times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import Float32Array
from okhotsk.raster.kernel import kernel
from okhotsk.raster.radix_heap import LEFT, grow, make_queue, put, take

Edges = tuple[NDArray[np.int64], NDArray[np.int32], Float32Array, NDArray[np.uint64]]


@kernel
def find_edges(  # type: ignore[no-untyped-def]
    cost, closers, node, cells, inner, lengths_km, steps, offsets, shares
):
    """Return the steps between some cells, with their costs and what closes them.

    Parameters
    ----------
    cost, closers
        Cost per km and a bit field of what closes each cell, shape (rows, cols).
    node, cells
        Number of each cell, -1 for those left out, and flat index of each number.
    inner
        Cells so deep in free ground that steps to the four neighbours do.
    lengths_km, steps, offsets, shares
        The stencil of :mod:`okhotsk.raster.planar_cut`.

    Returns
    -------
    tuple
        For node n, edges ``first[n]`` to ``first[n + 1]``: the node they lead to, their cost and
        the union of what closes the cells under them.
    """
    rows, cols = inner.shape
    flat_cost, flat_closers = cost.ravel(), closers.ravel()
    first = np.zeros(len(cells) + 1, np.int64)
    most = len(cells) * len(steps)
    to, price = np.empty(most, np.int32), np.empty(most, np.float32)
    closing = np.empty(most, np.uint64)
    size = 0
    for n in range(len(cells)):
        cell = cells[n]
        row, col = cell // cols, cell % cols
        for k in range(4 if inner[row, col] else len(steps)):
            r, c = row + steps[k, 0], col + steps[k, 1]
            if r < 0 or c < 0 or r >= rows or c >= cols or node[r, c] < 0:
                continue
            mean, bits = np.float32(0), np.uint64(0)
            for m in range(shares.shape[1]):
                if shares[k, m] < 0:
                    break
                mean += shares[k, m] * flat_cost[cell + offsets[k, m]]
                bits |= flat_closers[cell + offsets[k, m]]
            if mean < np.inf:  # closed cells make it infinite, or no number where only touched
                to[size], price[size] = node[r, c], mean * lengths_km[row, k]
                closing[size] = bits
                size += 1
        first[n + 1] = size
    return first, to[:size].copy(), price[:size].copy(), closing[:size].copy()


@kernel
def _run(edges, closed, rest, bound, reached, queue, most):  # type: ignore[no-untyped-def]
    """Search until done (True) or the queue has too little room for the edges of a node."""
    first, to, price, closing = edges
    heads, bits, states, links = queue
    labels = reached.view(np.uint32)
    while heads[LEFT] >= most:
        node = take(heads, bits, states, links, labels)
        if node < 0:
            return True
        here = reached[node]
        for e in range(first[node], first[node + 1]):
            there, target = here + price[e], to[e]
            if there >= reached[target] or closing[e] & closed or there + rest[target] > bound:
                continue
            reached[target] = there
            put(heads, bits, states, links, labels[target], target)
    return False


@kernel
def _enter(queue, reached, starts, values, rest, bound):  # type: ignore[no-untyped-def]
    """Put what can lead to an end within the bound into a queue that has room for it."""
    heads, bits, states, links = queue
    labels = reached.view(np.uint32)
    for n in range(len(starts)):
        start = starts[n]
        if values[n] < reached[start] and values[n] + rest[start] <= bound:
            reached[start] = values[n]
            put(heads, bits, states, links, labels[start], start)


def relax(
    edges: Edges,
    closed: np.uint64,
    starts: NDArray[np.integer],
    values: Float32Array,
    rest: Float32Array,
    bound: np.float32,
) -> Float32Array:
    """Return the least cost to every node, given what it costs to be at some.

    Parameters
    ----------
    edges
        From :func:`find_edges`.
    closed
        Bit field of what is closed.
    starts, values
        Nodes to start from, and what each costs.
    rest, bound
        What any way on from each node costs at least; nothing is entered whose cost with the rest
        is above the bound.
    """
    most = np.diff(edges[0]).max(initial=0)
    reached = np.full(len(rest), np.inf, np.float32)
    queue = make_queue(len(starts) + 1024)
    _enter(queue, reached, starts, values, rest, bound)
    while not _run(edges, closed, rest, bound, reached, queue, most):
        queue = grow(queue)
    return reached
