"""The interactive map of one scenario, as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    from okhotsk.assessment.record import Result

EMBEDS = ("page", "src", "dir")


@click.command("map")
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Page to write (default: ID.html here); - for standard output.",
)
@click.option(
    "--embed",
    is_flag=False,
    flag_value="page",
    metavar="[page|src|dir]",
    help="Print the iframe snippet for a report: with the page in it instead of a file (page, the "
    "default), or beside the page, for a document in its folder (src) or for one that its site "
    "gives an address that ends in / (dir: MkDocs).",
)
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
    embed: str | None,
    height: int,
    tiles: str | None,
) -> None:
    """Draw the interactive map of one option as a self-contained page."""
    from okhotsk.files import write_text
    from okhotsk.maps.scenario_map import find_tiles, map_page
    from okhotsk.scenario.model import TODAY

    if embed and embed not in EMBEDS:  # the next word is the option's id: --embed stands alone
        ids, embed = (embed, *ids), EMBEDS[0]
    ground = find_tiles(tiles)
    *today, result = session.assess_beside(ids, TODAY)
    page = map_page(result, baseline=next(iter(today), None), tiles=ground)
    if embed == EMBEDS[0]:
        click.echo(_snippet(result, page, None, height))
    elif str(output) == "-":
        click.echo(page, nl=False)
    else:
        path = output or Path(f"{result.scenario.scenario_id}.html")
        write_text(path, page)
        src = quote(path.name) if embed == "src" else f"../{quote(path.name)}"
        click.echo(_snippet(result, None, src, height) if embed else path)


def _snippet(result: Result, page: str | None, src: str | None, height: int) -> str:
    from okhotsk.maps.snippet import embed_iframe
    from okhotsk.maps.still import find_still

    title, still = result.scenario.title, find_still(result)
    return embed_iframe(page, src=src, height=height, title=title, still=still)
