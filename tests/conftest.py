"""Theatres that several test files share."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import okhotsk
from okhotsk.distance import distance_field
from okhotsk.grid import Grid
from okhotsk.sea import find_sea
from okhotsk.theatre import Theatre

COARSE = 6  # arc-minutes
RESULTS = ("status-quo", "half-area-2006", "four-islands-demilitarised")


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what rasterio 1.4 does with affine 3: no fault of this package."""
    config.addinivalue_line(
        "filterwarnings", "ignore:Use `@` matmul instead of:PendingDeprecationWarning"
    )


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    """The real theatre, from the cache if it is warm."""
    return okhotsk.load()


@pytest.fixture(scope="session")
def coarse(theatre: Theatre) -> Theatre:
    """The same sea on cells of 6 arc-minutes: the real coast and straits, the seabed averaged."""

    def blocks(values: np.ndarray) -> np.ndarray:
        rows, cols = (n // COARSE for n in values.shape)
        return values.reshape(rows, COARSE, cols, COARSE)

    depth_m = blocks(theatre.seabed.depth_m).mean(axis=(1, 3), dtype=np.float32)
    grid = Grid(theatre.grid.bounds, depth_m.shape)
    water_km2 = blocks(theatre.water_km2).sum(axis=(1, 3))
    # Rounding of the areas must not leave a wet cell that is all land, or more than all water.
    share = np.clip(water_km2 / grid.cell_area_km2()[:, None], 0, 1).astype(np.float32)
    seabed = replace(theatre.seabed, depth_m=np.where(share > 0, depth_m, 0), grid=grid)
    fields = {unit: distance_field(land, grid, share > 0) for unit, land in theatre.lands.items()}
    return replace(
        theatre,
        seabed=seabed,
        water_km2=(share * grid.cell_area_km2()[:, None]).astype(np.float32),
        sea=find_sea(seabed, share),
        fields=MappingProxyType(fields),
        key="coarse",
    )


@pytest.fixture(scope="session")
def results(theatre: Theatre) -> list[okhotsk.Assessment]:
    """Assessments on the real theatre of nothing, a split island, and a demilitarised cession."""
    return okhotsk.assess_all(theatre, RESULTS)
