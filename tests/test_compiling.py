"""Kernels compiled by a second process: all that a run needs, once, and never in its way."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from okhotsk import compiling
from okhotsk.theatre import Theatre

# The types of arrays are those of a real run, for the same functions make them; what this cannot
# take for granted is that the few cells lead into every branch that calls a kernel.
AFTER_THE_REHEARSAL = textwrap.dedent(
    """
    import sys
    from numba.core.dispatcher import Dispatcher
    import okhotsk
    from okhotsk import rehearsal

    def compiled():
        return {
            (name, kernel, str(signature))
            for name, module in sys.modules.items() if name.startswith("okhotsk.")
            for kernel, value in vars(module).items() if isinstance(value, Dispatcher)
            for signature in value.signatures
        }

    rehearsal.rehearse()
    before = compiled()
    theatre = okhotsk.load()
    okhotsk.assess_all(theatre, ["habomai-shikotan-1956"], samples=2)
    print(len(before), *(compiled() - before), sep="\\n")
    """
)


def test_rehearsal_compiles_what_a_run_needs(theatre: Theatre) -> None:
    """The fixture sees to it that the theatre is on disk, where this process finds it."""
    ran = subprocess.run(
        [sys.executable, "-c", AFTER_THE_REHEARSAL], capture_output=True, text=True, check=True
    )
    count, *missing = ran.stdout.splitlines()
    assert missing == []
    assert int(count) > 20


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the rehearsal leaves its mark: a place without one, and a rehearsal that leaves it."""
    path = tmp_path / "rehearsed"
    leave = f"import pathlib; pathlib.Path({str(path)!r}).touch()"
    monkeypatch.setattr(compiling, "find_mark", lambda: path)
    monkeypatch.setattr(compiling, "REHEARSAL", (sys.executable, "-c", leave))
    return path


def test_rehearsal_has_ended_after_the_block(mark: Path) -> None:
    with compiling.compiled_ahead():
        pass
    assert mark.exists()


def test_rehearsal_is_held_once(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark.touch()
    monkeypatch.setattr(compiling, "REHEARSAL", ("no such program",))
    with compiling.compiled_ahead():
        pass


def test_a_rehearsal_that_fails_is_of_no_consequence(
    mark: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "REHEARSAL", (sys.executable, "-c", "raise ValueError"))
    with compiling.compiled_ahead():
        pass
    assert not mark.exists()
    assert capfd.readouterr() == ("", "")


def test_a_stopped_run_does_not_wait(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(compiling, "REHEARSAL", sleep)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), compiling.compiled_ahead():
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30
    assert not mark.exists()


def test_mark_stands_beside_the_kernels() -> None:
    mark = compiling.find_mark()
    assert mark is not None
    assert mark.parent == Path(compiling.crossings.stats.cache_path)
    assert mark == compiling.find_mark()


def test_code_that_changes_is_rehearsed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiling.find_mark()
    monkeypatch.setattr(compiling, "code_digest", lambda names: "0" * 64)
    assert compiling.find_mark() != before


def test_no_mark_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with NUMBA_DISABLE_JIT=1."""
    monkeypatch.setattr(compiling, "crossings", compiling.crossings.py_func)
    assert compiling.find_mark() is None
