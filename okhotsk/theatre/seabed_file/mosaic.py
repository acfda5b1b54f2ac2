"""Mosaics: VRT files, which name other files. Read only where every part is a plain file beside."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from okhotsk.errors import SeabedError

MAX_BYTES = 10_000_000
PARTS_OF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"ncols", b"NCOLS")
# What may stand in a mosaic. All else can name files, addresses or programs.
ELEMENTS = {
    *("VRTDataset", "SRS", "GeoTransform", "Metadata", "MDI", "VRTRasterBand", "NoDataValue"),
    *("ColorInterp", "Description", "UnitType", "Offset", "Scale", "SimpleSource"),
    *("ComplexSource", "SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect"),
    *("NODATA", "ScaleOffset", "ScaleRatio", "BlockXSize", "BlockYSize", "HideNoDataValue"),
    *("Statistics", "UseMaskBand", "OverviewResampling"),
}


def check_mosaic(path: Path) -> str:
    """Return the driver of mosaics, where a file is one that opens nothing but parts beside it.

    Raises
    ------
    SeabedError
        Where the text is no mosaic, is not named so, or leads elsewhere.
    """
    if path.suffix.lower() != ".vrt":
        raise SeabedError(
            f"{path}: is a text that leads to other data, expected a GeoTIFF or NetCDF; give the "
            "data, or name a mosaic .vrt"
        )
    for element in _parse(path).iter():
        if element.tag not in ELEMENTS or "subClass" in element.attrib:
            what = element.get("subClass", element.tag)
            raise _elsewhere(path, f"holds {what[:40]!r}")
        if element.tag == "SourceFilename":
            _check_part(path, (element.text or "").strip(), element.get("relativeToVRT"))
    return "VRT"


def _parse(path: Path) -> ElementTree.Element:
    """The mosaic as a tree; without declarations, with which a short text grows without end."""
    if path.stat().st_size > MAX_BYTES:
        raise _elsewhere(path, f"is larger than {MAX_BYTES / 1e6:.0f} MB")
    text = path.read_bytes()
    if b"<!" in text:
        raise _elsewhere(path, "declares a document type")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise SeabedError(
            f"{path}: cannot be read as a raster (not well-formed XML: {error}); expected a "
            "GeoTIFF or NetCDF"
        ) from error
    if root.tag != "VRTDataset":
        raise _elsewhere(path, f"is a {root.tag[:40]}")
    return root


def _check_part(path: Path, name: str, relative: str | None) -> None:
    """Stop unless a part is a GeoTIFF or an ESRI grid beside the mosaic."""
    if relative != "1" or not name or set(name) & set("/\\:<>?*|\"'") or name in (".", ".."):
        raise _elsewhere(path, f"names {name[:80]!r}")
    part = path.parent / name
    if part.is_symlink() or not part.is_file():
        raise _elsewhere(path, f"names {name[:80]!r}, which is no plain file beside it")
    with part.open("rb") as source:
        head = source.read(4096)
    text = not head.startswith(PARTS_OF[:4])
    if not head.startswith(PARTS_OF) or (text and b"<" in head):
        raise _elsewhere(path, f"names {name[:80]!r}, which is no GeoTIFF and no ESRI grid")


def _elsewhere(path: Path, what: str) -> SeabedError:
    return SeabedError(
        f"{path}: {what}, expected a mosaic of GeoTIFFs beside it and nothing else; join them: "
        "gdal_translate IN.vrt OUT.tif"
    )
