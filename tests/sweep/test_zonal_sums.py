"""Areas added up by what decides them, against one sum after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from okhotsk.sweep.zonal_sums import EquivalenceClasses

masks = st.lists(st.integers(0, 255), min_size=1, max_size=40)


@given(masks, st.lists(st.integers(0, 255), min_size=1, max_size=20), st.integers(1, 3))
def test_sums_are_those_of_the_cells(cells: list[int], sets: list[int], workers: int) -> None:
    km2 = np.linspace(0.5, 3, len(cells)).astype(np.float32)
    units, asked = np.array(cells, np.uint64), np.array(sets, np.uint64)
    classes = EquivalenceClasses.of(units, km2)
    touched = [sum(float(a) for c, a in zip(cells, km2, strict=True) if c & s) for s in sets]
    held = [
        sum(float(a) for c, a in zip(cells, km2, strict=True) if c and c & s == c) for s in sets
    ]
    assert classes.any_of(asked, workers=workers) == pytest.approx(touched)
    assert classes.all_of(asked, workers=workers) == pytest.approx(held)


def test_cells_of_one_fate_become_one_atom() -> None:
    classes = EquivalenceClasses.of(
        np.array([3, 0, 3, 1], np.uint64), np.array([1.0, 9.0, 2.0, 4.0])
    )
    assert classes.units.tolist() == [1, 3]
    assert classes.km2.tolist() == [4.0, 3.0]
