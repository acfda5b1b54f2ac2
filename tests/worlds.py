"""Made-up worlds: figures of scenarios from rules, in the place of a coarsened theatre."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from okhotsk.assessment.uncertainty import EXITS
from okhotsk.scenario.assumptions import Assumptions, from_unit
from okhotsk.scenario.model import Scenario

QUO: Mapping[str, float] = {
    "barrier_km": 700.0,
    "operating_area_km2": 400.0,
    "russian_operating_share": 0.9,
    "refuge_share": 0.6,
    "sensed_share": 0.2,
    "egress_exposure": 0.5,
    "base_exposure": 0.3,
    "intruder_exposure": 2.0,
    **dict(zip(EXITS, (10.0, 1.0, 2.0), strict=True)),
}


@dataclass(frozen=True)
class Ground:
    """A theatre that is nothing but a name, and which seabed of the ensemble it has."""

    key: str = "made up"
    member: int = 0


Rule = Callable[[Assumptions, Ground], Mapping[str, float]]


@dataclass
class Known:
    """Figures from a rule for each scenario: what it changes of today's. Notes what is asked."""

    theatre: Ground = Ground()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    workers: int = 1
    cells: tuple[int, int] = (1, 1)
    columns: Sequence[str] = tuple(QUO)

    def records(self, scenario: Scenario, units: np.ndarray) -> Sequence[dict[str, float]]:
        self.asked.append(scenario.scenario_id)
        return [self.record(scenario.scenario_id, from_unit(row)) for row in units]

    def record(self, scenario_id: str, assumptions: Assumptions | None = None) -> dict[str, float]:
        rule = self.rules.get(scenario_id, lambda *_: {})
        return {**QUO, **rule(assumptions or Assumptions(), self.theatre)}


@dataclass
class KnownSeabeds:
    """Figures on every seabed of an ensemble, from the same rules."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    members: int = 4

    def rows(self, scenarios: Sequence[Scenario]) -> list[list[dict[str, float]]]:
        grounds = [Ground(member=number) for number in range(self.members + 1)]
        known = [Known(ground, self.rules) for ground in grounds]
        return [[one.record(scenario.scenario_id) for one in known] for scenario in scenarios]
