"""The queue against sorting."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okhotsk.raster import radix_heap

seeds = st.integers(0, 10**6)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 2.0**100, width=32), min_size=1, max_size=60), seeds)
def test_queue_gives_states_in_order(values: list[float], seed: int) -> None:
    """However unlike the labels: entered in two goes, the second not below what was taken."""
    labels = np.array(values, np.float32)
    bits, order = labels.view(np.uint32), np.argsort(labels, kind="stable")
    early = np.random.default_rng(seed).permutation(order[: len(order) // 2 + 1])
    queue = radix_heap.make_queue(2)
    taken = []
    for batch in (early, order[len(early) :]):
        for state in batch:
            while queue.heads[radix_heap.LEFT] < 1:
                queue = radix_heap.grow(queue)
            radix_heap.put(*queue, bits[state], state)
        if batch is early:
            taken.append(radix_heap.take(*queue, bits))
    while (state := radix_heap.take(*queue, bits)) >= 0:
        taken.append(state)
    np.testing.assert_array_equal(labels[taken], np.sort(labels))


def test_outdated_entries_are_skipped() -> None:
    labels = np.array([5.0, 3.0], np.float32)
    queue = radix_heap.make_queue(4)
    for state, label in ((0, 5.0), (1, 3.0)):
        radix_heap.put(*queue, np.float32(label).view(np.uint32), state)
    labels[0] = 1.0
    radix_heap.put(*queue, labels.view(np.uint32)[0], 0)
    assert [radix_heap.take(*queue, labels.view(np.uint32)) for _ in range(3)] == [0, 1, -1]


@pytest.mark.parametrize(
    ("least", "most"), [(-23.0, -20.0), (-12.0, -8.0), (-60.0, -4.0), (-2.0, 2.0)]
)
def test_long_searches_against_heapq(least: float, most: float) -> None:
    """Thousands of entries, lowered and entered again, come out as from a binary heap.

    As a search does it: what is entered costs no less than what was taken last, by a share of
    2 to the power of ``least`` to ``most``, so that entries pass through buckets of all digits.
    """
    rng = np.random.default_rng(17)
    labels = np.full(4000, np.inf, np.float32)
    queue, heap = radix_heap.make_queue(8), []
    last = np.float32(1e-20)
    grown = 0
    for _ in range(9000):
        for state in rng.integers(0, len(labels), rng.integers(0, 4)):
            more = 2.0 ** rng.uniform(least, most) if rng.random() < 0.9 else 0.0
            label = np.float32(min(float(last) * (1 + more), 1e38))
            if label < labels[state]:
                labels[state] = label
                while queue.heads[radix_heap.LEFT] < 1:
                    queue, grown = radix_heap.grow(queue), grown + 1
                radix_heap.put(*queue, label.view(np.uint32), state)
                heapq.heappush(heap, (label, int(state)))
        while heap and labels[heap[0][1]] != heap[0][0]:
            heapq.heappop(heap)
        if rng.random() < 0.6:
            state = radix_heap.take(*queue, labels.view(np.uint32))
            assert (state < 0) == (not heap)
            if heap:
                last = heap[0][0]
                assert labels[state] == last
                heap.remove((last, state))
                heapq.heapify(heap)
    assert grown >= 5
