"""Answers kept: on disk between runs, in memory for one, and what their digests tell apart."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_dtypes, array_shapes
from hypothesis.extra.numpy import arrays as any_arrays
from numpy.typing import NDArray

from okhotsk.cache import Baselines, Memo, cache_folder, digest_of, kept_at, read_arrays, recall

MODULE = "okhotsk.raster.grid"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def arrays() -> dict[str, NDArray[np.float64]]:
    return {"cells": np.arange(5000.0), "km": np.zeros((0, 2))}


def never() -> dict[str, NDArray[np.float64]]:
    pytest.fail("computed again")


def assert_recalled(path: Path) -> None:
    for name, values in recall(path, never).items():
        np.testing.assert_array_equal(values, arrays()[name])


def test_what_was_computed_is_kept(folder: Path) -> None:
    path = kept_at("kind", MODULE, b"given")
    assert path.parent == cache_folder() == folder
    assert set(recall(path, arrays)) == {"cells", "km"}
    assert_recalled(path)
    assert [*folder.iterdir()] == [path]


def test_only_what_is_asked_for_is_read() -> None:
    path = kept_at("kind", MODULE, b"given")
    recall(path, arrays)
    assert set(recall(path, never, names=("km",))) == {"km"}


@pytest.mark.parametrize("harm", ["cut", "empty", "text", "byte"])
def test_what_is_damaged_is_made_anew(folder: Path, harm: str) -> None:
    path = kept_at("kind", MODULE, b"given")
    recall(path, arrays)
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:middle],
            "empty": b"",
            "text": b"no archive",
            "byte": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
        }[harm]
    )
    recall(path, arrays)
    assert_recalled(path)
    assert path.read_bytes() == whole
    assert [*folder.iterdir()] == [path]


def test_no_altered_byte_alters_what_is_read() -> None:
    path = kept_at("kind", MODULE, b"given")
    recall(path, arrays)
    whole = path.read_bytes()
    for n in (
        *range(600),
        *range(600, len(whole) - 600, 101),
        *range(len(whole) - 600, len(whole)),
    ):
        path.write_bytes(whole[:n] + bytes([whole[n] ^ 255]) + whole[n + 1 :])
        found = read_arrays(path, ("cells", "km"))
        assert found is None or all((found[k] == v).all() for k, v in arrays().items()), n


def test_what_has_other_names_is_made_anew() -> None:
    path = kept_at("kind", MODULE, b"given")
    recall(path, lambda: {"old": np.ones(3)})
    assert set(recall(path, arrays, names=("cells", "km"))) == {"cells", "km"}
    assert_recalled(path)


def test_a_cache_that_cannot_be_written_does_no_harm(folder: Path) -> None:
    folder.write_text("not a folder")
    assert set(recall(kept_at("kind", MODULE), arrays)) == {"cells", "km"}


def test_an_error_leaves_nothing(folder: Path) -> None:
    def fail() -> dict[str, NDArray[np.float64]]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recall(kept_at("kind", MODULE), fail)
    assert not folder.exists()


DIFFERENT = (
    (),
    (b"",),
    (b"", b""),
    (b"ab",),
    ("ab",),
    (b"a", b"b"),
    (b"1 a",),
    (["ab"],),
    (["a", "b"],),
    (np.arange(3),),
    (np.arange(3, dtype=np.int32),),
    (np.arange(3.0),),
    (np.zeros(6),),
    (np.zeros((2, 3)),),
    (np.zeros(6, np.int64),),
    (np.zeros(6, bool),),
    (np.zeros(2), np.zeros(4)),
    (2.5, np.arange(3)),
    (np.arange(3), 2.5),
    (5,),
    (5.0,),
)


def test_values_that_differ_have_places_of_their_own() -> None:
    """Every byte counts, and so do type, shape and where one value ends."""
    places = {kept_at("kind", MODULE, *some) for some in DIFFERENT}
    places |= {kept_at("other", MODULE), kept_at("kind", "okhotsk.raster.geodesy")}
    assert len(places) == len(DIFFERENT) + 2


def test_an_object_has_no_digest() -> None:
    """Its address would: another one in the next run, or that of another object."""
    for value in (object(), None, [np.zeros(2), "a"], {"a": 1}):
        with pytest.raises((TypeError, ValueError)):
            digest_of(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_arrays(array_dtypes(), array_shapes(max_dims=2, max_side=4), fill=st.nothing()))
def test_layout_in_memory_does_not_matter(values: np.ndarray) -> None:
    digest = digest_of(values)
    assert digest_of(np.asfortranarray(values)) == digest
    assert digest_of(np.repeat(values, 2, axis=0)[::2]) == digest


# In memory


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


# Baselines


def test_a_baseline_is_found_once() -> None:
    asked: list[str] = []

    def solve(question: str) -> str:
        asked.append(question)
        return question.upper()

    baselines = Baselines(solve)
    for _ in range(2):
        assert baselines.get(lambda: "one", "key", 1) == "ONE"
    assert baselines.get(lambda: "two", "key", 2) == "TWO"
    assert asked == ["one", "two"]


def test_without_baselines_no_question_is_posed() -> None:
    pose: Callable[[], str] = lambda: pytest.fail("posed")  # noqa: E731
    assert Baselines[str, str]().get(pose, "key") is None
