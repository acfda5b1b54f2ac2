"""The grids behind a scenario as cloud-optimised GeoTIFF files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from okhotsk.assessment.record import Result
from okhotsk.colours import JAPAN, POCKET, RUSSIA, channels
from okhotsk.export.layers import Bundle
from okhotsk.measures.zones import HIGH_SEAS, JP_EEZ, JP_SEA, NAMES, RU_EEZ, RU_SEA
from okhotsk.raster.arrays import BoolArray, CodeArray

NO_DEPTH = -32768.0
NO_CLASS = 255
WATERS = ("patrol", "refuge", "sensed", "core")  # bands, in this order
# Colour and strength: colour tables of GeoTIFF have no transparency.
ZONE_COLOURS: Mapping[int, tuple[str, float]] = MappingProxyType(
    {
        HIGH_SEAS: (POCKET, 0.3),
        RU_SEA: (RUSSIA, 0.8),
        JP_SEA: (JAPAN, 0.8),
        RU_EEZ: (RUSSIA, 0.3),
        JP_EEZ: (JAPAN, 0.3),
    }
)


@dataclass(frozen=True)
class Raster:
    """Bands on the theatre's grid.

    Attributes
    ----------
    bands
        Shape (band, row, column), by band name.
    nodata
        Value of cells that are land throughout.
    tags
        What the values are.
    colours
        Colour of every value and its strength over white, for classes.
    """

    bands: Mapping[str, NDArray[Any]]
    nodata: float
    tags: Mapping[str, str]
    colours: Mapping[int, tuple[str, float]] | None = None


def make_rasters(result: Result) -> dict[str, Raster]:
    """Return depth, zones and waters, by file name without suffix."""
    theatre = result.theatre
    land = theatre.water_km2 == 0
    depth_m = np.where(land, np.float32(NO_DEPTH), theatre.seabed.depth_m.astype(np.float32))
    waters = {name: getattr(result.cells, name) for name in WATERS}
    classes = {f"class_{code}": name for code, name in sorted(NAMES.items())}
    return {
        "depth": Raster({"depth_m": depth_m}, NO_DEPTH, {"unit": "metres, positive down"}),
        "zones": Raster(
            {"zone": _classes(result.cells.zone, land)}, NO_CLASS, classes, ZONE_COLOURS
        ),
        "waters": Raster(
            {name: _classes(cells, land) for name, cells in waters.items()},
            NO_CLASS,
            {"values": "1 inside, 0 outside, 255 land"},
        ),
    }


def _classes(values: NDArray[Any], land: BoolArray) -> CodeArray:
    return np.where(land, NO_CLASS, values).astype(np.uint8)


def write_raster(raster: Raster, path: Path, *, transform: Any, about: Mapping[str, str]) -> None:
    """Write a cloud-optimised GeoTIFF (EPSG:4326), with overviews where it is large."""
    with rasterio.open(path, "w", transform=transform, **_profile(raster)) as sink:
        for number, (name, values) in enumerate(raster.bands.items(), 1):
            sink.write(values, number)
            sink.set_band_description(number, name)
        if raster.colours:
            sink.write_colormap(1, {code: _mixed(*look) for code, look in raster.colours.items()})
        sink.update_tags(**about, **raster.tags)


def _profile(raster: Raster) -> dict[str, Any]:
    """How the file is laid out: continuous values are smoothed, classes are not."""
    first = next(iter(raster.bands.values()))
    smooth = first.dtype.kind == "f"
    return {
        "driver": "COG",
        "count": len(raster.bands),
        "height": first.shape[0],
        "width": first.shape[1],
        "dtype": first.dtype,
        "crs": "EPSG:4326",
        "nodata": raster.nodata,
        "compress": "DEFLATE",
        "predictor": "YES" if smooth else "NO",
        "overview_resampling": "average" if smooth else "nearest",
    }


def raster_tags(bundle: Bundle) -> dict[str, str]:
    """What a file says of itself."""
    return {name.upper(): text for name, text in bundle.about.items() if text}


def _mixed(colour: str, strength: float) -> tuple[int, ...]:
    """A colour laid over white."""
    return tuple(round(255 - (255 - part) * strength) for part in channels(colour))
