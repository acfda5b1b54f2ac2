"""Progress: shown on a terminal, never elsewhere or where it is to be quiet."""

from __future__ import annotations

import sys

import pytest

from okhotsk.cli.progress import announce, scenario_bar, stage_bars


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Let stderr be a terminal."""
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True)
    monkeypatch.setenv("TERM", "xterm")


def test_long_steps_are_announced_on_a_terminal(terminal, capsys):
    announce(quiet=False)("reading coast and seabed")
    assert capsys.readouterr() == ("", "reading coast and seabed ...\n")


def test_bars_count_on_a_terminal(terminal, capsys):
    with stage_bars(quiet=False) as tell:
        tell("lines", 1, 4)
        tell("lines", 4, 4)
        tell("waters", 1, 2)
    with scenario_bar(2, quiet=False) as tick:
        tick("status-quo")
    out, err = capsys.readouterr()
    assert out == ""
    for words in ("lines", "100%", "waters", "50%", "assessed status-quo"):
        assert words in err


def test_nothing_is_shown_where_it_is_to_be_quiet(terminal, capsys):
    assert_silent(capsys, quiet=True)


def test_nothing_is_shown_elsewhere(capsys):
    assert_silent(capsys, quiet=False)


def assert_silent(capsys: pytest.CaptureFixture[str], *, quiet: bool) -> None:
    assert announce(quiet=quiet) is None
    with stage_bars(quiet=quiet) as tell, scenario_bar(2, quiet=quiet) as tick:
        tell("lines", 1, 4)
        assert tick is None
    assert capsys.readouterr() == ("", "")
