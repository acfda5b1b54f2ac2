"""Compiled kernels, kept on disk until any code behind them changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from numba import njit
from numba.core.dispatcher import Dispatcher

from okhotsk.cache import code_digest

Function = TypeVar("Function", bound=Callable[..., Any])


@overload
def kernel(function: Function) -> Function: ...


@overload
def kernel(**options: Any) -> Callable[[Function], Function]: ...


def kernel(function: Function | None = None, **options: Any) -> Any:
    """Compile a function with Numba; it runs beside other threads, and is kept on disk.

    Numba compiles anew where the function's own file has changed. But what it has compiled also
    holds the kernels that the function calls and the constants that it reads, wherever these
    stand. So the digest of all modules that its module imports is added to what Numba compares.

    Parameters
    ----------
    function
        What to compile; not given where there are options.
    options
        As :func:`numba.njit`, e.g. ``fastmath``.
    """

    def compile_lazily(function: Function) -> Any:
        compiled = njit(cache=True, nogil=True, **options)(function)
        if isinstance(compiled, Dispatcher):  # not where Numba is told to compile nothing
            # Numba has no public way to say what else a kernel follows from.
            index = compiled._cache._cache_file  # type: ignore[attr-defined]
            index._source_stamp = (index._source_stamp, code_digest(function.__module__))
        return compiled

    return compile_lazily if function is None else compile_lazily(function)
