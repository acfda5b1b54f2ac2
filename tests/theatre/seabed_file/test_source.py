"""Depths do not depend on how a file lays them out; straits neither."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine
from seabeds import ROUND, write_netcdf, write_tif

from okhotsk.theatre.bathymetry import Seabed, read_seabed
from okhotsk.theatre.coast import read_coast
from okhotsk.theatre.straits import read_straits
from okhotsk.theatre.throat_search import find_throat

STEP = 0.25


@pytest.fixture(scope="module")
def whole(depths: np.ndarray) -> np.ndarray:
    """Whole metres on cells of 15 minutes."""
    rows, cols = ((np.arange(n) * 2.5).astype(int) for n in (96, 132))
    return np.round(depths[np.ix_(rows, cols)]).astype(np.int16)


@pytest.fixture(scope="module")
def plain(whole: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Seabed:
    """What a plain file of them gives."""
    return read_seabed(write_tif(tmp_path_factory.mktemp("plain") / "bed.tif", whole))


layouts = st.fixed_dictionaries(
    {
        "form": st.sampled_from(["tif", "nc", "nc4", "asc", "xyz"]),
        "up": st.booleans(),
        "south_first": st.booleans(),
        "transposed": st.booleans(),
        "tiled": st.booleans(),
        "scale": st.sampled_from([1, 0.5, 2]),
        "turn": st.sampled_from([-360, 0]),
        "kind": st.sampled_from(["i2", "i4", "f4", "f8"]),
    }
)


@given(layout=layouts)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_depths_do_not_depend_on_the_layout(
    layout: dict[str, Any], whole: np.ndarray, plain: Seabed, tmp_path: Path
) -> None:
    path = lay_out(tmp_path, whole, **layout)
    seabed = read_seabed(path, positive="up" if layout["up"] else "down")
    step = 1 if layout["scale"] == 2 and layout["form"] in ("tif", "nc", "nc4") else 0
    assert np.abs(seabed.depth_m - plain.depth_m).max() <= step + 0.01
    assert seabed.native_km == pytest.approx(plain.native_km)


def lay_out(folder: Path, whole: np.ndarray, **layout: Any) -> Path:
    """Write depths in one of many ways that lose nothing (but a metre to a scale of 2)."""
    values = -whole if layout["up"] else whole
    if layout["form"] in ("asc", "xyz"):
        return write_text(folder / f"bed.{layout['form']}", values, layout)
    stored = np.round(values / layout["scale"]).astype(layout["kind"])
    west = ROUND[0] + layout["turn"]
    if layout["form"] == "nc":
        lat = ROUND[3] - (np.arange(96) + 0.5) * STEP
        order = np.s_[::-1] if layout["south_first"] else np.s_[:]
        stored, lon = stored[order], west + (np.arange(132) + 0.5) * STEP
        axes = ("lon", "lat") if layout["transposed"] else ("lat", "lon")
        stored = np.ascontiguousarray(stored.T) if layout["transposed"] else stored
        attributes = {"scale_factor": float(layout["scale"]), "add_offset": 0.0}
        return write_netcdf(folder / "bed.nc", stored, lat[order], lon, axes=axes, **attributes)
    frame = Affine(STEP, 0, west, 0, -STEP, ROUND[3])
    if layout["south_first"]:
        stored, frame = stored[::-1], Affine(STEP, 0, west, 0, STEP, ROUND[1])
    tiles = {"tiled": True, "blockxsize": 32, "blockysize": 16} if layout["tiled"] else {}
    path = write_tif(folder / "bed.tif", stored, transform=frame, **tiles)
    with rasterio.open(path, "r+") as sink:
        sink.scales = (layout["scale"],)
    if layout["form"] == "tif":
        return path
    rasterio.shutil.copy(path, folder / "four.nc", driver="netCDF", FORMAT="NC4")
    return folder / "four.nc"


def write_text(path: Path, values: np.ndarray, layout: dict[str, Any]) -> Path:
    """Write depths as an ESRI grid or as points."""
    west = ROUND[0] + layout["turn"]
    if path.suffix == ".asc":
        head = f"ncols 132\nnrows 96\nxllcorner {west}\nyllcorner {ROUND[1]}\ncellsize {STEP}\n"
        path.write_text(head + "\n".join(" ".join(map(str, row)) for row in values) + "\n")
        return path
    rows = range(95, -1, -1) if layout["south_first"] else range(96)
    path.write_text(
        "".join(
            f"{west + (col + 0.5) * STEP} {ROUND[3] - (row + 0.5) * STEP} {values[row, col]}\n"
            for row in rows
            for col in range(132)
        )
    )
    return path


@pytest.mark.parametrize("form", ["nc", "tif"])
def test_straits_do_not_depend_on_the_layout(shipped: Seabed, tmp_path: Path, form: str) -> None:
    up = -np.round(shipped.depth_m).astype(np.int16)
    grid, lands = shipped.grid, read_coast()
    if form == "nc":
        turned = np.ascontiguousarray(up[::-1].T)
        path = write_netcdf(
            tmp_path / "bed.nc", turned, grid.lat[::-1], grid.lon - 360, axes=("lon", "lat")
        )
    else:
        path = write_tif(tmp_path / "bed.tif", up, bounds=grid.bounds, tiled=True, compress="lzw")
    seabed = read_seabed(path, positive="up")
    for strait in read_straits():
        if strait.strait_id in ("bussol", "friza"):
            ours, theirs = (find_throat(strait, lands, bed) for bed in (seabed, shipped))
            assert ours.throat_area_km2 == pytest.approx(theirs.throat_area_km2, rel=1e-3)


def test_earth_on_nodes_from_0_to_360(shipped: Seabed, tmp_path: Path) -> None:
    lat, lon = np.arange(90, -90.01, -0.25), np.arange(0, 360.01, 0.25)
    grid = shipped.grid
    inside = np.ix_((lat <= 64) & (lat >= 41), (lon >= 134) & (lon <= 166))
    earth = np.full((len(lat), len(lon)), -200, np.int16)
    rows = [grid.index(150, place)[0] for place in lat[inside[0].ravel()]]
    cols = [grid.index(place, 50)[1] for place in lon[inside[1].ravel()]]
    earth[inside] = shipped.depth_m[np.ix_(rows, cols)]
    bounds = (-0.125, -90.125, 360.125, 90.125)
    seabed = read_seabed(write_tif(tmp_path / "earth.tif", earth, bounds=bounds))
    sea = shipped.depth_m > 0
    assert np.corrcoef(seabed.depth_m[sea], shipped.depth_m[sea])[0, 1] > 0.98
