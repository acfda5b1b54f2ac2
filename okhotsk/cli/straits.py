"""The straits, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import okhotsk
from okhotsk.cli.island_sets import choose_rows
from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.printing import format_option, print_table, prints_table
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    import pandas as pd

# What a terminal shows first: of straits as they are, under an option, and ranked.
MEASURED = ("strait_id", "exit", "width_km", "throat_area_km2", "sill_depth_m", "name")
HELD = (
    "strait_id",
    "exit",
    "regime",
    "corridor_km",
    "width_km",
    "sill_depth_m",
    "throat_area_km2",
)
RANKED = ("strait_id", "turns", "index_loss", "first_share", "index", "ceded")


@click.command()
@click.argument("names", nargs=-1, metavar="[STRAIT]...")
@click.option("--rank", is_flag=True, help="What is lost if a deep exit changes hands.")
@click.option("--scenario", help="Id or file of an option: adds holders, regimes and corridors.")
@scenario_options
@theatre_options
@format_option
@pass_session
def straits(
    session: Session, names: tuple[str, ...], style: str, scenario: str | None, rank: bool
) -> None:
    """List the straits: widths, throats, sills, and with --scenario who holds them.

    Straits may be named, in English, Russian or Japanese: bussol, Boussole, Буссоль. With --rank,
    what the index and its components lose if a deep exit turns Japanese or shared, with the least
    land that must be ceded for it; minutes the first time.
    """
    from okhotsk.cli.screen import Columns
    from okhotsk.report.sentences import ranking
    from okhotsk.theatre.names import strait_names

    chosen = session.scenarios((scenario,) if scenario else ())
    if len(chosen) > 1:
        raise click.UsageError("give either --scenario or --cede")
    if rank and chosen:
        raise click.UsageError("--rank cedes what turns each strait: leave out --scenario, --cede")
    own = choose_rows("strait", names, strait_names())
    first: tuple[str, ...] = RANKED if rank else HELD if chosen else MEASURED
    found = own(_losses(session) if rank else _measured(session, chosen[0] if chosen else None))
    if rank and not names and not prints_table(style):
        click.echo("\n".join([*ranking(found), ""]))
    print_table(found, style, shown=Columns(first, ("ceded",) if rank else ("name",)))


def _measured(session: Session, scenario: okhotsk.Scenario | None) -> pd.DataFrame:
    """The straits as they are, or as a scenario leaves them, with intervals."""
    from okhotsk.measures.regimes import straits_under
    from okhotsk.scenario.split import resolve
    from okhotsk.theatre.ensemble import strait_intervals
    from okhotsk.theatre.straits import straits_table

    assumptions = session.assumptions()
    theatre, depth_m = session.theatre(), assumptions.operating_depth_m
    intervals = strait_intervals(theatre, operating_depth_m=depth_m)
    if scenario is None:
        table: pd.DataFrame = straits_table(theatre.throats, operating_depth_m=depth_m)
    else:
        parts = resolve(scenario, theatre.lands)
        name = scenario.scenario_id
        table = straits_under(theatre, parts, assumptions, scenario_id=name)
    return table.join(intervals)


def _losses(session: Session) -> pd.DataFrame:
    """What is lost if a deep exit changes hands."""
    assumptions, theatre = session.assumptions(), session.theatre()
    with stage_bars(quiet=session.quiet) as tell:
        return okhotsk.strait_losses(theatre, assumptions=assumptions, progress=tell)
