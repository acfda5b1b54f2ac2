"""The frontier, against a plain search through every cession."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import okhotsk
from okhotsk.assessment import index
from okhotsk.scenario.island_sets import names, parse_blocks, prefixes, subsets
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.frontier import SIZES, Frontier, frontier
from okhotsk.theatre.model import Theatre

BLOCKS = parse_blocks("habomai,shikotan,kunashir,iturup,urup,simushir+ketoi,paramushir-group")


@pytest.fixture(scope="module")
def sweep(coarse: Theatre) -> Sweep:
    """All combinations of seven pieces."""
    return Sweep(coarse, blocks=BLOCKS)


@pytest.fixture(scope="module")
def found(sweep: Sweep) -> Frontier:
    """Their frontier, with two samples of the assumptions."""
    return frontier(sweep, samples=2)


@pytest.fixture(scope="module")
def every(sweep: Sweep) -> pd.DataFrame:
    """Every cession with its components, all exact."""
    columns = sweep.figures(subsets(BLOCKS))
    today = sweep.today
    water = columns["jp_eez_km2"] + columns["jp_territorial_sea_km2"]
    had = today["jp_eez_km2"] + today["jp_territorial_sea_km2"]
    frame = pd.DataFrame(columns).assign(ceded_eez_km2=water - had)
    ids = [component.component_id for component in index.read_recipe().components]
    parts = pd.DataFrame(sweep.components(columns), columns=ids)
    parts["index"], parts["all"] = frame["index"] / 100, parts.min(axis=1)
    frame["ceded"] = [" ".join(names(n, BLOCKS)) or "nothing" for n in range(len(frame))]
    chain = [(1 << n) - 1 for n in range(len(BLOCKS) + 1)]
    frame["chain"] = frame.index.isin(chain)
    return frame.join(parts.add_prefix("kept_"))


def test_every_row_is_the_largest_that_keeps_its_threshold(
    found: Frontier, every: pd.DataFrame
) -> None:
    for row in found.table.itertuples():
        part = every[every.chain] if row.family == "chain" else every
        fits = part[part[f"kept_{row.measure}"] >= row.threshold_percent / 100 - 1e-9]
        size = SIZES[row.by]
        assert getattr(row, size) == pytest.approx(fits[size].max(), rel=1e-9), row
        own = part[part.ceded == row.ceded]
        assert own.ceded_land_km2.item() == pytest.approx(row.ceded_land_km2)


def test_the_measure_that_binds_is_the_one_whose_loss_would_free_most(
    found: Frontier, every: pd.DataFrame
) -> None:
    ids = [component.component_id for component in index.read_recipe().components]
    rows = found.table[(found.table.measure == "all") & (found.table.by == "land")]
    assert len(rows) == 10
    for row in rows.itertuples():
        part, least = every, row.threshold_percent / 100 - 1e-9
        if row.family == "chain":
            part = every[every.chain]
        free = {
            name: part[
                (part[[f"kept_{n}" for n in ids if n != name]] >= least).all(axis=1)
            ].ceded_land_km2.max()
            for name in ids
        }
        if row.binding is None:
            assert row.ceded_land_km2 == pytest.approx(part.ceded_land_km2.max())
        else:
            assert free[row.binding] == pytest.approx(max(free.values()))


def test_a_lower_threshold_never_lets_less_go(found: Frontier) -> None:
    table = found.table.sort_values("threshold_percent", ascending=False)
    for (_, _, by), rows in table.groupby(["family", "measure", "by"]):
        assert rows[SIZES[by]].is_monotonic_increasing


def test_any_combination_lets_as_much_go_as_the_chain(found: Frontier) -> None:
    keys = ["measure", "threshold_percent", "by"]
    chain, free = (found.table[found.table.family == f].set_index(keys) for f in ("chain", "any"))
    for by, size in SIZES.items():
        both = (t.xs(by, level="by")[size] for t in (free, chain))
        assert np.greater_equal(*both).all()


def test_sets_up_the_chain_alone_say_nothing_of_any_combination(
    coarse: Theatre, found: Frontier
) -> None:
    """The largest up the chain is not that of every combination, and is not given for it."""
    alone = frontier(Sweep(coarse, blocks=BLOCKS, island_sets=prefixes(BLOCKS)), samples=0)
    assert set(alone.table.family) == set(alone.summary.family) == {"chain"}
    keys = ["measure", "threshold_percent", "by"]
    chain = found.table[found.table.family == "chain"].set_index(keys)
    assert alone.table.set_index(keys).ceded.equals(chain.ceded)
    assert "up the chain" in alone._repr_html_()
    assert "any combination" not in alone._repr_html_()
    assert "any combination" in found._repr_html_()


def test_steps_run_up_the_chain_with_an_interval(found: Frontier) -> None:
    steps = found.steps
    assert steps.up_to.tolist() == ["nothing", *(block.title for block in BLOCKS)]
    assert steps.ceded_land_km2.is_monotonic_increasing
    assert steps["index"].iloc[0] == pytest.approx(100)
    assert (steps.index_low <= steps.index_high).all()
    spread = found.table[(found.table.family == "chain") & (found.table.by == "land")]
    assert (spread.land_low_km2 <= spread.land_high_km2).all()
    assert found.table[found.table.family == "any"].land_low_km2.isna().all()


def test_the_package_offers_it_by_name(found: Frontier) -> None:
    assert okhotsk.frontier.__wrapped__ is frontier  # the function, not the module
    assert found.count == 2 ** len(BLOCKS)
    assert f"{found.count:,} cessions" in found._repr_html_()
