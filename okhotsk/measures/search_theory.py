"""Search theory: what sensors and patrols on a line detect."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from okhotsk.raster.arrays import FloatArray

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
