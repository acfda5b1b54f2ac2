"""The findings, and how firmly each of them holds."""

from __future__ import annotations

import click

from okhotsk.cli.options import pass_session, theatre_options
from okhotsk.cli.printing import format_option, print_table
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session


@click.command()
@theatre_options
@format_option
@pass_session
def claims(session: Session, style: str) -> None:
    """List the findings: in which share of worlds each holds, and what ends it.

    A world is one set of assumptions on one seabed. Takes minutes the first time.
    """
    from okhotsk.assessment.claims import claimed_scenarios
    from okhotsk.assessment.verdicts import claims_table

    results = session.assess(session.scenarios(claimed_scenarios()))
    with stage_bars(quiet=session.quiet) as tell:
        print_table(claims_table(results, progress=tell), style)
