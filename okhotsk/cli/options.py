"""The options that several commands take, and the session made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from okhotsk.cli.session import Session

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


def _together(*options: Decorator) -> Decorator:
    """Join options; help shows them in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _negate(_: click.Context, __: click.Parameter, value: bool) -> bool:
    return not value


def _set_option(text: str) -> Decorator:
    return click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help=text)


set_option = _set_option("Change an assumption.")

set_b_option: Decorator = click.option(
    "--set-b",
    "values_b",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change an assumption for all options but the first.",
)

pieces_option: Decorator = click.option(
    "--pieces",
    metavar="LIST",
    help="Pieces of the chain that may be handed over, e.g. shikotan,kunashir+iturup; a plus "
    "joins. The whole chain in twenty pieces by default.",
)

# Of every command that reads a seabed from a file, however it is named.
seabed_file_options = _together(
    click.option(
        "--seabed-variable",
        "variable",
        metavar="NAME",
        help="Variable of a NetCDF, or number of a band, where the file has several.",
    ),
    click.option(
        "--seabed-resolution",
        "resolution_arcmin",
        type=float,
        metavar="ARCMIN",
        help="What it resolves, where that is coarser than its cells.",
    ),
    click.option(
        "--seabed-positive",
        "positive",
        type=click.Choice(["up", "down"]),
        help="Which way its values grow, where the file does not say (GEBCO: up).",
    ),
    click.option(
        "--no-cache",
        "cache",
        is_flag=True,
        callback=_negate,
        help="Compute the theatre anew, keep nothing.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress, even on a terminal."),
)

# Of every command that needs the theatre.
theatre_options = _together(
    click.option(
        "--seabed",
        type=click.Path(path_type=Path),
        help="GeoTIFF or NetCDF of a better seabed (EPSG:4326, metres) over 134-166E 41-64N.",
    ),
    seabed_file_options,
)

# A scenario of one's own, and assumptions.
scenario_options = _together(
    click.option("--cede", help="Units or groups to hand over, e.g. kunashir,shikotan."),
    click.option("--demilitarised", is_flag=True, help="No forces on the land of --cede."),
    _set_option("Change an assumption, e.g. --set refuge_standoff_km=150."),
)

# Of the commands that search many cessions.
sweep_options = _together(
    pieces_option,
    click.option("--demilitarised", is_flag=True, help="No forces on what is handed over."),
    set_option,
)


def pass_session(command: Command) -> Command:
    """Give a command the session of the options it takes, in front of its other arguments."""
    names = [field.name for field in fields(Session)]

    @wraps(command)
    def start(**given: Any) -> None:
        shared = {name: given.pop(name) for name in names if name in given}
        command(Session(**shared), **given)

    return start
