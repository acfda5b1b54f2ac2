"""The command line: parse, call the library, write."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from okhotsk.errors import OkhotskError

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.assessment import Assessment
    from okhotsk.assumptions import Assumptions
    from okhotsk.scenario import Scenario
    from okhotsk.theatre import Theatre

FORMATS = ("table", "json", "csv", "markdown", "latex")


class _Group(click.Group):
    """A group that turns every error a user can mend into one sentence and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
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


def _format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--format", "style", type=click.Choice(FORMATS), default="table", show_default=True,
        help="How to print the table.",
    )(command)  # fmt: skip


def _theatre_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that needs the theatre."""
    options = [
        click.option(
            "--seabed",
            type=click.Path(path_type=Path),
            help="GeoTIFF or NetCDF of a better seabed (EPSG:4326, metres) over 134-166E 41-64N.",
        ),
        click.option(
            "--seabed-positive",
            type=click.Choice(["up", "down"]),
            help="Which way its values grow, where the file does not say (GEBCO: up).",
        ),
        click.option("--no-cache", is_flag=True, help="Compute the theatre anew, keep nothing."),
        click.option("-q", "--quiet", is_flag=True, help="No progress, even on a terminal."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that describe an option of one's own, and assumptions."""
    options = [
        click.option("--cede", help="Units or groups to hand over, e.g. kunashir,shikotan."),
        click.option("--demilitarised", is_flag=True, help="No forces on the land of --cede."),
        click.option(
            "--set", "values", multiple=True, metavar="NAME=VALUE",
            help="Change an assumption, e.g. --set refuge_standoff_km=150.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okhotsk")
def main() -> None:
    """What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion."""


@main.command()
@_format_option
def scenarios(style: str) -> None:
    """List the named handover options."""
    import pandas as pd

    from okhotsk.scenario import load_scenario, scenario_ids

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
    _print(pd.DataFrame(rows), style)


@main.command()
@_format_option
def islands(style: str) -> None:
    """List the islands, their size and people."""
    from okhotsk.coast import islands_table, read_coast

    _print(islands_table(read_coast()), style)


@main.command()
@click.option("--scenario", help="Id or file of an option: adds holders, regimes and corridors.")
@_scenario_options
@_theatre_options
@_format_option
def straits(style: str, scenario: str | None, **options: Any) -> None:
    """List the straits: widths, throats, sills, and with --scenario who holds them."""
    from okhotsk.regime import straits_under
    from okhotsk.scenario import resolve
    from okhotsk.straits import straits_table

    assumptions = _assumptions(options)
    chosen = _scenarios((scenario,) if scenario else (), options)
    if len(chosen) > 1:
        raise click.UsageError("give either --scenario or --cede")
    theatre = _load(options)
    if not chosen:
        _print(straits_table(theatre.throats), style)
        return
    parts = resolve(chosen[0], theatre.lands)
    name = chosen[0].scenario_id
    _print(straits_under(theatre, parts, assumptions, scenario_id=name), style)


@main.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_scenario_options
@_theatre_options
@click.option(
    "--uncertainty", is_flag=True,
    help="How robust the index is: more samples, ranks, and what drives it (several minutes).",
)  # fmt: skip
@_format_option
def assess(ids: tuple[str, ...], style: str, uncertainty: bool, **options: Any) -> None:
    """Assess options: ids or files; all named ones by default."""
    import pandas as pd

    from okhotsk.assessment import robustness
    from okhotsk.uncertainty import MORE_SAMPLES

    results = _assess(ids, options, samples=MORE_SAMPLES if uncertainty else None)
    frame = pd.concat([result.to_frame() for result in results], ignore_index=True)
    if uncertainty:
        frame = frame.merge(robustness(results, progress=_say(options)), on="scenario_id")
    _print(frame, style)


@main.command()
@click.argument("table", metavar="TABLE")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_scenario_options
@_theatre_options
@_format_option
def detail(table: str, ids: tuple[str, ...], style: str, **options: Any) -> None:
    """Print a table behind the records of options (all named ones by default).

    TABLE is refuge, sensed, passages, law, routes, enclosure, force, strait-force, missiles or
    components.
    """
    from okhotsk.detail import TABLES
    from okhotsk.detail import detail as make

    if table not in TABLES:
        raise click.UsageError(f"unknown table {table!r}, expected one of {', '.join(TABLES)}")
    _print(make(_assess(ids, options), table), style)


@main.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption.")
@_theatre_options
@_format_option
def compare(one: str, other: str, style: str, **options: Any) -> None:
    """Say in sentences what changes from option A to option B, and why."""
    import pandas as pd

    from okhotsk.compare import compare as find

    results = _assess((one, other), options | {"cede": None, "demilitarised": False})
    found = pd.DataFrame(find(*results))
    if style != "table":
        _print(found, style)
        return
    click.echo(f"From {results[0].scenario.title}\nto {results[1].scenario.title}")
    for topic, rows in found.groupby("topic", sort=False):
        click.echo(f"\n{str(topic).capitalize()}")
        for sentence in rows.sentence:
            click.echo(click.wrap_text(sentence, 98, initial_indent="  ", subsequent_indent="  "))


@main.command("map")
@click.argument("ids", nargs=-1, metavar="ID")
@_scenario_options
@_theatre_options
@click.option(
    "--output", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Page to write (default: ID.html here); - for standard output.",
)  # fmt: skip
@click.option("--embed", is_flag=True, help="Print the iframe snippet for a report instead.")
@click.option("--height", default=600, show_default=True, help="Height of the iframe in pixels.")
def map_(
    ids: tuple[str, ...], output: Path | None, embed: bool, height: int, **options: Any
) -> None:
    """Draw the interactive map of one option as a self-contained page."""
    from okhotsk.files import write_text

    if len(_scenarios(ids, options)) != 1:
        raise click.UsageError("name one option: an id, a scenario file, or --cede")
    result = _assess(ids, options)[0]
    if embed:
        click.echo(result.embed(height=height))
    elif str(output) == "-":
        click.echo(result.to_html(), nl=False)
    else:
        path = output or Path(f"{result.scenario.scenario_id}.html")
        write_text(path, result.to_html())
        click.echo(path)


@main.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("maps"),
    show_default=True,
    help="Folder for the pages and tables.",
)  # fmt: skip
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption.")
@_theatre_options
def run(output: Path, **options: Any) -> None:
    """Assess every named option and write maps, tables and provenance."""
    from okhotsk.outputs import write_all

    results = _assess((), options | {"cede": None, "demilitarised": False})
    for path in write_all(results, output):
        click.echo(path)


