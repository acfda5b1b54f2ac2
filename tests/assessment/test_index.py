"""The bastion index: what its components say, what its mean obeys, how ranks are shared."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from okhotsk.assessment import index
from okhotsk.datasets import read_data
from okhotsk.errors import DataError

RECIPE = index.read_recipe()
SIZE = len(RECIPE.components)
IDS = [component.component_id for component in RECIPE.components]

TODAY = {
    "barrier_km": 700.0,
    "operating_area_km2": 400.0,
    "russian_operating_share": 0.9,
    "refuge_share": 0.6,
    "sensed_share": 0.2,
    "egress_exposure": 0.5,
    "base_exposure": 0.3,
    "intruder_exposure": 2.0,
}
# Columns of which more is worse for Russia.
BURDENS = {
    "barrier_km",
    "operating_area_km2",
    "sensed_share",
    "egress_exposure",
    "base_exposure",
}

ratios = st.floats(0, 1)
rows = arrays(float, SIZE, elements=ratios)
floors = st.floats(RECIPE.floor_low, RECIPE.floor_high)
weightings = arrays(float, SIZE, elements=st.floats(0.01, 1)).map(lambda w: w / w.sum())


def value(component_id: str, today: float, option: float) -> float:
    """One component of an option that differs from the status quo in its column alone."""
    place = IDS.index(component_id)
    column = RECIPE.components[place].column
    base = TODAY | {column: today}
    found = index.component_values(RECIPE, [base | {column: option}], base)
    others = np.delete(found[0], place)
    assert (others == 1).all()
    return float(found[0, place])


# The recipe


def test_recipe_covers_each_column_once_and_weighs_four_questions_alike() -> None:
    assert {c.column for c in RECIPE.components} == set(TODAY)
    assert len(set(IDS)) == SIZE == len(TODAY)
    assert all(c.title and c.meaning for c in RECIPE.components)
    weight = dict(zip(IDS, RECIPE.weights, strict=True))
    questions = [
        ("seal", "section"),
        ("straits",),
        ("refuge", "unsensed"),
        ("egress", "base", "warning"),
    ]
    sums = [sum(weight[name] for name in names) for names in questions]
    assert sums == pytest.approx([0.25] * 4, abs=1e-11)


def changed(**values: Any) -> dict[str, Any]:
    """The shipped file with its first component changed."""
    data = read_data("index.toml")
    first, *rest = data["component"]
    return data | {"component": [first | values, *rest]}


def test_problems_of_the_file_are_named_together() -> None:
    with pytest.raises(DataError) as caught:
        index.make_recipe(changed(kind="gain", weight=-1.0) | {"floor": 0.5})
    message = str(caught.value)
    assert "index.toml" in message
    assert "component 'seal': kind is 'gain', expected one of burden" in message
    assert "component 'seal': weight is -1, expected 0 to 1" in message
    assert "add up to -0.125, expected 1" in message
    assert "floors are 0.01, 0.5, 0.2" in message


@pytest.mark.parametrize("floor", [0.0, -0.1, 1.0, float("nan")])
def test_floor_keeps_within_0_and_1(floor: float) -> None:
    with pytest.raises(DataError, match="floors are"):
        index.make_recipe(read_data("index.toml") | {"floor_low": floor})


def test_shipped_file_serves() -> None:
    assert index.make_recipe(read_data("index.toml")) == RECIPE
    assert RECIPE.weights.sum() == pytest.approx(1, abs=1e-11)


def test_weights_without_sensors_leave_out_what_needs_a_range() -> None:
    weights = dict(zip(IDS, RECIPE.weights_without_sensors, strict=True))
    assert [name for name, weight in weights.items() if not weight] == [
        "unsensed",
        "egress",
        "base",
        "warning",
    ]
    assert sum(weights.values()) == pytest.approx(1)
    # The others keep their proportions.
    assert weights["straits"] == pytest.approx(2 * weights["seal"])


# Components


@pytest.mark.parametrize(
    ("component_id", "today", "option", "expected"),
    [
        ("seal", 700, 1400, 0.5),
        ("section", 400, 500, 0.8),
        ("straits", 0.9, 0.3, 1 / 3),
        ("refuge", 0.6, 0, 0),
        ("unsensed", 0.2, 0.6, 0.5),
        ("unsensed", 0.2, 1, 0),
        ("egress", 0, 1, 0.5),
        ("egress", 1, 3, 0.5),
        ("egress", 0, np.inf, 0),  # no way out
        ("warning", 2, 0.5, 0.25),
        ("warning", 2, 0, 0),
    ],
)
def test_components_of_known_changes(
    component_id: str, today: float, option: float, expected: float
) -> None:
    assert value(component_id, today, option) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("component_id", "today"),
    [("seal", 0), ("straits", 0), ("refuge", 0), ("unsensed", 1), ("egress", 0), ("warning", 0)],
)
def test_nothing_to_lose_and_nothing_lost_is_as_today(component_id: str, today: float) -> None:
    assert value(component_id, today, today) == 1


@pytest.mark.parametrize("component_id", ["seal", "section"])
def test_line_where_none_was_needed_is_a_loss(component_id: str) -> None:
    assert value(component_id, 0, 10) == 0
    assert value(component_id, 10, 0) == 1


@given(data=st.data(), component=st.sampled_from(RECIPE.components))
def test_more_of_a_burden_or_less_of_an_asset_never_raises(
    data: st.DataObject, component: index.Component
) -> None:
    share = component.column.endswith("_share")
    numbers = st.floats(0, 1 if share else 1e4)
    today, *pair = (data.draw(numbers) for _ in range(3))
    less, more = sorted(pair)
    worse, better = (more, less) if component.column in BURDENS else (less, more)
    name = component.component_id
    assert 0 <= value(name, today, worse) <= value(name, today, better) <= 1
    # What is no worse than today is not rewarded: no gain buys off a loss.
    assert value(name, worse, better) == 1


@given(scale=st.floats(0.01, 100), name=st.sampled_from(["seal", "section", "warning"]))
def test_units_of_lengths_and_areas_do_not_matter(scale: float, name: str) -> None:
    assert value(name, 3 * scale, 4 * scale) == pytest.approx(value(name, 3, 4))


# The mean


@given(weights=weightings, floor=floors)
def test_status_quo_is_100_whatever_the_weights(weights: np.ndarray, floor: float) -> None:
    as_today = index.component_values(RECIPE, [TODAY], TODAY)
    assert index.index_of(as_today, weights, floor) == 100


@given(values=rows, floor=floors, place=st.integers(0, SIZE - 1))
def test_one_weight_alone_is_its_component(values: np.ndarray, floor: float, place: int) -> None:
    alone = np.eye(SIZE)[place]
    expected = 100 * max(values[place], floor)
    assert index.index_of(values, alone, floor) == pytest.approx(expected)


@given(values=rows, weights=weightings, floor=floors)
def test_index_is_the_geometric_mean_between_floor_and_arithmetic_mean(
    values: np.ndarray, weights: np.ndarray, floor: float
) -> None:
    raised = np.maximum(values, floor)
    found = float(index.index_of(values, weights, floor))
    assert found == pytest.approx(100 * np.prod(raised**weights))
    assert 100 * raised.min() * (1 - 1e-9) <= found <= 100 * (raised @ weights) * (1 + 1e-9)


@given(values=rows, weights=weightings, floor=floors, place=st.integers(0, SIZE - 1), new=ratios)
def test_index_rises_with_every_component(
    values: np.ndarray, weights: np.ndarray, floor: float, place: int, new: float
) -> None:
    other = values.copy()
    other[place] = new
    before, after = (index.index_of(v, weights, floor) for v in (values, other))
    ratio = max(new, floor) / max(values[place], floor)
    assert after / before == pytest.approx(ratio ** weights[place])


def test_floor_keeps_a_lost_component_from_hiding_the_others() -> None:
    lost = np.ones((2, SIZE))
    lost[:, 0] = 0
    lost[1, 1] = 0.5
    scores = index.index_of(lost, RECIPE.weights, RECIPE.floor)
    assert scores[0] == pytest.approx(100 * RECIPE.floor**0.125)
    assert 0 < scores[1] < scores[0]
    assert float(index.index_of(np.zeros(SIZE), RECIPE.weights, 0.05)) == pytest.approx(5)


def test_weights_drawn_are_even_over_all_weightings() -> None:
    drawn = index.draw_weights(40_000, SIZE, seed=1)
    assert drawn.shape == (40_000, SIZE)
    assert drawn.min() >= 0
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    # Each weight alone is Beta(1, k - 1), the sum of two Beta(2, k - 2).
    for column in drawn.T:
        assert stats.kstest(column, stats.beta(1, SIZE - 1).cdf).pvalue > 1e-3
    pair = drawn[:, 0] + drawn[:, 1]
    assert stats.kstest(pair, stats.beta(2, SIZE - 2).cdf).pvalue > 1e-3


def test_seed_decides_the_draw() -> None:
    one, same, other = (index.draw_weights(5, SIZE, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()
    np.testing.assert_array_equal(index.draw_weights(2, SIZE, seed=1), one[:2])


# Samples, options and weightings together


@given(
    values=arrays(float, (3, 2, SIZE), elements=ratios),
    sampled=arrays(float, 3, elements=floors),
    weights=arrays(float, (4, SIZE), elements=st.floats(0.01, 1)),
)
def test_score_table_holds_every_index(
    values: np.ndarray, sampled: np.ndarray, weights: np.ndarray
) -> None:
    weights = weights / weights.sum(axis=1, keepdims=True)
    table = index.score_table(values, sampled, weights)
    assert table.shape == (3, 2, 4)
    for (sample, option, weighting), score in np.ndenumerate(table):
        alone = index.index_of(values[sample, option], weights[weighting], sampled[sample])
        assert score == pytest.approx(float(alone))


def test_interval_of_known_scores() -> None:
    # 0 to 100 in steps of 1 over 101 draws, however they are laid out; the second is constant.
    even = np.random.default_rng(3).permutation(np.arange(101.0)).reshape(101, 1)
    scores = np.stack([even, np.full_like(even, 7)], axis=1)
    np.testing.assert_allclose(index.interval(scores), [[5, 95], [7, 7]])
    turned = np.moveaxis(scores, 0, 2).reshape(1, 2, 101)
    np.testing.assert_allclose(index.interval(turned), [[5, 95], [7, 7]])


def shared(draw: np.ndarray) -> np.ndarray:
    """Ranks of one draw by the definition: every order that the scores allow is as likely."""
    count = len(draw)
    allowed = [p for p in permutations(range(count)) if (np.diff(draw[list(p)]) <= 0).all()]
    table = np.zeros((count, count))
    for order in allowed:
        table[list(order), range(count)] += 1 / len(allowed)
    return table


@given(draws=arrays(np.int64, (6, 4), elements=st.integers(0, 3)))
def test_ranks_are_those_of_all_allowed_orders(draws: np.ndarray) -> None:
    scores = draws.astype(float).reshape(2, 3, 4).swapaxes(1, 2)
    found = index.rank_probabilities(scores)
    np.testing.assert_allclose(found, np.mean([shared(d) for d in draws.astype(float)], axis=0))
    np.testing.assert_allclose(found.sum(axis=0), 1)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_rounding_does_not_break_ties() -> None:
    noise = 1e-9 * np.random.default_rng(4).random((5, 3, 7))
    scores = np.array([90.0, 90.0, 50.0])[:, None] + noise
    half = [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]
    np.testing.assert_allclose(index.rank_probabilities(scores), half)


def test_variance_of_a_sum_splits_as_its_terms() -> None:
    # Assumptions alone, weightings alone, 16 to 9, a product (all of it together), and nothing.
    a, w = np.array([-4.0, 4.0])[:, None], np.array([-3.0, 3.0])[None, :]
    scores = np.stack([a + 0 * w, 0 * a + w, a + w, a * w, 0 * a * w + 100], axis=1)
    found = index.variance_shares(scores)
    expected = [[1, 0, 0], [0, 1, 0], [0.64, 0.36, 0], [0, 0, 1], [np.nan] * 3]
    np.testing.assert_allclose(found, expected, atol=1e-12)


@given(scores=arrays(float, (3, 2, 4), elements=st.floats(0, 100)))
def test_variance_shares_are_shares(scores: np.ndarray) -> None:
    found = index.variance_shares(scores)
    moves = scores.std(axis=(0, 2)) > 2 * index.TIE
    np.testing.assert_allclose(found[moves].sum(axis=1), 1)
    assert (found[moves] > -1e-6).all()
    # By another way: within the samples, on average, lies all that the assumptions alone leave.
    within = scores.var(axis=2).mean(axis=0)[moves] / scores.var(axis=(0, 2))[moves]
    np.testing.assert_allclose(found[moves, 1:].sum(axis=1), within, atol=1e-6)
