"""Radix heap: a monotone priority queue of states, in buckets by the digits of their labels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import IntArray
from okhotsk.raster.kernel import kernel

DIGITS = 256
SPARE, LEFT, LAST = 4 * DIGITS, 4 * DIGITS + 1, 4 * DIGITS + 2


class Queue(NamedTuple):
    """States in the order of their labels, which are float32 numbers of 0 or more.

    The bits of such numbers, read as whole numbers, have the order of their values. There is a
    bucket for each value of each of the four digits to the base 256. An entry lies in the bucket
    of the highest digit in which it differs from the last label taken out (Denardo & Fox 1979,
    doi:10.1287/opre.27.1.161; Ahuja et al. 1990, doi:10.1145/77600.77615). It moves three times
    at most, and the order is exact over the whole range of costs.

    Attributes
    ----------
    heads
        First entry of every bucket, -1 where there is none; then the first spare entry (at
        ``SPARE``), the number of spare entries (``LEFT``) and the last label taken (``LAST``).
    bits
        Label of each entry.
    states
        State of each entry.
    links
        Next entry in the same bucket, or next spare entry; -1 at the end.
    """

    heads: IntArray
    bits: NDArray[np.uint32]
    states: IntArray
    links: IntArray


def make_queue(room: int) -> Queue:
    """Return an empty queue with room for some entries."""
    heads = np.full(4 * DIGITS + 3, -1, np.int64)
    links = np.arange(1, room + 1, dtype=np.int64)
    links[-1] = -1
    heads[SPARE], heads[LEFT], heads[LAST] = 0, room, 0
    return Queue(heads, np.empty(room, np.uint32), np.empty(room, np.int64), links)


def grow(queue: Queue) -> Queue:
    """Return the queue with twice the room."""
    heads, bits, states, links = queue
    room = len(links)
    more = np.arange(room + 1, 2 * room + 1, dtype=np.int64)
    more[-1], heads[SPARE] = heads[SPARE], room
    heads[LEFT] += room
    return Queue(
        heads,
        np.concatenate((bits, np.empty(room, np.uint32))),
        np.concatenate((states, np.empty(room, np.int64))),
        np.concatenate((links, more)),
    )


# The kernels take the arrays of a queue one by one. In a tuple Numba would count references to
# them at each use, which costs more than the search.
@kernel
def _hang(heads, bits, links, entry):  # type: ignore[no-untyped-def]
    """Hang an entry into its bucket."""
    key = np.int64(bits[entry])
    differs = key ^ heads[LAST]
    shift = 8 * ((differs >= 1 << 8) + (differs >= 1 << 16) + (differs >= 1 << 24))
    slot = shift * (DIGITS // 8) + ((key >> shift) & 255)
    links[entry], heads[slot] = heads[slot], entry


@kernel
def put(heads, bits, states, links, key, state):  # type: ignore[no-untyped-def]
    """Enter a state; there must be room."""
    entry = heads[SPARE]
    heads[SPARE] = links[entry]
    heads[LEFT] -= 1
    bits[entry], states[entry] = key, state
    _hang(heads, bits, links, entry)


@kernel
def _spill(heads, bits, states, links, labels, slot):  # type: ignore[no-untyped-def]
    """Move the entries of a bucket to lower digits; free those whose label is out of date."""
    entry, heads[slot] = heads[slot], -1
    while entry >= 0:
        after = links[entry]
        if labels[states[entry]] == bits[entry]:
            _hang(heads, bits, links, entry)
        else:
            links[entry], heads[SPARE] = heads[SPARE], entry
            heads[LEFT] += 1
        entry = after


@kernel
def _advance(heads, bits, states, links, labels):  # type: ignore[no-untyped-def]
    """Sort the least label down to the last digit; return its bucket, -1 where none is left."""
    level = 0
    while level < 4:
        shift, end = 8 * level, (level + 1) * DIGITS
        slot = level * DIGITS + ((heads[LAST] >> shift) & 255)
        while slot < end and heads[slot] < 0:
            slot += 1
        if slot == end:
            level += 1
            continue
        heads[LAST] = (heads[LAST] >> (shift + 8) << 8 | slot & 255) << shift
        if level == 0:
            return slot
        _spill(heads, bits, states, links, labels, slot)
        level = 0
    return -1


@kernel
def take(heads, bits, states, links, labels):  # type: ignore[no-untyped-def]
    """Remove and return a state of least label; -1 where none is left."""
    while True:
        slot = heads[LAST] & 255
        if heads[slot] < 0:
            slot = _advance(heads, bits, states, links, labels)
            if slot < 0:
                return -1
        entry = heads[slot]
        heads[slot] = links[entry]
        links[entry], heads[SPARE] = heads[SPARE], entry
        heads[LEFT] += 1
        state = states[entry]
        if labels[state] == heads[LAST]:  # else a lower label has replaced it
            return state
