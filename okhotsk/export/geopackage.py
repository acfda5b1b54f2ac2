"""A scenario as one GeoPackage, with styles that QGIS finds by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from okhotsk.export.layers import Bundle, Layer
from okhotsk.export.qgis import style_qml
from okhotsk.style import LOOKS

# A fixed date for every stamp in the file, so that equal content gives equal bytes; the epoch
# shows at sight that it is none.
STAMP = "1970-01-01T00:00:00.000Z"
# Old enough for every GDAL and QGIS in use; later versions add nothing that is needed here.
VERSION = {"VERSION": "1.2"}
GEOMETRY = "geom"
STYLES = "layer_styles"


def write_geopackage(bundle: Bundle, path: Path) -> None:
    """Write all layers, tables and styles (OGC 12-128r19; QGIS reads ``layer_styles``)."""
    with _fixed_date():
        for layer in (*bundle.layers, *bundle.tables):
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
            "f_geometry_column": GEOMETRY,
            "styleName": layer.title,
            "styleQML": style_qml(LOOKS[layer.name]),
            "styleSLD": "",
            "useAsDefault": True,
            "description": layer.note,
            "owner": "",
            "ui": None,
            "update_time": pd.Timestamp(STAMP),
        }
        for layer in bundle.layers
    ]
    return pd.DataFrame(rows).astype({"ui": "string"})
