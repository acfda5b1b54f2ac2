"""A small picture of a scenario, for the index page and the cards of notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

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


def thumbnail(result: Result, *, base: BaseMap | None = None) -> Image.Image:
    """Return a small picture of a scenario: zones of Japan, who holds the land, the seal line.

    Parameters
    ----------
    result
        The assessment.
    base
        What the pictures of a theatre share, where it is at hand.
    """
    base = base or find_base_map(result.theatre)
    picture = Image.fromarray(base.small_seabed)
    brush = ImageDraw.Draw(picture, "RGBA")
    zones = result.zones.set_index("zone").geometry
    for zone, alpha in ZONES.items():
        colour = _rgba(LOOKS["zones"].of(zone).colour, alpha)
        _fill(brush, base.once(_outline, zones[zone]), colour)
    land = [(row, _land(row, base)) for row in result.land.itertuples()]
    for row, rings in land:
        look = LOOKS["land"].of(land_status(row.forces, row.sovereign, row.ceded))
        _fill(brush, rings, _rgba(str(look.fill), 255), edge=COAST)
    _stripe(picture, [rings for row, rings in land if row.ceded and row.forces == "RU"])
    for line in result.barrier.lines["barrier_km"].geoms:
        path = [tuple(p) for p in mercator(np.array(line.coords), THUMBNAIL, DRAWN_PX)]
        seal = LOOKS["seal_lines"].of("seal").colour
        brush.line(path, fill=seal, width=3 * SCALE, joint="curve")
    return picture.resize(pixel_size(THUMBNAIL, WIDTH_PX), Image.Resampling.LANCZOS)


def _outline(shape: Any) -> list[list[list[float]]]:
    return outline_px(shape, THUMBNAIL, DRAWN_PX)


def _land(row: Any, base: BaseMap) -> list[list[list[float]]]:
    whole = row.part_id == row.unit_id
    return base.small_land[row.unit_id] if whole else base.once(_outline, row.geometry)


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
