"""Tables on the screen, in the formats of --format."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.cli.screen import Columns

FORMATS = ("table", "json", "csv", "markdown", "latex")


def format_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option of every command that prints a table."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print the table.",
    )(command)


def print_table(frame: pd.DataFrame, style: str, *, shown: Columns | None = None) -> None:
    """Print a table in one of the formats.

    On a terminal, or in a width that is asked for (COLUMNS), a plain table of ``shown`` columns is
    one block of what fits; a pipe gets every column.
    """
    from okhotsk.cli.screen import fitted_table
    from okhotsk.tables import render

    if style == "table" and shown and len(frame) and _on_screen():
        click.echo(fitted_table(frame, shown, width()))
    else:
        click.echo(render(frame, style, width=width()))


def width() -> int:
    """Return the columns of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def _on_screen() -> bool:
    return sys.stdout.isatty() or "COLUMNS" in os.environ
