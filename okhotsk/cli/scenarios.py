"""The named scenarios, as a table."""

from __future__ import annotations

import click

import okhotsk
from okhotsk.cli.printing import format_option, print_table


@click.command()
@format_option
def scenarios(style: str) -> None:
    """List the named handover options."""
    import pandas as pd

    from okhotsk.cli.screen import Columns

    rows = [_row(okhotsk.load_scenario(name)) for name in okhotsk.scenario_ids()]
    words = ("title", "proponent", "status", "line", "source")
    shown = Columns(("scenario_id", "date", "title"), words)
    print_table(pd.DataFrame(rows), style, shown=shown)


def _row(scenario: okhotsk.Scenario) -> dict[str, str | None]:
    return {
        "scenario_id": scenario.scenario_id,
        "title": scenario.title,
        "date": scenario.date or None,
        "proponent": scenario.proponent or None,
        "status": scenario.status or None,
        "line": scenario.line or None,
        "source": " ".join(scenario.sources) or None,
    }
