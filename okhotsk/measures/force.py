"""What Russia must hold the line with: fixed sensors, patrols and coastal missiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from okhotsk.datasets import read_data
from okhotsk.raster import geodesy
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.coast import shore_points
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat

FloatArray = NDArray[np.float64]

SWEEPS_KM = (2.0, 5.0, 10.0, 20.0, 40.0)  # no range is published for these straits: swept
PATROL_AIM = 0.9  # detection that today's patrols are counted for


def sensors_needed(line_km: ArrayLike, sweep_km: ArrayLike) -> NDArray[np.int64]:
    """Return the least number of fixed sensors that close a line: ceil(L / W).

    Parameters
    ----------
    line_km
        Length L of the line over water deep enough for a transit; 0 is no line.
    sweep_km
        Sweep width W: the integral of the lateral range curve, which is the width of a strip in
        which a sensor that misses nothing inside and sees nothing outside would find as many
        targets (Washburn, Search and Detection, ch. 2, after S200, S201).

    Returns
    -------
    numpy.ndarray
        Whole numbers, of the shape that both broadcast to.

    Raises
    ------
    ValueError
        For a negative line or a sweep width that is not positive.

    Notes
    -----
    A least number: a line in several pieces needs at least one sensor for each, and sensors
    whose lateral range curve falls off slowly overlap.
    """
    line, sweep = _checked(line_km, sweep_km)
    # A line of exactly n sweep widths needs n, whatever the last bit of the quotient says.
    return np.asarray(np.ceil(line / sweep * (1 - 1e-12)), np.int64)


def static_detection(sensors: ArrayLike, line_km: ArrayLike, sweep_km: ArrayLike) -> FloatArray:
    """Return the chance that fixed sensors detect a boat that crosses a line: min(1, n W / L).

    Holds for a crossing anywhere on the line with equal chance, at right angles, and strips that
    do not overlap: an upper bound on what n such sensors can do. A boat that knows where they are
    crosses between them, and is not detected as long as n W < L.

    Parameters
    ----------
    sensors, line_km, sweep_km
        Number n of sensors; the rest as for :func:`sensors_needed`. No line at all counts as 1.
    """
    line, sweep = _checked(line_km, sweep_km)
    return np.asarray(np.minimum(1, _over(np.asarray(sensors, float) * sweep, line)))


def patrol_coverage(
    searchers: ArrayLike, line_km: ArrayLike, sweep_km: ArrayLike, speed_ratio: ArrayLike
) -> FloatArray:
    """Return the coverage c = (n W / L) sqrt(1 + (v / u)^2) of a patrolled line.

    Seen from the boats that cross (speed u), a searcher that runs along the line (speed v) moves at
    sqrt(u^2 + v^2) and sweeps an area W sqrt(u^2 + v^2) each hour, while the boats bring an area
    L u each hour to the line. The quotient, for n searchers, is c: how often a place is swept on
    average. It is the form attributed to Koopman, Search and Screening (1980).

    Parameters
    ----------
    searchers, line_km, sweep_km
        Number n of boats on patrol; the rest as for :func:`sensors_needed`.
    speed_ratio
        v / u, speed of the searcher over that of the boat that crosses; 0 for fixed sensors.

    Raises
    ------
    ValueError
        For a negative line, number or ratio, or a sweep width that is not positive.
    """
    line, sweep = _checked(line_km, sweep_km)
    number, ratio = np.asarray(searchers, float), np.asarray(speed_ratio, float)
    if (number < 0).any() or (ratio < 0).any():
        raise ValueError("searchers and speed_ratio must not be negative")
    return _over(number * sweep * np.hypot(1, ratio), line)


def patrol_detection(
    searchers: ArrayLike,
    line_km: ArrayLike,
    sweep_km: ArrayLike,
    speed_ratio: ArrayLike,
    *,
    form: str = "random",
) -> FloatArray:
    """Return the chance that patrols detect a boat that crosses their line.

    Parameters
    ----------
    searchers, line_km, sweep_km, speed_ratio
        As for :func:`patrol_coverage`, which gives c.
    form
        ``"bound"``: min(1, c). Nothing is swept twice; no patrol along the line does better.
        ``"turns"``: c - c^2 / 4, and 1 from c = 2. Each searcher runs back and forth over its own
        n-th of the line, end to end; what it sweeps twice near the turns is taken off. Exact for
        n W much less than L.
        ``"random"``: 1 - exp(-c), as for random search (S200, S201): many searchers out of step
        with one another. The least of the three.

    Raises
    ------
    ValueError
        As :func:`patrol_coverage`, and for another form.

    Notes
    -----
    The boat crosses at right angles, at constant speed, anywhere on the line and at any time with
    equal chance, knows nothing of the patrol, and is detected if it comes within W / 2. One that
    knows it can do better. Where W is a larger part of the line, searchers on their own parts help
    their neighbours and do better than ``"turns"`` (simulated in ``tests/measures/test_force.py``).

    ``"turns"``: take n = 1. In the frame of the boats the patrol is a zigzag of period 2 L u / v.
    At a share x of the line it passes twice a period, 2 x L u / v and 2 (1 - x) L u / v apart, and
    each pass covers c L u / v. With t = 2 min(x, 1 - x), uniform from 0 to 1, the passes cover
    [min(c, t) + min(c, 2 - t)] / 2 of the period; the mean over t is c - c^2 / 4 up to c = 2.
    """
    c = patrol_coverage(searchers, line_km, sweep_km, speed_ratio)
    if form == "bound":
        return np.asarray(np.minimum(1, c))
    if form == "turns":
        return np.asarray(1 - (1 - np.minimum(c, 2) / 2) ** 2)
    if form == "random":
        return np.asarray(-np.expm1(-c))
    raise ValueError(f"form is {form!r}, expected 'bound', 'turns' or 'random'")


def patrols_needed(
    line_km: ArrayLike,
    sweep_km: ArrayLike,
    speed_ratio: ArrayLike,
    *,
    detection: float = PATROL_AIM,
) -> NDArray[np.int64]:
    """Return the least n with 1 - exp(-c) >= detection, see :func:`patrol_detection`.

    Raises
    ------
    ValueError
        As :func:`patrol_coverage`, and for a chance outside 0 to 1 (1 is never reached).
    """
    if not 0 <= detection < 1:
        raise ValueError(f"detection is {detection!r}, expected 0 to less than 1")
    one = patrol_coverage(1, line_km, sweep_km, speed_ratio)
    return np.asarray(np.ceil(-np.log1p(-detection) / one * (1 - 1e-12)), np.int64)


def break_even_sweep_km(line_km: ArrayLike, sensors: ArrayLike) -> FloatArray:
    """Return the sweep width (km) at which n fixed sensors just close a line: L / n."""
    line, number = _checked(line_km, sensors)
    return np.asarray(line / number)


def _checked(line_km: ArrayLike, divisor: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Arrays of a line and of what it is divided by; NaN passes through."""
    line, other = np.asarray(line_km, float), np.asarray(divisor, float)
    if (line < 0).any() or (other <= 0).any():
        raise ValueError("line_km must not be negative, sweep_km and sensors must be positive")
    return line, other


