"""The bastion index: components against the status quo, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from okhotsk.datasets import ID, read_data
from okhotsk.raster.arrays import FloatArray
from okhotsk.schema import FLAG, NUMBER, TABLES, Key, Rule, Schema, validate

TIE = 1e-6  # scores closer than this are one: scenarios that change nothing differ by rounding
PERCENTILES = (5, 95)


@dataclass(frozen=True)
class Kind:
    """How a component rates a figure: by the value ``offset + slope * figure``.

    Attributes
    ----------
    offset, slope
        Make the value of the figure.
    more_is_better
        Whether a component is the value over today's, or today's over the value.
    """

    offset: float
    slope: float
    more_is_better: bool


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "burden": Kind(0.0, 1.0, more_is_better=False),
        "asset": Kind(0.0, 1.0, more_is_better=True),
        "complement": Kind(1.0, -1.0, more_is_better=True),
        "exposure": Kind(1.0, 1.0, more_is_better=False),
    }
)


@dataclass(frozen=True)
class Component:
    """One ratio to the status quo: 1 is as today, 0 is lost.

    ``sensor`` tells whether its figure needs the sensor range.
    """

    component_id: str
    title: str
    column: str
    kind: str
    weight: float
    meaning: str
    sensor: bool = False


@dataclass(frozen=True)
class Recipe:
    """What the index is made of.

    Attributes
    ----------
    components
        The components; their weights add up to 1.
    floor, floor_low, floor_high
        Least value of a component, and the range over which it is swept.
    """

    components: tuple[Component, ...]
    floor: float
    floor_low: float
    floor_high: float

    @property
    def weights(self) -> FloatArray:
        """Weights of the components."""
        return np.array([component.weight for component in self.components])

    def floors(self, shares: FloatArray) -> FloatArray:
        """Return floors at some shares, 0 to 1, of the range over which the floor is swept."""
        return np.asarray(self.floor_low + shares * (self.floor_high - self.floor_low))

    @property
    def weights_without_sensors(self) -> FloatArray:
        """Weights of the components, none for those that need the sensor range."""
        kept = np.where([component.sensor for component in self.components], 0.0, self.weights)
        return np.asarray(kept / kept.sum())


@cache
def read_recipe() -> Recipe:
    """Read and check what the index is made of.

    Raises
    ------
    DataError
        Naming all problems of the file at once.
    """
    return make_recipe(read_data("index.toml"))


def make_recipe(data: Mapping[str, Any]) -> Recipe:
    """Make a recipe of the contents of ``index.toml``; errors as :func:`read_recipe`."""
    validate(data, INDEX, file="index.toml")
    components = tuple(
        Component(
            component_id=c["id"],
            title=c["title"],
            column=c["column"],
            kind=c["kind"],
            weight=float(c["weight"]),
            meaning=c["meaning"],
            sensor=c.get("sensor", False),
        )
        for c in data["component"]
    )
    return Recipe(components, *(float(data[key]) for key in ("floor", "floor_low", "floor_high")))


def _wrong_sum(data: Mapping[str, Any]) -> list[str]:
    total = sum(c["weight"] for c in data["component"])
    return [] if abs(total - 1) <= 1e-9 else [f"the weights add up to {total:g}, expected 1"]


def _wrong_floors(data: Mapping[str, Any]) -> list[str]:
    low, middle, high = (data[key] for key in ("floor_low", "floor", "floor_high"))
    if 0 < low <= middle <= high < 1:
        return []
    return [f"floors are {low:g}, {middle:g}, {high:g}, expected to rise within 0 to 1"]


COMPONENT = Schema(
    {
        "id": ID,
        "title": Key(),
        "column": Key(),
        "kind": Key(choices=tuple(KINDS)),
        "weight": Key(NUMBER, low=0, high=1),
        "meaning": Key(),
        "sensor": Key(FLAG, required=False),
    },
    label="id",
)
INDEX = Schema(
    {
        "floor": Key(NUMBER),
        "floor_low": Key(NUMBER),
        "floor_high": Key(NUMBER),
        "component": Key(TABLES, table=COMPONENT),
    },
    rules=(
        Rule(("component",), _wrong_sum),
        Rule(("floor", "floor_low", "floor_high"), _wrong_floors),
    ),
)


def component_values(
    recipe: Recipe, records: Sequence[Mapping[str, float]], today: Mapping[str, float]
) -> FloatArray:
    """Return the components of some scenarios against the status quo, within 0 to 1.

    Parameters
    ----------
    recipe
        From :func:`read_recipe`.
    records
        Records of the scenarios, with the columns of the components.
    today
        Record of the status quo under the same assumptions.

    Returns
    -------
    numpy.ndarray
        Shape (scenarios, components); the floor is not yet applied.

    Raises
    ------
    ValueError
        Where a figure is missing, such as the share of no exits at all.
    """
    columns = {
        c.column: np.array([record[c.column] for record in records], float)
        for c in recipe.components
    }
    return component_table(recipe, columns, today)


def component_table(
    recipe: Recipe, columns: Mapping[str, FloatArray], today: Mapping[str, float]
) -> FloatArray:
    """Return the components of many scenarios, as :func:`component_values`, from columns."""
    for c in recipe.components:
        if np.isnan(columns[c.column]).any() or np.isnan(today[c.column]):
            raise ValueError(f"no index: {c.column} has no value for some option")
    ratios = [_ratio(KINDS[c.kind], columns[c.column], today[c.column]) for c in recipe.components]
    return np.clip(np.stack(ratios, axis=-1), 0, 1)


def _ratio(kind: Kind, figure: FloatArray, today: float) -> FloatArray:
    """How much of today's value scenarios leave; 1 where there was nothing to lose."""
    value, base = (kind.offset + kind.slope * np.asarray(x, float) for x in (figure, today))
    above, below = np.broadcast_arrays(*((value, base) if kind.more_is_better else (base, value)))
    kept = (above == below) | (below <= 0)
    # Infinite over infinite is one that is kept; what grows beyond all numbers is clipped.
    with np.errstate(invalid="ignore", over="ignore"):
        ratio = np.divide(above, below, out=np.ones(below.shape), where=~kept)
    return np.where(np.isinf(below) & ~kept, 0.0, ratio)


