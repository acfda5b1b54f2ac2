"""Compiled search over a strip: Dijkstra's algorithm on one graph, run for many island sets.

The edges of a strip are listed once, in compressed sparse rows, with the units that close each.
A search then only skips the closed edges: O(edges log(cost range)) with a radix heap.
"""

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
    """Return the edges between some cells, with their costs and what closes them.

    Parameters
    ----------
    cost, closers
        Cost per km and a bit field of what closes each cell, shape (rows, cols).
    node, cells
        Node of each cell, -1 where a cell has none, and flat index of the cell of each node.
    inner
        Cells with only free cells within reach. There steps to the four neighbours suffice.
    lengths_km, steps, offsets, shares
        The stencil of :mod:`okhotsk.raster.planar_cut`.

    Returns
    -------
    tuple
        Compressed sparse rows. Node n has the edges ``first[n]`` to ``first[n + 1]``: the nodes
        they lead to, their costs, and the union of what closes the cells under each.
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
def _run(edges, closed, remaining, bound, reached, queue, most):  # type: ignore[no-untyped-def]
    """Settle nodes until none is left (True) or the queue is nearly full (False)."""
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
            if there >= reached[target] or closing[e] & closed or there + remaining[target] > bound:
                continue
            reached[target] = there
            put(heads, bits, states, links, labels[target], target)
    return False


@kernel
def _enter(queue, reached, starts, values, remaining, bound):  # type: ignore[no-untyped-def]
    """Queue the start nodes whose cost and remaining cost stay within the bound."""
    heads, bits, states, links = queue
    labels = reached.view(np.uint32)
    for n in range(len(starts)):
        start = starts[n]
        if values[n] < reached[start] and values[n] + remaining[start] <= bound:
            reached[start] = values[n]
            put(heads, bits, states, links, labels[start], start)


def search_strip(
    edges: Edges,
    closed: np.uint64,
    starts: NDArray[np.integer],
    values: Float32Array,
    remaining: Float32Array,
    bound: np.float32,
) -> Float32Array:
    """Return the least cost to every node; infinite where it is not reached within the bound.

    Parameters
    ----------
    edges
        From :func:`find_edges`.
    closed
        Bit field of what is closed: edges that share a bit are skipped.
    starts, values
        Nodes to start from, and the cost at each.
    remaining, bound
        A lower bound of the cost from each node to the end of a barrier, and an upper bound of
        the whole. A node is pruned where its cost and the remaining cost exceed the bound.
    """
    most = np.diff(edges[0]).max(initial=0)
    reached = np.full(len(remaining), np.inf, np.float32)
    queue = make_queue(len(starts) + 1024)
    _enter(queue, reached, starts, values, remaining, bound)
    while not _run(edges, closed, remaining, bound, reached, queue, most):
        queue = grow(queue)
    return reached
