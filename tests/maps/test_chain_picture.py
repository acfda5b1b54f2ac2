"""The picture of the index page: both lines, and an index beside every step of the chain."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import shapely

from okhotsk import colours
from okhotsk.maps.base_map import DRAWN_PX, find_base_map
from okhotsk.maps.chain_picture import (
    LETTER_PX,
    LINE_PX,
    NAMED,
    NARROW_PX,
    WINDOW,
    chain_picture,
)
from okhotsk.maps.images import THUMBNAIL, mercator, pixel_size
from okhotsk.style import BASELINE


def near(image, place, colour, reach=12):
    """Whether a colour is drawn near a place (percent of the picture)."""
    x, y = place
    pixels = np.asarray(image.convert("RGB")).astype(int)
    part = pixels[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach]
    return bool((abs(part - np.array(bytes_of(colour))).max(axis=2) < 30).any())


def bytes_of(colour):
    return list(bytes.fromhex(colour.removeprefix("#")))


def test_both_lines_are_drawn_where_they_run(results):
    today, half = results[:2]
    drawn = chain_picture(half, today, [half], base=find_base_map(half.theatre))
    corner = mercator(np.array([[WINDOW[0], WINDOW[3]]]), THUMBNAIL, DRAWN_PX)[0].round()
    for result, colour in ((half, colours.SEAL), (today, str(BASELINE.line))):
        other = today if result is half else half
        apart = shapely.difference(
            result.barrier.lines["barrier_km"], other.barrier.lines["barrier_km"].buffer(0.2)
        )
        longest = max(shapely.get_parts(apart), key=lambda line: line.length)
        middle = longest.interpolate(0.5, normalized=True)
        x, y = mercator(np.array([[middle.x, middle.y]]), THUMBNAIL, DRAWN_PX)[0] - corner
        assert near(drawn.image, (round(x), round(y)), colour), result.scenario.scenario_id
    alone = chain_picture(half, None, [half], base=find_base_map(half.theatre))
    assert alone.image.size == drawn.image.size
    assert alone.image.tobytes() != drawn.image.tobytes()


def test_labels_tell_the_index_and_the_straits_and_keep_apart(results):
    today, half, four = results
    steps = [half, four]
    drawn = chain_picture(half, today, steps, base=find_base_map(half.theatre))
    told = [label.text for label in drawn.labels if label.kind == "step"]
    assert told == [f"{step.record['index']:.0f}" for step in steps]
    straits = [label.text for label in drawn.labels if label.kind == "strait"]
    assert [name.lower() for name in straits] == list(NAMED)
    wide, high = pixel_size(WINDOW, NARROW_PX)
    boxes = []
    for label in drawn.labels:
        x, y = label.x * wide / 100, label.y * high / 100
        half_wide = LETTER_PX * len(label.text) / 2
        boxes.append(shapely.box(x - half_wide, y - LINE_PX / 2, x + half_wide, y + LINE_PX / 2))
        assert shapely.box(-1, -1, wide + 1, high + 1).contains(boxes[-1])
    assert not any(one.intersection(two).area > 1 for one, two in combinations(boxes, 2))
