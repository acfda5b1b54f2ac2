"""Thumbnails: what is ceded and the seal line can be told at a glance."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PIL import Image

from okhotsk import colours
from okhotsk.maps import images, thumbnail


def test_the_thumbnail_shows_the_ceded_land_and_the_line(results):
    for result in results:
        small = np.asarray(thumbnail.thumbnail(result).convert("RGB")).astype(int)
        assert small.shape[1] == 420
        x, y = images.mercator(np.array([[145.9, 44.1]]), images.THUMBNAIL, 420)[0]
        colour = small[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].mean(axis=(0, 1))
        ceded = bool(result.scenario.cessions)
        assert bool(colour[2] - colour[0] > 60) is ceded, result.scenario.scenario_id
        assert small.sum(axis=2).min() < 120  # the seal line, nearly black


def test_land_where_russian_forces_stay_is_striped():
    size = images.pixel_size(images.THUMBNAIL, 420)
    ground = Image.new("RGB", size, colours.CEDED["RU"])
    square = images.outline_px(shapely.box(146, 44, 150, 48), images.THUMBNAIL, 420)
    thumbnail._stripe(ground, [square], step=6)
    pixels = np.asarray(ground)
    white = (pixels == 255).all(axis=2)
    left, bottom = images.mercator(np.array([[146, 44]]), images.THUMBNAIL, 420)[0].round()
    right, top = images.mercator(np.array([[150, 48]]), images.THUMBNAIL, 420)[0].round()
    inside = white[int(top) + 1 : int(bottom) - 1, int(left) + 1 : int(right) - 1]
    assert inside.mean() == pytest.approx(1 / 3, abs=0.01)
    assert white.sum() < 1.1 * inside.sum()  # none outside
