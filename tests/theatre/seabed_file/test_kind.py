"""Files of kinds that are not read: one sentence says what to do."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from seabeds import refused

Write = Callable[..., Path]


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.tif", "cannot be read", "No such file", "GeoTIFF or NetCDF")


def test_folder(tmp_path: Path) -> None:
    refused(tmp_path, "cannot be read", "GeoTIFF or NetCDF")


def test_text_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.tif"
    path.write_text("depths follow\n")
    refused(path, "cannot be read", "GeoTIFF or NetCDF")


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.nc"
    path.touch()
    refused(path, "cannot be read", "GeoTIFF or NetCDF")


def test_picture_without_coordinates(tmp_path: Path) -> None:
    import PIL.Image

    path = tmp_path / "picture.png"
    PIL.Image.fromarray(np.full((240, 330), 7, np.uint8)).save(path)
    refused(path, "PNG picture", "coordinates", "give the grid behind it")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\3\4", "zip archive.*unpack it"),
        (b"\x1f\x8b\x08", "packed by gzip.*unpack it"),
        (b"BZh9", "packed by bzip2"),
        (b"\xfd7zXZ\0", "packed by xz"),
        (b"\xff\xd8\xff\xe0", "JPEG picture"),
        (b"%PDF-1.7", "PDF"),
        (b"CDF\5\0\0", "64-bit data.*nccopy"),
        (b"DSBB\0\0", "kind is unknown"),
        (b'{"type": "StacCollection"}', "kind is unknown"),
        (b"<WMS_Service></WMS_Service>", "leads to other data"),
        (b"  \xef\xbb\xbf<VRTDataset>", "kind is unknown|leads to other data"),
        (b"<GDALTileIndexDataset>", "leads to other data"),
        (b"ncols 5 <VRTDataset>", "kind is unknown"),
        (b"1 2 3 <VRTDataset>", "kind is unknown"),
    ],
)
def test_kinds_that_are_not_read(tmp_path: Path, start: bytes, said: str) -> None:
    path = tmp_path / "bed.tif"
    path.write_bytes(start + bytes(100) if b"<" not in start else start)
    refused(path, said)


def test_binary_grid_of_old_gmt(tmp_path: Path) -> None:
    path = tmp_path / "bed.grd"
    header = struct.pack("<3i", 33, 24, 1) + bytes(880)
    path.write_bytes(header + bytes(4 * 33 * 24))
    refused(path, "GMT 3 or 4", "gmt grdconvert bed.grd=bf")
    path.write_bytes(header + bytes(17))
    refused(path, "kind is unknown")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/vsicurl/http://127.0.0.1:9/x.tif", "is an address"),
        ("/vsizip/x.zip/x.tif", "is an address"),
        ("http://127.0.0.1:9/x.tif", "is an address"),
        ("WMS:http://127.0.0.1:9", "is an address"),
        ("<VRTDataset/>", "is an address or a description"),
        ("NETCDF:gebco.nc:elevation", "--seabed gebco.nc --seabed-variable elevation"),
        ('NETCDF:"gebco.nc":/group/z', "--seabed gebco.nc --seabed-variable group/z"),
        ("HDF5:gebco.h5://z", "--seabed gebco.h5 --seabed-variable z"),
        ("/dev/zero", "no plain file"),
    ],
)
def test_what_gdal_would_take_for_more_than_a_file(words: str, said: str) -> None:
    refused(Path(words), said)
