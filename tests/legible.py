"""Whether a figure can be read: size of type, what is cut off, what overlaps; made-up inputs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from okhotsk.assessment.robustness import Spread
from okhotsk.assessment.uncertainty import Uncertainty
from okhotsk.report.layout import SMALLEST_PT, WIDTHS


def words_of(figure):
    """All texts that are seen, with the box each takes."""
    figure.draw_without_rendering()
    unseen = set()
    for axes in figure.axes:
        if not axes.get_visible():
            unseen |= set(axes.findobj(Text))
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            unseen |= {
                label
                for tick in axis.get_major_ticks() + axis.get_minor_ticks()
                if not low <= tick.get_loc() <= high
                for label in (tick.label1, tick.label2)
            }
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [(t, t.get_window_extent()) for t in texts if t not in unseen]


def assert_legible(figure, width):
    """Assert that all texts are large enough, on the sheet and not on each other."""
    assert figure.get_figwidth() * 25.4 == pytest.approx(WIDTHS[width][0])
    found = words_of(figure)
    assert len(found) > 5
    small = [t.get_text() for t, _ in found if t.get_fontsize() < SMALLEST_PT - 0.01]
    assert not small
    edge = figure.bbox.padded(2)
    outside = [
        t.get_text()
        for t, box in found
        if not edge.containsx(box.x0)
        or not edge.containsx(box.x1)
        or not edge.containsy(box.y0)
        or not edge.containsy(box.y1)
    ]
    assert not outside
    slack = 1.5  # pixels that boxes of type may share without touching
    both = [
        (one.get_text(), other.get_text())
        for (one, a), (other, b) in combinations(found, 2)
        if one.get_rotation() == other.get_rotation() == 0
        and a.padded(-slack).overlaps(b.padded(-slack))
    ]
    assert not both


def spread_of(ids):
    """Made-up ranks and drivers."""
    ranks = pd.DataFrame(np.eye(len(ids)), index=ids)
    ranks.iloc[1:3, 1:3] = [[0.7, 0.3], [0.3, 0.7]]
    rows = [
        {
            "scenario_id": name,
            "result": "index",
            "assumption": assumption,
            "first_order": share / 2,
            "total": share,
            "first_order_error": 0.05,
            "total_error": 0.02,
        }
        for name in ids[1:]
        for assumption, share in (("sensor_range_km", 0.6), ("patrol_depth_m", 0.2), ("floor", 0.3))
    ]
    empty = pd.DataFrame()
    return Spread(Uncertainty(tuple(ids), empty, ranks, empty), pd.DataFrame(rows))