def _over(swept_km: FloatArray, line_km: FloatArray) -> FloatArray:
    """Quotient, infinite on no line."""
    swept, line = np.broadcast_arrays(swept_km, line_km)
    quotient = np.full(line.shape, np.inf)
    return np.asarray(np.divide(swept, line, out=quotient, where=line != 0))


def force_table(
    barrier_km: float,
    today_km: float,
    *,
    sweeps_km: Sequence[float] = SWEEPS_KM,
    speed_ratio: float,
) -> pd.DataFrame:
    """Return what an option's line needs and what today's force would achieve on it.

    Parameters
    ----------
    barrier_km, today_km
        Length of the line under the option and under the status quo.
    sweeps_km, speed_ratio
        Sweep widths, none of them a claim; speed of a patrol over that of the boat that crosses.

    Returns
    -------
    pandas.DataFrame
        One row per sweep width: ``sweep_km``; ``sensors_today``, ``sensors`` (fixed sensors that
        close today's and the option's line); ``today_force_static`` (chance that those of today
        detect a crossing of the option's line); ``patrols_today``, ``patrols`` (boats on random
        patrol that detect 0.9 of the crossings); ``today_force_patrol`` (chance with those
        of today).
    """
    sweep = np.asarray(sweeps_km, float)
    sensors = sensors_needed(today_km, sweep)
    patrols = patrols_needed(today_km, sweep, speed_ratio)
    return pd.DataFrame(
        {
            "sweep_km": sweep,
            "sensors_today": sensors,
            "sensors": sensors_needed(barrier_km, sweep),
            "today_force_static": static_detection(sensors, barrier_km, sweep),
            "patrols_today": patrols,
            "patrols": patrols_needed(barrier_km, sweep, speed_ratio),
            "today_force_patrol": patrol_detection(patrols, barrier_km, sweep, speed_ratio),
        }
    )


