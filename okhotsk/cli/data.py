"""The shipped data."""

from __future__ import annotations

import click

from okhotsk.errors import DataError


@click.group()
def data() -> None:
    """Look after the shipped data."""


@data.command()
def check() -> None:
    """Compare every data file with the registry."""
    from okhotsk import datasets

    problems = datasets.check()
    if problems:
        raise DataError("; ".join(problems))
    click.echo(f"{datasets.data_folder()}: all files as registered")
