"""Minimum cuts by SciPy's maximum flow (Dinic's algorithm), with real capacities as whole numbers.

A kernel of our own, push-relabel, found the same sets and took a sixth of the time of each cut,
but the cuts are a small share of an assessment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from okhotsk.raster.arrays import BoolArray, FloatArray, IntArray

SOURCE, SINK, FIRST = 0, 1, 2
WHOLE = 2**30  # what all capacity at the source becomes: SciPy counts flow in 32 bits


def source_side(start: IntArray, end: IntArray, value: FloatArray, pull: FloatArray) -> BoolArray:
    """Return the source's side of the minimum cut that is nearest to the source.

    Parameters
    ----------
    start, end
        Nodes that each link joins, numbered from 2 (0 is the source, 1 the sink), shape (m,).
        Parallel links add up.
    value
        Capacity of each link, the same both ways, shape (m,).
    pull
        Capacity from the source to each node and from each node to the sink, shape (2, n).

    Returns
    -------
    numpy.ndarray
        Whether each node lies on the source's side, shape (2 + n,), the terminals first. Of all
        minimum cuts it is the one with the fewest nodes there.

    Notes
    -----
    Capacities are rounded to 10⁻⁹ of all that leaves the source. What can be reached from the
    source along links with room to spare is its side (Ford & Fulkerson 1956,
    doi:10.4153/CJM-1956-045-5).

    Examples
    --------
    Two nodes; the source pulls at the first, the sink at the second, and the link is the weakest.

    >>> source_side(np.array([2]), np.array([3]), np.array([1.0]), np.array([[4.0, 0], [0, 3]]))
    array([ True, False,  True, False])
    """
    total = pull[SOURCE].sum()
    if total <= 0:
        return np.asarray(np.arange(FIRST + pull.shape[1]) == SOURCE)
    room = _capacities(start, end, value / total, pull / total)
    spare = room > maximum_flow(room, SOURCE, SINK).flow
    reached = breadth_first_order(spare, SOURCE, return_predecessors=False)
    return np.asarray(np.isin(np.arange(room.shape[0]), reached))


def _capacities(
    start: IntArray, end: IntArray, value: FloatArray, pull: FloatArray
) -> sparse.csr_array:
    """Capacities between all nodes as whole numbers, from shares of what leaves the source."""
    count = FIRST + pull.shape[1]
    node = np.arange(FIRST, count)
    tails = np.concatenate([start, end, np.full_like(node, SOURCE), node])
    heads = np.concatenate([end, start, node, np.full_like(node, SINK)])
    shares = sparse.csr_array(
        (np.concatenate([value, value, *pull]), (tails, heads)), (count, count)
    )
    shares.sum_duplicates()
    shares.data = _whole(shares.data)
    return shares


def _whole(shares: FloatArray) -> NDArray[np.int32]:
    """Shares as whole numbers; no link need carry more than all that leaves the source."""
    return np.asarray(np.rint(np.minimum(shares, 1) * WHOLE), np.int32)
