"""The islands, as a table."""

from __future__ import annotations

import click

from okhotsk.cli.printing import format_option, print_table


@click.command()
@format_option
def islands(style: str) -> None:
    """List the islands, their size and people."""
    from okhotsk.cli.screen import Columns
    from okhotsk.theatre.coast import islands_table, read_coast

    shown = Columns(("island_id", "name", "group", "area_km2", "population"), ("source",))
    print_table(islands_table(read_coast()), style, shown=shown)
