"""Which of the grids in a file holds the depths, and which way its values grow."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from okhotsk.errors import SeabedError
from okhotsk.raster.arrays import FloatArray
from okhotsk.theatre.seabed_file.axes import Axes, axes_of

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

# Names of the CF convention, https://cfconventions.org/standard-names.html
STANDARD_NAMES = {
    *("height_above_mean_sea_level", "height_above_geopotential_datum", "height"),
    *("altitude", "surface_altitude", "bedrock_altitude", "sea_floor_depth"),
    *("sea_floor_depth_below_geoid", "sea_floor_depth_below_sea_surface"),
    *("sea_floor_depth_below_mean_sea_level", "sea_floor_depth_below_geopotential_datum"),
    *("depth", "depth_below_geoid", "height_above_reference_ellipsoid", "sea_floor_altitude"),
}
NAMES = ("elevation", "z", "depth", "bedrock", "band1", "topo", "bathymetry", "altitude")
COLOURS = {ColorInterp.palette, ColorInterp.red, ColorInterp.green, ColorInterp.blue}
LATITUDES = ("lat", "latitude", "y", "Y", "LAT", "Latitude", "nav_lat")
LONGITUDES = ("lon", "longitude", "x", "X", "LON", "Longitude", "nav_lon", "long")
ADVICE = "choose one: --seabed-variable"
# Units that a depth may be said to be in, and is not to be read in.
FOREIGN_UNITS = frozenset(
    ("ft", "foot", "feet", "us survey foot", "fathom", "fathoms", "fm", "km", "kilometer")
    + ("kilometers", "kilometre", "kilometres", "dm", "decimeter", "decimeters", "decimetre")
    + ("decimetres", "cm", "centimeter", "centimeters", "centimetre", "centimetres", "in", "inch")
)


def variable_name(address: str) -> str:
    """The name of a variable in what GDAL calls a subdataset.

    Examples
    --------
    >>> variable_name('netcdf:/home/me/gebco.nc:elevation')
    'elevation'
    """
    return address.rsplit(":", 1)[-1].strip('"').lstrip("/")


def open_raster(address: str | Path, driver: str) -> Any:
    """Open a raster with one driver and no other, without words about its coordinates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(address, driver=driver)


def allow_files(count: int) -> None:
    """Let the process open so many files more at a time: a netCDF-4 can name others.

    The library has no switch for this; where a system has no such limits, nothing is limited.
    """
    if resource is not None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        free = [os.dup(0) for _ in range(count + 1)]
        for number in free:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(free), most))


def open_grid(path: Path, driver: str, variable: str | None) -> tuple[Any, str]:
    """Return the grid of a file, opened, and what GDAL calls it.

    Raises
    ------
    SeabedError
        Where the file holds several and none is named.
    """
    if driver != "netCDF":
        return open_raster(path, driver), str(path)
    address = choose_variable(path, variable)
    source = open_raster(address, driver)
    allow_files(1)  # for coordinates, one after the other
    return source, address


def choose_variable(path: Path, variable: str | None) -> str:
    """Return the address of the variable of a netCDF that holds heights or depths.

    Raises
    ------
    SeabedError
        Where none or several may be meant.
    """
    if '"' in str(path):
        raise SeabedError(f"{path}: has a quotation mark in its name; rename it")
    allow_files(2)  # GDAL holds the file open while the library opens it
    try:
        with open_raster(path, "netCDF") as source:
            addresses = list(source.subdatasets)
            only = source.tags(1).get("NETCDF_VARNAME", "") if source.count else ""
    except RasterioError:
        allow_files(1)
        if _holds(path, "x_range"):
            raise SeabedError(
                f"{path}: is a grid of GMT 3 or 4, expected one with a coordinate for every row "
                f"and column; write it anew: gmt grdconvert {path.name} NEW.nc"
            ) from None
        raise
    allow_files(1)
    names = [variable_name(address) for address in addresses] or [only]
    return f'NETCDF:"{path}":{_choose(path, names, variable)}'


def _choose(path: Path, names: Sequence[str], variable: str | None) -> str:
    held = ", ".join(names[:12])
    if variable is not None:
        if variable.lstrip("/") in names:
            return variable.lstrip("/")
        raise SeabedError(f"{path}: has no grid {variable!r}, expected one of {held}")
    if len(names) == 1:
        return names[0]
    meant = [name for name in names if _standard_name(path, name) in STANDARD_NAMES]
    meant = meant or [name for name in names if name.rsplit("/")[-1].lower() in NAMES]
    if len(meant) == 1:
        return meant[0]
    raise SeabedError(f"{path}: holds the grids {held}; {ADVICE} NAME")


def _standard_name(path: Path, name: str) -> str:
    with open_raster(f'NETCDF:"{path}":{name}', "netCDF") as source:
        return str(source.tags(1).get("standard_name", "")) if source.count else ""


