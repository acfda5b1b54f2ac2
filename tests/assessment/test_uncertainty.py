"""How far the index moves: known functions in the place of samples, then real samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import qmc
from theatres import option

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.sensitivity import drivers, summary_table
from okhotsk.assessment.uncertainty import (
    RANGES_KM,
    SEED,
    Sampler,
    analyse,
    carried_components,
    draw,
    index_over_range,
    sampled_components,
)
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.regimes import straits_under
from okhotsk.measures.scenario_figures import (
    exit_figures,
    find_routes,
    route_figures,
    water_figures,
)
from okhotsk.scenario.assumptions import Assumptions, ends, from_unit, swept_names, to_unit
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

RECIPE = index.read_recipe()
IDS = [c.component_id for c in RECIPE.components]
NAMES = swept_names()
QUO = {
    "barrier_km": 700.0,
    "operating_area_km2": 400.0,
    "russian_operating_share": 0.9,
    "refuge_share": 0.6,
    "sensed_share": 0.2,
    "egress_exposure": 0.5,
    "base_exposure": 0.3,
    "intruder_exposure": 2.0,
}
A, B, C = (
    Scenario(scenario_id=f"option-{name}", title=name.upper(), cessions=()) for name in "abc"
)
TODAY = load_scenario("status-quo")

Rule = Callable[[np.ndarray], Mapping[str, float]]


def left(**values: float) -> dict[str, float]:
    """The record of an option that leaves some share of each component named, and all of others."""
    changed = {}
    for c in RECIPE.components:
        value, today = values.get(c.component_id, 1.0), QUO[c.column]
        changed[c.column] = {
            "burden": lambda v, t: t / v,
            "asset": lambda v, t: t * v,
            "complement": lambda v, t: 1 - v * (1 - t),
            "exposure": lambda v, t: (1 + t) / v - 1,
        }[c.kind](value, today)
    return changed


class Known:
    """Samples from rules: a record of each option for a point of the unit cube."""

    def __init__(self, **rules: Rule) -> None:
        self.rules = {f"option-{name}": rule for name, rule in rules.items()}
        self.asked: list[np.ndarray] = []

    def records(self, scenario: Scenario, units: np.ndarray) -> list[Mapping[str, float]]:
        self.asked.append(units)
        rule = self.rules.get(scenario.scenario_id, lambda _: left())
        return [rule(dict(zip(NAMES, row, strict=True))) for row in units]


def spread(
    sampler: Known, scenarios: Sequence[Scenario], count: int = 100
) -> uncertainty.Uncertainty:
    """Analysis whose theatre agrees with its twin."""
    point = np.array([to_unit(Assumptions())])
    today, *records = (sampler.records(s, point)[0] for s in (TODAY, *scenarios))
    return analyse(sampler, scenarios, records, today, count=count)


def totals(table: pd.DataFrame, result: str) -> dict[str, float]:
    return table[table.result == result].set_index("assumption").total.to_dict()


# Points


def test_points_are_seeded_and_fill_every_stratum() -> None:
    points = draw(40)
    assert points.shape == (40, len(NAMES) + 1)
    for column in points.T:
        assert sorted((column * 40).astype(int)) == list(range(40))
    np.testing.assert_array_equal(points, draw(40))
    assert not np.array_equal(points, draw(40, seed=1))


def test_points_are_those_of_scipy() -> None:
    cube = qmc.LatinHypercube(len(NAMES) + 1, seed=np.random.default_rng(SEED))
    np.testing.assert_array_equal(draw(48), cube.random(48))


def test_the_twin_is_anchored_at_the_default_assumptions() -> None:
    sampler = Known()
    analyse(sampler, [A], [left()], left(), count=3)
    assert {units.shape for units in sampler.asked} == {(4, len(NAMES))}
    assert all(from_unit(units[0]) == Assumptions() for units in sampler.asked)
    for units in sampler.asked:
        np.testing.assert_array_equal(units[1:], draw(3)[:, :-1])


# Intervals


def test_weightings_alone() -> None:
    """One component halved: the index is 0.5 to the weight, and one weight of 7 is Beta(1, 6)."""
    found = spread(Known(a=lambda _: left(straits=0.5)), [A])
    low, high = found.interval.loc["option-a"]
    most, least = (1 - q ** (1 / (len(IDS) - 1)) for q in (0.05, 0.95))
    assert low == pytest.approx(100 * 0.5**most, rel=0.04)
    assert high == pytest.approx(100 * 0.5**least, rel=0.005)
    np.testing.assert_allclose(found.variance.loc["option-a"], (0, 1, 0), atol=1e-9)


def test_assumptions_alone() -> None:
    """All components alike: no weighting matters, and the percentiles are those of the sweep."""

    def rule(point: Mapping[str, float]) -> Mapping[str, float]:
        return left(**dict.fromkeys(IDS, 0.3 + 0.6 * point["patrol_depth_m"]))

    found = spread(Known(a=rule), [A], 200)
    low, high = found.interval.loc["option-a"]
    assert low == pytest.approx(100 * (0.3 + 0.6 * 0.05), abs=0.6)
    assert high == pytest.approx(100 * (0.3 + 0.6 * 0.95), abs=0.6)
    np.testing.assert_allclose(found.variance.loc["option-a"], (1, 0, 0), atol=1e-9)


def test_a_lost_component_is_as_low_as_the_floor() -> None:
    lost = left() | {"intruder_exposure": 0.0}
    found = spread(Known(a=lambda _: lost), [A], 50)
    low, high = found.interval.loc["option-a"]
    weights = index.draw_weights(uncertainty.WEIGHTINGS, len(IDS), seed=uncertainty.SEED)
    w = weights[:, IDS.index("warning")]
    floors = np.linspace(RECIPE.floor_low, RECIPE.floor_high, 50)
    again = np.percentile(100 * floors[:, None] ** w, index.PERCENTILES)
    np.testing.assert_allclose((low, high), again, rtol=0.02)


def test_the_status_quo_is_100_in_every_sample() -> None:
    """Also where its own figures move with the assumptions."""

    def moving(point: Mapping[str, float]) -> Mapping[str, float]:
        return {column: value * (0.2 + point["soya_nm"]) for column, value in QUO.items()}

    class Moving(Known):
        def records(self, scenario: Scenario, units: np.ndarray) -> list[Mapping[str, float]]:
            return [moving(dict(zip(NAMES, row, strict=True))) for row in units]

    found = spread(Moving(), [TODAY, A])
    np.testing.assert_allclose(found.interval, 100, rtol=1e-12)
    assert found.variance.isna().all(axis=None)
    np.testing.assert_allclose(found.ranks, 0.5)


@settings(max_examples=20)
@given(st.dictionaries(st.sampled_from(IDS), st.floats(0.3, 1)), st.sampled_from(IDS))
def test_more_lost_is_nowhere_higher(values: Mapping[str, float], also: str) -> None:
    more = dict(values) | {also: values.get(also, 1.0) * 0.9}
    found = spread(Known(a=lambda _: left(**values), b=lambda _: left(**more)), [A, B], 5)
    (low, high), (lower, less_high) = found.interval.to_numpy()
    worst = 100 * min(more.values())
    assert worst - 1e-6 <= lower <= low <= high <= 100 + 1e-9
    assert less_high <= high
    assert found.ranks.loc["option-a", "rank_1"] >= found.ranks.loc["option-b", "rank_1"]


def test_ranks_and_ties() -> None:
    sampler = Known(
        a=lambda _: left(refuge=0.8), b=lambda _: left(refuge=0.8), c=lambda _: left(refuge=0.5)
    )
    found = spread(sampler, [C, A, B])
    assert found.scenario_ids == ("option-c", "option-a", "option-b")
    assert list(found.ranks.columns) == ["rank_1", "rank_2", "rank_3"]
    np.testing.assert_allclose(found.ranks.sum(axis=0), 1)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 1)
    np.testing.assert_allclose(found.ranks.loc["option-c"], (0, 0, 1), atol=1e-12)
    np.testing.assert_allclose(found.ranks.loc[["option-a", "option-b"]], [[0.5, 0.5, 0]] * 2)


def test_other_options_change_ranks_alone() -> None:
    rules = {"a": lambda p: left(seal=0.5 + 0.4 * p["soya_nm"]), "b": lambda _: left(refuge=0.7)}
    alone, both = spread(Known(**rules), [A]), spread(Known(**rules), [B, A])
    for name in ("interval", "variance"):
        one, other = (getattr(found, name).loc["option-a"] for found in (alone, both))
        np.testing.assert_allclose(one, other, rtol=1e-12)


# Anchoring


def test_a_twin_that_is_off_by_a_difference_changes_nothing() -> None:
    def rule(level: float) -> Rule:
        return lambda p: left(seal=level - 0.5 * p["patrol_depth_m"], refuge=0.8)

    exact = Known(a=rule(0.6)).records(A, np.array([to_unit(Assumptions())]))
    right, off = (
        analyse(Known(a=rule(level)), [A], exact, left(), count=20) for level in (0.6, 0.9)
    )
    pd.testing.assert_frame_equal(right.interval, off.interval)
    raw = spread(Known(a=rule(0.9)), [A], 20)
    assert (raw.interval - right.interval > 1).all(axis=None)


def test_no_sample_is_above_today() -> None:
    """Also where the theatre's difference would lift the twin's."""
    sampler = Known(a=lambda p: left(seal=0.5 + 0.5 * p["patrol_depth_m"]))
    found = analyse(sampler, [A], [left(seal=0.95)], left(), count=50)
    assert found.interval.max(axis=None) <= 100 + 1e-9


@pytest.mark.parametrize(("exact", "twin"), [(0.0, 0.5), (0.5, 0.0), (0.0, 0.0)])
def test_a_component_that_is_lost_on_either_is_the_theatres_own(exact: float, twin: float) -> None:
    """A twin that never moves tells nothing, whatever is left on it."""
    known = [left(straits=exact)]
    found, plain = (
        analyse(Known(a=lambda _, s=share: left(straits=s)), [A], known, left(), count=5)
        for share in (twin, exact)
    )
    pd.testing.assert_frame_equal(found.interval, plain.interval)


def test_a_component_nearly_lost_by_default_comes_back_where_the_twins_does() -> None:
    """A ratio to the twin's default would lose it at every range, or make it anything."""

    def rule(p: Mapping[str, float]) -> Mapping[str, float]:
        far = p["sensor_range_km"] > 0.5
        return left(warning=0.9 if far else 0.002)

    sampler, units = Known(a=rule), draw(40)[:, :-1]
    values = sampled_components(sampler, [A], [left(warning=0.04)], left(), units)
    far = units[:, NAMES.index("sensor_range_km")] > 0.5
    warning = values[:, 0, IDS.index("warning")]
    np.testing.assert_allclose(warning, np.where(far, 0.938, 0.04), atol=1e-12)
    others = np.delete(values[:, 0], IDS.index("warning"), axis=1)
    np.testing.assert_allclose(others, 1)


