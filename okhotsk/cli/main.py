"""The command line: parse, call the library, write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from okhotsk.cli.options import (
    FORMATS,
    Group,
    announce,
    format_option,
    load_theatre,
    make_sweep,
    print_table,
    read_assumptions,
    read_scenarios,
    run_assess,
    run_cluster,
    scenario_options,
    stage_bars,
    sweep_options,
    theatre_options,
)
from okhotsk.cli.publish import COMMANDS


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okhotsk")
def main() -> None:
    """What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion."""


@main.command()
@format_option
def scenarios(style: str) -> None:
    """List the named handover options."""
    import pandas as pd

    from okhotsk.scenario.read import load_scenario, scenario_ids

    rows = []
    for name in scenario_ids():
        option = load_scenario(name)
        rows.append(
            {
                "scenario_id": name,
                "title": option.title,
                "date": option.date or None,
                "proponent": option.proponent or None,
                "status": option.status or None,
                "line": option.line or None,
                "source": " ".join(option.sources) or None,
            }
        )
    print_table(pd.DataFrame(rows), style)


@main.command()
@format_option
def islands(style: str) -> None:
    """List the islands, their size and people."""
    from okhotsk.theatre.coast import islands_table, read_coast

    print_table(islands_table(read_coast()), style)


@main.command()
@click.option("--scenario", help="Id or file of an option: adds holders, regimes and corridors.")
@scenario_options
@theatre_options
@format_option
def straits(style: str, scenario: str | None, **options: Any) -> None:
    """List the straits: widths, throats, sills, and with --scenario who holds them."""
    from okhotsk.measures.regimes import straits_under
    from okhotsk.scenario.split import resolve
    from okhotsk.theatre.straits import straits_table

    assumptions = read_assumptions(options)
    chosen = read_scenarios((scenario,) if scenario else (), options)
    if len(chosen) > 1:
        raise click.UsageError("give either --scenario or --cede")
    theatre = load_theatre(options)
    if not chosen:
        print_table(straits_table(theatre.throats), style)
        return
    parts = resolve(chosen[0], theatre.lands)
    name = chosen[0].scenario_id
    print_table(straits_under(theatre, parts, assumptions, scenario_id=name), style)


@main.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@click.option(
    "--uncertainty",
    is_flag=True,
    help="How robust the index is: more samples, ranks, and what drives it (several minutes).",
)
@format_option
def assess(ids: tuple[str, ...], style: str, uncertainty: bool, **options: Any) -> None:
    """Assess options: ids or files; all named ones by default."""
    import pandas as pd

    from okhotsk.assessment.robustness import robustness
    from okhotsk.assessment.uncertainty import MORE_SAMPLES

    results = run_assess(ids, options, samples=MORE_SAMPLES if uncertainty else None)
    frame = pd.concat([result.to_frame() for result in results], ignore_index=True)
    if uncertainty:
        frame = frame.merge(robustness(results, progress=announce(options)), on="scenario_id")
    print_table(frame, style)


@main.command()
@click.argument("table", metavar="TABLE")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@format_option
def detail(table: str, ids: tuple[str, ...], style: str, **options: Any) -> None:
    """Print a table behind the records of options (all named ones by default).

    TABLE is refuge, sensed, passages, law, routes, enclosure, force, strait-force, missiles or
    components.
    """
    from okhotsk.assessment.detail import TABLES
    from okhotsk.assessment.detail import detail as make

    if table not in TABLES:
        raise click.UsageError(f"unknown table {table!r}, expected one of {', '.join(TABLES)}")
    print_table(make(run_assess(ids, options), table), style)


@main.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption.")
@theatre_options
@format_option
def compare(one: str, other: str, style: str, **options: Any) -> None:
    """Say in sentences what changes from option A to option B, and why."""
    import pandas as pd

    from okhotsk.assessment.compare import compare as find

    results = run_assess((one, other), options | {"cede": None, "demilitarised": False})
    found = pd.DataFrame(find(*results))
    if style != "table":
        print_table(found, style)
        return
    click.echo(f"From {results[0].scenario.title}\nto {results[1].scenario.title}")
    for topic, rows in found.groupby("topic", sort=False):
        click.echo(f"\n{str(topic).capitalize()}")
        for sentence in rows.sentence:
            click.echo(click.wrap_text(sentence, 98, initial_indent="  ", subsequent_indent="  "))


@main.command()
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
@click.option("--format", "style", type=click.Choice(FORMATS), help="Print the table.")
def sweep(
    family: str, no_index: bool, output: Path | None, style: str | None, **options: Any
) -> None:
    """Find every figure of every cession, and write them to a Parquet file.

    Interrupted, it goes on where it was when run again.
    """
    from okhotsk.sweep.parquet import sweep_frame, write_frame, write_sweep

    if style and output:
        raise click.UsageError("give either --output or --format")
    path = output or Path("sweep.parquet")
    with stage_bars(options) as tell:
        if options["vary"] or options["also_seabed"] or options["scheduler"]:
            frame = run_cluster(options, tell, family, exposures=not no_index)
            count = len(frame) if style else write_frame(frame, path)
        elif style:
            frame = sweep_frame(make_sweep(options, tell, family), exposures=not no_index)
        else:
            found = make_sweep(options, tell, family)
            count = write_sweep(found, path, exposures=not no_index, progress=tell)
    if style:
        print_table(frame, style)
    else:
        click.echo(f"{path}: {count:,} cessions")


@main.command()
@sweep_options
@click.option(
    "--family",
    type=click.Choice(["any", "chain"]),
    default="any",
    show_default=True,
    help="Search every combination of pieces too, or only those that run up the chain (quick).",
)
@click.option("--steps", is_flag=True, help="Print every step up the chain instead.")
@theatre_options
@format_option
def frontier(style: str, family: str, steps: bool, **options: Any) -> None:
    """Find the largest cessions that keep each measure above thresholds.

    As a table, in short; the other formats have the largest by people and by waters too.
    """
    from okhotsk.report.sentences import answer
    from okhotsk.sweep.frontier import frontier as find

    with stage_bars(options) as tell:
        found = find(make_sweep(options, tell, family))
    if style == "table" and not steps:
        click.echo("\n".join([*answer(found.steps), ""]))
        print_table(found.summary, style)
    else:
        print_table(found.steps if steps else found.table, style)


@main.group()
def data() -> None:
    """Look after the shipped data."""


@data.command()
def check() -> None:
    """Compare every data file with the registry."""
    from okhotsk.datasets import check as find_problems
    from okhotsk.datasets import data_folder
    from okhotsk.errors import DataError

    problems = find_problems()
    if problems:
        raise DataError("; ".join(problems))
    click.echo(f"{data_folder()}: all files as registered")


for command in COMMANDS:
    main.add_command(command)
