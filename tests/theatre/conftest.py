"""Seabeds that several test files of the theatre share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from seabeds import write_tif

from okhotsk.theatre.bathymetry import Seabed, read_seabed


@pytest.fixture(scope="session")
def shipped() -> Seabed:
    """The shipped seabed."""
    return read_seabed()


@pytest.fixture(scope="session")
def depths(shipped: Seabed) -> np.ndarray:
    """The shipped depths averaged to 6 minutes, the rim repeated half a degree outwards."""
    blocks = shipped.depth_m.reshape(230, 6, 320, 6).mean(axis=(1, 3), dtype=np.float32)
    return np.pad(blocks, 5, mode="edge")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write depths as a raster of the window and half a degree all round."""

    def write(values: np.ndarray, name: str = "bed.tif", **options: Any) -> Path:
        return write_tif(tmp_path / name, values, **options)

    return write
