"""Digests of code: what is kept on disk follows from every module and library that computes it."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache as cached
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import okhotsk
from okhotsk import cache
from okhotsk.cache import code_digest, kept_at, reached_modules
from okhotsk.datasets import SAID, data_folder
from okhotsk.raster import dijkstra, kernel, stencil
from okhotsk.raster.cost_surface import recall_search
from okhotsk.raster.grid import Grid
from okhotsk.raster.planar_cut import crossing_problem
from okhotsk.theatre.build import compute
from okhotsk.theatre.storage import INPUTS

PACKAGE = Path(okhotsk.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)
KEEPERS = sorted(
    [name for name in MODULES if name != "okhotsk.cache" and b"kept_at(" in cache._source(name)]
    + [compute.__module__]
)


def run(code: str, folder: Path, **environment: str) -> str:
    """What a fresh interpreter prints, with the package of some folder."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)} | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the sources, which the digests read."""
    folder = tmp_path / "okhotsk"
    for path in PACKAGE.rglob("*.py"):
        copy = folder / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    monkeypatch.setattr(cache, "_root", lambda: folder)
    code_digest.cache_clear()
    yield folder
    monkeypatch.undo()
    code_digest.cache_clear()


SPY = """
import builtins, importlib, json, sys
asked, ask = {}, builtins.__import__

def spy(name, globals=None, locals=None, fromlist=(), level=0):
    module = ask(name, globals, locals, fromlist, level)
    names = {name, *(f"{name}.{part}" for part in fromlist or ())}
    asked.setdefault((globals or {}).get("__name__"), set()).update(names)
    return module

builtins.__import__ = spy
for keeper in KEEPERS:
    importlib.import_module(keeper)
ours = {name for name in sys.modules if name.startswith("okhotsk.")}
print(json.dumps({asker: sorted(asked[asker] & ours) for asker in ours if asker in asked}))
"""


@cached
def imports() -> Mapping[str, list[str]]:
    """Modules that each of ours asks Python for when it is imported: a second method."""
    found: Mapping[str, list[str]] = json.loads(run(f"KEEPERS = {KEEPERS}{SPY}", PACKAGE.parent))
    return found


def modules_behind(name: str) -> set[str]:
    """Modules that one asks for, and those that these ask for, near and far."""
    behind, ahead = set[str](), [name]
    while ahead:
        module = ahead.pop()
        if module not in behind:
            behind.add(module)
            ahead += imports().get(module, [])
    return behind


def test_several_modules_keep_answers() -> None:
    assert len(KEEPERS) >= 6


@pytest.mark.parametrize("name", KEEPERS)
def test_an_answer_follows_from_all_that_python_imports_for_it(name: str) -> None:
    behind = modules_behind(name)
    assert len(behind) > 2
    assert not behind - reached_modules(name)


def test_any_changed_function_behind_an_answer_changes_its_key(package: Path) -> None:
    before = {name: kept_at("kind", name, b"given") for name in KEEPERS}
    reached = {name: reached_modules(name) for name in KEEPERS}
    changed = set()
    for module in sorted(set().union(*reached.values())):
        path = cache._path(module)
        assert path is not None
        source = path.read_text()
        functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
        if functions:  # one of each module: the digest reads whole files
            lines = source.splitlines()
            lines[(functions[0].body[-1].end_lineno or 0) - 1] += "  # changed"
            path.write_text("\n".join(lines))
            code_digest.cache_clear()
            for name in KEEPERS:
                moved = kept_at("kind", name, b"given") != before[name]
                assert moved == (module in reached[name]), f"{name}: {module}"
            path.write_text(source)
            changed.add(module)
    code_digest.cache_clear()
    for name in KEEPERS:
        assert len(changed & reached[name]) > len(reached[name]) / 2
        assert kept_at("kind", name, b"given") == before[name]


def test_an_answer_of_figures_only_outlives_other_readers(package: Path) -> None:
    """Changed one by one: what reads and words moves no such key, what computes moves it."""
    module = "okhotsk.maps.explorer.solved"

    def keys() -> tuple[Path, Path]:
        code_digest.cache_clear()
        return tuple(kept_at("kind", module, figures_only=only) for only in (True, False))

    def moved(name: str) -> tuple[bool, bool]:
        path = package.parent.joinpath(*name.split(".")).with_suffix(".py")
        source, before = path.read_text(), keys()
        path.write_text(source + "\nCHANGED = 1\n")
        after = keys()
        path.write_text(source)
        return before[0] != after[0], before[1] != after[1]

    for name in sorted(cache.READERS & reached_modules(module)):
        assert moved(name) == (False, True), name
    computing = ("scenario.split", "scenario.island_sets", "sweep.passages", "theatre.coarsen")
    for name in (*computing, "maps.explorer.tables", "measures.exposure", "raster.dijkstra"):
        assert moved(f"okhotsk.{name}") == (True, True), name


