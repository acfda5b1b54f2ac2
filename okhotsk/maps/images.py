"""Raster pictures of the theatre in Web Mercator: the ground of the maps, and thumbnails."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from okhotsk import style
from okhotsk.raster.grid import Grid

SHOWN = (135.0, 41.2, 165.0, 63.0)  # west, south, east, north of the maps
THUMBNAIL = (140.5, 42.8, 158.5, 53.2)
WIDTH_PX = 1000

ByteImage = NDArray[np.uint8]


def mercator(lonlat: NDArray[np.float64], bounds: tuple[float, ...], width: int) -> Any:
    """Pixel positions (x, y) of points in a Web Mercator picture of some bounds."""
    west, south, east, north = bounds
    scale = width / np.radians(east - west)
    x = (np.radians(lonlat[:, 0]) - np.radians(west)) * scale
    y = (_stretch(north) - _stretch(lonlat[:, 1])) * scale
    return np.column_stack([x, y])


def _stretch(lat: Any) -> Any:
    return np.arcsinh(np.tan(np.radians(lat)))


def pixel_size(bounds: tuple[float, ...], width: int) -> tuple[int, int]:
    """Width and height of a Web Mercator picture of some bounds."""
    _, y = mercator(np.array([[bounds[0], bounds[1]]]), bounds, width)[0]
    return width, round(float(y))


def seabed_image(
    depth_m: NDArray[np.float32], grid: Grid, bounds: tuple[float, ...], width: int
) -> ByteImage:
    """Depths in colour, warped to Web Mercator; shape (height, width, 3)."""
    size = pixel_size(bounds, width)
    warped = np.zeros(size[::-1], np.float32)
    edges = transform_bounds("EPSG:4326", "EPSG:3857", *bounds)
    reproject(
        depth_m,
        warped,
        src_transform=grid.transform,
        src_crs="EPSG:4326",
        dst_transform=from_bounds(*edges, *size),
        dst_crs="EPSG:3857",
        resampling=Resampling.bilinear,
    )
    depths = [depth for depth, _ in style.DEPTHS]
    bands = [np.interp(warped, depths, [c[band] for _, c in style.DEPTHS]) for band in range(3)]
    return np.rint(np.stack(bands, axis=-1)).astype(np.uint8)


def data_uri(image: ByteImage | Image.Image) -> str:
    """A picture of few colours as a PNG in a data URI."""
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    sink = io.BytesIO()
    # Maximum coverage keeps rare colours, such as a thin line's; median cut drowns them.
    few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(sink, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(sink.getvalue()).decode()


def thumbnail(result: Any, *, width: int = 420) -> Image.Image:
    """A small picture of an option: zones of Japan, who holds the land, straits, seal line."""
    scale = 3  # drawn large and shrunk, for smooth edges
    theatre, wide = result.theatre, width * scale
    ground = seabed_image(theatre.seabed.depth_m, theatre.grid, THUMBNAIL, wide)
    picture = Image.fromarray(ground)
    brush = ImageDraw.Draw(picture, "RGBA")
    zones = result.zones.set_index("zone").geometry
    for zone, alpha in (("jp-eez", 50), ("jp-territorial-sea", 130)):
        _fill(brush, zones[zone], _rgba(style.JAPAN, alpha), wide)
    for row in result.land.itertuples():
        colour = style.CEDED[row.forces] if row.ceded else style.LAND
        _fill(brush, row.geometry, _rgba(colour, 255), wide, edge=style.COAST)
    kept = result.land[result.land.ceded & (result.land.forces == "RU")]
    _stripe(picture, kept.geometry, wide, step=6 * scale)
    for line in result.barrier.line.geoms:
        path = [tuple(p) for p in mercator(np.array(line.coords), THUMBNAIL, wide)]
        brush.line(path, fill=style.SEAL, width=3 * scale, joint="curve")
    return picture.resize(pixel_size(THUMBNAIL, width), Image.Resampling.LANCZOS)


def _stripe(picture: Image.Image, shapes: Iterable[Any], width: int, *, step: int) -> None:
    """White stripes across shapes, so that they differ in grey too."""
    mask = Image.new("L", picture.size)
    brush = ImageDraw.Draw(mask)
    for shape in shapes:
        _fill(brush, shape, (255,), width)
    across = np.add.outer(np.arange(mask.height), np.arange(mask.width)) % step < step / 3
    picture.paste("white", mask=Image.fromarray(np.where(across, np.asarray(mask), np.uint8(0))))


def _rgba(colour: str, alpha: int) -> tuple[int, ...]:
    return (*(int(colour[n : n + 2], 16) for n in (1, 3, 5)), alpha)


def _fill(
    brush: ImageDraw.ImageDraw, shape: Any, colour: tuple[int, ...], width: int, edge: str = ""
) -> None:
    inside = shapely.intersection(shape.simplify(0.01), shapely.box(*THUMBNAIL).buffer(1))
    for part in shapely.get_parts(shapely.get_parts(inside)):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        ring = [tuple(p) for p in mercator(np.array(part.exterior.coords), THUMBNAIL, width)]
        brush.polygon(ring, fill=colour, outline=edge or None)
