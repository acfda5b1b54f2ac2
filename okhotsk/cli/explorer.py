"""The page on which islands change hands."""

from __future__ import annotations

from pathlib import Path

import click

from okhotsk.cli.options import pass_session, pieces_option, theatre_options
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("explorer.html"),
    show_default=True,
    help="Page to write.",
)
@click.option(
    "--samples",
    type=click.IntRange(0, 192),
    help="Samples of the assumptions behind the ranges of the index; 48 are behind those of other "
    "pages, and take hours here. By default what is solved already, else none.",
)
@pieces_option
@theatre_options
@pass_session
def explorer(
    session: Session,
    output: Path,
    pieces: str | None,
    files: tuple[str, ...],
    samples: int | None,
) -> None:
    """Write the interactive what-if page: islands change hands at a click.

    Scenario files stand beside the named options in its list. All combinations are solved ahead.
    For the chain on the shipped seabed they come with the package; for another seabed or list of
    pieces it takes up to half an hour the first time. Ranges are then over weightings and floors.
    """
    from okhotsk.assessment.compute import compute_results
    from okhotsk.files import write_text
    from okhotsk.maps.explorer.page import explorer_page
    from okhotsk.maps.explorer.solved import solved_samples
    from okhotsk.scenario.island_sets import parse_blocks

    given = parse_blocks(pieces) if pieces else None
    chosen = session.beside_named(files)
    theatre = session.theatre()
    if samples is None:
        samples = (solved_samples(theatre) if given is None else None) or 0
    index = "index.html" if (output.parent / "index.html").is_file() else None
    results = compute_results(theatre, chosen) if files else None
    with stage_bars(quiet=session.quiet) as tell:
        page = explorer_page(
            theatre,
            blocks=given,
            samples=samples,
            results=results,
            index_page=index,
            progress=tell,
        )
    write_text(output, page)
    click.echo(output)