shares = st.floats(0, 1)


@given(
    coarse=arrays(float, (5, 2, len(IDS)), elements=shares),
    exact=arrays(float, (2, len(IDS)), elements=shares),
)
def test_components_are_carried_over_within_0_to_1(coarse: np.ndarray, exact: np.ndarray) -> None:
    found = carried_components(coarse, exact)
    assert found.min() >= 0
    assert found.max() <= 1
    np.testing.assert_allclose(found[0], exact, rtol=0, atol=1e-15)
    # What the coarsened theatre gains or loses, the theatre does, as far as there is any.
    for sample, row in zip(found, coarse, strict=True):
        moved = row - coarse[0]
        assert (np.abs(sample - exact) <= np.abs(moved) + 1e-15).all()
        free = (exact + moved >= 0) & (exact + moved <= 1)
        np.testing.assert_allclose((sample - exact)[free], moved[free], rtol=0, atol=1e-15)
        assert set(sample[~free]) <= {0.0, 1.0}


def test_a_twin_that_is_the_theatre_is_taken_as_it_is() -> None:
    coarse = np.random.default_rng(1).random((4, 3, len(IDS)))
    np.testing.assert_allclose(carried_components(coarse, coarse[0]), coarse, rtol=0, atol=1e-15)


def test_the_index_over_the_sensor_range_follows_its_component() -> None:
    """By hand; at the range assumed it is that of the record, which the twin does not know."""

    def rule(p: Mapping[str, float]) -> Mapping[str, float]:
        return left(egress=1 - 0.5 * p["sensor_range_km"])

    given = Assumptions(sensor_range_km=150, patrol_depth_m=250)
    exact = [left(egress=0.7, seal=0.9)]
    (found,) = index_over_range(Known(a=rule), [A], exact, left(), given)
    low, high = ends("sensor_range_km")
    weight = dict(zip(IDS, RECIPE.weights, strict=True))
    for km, score in zip(RANGES_KM, found, strict=True):
        egress = 0.7 - 0.5 * (km - 150) / (high - low)
        assert score == pytest.approx(100 * egress ** weight["egress"] * 0.9 ** weight["seal"])
    values = index.component_values(RECIPE, exact, left())
    of_record = float(index.index_of(values, RECIPE.weights, RECIPE.floor)[0])
    assert found[RANGES_KM.index(150)] == pytest.approx(of_record, rel=1e-12)


