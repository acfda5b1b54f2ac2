"""Write a seabed of 15 arc-seconds in the form in which GEBCO publishes its grid.

GEBCO's own grid is not shipped. This file has its form (variables, attributes, type, cells, order
of rows), so that reading one can be tried and timed. Its depths are those of the shipped seabed,
interpolated: it is no finer than that.

    python docs/seabeds.py gebco-form.nc
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.io import netcdf_file
from scipy.ndimage import map_coordinates

from okhotsk.theatre.bathymetry import WINDOW, read_seabed

PER_DEG = 240  # cells of 15 arc-seconds
LAND_M = 10  # one height for all land, which GEBCO has too
# Names and attributes as gdalinfo shows them for GEBCO_2019.nc in
# https://github.com/r-gris/trimesh, data-raw/gebco-data.R.
AXES = {
    "lat": {
        "standard_name": "latitude",
        "long_name": "latitude",
        "units": "degrees_north",
        "axis": "Y",
        "sdn_parameter_name": "Latitude north",
    },
    "lon": {
        "standard_name": "longitude",
        "long_name": "longitude",
        "units": "degrees_east",
        "axis": "X",
        "sdn_parameter_name": "Longitude east",
    },
}
BAND = {
    "standard_name": "height_above_reference_ellipsoid",
    "long_name": "Elevation relative to sea level",
    "units": "m",
    "sdn_parameter_name": "Sea floor height (above mean sea level) {bathymetric height}",
    "sdn_uom_name": "Metres",
}


def write_form(path: Path, *, per_deg: int = PER_DEG) -> None:
    """Write the shipped seabed, interpolated to some cells a degree, in GEBCO's form."""
    west, south, east, north = WINDOW
    depth_m = read_seabed().depth_m
    lat = south + (np.arange(round((north - south) * per_deg)) + 0.5) / per_deg
    lon = west + (np.arange(round((east - west) * per_deg)) + 0.5) / per_deg
    rows = (north - lat) * depth_m.shape[0] / (north - south) - 0.5
    cols = (lon - west) * depth_m.shape[1] / (east - west) - 0.5
    with netcdf_file(path, "w") as sink:
        sink.Conventions = "CF-1.6"
        sink.title = "The shipped seabed of okhotsk in the form of a GEBCO grid"
        sink.node_offset = 1
        for name, values in (("lat", lat), ("lon", lon)):
            sink.createDimension(name, len(values))
            axis = sink.createVariable(name, "f8", (name,))
            axis[:] = values
            describe(axis, AXES[name])
        band = sink.createVariable("elevation", "i2", ("lat", "lon"))
        describe(band, BAND)
        for number, row in enumerate(rows):  # from south to north, row by row to need little memory
            depth = map_coordinates(
                depth_m, (np.full(len(cols), row), cols), order=1, mode="nearest"
            )
            band[number] = np.where(depth > 0, -np.round(depth), LAND_M).astype("i2")


def describe(variable: object, attributes: dict[str, str]) -> None:
    """Give a variable its attributes."""
    for name, text in attributes.items():
        setattr(variable, name, text)


if __name__ == "__main__":
    write_form(Path(sys.argv[1]))
