"""A scenario as one GeoPackage, with styles that QGIS finds by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from okhotsk.export.fields import fields_of
from okhotsk.export.layers import Bundle, Layer
from okhotsk.export.qgis import style_qml
from okhotsk.export.qgis_project import project_archive
from okhotsk.style import LOOKS

# A fixed date for every stamp in the file, so that equal content gives equal bytes; the epoch
# shows at sight that it is none.
STAMP = "1970-01-01T00:00:00.000Z"
# Old enough for every GDAL and QGIS in use; later versions add nothing that is needed here.
VERSION = {"VERSION": "1.2"}
GEOMETRY = "geom"
STYLES = "layer_styles"
# The schema extension of the standard (annex F.9), which GDAL writes for other purposes only.
COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
"""
DESCRIBING = ("gpkg_data_columns", "gpkg_data_column_constraints")
EXTENSION = ("gpkg_schema", "http://www.geopackage.org/spec120/#extension_schema", "read-write")
# Where QGIS keeps projects in a GeoPackage: archives in hexadecimal, and who saved them when.
PROJECTS = "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
KEPT = '{"last_modified_time": "1970-01-01T00:00:00", "last_modified_user": "okhotsk"}'


def write_geopackage(bundle: Bundle, path: Path) -> None:
    """Write all layers, tables and styles (OGC 12-128r19; QGIS reads ``layer_styles``).

    The top layer of a map comes first: QGIS draws what it finds first above what follows.
    """
    with _fixed_date():
        for layer in (*reversed(bundle.layers), *bundle.tables):
            _write(layer, path, bundle)
        pyogrio.write_dataframe(
            _styles(bundle),
            path,
            layer=STYLES,
            driver="GPKG",
            layer_options={
                "FID": "id",
                "IDENTIFIER": STYLES,
                "DESCRIPTION": "Styles that QGIS applies.",
            },
        )
    with closing(sqlite3.connect(path)) as base, base:
        _describe_columns(base, bundle)
        base.execute(PROJECTS)
        archive = project_archive(bundle, path.name).hex()
        base.execute(
            "INSERT INTO qgis_projects VALUES (?, ?, ?)", (bundle.scenario_id, KEPT, archive)
        )


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Stamp what GDAL writes with one date; the setting is global, so it is put back."""
    name = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: STAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})


def _write(layer: Layer, path: Path, bundle: Bundle) -> None:
    options = {
        "FID": "fid",
        "IDENTIFIER": layer.title,
        "DESCRIPTION": f"{bundle.title}. {layer.note}",
    }
    if isinstance(layer.frame, gpd.GeoDataFrame):
        options |= {"GEOMETRY_NAME": GEOMETRY, "SPATIAL_INDEX": "YES"}
    pyogrio.write_dataframe(
        layer.frame,
        path,
        layer=layer.name,
        driver="GPKG",
        layer_options=options,
        dataset_options={} if path.exists() else VERSION,
    )


def _styles(bundle: Bundle) -> pd.DataFrame:
    """Rows of the table in which QGIS looks for a layer's style."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer.name,
            "f_geometry_column": GEOMETRY if layer.name in LOOKS else "",
            "styleName": layer.title,
            "styleQML": style_qml(fields_of(layer.frame), LOOKS.get(layer.name)),
            "styleSLD": "",
            "useAsDefault": True,
            "description": layer.note,
            "owner": "",
            "ui": None,
            "update_time": pd.Timestamp(STAMP),
        }
        for layer in (*bundle.layers, *bundle.tables)
    ]
    return pd.DataFrame(rows).astype({"ui": "string"})


def _describe_columns(base: sqlite3.Connection, bundle: Bundle) -> None:
    """Say what the columns of all layers and tables are, where the standard has a place for it."""
    rows = [
        (layer.name, name, name, field.title, field.meaning or None)
        for layer in (*bundle.layers, *bundle.tables)
        for name, field in fields_of(layer.frame).items()
    ]
    base.executescript(COLUMNS)
    base.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)
    base.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
        [(table, *EXTENSION) for table in DESCRIBING],
    )
