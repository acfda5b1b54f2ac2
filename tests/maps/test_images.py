"""Pictures: every pixel where the map puts it, colours that follow the depth."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from okhotsk import colours
from okhotsk.maps import images
from okhotsk.raster.grid import Grid
from okhotsk.theatre.model import Theatre

WEST, SOUTH, EAST, NORTH = images.SHOWN


def seabed(theatre: Theatre, width: int = images.WIDTH_PX) -> np.ndarray:
    return images.seabed_image(theatre.seabed.depth_m, theatre.grid, images.SHOWN, width)


def pixel(lon: float, lat: float, shape: tuple[int, ...]) -> tuple[float, float]:
    """Column and row (fractions) of a place, as Leaflet stretches an image over its corners."""
    to_plane = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    x0, y0 = to_plane.transform(WEST, SOUTH)
    x1, y1 = to_plane.transform(EAST, NORTH)
    x, y = to_plane.transform(lon, lat)
    return (x - x0) / (x1 - x0) * shape[1], (y1 - y) / (y1 - y0) * shape[0]


def depth_of(colour: np.ndarray) -> np.ndarray:
    """Depth of a colour of the palette, by its red."""
    depths = [depth for depth, _ in colours.DEPTHS]
    reds = [rgb[0] for _, rgb in colours.DEPTHS]
    return np.interp(-colour[..., 0].astype(float), [-red for red in reds], depths)


@pytest.mark.parametrize(
    ("lon", "lat"), [(135.0, 63.0), (165.0, 41.2), (150.0, 50.5), (142.0, 45.7), (158.0, 60.0)]
)
def test_mercator_agrees_with_proj(lon, lat):
    width = 1000
    (x, y), *_ = images.mercator(np.array([[lon, lat]]), images.SHOWN, width)
    height = images.mercator(np.array([[WEST, SOUTH]]), images.SHOWN, width)[0, 1]
    assert (x, y) == pytest.approx(pixel(lon, lat, (height, width)), abs=1e-6)


def test_the_picture_has_the_shape_of_its_bounds(theatre):
    image = seabed(theatre, 300)
    height = images.mercator(np.array([[WEST, SOUTH]]), images.SHOWN, 300)[0, 1]
    assert image.shape == (round(height), 300, 3)
    assert abs(image.shape[0] - height) <= 0.5


@pytest.mark.parametrize(
    ("lon", "lat"), [(136.5, 42.0), (163.9, 42.1), (136.4, 62.0), (149.97, 50.52), (158.3, 59.6)]
)
def test_a_spike_of_depth_lands_on_its_own_pixel(lon, lat):
    grid = Grid((134.0, 41.0, 166.0, 64.0), (23 * 60, 32 * 60))
    depth_m = np.zeros(grid.shape, np.float32)
    row, col = grid.index(lon, lat)
    depth_m[row, col] = 6000
    image = images.seabed_image(depth_m, grid, images.SHOWN, 2000)
    found = np.unravel_index(image[..., 0].argmin(), image.shape[:2])
    x, y = pixel(grid.lon[col], grid.lat[row], image.shape)
    assert abs(found[1] + 0.5 - x) <= 1
    assert abs(found[0] + 0.5 - y) <= 1


def test_the_picture_shows_the_depths_of_the_grid(theatre):
    """At the deepest cell, in the basin, on the shelf: the depth a reader takes off the colour."""
    image, grid = seabed(theatre), theatre.grid
    rng = np.random.default_rng(1)
    inside = (grid.lat[:, None] > SOUTH + 0.2) & (grid.lat[:, None] < NORTH - 0.2)
    inside = inside & (grid.lon > WEST + 0.2) & (grid.lon < EAST - 0.2)
    wet = np.flatnonzero((theatre.seabed.depth_m > 0) & inside)
    deepest = np.where(inside, theatre.seabed.depth_m, 0).argmax()
    for cell in [deepest, *rng.choice(wet, 400, replace=False)]:
        row, col = divmod(int(cell), grid.shape[1])
        x, y = pixel(grid.lon[col], grid.lat[row], image.shape)
        around = theatre.seabed.depth_m[row - 2 : row + 3, col - 2 : col + 3]
        shown = depth_of(image[int(y), int(x)])
        low, high = min(around.min(), 6000), min(around.max(), 6000)
        assert low - 60 <= shown <= high + 60, (grid.lon[col], grid.lat[row])


def test_land_is_not_coloured_as_deep(theatre):
    image = seabed(theatre)
    for lon, lat in ((143.0, 43.3), (159.0, 55.5), (142.8, 51.5), (136.0, 55.0), (148.0, 45.1)):
        x, y = pixel(lon, lat, image.shape)
        assert depth_of(image[int(y), int(x)]) < 60, (lon, lat)


def test_steep_shores_lie_within_a_pixel(theatre):
    """Where land meets deep water, the colour changes at the pixel of the shore."""
    image, grid = seabed(theatre), theatre.grid
    depth_m = theatre.seabed.depth_m
    runs = np.lib.stride_tricks.sliding_window_view(depth_m, (3, 8))
    steep = (runs[..., :4] == 0).all(axis=(2, 3)) & (runs[..., 4:] > 60).all(axis=(2, 3))
    rows, cols = np.nonzero(steep)
    assert len(rows) > 5
    for row, col in zip(rows + 1, cols + 3, strict=True):
        lon, lat = (grid.lon[col] + grid.lon[col + 1]) / 2, grid.lat[row]
        if not (WEST + 1 < lon < EAST - 1 and SOUTH + 1 < lat < NORTH - 1):
            continue
        x, y = pixel(lon, lat, image.shape)
        shown = depth_of(image[int(y)])
        middle = depth_m[row, col + 1 : col + 4].max() / 2
        assert shown[round(x - 0.5) - 2] < middle < shown[round(x - 0.5) + 2] + 40, (lon, lat)


def test_colours_darken_with_depth():
    depths = np.arange(0, 7000, 25)
    colours = [images.depth_colour(float(depth)) for depth in depths]
    reds = np.array([[int(c[n : n + 2], 16) for n in (1, 3, 5)] for c in colours])
    assert (np.diff(reds, axis=0) <= 0).all()
    assert (np.diff(reds[depths <= 6000].sum(axis=1))[::8] <= 0).all()
    grid = Grid((134.0, 41.0, 166.0, 64.0), (23 * 2, 32 * 2))
    ramp = np.broadcast_to(np.linspace(0, 6000, grid.shape[1], dtype=np.float32), grid.shape).copy()
    shown = images.seabed_image(ramp, grid, images.SHOWN, 400)[100].astype(int)
    assert (np.diff(shown, axis=0) <= 0).all()


def test_the_png_keeps_the_colours(theatre):
    image = seabed(theatre)
    uri = images.data_uri(image)
    assert uri.startswith("data:image/png;base64,")
    read = np.asarray(
        Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB")
    )
    assert read.shape == image.shape
    assert np.abs(read.astype(int) - image).max() <= 8
    assert uri == images.data_uri(image)
