"""The assumptions: what they mean, their values and ranges, as a table."""

from __future__ import annotations

import click

import okhotsk
from okhotsk.cli.options import pass_session, set_option
from okhotsk.cli.printing import format_option, print_table
from okhotsk.cli.session import Session


@click.command()
@set_option
@format_option
@pass_session
def assumptions(session: Session, style: str) -> None:
    """List the assumptions: meaning, value, range, source, and why the range ends there."""
    from okhotsk.cli.screen import Columns

    first = ("assumption", "value", "low", "high", "unit", "meaning")
    shown = Columns(first, ("meaning", "source", "limits"))
    print_table(okhotsk.assumptions(session.assumptions()), style, shown=shown, fitted=True)
