"""The islands, as a table."""

from __future__ import annotations

import click

from okhotsk.cli.island_sets import choose_rows
from okhotsk.cli.printing import format_option, print_table


@click.command()
@click.argument("names", nargs=-1, metavar="[ISLAND]...")
@format_option
def islands(names: tuple[str, ...], style: str) -> None:
    """List the islands, their size and people.

    Islands and groups may be named, in English, Russian or Japanese: iturup, Etorofu, Итуруп.
    """
    from okhotsk.cli.screen import Columns
    from okhotsk.theatre.coast import groups, islands_table, read_coast
    from okhotsk.theatre.names import unit_names

    own = choose_rows("island", names, unit_names(), groups())
    shown = Columns(("island_id", "name", "group", "area_km2", "population"), ("source",))
    print_table(own(islands_table(read_coast())), style, shown=shown)
