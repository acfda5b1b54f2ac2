"""What changes from one scenario to others, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from okhotsk.cli.assignments import override
from okhotsk.cli.options import pass_session, scenario_options, set_b_option, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.assessment.record import Result


@click.command()
@click.argument("names", nargs=-1, metavar="A B [MORE]...")
@scenario_options
@set_b_option
@theatre_options
@format_option
@pass_session
def compare(
    session: Session, names: tuple[str, ...], values_b: tuple[str, ...], style: str
) -> None:
    """Say in sentences what changes from option A to option B, and why.

    With more options, each is compared with A. --cede stands for one more, and for A where it is
    compared with itself under --set-b.
    """
    import pandas as pd

    before, *others = _results(session, names, values_b)
    tables = [(after.scenario, _sentences(before, after)) for after in others]
    if not prints_table(style):
        for scenario, table in tables:
            click.echo(f"From {before.scenario.title}\nto {scenario.title}")
            _print_sentences(table)
            click.echo()
        return
    several = [table.assign(scenario_id=scenario.scenario_id) for scenario, table in tables]
    print_table(pd.concat(several) if len(several) > 1 else tables[0][1], style)


def _results(
    session: Session, names: tuple[str, ...], values_b: tuple[str, ...]
) -> tuple[Result, ...]:
    """The first option, and those it is compared with under their own assumptions.

    Raises
    ------
    click.UsageError
        Where there are not two.
    """
    chosen = session.scenarios(names)
    if len(chosen) == 1 and values_b:
        chosen = [*chosen, *chosen]
    if len(chosen) < 2:
        raise click.UsageError("name two options or more: ids, scenario files, or --cede")
    if not values_b:
        return tuple(session.assess(chosen))
    other = replace(session, values=override(session.values, values_b))
    other.assumptions()  # what is wrong with them is said before the first takes its time
    return (*session.assess(chosen[:1]), *other.assess(chosen[1:]))


def _sentences(before: Result, after: Result) -> pd.DataFrame:
    import pandas as pd

    from okhotsk.assessment.compare import compare as find_differences
    from okhotsk.report.comparison import describe_changes

    return pd.DataFrame(describe_changes(find_differences(before, after)))


def _print_sentences(found: pd.DataFrame) -> None:
    for topic, rows in found.groupby("topic", sort=False):
        click.echo(f"\n{str(topic).capitalize()}")
        for sentence in rows.sentence:
            click.echo(click.wrap_text(sentence, 98, initial_indent="  ", subsequent_indent="  "))
