"""Answers kept, in memory for one run and on disk between runs: a speed-up, deleted at any time.

Two rules:

- An answer lies under the digest of all that it follows from: the values given and, on disk, the
  module that computes it, every module that this one imports, and the versions of the libraries
  that those import.
- Whether answers are kept, and where, is decided once, by whoever makes a :class:`Memo` or
  :class:`Baselines`. Functions that compute know nothing of it: what they may go on from is an
  argument like any other.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from okhotsk.datasets import data_folder

T = TypeVar("T")
Question = TypeVar("Question")
Answer = TypeVar("Answer")

PACKAGE = "okhotsk"
# Modules that read, check and word things, and compute none. An answer that says ``figures_only``
# lies under what they have read, and does not follow from how they did.
READERS = frozenset(
    f"{PACKAGE}.{name}"
    for name in (
        "datasets",
        "errors",
        "files",
        "html",
        "scenario.read",
        "schema",
        "style",
        "tables",
    )
)
# Answers about the named scenarios on the shipped data, written by data/answers.py.
ANSWERS = "answers.zip"


def cache_folder() -> Path:
    """Folder of the cache: ``OKHOTSK_CACHE_DIR``, by default ``~/.cache/okhotsk``."""
    chosen = os.environ.get("OKHOTSK_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    return Path(chosen) if chosen else Path(base) / "okhotsk"


def read_arrays(path: Path, names: Iterable[str] | None = None) -> dict[str, NDArray[Any]] | None:
    """Arrays of an earlier run, some or all; None where there are none or they are damaged.

    What this computer has not kept may have come with the package, under the same name, which says
    by what code and from what data it was computed (:data:`ANSWERS`).
    """
    wanted = None if names is None else list(names)
    found = _read(path, wanted)
    if found is None and path.name in _answers():
        with ZipFile(data_folder() / ANSWERS) as shipped:
            found = _read(BytesIO(shipped.read(path.name)), wanted)
    return found


@cache
def _answers() -> frozenset[str]:
    """Names of the answers that came with the package."""
    try:
        with ZipFile(data_folder() / ANSWERS) as shipped:
            return frozenset(shipped.namelist())
    except (OSError, BadZipFile):
        return frozenset()


def _read(place: Path | BytesIO, names: Sequence[str] | None) -> dict[str, NDArray[Any]] | None:
    """Arrays of an archive, some or all; None where there is none or it is damaged."""
    try:
        with ZipFile(place) as stored:
            if stored.infolist()[0].header_offset:  # something stands before the archive
                return None
            files = [f"{name}.npy" for name in names] if names else stored.namelist()
            # Members are read whole, which checks their sums: an altered header of an array can
            # hide from that if only so much is read as the header asks for.
            return {name.removesuffix(".npy"): _array(stored.read(name)) for name in files}
    except Exception:  # damage makes the parsers of zip and npy raise nearly anything
        return None


def _array(stored: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.load(BytesIO(stored), allow_pickle=False)
    return array


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


def digest_of(*given: Any) -> bytes:
    """Return the digest of some values: texts, bytes, numbers, and arrays of them, in their order.

    The type and the shape of a value count, its layout in memory does not.

    Raises
    ------
    TypeError
        For a value that is none of these: the digest of an object would be that of its address.
    """
    digest = hashlib.sha256()  # processors have instructions for it
    for item in given:
        if isinstance(item, (str, bytes)):
            data = item.encode() if isinstance(item, str) else item
            head = f"{type(item).__name__} {len(data)}"
        else:
            array = np.asarray(item, order="C")
            if array.dtype == object:
                raise TypeError(f"a digest of {type(item).__name__}: give its text or its arrays")
            data = np.packbits(array).tobytes() if array.dtype == bool else array.tobytes()
            head = f"{array.dtype}{array.shape}"
        digest.update(f"{len(head)} {head}".encode())
        digest.update(data)
    return digest.digest()


def kept_at(kind: str, module: str, *given: Any, figures_only: bool = False) -> Path:
    """Where arrays of a kind are kept that a module computes from some values.

    Parameters
    ----------
    kind
        First part of the file's name.
    module
        ``__name__`` of the module that computes them.
    given
        What :func:`digest_of` takes: all that the answer follows from besides the code.
    figures_only
        Whether it does not follow from the code of :data:`READERS`: what these read is ``given``.
    """
    digest = digest_of(code_digest(module, figures_only=figures_only), *given)
    return cache_folder() / f"{kind}-{digest.hex()[:24]}.npz"


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
def code_digest(module: str, *, figures_only: bool = False) -> str:
    """Hex digest of a module and of all that it imports, near and far.

    That is the sources of the modules of this package without their docstrings, from which no
    figure follows, and the versions of other libraries.

    Parameters
    ----------
    module
        Its full name.
    figures_only
        Whether :data:`READERS`, and what only they import, are left out.

    Examples
    --------
    >>> code_digest("okhotsk.raster.grid") == code_digest("okhotsk.raster.geodesy")
    False
    """
    names = sorted(reached_modules(module, READERS if figures_only else frozenset()))
    sources = [_source(name) for name in names]
    bodies = map(_without_docstrings, sources)
    libraries = sorted(frozenset().union(*map(_libraries, sources)))
    versions = [library_version(name) for name in libraries]
    return digest_of(names, *bodies, libraries, versions).hex()


@cache
def library_version(name: str) -> str:
    """Version of a library by the name it is imported by; empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:  # sold under another name, as PIL is
        pass
    try:
        return str(getattr(import_module(name), "__version__", ""))
    except ImportError:
        return ""


