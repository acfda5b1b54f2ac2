"""Missiles on shore: which exits their ranges cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from okhotsk.datasets import ID, OPTIONAL, read_table
from okhotsk.raster import geodesy
from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.proximity import shore_points
from okhotsk.scenario.model import Part
from okhotsk.schema import DATE, TABLES, TEXTS, WHOLE, Key, Schema
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Throat

HOLDERS = ("RU", "JP")
RANGE = Schema({"km": Key(WHOLE, low=1), "source": Key(TEXTS), "bound": OPTIONAL, "note": OPTIONAL})
MISSILE = Schema(
    {
        "id": ID,
        "name": Key(),
        "holder": Key(choices=HOLDERS),
        "weapon": Key(),
        "range": Key(TABLES, table=RANGE),
    },
    label="id",
)
DEPLOYMENT = Schema(
    {
        "launcher": ID,
        "missile": ID,
        "reported": Key(DATE),
        "source": Key(TEXTS),
        "note": OPTIONAL,
    }
)
MISSILES = Schema(
    {"missile": Key(TABLES, table=MISSILE), "deployment": Key(TABLES, table=DEPLOYMENT)}
)


@dataclass(frozen=True)
class MissileRange:
    """One published range of a missile.

    Attributes
    ----------
    column
        Name of its share in :func:`missile_cover`.
    name, holder, km
        Name of the missile, who has it (``RU`` or ``JP``), and the range.
    """

    column: str
    name: str
    holder: str
    km: float


@dataclass(frozen=True)
class ExitDistances:
    """How far every land is from the throats of the exits: the same for every scenario.

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
    """Return the distances of every land unit from the exits, once for all scenarios."""
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
    """Return how much of every exit lies within range of either side's missiles.

    Each holder's missiles are reckoned from land where its forces may stand (``forces``), whether
    or not a launcher stands there, sees its target, or reaches over high ground. So this is the
    most that a scenario leaves possible. An exit is covered if the farthest point of its throat
    is. That concerns ships and surfaced submarines: the missiles do not strike a submerged one.

    Parameters
    ----------
    theatre, parts
        The theatre, and who holds what from :func:`okhotsk.scenario.split.resolve`.
    distances
        From :func:`exit_distances`, to share among scenarios; computed where not given.

    Returns
    -------
    pandas.DataFrame
        One row per exit: ``strait_id``, ``name``; ``ru_nearest_km``, ``ru_farthest_km`` and the
        same for ``jp`` (distance of the throat's nearest and farthest point from land where such
        forces may stand; infinite where there is none); and for every published range
        (data/missiles.toml) the share of the throat within it, 0 to 1: ``bal_120_share`` and so on.
    """
    exits = distances or exit_distances(theatre)
    edges = np.cumsum(exits.counts)[:-1]
    away_km = {holder: np.split(_forces_km(exits, parts, holder), edges) for holder in HOLDERS}
    ranges = missile_ranges()
    rows = []
    for n, throat in enumerate(exits.throats):
        row: dict[str, object] = {"strait_id": throat.strait.strait_id, "name": throat.strait.name}
        for holder in HOLDERS:
            km, side = away_km[holder][n], holder.lower()
            row |= {f"{side}_nearest_km": float(km.min()), f"{side}_farthest_km": float(km.max())}
        for one in ranges:
            row[one.column] = float((away_km[one.holder][n] <= one.km).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def missile_ranges() -> tuple[MissileRange, ...]:
    """Return every published range, in the order of the data."""
    return tuple(
        MissileRange(
            f"{missile['id']}_{reach['km']}_share",
            missile["name"],
            missile["holder"],
            float(reach["km"]),
        )
        for missile in read_table("missiles.toml", MISSILES)["missile"]
        for reach in missile["range"]
    )


def _forces_km(exits: ExitDistances, parts: Sequence[Part], holder: str) -> FloatArray:
    """Distance of every point to the nearest land where a holder's forces may stand."""
    none = np.full(len(exits.points), np.inf)
    return np.asarray(
        np.minimum.reduce([none, *(_part_km(exits, p) for p in parts if p.forces == holder)])
    )


def _part_km(exits: ExitDistances, part: Part) -> FloatArray:
    """Distances to a part: the unit's where it is whole, computed for the side of a line."""
    if part.part_id == part.unit and part.unit in exits.unit_km:
        return exits.unit_km[part.unit]
    return shore_km(part.land, exits.points)
