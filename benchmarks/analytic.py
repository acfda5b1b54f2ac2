"""Cases whose answers are known: open water for least cost, a slanted channel for cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

from benchmarks.jobs import Absent, measure
from benchmarks.tools import TOOLS
from okhotsk.raster.geodesy import distance_km
from okhotsk.raster.grid import Grid

ANGLES_DEG = (0, 10, 20, 30, 45, 60, 75, 90)
CHANNEL_DEG = 1.0
NEAR_KM = 50.0


@dataclass(frozen=True)
class OpenWater:
    """Water of cost 1 at the latitudes of the theatre: what a path costs is its length."""

    grid: Grid = Grid((146.0, 47.0, 152.0, 53.0), (240, 240))
    start: tuple[int, int] = (120, 120)

    @property
    def land(self) -> NDArray[np.bool_]:
        return np.zeros(self.grid.shape, bool)

    @property
    def depth_m(self) -> NDArray[np.float32]:
        return np.ones(self.grid.shape, np.float32)

    @property
    def cells(self) -> NDArray[np.int64]:
        return np.arange(self.land.size)

    def travel_cost(self) -> NDArray[np.float32]:
        return np.ones(self.grid.shape, np.float32)

    def true_km(self) -> NDArray[np.float64]:
        lon, lat = (axis.ravel() for axis in np.meshgrid(self.grid.lon, self.grid.lat))
        start = np.ravel_multi_index(self.start, self.grid.shape)
        return distance_km(np.full_like(lon, lon[start]), np.full_like(lat, lat[start]), lon, lat)


@dataclass(frozen=True)
class Channel:
    """A straight channel between two lands: two bars across it shut its middle off.

    ``slant_deg`` is the direction of the bars, from east to north.
    """

    slant_deg: float
    grid: Grid = Grid((-2.0, -2.0, 2.0, 2.0), (400, 400))

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
        return (self.section() == 1) & (np.abs(self._aside(90)) < CHANNEL_DEG / 4)

    def ocean(self) -> NDArray[np.bool_]:
        edge = np.ones(self.grid.shape, bool)
        edge[1:-1, 1:-1] = False
        return edge & (self.section() > 0)

    def true_km2(self) -> float:
        width_km, height_km = (size[len(size) // 2] for size in self.grid.cell_size_km())
        cell_deg, angle = self.grid.cell_deg[0], radians(self.slant_deg)
        bar_km = hypot(cos(angle) * width_km, sin(angle) * height_km) * CHANNEL_DEG / cell_deg
        return 2 * float(bar_km)


def known_cases(kernels: Sequence[str]) -> list[dict[str, str | float]]:
    """Greatest relative error of each tool that is there, for the kernels with a known case."""
    return [row for kernel in kernels for row in _case(kernel)]


def _case(kernel: str) -> Iterator[dict[str, str | float]]:
    cases = {"cost": _off_open_water, "cut": _off_channels}
    names = {
        "cost": f"paths over {NEAR_KM:g} km in open water at 47-53N, against the geodesic",
        "cut": f"bars across channels of {len(ANGLES_DEG)} directions",
    }
    for tool in TOOLS[kernel] if kernel in cases else ():
        try:
            most = cases[kernel](tool)
        except Absent:
            continue
        yield {"kernel": kernel, "tool": tool, "case": names[kernel], "max": most}


def _off_open_water(tool: str) -> float:
    case = OpenWater()
    found, true = measure(TOOLS["cost"][tool].start(case)).answer, case.true_km()
    far = true > NEAR_KM
    return float(np.max(np.abs(found[far] / true[far] - 1)))


def _off_channels(tool: str) -> float:
    cases = [Channel(angle) for angle in ANGLES_DEG]
    found = [float(measure(TOOLS["cut"][tool].start(case)).answer[0]) for case in cases]
    return max(abs(km2 / case.true_km2() - 1) for km2, case in zip(found, cases, strict=True))
