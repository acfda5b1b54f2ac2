"""The command line: parse, call the library, write."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import click

from okhotsk.cli.group import LazyGroup
from okhotsk.errors import OkhotskError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "assess": "okhotsk.cli.assess:assess",
        "assumptions": "okhotsk.cli.assumptions:assumptions",
        "claims": "okhotsk.cli.claims:claims",
        "columns": "okhotsk.cli.columns:columns",
        "compare": "okhotsk.cli.compare:compare",
        "data": "okhotsk.cli.data:data",
        "detail": "okhotsk.cli.detail:detail",
        "explorer": "okhotsk.cli.explorer:explorer",
        "export": "okhotsk.cli.export:export",
        "figure": "okhotsk.cli.figure:figure",
        "frontier": "okhotsk.cli.frontier:frontier",
        "islands": "okhotsk.cli.islands:islands",
        "map": "okhotsk.cli.map:map_",
        "report": "okhotsk.cli.report:report",
        "run": "okhotsk.cli.run:run",
        "scenarios": "okhotsk.cli.scenarios:scenarios",
        "straits": "okhotsk.cli.straits:straits",
        "sweep": "okhotsk.cli.sweep:sweep",
    }
)


class Group(LazyGroup):
    """A group that turns every error a user can mend into one sentence and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OkhotskError as error:
            click.echo(f"Error: {error}", err=True)
        except BrokenPipeError:  # the reader has seen enough, as in `okhotsk islands | head`
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"Error: {where}{error.strerror or error}", err=True)
        return ctx.exit(2)


@click.group(cls=Group, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okhotsk")
def main() -> None:
    """What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion."""
