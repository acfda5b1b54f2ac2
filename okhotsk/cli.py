"""The command line: parse, call the library, write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from okhotsk.console import (
    FORMATS,
    Group,
    announce,
    figure_data,
    format_option,
    load_theatre,
    make_document,
    make_sweep,
    print_table,
    read_assumptions,
    read_scenarios,
    run_assess,
    run_fleet,
    scenario_options,
    stage_bars,
    sweep_options,
    theatre_options,
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okhotsk")
def main() -> None:
    """What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion."""


@main.command()
@format_option
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
    print_table(pd.DataFrame(rows), style)


@main.command()
@format_option
def islands(style: str) -> None:
    """List the islands, their size and people."""
    from okhotsk.coast import islands_table, read_coast

    print_table(islands_table(read_coast()), style)


@main.command()
@click.option("--scenario", help="Id or file of an option: adds holders, regimes and corridors.")
@scenario_options
@theatre_options
@format_option
def straits(style: str, scenario: str | None, **options: Any) -> None:
    """List the straits: widths, throats, sills, and with --scenario who holds them."""
    from okhotsk.regime import straits_under
    from okhotsk.scenario import resolve
    from okhotsk.straits import straits_table

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
    "--uncertainty", is_flag=True,
    help="How robust the index is: more samples, ranks, and what drives it (several minutes).",
)  # fmt: skip
@format_option
def assess(ids: tuple[str, ...], style: str, uncertainty: bool, **options: Any) -> None:
    """Assess options: ids or files; all named ones by default."""
    import pandas as pd

    from okhotsk.robust import robustness
    from okhotsk.uncertainty import MORE_SAMPLES

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
    from okhotsk.detail import TABLES
    from okhotsk.detail import detail as make

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

    from okhotsk.compare import compare as find

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
    "--family", type=click.Choice(["any", "chain"]), default="any", show_default=True,
    help="Any combination of pieces, or those that run up the chain from the south.",
)  # fmt: skip
@click.option(
    "--no-index", is_flag=True, help="Leave out exposures and the index, which take longest."
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Parquet file to write (default: sweep.parquet; with --format, print instead).",
)  # fmt: skip
@click.option(
    "--vary", multiple=True, metavar="NAME=A,B,...",
    help="Repeat all under these values of an assumption; several combine.",
)  # fmt: skip
@click.option(
    "--also-seabed", multiple=True, metavar="FILE", help="Repeat all on another seabed too."
)
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler that shares out repeats.")
@click.option(
    "--workers", type=click.IntRange(1), metavar="N",
    help="Processes for repeats on this machine (default: its cores).",
)  # fmt: skip
@theatre_options
@click.option("--format", "style", type=click.Choice(FORMATS), help="Print the table.")
def sweep(
    family: str, no_index: bool, output: Path | None, style: str | None, **options: Any
) -> None:
    """Find every figure of every cession, and write them to a Parquet file.

    Interrupted, it goes on where it was when run again.
    """
    from okhotsk.sweepfile import sweep_frame, write_frame, write_sweep

    if style and output:
        raise click.UsageError("give either --output or --format")
    path = output or Path("sweep.parquet")
    with stage_bars(options) as tell:
        if options["vary"] or options["also_seabed"] or options["scheduler"]:
            frame = run_fleet(options, tell, family, exposures=not no_index)
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
    "--family", type=click.Choice(["any", "chain"]), default="any", show_default=True,
    help="Search every combination of pieces too, or only those that run up the chain (quick).",
)  # fmt: skip
@click.option("--steps", is_flag=True, help="Print every step up the chain instead.")
@theatre_options
@format_option
def frontier(style: str, family: str, steps: bool, **options: Any) -> None:
    """Find the largest cessions that keep each measure above thresholds."""
    from okhotsk.frontiers import frontier as find

    with stage_bars(options) as tell:
        found = find(make_sweep(options, tell, family))
    print_table(found.steps if steps else found.table, style)


@main.command("map")
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
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

    if len(read_scenarios(ids, options)) != 1:
        raise click.UsageError("name one option: an id, a scenario file, or --cede")
    result = run_assess(ids, options)[0]
    if embed:
        click.echo(result.embed(height=height))
    elif str(output) == "-":
        click.echo(result.to_html(), nl=False)
    else:
        path = output or Path(f"{result.scenario.scenario_id}.html")
        write_text(path, result.to_html())
        click.echo(path)


@main.command()
@click.argument("name", required=False)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--list", "listed", is_flag=True, help="List the figures.")
@scenario_options
@theatre_options
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .png, .svg or .pdf (default: NAME.png here).",
)  # fmt: skip
@click.option(
    "--width", type=click.Choice(["column", "page", "slide"]), default="page", show_default=True,
    help="88, 180 or 254 mm.",
)  # fmt: skip
def figure(
    name: str | None, ids: tuple[str, ...], listed: bool, output: Path | None, width: str,
    **options: Any,
) -> None:  # fmt: skip
    """Draw a figure for print (see --list), of options or of all named ones."""
    from okhotsk.figures import FIGURES, draw, find_kind, save

    if listed or not name:
        for kind in FIGURES.values():
            click.echo(f"{kind.name:16} {kind.title}")
        return
    kind = find_kind(name)
    path = save(draw(kind.name, **figure_data(kind, ids, options), width=width),
                output or Path(f"{name}.png"))  # fmt: skip
    click.echo(path)


@main.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path(),
    help="File (.html, .pdf or .md), or folder for report.html, .pdf and .md (default: here).",
)  # fmt: skip
@click.option("--format", "style", type=click.Choice(["html", "pdf", "md"]), help="Only this.")
@click.option(
    "--template", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Template of your own: NAME.html.j2, NAME.typ.j2 (for PDF) or NAME.md.j2.",
)  # fmt: skip
def report(
    ids: tuple[str, ...], output: Path, style: str | None, template: Path | None, **options: Any
) -> None:
    """Write a briefing on options (all named ones by default): HTML, PDF and Markdown.

    A minute or two the first time.
    """
    from okhotsk.report import report_files, write_report

    files = report_files(output, style, template)
    document = make_document(ids, options)
    for kind, path in files.items():
        for written in write_report(document, path, kind, template=template):
            click.echo(written)


@main.command()
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("explorer.html"),
    show_default=True, help="Page to write.",
)  # fmt: skip
@click.option(
    "--pieces", metavar="LIST",
    help="Pieces of the chain that may be handed over, e.g. shikotan,kunashir+iturup; a plus "
    "joins. The whole chain in twenty pieces by default.",
)  # fmt: skip
@theatre_options
def explorer(output: Path, pieces: str | None, **options: Any) -> None:
    """Write the page on which islands change hands at a click.

    All combinations are solved ahead: minutes the first time, seconds after.
    """
    from okhotsk.cessions import make_pieces
    from okhotsk.explorer import explorer_page
    from okhotsk.files import write_text

    given = make_pieces(pieces) if pieces else None
    theatre = load_theatre(options)
    index = "index.html" if (output.parent / "index.html").is_file() else None
    with stage_bars(options) as tell:
        page = explorer_page(theatre, pieces=given, index=index, progress=tell)
    write_text(output, page)
    click.echo(output)


@main.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("maps"),
    show_default=True,
    help="Folder for the pages and tables.",
)  # fmt: skip
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption.")
@theatre_options
def run(output: Path, **options: Any) -> None:
    """Assess every named option and write maps, tables and provenance."""
    from okhotsk.outputs import write_all

    results = run_assess((), options | {"cede": None, "demilitarised": False})
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