# Drivers


@pytest.mark.parametrize("name", NAMES)
def test_one_assumption_that_drives_all(name: str) -> None:
    table = drivers(Known(a=lambda p: left(seal=0.5 + 0.4 * p[name])), [A], count=256)
    assert set(table.result) == {"index", "seal"}
    assert set(table.scenario_id) == {"option-a"}
    for result in ("index", "seal"):
        own = table[table.result == result].set_index("assumption")
        assert list(own.index) == [*NAMES, "floor"]
        others = own.drop(index=name)
        assert (others.total == 0).all()
        assert (others.first_order == 0).all()
        assert own.total[name] == pytest.approx(1, abs=0.05)
        assert own.first_order[name] == pytest.approx(1, abs=0.05)


def test_a_sum_shares_its_variance_by_the_squares_of_its_slopes() -> None:
    rule = lambda p: left(seal=0.4 + 0.3 * p["patrol_depth_m"] + 0.1 * p["soya_nm"])  # noqa: E731
    found = totals(drivers(Known(a=rule), [A], count=512), "seal")
    assert found["patrol_depth_m"] == pytest.approx(0.9, abs=0.05)
    assert found["soya_nm"] == pytest.approx(0.1, abs=0.05)


def test_errors_tell_how_far_estimates_lie_from_the_truth() -> None:
    rule = lambda p: left(seal=0.4 + 0.3 * p["patrol_depth_m"] + 0.1 * p["soya_nm"])  # noqa: E731
    truth = {"patrol_depth_m": 0.9, "soya_nm": 0.1}
    errors = []
    for count in (64, 1024):
        table = drivers(Known(a=rule), [A], count=count)
        own = table[table.result == "seal"].set_index("assumption")
        for name, share in truth.items():
            for order in ("first_order", "total"):
                error = own[f"{order}_error"][name]
                assert 0 < error < 0.25
                assert abs(own[order][name] - share) < 4 * error
        errors.append(own.first_order_error["patrol_depth_m"])
        unmoved = own.drop(index=list(truth))
        assert (unmoved[["first_order_error", "total_error"]] == 0).all(axis=None)
        pd.testing.assert_frame_equal(table, drivers(Known(a=rule), [A], count=count))
    assert errors[1] == pytest.approx(errors[0] / 4, rel=0.3)


