"""Whose territorial sea a strait lies in: along its throat, from shore to shore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from okhotsk.raster.arrays import FloatArray
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.straits import Shore, Strait, Throat, find_shore

POINTS = 160  # along a strait
RUSSIAN, JAPANESE, OPEN = "ru-territorial-sea", "jp-territorial-sea", ""


@dataclass(frozen=True)
class Section:
    """Depth and zone at even steps along a throat.

    Attributes
    ----------
    distance_km, depth_m
        From side a to side b.
    zone
        ``ru-territorial-sea``, ``jp-territorial-sea``, or empty outside both.
    """

    distance_km: NDArray[np.float64]
    depth_m: NDArray[np.float64]
    zone: NDArray[np.object_]

    def runs(self, zone: str) -> list[slice]:
        """Stretches of one zone, each with the step after it, so that neighbours meet."""
        inside = np.concatenate([[False], self.zone == zone, [False]])
        starts, ends = (np.flatnonzero(np.diff(inside.astype(int)) == sign) for sign in (1, -1))
        last = len(self.zone)
        return [slice(a, min(b + 1, last)) for a, b in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class NearPart:
    """A part near a throat: how far its shore is, and how far its territorial sea reaches."""

    part: Part
    shore: Shore
    reach_km: float


def near_parts(
    throat: Throat, shores: Mapping[str, Shore], parts: Iterable[Part], assumptions: Assumptions
) -> list[NearPart]:
    """Return the parts near a throat.

    ``shores`` are those of whole units, which the theatre knows; the sides of a line are measured.
    """
    found = []
    for part in parts:
        whole = part.part_id == part.unit
        if part.unit not in shores:
            continue
        shore = shores[part.unit] if whole else find_shore(throat, part.land)
        if shore is not None:
            reach_nm = breadth_nm(throat.strait, part.sovereign, assumptions)
            found.append(NearPart(part, shore, reach_nm * KM_PER_NM))
    return found


def breadth_nm(strait: Strait, holder: str, assumptions: Assumptions) -> float:
    """Breadth of a holder's territorial sea in a strait."""
    soya = strait.strait_id == "la-perouse" and holder == "JP"
    general_nm = assumptions.territorial_sea_nm
    return min(assumptions.soya_nm, general_nm) if soya else general_nm


def zones_along(near: Sequence[NearPart], share: FloatArray, *, points: int) -> NDArray[np.object_]:
    """Return the zone at some shares of the length of a throat.

    Water within the reach of several shores is that of the nearest; on the median line, Russian.

    Parameters
    ----------
    near
        From :func:`near_parts`.
    share
        Places along the throat, 0 at side a and 1 at side b.
    points
        Points of the throat's profile, at which the distances are known.
    """
    zone, nearest_km = np.full(len(share), OPEN, object), np.full(len(share), np.inf)
    profile = np.linspace(0, 1, points)
    for one in sorted(near, key=lambda one: one.part.sovereign != "RU"):
        km = np.interp(share, profile, one.shore.km)
        here = (km <= one.reach_km) & (km < nearest_km)
        zone[here] = RUSSIAN if one.part.sovereign == "RU" else JAPANESE
        nearest_km[here] = km[here]
    return zone


def find_section(throat: Throat, near: Sequence[NearPart]) -> Section:
    """Return the section of a throat near some parts, at even steps."""
    share = np.linspace(0, 1, POINTS)
    zone = zones_along(near, share, points=len(throat.distance_km))
    distance_km = share * float(throat.distance_km[-1])
    depth_m = np.interp(distance_km, throat.distance_km, throat.depth_m)
    return Section(distance_km, depth_m, zone)
