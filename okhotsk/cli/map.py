"""The interactive map of one scenario, as a page."""

from __future__ import annotations

from pathlib import Path

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.session import Session


@click.command("map")
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Page to write (default: ID.html here); - for standard output.",
)
@click.option("--embed", is_flag=True, help="Print the iframe snippet for a report instead.")
@click.option("--height", default=600, show_default=True, help="Height of the iframe in pixels.")
@click.option(
    "--tiles",
    metavar="NAME_OR_URL",
    help="Ground from the network, e.g. OpenStreetMap.Mapnik or https://host/{z}/{x}/{y}.png; "
    "the page then needs it.",
)
@pass_session
def map_(
    session: Session,
    ids: tuple[str, ...],
    output: Path | None,
    embed: bool,
    height: int,
    tiles: str | None,
) -> None:
    """Draw the interactive map of one option as a self-contained page."""
    from okhotsk.files import write_text
    from okhotsk.maps.offline import embed_iframe
    from okhotsk.maps.scenario_map import find_tiles, map_page
    from okhotsk.scenario.model import TODAY

    ground = find_tiles(tiles)
    *today, result = session.assess_beside(ids, TODAY)
    page = map_page(result, baseline=next(iter(today), None), tiles=ground)
    if embed:
        click.echo(embed_iframe(page, height=height, title=result.scenario.title))
    elif str(output) == "-":
        click.echo(page, nl=False)
    else:
        path = output or Path(f"{result.scenario.scenario_id}.html")
        write_text(path, page)
        click.echo(path)
