"""The shipped data, and finer seabeds in their place."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from okhotsk.cli.options import pass_session, seabed_file_options
from okhotsk.cli.printing import format_option, print_table
from okhotsk.cli.session import Session
from okhotsk.errors import DataError


@click.group()
def data() -> None:
    """Look after the shipped data; fetch a finer seabed, compare one with the shipped one."""


@data.command()
def check() -> None:
    """Compare every data file with the registry."""
    from okhotsk import datasets

    problems = datasets.check()
    if problems:
        raise DataError("; ".join(problems))
    click.echo(f"{datasets.data_folder()}: all files as registered")


def _check_mirrors(_: click.Context, __: click.Parameter, mirrors: tuple[str, ...]) -> object:
    for mirror in mirrors:
        if not mirror.startswith(("https://", "http://")):
            raise click.BadParameter(f"{mirror!r}: expected an address, https://... or http://...")
    return mirrors


@data.command()
@click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the tiles and of the seabed made of them; by default in the cache folder.",
)
@click.option(
    "--mirror",
    "mirrors",
    multiple=True,
    metavar="URL",
    callback=_check_mirrors,
    help="Folder that holds the tiles, asked instead of NOAA's; several are asked in turn.",
)
@click.option("--offline", is_flag=True, help="Use the tiles that are there, fetch none.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, even on a terminal.")
def fetch(folder: Path | None, mirrors: tuple[str, ...], offline: bool, quiet: bool) -> None:
    """Fetch ETOPO 2022 at 15 arc-seconds, a few hundred MB, for --seabed.

    Twelve tiles are fetched from NOAA, compared with the checksums of an earlier fetch, and cut to
    one GeoTIFF of 134-166E 41-64N. A download that breaks off goes on at the next call.
    """
    from okhotsk.cache import cache_folder
    from okhotsk.cli.progress import stage_bars
    from okhotsk.fetch.mosaic import write_mosaic
    from okhotsk.fetch.product import read_product
    from okhotsk.fetch.tiles import Source, collect_tiles
    from okhotsk.theatre.bathymetry import WINDOW

    product = read_product()
    tiles, place = product.tiles(WINDOW), folder or cache_folder() / "etopo2022"
    asked = () if offline else mirrors or product.mirrors
    with stage_bars(quiet=quiet) as tell:
        paths = collect_tiles(product, tiles, place, Source(asked, tell=tell))
    target = place / "etopo2022_15s.tif"
    write_mosaic(product, tiles, paths, window=WINDOW, target=target)
    click.echo(f"okhotsk run --seabed {shlex.quote(str(target))}")


@data.command()
@click.argument("seabed", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--depths", is_flag=True, help="How the depths of the sea differ, class by class.")
@seabed_file_options
@format_option
@pass_session
def compare(session: Session, style: str, depths: bool) -> None:
    """Set the seabed of FILE beside the shipped one, strait by strait.

    Columns that begin with other_ are those of FILE. The theatre on FILE takes about a minute the
    first time, and is kept for the commands that take --seabed.
    """
    from okhotsk.theatre.comparison import compare_depths, compare_seabeds

    other = session.theatre()
    shipped = Session(cache=session.cache, quiet=session.quiet).theatre()
    if depths:
        print_table(compare_depths(shipped, other), style)
        return
    depth_m = session.assumptions().operating_depth_m
    print_table(compare_seabeds(shipped, other, operating_depth_m=depth_m), style)
