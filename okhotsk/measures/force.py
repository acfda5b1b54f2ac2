"""What Russia must hold the line with: fixed sensors, patrols and coastal missiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from okhotsk.measures.search_theory import (
    break_even_sweep_km,
    patrol_detection,
    patrols_needed,
    sensors_needed,
    static_detection,
)
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.theatre.straits import Throat

SWEEPS_KM = (2.0, 5.0, 10.0, 20.0, 40.0)  # no range is published for these straits: swept


def force_table(
    barrier_km: float,
    today_km: float,
    *,
    sweeps_km: Sequence[float] = SWEEPS_KM,
    speed_ratio: float,
) -> pd.DataFrame:
    """Return what a scenario's line needs and what today's force would achieve on it.

    Parameters
    ----------
    barrier_km, today_km
        Length of the line under the scenario and under the status quo.
    sweeps_km, speed_ratio
        Sweep widths, none of them a claim; speed of a patrol over that of the boat that crosses.

    Returns
    -------
    pandas.DataFrame
        One row per sweep width: ``sweep_km``; ``sensors_today``, ``sensors`` (fixed sensors that
        close today's and the scenario's line); ``today_force_static`` (chance that those of today
        detect a crossing of the scenario's line); ``patrols_today``, ``patrols`` (boats on random
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
