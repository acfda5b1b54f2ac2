"""Maps, tables and provenance of all named scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from okhotsk.cli.options import pass_session, set_option, theatre_options
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session


@click.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("maps"),
    show_default=True,
    help="Folder for the pages and tables.",
)
@set_option
@theatre_options
@pass_session
def run(session: Session, output: Path) -> None:
    """Assess every named option and write maps, tables and provenance."""
    from okhotsk.cli.outputs import explorer_gap, write_all

    results = session.assess([])
    with stage_bars(quiet=session.quiet) as tell:
        written = write_all(results, output, tell=tell)
    for path in written:
        click.echo(path)
    gap = explorer_gap(results)
    if gap and not session.quiet:
        click.echo(gap, err=True)