def test_a_product_is_explained_by_both_together_only() -> None:
    def rule(p: Mapping[str, float]) -> Mapping[str, float]:
        return left(seal=0.6 + (p["patrol_depth_m"] - 0.5) * (p["soya_nm"] - 0.5))

    table = drivers(Known(a=rule), [A], count=512)
    own = table[table.result == "seal"].set_index("assumption").loc[["patrol_depth_m", "soya_nm"]]
    np.testing.assert_allclose(own.first_order, 0, atol=0.1)
    np.testing.assert_allclose(own.total, 1, atol=0.15)


def test_the_floor_drives_where_a_component_is_lost() -> None:
    lost = left() | {"intruder_exposure": 0.0}
    table = drivers(Known(a=lambda _: lost), [A], count=256)
    assert set(table.result) == {"index"}
    found = totals(table, "index")
    assert found.pop("floor") == pytest.approx(1, abs=0.05)
    assert set(found.values()) == {0}


def test_options_do_not_mix() -> None:
    rules = {
        "a": lambda p: left(seal=0.5 + 0.4 * p["patrol_depth_m"]),
        "b": lambda p: left(refuge=0.5 + 0.4 * p["core_standoff_km"]),
    }
    table = drivers(Known(**rules), [TODAY, A, B])
    assert list(dict.fromkeys(table.scenario_id)) == ["option-a", "option-b"]
    for scenario, name, result in (
        (A, "patrol_depth_m", "seal"),
        (B, "core_standoff_km", "refuge"),
    ):
        own = table[table.scenario_id == scenario.scenario_id]
        assert set(own.result) == {"index", result}
        assert set(own[own.total > 0].assumption) == {name}
        alone = drivers(Known(**rules), [scenario])
        pd.testing.assert_frame_equal(alone, own.reset_index(drop=True))


def test_an_index_that_never_moves_has_no_driver() -> None:
    sampler = Known()
    assert summary_table(spread(sampler, [TODAY]), drivers(sampler, [TODAY])).driver.isna().all()


def test_robustness_names_rank_and_drivers() -> None:
    def rule(p: Mapping[str, float]) -> Mapping[str, float]:
        return left(seal=0.4 + 0.3 * p["patrol_depth_m"] + 0.1 * p["soya_nm"])

    sampler = Known(a=rule)
    table = summary_table(spread(sampler, [A, TODAY]), drivers(sampler, [A, TODAY])).set_index(
        "scenario_id"
    )
    assert list(table["rank"]) == [2, 1]
    np.testing.assert_allclose(table.rank_share, 1, rtol=1e-12)
    own, today = table.loc["option-a"], table.loc["status-quo"]
    assert (own.driver, own.second_driver) == ("patrol_depth_m", "soya_nm")
    assert own.driver_total > own.second_driver_total > 0
    shares = [c for c in table.columns if c.startswith("variance_")]
    assert own[shares].sum() == pytest.approx(1, rel=1e-9)
    assert pd.isna(today.driver)
    assert today[[*shares, "driver_total", "second_driver_total"]].isna().all()


