"""How tests take files away from a page, and what a picture must show."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from browser import Seen
from PIL import Image


def choose(seen: Seen, entry: str) -> None:
    """Choose an entry of the menu by its first words."""
    seen.page.get_by_role("button", name="Take it away").click()
    seen.page.get_by_role("menuitem", name=re.compile(f"^{entry}")).click()


def take(seen: Seen, entry: str) -> tuple[str, bytes]:
    """Name and content of the file that an entry saves."""
    with seen.page.expect_download() as waiting:
        choose(seen, entry)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def take_words(seen: Seen, entry: str) -> tuple[str, str, str]:
    """What the dialog of an entry says, and name and content of the file that it saves."""
    choose(seen, entry)
    dialog = seen.page.get_by_role("dialog")
    shown = dialog.get_by_role("textbox").input_value()
    with seen.page.expect_download() as waiting:
        dialog.get_by_role("button", name="Save").click()
    name, content = waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
    seen.page.keyboard.press("Escape")
    return shown, name, content.decode()


def assert_drawn(picture: bytes) -> None:
    """Assert that a picture has a title, something in its middle, and words at its foot."""
    image = Image.open(io.BytesIO(picture))
    assert image.format == "PNG"
    grey = np.asarray(image.convert("L"))
    high, wide = grey.shape
    assert wide >= 1200
    ink = grey < 140
    assert ink[40:120, 40 : wide // 2].mean() > 0.01, "no title"
    colours = np.asarray(image.convert("RGB"))[::4, ::4].astype(np.uint32) @ (1 << 16, 1 << 8, 1)
    assert np.unique(colours).size > 100, "blank"
    assert ink[high // 4 : high // 2].mean() > 0.002, "nothing in the middle"
    assert (grey[-140:-40] < 200).mean() > 0.005, "no sources"
    assert (grey[-30:] > 250).all(), "cut off at the foot"
    assert (grey[:, -30:] > 250).all(), "cut off on the right"
