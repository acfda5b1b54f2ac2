"""The explorer without samples of the assumptions: intervals over floors and weightings alone."""

from __future__ import annotations

import numpy as np
import pytest
from explorer_page import nothing

import okhotsk
from okhotsk.assessment.uncertainty import WEIGHTINGS
from okhotsk.maps.explorer.intervals import weighting_interval, weighting_tables
from okhotsk.maps.explorer.page import explorer_page


def test_the_page_gives_the_interval_over_weightings_and_says_so(
    open_page, coarse, blocks, tmp_path
):
    path = tmp_path / "explorer.html"
    path.write_text(explorer_page(coarse, blocks=blocks, samples=0), "utf-8")
    (result,) = okhotsk.assess_all(coarse, [okhotsk.cede(["kunashir", "iturup"])], samples=1)
    expected = weighting_interval(np.array([*result.components.values()]))
    with open_page(path) as seen:
        inside = nothing(seen)
        for name in ("Kunashir", "Iturup"):
            inside.get_by_role("checkbox", name=name, exact=True).check()
        index = inside.locator(".ok-index")
        assert "at the default assumptions" in index.inner_text()
        told = index.evaluate("node => [node.dataset.index_low, node.dataset.index_high]")
        seen.assert_quiet()
    assert [*map(float, told)] == pytest.approx(expected, abs=1e-3)


def test_what_loses_nothing_has_no_interval():
    size = len(weighting_tables()["weights"]) // WEIGHTINGS
    assert weighting_interval(np.ones(size)) == pytest.approx((100, 100))
    low, high = weighting_interval(np.array([0.5, *[1.0] * (size - 1)]))
    assert 50 < low < high < 100
