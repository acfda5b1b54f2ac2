"""The columns of all tables: what they mean, as a table."""

from __future__ import annotations

import click

import okhotsk
from okhotsk.cli.printing import format_option, print_table
from okhotsk.errors import OkhotskError


@click.command()
@click.argument("names", nargs=-1, metavar="[COLUMN]...")
@format_option
def columns(names: tuple[str, ...], style: str) -> None:
    """Say what columns mean (all by default), and whether a high value serves Russia or Japan."""
    from okhotsk.cli.screen import Columns

    known = okhotsk.columns()
    if unknown := [name for name in names if name not in set(known.column)]:
        raise OkhotskError(
            f"unknown column {', '.join(unknown)}; `okhotsk columns` lists all {len(known)}"
        )
    chosen = known[known.column.isin(names)] if names else known
    shown = Columns(("column", "title", "meaning", "high_serves"), ("title", "meaning"))
    print_table(chosen, style, shown=shown, fitted=True)