def _holds(path: Path, name: str) -> bool:
    with suppress(RasterioError), open_raster(f'NETCDF:"{path}":{name}', "netCDF"):
        return True
    return False


def choose_band(source: Any, path: Path, variable: str | None) -> int:
    """Return the number of the band that holds heights or depths.

    Raises
    ------
    SeabedError
        For pictures, and where one of several bands must be chosen.
    """
    if variable is not None and source.driver != "netCDF":
        return _band_number(source, path, variable)
    if COLOURS & set(source.colorinterp):
        raise SeabedError(
            f"{path}: is a picture: its values are colours, expected depths; give the grid "
            "behind it"
        )
    bands = [n for n in source.indexes if source.colorinterp[n - 1] != ColorInterp.alpha]
    named = [n for n in bands if source.tags(n).get("standard_name", "") in STANDARD_NAMES]
    if len(bands) != 1 and len(named) != 1:
        words = [f"{n} {source.descriptions[n - 1] or ''}".strip() for n in source.indexes[:12]]
        raise SeabedError(
            f"{path}: has {source.count} bands ({', '.join(words)}), expected one; "
            + (f"{ADVICE} NUMBER" if source.driver != "netCDF" else "write one layer by itself")
        )
    return int((named if len(named) == 1 else bands)[0])


def _band_number(source: Any, path: Path, variable: str) -> int:
    named = [n for n in source.indexes if variable in (str(n), source.descriptions[n - 1])]
    if len(named) != 1:
        raise SeabedError(
            f"{path}: has no band {variable!r}, expected a number from 1 to {source.count}"
        )
    return int(named[0])


def check_values(source: Any, band: int, path: Path) -> None:
    """Stop unless the values of a band can be depths.

    Raises
    ------
    SeabedError
        For bytes, and for complex numbers.
    """
    kind = source.dtypes[band - 1]
    if kind in ("uint8", "int8") or kind.startswith("complex"):
        raise SeabedError(
            f"{path}: its values are of the type {kind}, expected depths in whole or decimal "
            "numbers of 16 bits or more; give the grid that it was made from"
        )
    unit = (source.units[band - 1] or "").strip().lower()
    if unit in FOREIGN_UNITS:
        raise SeabedError(
            f"{path}: says that its unit is {unit!r}, expected metres; convert it to metres "
            "(gdal_calc.py), or mend what it says (gdal_edit.py -units m)"
        )


def find_axes(source: Any, address: str, path: Path) -> Axes:
    """Return where the cells of a raster lie.

    Raises
    ------
    SeabedError
        Where the file does not say so, or is rotated.
    """
    if source.driver != "netCDF":
        if source.transform.is_identity:
            raise _no_coordinates(path)
        return axes_of(source.transform, source.shape, path)
    group = address.rsplit(":", 1)[-1].rpartition("/")[0]
    lat = _coordinate(source, path, group, "north", LATITUDES)
    lon = _coordinate(source, path, group, "east", LONGITUDES)
    if lat is None or lon is None:
        raise _no_coordinates(path)
    if source.shape == (len(lat), len(lon)):
        return Axes(lon, lat)
    if source.shape == (len(lon), len(lat)):
        return Axes(lon, lat, transposed=True)
    raise SeabedError(
        f"{path}: has {source.height} by {source.width} cells, but {len(lat)} latitudes and "
        f"{len(lon)} longitudes; {ADVICE} NAME"
    )


def _no_coordinates(path: Path) -> SeabedError:
    return SeabedError(
        f"{path}: has no coordinates, expected longitude and latitude; give it them: "
        "gdal_translate -a_srs EPSG:4326 -a_ullr WEST NORTH EAST SOUTH"
    )


def _coordinate(
    source: Any, path: Path, group: str, towards: str, usual: Sequence[str]
) -> FloatArray | None:
    """The values of the variable that says where rows or columns lie."""
    unit = re.compile(rf"degrees?_?{towards[0]}({towards[1:]})?$", re.IGNORECASE)
    said = [key.split("#")[0] for key, value in source.tags().items() if unit.match(value)]
    for name in dict.fromkeys([*said, *(f"{group}/{n}".lstrip("/") for n in usual)]):
        with (
            suppress(RasterioError),
            open_raster(f'NETCDF:"{path}":{name}', "netCDF") as axis,
        ):
            if axis.height == 1 and axis.width in source.shape:
                return np.asarray(axis.read(1)[0], float)
    return None


def declared_sign(source: Any, band: int) -> str:
    """Which way the file says its values grow."""
    tags = {**source.tags(), **source.tags(band)}
    said = {str(k).lower().rsplit("#", 1)[-1]: str(v).lower() for k, v in tags.items()}
    if said.get("positive") in ("up", "down"):
        return said["positive"]
    for words in (said.get("standard_name", ""), said.get("long_name", "")):
        if "depth" in words:
            return "down"
        if any(word in words for word in ("height", "elevation", "altitude")):
            return "up"
    return "down"
