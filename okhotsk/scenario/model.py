"""Handover options: who holds which land, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from okhotsk.theatre.coast import FIXED_HOLDERS

Lands = Mapping[str, shapely.MultiPolygon]

FORCES = ("RU", "JP", "none")
TODAY = "status-quo"  # the option that all others are compared with


@dataclass(frozen=True, kw_only=True)
class Cession:
    """Land handed to Japan: one whole unit, or one side of a line across it.

    Attributes
    ----------
    unit
        Land unit.
    forces
        Whose forces may stand there: ``RU``, ``JP`` or ``none``.
    rule
        None for a whole unit; ``parallel`` (a line of latitude) or ``equal-land`` (the line
        across the long axis that leaves both countries equal land among some units).
    lat, among
        What the rule needs. The southern part is the one ceded.
    """

    unit: str
    forces: str
    rule: str | None = None
    lat: float | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A handover option; ``short`` is a title for charts, the title where there is none."""

    scenario_id: str
    title: str
    short: str = ""
    date: str = ""
    proponent: str = ""
    status: str = ""
    line: str = ""
    context: str = ""
    sources: tuple[str, ...] = ()
    cessions: tuple[Cession, ...] = ()

    def _repr_html_(self) -> str:
        from okhotsk.cards import scenario_card

        return scenario_card(self)


@dataclass(frozen=True)
class Part:
    """Land under one holder: a unit, or the piece of a unit on one side of a line.

    Attributes
    ----------
    part_id
        The unit id, with ``-south`` or ``-north`` where the unit is split.
    sovereign
        ``RU`` or ``JP``: decides zones and regimes.
    forces
        ``RU``, ``JP`` or ``none``: whose sensors and missiles may stand there.
    """

    part_id: str
    unit: str
    sovereign: str
    forces: str
    land: shapely.MultiPolygon

    @property
    def ceded(self) -> bool:
        """Whether the option hands this land to Japan."""
        return self.sovereign == "JP" and FIXED_HOLDERS.get(self.unit) != "JP"
