"""Maximum flow by push and relabel: the source side of a least cut."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from okhotsk.raster.arrays import BoolArray, FloatArray, IntArray
from okhotsk.raster.kernel import kernel


def source_side(start: IntArray, end: IntArray, value: FloatArray, pull: FloatArray) -> BoolArray:
    """Nodes on the side of node 0 in the minimum cut between it and node 1 that is nearest to 0.

    Links join the nodes from 2 on, which both terminals pull at.
    """
    total, count = pull[0].sum(), pull.shape[1]
    side = np.arange(count + 2) == 0
    if total > 0:
        tails, heads = np.concatenate([start, end]) - 2, np.concatenate([end, start]) - 2
        links = sparse.csr_array((np.tile(value, 2), (tails, heads)), (count, count))
        links.sum_duplicates()
        numbers = (np.arange(len(links.data)), links.indices, links.indptr)
        back = sparse.csr_array(numbers, links.shape).T.tocsr().data
        # Whole numbers; none need hold more than all that leaves the source.
        room, *pulls = (
            np.rint(np.minimum(values / total, 1) * 2**30).astype(np.int64)
            for values in (links.data, *pull)
        )
        side[2:] = _push(links.indptr, links.indices, back, room, *pulls)
    return np.asarray(side)


@kernel
def _push(first, heads, back, room, source, sink):  # type: ignore[no-untyped-def]
    """Nodes on the source's side of the least cut nearest to it.

    By preflows that are pushed from the sink towards the source (Goldberg & Tarjan 1988,
    doi:10.1145/48014.61051), as links carry alike both ways: what can still be pushed to the
    source when all is done is what the source still reaches.
    """
    count, excess, turn = len(source), sink.copy(), first.copy()
    queue, waits = np.empty(count, np.int64), np.zeros(count, np.bool_)
    height = _heights(first, heads, back, room, source)
    begin, size, work = 0, 0, 0
    for node in range(count):
        if excess[node] > 0 and height[node] <= count:
            queue[size], waits[node] = node, True
            size += 1
    while size > 0:
        if work > 6 * len(heads):
            height, work = _heights(first, heads, back, room, source), 0
            turn[:] = first
        node = queue[begin]
        begin, size, waits[node] = (begin + 1) % count, size - 1, False
        while excess[node] > 0 and height[node] <= count:
            if height[node] == 1:
                flow = min(excess[node], source[node])
                excess[node] -= flow
                source[node] -= flow
            link = turn[node]
            while excess[node] > 0 and link < first[node + 1]:
                other = heads[link]
                if room[link] > 0 and height[node] == height[other] + 1:
                    flow = min(excess[node], room[link])
                    excess[node] -= flow
                    room[link] -= flow
                    excess[other] += flow
                    room[back[link]] += flow
                    if not waits[other]:
                        queue[(begin + size) % count], waits[other] = other, True
                        size += 1
                if excess[node] > 0:
                    link += 1
            turn[node] = link
            if excess[node] > 0:
                work += first[node + 1] - first[node] + 12
                height[node], turn[node] = (
                    _lift(first, heads, room, source, height, node),
                    first[node],
                )
    return _heights(first, heads, back, room, source) <= count


@kernel
def _lift(first, heads, room, source, height, node):  # type: ignore[no-untyped-def]
    """Least height from which something can be pushed on from a node."""
    least = 1 if source[node] > 0 else len(source) + 1
    for link in range(first[node], first[node + 1]):
        if room[link] > 0:
            least = min(least, height[heads[link]] + 1)
    return least


@kernel
def _heights(first, heads, back, room, source):  # type: ignore[no-untyped-def]
    """Steps of every node to the source where there is room; more than all where it has no way."""
    count = len(source)
    height, queue = np.full(count, count + 1, np.int64), np.empty(count, np.int64)
    begin, end = 0, 0
    for node in range(count):
        if source[node] > 0:
            height[node], queue[end] = 1, node
            end += 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for link in range(first[node], first[node + 1]):
            other = heads[link]
            if room[back[link]] > 0 and height[other] > count:
                height[other], queue[end] = height[node] + 1, other
                end += 1
    return height
