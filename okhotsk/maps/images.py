"""Raster pictures of the theatre in Web Mercator: the ground of the maps."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from okhotsk.colours import DEPTHS
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
    depths = [depth for depth, _ in DEPTHS]
    bands = [np.interp(warped, depths, [c[band] for _, c in DEPTHS]) for band in range(3)]
    return np.rint(np.stack(bands, axis=-1)).astype(np.uint8)


def depth_colour(depth_m: float) -> str:
    """CSS colour of a depth."""
    for (low, first), (high, second) in zip(DEPTHS, DEPTHS[1:], strict=False):
        if depth_m <= high:
            share = (depth_m - low) / (high - low)
            mix = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
            return "#" + "".join(f"{value:02x}" for value in mix)
    return "#" + "".join(f"{value:02x}" for value in DEPTHS[-1][1])


def data_uri(image: ByteImage | Image.Image) -> str:
    """A picture of few colours as a PNG in a data URI."""
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    return "data:image/png;base64," + base64.b64encode(png_bytes(picture)).decode()


def png_bytes(picture: Image.Image) -> bytes:
    """A picture of few colours as a PNG."""
    sink = io.BytesIO()
    few_colours(picture).save(sink, "PNG", optimize=True)
    return sink.getvalue()


def few_colours(picture: Image.Image) -> Image.Image:
    """A picture in 256 colours."""
    # Maximum coverage keeps rare colours, such as a thin line's; median cut drowns them.
    return picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def outline_px(
    shape: Any, bounds: tuple[float, float, float, float], width: int
) -> list[list[list[float]]]:
    """Outer rings of a shape in pixels of a Web Mercator picture, simplified to a pixel or so."""
    inside = shapely.intersection(shape.simplify(0.01), shapely.box(*bounds).buffer(1))
    return [
        mercator(np.array(part.exterior.coords), bounds, width).tolist()
        for part in shapely.get_parts(shapely.get_parts(inside))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
