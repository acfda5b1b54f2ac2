"""How many fixed sensors close a seal line, and where they could stand."""

from __future__ import annotations

import numpy as np
import shapely

from okhotsk.assessment.record import Result
from okhotsk.measures.force import SWEEPS_KM
from okhotsk.raster import geodesy
from okhotsk.tables import records
from okhotsk.theatre.bathymetry import Seabed

SWEEP_KM = 20.0  # of the sites that are drawn; no width is published for these waters
STEP_DEG = 0.005  # between two samples of a line, about half a kilometre
NEAR_KM = 30.0  # the line may cross a wide strait so far from its throat


def spread_sites(
    seabed: Seabed, line: shapely.Geometry, *, count: int, least_m: float
) -> shapely.MultiPoint:
    """Return places at even distances along the water of a line that is deep enough.

    Parameters
    ----------
    seabed
        Depths.
    line
        The line (EPSG:4326).
    count
        How many places.
    least_m
        Depth of the water that counts; land and shallower water are passed over.

    Returns
    -------
    shapely.MultiPoint
        In EPSG:4326; each in the middle of its stretch. Empty where no water is deep enough.
    """
    pieces = shapely.get_parts(line)
    ends = [shapely.get_coordinates(shapely.segmentize(one, STEP_DEG)) for one in pieces]
    steps = [np.stack([one[:-1], one[1:]], axis=1) for one in ends if len(one) > 1]
    if not steps or not count:
        return shapely.MultiPoint()
    every = np.concatenate(steps)
    middle = every.mean(axis=1)
    cells = np.array([seabed.grid.index(*point) for point in middle])
    deep = seabed.depth_m[cells[:, 0], cells[:, 1]] >= least_m
    length_km = np.where(deep, geodesy.distance_km(*every[:, 0].T, *every[:, 1].T), 0.0)
    reached_km = np.cumsum(length_km)
    if not reached_km[-1]:
        return shapely.MultiPoint()
    wanted_km = (np.arange(count) + 0.5) / count * reached_km[-1]
    return shapely.MultiPoint(middle[np.searchsorted(reached_km, wanted_km)])


def sensor_sites(result: Result) -> shapely.MultiPoint:
    """Return where the fewest sensors of a sweep width of 20 km could stand (EPSG:4326)."""
    return spread_sites(
        result.theatre.seabed,
        result.barrier.lines["barrier_km"],
        count=_sensors(result, SWEEP_KM)[0],
        least_m=result.assumptions.transit_depth_m,
    )


def sensor_answer(result: Result, sites: shapely.MultiPoint) -> str:
    """Return how many fixed sensors close the shortest seal line, and where, in two sentences.

    ``sites`` are those of :func:`sensor_sites`.
    """
    length_km = result.record["barrier_km"]
    if not np.isfinite(length_km):
        return "No line seals the sea, however many sensors stand."
    count, before = _sensors(result, SWEEP_KM)
    more = f" ({before} today)" if count != before else ""
    few, many = (_sensors(result, sweep)[0] for sweep in (SWEEPS_KM[-1], SWEEPS_KM[0]))
    return (
        f"If one sensor covers {SWEEP_KM:g} km, the {length_km:,.0f} km of the shortest seal line "
        f"need at least {count} fixed sensors{more}: {_where(result, sites)}. How wide a sensor "
        "covers is our assumption, for none is published for these waters: with "
        f"{SWEEPS_KM[0]:g} km the line needs {many}, with {SWEEPS_KM[-1]:g} km {few}."
    )


def _sensors(result: Result, sweep_km: float) -> tuple[int, int]:
    """Sensors of a sweep width that close the line, and that of today; 0 where there is no line."""
    (row,) = records(result.force[result.force.sweep_km == sweep_km])

    def counted(column: str, line_km: float) -> int:
        return int(row[column]) if np.isfinite(line_km) else 0

    line_km, today_km = result.record["barrier_km"], result.today["barrier_km"]
    return counted("sensors", line_km), counted("sensors_today", today_km)


def _where(result: Result, sites: shapely.MultiPoint) -> str:
    """How many of the sites lie near the throat of each exit, and how many elsewhere."""
    throats = [t for t in result.theatre.throats if t.strait.exit]
    found = np.zeros(len(throats) + 1, int)
    for site in sites.geoms:
        ways = shapely.shortest_line([throat.line for throat in throats], site)
        away_km = [geodesy.length_km(way) for way in ways]
        nearest = int(np.argmin(away_km))
        found[nearest if away_km[nearest] <= NEAR_KM else -1] += 1
    said = []
    for number in sorted({*found[:-1].tolist()} - {0}, reverse=True):
        here = [t.strait.name for t, n in zip(throats, found, strict=False) if n == number]
        own = [name.split(" (")[0] for name in here]
        said.append(f"{number} {'each ' * (len(own) > 1)}at {', '.join(own)}")
    said += [f"{found[-1]} in open water"] * bool(found[-1])
    note = f" (at a strait: within {NEAR_KM:g} km of its throat)" if found[:-1].any() else ""
    return "; ".join(said) + note
