"""Cells under steps, against the paths that run over them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from okhotsk.raster import stencil
from okhotsk.raster.stencil import GridPath


@pytest.mark.parametrize("shape", [(11, 17), (2, 3), (1, 9)])
def test_between_are_the_cells_that_a_step_from_vertex_to_vertex_needs(
    shape: tuple[int, int],
) -> None:
    known_steps = set(stencil.vectors())
    vertices = np.random.default_rng(3).random(shape) < 0.15
    vertices[0, 0] = True
    expected = vertices.copy()
    for one, other in permutations(np.argwhere(vertices), 2):
        if tuple((other - one).tolist()) in known_steps:
            expected[stencil.crossed(GridPath(0.0, *np.array([one, other]).T))] = True
    assert (stencil.between(vertices) == expected).all()
    assert shape != (11, 17) or vertices.sum() < expected.sum() < expected.size


def test_a_long_step_needs_the_cells_beside_it() -> None:
    vertices = np.zeros((3, 8), bool)
    vertices[0, 0] = vertices[1, 6] = True
    found = stencil.between(vertices)
    assert found[:2].tolist() == [[True] * 4 + [False] * 4, [False] * 3 + [True] * 4 + [False]]
    assert not found[2].any()
