"""The grids behind a scenario as cloud-optimised GeoTIFF files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from okhotsk.assessment.record import Result
from okhotsk.colours import (
    CORE,
    DEPTHS,
    JAPAN,
    PATROL,
    POCKET,
    REFUGE,
    RUSSIA,
    SENSED,
    channels,
)
from okhotsk.export.layers import Bundle
from okhotsk.export.qgis_rasters import Colour, classes_qml, ramp_qml
from okhotsk.measures.zones import HIGH_SEAS, JP_EEZ, JP_SEA, RU_EEZ, RU_SEA
from okhotsk.raster.arrays import BoolArray, CodeArray
from okhotsk.style import LOOKS, ZONES

NO_DEPTH = -32768.0
NO_CLASS = 255
WHITE = (255, 255, 255)  # of numbers that no class has: GDAL would make them black
WATERS = ("patrol", "refuge", "sensed", "core")  # bands, in this order
ALL_WATERS = "waters"  # the band that tells all of them: 1, 2, 4 and 8, added up
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
ZONE_NAMES: Mapping[int, str] = MappingProxyType(
    {
        HIGH_SEAS: ZONES["high-seas"].label,
        RU_SEA: ZONES["ru-territorial-sea"].label,
        JP_SEA: ZONES["jp-territorial-sea"].label,
        RU_EEZ: ZONES["ru-eez"].label,
        JP_EEZ: ZONES["jp-eez"].label,
    }
)
# The waters of a cell are laid over each other.
WATER_COLOURS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "patrol": (PATROL, 0.2),
        "refuge": (REFUGE, 0.25),
        "sensed": (SENSED, 0.45),
        "core": (CORE, 0.3),
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
    style
        How QGIS draws it.
    unit
        Unit of the values, as a GeoTIFF names it; empty for classes.
    colours
        Colour of every class, for a file of one band.
    """

    bands: Mapping[str, NDArray[Any]]
    nodata: float
    tags: Mapping[str, str]
    style: str
    unit: str = ""
    colours: Mapping[int, Colour] | None = None


def make_rasters(result: Result) -> dict[str, Raster]:
    """Return depth, zones and waters, by file name without suffix."""
    land = result.theatre.water_km2 == 0
    return {
        "depth": _depth(result, land),
        "zones": _zones(result, land),
        "waters": _waters(result, land),
    }


def _depth(result: Result, land: BoolArray) -> Raster:
    depth_m = result.theatre.seabed.depth_m.astype(np.float32)
    return Raster(
        {"depth_m": np.where(land, np.float32(NO_DEPTH), depth_m)},
        NO_DEPTH,
        {"unit": "metres, positive down"},
        ramp_qml(1, DEPTHS, "m"),
        unit="m",
    )


def _zones(result: Result, land: BoolArray) -> Raster:
    drawn = {code: _laid([look]) for code, look in sorted(ZONE_COLOURS.items())}
    return Raster(
        {"zone": _classes(result.cells.zone, land)},
        NO_CLASS,
        {f"class_{code}": ZONE_NAMES[code] for code in drawn},
        classes_qml(1, {code: (colour, ZONE_NAMES[code]) for code, colour in drawn.items()}),
        colours=drawn,
    )


def _waters(result: Result, land: BoolArray) -> Raster:
    cells = {name: np.asarray(getattr(result.cells, name), bool) for name in WATERS}
    parts = [inside.astype(np.uint8) << place for place, inside in enumerate(cells.values())]
    whole = _classes(np.bitwise_or.reduce(parts), land)
    held = {
        int(code): [name for place, name in enumerate(WATERS) if code >> place & 1]
        for code in np.unique(whole[(whole != NO_CLASS) & (whole != 0)])
    }
    labels = {code: [LOOKS[name].of().label for name in held[code]] for code in held}
    names = {code: ", ".join(words).capitalize() for code, words in labels.items()}
    drawn = {code: _laid([WATER_COLOURS[name] for name in held[code]]) for code in held}
    return Raster(
        {name: _classes(inside, land) for name, inside in cells.items()} | {ALL_WATERS: whole},
        NO_CLASS,
        {"values": "1 inside, 0 outside, 255 land"}
        | {f"{ALL_WATERS}_{code}": name for code, name in names.items()},
        classes_qml(
            len(WATERS) + 1, {code: (colour, names[code]) for code, colour in drawn.items()}
        ),
    )


def _classes(values: NDArray[Any], land: BoolArray) -> CodeArray:
    return np.where(land, NO_CLASS, values).astype(np.uint8)


def write_raster(raster: Raster, path: Path, *, transform: Any, about: Mapping[str, str]) -> None:
    """Write a cloud-optimised GeoTIFF (EPSG:4326), with its style for QGIS beside it."""
    path.with_suffix(".qml").write_text(raster.style, encoding="utf-8", newline="\n")
    with rasterio.open(path, "w", transform=transform, **_profile(raster)) as sink:
        for number, (name, values) in enumerate(raster.bands.items(), 1):
            sink.write(values, number)
            sink.set_band_description(number, name)
            sink.set_band_unit(number, raster.unit)
        if raster.colours:
            sink.write_colormap(1, dict.fromkeys(range(256), WHITE) | dict(raster.colours))
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


def _laid(looks: Sequence[tuple[str, float]]) -> Colour:
    """Colours laid over white, each with its strength."""
    mixed = (255.0, 255.0, 255.0)
    for colour, strength in looks:
        pairs = zip(mixed, channels(colour), strict=True)
        red, green, blue = (below + (part - below) * strength for below, part in pairs)
        mixed = (red, green, blue)
    return (round(mixed[0]), round(mixed[1]), round(mixed[2]))