def deep_width_km(throat: Throat, depth_m: float) -> float:
    """Return how much of a throat is at least some depth deep (km); NaN where not resolved.

    The stretches of the profile, at most 0.5 km long, whose midpoint is that deep.
    """
    if not throat.resolved:
        return float("nan")
    middle_m = (throat.depth_m[:-1] + throat.depth_m[1:]) / 2
    return float(np.diff(throat.distance_km)[middle_m >= depth_m].sum())


def strait_force_table(
    throats: Sequence[Throat], straits: pd.DataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    """Return how far sensors must hear to close each exit of the sea.

    Parameters
    ----------
    throats, straits
        Throats of the theatre, and the table of :func:`okhotsk.measures.regimes.straits_under`.
    assumptions
        For ``transit_depth_m``.

    Returns
    -------
    pandas.DataFrame
        One row per exit: ``strait_id``, ``name``, ``regime``, ``deep_width_km`` (throat over water
        at least ``transit_depth_m`` deep), ``break_even_1_km``, ``break_even_2_km``,
        ``break_even_4_km`` (sweep width at which so many fixed sensors close it). 0 where no water
        is that deep, NaN where the seabed is too coarse for the strait.
    """
    regimes = dict(zip(straits["strait_id"], straits["regime"], strict=True))
    exits = [throat for throat in throats if throat.strait.exit]
    width_km = np.array([deep_width_km(t, assumptions.transit_depth_m) for t in exits], float)
    return pd.DataFrame(
        {
            "strait_id": [throat.strait.strait_id for throat in exits],
            "name": [throat.strait.name for throat in exits],
            "regime": [regimes[throat.strait.strait_id] for throat in exits],
            "deep_width_km": width_km,
        }
        | {f"break_even_{n}_km": break_even_sweep_km(width_km, n) for n in (1, 2, 4)}
    )


@dataclass(frozen=True)
class ExitDistances:
    """How far every land is from the throats of the exits: the same for every option.

    Attributes
    ----------
    throats, counts
        The exits, and the number of points along each.
    points
        Longitude and latitude of points along the throats, ends included, at most 0.5 km apart,
        one throat after the other, shape (n, 2).
    unit_km
        Geodesic distance of each point to the nearest shore of a land unit, by unit id.
    """

    throats: tuple[Throat, ...]
    points: FloatArray
    counts: tuple[int, ...]
    unit_km: Mapping[str, FloatArray]


def exit_distances(theatre: Theatre) -> ExitDistances:
    """Return the distances of every land unit from the exits, once for all options."""
    exits = tuple(throat for throat in theatre.throats if throat.strait.exit)
    pieces = [_points(throat) for throat in exits]
    points = np.concatenate(pieces) if pieces else np.empty((0, 2))
    unit_km = {unit: shore_km(land, points) for unit, land in theatre.lands.items()}
    return ExitDistances(exits, points, tuple(len(piece) for piece in pieces), unit_km)


def _points(throat: Throat) -> FloatArray:
    """Evenly spaced points along a throat, as many as its profile has."""
    share = np.linspace(0, 1, len(throat.distance_km))
    found = shapely.line_interpolate_point(throat.line, share, normalized=True)
    return np.asarray(shapely.get_coordinates(found))


def shore_km(land: shapely.MultiPolygon, points: FloatArray) -> FloatArray:
    """Return the geodesic distance (km, WGS84) of points to the nearest shore of a land.

    Parameters
    ----------
    land, points
        Land (EPSG:4326), all infinitely far where it is empty; longitude and latitude of points
        off it, shape (n, 2).

    Notes
    -----
    The nearest shore point is found by the straight line in space, and the geodesic computed to
    it (Karney 2013, doi:10.1007/s00190-012-0578-z). Shore points lie at most 450 m apart, so that
    the distance is too long by up to 0.23 km at the shore itself, and by less than 0.1 % from
    5 km on.
    """
    if land.is_empty or not len(points):
        return np.full(len(points), np.inf)
    shore = shore_points(land)
    nearest = cKDTree(geodesy.to_ecef_km(*shore.T)).query(geodesy.to_ecef_km(*points.T))[1]
    lon, lat = points.T
    return geodesy.distance_km(lon, lat, *shore[nearest].T)


def missile_cover(
    theatre: Theatre, parts: Sequence[Part], *, distances: ExitDistances | None = None
) -> pd.DataFrame:
    """Return how much of every exit lies within range of land where Russian forces may stand.

    An exit is covered if the farthest point of its throat is. That concerns ships and surfaced
    submarines: the missiles do not strike a submerged one. Whether a launcher stands there, sees
    its target, or reaches over high ground is not asked; any shore where Russian forces may stand
    counts (``forces`` is ``RU``), so that this is the most that an option leaves possible.

    Parameters
    ----------
    theatre, parts
        The theatre, and who holds what from :func:`okhotsk.scenario.model.resolve`.
    distances
        From :func:`exit_distances`, to share among options; computed where not given.

    Returns
    -------
    pandas.DataFrame
        One row per exit: ``strait_id``, ``name``, ``nearest_km``, ``farthest_km`` (distance of
        the throat's nearest and farthest point from such land; infinite where there is none), and
        for every published range (data/missiles.toml) the share of the throat within it, 0 to 1:
        ``bal_120_share`` and so on.
    """
    known = distances or exit_distances(theatre)
    russian = [_part_km(known, part) for part in parts if part.forces == "RU"]
    far = np.full(len(known.points), np.inf)
    km = np.minimum.reduce([far, *russian])
    edges = np.cumsum(known.counts)[:-1]
    ranges_km = missile_ranges_km()
    rows = [
        {
            "strait_id": throat.strait.strait_id,
            "name": throat.strait.name,
            "nearest_km": float(away_km.min()),
            "farthest_km": float(away_km.max()),
        }
        | {f"{name}_share": float((away_km <= reach).mean()) for name, reach in ranges_km.items()}
        for throat, away_km in zip(known.throats, np.split(km, edges), strict=True)
    ]
    return pd.DataFrame(rows)


def missile_ranges_km() -> dict[str, float]:
    """Every published range (km), by missile and range: ``bal_120`` and so on."""
    return {
        f"{missile['id']}_{reach['km']}": float(reach["km"])
        for missile in read_data("missiles.toml")["missile"]
        for reach in missile["range"]
    }


def _part_km(known: ExitDistances, part: Part) -> FloatArray:
    """Distances to a part: the unit's where it is whole, computed for the side of a line."""
    if part.part_id == part.unit and part.unit in known.unit_km:
        return known.unit_km[part.unit]
    return shore_km(part.land, known.points)