def reached_modules(module: str, without: frozenset[str] = frozenset()) -> set[str]:
    """Return the modules of this package that one reaches by imports, itself among them.

    ``without`` are modules that are not reached, nor passed through.
    """
    reached, asked, ahead = {module}, {module, *without}, [module]
    while ahead:
        names = _imported(_source(ahead.pop())) - asked
        found = [name for name in names if _path(name)]
        asked |= names
        reached.update(found)
        ahead += found
    return reached


@cache
def _tree(source: bytes) -> ast.Module:
    return ast.parse(source)


@cache
def _without_docstrings(source: bytes) -> bytes:
    """A source without the lines of its docstrings."""
    lines = source.splitlines(keepends=True)
    for node in _statements(_tree(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                last = first.end_lineno or first.lineno
                lines[first.lineno - 1 : last] = [b""] * (last - first.lineno + 1)
    return b"".join(lines)


@cache
def _imported(source: bytes) -> frozenset[str]:
    """Names of this package that the imports of a source may mean, wherever these stand."""
    found = (name.split(".") for name in _names(source) if name.split(".")[0] == PACKAGE)
    return frozenset(".".join(parts[:n]) for parts in found for n in range(2, len(parts) + 1))


@cache
def _libraries(source: bytes) -> frozenset[str]:
    """Names of other libraries that a source imports, but for Python's own."""
    names = {name.split(".")[0] for name in _names(source)}
    return frozenset(names - {PACKAGE, *sys.stdlib_module_names})


@cache
def _names(source: bytes) -> frozenset[str]:
    """Every name that the imports of a source may mean a module by."""
    return frozenset(name for node in _statements(_tree(source)) for name in _asked(node))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """A tree and every statement in it: expressions, which import nothing, are left out."""
    yield node
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for inner in getattr(node, part, ()):
            yield from _statements(inner)


def _asked(node: ast.AST) -> Iterator[str]:
    """Names that one import asks for, members of modules among them."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.level:
            raise ValueError(
                f"import from {'.' * node.level}{node.module or ''}: use the full name"
            )
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


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
        self._answers: dict[bytes, Future[Any]] = {}
        self._lock = Lock()

    def get(self, compute: Callable[[], T], *given: Any) -> T:
        """Return ``compute()``, found once for the same values (:func:`digest_of`)."""
        digest = digest_of(*given)
        with self._lock:
            first = digest not in self._answers
            future = self._answers.setdefault(digest, Future())
        if first:
            try:
                future.set_result(compute())
            except BaseException as error:
                future.set_exception(error)
        result: T = future.result()
        return result


class Baselines(Generic[Question, Answer]):
    """Answers to the first of many similar questions, from which the others go on.

    A baseline spares time and changes no figure. Only this object knows whether there are any, and
    where: a function that can go on from one takes it as data, or None.

    Parameters
    ----------
    solve
        Answers a question, and may keep the answer on disk. Where it is not given there are no
        baselines: every question is answered from scratch.
    """

    def __init__(self, solve: Callable[[Question], Answer] | None = None) -> None:
        self._solve, self._memo = solve, Memo()

    def get(self, ask: Callable[[], Question], *given: Any) -> Answer | None:
        """Return the answer to ``ask()``, found once for the same values; or None."""
        solve = self._solve
        return self._memo.get(lambda: solve(ask()), *given) if solve else None
