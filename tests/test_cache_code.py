"""Digests of code: what is kept on disk follows from every module that computes it."""

from __future__ import annotations

import ast
import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import okhotsk
from okhotsk import cache
from okhotsk.cache import all_modules, code_digest, kept_at, reached_modules
from okhotsk.raster.grid import Grid

KEEPERS = sorted(
    name for name in all_modules() if name != "okhotsk.cache" and b"kept_at(" in cache._source(name)
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, whose sources the digests read."""
    folder = tmp_path / "okhotsk"
    ignored = shutil.ignore_patterns("__pycache__", "*.js", "*.png", "*.css")
    shutil.copytree(Path(okhotsk.__file__).parent, folder, ignore=ignored)
    monkeypatch.setattr(cache, "_root", lambda: folder)
    code_digest.cache_clear()
    yield folder
    monkeypatch.undo()
    code_digest.cache_clear()


def modules_behind(name: str) -> set[str]:
    """Modules of this package that a fresh interpreter loads to import one: a second method."""
    code = f"import sys, {name}; print(*[m for m in sys.modules if m.split('.')[0] == 'okhotsk'])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


def test_several_modules_keep_answers() -> None:
    assert len(KEEPERS) >= 5


@pytest.mark.parametrize("name", KEEPERS)
def test_an_answer_follows_from_all_that_python_imports_for_it(name: str) -> None:
    missed = modules_behind(name) - reached_modules(name) - {"okhotsk"}
    assert not missed


@pytest.mark.parametrize("name", KEEPERS)
def test_any_changed_function_behind_an_answer_changes_its_key(name: str, package: Path) -> None:
    before = kept_at("kind", name, b"given")
    changed = 0
    for module in sorted(reached_modules(name)):
        path = cache._path(module)
        assert path is not None
        source = path.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                lines = source.splitlines()
                lines[node.body[-1].end_lineno - 1] += "  # changed"
                path.write_text("\n".join(lines))
                code_digest.cache_clear()
                assert kept_at("kind", name, b"given") != before, f"{module}.{node.name}"
                changed += 1
                break  # one function of each module; the digest reads whole files
        path.write_text(source)
    code_digest.cache_clear()
    assert changed > len(reached_modules(name)) / 2
    assert kept_at("kind", name, b"given") == before


def test_a_module_that_is_not_imported_changes_nothing(package: Path) -> None:
    before = kept_at("kind", "okhotsk.raster.grid", b"given")
    (package / "report" / "charts.py").write_text("# changed\n")
    code_digest.cache_clear()
    assert kept_at("kind", "okhotsk.raster.grid", b"given") == before


def test_a_kept_search_does_not_outlive_the_size_of_its_cells(tmp_path: Path) -> None:
    """With the cells of the grid twice as large, a line is twice as long: kept or not."""
    folder = tmp_path / "okhotsk"
    shutil.copytree(Path(okhotsk.__file__).parent, folder)
    environment = os.environ | {
        "OKHOTSK_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": str(tmp_path),
        "NUMBA_CACHE_DIR": str(tmp_path / "numba"),
    }

    def length_km() -> float:
        done = subprocess.run(
            [sys.executable, "-c", SEARCH],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=tmp_path,
        )
        return float(done.stdout)

    first = length_km()
    assert length_km() == first
    grid = folder / "raster" / "grid.py"
    source = grid.read_text()
    body = inspect.getsource(Grid.cell_size_km)
    last = body.rstrip().splitlines()[-1]
    assert last.strip().startswith("return ")
    twice = last.replace("return ", "return tuple(2 * size for size in (") + "))"
    grid.write_text(source.replace(last, twice))
    assert length_km() == pytest.approx(2 * first, rel=1e-6)


SEARCH = """
import numpy as np
from okhotsk.raster.grid import Grid
from okhotsk.raster.planar_cut import find_crossing

shape = (40, 60)
start, goal = (np.zeros(shape, bool) for _ in range(2))
start[20, 5], goal[22, 50] = True, True
tree = find_crossing(np.ones(shape), Grid((140, 40, 146, 44), shape), start, goal, kept=True)
print(tree.curve.cost)
"""
