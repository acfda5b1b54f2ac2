"""The one picture of the index page: the lines of two scenarios, and the index of every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from okhotsk.assessment.record import Result
from okhotsk.colours import JAPAN
from okhotsk.maps.base_map import DRAWN_PX, BaseMap
from okhotsk.maps.images import THUMBNAIL, mercator, pixel_size
from okhotsk.maps.thumbnail import draw_ground, draw_line, outline
from okhotsk.style import BASELINE, LOOKS

WINDOW = (141.2, 43.05, 156.0, 49.0)  # west, south, east, north
NAMED = ("yekaterina", "friza", "bussol")
# Room of labels on the narrowest picture, in pixels of a picture so wide.
NARROW_PX, LETTER_PX, LINE_PX = 366, 7.0, 15.0
AWAY_PX = 12.0
# Where a label may stand beside its place, best first: south-east of the chain is open ocean.
SIDES = ((0.8, 0.6), (-0.8, -0.6), (0.2, 1.0), (1.0, 0.0), (-0.2, -1.0), (-1.0, 0.0))


@dataclass(frozen=True)
class Label:
    """Words on the picture: their centre in percent of its width and height, and what they are."""

    text: str
    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class ChainPicture:
    """The picture, and what is written on it."""

    image: Image.Image
    labels: tuple[Label, ...]


def chain_picture(
    shown: Result, today: Result | None, steps: Sequence[Result], *, base: BaseMap
) -> ChainPicture:
    """Return the picture of a scenario beside the status quo.

    Parameters
    ----------
    shown
        The scenario whose seal line and zones are drawn.
    today
        The status quo, whose seal line is drawn dashed.
    steps
        Scenarios of which each cedes more than the one before: beside what it adds stands its
        index.
    base
        What the pictures of a theatre share.
    """
    picture = draw_ground(shown, base)
    brush = ImageDraw.Draw(picture)
    for step in steps:
        _edge(brush, step, base)
    if today is not None:
        draw_line(picture, today, str(BASELINE.line), dash=16)
    draw_line(picture, shown, LOOKS["seal_lines"].of("seal").colour)
    left, top, right, bottom = _frame()
    image = picture.crop((round(left), round(top), round(right), round(bottom)))
    return ChainPicture(image, tuple(_labels(shown, today, steps, base)))


def _frame() -> tuple[float, float, float, float]:
    """The window in pixels of the picture that it is cut from."""
    west, south, east, north = WINDOW
    (left, top), (right, bottom) = mercator(
        np.array([[west, north], [east, south]]), THUMBNAIL, DRAWN_PX
    )
    return left, top, right, bottom


def _edge(brush: ImageDraw.ImageDraw, step: Result, base: BaseMap) -> None:
    """The outline of what a step cedes: land that is ceded in the shown scenario or not yet."""
    for part in step.parts:
        if part.ceded:
            whole = part.part_id == part.unit
            rings = base.small_land[part.unit] if whole else outline(part.land)
            for ring in rings:
                brush.line([tuple(point) for point in ring], fill=JAPAN, width=3)


def _labels(
    shown: Result, today: Result | None, steps: Sequence[Result], base: BaseMap
) -> Iterator[Label]:
    """Indices beside what each step adds, then the straits, each where there is room."""
    size = pixel_size(WINDOW, NARROW_PX)
    taken: list[Any] = [_land_px(base), *(_line_px(one) for one in (shown, today) if one)]
    before: Any = shapely.MultiPolygon()
    for step in steps:
        ceded = shapely.union_all([part.land for part in step.parts if part.ceded])
        added = shapely.intersection(shapely.difference(ceded, before), shapely.box(*WINDOW))
        before = ceded
        largest = max(shapely.get_parts(added), key=lambda part: part.area, default=None)
        if largest is not None and not largest.is_empty:
            text = f"{step.record['index']:.0f}"
            yield from _place(text, "step", largest.representative_point(), taken, size)
    for row in shown.straits.itertuples():
        if row.strait_id in NAMED:
            name = row.name.split(" (")[0]
            yield from _place(name, "strait", row.geometry.centroid, taken, size)


def _land_px(base: BaseMap) -> Any:
    left, top, right, _ = _frame()
    scale = NARROW_PX / (right - left)
    rings = [ring for land in base.small_land.values() for ring in land]
    return shapely.union_all(
        [shapely.Polygon((np.array(ring) - (left, top)) * scale).buffer(0) for ring in rings]
    )


def _line_px(result: Result) -> Any:
    lines = result.barrier.lines["barrier_km"].geoms
    return shapely.union_all(
        [
            shapely.LineString(mercator(np.array(line.coords), WINDOW, NARROW_PX)).buffer(2)
            for line in lines
        ]
    )


def _place(
    text: str, kind: str, point: Any, taken: list[Any], size: tuple[int, int]
) -> Iterator[Label]:
    """The label on the first side where it covers least."""
    at = mercator(np.array([[point.x, point.y]]), WINDOW, NARROW_PX)[0]
    half = np.array([LETTER_PX * len(text), LINE_PX]) / 2
    boxes = []
    for side in SIDES:
        centre = np.clip(at + np.array(side) * (half + AWAY_PX / 2), half, np.array(size) - half)
        boxes.append(shapely.box(*(centre - half), *(centre + half)))
    covered = [sum(shapely.area(shapely.intersection(box, one)) for one in taken) for box in boxes]
    best = boxes[int(np.argmin(covered))]
    taken.append(best)
    x, y = best.centroid.x, best.centroid.y
    yield Label(text, kind, round(100 * x / size[0], 2), round(100 * y / size[1], 2))
