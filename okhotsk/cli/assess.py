"""Records of scenarios, as a table."""

from __future__ import annotations

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.printing import format_option, print_table
from okhotsk.cli.session import Session


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

    samples = MORE_SAMPLES if uncertainty else None
    results = session.assess(session.scenarios(ids), samples=samples)
    frame = pd.concat([result.to_frame() for result in results], ignore_index=True)
    if uncertainty:
        frame = frame.merge(
            robustness_table(results, progress=session.announce()), on="scenario_id"
        )
    print_table(frame, style)
