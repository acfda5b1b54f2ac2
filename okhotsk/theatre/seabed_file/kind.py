"""The kind of a raster file, told by its first bytes, and what to do with kinds not read."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from okhotsk.errors import SeabedError
from okhotsk.theatre.seabed_file.mosaic import check_mosaic

EXPECTED = "expected a GeoTIFF or NetCDF"
HEAD_BYTES = 4096
OLD_GMT_HEADER_BYTES = 892
# GDAL tells the format of a file from its content: a name decides nothing here.
READ = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",
    b"MM\0+": "GTiff",
    b"CDF\1": "netCDF",
    b"CDF\2": "netCDF",
    b"\x89HDF\r\n\x1a\n": "netCDF",
}
UNPACK = "unpack it and give the file that it holds"
PICTURE = "expected depths: a picture has colours and no coordinates; give the grid behind it"
REFUSED = {
    b"CDF\5": f"is a NetCDF of 64-bit data, {EXPECTED}; write it anew: nccopy -k nc4 IN.nc OUT.nc",
    b"PK\3\4": f"is a zip archive, {EXPECTED}; {UNPACK}",
    b"\x1f\x8b": f"is packed by gzip, {EXPECTED}; {UNPACK}",
    b"BZh": f"is packed by bzip2, {EXPECTED}; {UNPACK}",
    b"\xfd7zXZ": f"is packed by xz, {EXPECTED}; {UNPACK}",
    b"7z\xbc\xaf": f"is a 7z archive, {EXPECTED}; {UNPACK}",
    b"\x89PNG": f"is a PNG picture, {PICTURE}",
    b"\xff\xd8\xff": f"is a JPEG picture, {PICTURE}",
    b"GIF8": f"is a GIF picture, {PICTURE}",
    b"%PDF": f"is a PDF, {PICTURE}",
}


def identify(path: Path) -> str:
    """Return the name of the GDAL driver that reads a file.

    Parameters
    ----------
    path
        A plain file; addresses and GDAL's connection strings are refused.

    Raises
    ------
    SeabedError
        Where it is no file, or of a kind that is not read.

    Examples
    --------
    >>> from okhotsk.datasets import data_folder
    >>> identify(data_folder() / "seabed.tif")
    'GTiff'
    """
    check_plain(path)
    try:
        with path.open("rb") as source:
            head = source.read(HEAD_BYTES)
    except OSError as error:
        raise _unreadable(path, error.strerror or "no file") from error
    for start, driver in READ.items():
        if head.startswith(start):
            return driver
    for start, said in REFUSED.items():
        if head.startswith(start):
            raise SeabedError(f"{path}: {said}")
    if _is_old_gmt(head, path.stat().st_size):
        raise SeabedError(
            f"{path}: is a binary grid of GMT 3 or 4, {EXPECTED}; write it anew: gmt grdconvert "
            f"{path.name}=bf NEW.nc"
        )
    return _identify_text(head, path)


def check_plain(path: Path) -> None:
    """Stop unless a path names a plain file of this computer."""
    text = str(path)
    try:
        if path.is_file():
            return
    except (OSError, ValueError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    if part := re.match(r"(?i)(netcdf|hdf5):\"?([^\":]+)\"?:([^:\\]+)$", text):
        raise SeabedError(
            f"{path}: names a variable in a file, expected the file: --seabed {part[2]} "
            f"--seabed-variable {part[3].strip('/')}"
        )
    if re.match(r"(?i)/vsi|[a-z][a-z0-9+.-]+:|<", text):
        raise SeabedError(
            f"{path}: is an address or a description, expected a file on this computer; fetch it "
            "first, and give the file"
        )
    why = "it is a folder" if path.is_dir() else "No such file or directory"
    raise _unreadable(path, "it is no plain file" if path.exists() and not path.is_dir() else why)


def _unreadable(path: Path, why: str) -> SeabedError:
    return SeabedError(f"{path}: cannot be read as a raster ({why}); {EXPECTED}")


def _identify_text(head: bytes, path: Path) -> str:
    """The driver of a text file: an ESRI grid, points, or a mosaic."""
    try:
        text = head.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        raise _unreadable(path, "its kind is unknown") from None
    if text.startswith("<"):
        return check_mosaic(path)
    # GDAL's other drivers look for marks of theirs anywhere in the first bytes.
    if re.match(r"(?i)(ncols|nrows|xll|yll|cellsize|dx)\b[\s=]*[-+\d]", text) and "<" not in text:
        return "AAIGrid"
    number = r"[-+]?\d[\d.]*(e[-+]?\d+)?"
    points = rf"(?i)(\"?(x|lon|longitude)\W[^\n]*\n)?\s*{number}[\s,;]+{number}[\s,;]+[-+.\d]|x y z"
    if re.match(points, text) and "<" not in text:
        return "XYZ"
    raise _unreadable(path, "its kind is unknown")


def _is_old_gmt(head: bytes, size: int) -> bool:
    """Whether the first bytes are the header of a native binary grid of GMT before version 5."""
    if len(head) < OLD_GMT_HEADER_BYTES:
        return False
    for order in "<>":
        cols, rows, registration = struct.unpack(f"{order}3i", head[:12])
        cells = cols * rows
        sizes = [OLD_GMT_HEADER_BYTES + cells * wide for wide in (1, 2, 4, 8)]
        if cols > 1 and rows > 1 and registration in (0, 1) and size in sizes:
            return True
    return False
