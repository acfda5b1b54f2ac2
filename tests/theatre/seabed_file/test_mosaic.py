"""Mosaics are read where every part lies beside them, and lead nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from seabeds import refused, write_tif

from okhotsk.theatre.bathymetry import read_seabed

PART = (
    '<SimpleSource><SourceFilename relativeToVRT="{relative}">{name}</SourceFilename>'
    '<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="165" ySize="240"/>'
    '<DstRect xOff="{left}" yOff="0" xSize="165" ySize="240"/></SimpleSource>'
)
MOSAIC = (
    '<VRTDataset rasterXSize="330" rasterYSize="240"{attributes}><SRS>EPSG:4326</SRS>'
    "<GeoTransform>133.5,0.1,0,64.5,0,-0.1</GeoTransform>{more}"
    '<VRTRasterBand dataType="Float32" band="1">{parts}</VRTRasterBand></VRTDataset>'
)


@pytest.fixture
def folder(tmp_path: Path, depths: np.ndarray) -> Path:
    """Two halves of a seabed."""
    write_tif(tmp_path / "west.tif", depths[:, :165], bounds=(133.5, 40.5, 150, 64.5))
    write_tif(tmp_path / "east.tif", depths[:, 165:], bounds=(150, 40.5, 166.5, 64.5))
    return tmp_path


def mosaic(
    path: Path, *names: str, relative: int = 1, more: str = "", attributes: str = ""
) -> Path:
    """A mosaic of parts beside each other."""
    parts = [
        PART.format(relative=relative, name=name, left=165 * number)
        for number, name in enumerate(names)
    ]
    path.write_text(MOSAIC.format(parts="".join(parts), more=more, attributes=attributes))
    return path


def test_mosaic_of_parts_beside_it(
    folder: Path, write: Callable[..., Path], depths: np.ndarray
) -> None:
    seabed = read_seabed(mosaic(folder / "bed.vrt", "west.tif", "east.tif"))
    assert np.array_equal(seabed.depth_m, read_seabed(write(depths)).depth_m)


@pytest.mark.parametrize(
    "name",
    [
        *("../west.tif", "/etc/passwd", "/vsicurl/http://127.0.0.1:9/x.tif", "http://a/b.tif"),
        *("NETCDF:west.nc:z", "C:\\west.tif", "none.tif", ".", "", "nested.vrt", "link.tif"),
        *("words.tif", "guise.asc"),
    ],
)
def test_mosaic_that_leads_elsewhere(folder: Path, name: str) -> None:
    mosaic(folder / "nested.vrt", "west.tif", "east.tif")
    (folder / "link.tif").symlink_to(folder / "west.tif")
    (folder / "words.tif").write_text("<VRTDataset/>")
    (folder / "guise.asc").write_text("ncols 5 <VRTDataset/>")
    refused(mosaic(folder / "bed.vrt", name), "names", "GeoTIFFs beside it and nothing else")


@pytest.mark.parametrize(
    ("more", "attributes", "said"),
    [
        ("<Overview><SourceFilename>west.tif</SourceFilename></Overview>", "", "'Overview'"),
        ("<PixelFunctionCode>import os</PixelFunctionCode>", "", "'PixelFunctionCode'"),
        ("<MaskBand/>", "", "'MaskBand'"),
        ("<GDALWarpOptions/>", "", "'GDALWarpOptions'"),
        ("", ' subClass="VRTWarpedDataset"', "'VRTWarpedDataset'"),
        ("<OpenOptions/>", "", "'OpenOptions'"),
    ],
)
def test_mosaic_that_does_more_than_join(
    folder: Path, more: str, attributes: str, said: str
) -> None:
    path = mosaic(folder / "bed.vrt", "west.tif", more=more, attributes=attributes)
    refused(path, f"holds {said}")


def test_mosaic_in_other_guises(folder: Path) -> None:
    refused(mosaic(folder / "bed.tif", "west.tif"), "leads to other data")
    refused(mosaic(folder / "abs.vrt", str(folder / "west.tif"), relative=0), "names")
    refused(mosaic(folder / "rel.vrt", "west.tif", relative=0), "names 'west.tif'")
    bomb = folder / "bomb.vrt"
    bomb.write_text('<!DOCTYPE a [<!ENTITY b "c">]><VRTDataset>&b;</VRTDataset>')
    refused(bomb, "leads to other data|declares a document type")
    bomb.write_text("<VRTDataset>")
    refused(bomb, "not well-formed")
    bomb.write_text("<GDALTileIndexDataset/>")
    refused(bomb, "is a GDALTileIndexDataset")
