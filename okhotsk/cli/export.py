"""The layers of one scenario, for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.session import Session


@click.command()
@click.argument("ids", nargs=-1, metavar="ID")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="File (.gpkg, .geojson, .kml, .xlsx); folder for geoparquet and cog (default: ID.gpkg).",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["gpkg", "geojson", "kml", "xlsx", "geoparquet", "cog"]),
    help="Format, where the suffix of --output does not say.",
)
@pass_session
def export(session: Session, ids: tuple[str, ...], output: Path | None, style: str | None) -> None:
    """Write all layers and tables of one option for other programs.

    GeoPackage with styles for QGIS, GeoJSON, KML, GeoParquet, the grids as GeoTIFF, or a workbook.
    """
    from okhotsk.export.write import default_path, find_target, write_layers

    kind = find_target(output, style)[1] if output else style or "gpkg"
    result = session.assess_one(ids)
    for path in write_layers(result, output or default_path(result, kind), kind=kind):
        click.echo(path)
