"""The corridor of a strait: the water outside all territorial seas through it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from okhotsk.measures.strait_section import NearPart
from okhotsk.measures.zones import JP_SEA, RU_SEA, Zones
from okhotsk.raster.arrays import BoolArray
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Gaps, Throat, find_gaps


def near_gaps(throat: Throat, near: Sequence[NearPart], gaps: Gaps) -> Gaps:
    """Return how far apart the parts near a throat are, by part id.

    ``gaps`` are those of whole units, which the theatre knows; where a unit near the throat is
    split, they are measured anew.
    """
    if all(one.part.part_id == one.part.unit for one in near):
        return gaps
    return find_gaps(throat, {one.part.part_id: one.part.land for one in near})


def corridor_km(gaps: Gaps, near: Sequence[NearPart]) -> float:
    """Return how wide the water outside all territorial seas is through a strait.

    Parameters
    ----------
    gaps
        How far apart the parts near the strait are, from :func:`near_gaps`.
    near
        The parts, from :func:`okhotsk.measures.strait_section.near_parts`.

    Returns
    -------
    float
        Kilometres between the limits of the territorial seas where the widest way through the
        strait is narrowest; 0 where every way enters a territorial sea.

    Notes
    -----
    It is twice the greatest clearance that a way can keep from every territorial sea. A way with
    clearance c exists unless a chain of lands joins both sides of the strait by gaps below 2c,
    each measured between the limits of two territorial seas. So the width is the least, over all
    chains, of the greatest gap in the chain: the dual of the widest path, without cells. The
    throat gives no width: it follows the least cross-section and runs obliquely from shore to
    shore.

    Only land in the box round the throat makes chains
    (:func:`okhotsk.theatre.straits.near_box`). Chain and throat together close a ring. A way
    that begins and ends outside the ring and crosses the throat has to cross the chain too. A
    ring through far lands could hold the whole sea, in which the way may end.

    Examples
    --------
    Two coasts 60 km apart, and an islet in the middle whose belt leaves 7.8 km on either side:

    >>> from types import SimpleNamespace as Of
    >>> km = np.array([[0, 30, 60], [30, 0, 30], [60, 30, 0.0]])
    >>> near = [Of(part=Of(part_id=land), reach_km=11.1) for land in ("a", "islet", "b")]
    >>> round(corridor_km(Gaps(("a", "islet", "b"), km, (0, 2)), near), 1)
    7.8
    """
    reaches = {one.part.part_id: one.reach_km for one in near}
    reach_km = np.array([reaches[owner] for owner in gaps.owner])
    widest_km = gaps.km - reach_km[:, None] - reach_km
    for land in range(len(reach_km)):  # chains by way of one more land
        by_way_km = np.maximum(widest_km[:, land, None], widest_km[land])
        widest_km = np.minimum(widest_km, by_way_km)
    return max(0.0, float(widest_km[gaps.ends]))


def territorial_sea_near(theatre: Theatre, zones: Zones) -> BoolArray:
    """Return the cells of territorial sea near the straits.

    :func:`okhotsk.measures.passage.exit_depths` past these gives the depths of corridors.
    Territorial sea elsewhere stays open: La Perouse leads to the ocean, within the theatre, only
    through the Tsugaru Strait, whose territorial sea does not shut a corridor through La Perouse.
    """
    return np.asarray(theatre.near_throats & np.isin(zones.code, (RU_SEA, JP_SEA)))
