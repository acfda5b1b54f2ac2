"""The commands that write files: maps, figures, briefings, pages and layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from okhotsk.cli.options import (
    figure_data,
    load_theatre,
    make_document,
    one_option,
    run_assess,
    scenario_options,
    stage_bars,
    theatre_options,
)


@click.command("map")
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Page to write (default: ID.html here); - for standard output.",
)
@click.option("--embed", is_flag=True, help="Print the iframe snippet for a report instead.")
@click.option("--height", default=600, show_default=True, help="Height of the iframe in pixels.")
@click.option(
    "--tiles",
    metavar="NAME_OR_URL",
    help="Ground from the network, e.g. OpenStreetMap.Mapnik or https://host/{z}/{x}/{y}.png; "
    "the page then needs it.",
)
def map_(
    ids: tuple[str, ...],
    output: Path | None,
    embed: bool,
    height: int,
    tiles: str | None,
    **options: Any,
) -> None:
    """Draw the interactive map of one option as a self-contained page."""
    from okhotsk.files import write_text
    from okhotsk.maps.scenario_map import find_tiles

    ground = find_tiles(tiles)
    result = one_option(ids, options)
    if embed:
        click.echo(result.embed(height=height, tiles=ground))
    elif str(output) == "-":
        click.echo(result.to_html(tiles=ground), nl=False)
    else:
        path = output or Path(f"{result.scenario.scenario_id}.html")
        write_text(path, result.to_html(tiles=ground))
        click.echo(path)


@click.command()
@click.argument("name", required=False)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--list", "listed", is_flag=True, help="List the figures.")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .png, .svg or .pdf (default: NAME.png here).",
)
@click.option(
    "--width",
    type=click.Choice(["column", "page", "slide"]),
    default="page",
    show_default=True,
    help="88, 180 or 254 mm.",
)
@click.option(
    "--dpi",
    type=click.IntRange(72, 1200),
    default=300,
    show_default=True,
    help="Resolution of PNG, and of the seabed in SVG and PDF.",
)
def figure(
    name: str | None,
    ids: tuple[str, ...],
    listed: bool,
    output: Path | None,
    width: str,
    dpi: int,
    **options: Any,
) -> None:
    """Draw a figure for print (see --list), of options or of all named ones."""
    from okhotsk.report.figures import FIGURES, draw, find_kind, save

    if listed or not name:
        for kind in FIGURES.values():
            click.echo(f"{kind.name:16} {kind.title}")
        return
    kind = find_kind(name)
    path = save(
        draw(kind.name, **figure_data(kind, ids, options), width=width),
        output or Path(f"{name}.png"),
        dpi=dpi,
    )
    click.echo(path)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="File (.html, .pdf or .md), or folder for report.html, .pdf and .md (default: here).",
)
@click.option("--format", "style", type=click.Choice(["html", "pdf", "md"]), help="Only this.")
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Template of your own: NAME.html.j2, NAME.typ.j2 (for PDF) or NAME.md.j2.",
)
def report(
    ids: tuple[str, ...], output: Path, style: str | None, template: Path | None, **options: Any
) -> None:
    """Write a briefing on options (all named ones by default): HTML, PDF and Markdown.

    A minute or two the first time.
    """
    from okhotsk.report.document import report_files, write_report

    files = report_files(output, style, template)
    document = make_document(ids, options)
    for kind, path in files.items():
        for written in write_report(document, path, kind, template=template):
            click.echo(written)


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("explorer.html"),
    show_default=True,
    help="Page to write.",
)
@click.option(
    "--pieces",
    metavar="LIST",
    help="Pieces of the chain that may be handed over, e.g. shikotan,kunashir+iturup; a plus "
    "joins. The whole chain in twenty pieces by default.",
)
@theatre_options
def explorer(output: Path, pieces: str | None, **options: Any) -> None:
    """Write the page on which islands change hands at a click.

    All combinations are solved ahead: half an hour the first time, seconds after.
    """
    from okhotsk.files import write_text
    from okhotsk.maps.explorer.page import explorer_page
    from okhotsk.scenario.island_sets import parse_blocks

    given = parse_blocks(pieces) if pieces else None
    theatre = load_theatre(options)
    index = "index.html" if (output.parent / "index.html").is_file() else None
    with stage_bars(options) as tell:
        page = explorer_page(theatre, blocks=given, index_page=index, progress=tell)
    write_text(output, page)
    click.echo(output)


@click.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("maps"),
    show_default=True,
    help="Folder for the pages and tables.",
)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Change an assumption.")
@theatre_options
def run(output: Path, **options: Any) -> None:
    """Assess every named option and write maps, tables and provenance."""
    from okhotsk.cli.run import write_all

    results = run_assess((), options | {"cede": None, "demilitarised": False})
    for path in write_all(results, output):
        click.echo(path)


@click.command()
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="File, .gpkg, .geojson or .kml, or folder for geoparquet and cog (default: ID.gpkg).",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["gpkg", "geojson", "kml", "geoparquet", "cog"]),
    help="Format, where the suffix of --output does not say.",
)
def export(ids: tuple[str, ...], output: Path | None, style: str | None, **options: Any) -> None:
    """Write all layers and tables of one option for other programs.

    GeoPackage with styles for QGIS, GeoJSON, KML, GeoParquet, or the grids as GeoTIFF.
    """
    from okhotsk.export.write import default_path, find_target
    from okhotsk.export.write import export as write

    kind = find_target(output, style)[1] if output else style or "gpkg"
    result = one_option(ids, options)
    for path in write(result, output or default_path(result, kind), kind=kind):
        click.echo(path)


COMMANDS = (map_, figure, report, explorer, export, run)
