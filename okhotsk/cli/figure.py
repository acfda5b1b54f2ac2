"""A figure for print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import okhotsk
from okhotsk.cli.island_sets import make_sweep
from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from okhotsk.report.figures import Kind


@click.command()
@click.argument("name", required=False)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--list", "listed", is_flag=True, help="List the figures.")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .png, .svg or .pdf (default: NAME.png here).",
)
@click.option(
    "--width",
    type=click.Choice(["column", "page", "slide"]),
    default="page",
    show_default=True,
    help="88, 180 or 254 mm wide; a slide is landscape, 16 by 9.",
)
@click.option(
    "--dpi",
    type=click.IntRange(72, 1200),
    default=300,
    show_default=True,
    help="Resolution of PNG, and of the seabed in SVG and PDF.",
)
@pass_session
def figure(
    session: Session,
    name: str | None,
    ids: tuple[str, ...],
    listed: bool,
    output: Path | None,
    width: str,
    dpi: int,
) -> None:
    """Draw a figure for print (see --list), of options or of all named ones."""
    from okhotsk.report.figures import FIGURES, find_kind, save

    if listed or not name:
        for kind in FIGURES.values():
            click.echo(f"{kind.name:16} {kind.title}")
        return
    drawn = _draw(session, find_kind(name), ids, width)
    click.echo(save(drawn, output or Path(f"{name}.png"), dpi=dpi))


def _draw(session: Session, kind: Kind, ids: tuple[str, ...], width: str) -> Figure:
    """Compute what a figure needs, and draw it."""
    from okhotsk.assessment.robustness import analyse_robustness
    from okhotsk.report.figures import draw

    if kind.needs == "theatre":
        return draw(kind.name, theatre=session.theatre(), width=width)
    if kind.needs == "option":
        return draw(kind.name, results=[session.assess_one(ids)], width=width)
    results = session.assess(session.scenarios(ids))
    if kind.needs == "spread":
        spread = analyse_robustness(results, progress=session.announce())
        return draw(kind.name, results=results, spread=spread, width=width)
    if kind.needs == "frontier":
        with stage_bars(quiet=session.quiet) as tell:
            steps = okhotsk.frontier(make_sweep(session, tell))
        return draw(kind.name, results=results, frontier=steps, width=width)
    return draw(kind.name, results=results, width=width)
