"""What the commands share: their options, their errors, what they print and how far they are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from okhotsk.errors import OkhotskError

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.api import Assessment
    from okhotsk.report.document import Document
    from okhotsk.report.figures import Kind
    from okhotsk.scenario.assumptions import Assumptions
    from okhotsk.scenario.model import Scenario
    from okhotsk.sweep.engine import Sweep
    from okhotsk.theatre.model import Theatre

FORMATS = ("table", "json", "csv", "markdown", "latex")


class Group(click.Group):
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


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Option of every command that prints a table."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print the table.",
    )(command)


def theatre_options(command: Callable[..., Any]) -> Callable[..., Any]:
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


def scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that describe an option of one's own, and assumptions."""
    options = [
        click.option("--cede", help="Units or groups to hand over, e.g. kunashir,shikotan."),
        click.option("--demilitarised", is_flag=True, help="No forces on the land of --cede."),
        click.option(
            "--set",
            "values",
            multiple=True,
            metavar="NAME=VALUE",
            help="Change an assumption, e.g. --set refuge_standoff_km=150.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def sweep_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the commands that search many cessions."""
    options = [
        click.option(
            "--pieces",
            metavar="LIST",
            help="Pieces of the chain that may be handed over, e.g. shikotan,kunashir+iturup; a "
            "plus joins. The whole chain in twenty pieces by default.",
        ),
        click.option("--demilitarised", is_flag=True, help="No forces on what is handed over."),
        click.option(
            "--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def run_assess(
    ids: tuple[str, ...], options: dict[str, Any], *, samples: int | None = None
) -> list[Assessment]:
    """Assess the options that a command names, all named ones if none."""
    return assess_chosen(read_scenarios(ids, options) or None, options, samples=samples)


def one_option(ids: tuple[str, ...], options: dict[str, Any]) -> Assessment:
    """Assess the one option that a command names."""
    if len(read_scenarios(ids, options)) != 1:
        raise click.UsageError("name one option: an id, a scenario file, or --cede")
    return run_assess(ids, options)[0]


def assess_chosen(
    chosen: list[Scenario] | None, options: dict[str, Any], *, samples: int | None = None
) -> list[Assessment]:
    """Assess options under the assumptions of a command, all named ones if none."""
    from okhotsk.api import assess_all

    assumptions = read_assumptions(options)
    theatre = load_theatre(options)
    with progress_bar(options, how_many(chosen)) as tick:
        return assess_all(theatre, chosen, assumptions=assumptions, samples=samples, progress=tick)


def figure_data(kind: Kind, ids: tuple[str, ...], options: dict[str, Any]) -> dict[str, Any]:
    """What a figure is drawn from; the steps up the chain for the frontier."""
    if kind.needs == "theatre":
        return {"theatre": load_theatre(options)}
    one = kind.needs == "option"
    results = [one_option(ids, options)] if one else run_assess(ids, options)
    data: dict[str, Any] = {"results": results}
    if kind.needs == "spread":
        from okhotsk.assessment.robustness import analyse_robustness

        data["spread"] = analyse_robustness(results, progress=announce(options))
    if kind.needs == "frontier":
        from okhotsk.sweep.frontier import frontier

        with stage_bars(options) as tell:
            sweep = make_sweep(options | {"pieces": None}, tell, "chain")
            data["frontier"] = frontier(sweep)
    return data


def make_document(ids: tuple[str, ...], options: dict[str, Any]) -> Document:
    """The briefing on the options that a command names."""
    from okhotsk.report.briefing import make_briefing
    from okhotsk.scenario.model import TODAY
    from okhotsk.scenario.read import load_scenario
    from okhotsk.sweep.frontier import frontier

    named = read_scenarios(ids, options)
    nothing = load_scenario(TODAY)
    extra = [nothing] if named and nothing not in named else []
    results = assess_chosen([*named, *extra] or None, options)
    today = next(r for r in results if r.scenario == nothing)
    with stage_bars(options) as tell:
        steps = frontier(make_sweep(options | {"pieces": None}, tell, "chain"))
    return make_briefing(results[: len(results) - len(extra)], today, steps)


def make_sweep(
    options: dict[str, Any], tell: Callable[[str, int, int], None], family: str
) -> Sweep:
    """The sweep of the island sets that a command searches."""
    from okhotsk.scenario.island_sets import parse_blocks, prefixes, read_blocks, subsets
    from okhotsk.sweep.engine import Sweep

    blocks = parse_blocks(options["pieces"]) if options["pieces"] is not None else read_blocks()
    return Sweep(
        load_theatre(options),
        blocks=blocks,
        island_sets=(prefixes if family == "chain" else subsets)(blocks),
        assumptions=read_assumptions(options),
        demilitarised=options["demilitarised"],
        progress=tell,
    )


def run_cluster(
    options: dict[str, Any],
    tell: Callable[[str, int, int], None],
    family: str,
    *,
    exposures: bool,
) -> pd.DataFrame:
    """Figures of island sets under several assumptions and on several seabeds."""
    from okhotsk.scenario.island_sets import parse_blocks, prefixes, read_blocks, subsets
    from okhotsk.sweep.cluster import Work, make_cases, run_cases

    blocks = parse_blocks(options["pieces"]) if options["pieces"] is not None else read_blocks()
    base = str(options["seabed"]) if options["seabed"] else None
    cases = make_cases(
        [base, *options["also_seabed"]],
        _values("--vary", options["vary"]),
        _changes(options),
    )
    work = Work(
        blocks=blocks,
        island_sets=tuple((prefixes if family == "chain" else subsets)(blocks).tolist()),
        demilitarised=options["demilitarised"],
        exposures=exposures,
        positive=options["seabed_positive"],
    )
    return run_cases(
        cases, work, scheduler=options["scheduler"], workers=options["workers"], progress=tell
    )


def print_table(frame: pd.DataFrame, style: str) -> None:
    """Print a table in one of the formats."""
    from okhotsk.tables import render

    click.echo(render(frame, style, width=shutil.get_terminal_size((100, 24)).columns))


def read_assumptions(options: dict[str, Any]) -> Assumptions:
    """Assumptions with the values of --set."""
    from okhotsk.scenario.assumptions import Assumptions

    return Assumptions().with_values(_changes(options))


def _changes(options: dict[str, Any]) -> dict[str, float]:
    """The assumptions that --set changes."""
    return {name: value for name, (value,) in _values("--set", options["values"]).items()}


def _values(flag: str, texts: Iterable[str]) -> dict[str, list[float]]:
    """Numbers by the names they are given to, each but once."""
    from okhotsk.errors import AssumptionError

    found: dict[str, list[float]] = {}
    for text in texts:
        name = text.partition("=")[0].strip()
        if name in found:
            raise AssumptionError(f"{flag} {text!r}: {name} is given twice; give it once")
        found[name] = _numbers(flag, text)
    return found


def _numbers(flag: str, text: str) -> list[float]:
    """Numbers of a text such as ``patrol_depth_m=150``: one for --set, else one or more."""
    from okhotsk.errors import AssumptionError

    words = text.partition("=")[2].split(",")
    try:
        if flag == "--set" and len(words) > 1:
            raise ValueError
        return [float(word) for word in words]
    except ValueError:
        many = "a number" if flag == "--set" else "numbers"
        raise AssumptionError(
            f"{flag} {text!r}: expected NAME=VALUE with {many}, e.g. patrol_depth_m=150"
        ) from None


def read_scenarios(ids: tuple[str, ...], options: dict[str, Any]) -> list[Scenario]:
    """Options named by id, file or --cede."""
    from okhotsk.scenario.read import cede, load_scenario

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


def how_many(chosen: list[Scenario] | None) -> int:
    """Number of options to assess: all named ones if none is chosen."""
    from okhotsk.scenario.read import scenario_ids

    return len(scenario_ids() if chosen is None else chosen)


def load_theatre(options: dict[str, Any]) -> Theatre:
    """The theatre that the options of a command name."""
    from okhotsk.theatre.storage import load

    return load(
        seabed=options["seabed"],
        positive=options["seabed_positive"],
        cache=not options["no_cache"],
        progress=announce(options),
        computing=_compiled_ahead,
    )


def _compiled_ahead() -> AbstractContextManager[None]:
    """Kernels are compiled beside the first computation; a warm start loads none of this."""
    from okhotsk.warmup import compiled_ahead

    return compiled_ahead()


def announce(options: dict[str, Any]) -> Callable[[str], None] | None:
    """Where long steps are announced: a terminal, or nowhere."""
    talk = sys.stderr.isatty() and not options["quiet"]
    return (lambda line: click.echo(f"{line} ...", err=True)) if talk else None


@contextmanager
def stage_bars(options: dict[str, Any]) -> Iterator[Callable[[str, int, int], None]]:
    """Bars with the time left, one for each stage, on a terminal; nothing elsewhere."""
    if options["quiet"] or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


@contextmanager
def progress_bar(options: dict[str, Any], total: int) -> Iterator[Callable[[str], None] | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if options["quiet"] or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("assessing", total=total)
        yield lambda name: bar.update(task, advance=1, description=f"assessed {name}")
