"""Sections of the exits: told apart in grey too."""

from __future__ import annotations

import numpy as np


def test_waters_of_a_section_differ_in_grey(made):
    keys = made("strait-sections").legends[0].legend_handles[:3]
    assert [bool(key.get_hatch()) for key in keys] == [False, True, False]
    grey = [float(np.dot(key.get_facecolor()[:3], (0.3, 0.59, 0.11))) for key in keys]
    assert abs(grey[0] - grey[2]) > 0.2