@main.group()
def data() -> None:
    """Look after the shipped data."""


@data.command()
def check() -> None:
    """Compare every data file with the registry."""
    from okhotsk.errors import DataError
    from okhotsk.sources import check as find_problems
    from okhotsk.sources import data_folder

    problems = find_problems()
    if problems:
        raise DataError("; ".join(problems))
    click.echo(f"{data_folder()}: all files as registered")


def _assess(
    ids: tuple[str, ...], options: dict[str, Any], *, samples: int | None = None
) -> list[Assessment]:
    """Assess the options that a command names, all named ones if none."""
    from okhotsk.assessment import assess_all

    assumptions = _assumptions(options)
    chosen = _scenarios(ids, options) or None
    theatre = _load(options)
    with _progress(options, _count(chosen)) as tick:
        return assess_all(theatre, chosen, assumptions=assumptions, samples=samples, progress=tick)


def _print(frame: pd.DataFrame, style: str) -> None:
    from okhotsk.tables import render

    click.echo(render(frame, style, width=shutil.get_terminal_size((100, 24)).columns))


def _assumptions(options: dict[str, Any]) -> Assumptions:
    """Assumptions with the values of --set."""
    from okhotsk.assumptions import Assumptions
    from okhotsk.errors import AssumptionError

    values = {}
    for text in options["values"]:
        name, _, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise AssumptionError(
                f"--set {text!r}: expected NAME=VALUE with a number, e.g. patrol_depth_m=150"
            ) from None
    return Assumptions().with_values(values)


def _scenarios(ids: tuple[str, ...], options: dict[str, Any]) -> list[Scenario]:
    """Options named by id, file or --cede."""
    from okhotsk.scenario import cede, load_scenario

    if options["demilitarised"] and options["cede"] is None:
        raise click.UsageError("--demilitarised goes with --cede")
    chosen = [load_scenario(name) for name in ids]
    if options["cede"] is not None:
        units = [name for name in options["cede"].split(",") if name.strip()]
        if not units:
            raise click.UsageError("--cede names no unit, expected e.g. --cede kunashir,shikotan")
        own = cede(units, demilitarised=options["demilitarised"])
        chosen.append(own)
    return chosen


def _count(chosen: list[Scenario] | None) -> int:
    from okhotsk.scenario import scenario_ids

    return len(scenario_ids() if chosen is None else chosen)


def _load(options: dict[str, Any]) -> Theatre:
    from okhotsk.theatre import load

    return load(
        seabed=options["seabed"],
        positive=options["seabed_positive"],
        cache=not options["no_cache"],
        progress=_say(options),
    )


def _say(options: dict[str, Any]) -> Callable[[str], None] | None:
    """Where long steps are announced: a terminal, or nowhere."""
    talk = sys.stderr.isatty() and not options["quiet"]
    return (lambda line: click.echo(f"{line} ...", err=True)) if talk else None


@contextmanager
def _progress(options: dict[str, Any], total: int) -> Iterator[Callable[[str], None] | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if options["quiet"] or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("assessing", total=total)
        yield lambda name: bar.update(task, advance=1, description=f"assessed {name}")