def index_of(values: FloatArray, weights: FloatArray, floor: float | FloatArray) -> FloatArray:
    """Return the index, up to 100: the weighted geometric mean of components, times 100.

    Parameters
    ----------
    values
        Components in the last axis.
    weights
        Weights in the last axis, adding up to 1; broadcast against ``values``.
    floor
        Least value of a component; broadcast against ``values`` without its last axis.

    Notes
    -----
    A geometric mean, so that one strength cannot buy off another's loss in full (OECD & JRC 2008,
    doi:10.1787/9789264043466-en). A component of zero would make it zero
    whatever the others are: hence the floor.
    """
    raised: FloatArray = np.maximum(values, np.asarray(floor)[..., None])
    return np.asarray(100 * np.exp((np.log(raised) * weights).sum(axis=-1)))


def draw_weights(count: int, components: int, *, seed: int) -> FloatArray:
    """Draw weightings evenly from all that there are: Dirichlet(1, ..., 1), one per row."""
    return np.random.default_rng(seed).dirichlet(np.ones(components), count)


def score_table(values: FloatArray, floors: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the index of every sample, scenario and weighting.

    Parameters
    ----------
    values
        Components, shape (samples, scenarios, components).
    floors
        One floor per sample.
    weights
        Weightings, shape (weightings, components).

    Returns
    -------
    numpy.ndarray
        Shape (samples, scenarios, weightings).
    """
    raised = np.log(np.maximum(values, floors[:, None, None]))
    # Component by component, since the last bits of a product of matrices depend on threads.
    total = sum(raised[..., [n]] * weights[:, n] for n in range(weights.shape[1]))
    return np.asarray(100 * np.exp(total))


def interval(scores: FloatArray) -> FloatArray:
    """Return the 5th and 95th percentile of each scenario's scores, shape (scenarios, 2)."""
    return np.asarray(np.percentile(scores, PERCENTILES, axis=(0, 2)).T)


def rank_probabilities(scores: FloatArray) -> FloatArray:
    """Return the probability of every rank for every scenario.

    Parameters
    ----------
    scores
        From :func:`score_table`.

    Returns
    -------
    numpy.ndarray
        Shape (scenarios, ranks), best rank first; rows and columns add up to 1. Scenarios that tie
        share the ranks they take together.
    """
    count = scores.shape[1]
    draws = np.moveaxis(scores, 1, -1).reshape(-1, count)
    order = np.argsort(-draws, axis=1, kind="stable")
    ranked = np.take_along_axis(draws, order, axis=1)
    # A group of ties ends where the next score is lower by more than rounding.
    ends = np.pad(ranked[:, :-1] - ranked[:, 1:] > TIE, [(0, 0), (0, 1)], constant_values=True)
    group = np.pad(ends.cumsum(axis=1)[:, :-1], [(0, 0), (1, 0)])
    table = np.zeros((count, count))
    for rank in range(count):
        together = group == group[:, [rank]]
        np.add.at(table[:, rank], order, together / together.sum(axis=1, keepdims=True))
    return table / len(draws)


def variance_shares(scores: FloatArray) -> FloatArray:
    """Return the shares of each scenario's variance that assumptions and weightings explain.

    Returns
    -------
    numpy.ndarray
        Shape (scenarios, 3): assumptions alone, weightings alone, both together; NaN for an
        scenario whose index never moves.

    Notes
    -----
    Law of total variance on the full table of samples and weightings.
    """
    total = scores.var(axis=(0, 2))
    alone = np.stack([scores.mean(axis=2).var(axis=0), scores.mean(axis=0).var(axis=1)], axis=-1)
    moved = np.where(total > TIE**2, total, np.nan)[:, None]
    shares = alone / moved
    return np.concatenate([shares, 1 - shares.sum(axis=1, keepdims=True)], axis=1)
