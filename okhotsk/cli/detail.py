"""A table behind the records of scenarios."""

from __future__ import annotations

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table
from okhotsk.cli.session import Session


@click.command()
@click.argument("table", metavar="TABLE")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@format_option
@pass_session
def detail(session: Session, table: str, ids: tuple[str, ...], style: str) -> None:
    """Print a table behind the records of options (all named ones by default).

    TABLE is refuge, sensed, passages, law, routes, enclosure, force, strait-force, missiles or
    components.
    """
    from okhotsk.assessment import detail as details
    from okhotsk.assessment.sensor_sites import sensor_answer, sensor_sites

    if table not in details.TABLES:
        expected = ", ".join(details.TABLES)
        raise click.UsageError(f"unknown table {table!r}, expected one of {expected}")
    results = session.assess(session.scenarios(ids))
    print_table(details.detail(results, table), style)
    if table == "force" and not prints_table(style):
        for result in results:
            click.echo(f"\n{result.scenario.title}. {sensor_answer(result, sensor_sites(result))}")
