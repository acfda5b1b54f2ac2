"""The largest cessions that keep each measure, as sentences and tables."""

from __future__ import annotations

import click

import okhotsk
from okhotsk.cli.island_sets import make_sweep
from okhotsk.cli.options import pass_session, sweep_options, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session


@click.command()
@sweep_options
@click.option(
    "--family",
    type=click.Choice(["any", "chain"]),
    default="any",
    show_default=True,
    help="Search every combination of pieces too, or only those that run up the chain (quick).",
)
@click.option("--steps", is_flag=True, help="Print every step up the chain instead.")
@theatre_options
@format_option
@pass_session
def frontier(session: Session, pieces: str | None, style: str, family: str, steps: bool) -> None:
    """Find the largest cessions that keep each measure above thresholds.

    As a table, in short; the other formats have the largest by people and by waters too.
    """
    from okhotsk.report.sentences import answer

    with stage_bars(quiet=session.quiet) as tell:
        found = okhotsk.frontier(make_sweep(session, tell, pieces=pieces, family=family))
    if not steps and not prints_table(style):
        click.echo("\n".join([*answer(found.steps), ""]))
        print_table(found.summary, style)
    else:
        print_table(found.steps if steps else found.table, style)
