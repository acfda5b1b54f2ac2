"""A scenario as files for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from okhotsk.assessment.record import Result
from okhotsk.errors import DataError
from okhotsk.export.geojson import geojson_text
from okhotsk.export.geopackage import write_geopackage
from okhotsk.export.geotiff import make_rasters, raster_tags, write_raster
from okhotsk.export.kml import kml_text
from okhotsk.export.layers import Bundle, make_bundle
from okhotsk.export.workbook import workbook_bytes
from okhotsk.files import replacing, room

FILES: Mapping[str, str] = MappingProxyType(
    {"gpkg": ".gpkg", "geojson": ".geojson", "kml": ".kml", "xlsx": ".xlsx"}
)
FOLDERS = ("geoparquet", "cog")
KINDS = (*FILES, *FOLDERS)


def write_layers(result: Result, path: str | Path, *, kind: str | None = None) -> list[Path]:
    """Write a scenario for other programs; equal content gives equal bytes.

    Parameters
    ----------
    result
        The assessment.
    path
        File for ``gpkg``, ``geojson``, ``kml`` and ``xlsx``; folder for ``geoparquet`` (a file per
        layer and table) and ``cog`` (depth, zones, waters). What stood there under the same names
        is replaced once all is written, and not before.
    kind
        One of :data:`KINDS`; by the suffix of the file unless given.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    DataError
        Where the kind cannot be told, or a folder stands where a file should.
    """
    target, chosen = find_target(path, kind)
    bundle = make_bundle(result)
    if chosen in FOLDERS:
        writer = {"geoparquet": _write_parquet, "cog": _write_cogs}[chosen]
        return _fill(target, lambda folder: writer(result, bundle, folder))
    with replacing(target) as sink:
        _write_file(bundle, sink, chosen)
    return [target]


def find_target(path: str | Path, kind: str | None = None) -> tuple[Path, str]:
    """Return where to write and in which format, before any work is done.

    Raises
    ------
    DataError
        As :func:`write_layers`.
    """
    target = Path(path)
    chosen = kind or kind_of_suffix(target)
    if chosen not in KINDS:
        raise DataError(f"unknown format {chosen!r}, expected one of {', '.join(KINDS)}")
    if chosen in FOLDERS and target.exists() and not target.is_dir():
        raise DataError(f"{target} is a file, expected a folder for several files")
    if chosen in FILES and target.is_dir():
        raise DataError(f"{target} is a folder, expected a file, e.g. {target}/ID{FILES[chosen]}")
    return target, chosen


def kind_of_suffix(path: Path) -> str:
    """Return the format that a file's suffix names.

    Raises
    ------
    DataError
        Where it names none.
    """
    found = next((kind for kind, suffix in FILES.items() if path.suffix.lower() == suffix), None)
    if found is None:
        raise DataError(
            f"{path}: the suffix names no format, expected {', '.join(FILES.values())}, or "
            f"--format {' or '.join(FOLDERS)} with a folder"
        )
    return found


def default_path(result: Result, kind: str) -> Path:
    """Where a scenario goes unless a path is given."""
    return Path(result.scenario.scenario_id + FILES.get(kind, f"-{kind}"))


def _write_file(bundle: Bundle, path: Path, kind: str) -> None:
    if kind == "gpkg":
        write_geopackage(bundle, path)
        return
    if kind == "xlsx":
        sheets = {x.name: x.frame for x in (*bundle.tables, *reversed(bundle.layers))}
        path.write_bytes(workbook_bytes(sheets))
        return
    text = {"geojson": geojson_text, "kml": kml_text}[kind](bundle)
    path.write_text(text, encoding="utf-8", newline="\n")


def _fill(folder: Path, write: Callable[[Path], None]) -> list[Path]:
    """Fill a folder by way of another beside it, so that it is never half full."""
    with room(folder) as made:
        write(made)
        return [path.replace(folder / path.name) for path in sorted(made.iterdir())]


def _write_parquet(_: Result, bundle: Bundle, folder: Path) -> None:
    """GeoParquet 1.1 for layers, plain Parquet for tables."""
    for layer in bundle.layers:
        layer.frame.to_parquet(
            folder / f"{layer.name}.parquet",
            index=False,
            compression="zstd",
            schema_version="1.1.0",
            write_covering_bbox=True,
        )
    for table in bundle.tables:
        table.frame.to_parquet(folder / f"{table.name}.parquet", index=False, compression="zstd")


def _write_cogs(result: Result, bundle: Bundle, folder: Path) -> None:
    for name, raster in make_rasters(result).items():
        write_raster(
            raster,
            folder / f"{name}.tif",
            transform=result.theatre.grid.transform,
            about=raster_tags(bundle),
        )
