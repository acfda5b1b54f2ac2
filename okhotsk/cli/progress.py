"""How far a command is: lines and bars on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Tell = Callable[[str, int, int], None]  # stage, how many steps are done, how many there are


def _is_silent(quiet: bool) -> bool:
    return quiet or not sys.stderr.isatty()


def _make_bars() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    return Progress(console=Console(stderr=True), transient=True)


def announce(*, quiet: bool) -> Callable[[str], None] | None:
    """Return what prints a line before a long step; None where none is printed."""
    return None if _is_silent(quiet) else (lambda line: click.echo(f"{line} ...", err=True))


@contextmanager
def stage_bars(*, quiet: bool) -> Iterator[Tell]:
    """Show a bar with the time left for each stage."""
    if _is_silent(quiet):
        yield lambda *_: None
        return
    with _make_bars() as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


@contextmanager
def scenario_bar(total: int, *, quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Show a bar that counts assessed scenarios."""
    if _is_silent(quiet):
        yield None
        return
    with _make_bars() as bars:
        task = bars.add_task("assessing", total=total)
        yield lambda name: bars.update(task, advance=1, description=f"assessed {name}")
