"""What changes from one scenario to another, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from okhotsk.cli.options import pass_session, set_option, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@set_option
@theatre_options
@format_option
@pass_session
def compare(session: Session, one: str, other: str, style: str) -> None:
    """Say in sentences what changes from option A to option B, and why."""
    import pandas as pd

    from okhotsk.assessment.compare import compare as find_differences
    from okhotsk.report.comparison import describe_changes

    before, after = session.assess(session.scenarios((one, other)))
    found = pd.DataFrame(describe_changes(find_differences(before, after)))
    if not prints_table(style):
        click.echo(f"From {before.scenario.title}\nto {after.scenario.title}")
        _print_sentences(found)
    else:
        print_table(found, style)


def _print_sentences(found: pd.DataFrame) -> None:
    for topic, rows in found.groupby("topic", sort=False):
        click.echo(f"\n{str(topic).capitalize()}")
        for sentence in rows.sentence:
            click.echo(click.wrap_text(sentence, 98, initial_indent="  ", subsequent_indent="  "))