# Samples


@pytest.fixture(scope="module")
def tiny(theatre: Theatre) -> Theatre:
    """The same sea on cells of 20 arc-minutes, so that its twin is itself."""
    return coarsen(theatre, 20)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Ids of the options that were computed, each by a made-up table."""
    computed: list[str] = []

    def compute(self: Sampler, scenario: Scenario, units: np.ndarray) -> np.ndarray:
        computed.append(scenario.scenario_id)
        return np.outer(units.sum(axis=1), np.arange(1, len(self.columns) + 1))

    monkeypatch.setattr(Sampler, "_compute", compute)
    return computed


@pytest.mark.parametrize("arcmin", [1, 7, 10, 20])
def test_cells_of_the_twin_divide_the_grid(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, arcmin: int
) -> None:
    monkeypatch.setattr(uncertainty, "COARSE_ARCMIN", arcmin)
    monkeypatch.setattr(uncertainty, "ROUTE_ARCMIN", arcmin / 2)
    cells, finer = Sampler(theatre).cells
    assert all(n % size == 0 for n in theatre.grid.shape for size in (cells, finer))
    assert (cells, finer) == {1: (1, 1), 7: (6, 4), 10: (10, 5), 20: (20, 10)}[arcmin]


def test_samples_are_kept(tiny: Theatre, counted: list[str], folder: Path) -> None:
    units = draw(3)[:, :-1]
    first = Sampler(tiny).records(A, units)
    assert [path.suffix for path in folder.glob("samples-*")] == [".npz"]
    assert Sampler(tiny).records(A, units) == first
    assert counted == ["option-a"]
    assert [list(row) for row in first] == [[*QUO, *uncertainty.EXITS]] * 3
    assert [row["operating_area_km2"] for row in first] == list(2 * units.sum(axis=1))


def test_what_a_file_stands_for(tiny: Theatre, coarse: Theatre, counted: list[str]) -> None:
    units = draw(3)[:, :-1]
    four = load_scenario("four-islands")
    given = [
        (tiny, four, units),
        (tiny, four, units[:2]),
        (tiny, four, draw(3, seed=1)[:, :-1]),
        (tiny, load_scenario("four-islands-demilitarised"), units),
        (tiny, load_scenario("half-area-2006"), units),
        (tiny, option({"urup": "JP"}), units),
        (coarse, four, units),
    ]
    for theatre, scenario, points in given * 2:
        Sampler(theatre, workers=1).records(scenario, points)
    assert len(counted) == len(given)
    # The same land in the same hands under another name.
    same = cede(["habomai", "shikotan", "kunashir", "iturup"])
    Sampler(tiny).records(same, units)
    assert len(counted) == len(given)


def test_workers_and_order_do_not_matter(
    coarse: Theatre, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = draw(2)[:, :-1]
    names = ["four-islands", "half-area-2006"]
    found, said = [], []
    for workers, order in ((1, names), (3, names[::-1])):
        monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(folder / str(workers)))
        sampler = Sampler(coarse, workers=workers, progress=said.append)
        records = {name: sampler.records(load_scenario(name), units) for name in order}
        found.append([records[name] for name in names])
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]
    assert said == [f"weighing the assumptions of {n}" for n in (*names, *names[::-1])]
    # The samples are not one sample.
    assert len({row["refuge_share"] for row in found[0][0]}) == 2


def test_a_twin_equal_to_the_theatre_has_its_record(tiny: Theatre, folder: Path) -> None:
    half, sampler = load_scenario("half-area-2006"), Sampler(tiny)
    assert sampler.cells == (1, 1)
    (record,) = sampler.records(half, np.array([to_unit(Assumptions())]))
    whole = ScenarioContext.of(Context(tiny, Assumptions()), half)
    straits = straits_under(tiny, whole.parts, Assumptions(), scenario_id="half")
    figures = {
        **whole.barrier.figures,
        **exit_figures(straits, Assumptions()),
        **water_figures(whole),
        **route_figures(find_routes(whole)),
    }
    assert record == {column: figures[column] for column in (*QUO, *uncertainty.EXITS)}
