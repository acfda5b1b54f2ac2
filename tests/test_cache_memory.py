"""Answers computed once: for the same values only, and by one thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_dtypes, array_shapes, arrays

from okhotsk.cache import Memo


def test_the_same_values_are_answered_once() -> None:
    memo, asked = Memo(), []
    for _ in range(3):
        answer = memo.get(lambda: asked.append(1) or object(), np.arange(6), 2.5)
        assert answer is memo.get(lambda: pytest.fail("asked again"), np.arange(6), 2.5)
    assert asked == [1]


@pytest.mark.parametrize(
    "other",
    [
        (np.arange(1, 7), 2.5),
        (np.arange(6), 2.6),
        (np.arange(6).reshape(2, 3), 2.5),
        (np.arange(6, dtype=np.float64), 2.5),
        (2.5, np.arange(6)),
        (np.arange(6),),
        (np.arange(6), 2.5, 2.5),
        (np.arange(5), 5, 2.5),
        (),
    ],
)
def test_other_values_are_asked_for_themselves(other: tuple[object, ...]) -> None:
    memo = Memo()
    memo.get(lambda: "first", np.arange(6), 2.5)
    assert memo.get(lambda: "other", *other) == "other"
    assert memo.get(lambda: "again", np.arange(6), 2.5) == "first"


@given(arrays(array_dtypes(), array_shapes(max_dims=2, max_side=4), fill=st.nothing()))
def test_layout_in_memory_does_not_matter(values: np.ndarray) -> None:
    memo = Memo()
    answer = memo.get(object, values)
    assert memo.get(object, np.asfortranarray(values)) is answer
    assert memo.get(object, np.repeat(values, 2, axis=0)[::2]) is answer


def test_equal_bytes_of_another_type_are_other_values() -> None:
    memo = Memo()
    memo.get(lambda: "floats", np.zeros(6))
    assert memo.get(lambda: "integers", np.zeros(6, np.int64)) == "integers"


def test_none_is_an_answer() -> None:
    memo = Memo()
    assert memo.get(lambda: None, 1) is None
    assert memo.get(lambda: pytest.fail("asked again"), 1) is None


def test_memos_share_nothing() -> None:
    assert Memo().get(lambda: "one", 1) == "one"
    assert Memo().get(lambda: "two", 1) == "two"


def test_threads_wait_for_the_first() -> None:
    memo, asked, start = Memo(), [], Barrier(8)

    def slow() -> object:
        asked.append(1)
        sleep(0.05)
        return object()

    def ask(_: int) -> object:
        start.wait()
        return memo.get(slow, np.ones(3))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert asked == [1]
    assert len(set(map(id, answers))) == 1


def test_a_failure_is_everyones() -> None:
    memo = Memo()

    def fail() -> None:
        raise ValueError("no curve")

    for _ in range(2):
        with pytest.raises(ValueError, match="no curve"):
            memo.get(fail, 1)
    assert memo.get(lambda: "fine", 2) == "fine"
