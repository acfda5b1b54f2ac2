"""Answers that several options share, each computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class Memo:
    """Answers by the digest of what they follow from, safe to ask from several threads."""

    def __init__(self) -> None:
        self._known: dict[bytes, Future[Any]] = {}
        self._lock = Lock()

    def get(self, compute: Callable[[], T], *given: Any) -> T:
        """Return ``compute()``, or what it returned before for the same arrays and values."""
        digest = hashlib.sha256()  # processors have instructions for it
        for item in given:
            array = np.ascontiguousarray(item)
            digest.update(f"{array.dtype}{array.shape}".encode())
            digest.update(np.packbits(array).data if array.dtype == bool else array.tobytes())
        with self._lock:
            first = digest.digest() not in self._known
            future = self._known.setdefault(digest.digest(), Future())
        if first:
            try:
                future.set_result(compute())
            except BaseException as error:
                future.set_exception(error)
        result: T = future.result()
        return result
