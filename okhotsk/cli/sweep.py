"""The figures of every cession, as a file or a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from okhotsk.cli.assignments import read_ranges, read_values
from okhotsk.cli.island_sets import choose_sets, make_sweep
from okhotsk.cli.options import pass_session, sweep_options, theatre_options
from okhotsk.cli.printing import file_format_option, print_table, prints_table
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    from okhotsk.sweep.cluster import Case, Work


@click.command()
@sweep_options
@click.option(
    "--family",
    type=click.Choice(["any", "chain"]),
    default="any",
    show_default=True,
    help="Any combination of pieces, or those that run up the chain from the south.",
)
@click.option(
    "--no-index", is_flag=True, help="Leave out exposures and the index, which take longest."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Parquet file to write (default: sweep.parquet; with --format, print instead).",
)
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME=A,B,...",
    help="Repeat all under these values of an assumption; several combine.",
)
@click.option(
    "--also-seabed", multiple=True, metavar="FILE", help="Repeat all on another seabed too."
)
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler that shares out repeats.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes for repeats on this machine (default: its cores).",
)
@theatre_options
@file_format_option
@pass_session
def sweep(
    session: Session,
    *,
    pieces: str | None,
    family: str,
    no_index: bool,
    output: Path | None,
    vary: tuple[str, ...],
    also_seabed: tuple[str, ...],
    scheduler: str | None,
    workers: int | None,
    style: str | None,
) -> None:
    """Find every figure of every cession, and write them to a Parquet file.

    Interrupted, it goes on where it was when run again.
    """
    from okhotsk.sweep.cluster import run_cases
    from okhotsk.sweep.parquet import sweep_frame, write_frame, write_sweep

    if style is None and prints_table("table"):
        style = "table"
    if style and output:
        raise click.UsageError("give either --output or --format")
    path = output or Path("sweep.parquet")
    with stage_bars(quiet=session.quiet) as tell:
        if vary or also_seabed or scheduler:
            work = _make_work(session, pieces, family, exposures=not no_index)
            cases = _make_cases(session, vary, also_seabed)
            frame = run_cases(cases, work, scheduler=scheduler, workers=workers, progress=tell)
            count = len(frame) if style else write_frame(frame, path)
        else:
            found = make_sweep(session, tell, pieces=pieces, family=family)
            if style:
                frame = sweep_frame(found, exposures=not no_index)
            else:
                count = write_sweep(found, path, exposures=not no_index, progress=tell)
    if style:
        print_table(frame, style)
    else:
        click.echo(f"{path}: {count:,} cessions")


def _make_work(session: Session, pieces: str | None, family: str, *, exposures: bool) -> Work:
    """What is asked of every case."""
    from okhotsk.sweep.cluster import Work

    blocks, chosen = choose_sets(pieces, family)
    return Work(
        blocks=blocks,
        island_sets=tuple(chosen.tolist()),
        demilitarised=session.demilitarised,
        exposures=exposures,
        positive=session.positive,
    )


def _make_cases(session: Session, vary: tuple[str, ...], seabeds: tuple[str, ...]) -> list[Case]:
    """Every seabed with every combination of the varied assumptions."""
    from okhotsk.sweep.cluster import make_cases

    first = str(session.seabed) if session.seabed else None
    return make_cases([first, *seabeds], read_ranges(vary), read_values(session.values))
