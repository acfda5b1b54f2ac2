"""Draw docs/frontier.png, the chart in the README: ``python docs/frontier.py``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from PIL import Image, ImageDraw, ImageFont

import okhotsk

SCALE = 2  # drawn twice as large, then shrunk: smooth lines
WIDTH, HEIGHT = 980, 640
LEFT, TOP, RIGHT, BOTTOM = 62, 70, 262, 190
INK, SOFT, GRID = "#17222d", "#4a5866", "#dfe4e8"
BAND = "#d5dde6"
# Okabe and Ito's colours, which the colour-blind can tell apart.
LINES = {
    "straits": ("straits with both shores Russian", "#d55e00"),
    "section": ("cross-section of the seal", "#0072b2"),
    "warning": ("warning of intruders", "#009e73"),
    "seal": ("length of the seal line", "#56b4e9"),
    "refuge": ("refuge", "#cc79a7"),
}
# Where named options stand along the steps, and where their name stands from there.
NAMED = {
    "habomai-shikotan-1956": ("1956", 3, (0, -12), "mb"),
    "three-islands": ("three islands", 4, (9, -8), "lb"),
    "half-area-2006": ("half the area (2006)", 4.5, (-9, 6), "rm"),
    "four-islands": ("four islands", 5, (10, -3), "lb"),
    "urup-line": ("to Bussol", 8, (10, -3), "lb"),
    "st-petersburg-1875": ("whole chain (1875)", 20, (-2, 12), "rt"),
}


def place(step: float, percent: float, steps: int = 20) -> tuple[float, float]:
    """Where a value stands on the sheet."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    x, y = LEFT + wide * step / steps, TOP + high * (1 - percent / 100)
    return SCALE * x, SCALE * y


class Sheet:
    """A sheet to draw on, in units of the shrunk picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (SCALE * WIDTH, SCALE * HEIGHT), "white")
        self.brush = ImageDraw.Draw(self.image)

    def text(
        self, xy: tuple[float, float], words: str, colour: str, size: int, anchor: str
    ) -> None:
        """Write at a place of the large picture."""
        font = ImageFont.load_default(size=SCALE * size)
        self.brush.text(xy, words, colour, font, anchor=anchor)

    def upright(self, xy: tuple[float, float], words: str, colour: str, size: int) -> None:
        """Write upwards, ending below a place of the large picture."""
        font = ImageFont.load_default(size=SCALE * size)
        box = font.getbbox(words)
        label = Image.new("RGB", (int(box[2]) + 2, int(box[3]) + 2), "white")
        ImageDraw.Draw(label).text((0, 0), words, colour, font)
        turned = label.rotate(90, expand=True)
        self.image.paste(turned, (int(xy[0] - turned.width / 2), int(xy[1])))

    def axes(self, steps: pd.DataFrame) -> None:
        """Grid, scales and titles."""
        for percent in range(0, 101, 20):
            self.brush.line([place(0, percent), place(20, percent)], GRID, SCALE)
            x, y = place(0, percent)
            self.text((x - 8 * SCALE, y), f"{percent}", SOFT, 14, "rm")
        for n, row in enumerate(steps.itertuples()):
            x, y = place(n, 0)
            self.brush.line([(x, y), (x, y + 5 * SCALE)], GRID, SCALE)
            words = row.up_to if n == 0 else f"{_short(row.up_to)}  {row.ceded_land_km2:,.0f}"
            self.upright((x, y + 8 * SCALE), words, SOFT, 13)
        x, y = place(0, 0)
        below = "Handed over from the south up to ..., and the land so far in square kilometres"
        self.text((x, SCALE * (HEIGHT - 24)), below, SOFT, 14, "lt")
        title = "What is left of today's bastion as the border moves up the chain, per cent"
        self.text((x - 40 * SCALE, 18 * SCALE), title, INK, 18, "lt")


def _short(title: str) -> str:
    """The first island of a piece."""
    return title.replace("the ", "").split(",")[0].split(" and ")[0].capitalize()


def curve(steps: pd.DataFrame, column: str) -> list[tuple[float, float]]:
    """Points of a column over the steps."""
    return [place(n, y) for n, y in enumerate(steps[column])]


def spread(ends: dict[str, float], gap: float) -> dict[str, float]:
    """Heights of labels, moved apart where they would overlap."""
    heights: dict[str, float] = {}
    last = -gap
    for name in sorted(ends, key=ends.__getitem__):
        last = heights[name] = max(ends[name], last + gap)
    return heights


def draw(steps: pd.DataFrame, named: pd.DataFrame) -> Image.Image:
    """The chart."""
    sheet = Sheet()
    low, high = curve(steps, "index_low"), curve(steps, "index_high")
    sheet.brush.polygon([*high, *reversed(low)], BAND)
    sheet.axes(steps)
    ends = {}
    for key, (_, colour) in LINES.items():
        points = curve(steps, f"{key}_percent")
        sheet.brush.line(points, colour, 2 * SCALE, joint="curve")
        ends[key] = points[-1][1]
    points = curve(steps, "index")
    sheet.brush.line(points, INK, 4 * SCALE, joint="curve")
    ends["index"] = points[-1][1]
    labels = {k: v for k, v in LINES.items()} | {"index": ("index, 5-95 % shaded", INK)}
    for key, y in spread(ends, 19 * SCALE).items():
        x = points[-1][0] + 10 * SCALE
        sheet.text((x, y), labels[key][0], labels[key][1], 15, "lm")
    for name, (label, step, (right, down), anchor) in NAMED.items():
        x, y = place(step, named.loc[name, "index"])
        r = 5 * SCALE
        sheet.brush.ellipse([x - r, y - r, x + r, y + r], "white", INK, 2 * SCALE)
        sheet.text((x + right * SCALE, y + down * SCALE), label, INK, 13, anchor)
    return sheet.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def main() -> None:
    """Find the frontier and write the chart."""
    theatre = okhotsk.load()
    results = okhotsk.assess_all(theatre, list(NAMED))
    named = pd.concat([r.to_frame() for r in results]).set_index("scenario_id")
    chart = draw(okhotsk.frontier(theatre).steps, named)
    few = chart.quantize(128, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(Path(__file__).with_name("frontier.png"), optimize=True)


if __name__ == "__main__":
    main()
