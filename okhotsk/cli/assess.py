"""Records of scenarios, as a table."""

from __future__ import annotations

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table, width
from okhotsk.cli.session import Session

BESIDE = 4  # as many scenarios stand beside one another, a row a measure
FIRST = ("scenario_id", "index", "index_low", "index_high", "barrier_km", "refuge_share")

BRIEF = (
    "scenario_id",
    "ceded_land_km2",
    "barrier_km",
    "refuge_share",
    "intruder_exposure",
    "index",
)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@click.option(
    "--uncertainty",
    is_flag=True,
    help="How robust the index is: more samples, ranks, and what drives it (several minutes).",
)
@format_option
@pass_session
def assess(session: Session, ids: tuple[str, ...], style: str, uncertainty: bool) -> None:
    """Assess options: ids or files; all named ones by default."""
    import pandas as pd

    from okhotsk.assessment.robustness import robustness_table
    from okhotsk.assessment.uncertainty import MORE_SAMPLES
    from okhotsk.cli.screen import Columns, measures_table
    from okhotsk.scenario.model import TODAY

    samples = MORE_SAMPLES if uncertainty else None
    results = session.assess(session.scenarios(ids), samples=samples)
    frame = pd.concat([result.to_frame() for result in results], ignore_index=True)
    if uncertainty:
        frame = frame.merge(
            robustness_table(results, progress=session.announce()), on="scenario_id"
        )
    if not prints_table(style) and len(results) <= BESIDE:
        known = any(result.scenario.scenario_id == TODAY for result in results)
        click.echo(measures_table(frame, {} if known else results[0].today, width()))
    else:
        print_table(frame, style, shown=Columns(FIRST), brief=BRIEF)
