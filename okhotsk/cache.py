"""Answers kept, in memory for one run and on disk between runs: a speed-up, deleted at any time.

What is kept on disk lies under a digest of all that it follows from: the values given, the module
that computes it, every module that this one imports, and the versions of the libraries below.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

PACKAGE = "okhotsk"
# Libraries whose arithmetic is in the answers.
LIBRARIES = ("numba", "numpy", "pyproj", "rasterio", "scipy", "shapely")


def cache_folder() -> Path:
    """Folder of the cache: ``OKHOTSK_CACHE_DIR``, by default ``~/.cache/okhotsk``."""
    chosen = os.environ.get("OKHOTSK_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return Path(chosen) if chosen else Path(base) / "okhotsk"


def read_arrays(path: Path, names: Iterable[str] | None = None) -> dict[str, NDArray[Any]] | None:
    """Arrays of an earlier run, some or all; None where there are none or they are damaged."""
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as stored:
            # An altered header can hide from the checks of single arrays.
            if stored.zip.testzip():
                return None
            return {name: stored[name] for name in names or stored.files}
    except Exception:  # damage makes the parsers of zip and npy raise nearly anything
        return None


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep the arrays; a cache that cannot be written is no reason to fail."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as sink:
            try:
                np.savez(sink, **dict(arrays))  # type: ignore[arg-type]
                sink.close()
                Path(sink.name).replace(path)
            finally:  # a full disk or Ctrl-C leaves no half a file
                Path(sink.name).unlink(missing_ok=True)
    except OSError:
        return


def kept_at(kind: str, module: str, *given: Any) -> Path:
    """Where arrays of a kind are kept that a module computes from some bytes.

    Parameters
    ----------
    kind
        First part of the file's name.
    module
        ``__name__`` of the module that computes them.
    given
        Bytes, or buffers of arrays: all that the answer follows from besides the code.
    """
    digest = hashlib.sha256(code_digest(module).encode())
    for data in given:  # with its length: what follows is not to be taken for a part of it
        digest.update(f"{len(data)} ".encode())
        digest.update(data)
    return cache_folder() / f"{kind}-{digest.hexdigest()[:24]}.npz"


def recall(
    path: Path,
    compute: Callable[[], Mapping[str, NDArray[Any]]],
    *,
    names: Iterable[str] | None = None,
) -> Mapping[str, NDArray[Any]]:
    """Arrays of an earlier run, all or the named; or computed now and kept for the next."""
    stored: Mapping[str, NDArray[Any]] | None = read_arrays(path, names)
    if stored is None:
        stored = compute()
        write_arrays(path, stored)
    return stored


@cache
def code_digest(module: str) -> str:
    """Hex digest of a module and of all modules of this package that it imports, near and far.

    Parameters
    ----------
    module
        Its full name; ``okhotsk`` for the whole package.

    Examples
    --------
    >>> code_digest("okhotsk.raster.grid") == code_digest("okhotsk.raster.geodesy")
    False
    """
    digest = hashlib.sha256(repr([version(name) for name in LIBRARIES]).encode())
    names = reached_modules(module) if module != PACKAGE else all_modules()
    for name in sorted(names):
        digest.update(f"{name} {len(_source(name))} ".encode())
        digest.update(_source(name))
    return digest.hexdigest()


def reached_modules(module: str) -> set[str]:
    """Return the modules of this package that one reaches by imports, itself among them."""
    reached: set[str] = set()
    ahead = [module]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += filter(_path, _imported(_source(name)))
    return reached


def all_modules() -> set[str]:
    """Return the full names of all modules of this package."""
    root = _root()
    found = (path.relative_to(root.parent).with_suffix("") for path in root.rglob("*.py"))
    return {".".join(path.parts).removesuffix(".__init__") for path in found}


@cache
def _imported(source: bytes) -> frozenset[str]:
    """Names of this package that the imports of a source may mean, wherever these stand."""
    return frozenset(name for node in ast.walk(ast.parse(source)) for name in _names(node))


def _names(node: ast.AST) -> Iterator[str]:
    """Every name that an import may mean a module by, and the packages round it."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            raise ValueError(
                f"import from {'.' * node.level}{node.module or ''}: use the full name"
            )
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    for name in names:
        parts = name.split(".")
        if parts[0] == PACKAGE:
            yield from (".".join(parts[:n]) for n in range(2, len(parts) + 1))


def _source(module: str) -> bytes:
    path = _path(module)
    if path is None:
        raise ValueError(f"{module}: no module of this package")
    return path.read_bytes()


def _path(module: str) -> Path | None:
    """File of a module of this package, None if there is none of that name."""
    base = _root().parent.joinpath(*module.split("."))
    files = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in files if path.is_file()), None)


def _root() -> Path:
    return Path(__file__).parent


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
