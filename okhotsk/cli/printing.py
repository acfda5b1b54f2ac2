"""Tables on the screen, in the formats of --format, with the columns that are asked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.cli.screen import Columns

FORMATS = ("table", "json", "csv", "markdown", "latex", "html")
MACHINES = ("json", "csv")  # for programs: columns keep their names
BRIEF = 6  # columns of --brief
CHOSEN = "okhotsk.cli.printing.chosen"  # where a call keeps which columns it asked for
Command = Callable[..., None]


def format_option(command: Command) -> Command:
    """Add the options of every command that prints a table."""
    return column_options(_format_option("table")(command))


def file_format_option(command: Command) -> Command:
    """Add them to a command that writes a file unless a format is asked for."""
    return column_options(_format_option(None)(command))


def _format_option(default: str | None) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default=default,
        show_default=bool(default),
        help="How to print the table.",
    )


def column_options(command: Command) -> Command:
    """Add --brief and --columns; what they ask for is kept with the call, for print_table."""
    brief = click.option(
        "--brief",
        is_flag=True,
        expose_value=False,
        callback=_keep_brief,
        help=f"{BRIEF} columns under the titles that pages use (json and csv keep the names).",
    )
    columns = click.option(
        "--columns",
        metavar="A,B,...",
        expose_value=False,
        callback=_keep_columns,
        help="Only these columns, in this order; `okhotsk columns` says what there is.",
    )
    return brief(columns(command))


def _keep_brief(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    _kept(ctx)["brief"] = value


def _keep_columns(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    names = [name.strip() for name in value.split(",") if name.strip()] if value else []
    if value is not None and not names:
        raise click.BadParameter("names no column, expected e.g. scenario_id,index")
    if names:  # before minutes of computing
        from okhotsk.assessment.glossary import columns

        _refuse_unknown(names, list(columns().column))
    _kept(ctx)["columns"] = list(dict.fromkeys(names))


def _kept(ctx: click.Context) -> dict[str, Any]:
    kept: dict[str, Any] = ctx.meta.setdefault(CHOSEN, {})
    return kept


def _refuse_unknown(names: Sequence[str], known: Sequence[str], *, where: str = "") -> None:
    from difflib import get_close_matches

    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 3)
            expected = " or ".join(near) if near else "a name that `okhotsk columns` lists"
            raise click.UsageError(f"--columns: no column {name!r}{where}, expected {expected}")


def prints_table(style: str) -> bool:
    """Whether a table is asked for, and not what a command says in its place."""
    kept = _kept(click.get_current_context())
    return style != "table" or bool(kept.get("brief") or kept.get("columns"))


def print_table(
    frame: pd.DataFrame,
    style: str,
    *,
    shown: Columns | None = None,
    brief: Sequence[str] = (),
    fitted: bool = False,
) -> None:
    """Print a table in one of the formats.

    On a terminal, or in a width that is asked for (COLUMNS), a plain table of ``shown`` columns is
    one block of what fits; a pipe gets every column.

    Parameters
    ----------
    frame, style
        The table, and one of :data:`FORMATS`.
    shown
        The columns that matter most.
    brief
        The columns of --brief: the first ones of ``shown``, or of the table, unless given.
    fitted
        Whether a pipe gets the block of what fits too, of tables that are mostly words.
    """
    from okhotsk.cli.screen import fitted_table
    from okhotsk.tables import render

    kept = _kept(click.get_current_context())
    names = _asked(frame, kept, [*brief, *(shown.first if shown else ())])
    titled = (kept.get("brief") or style == "html") and style not in MACHINES
    block = shown and len(frame) and (fitted or _on_screen())
    if block and shown and style == "table" and not titled and names is None:
        click.echo(fitted_table(frame, shown, width()))
        return
    part = frame if names is None else frame[names]
    if style == "html":
        click.echo(_html(part))
    else:
        click.echo(render(_titled(part) if titled else part, style, width=width()))


def _asked(frame: pd.DataFrame, kept: dict[str, Any], first: Sequence[str]) -> list[str] | None:
    """The columns that are asked for; None for all."""
    known = [str(name) for name in frame.columns if name != "geometry"]
    if chosen := kept.get("columns"):
        _refuse_unknown(chosen, known, where=" in this table")
        return list(chosen)
    if not kept.get("brief"):
        return None
    return list(dict.fromkeys([*(name for name in first if name in known), *known]))[:BRIEF]


def _titled(frame: pd.DataFrame) -> pd.DataFrame:
    """The table as texts, under the titles that pages use."""
    import pandas as pd

    from okhotsk.measures.columns import heads_of
    from okhotsk.tables import records, text_of

    names = [str(name) for name in frame.columns if name != "geometry"]
    cells = [[text_of(row[name], name) for name in names] for row in records(frame)]
    return pd.DataFrame(cells, columns=heads_of(names))


def _html(frame: pd.DataFrame) -> str:
    """The table as a fragment of HTML that stands in any page; numbers stand on the right."""
    from okhotsk.html import write_table

    titled = _titled(frame)
    plain = frame.drop(columns="geometry", errors="ignore")
    numbers = [n for n, kind in enumerate(plain.dtypes) if kind.kind in "fiu"]
    return write_table(
        "", [str(head) for head in titled], titled.to_numpy().tolist(), numbers=numbers
    )


def width() -> int:
    """Return the columns of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def _on_screen() -> bool:
    return sys.stdout.isatty() or "COLUMNS" in os.environ
