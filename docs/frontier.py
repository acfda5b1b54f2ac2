"""Draw docs/frontier.png, the chart in the README: ``python docs/frontier.py``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from PIL import Image, ImageDraw, ImageFont

import okhotsk

SCALE = 2  # drawn twice as large, then shrunk: smooth lines
WIDTH, HEIGHT = 980, 560
LEFT, TOP, RIGHT, BOTTOM = 62, 86, 250, 60
MOST_KM2 = 11000
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
NAMED = {  # name on the chart, and on which side of its point it stands
    "habomai-shikotan-1956": ("1956", "above"),
    "three-islands": ("three islands", "above"),
    "half-area-2006": ("half the area (2006)", "right"),
    "four-islands": ("four islands", "right"),
    "urup-line": ("to Bussol", "right"),
    "st-petersburg-1875": ("whole chain (1875)", "left"),
}
ISLANDS = ("Shikotan", "Kunashir", "Iturup", "Urup", "Simushir", "Onekotan", "Paramushir")


def place(land_km2: float, percent: float) -> tuple[float, float]:
    """Where a value stands on the sheet."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    x, y = LEFT + wide * land_km2 / MOST_KM2, TOP + high * (1 - percent / 100)
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

    def axes(self) -> None:
        """Grid, scales and titles."""
        for percent in range(0, 101, 20):
            self.brush.line([place(0, percent), place(MOST_KM2, percent)], GRID, SCALE)
            x, y = place(0, percent)
            self.text((x - 8 * SCALE, y), f"{percent}", SOFT, 14, "rm")
        for km2 in range(0, MOST_KM2, 2000):
            x, y = place(km2, 0)
            self.text((x, y + 8 * SCALE), f"{km2:,}", SOFT, 14, "mt")
        x, y = place(MOST_KM2 / 2, 0)
        self.text((x, y + 30 * SCALE), "land handed over from the south, km²", SOFT, 15, "mt")
        x, y = place(0, 100)
        title = "What is left of today's bastion as the border moves up the chain, per cent"
        self.text((x - 40 * SCALE, y - 72 * SCALE), title, INK, 18, "lt")


def curve(steps: pd.DataFrame, column: str) -> list[tuple[float, float]]:
    """Points of a column over the land handed over."""
    return [place(x, y) for x, y in zip(steps.ceded_land_km2, steps[column], strict=True)]


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
    sheet.axes()
    for name in ISLANDS:
        row = steps[steps.up_to.str.startswith(name)].iloc[0]
        x, y = place(row.ceded_land_km2, 100)
        sheet.brush.line([(x, y), place(row.ceded_land_km2, 0)], GRID, SCALE)
        sheet.text((x, y - 8 * SCALE), name, SOFT, 13, "mb")
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
    for name, (label, side) in NAMED.items():
        row = named.loc[name]
        x, y = place(row.ceded_land_km2, row["index"])
        r = 5 * SCALE
        sheet.brush.ellipse([x - r, y - r, x + r, y + r], "white", INK, 2 * SCALE)
        at, anchor = {
            "above": ((x, y - 10 * SCALE), "mb"),
            "left": ((x - 10 * SCALE, y - 4 * SCALE), "rb"),
            "right": ((x + 10 * SCALE, y - 4 * SCALE), "lb"),
        }[side]
        sheet.text(at, label, INK, 13, anchor)
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
