"""Maps, tables and provenance of all named scenarios, and of those of files beside them."""

from __future__ import annotations

from pathlib import Path

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("maps"),
    show_default=True,
    help="Folder for the pages and tables.",
)
@scenario_options
@theatre_options
@pass_session
def run(session: Session, output: Path, files: tuple[str, ...]) -> None:
    """Assess every named option and write maps, tables and provenance.

    Scenario files, and what --cede names, stand beside the named options on every page.
    """
    from okhotsk.cli.outputs import EXPLORER, explorer_gap, write_all

    results = session.assess(session.beside_named(files))
    with stage_bars(quiet=session.quiet) as tell:
        written = write_all(results, output, tell=tell)
    for path in written:
        click.echo(path)
    if output / EXPLORER not in written and not session.quiet:
        click.echo(explorer_gap(results), err=True)
