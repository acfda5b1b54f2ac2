"""Seabed files that tests write, and how a refusal of one is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_bounds
from scipy.io import netcdf_file

from okhotsk.errors import OkhotskError, SeabedError
from okhotsk.theatre.bathymetry import Seabed, analysis_grid, read_seabed

TENTHS = (24 * 10, 33 * 10)  # the window and half a degree all round, in cells of 6 minutes
ROUND = (133.5, 40.5, 166.5, 64.5)


def write_tif(path: Path, values: np.ndarray, **options: Any) -> Path:
    """Write depths as a raster of the window and half a degree all round."""
    bounds = options.pop("bounds", ROUND)
    tags, band_tags = options.pop("tags", {}), options.pop("band_tags", {})
    bands = values if values.ndim == 3 else values[None]
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "dtype": values.dtype,
        "height": bands.shape[1],
        "width": bands.shape[2],
        "crs": "EPSG:4326",
        "transform": from_bounds(*bounds, bands.shape[2], bands.shape[1]),
    }
    with rasterio.open(path, "w", **(profile | options)) as sink:
        sink.write(bands)
        sink.update_tags(**tags)
        sink.update_tags(1, **band_tags)
    return path


def refused(path: Path, *words: str, **options: Any) -> str:
    """The sentence with which a file is refused: one line that names it and holds the words."""
    with pytest.raises(SeabedError) as caught:
        read_seabed(path, **options)
    said = str(caught.value)
    assert isinstance(caught.value, OkhotskError)
    assert isinstance(caught.value, ValueError)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    assert len(said) < 400
    for word in words:
        assert re.search(word, said), f"{word!r} not in {said!r}"
    return said


def agrees(seabed: Seabed, shipped: Seabed) -> None:
    """Depths on the analysis grid like those shipped."""
    assert seabed.grid == analysis_grid()
    assert seabed.depth_m.shape == shipped.depth_m.shape
    assert seabed.depth_m.dtype == np.float32
    assert seabed.depth_m.min() >= 0
    sea = shipped.depth_m > 0
    gap = np.abs(seabed.depth_m - shipped.depth_m)[sea]
    assert np.corrcoef(seabed.depth_m[sea], shipped.depth_m[sea])[0, 1] > 0.995
    assert np.median(gap) < 20


def netcdf(path: Path, values: np.ndarray, **attributes: Any) -> Path:
    """A classic NetCDF of the window and half a degree all round, rows from south to north."""
    lat, lon = (start + (np.arange(n) + 0.5) / 10 for n, start in ((240, 40.5), (330, 133.5)))
    return write_netcdf(path, values, lat, lon, **attributes)


def write_netcdf(
    path: Path,
    values: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    *,
    axes: tuple[str, str] = ("lat", "lon"),
    names: tuple[str, ...] = ("elevation",),
    **attributes: Any,
) -> Path:
    """Write depths as a classic NetCDF with coordinates, its attributes on the first variable."""
    with netcdf_file(path, "w") as sink:
        for name, values_of in (("lat", lat), ("lon", lon)):
            sink.createDimension(name, len(values_of))
            axis = sink.createVariable(name, "f8", (name,))
            axis[:] = values_of
            axis.units = "degrees_north" if name == "lat" else "degrees_east"
        for name in names:
            band = sink.createVariable(name, values.dtype, axes)
            band[:] = values
            for key, value in attributes.items() if name == names[0] else ():
                setattr(band, key, value)
    return path