@pytest.mark.parametrize("library", ["numba", "numpy", "pyproj", "scipy", "shapely", "rich"])
def test_a_key_follows_from_the_libraries_behind_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer is printed, so that of all these only rich makes no difference."""
    names = ("okhotsk.theatre.build", "okhotsk.measures.sensing", "okhotsk.raster.cost_surface")
    before = [kept_at("kind", name) for name in names]
    known = cache.library_version
    monkeypatch.setattr(
        cache, "library_version", lambda name: "other" if name == library else known(name)
    )
    code_digest.cache_clear()
    after = [kept_at("kind", name) for name in names]
    code_digest.cache_clear()
    assert (before == after) == (library == "rich")


def test_a_library_is_known_by_the_name_it_is_imported_by() -> None:
    assert cache.library_version("PIL") == version("pillow")  # sold under another name
    assert cache.library_version("no_such_library") == ""


def test_the_theatre_follows_from_every_data_file_that_its_code_names() -> None:
    """But for the shipped seabed, whose depths are given, and tables no figure follows from."""
    files = {path.name for path in data_folder().iterdir() if path.suffix != ".md"}
    named = {
        node.value
        for module in reached_modules(compute.__module__)
        for node in ast.walk(ast.parse(cache._source(module)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(SAID) == {
        "claims.toml",
        "columns.toml",
        "etopo2022.toml",
        "registry.toml",
        "sources.toml",
    }
    assert files & named - {"seabed.tif", cache.ANSWERS, *SAID} == set(INPUTS)


def test_a_kept_search_does_not_outlive_the_size_of_its_cells(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the cells of the grid twice as large, a line is twice as long: kept or not."""
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path / "cache"))
    shape = (8, 12)
    start, goal = (np.zeros(shape, bool) for _ in range(2))
    start[2, 1], goal[5, 10] = True, True
    grid = Grid((140, 40, 141.2, 40.8), shape)

    def length_km() -> float:
        for measured in (stencil.lengths_km, dijkstra.bordered_lengths, code_digest):
            measured.cache_clear()
        return recall_search(crossing_problem(np.ones(shape), grid, start, goal)).curve.cost

    first, size_km = length_km(), Grid.cell_size_km
    monkeypatch.setattr(Grid, "cell_size_km", lambda grid: tuple(2 * km for km in size_km(grid)))
    assert length_km() == first  # kept: no source has changed
    source = package / "raster" / "grid.py"
    source.write_text(source.read_text() + "# cells are twice as large\n")
    assert length_km() == pytest.approx(2 * first, rel=1e-6)
    stencil.lengths_km.cache_clear()
    dijkstra.bordered_lengths.cache_clear()


INNER = """
from okhotsk.raster.kernel import kernel

STEP = 1

@kernel
def inner(n):
    return n + 1
"""
OUTER = """
from numba import njit
from okhotsk.raster.inner import STEP, inner
from okhotsk.raster.kernel import kernel

@COMPILER
def outer(n):
    return inner(n) * STEP
"""
BOTH = "from okhotsk.raster import kept, plain; print(kept.outer(1), plain.outer(1))"


def test_a_kept_kernel_does_not_outlive_what_it_calls_and_reads(tmp_path: Path) -> None:
    """Numba alone looks at the kernel's own file only: once it does not, kernel.py can go."""
    folder = tmp_path / "okhotsk" / "raster"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    for name in reached_modules(kernel.__name__):
        path = cache._path(name)
        if path and path.name != "__init__.py":
            shutil.copyfile(path, tmp_path / path.relative_to(PACKAGE.parent))
    for name, compiler in (("kept", "kernel"), ("plain", "njit(cache=True)")):
        (folder / f"{name}.py").write_text(OUTER.replace("COMPILER", compiler))
    for source, found in (
        (INNER, "2 2"),
        (INNER.replace("n + 1", "n + 9"), "10 2"),
        (INNER.replace("STEP = 1", "STEP = 5"), "10 2"),
    ):
        (folder / "inner.py").write_text(source)
        assert run(BOTH, tmp_path).strip() == found


def test_every_kernel_is_kept_so() -> None:
    compilers = {"njit", "jit", "vectorize", "guvectorize", "cfunc", "stencil"}
    for module in set(MODULES) - {kernel.__name__}:
        asked = cache._names(cache._source(module))
        assert not asked & {f"numba.{name}" for name in compilers}, module


def test_words_alone_make_no_other_code() -> None:
    """Docstrings of modules, classes and functions go; all that is computed stays."""
    source = b'''"""One."""
LIMIT = 3


class Box:
    """Two."""

    def size(self):
        """Three,

        in lines.
        """
        return "four"
'''
    kept = cache._without_docstrings(source).decode()
    assert " ".join(kept.split()) == 'LIMIT = 3 class Box: def size(self): return "four"'
    other = source.replace(b"Two", b"Second").replace(b"in lines", b"in one line")
    assert cache._without_docstrings(other).decode() == kept
    assert cache._without_docstrings(source.replace(b"3", b"4")).decode() != kept
