"""Figures of scenarios in many worlds: under other assumptions, and on other seabeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from okhotsk.assessment import index
from okhotsk.assessment.seabeds import SeabedSampler
from okhotsk.assessment.uncertainty import Sampler, carried, carried_components, draw
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import Assumptions, ends, swept_names, to_unit
from okhotsk.scenario.model import TODAY, Scenario
from okhotsk.scenario.read import load_scenario

FLOOR = "floor"


@dataclass(frozen=True)
class World:
    """One set of assumptions on one seabed.

    Attributes
    ----------
    name
        What differs from the defaults, for readers.
    assumption, value
        The one assumption that differs, and its value; empty and NaN in a joint sample, on
        another seabed and in the world of the defaults.
    joint, seabed
        Whether it is one of the joint sample; whether it is another seabed.
    """

    name: str
    assumption: str = ""
    value: float = np.nan
    joint: bool = False
    seabed: bool = False


@dataclass(frozen=True)
class Worlds:
    """The worlds in which claims are judged.

    Attributes
    ----------
    sampler
        Measures the theatre on coarser cells, under any assumptions.
    seabeds
        Measures the theatre on the seabeds of the ensemble, under the default assumptions.
    count
        Size of the joint sample of all assumptions.
    """

    sampler: Sampler
    seabeds: SeabedSampler
    count: int

    @property
    def worlds(self) -> tuple[World, ...]:
        """The defaults, each assumption alone at its ends, a joint sample, and the seabeds."""
        return (
            World("defaults"),
            *(World(f"{name} {value:g}", name, value) for name, value in _single()),
            *(World(f"sample {n + 1}", joint=True) for n in range(self.count)),
            *(World(f"seabed {n + 1}", seabed=True) for n in range(self.seabeds.members)),
        )

    def figures(
        self, scenario: Scenario, record: Mapping[str, Any], today: Mapping[str, Any]
    ) -> dict[str, FloatArray]:
        """Return figures, components and index of a scenario in every world.

        Parameters
        ----------
        scenario, record
            The scenario and its record under the default assumptions.
        today
            The record of the status quo under the same assumptions.

        Notes
        -----
        The coarsened theatre tells what changes; the level is the theatre's own. Figures are
        carried over by their ratio to the defaults, components by their difference, as in
        :func:`okhotsk.assessment.uncertainty.sampled_components`.
        """
        single, drawn, floors = self._points()
        pair = (scenario, load_scenario(TODAY))
        rows, base = (
            # The joint sample is that of the interval of the index, which is kept on disk.
            [joint[0], *self.sampler.records(one, single), *joint[1:], *seabeds[1:]]
            for one, seabeds in zip(pair, self.seabeds.rows(pair), strict=True)
            for joint in [self.sampler.records(one, drawn)]
        )
        rows, base = (
            [{name: row[name] for name in self.sampler.columns} for row in table]
            for table in (rows, base)
        )
        return world_figures(rows, base, record, today, floors=floors)

    def at(
        self,
        scenario: Scenario,
        record: Mapping[str, Any],
        today: Mapping[str, Any],
        *,
        assumption: str,
        value: float,
    ) -> dict[str, FloatArray]:
        """Return what :meth:`figures` does, in the world of the defaults and in one other."""
        recipe, default = index.read_recipe(), Assumptions()
        floors, other = np.full(2, recipe.floor), default
        if assumption == FLOOR:
            floors[1] = value
        else:
            other = default.with_values({assumption: value})
        units = np.array([to_unit(default), to_unit(other)])
        # The row of the defaults is kept by itself, since every other world needs it.
        rows, base = (
            [row for point in units for row in self.sampler.records(one, point[None])]
            for one in (scenario, load_scenario(TODAY))
        )
        return world_figures(rows, base, record, today, floors=floors)

    def _points(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Points of the unit cube of the assumptions, and the floor of the index in each world.

        The points are those of single changes, and the defaults with the joint sample.
        """
        recipe, default = index.read_recipe(), Assumptions()
        joint = draw(self.count)
        single, floors = [], [recipe.floor]
        for name, value in _single():
            changed = default if name == FLOOR else default.with_values({name: value})
            single.append(to_unit(changed))
            floors.append(value if name == FLOOR else recipe.floor)
        seabeds = np.full(self.seabeds.members, recipe.floor)
        drawn = np.vstack([to_unit(default), joint[:, :-1]])
        swept = recipe.floors(joint[:, -1])
        return np.array(single), drawn, np.concatenate([floors, swept, seabeds])


def _single() -> list[tuple[str, float]]:
    """Each swept assumption, and the floor of the index, at the ends of its range."""
    recipe, default = index.read_recipe(), Assumptions()
    known = [
        (name, value)
        for name in swept_names()
        for value in ends(name)
        if value != getattr(default, name)
    ]
    return [*known, (FLOOR, recipe.floor_low), (FLOOR, recipe.floor_high)]


def component_names() -> list[str]:
    """Return the names of the components among the figures of a world."""
    return [f"component:{c.component_id}" for c in index.read_recipe().components]


def world_figures(
    rows: Sequence[Mapping[str, float]],
    base: Sequence[Mapping[str, float]],
    record: Mapping[str, Any],
    today: Mapping[str, Any],
    *,
    floors: FloatArray,
) -> dict[str, FloatArray]:
    """Return figures of a scenario in some worlds, on the level of the theatre.

    Parameters
    ----------
    rows, base
        Figures of the scenario and of the status quo on the coarsened theatre, a row for each
        world; the first is that of the defaults.
    record, today
        Their figures on the theatre, under the defaults.
    floors
        Floor of the index in each world.

    Returns
    -------
    dict
        Arrays with an element for each world: every column of ``rows``; every component, by
        ``component:<id>``; ``least_component``; ``index`` and ``index_without_sensors``.
    """
    recipe = index.read_recipe()
    found = {
        column: carried(np.array([row[column] for row in rows]), float(record[column]))
        for column in rows[0]
    }
    coarse = np.stack(
        [
            index.component_values(recipe, [row], today_row)
            for row, today_row in zip(rows, base, strict=True)
        ]
    )
    exact = index.component_values(recipe, [record], today)
    values = carried_components(coarse, exact)[:, 0]
    found |= dict(zip(component_names(), values.T, strict=True))
    found["least_component"] = values.min(axis=1)
    for name, weights in (
        ("index", recipe.weights),
        ("index_without_sensors", recipe.weights_without_sensors),
    ):
        found[name] = index.index_of(values, weights, floors)
    return found
