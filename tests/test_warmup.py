"""Kernels compiled by a second process: all that a run needs, once, and never in its way."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from okhotsk import warmup
from okhotsk.theatre.model import Theatre

# The types of arrays are those of a real run, for the same functions make them; what this cannot
# take for granted is that the few cells lead into every branch that calls a kernel. The theatre
# comes from the disk: its own kernels are not looked at.
AFTER_THE_REHEARSAL = textwrap.dedent(
    """
    import os, sys
    from numba.core.dispatcher import Dispatcher
    import okhotsk
    from okhotsk import warmup

    def compiled():
        return {
            (name, kernel, str(signature))
            for name, module in sys.modules.items() if name.startswith("okhotsk.")
            for kernel, value in vars(module).items() if isinstance(value, Dispatcher)
            for signature in value.signatures
        }

    theatre = okhotsk.load()
    os.environ["OKHOTSK_CACHE_DIR"] = sys.argv[1]  # no samples that an earlier run has kept
    warmup.rehearse()
    before = compiled()
    okhotsk.assess_all(theatre, ["habomai-shikotan-1956"], samples=2)
    print(len(before), *(compiled() - before), sep="\\n")
    """
)


def test_rehearsal_compiles_what_assessing_needs(theatre: Theatre, tmp_path: Path) -> None:
    """The fixture sees to it that the theatre is on disk, where this process finds it."""
    ran = subprocess.run(
        [sys.executable, "-c", AFTER_THE_REHEARSAL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, *missing = ran.stdout.splitlines()
    assert missing == []
    assert int(count) > 18


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the rehearsal leaves its mark: a place without one, and a rehearsal that leaves it."""
    path = tmp_path / "rehearsed"
    leave = f"import pathlib; pathlib.Path({str(path)!r}).touch()"
    monkeypatch.setattr(warmup, "find_mark", lambda: path)
    monkeypatch.setattr(warmup, "REHEARSAL", (sys.executable, "-c", leave))
    return path


def test_rehearsal_has_ended_after_the_block(mark: Path) -> None:
    with warmup.compiled_ahead():
        pass
    assert mark.exists()


def test_rehearsal_is_held_once(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark.touch()
    monkeypatch.setattr(warmup, "REHEARSAL", ("no such program",))
    with warmup.compiled_ahead():
        pass


def test_a_rehearsal_that_fails_is_of_no_consequence(
    mark: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(warmup, "REHEARSAL", (sys.executable, "-c", "raise ValueError"))
    with warmup.compiled_ahead():
        pass
    assert not mark.exists()
    assert capfd.readouterr() == ("", "")


def test_a_run_stopped_while_it_waits_leaves_no_process(
    mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Stopped(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            if self not in begun:
                begun.append(self)
                raise KeyboardInterrupt
            return super().wait(timeout)

    sleep = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(warmup, "REHEARSAL", sleep)
    monkeypatch.setattr(subprocess, "Popen", Stopped)
    with pytest.raises(KeyboardInterrupt), warmup.compiled_ahead():
        pass
    assert begun[0].returncode is not None


@pytest.mark.parametrize("program", ["", "/no/such/python"])
def test_a_process_that_cannot_be_started_is_of_no_consequence(
    mark: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(warmup, "REHEARSAL", (program,))
    with warmup.compiled_ahead():
        pass
    assert not mark.exists()


def test_modules_of_the_folder_one_works_in_are_not_taken(
    mark: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "okhotsk").mkdir()
    (tmp_path / "okhotsk" / "__init__.py").write_text("raise ValueError")
    monkeypatch.chdir(tmp_path)
    code = f"import okhotsk, pathlib; pathlib.Path({str(mark)!r}).touch()"
    monkeypatch.setattr(warmup, "REHEARSAL", (sys.executable, "-c", code))
    with warmup.compiled_ahead():
        pass
    assert mark.exists()


def test_a_stopped_run_does_not_wait(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(warmup, "REHEARSAL", sleep)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), warmup.compiled_ahead():
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30
    assert not mark.exists()


def test_mark_stands_beside_the_kernels() -> None:
    mark = warmup.find_mark()
    assert mark is not None
    assert mark.parent == Path(warmup.crossings.stats.cache_path)
    assert mark == warmup.find_mark()


def test_code_that_changes_is_rehearsed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = warmup.find_mark()
    monkeypatch.setattr(warmup, "code_digest", lambda _: "0" * 64)
    assert warmup.find_mark() != before


def test_no_mark_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with NUMBA_DISABLE_JIT=1."""
    monkeypatch.setattr(warmup, "crossings", warmup.crossings.py_func)
    assert warmup.find_mark() is None
