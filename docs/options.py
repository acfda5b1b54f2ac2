"""Draw docs/options.png, the picture at the top of the README: ``python docs/options.py``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import okhotsk
from okhotsk.assessment import Assessment
from okhotsk.picture import thumbnail

SHOWN = (
    ("status-quo", "Status quo"),
    ("habomai-shikotan-1956", "Habomai and Shikotan (1956)"),
    ("three-islands", "Three islands"),
    ("half-area-2006", "Half the area (2006)"),
    ("four-islands", "Four islands"),
    ("urup-line", "To the Bussol Strait"),
    ("st-petersburg-1875", "The whole chain (1875)"),
    ("portsmouth-1905", "Chain and south Sakhalin (1905)"),
)
COLUMNS, WIDTH, GAP, CAPTION = 4, 380, 16, 52


def montage(results: list[Assessment]) -> Image.Image:
    """All options in rows, each with its name and two figures."""
    pictures = [thumbnail(result, width=WIDTH) for result in results]
    height = pictures[0].height + CAPTION
    rows = -(-len(pictures) // COLUMNS)
    size = (COLUMNS * (WIDTH + GAP) + GAP, rows * (height + GAP) + GAP)
    sheet = Image.new("RGB", size, "white")
    brush = ImageDraw.Draw(sheet)
    title, text = (ImageFont.load_default(size=n) for n in (20, 17))
    for n, ((_, name), result, picture) in enumerate(zip(SHOWN, results, pictures, strict=True)):
        x, y = GAP + n % COLUMNS * (WIDTH + GAP), GAP + n // COLUMNS * (height + GAP)
        sheet.paste(picture, (x, y + CAPTION))
        record = result.record
        line = f"seal {record['barrier_km']:,.0f} km, refuge {record['refuge_share']:.0%}"
        brush.text((x, y), name, "#17222d", title)
        brush.text((x, y + 25), line, "#4a5866", text)
    return sheet


def main() -> None:
    """Assess the options shown and write the picture."""
    results = okhotsk.assess_all(okhotsk.load(), [name for name, _ in SHOWN])
    sheet = montage(results)
    few = sheet.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(Path(__file__).with_name("options.png"), optimize=True)


if __name__ == "__main__":
    main()
