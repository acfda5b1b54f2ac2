"""Cases whose answers are known: slanted channels, which a cut shuts off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

from benchmarks.jobs import Absent, measure
from benchmarks.problems import CELLS_PER_DEGREE, rim
from benchmarks.tools import TOOLS
from okhotsk.raster.grid import Grid

ANGLES_DEG = (0, 10, 20, 30, 45, 60, 75, 90)
CHANNEL_DEG = 1.0
RESOLUTIONS = ("4m", "1m")


@dataclass(frozen=True)
class Channel:
    """A straight channel between two lands: two bars across it shut its middle off.

    ``slant_deg`` is the direction of the bars, from east to north.
    """

    slant_deg: float
    resolution: str

    @property
    def grid(self) -> Grid:
        cells = 4 * CELLS_PER_DEGREE[self.resolution]
        return Grid((-2.0, -2.0, 2.0, 2.0), (cells, cells))

    def _aside(self, turn_deg: float = 0, fineness: int = 1) -> NDArray[np.float64]:
        """Degrees from the middle of the channel along the bars, or along another direction."""
        rows, cols = self.grid.shape
        fine = Grid(self.grid.bounds, (rows * fineness, cols * fineness))
        angle = radians(self.slant_deg + turn_deg)
        return fine.lon * cos(angle) + fine.lat[:, None] * sin(angle)

    @property
    def anchor(self) -> tuple[int, int]:
        angle = radians(self.slant_deg)
        return self.grid.index(1.8 * cos(angle), 1.8 * sin(angle))

    def section(self) -> NDArray[np.float32]:
        rows, cols = self.grid.shape
        water = np.abs(self._aside(fineness=8)) < CHANNEL_DEG / 2
        return water.reshape(rows, 8, cols, 8).mean(axis=(1, 3), dtype=np.float32)

    def basin(self) -> NDArray[np.bool_]:
        # From shore to shore, so that no ring in mid-channel is cheaper than the bars.
        return (self.section() > 0) & (np.abs(self._aside(90)) < CHANNEL_DEG / 4)

    def ocean(self) -> NDArray[np.bool_]:
        return rim(self.grid.shape) & (self.section() > 0)

    def true_km2(self) -> float:
        width_km, height_km = (size[len(size) // 2] for size in self.grid.cell_size_km())
        cell_deg, angle = self.grid.cell_deg[0], radians(self.slant_deg)
        bar_km = hypot(cos(angle) * width_km, sin(angle) * height_km) * CHANNEL_DEG / cell_deg
        return 2 * float(bar_km)


def known_cases(kernels: Sequence[str]) -> list[dict[str, str | float]]:
    """Greatest relative error of each tool that is there, for the kernels with a known case."""
    return [*_off_channels()] if "cut" in kernels else []


def _off_channels() -> Iterator[dict[str, str | float]]:
    for tool, resolution in product(TOOLS["cut"], RESOLUTIONS):
        cases = [Channel(angle, resolution) for angle in ANGLES_DEG]
        try:
            found = [measure(TOOLS["cut"][tool].start(case)).answer[0] for case in cases]
        except Absent:
            continue
        off = [float(km2) / case.true_km2() - 1 for km2, case in zip(found, cases, strict=True)]
        yield {
            "kernel": "cut",
            "tool": tool,
            "case": f"bars across channels of {len(cases)} directions, cells of {resolution}",
            "max": max(map(abs, off)),
        }
