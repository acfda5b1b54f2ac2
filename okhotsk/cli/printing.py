"""Tables on the screen, in the formats of --format."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

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


def print_table(frame: pd.DataFrame, style: str) -> None:
    """Print a table in one of the formats."""
    from okhotsk.tables import render

    click.echo(render(frame, style, width=shutil.get_terminal_size((100, 24)).columns))
