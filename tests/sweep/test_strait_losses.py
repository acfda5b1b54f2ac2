"""What a strait costs: the figures are those of the cessions, the ranks add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import okhotsk
from okhotsk.assessment import index
from okhotsk.measures.columns import read_columns
from okhotsk.report.sentences import ranking
from okhotsk.sweep.areas import exits_of
from okhotsk.theatre.coast import read_islands


@pytest.fixture(scope="module")
def losses(coarse):
    return okhotsk.strait_losses(coarse, samples=2)


def test_every_deep_exit_of_the_chain_has_its_rows(coarse, losses):
    deep = exits_of(coarse.throats, okhotsk.Assumptions().transit_depth_m)
    islands = read_islands()
    for regime, least in (("japanese", 2), ("shared", 1)):
        able = {
            t.strait.strait_id
            for t in deep
            if sum(side in islands for side in (t.strait.side_a, t.strait.side_b)) >= least
        }
        assert set(losses[losses.turns == regime].strait_id) == able


@pytest.mark.parametrize("regime", ["japanese", "shared"])
def test_the_strait_turns_and_the_figures_are_those_of_the_cession(coarse, losses, regime):
    row = losses[losses.turns == regime].iloc[0]
    ids = {island.name: island.island_id for island in read_islands().values()}
    scenario = okhotsk.cede([ids[name] for name in row.ceded.split(" and ")])
    found = okhotsk.assess_all(coarse, [scenario], samples=2)[0]
    turned = found.straits.set_index("strait_id").regime[row.strait_id]
    assert turned == regime
    assert row["index"] == pytest.approx(found.record["index"], abs=1e-4)
    assert (row.index_low, row.index_high) == pytest.approx(
        (found.record["index_low"], found.record["index_high"]), abs=1e-4
    )
    for name, kept in found.components.items():
        assert row[f"loss_{name}"] == pytest.approx(1 - kept, abs=1e-4)


def test_ranks_add_up_and_rows_are_sorted(losses):
    for _, rows in losses.groupby("turns"):
        assert rows.first_share.sum() == pytest.approx(1)
        assert (np.diff(rows.index_loss) <= 0).all()
    components = [c.component_id for c in index.read_recipe().components]
    assert list(losses.columns[-len(components) :]) == [f"loss_{name}" for name in components]


def test_the_sentence_names_another_strait_where_that_is_more_often_first():
    rows = pd.DataFrame(
        {
            "strait_id": ["friza", "diana"],
            "strait": ["Friza (Vries)", "Diana"],
            "turns": "shared",
            "ceded": ["Iturup", "Simushir"],
            "index_loss": [18.2, 17.0],
            "first_share": [0.3, 0.7],
        }
    )
    assert ranking(rows) == [
        "Of 2 deep exits that can turn shared by a cession of the chain, Friza costs the index "
        "most: 18 points, with Iturup ceded. It costs most in 30% of samples and weightings, "
        "Diana in 70%."
    ]
    same = rows.assign(first_share=[0.7, 0.3])
    assert ranking(same)[0].endswith("It costs most in 70% of samples and weightings.")


def test_every_column_has_words(losses):
    assert set(losses.columns) <= set(read_columns())
