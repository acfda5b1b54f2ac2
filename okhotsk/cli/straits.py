"""The straits, as a table."""

from __future__ import annotations

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.printing import format_option, print_table
from okhotsk.cli.session import Session


@click.command()
@click.option("--scenario", help="Id or file of an option: adds holders, regimes and corridors.")
@scenario_options
@theatre_options
@format_option
@pass_session
def straits(session: Session, style: str, scenario: str | None) -> None:
    """List the straits: widths, throats, sills, and with --scenario who holds them."""
    from okhotsk.cli.screen import Columns
    from okhotsk.measures.regimes import straits_under
    from okhotsk.scenario.split import resolve
    from okhotsk.theatre.ensemble import strait_intervals
    from okhotsk.theatre.straits import straits_table

    assumptions = session.assumptions()
    chosen = session.scenarios((scenario,) if scenario else ())
    if len(chosen) > 1:
        raise click.UsageError("give either --scenario or --cede")
    theatre, depth_m = session.theatre(), assumptions.operating_depth_m
    intervals = strait_intervals(theatre, operating_depth_m=depth_m)
    if not chosen:
        table = straits_table(theatre.throats, operating_depth_m=depth_m)
        measured = ("strait_id", "exit", "width_km", "throat_area_km2", "sill_depth_m", "name")
        print_table(table.join(intervals), style, shown=Columns(measured, ("name",)))
        return
    parts = resolve(chosen[0], theatre.lands)
    name = chosen[0].scenario_id
    table = straits_under(theatre, parts, assumptions, scenario_id=name)
    held = (
        "strait_id",
        "exit",
        "regime",
        "corridor_km",
        "width_km",
        "sill_depth_m",
        "throat_area_km2",
    )
    print_table(table.join(intervals), style, shown=Columns(held, ("name",)))
