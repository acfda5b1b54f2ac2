"""A file that one process at a time can hold; it lets go of it even when it is killed."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from okhotsk.errors import DataError

if sys.platform == "win32":
    import msvcrt

    def _hold(held: IO[str]) -> None:
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(held: IO[str]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


# What systems say of a file that another process holds.
HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def alone(path: Path, otherwise: str) -> Iterator[None]:
    """Hold a file, which stays behind empty: to delete it would let two processes hold it.

    Raises
    ------
    DataError
        With the sentence given, where another process holds the file.
    """
    with path.open("a") as held:
        try:
            _hold(held)
        except OSError as error:
            if error.errno in HELD:
                raise DataError(otherwise) from error
            raise
        yield
