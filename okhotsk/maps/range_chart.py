"""A small chart of the index over the sensor range, as SVG."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from okhotsk.maps import assets

WIDE, HIGH = 190, 92  # pixels
LEFT, RIGHT, TOP, BOTTOM = 30, 14, 8, 32


def range_chart(curve: pd.DataFrame, *, chosen_km: float) -> Markup:
    """Return the chart of :attr:`okhotsk.assessment.record.Result.range_curve` as SVG.

    A point marks ``chosen_km``, the range that the other figures rest on, where the curve
    reaches it.
    """
    ranges, values = curve.sensor_range_km.to_numpy(float), curve["index"].to_numpy(float)
    low, high = ranges[0], ranges[-1]

    def place(km: float, value: float) -> tuple[float, float]:
        x = LEFT + (WIDE - LEFT - RIGHT) * (km - low) / (high - low)
        return round(x, 1), round(TOP + (HIGH - TOP - BOTTOM) * (1 - value / 100), 1)

    points = [place(km, value) for km, value in zip(ranges, values, strict=True)]
    marked = [point for km, point in zip(ranges, points, strict=True) if km == chosen_km]
    ends = f"{values[0]:.0f} at {low:g} km, {values[-1]:.0f} at {high:g} km"
    return assets.fragment(
        "range_chart.svg.j2",
        wide=WIDE,
        high=HIGH,
        path=" ".join(f"{x},{y}" for x, y in points),
        marked=marked,
        rules=[(value, place(low, value)[1]) for value in (0, 50, 100)],
        ticks=[(f"{km:g}", place(km, 0)[0]) for km in (ranges[0], *ranges[1:-1:2], ranges[-1])],
        left=LEFT,
        right=WIDE - RIGHT,
        foot=HIGH - BOTTOM,
        label=f"Index over the range at which shores see a boat: {ends}",
    )
