"""Arrays kept on disk between runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from okhotsk.cache import cache_folder, kept_at, recall

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


def test_places_follow_from_every_byte_given() -> None:
    given = [(), (b"",), (b"", b""), (b"ab",), (b"a", b"b"), (b"1 a",), (np.arange(3).data,)]
    places = {kept_at("kind", MODULE, *some) for some in given} | {kept_at("other", MODULE, b"ab")}
    assert len(places) == len(given) + 1
