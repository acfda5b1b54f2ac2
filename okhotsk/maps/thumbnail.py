"""A small picture of a scenario, for the index page and the cards of notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.ops import substring

from okhotsk.assessment.record import Result
from okhotsk.colours import COAST
from okhotsk.maps.base_map import DRAWN_PX, BaseMap, find_base_map
from okhotsk.maps.images import THUMBNAIL, mercator, outline_px, pixel_size
from okhotsk.style import LOOKS, land_status

WIDTH_PX = 420
SCALE = DRAWN_PX // WIDTH_PX
# Zones that are shown, and how opaque, of 255: more than on a map, which is larger.
ZONES: Mapping[str, int] = MappingProxyType({"jp-eez": 50, "jp-territorial-sea": 130})

Rings = Iterable[Iterable[Iterable[float]]]


def thumbnail(
    result: Result, *, base: BaseMap | None = None, width_px: int = WIDTH_PX
) -> Image.Image:
    """Return a small picture of a scenario: zones of Japan, who holds the land, the seal line.

    Parameters
    ----------
    result
        The assessment.
    base
        What the pictures of a theatre share, where it is at hand.
    width_px
        Its width.
    """
    picture = draw_ground(result, base or find_base_map(result.theatre))
    draw_line(picture, result, LOOKS["seal_lines"].of("seal").colour)
    return picture.resize(pixel_size(THUMBNAIL, width_px), Image.Resampling.LANCZOS)


def draw_ground(result: Result, base: BaseMap) -> Image.Image:
    """Seabed, zones and land of a scenario, large."""
    picture = Image.fromarray(base.small_seabed)
    brush = ImageDraw.Draw(picture, "RGBA")
    zones = result.zones.set_index("zone").geometry
    for zone, alpha in ZONES.items():
        colour = _rgba(LOOKS["zones"].of(zone).colour, alpha)
        _fill(brush, base.once(outline, zones[zone]), colour)
    land = [(row, _land(row, base)) for row in result.land.itertuples()]
    for row, rings in land:
        look = LOOKS["land"].of(land_status(row.forces, row.sovereign, row.ceded))
        _fill(brush, rings, _rgba(str(look.fill), 255), edge=COAST)
    _stripe(picture, [rings for row, rings in land if row.ceded and row.forces == "RU"])
    return picture


def draw_line(picture: Image.Image, result: Result, colour: str, *, dash: int = 0) -> None:
    """The shortest seal line, dashed where ``dash`` is a length in pixels."""
    brush = ImageDraw.Draw(picture)
    for line in result.barrier.lines["barrier_km"].geoms:
        points = mercator(np.array(line.coords), THUMBNAIL, DRAWN_PX)
        for path in _dashes(points, dash) if dash else [points]:
            brush.line([tuple(p) for p in path], fill=colour, width=3 * SCALE, joint="curve")


def _dashes(points: Any, length: int) -> Iterable[Any]:
    """Every other stretch of a path, each of some length or what is left."""
    path = shapely.LineString(points)
    for start in np.arange(0, path.length, 2 * length):
        yield np.array(substring(path, start, min(start + length, path.length)).coords)


def outline(shape: Any) -> list[list[list[float]]]:
    """Return the rings of a shape in pixels of the large picture."""
    return outline_px(shape, THUMBNAIL, DRAWN_PX)


def _land(row: Any, base: BaseMap) -> list[list[list[float]]]:
    whole = row.part_id == row.unit_id
    return base.small_land[row.unit_id] if whole else base.once(outline, row.geometry)


def _stripe(picture: Image.Image, shapes: Iterable[Rings], *, step: int = 6 * SCALE) -> None:
    """White stripes across shapes, so that they differ in grey too."""
    mask = Image.new("L", picture.size)
    brush = ImageDraw.Draw(mask)
    for rings in shapes:
        _fill(brush, rings, (255,))
    if mask.getbbox() is None:
        return
    across = np.add.outer(np.arange(mask.height), np.arange(mask.width)) % step < step / 3
    picture.paste("white", mask=Image.fromarray(np.where(across, np.asarray(mask), np.uint8(0))))


def _rgba(colour: str, alpha: int) -> tuple[int, ...]:
    return (*bytes.fromhex(colour.removeprefix("#")), alpha)


def _fill(
    brush: ImageDraw.ImageDraw, rings: Rings, colour: tuple[int, ...], edge: str | None = None
) -> None:
    for ring in rings:
        brush.polygon([tuple(point) for point in ring], fill=colour, outline=edge)
