"""Seabeds side by side: straits, and depths class by class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from theatres import islet, make_theatre

import okhotsk
from okhotsk.errors import SeabedError
from okhotsk.theatre.comparison import compare_depths, compare_seabeds, quantiles
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import straits_table

DEPTH_M = 450.0


def deeper(theatre: Theatre, *, without: str) -> Theatre:
    """Sections twice as large and sills 10 m deeper; one strait is not resolved."""
    throats = tuple(
        replace(
            throat,
            throat_area_km2=throat.throat_area_km2 * 2,
            operating_areas_km2=tuple(a * 2 for a in throat.operating_areas_km2),
            sill_depth_m=None if throat.sill_depth_m is None else throat.sill_depth_m + 10,
            resolved=throat.resolved and throat.strait.strait_id != without,
        )
        for throat in theatre.throats
    )
    return replace(theatre, throats=throats)


def test_a_seabed_beside_itself_differs_in_nothing(theatre: Theatre) -> None:
    table = compare_seabeds(theatre, theatre, operating_depth_m=DEPTH_M)
    known = table[table.resolved]
    assert (known[["throat_area_ratio", "operating_area_ratio"]] == 1).all(axis=None)
    assert set(table.sill_difference_m.dropna()) == {0}
    depths = compare_depths(theatre, theatre)
    assert np.array_equal(depths.water_km2, depths.other_water_km2)
    assert (depths[["median_difference_m", "median_absolute_m", "p90_absolute_m"]] == 0).all(
        axis=None
    )


def test_ratios_and_differences_of_every_strait(theatre: Theatre) -> None:
    table = compare_seabeds(theatre, deeper(theatre, without="friza"), operating_depth_m=DEPTH_M)
    straits = straits_table(theatre.throats, operating_depth_m=DEPTH_M)
    assert list(table.strait_id) == [*straits.strait_id, "all"]
    rows = table.set_index("strait_id")
    for strait in straits.itertuples():
        row = rows.loc[strait.strait_id]
        assert (row["name"], row.width_km) == (strait.name, strait.width_km)
        assert pd.isna(row.sill_depth_m) == pd.isna(strait.sill_depth_m)
        if strait.strait_id == "friza":
            assert (row.resolved, row.other_resolved) == (True, False)
            assert np.isnan(row.throat_area_ratio)
            assert np.isnan(row.other_operating_area_km2)
        elif strait.resolved:
            assert row.throat_area_km2 == strait.throat_area_km2
            assert (row.throat_area_ratio, row.operating_area_ratio) == (2, 2)
    assert set(rows.sill_difference_m.dropna().round(9)) == {10}


def test_sums_are_over_the_straits_that_both_resolve(theatre: Theatre) -> None:
    table = compare_seabeds(theatre, deeper(theatre, without="friza"), operating_depth_m=DEPTH_M)
    shared = table[:-1].query("resolved and strait_id != 'friza'")
    last = table.iloc[-1]
    assert last["name"] == f"All {len(shared)} that both resolve"
    assert last.throat_area_km2 == pytest.approx(shared.throat_area_km2.sum())
    assert last.other_throat_area_km2 == pytest.approx(2 * last.throat_area_km2)
    assert np.isnan(last.sill_depth_m)


def test_theatres_of_different_straits_are_refused(theatre: Theatre) -> None:
    fewer = replace(theatre, throats=theatre.throats[1:])
    with pytest.raises(SeabedError, match="different straits"):
        compare_seabeds(theatre, fewer, operating_depth_m=DEPTH_M)


def flat(depth_m: float) -> Theatre:
    """Open water of one depth under a sea of all cells but those of one islet."""
    made = make_theatre({"a": islet(150.5, 50.5)}, (150, 50, 151, 51), depth_m=depth_m)
    return replace(made, sea=Sea(made.water_km2 > 0, (0, 0), (0, 0), 0.0))


def test_depths_of_flat_seabeds() -> None:
    first, second = flat(300), flat(700)
    table = compare_depths(first, second).set_index("from_m")
    whole = table.iloc[-1]
    assert whole.water_km2 == pytest.approx(first.sea_km2)
    # All water lies in one class of each: 200 to 500 m, and 500 to 1000 m.
    assert table.water_km2.iloc[2] == whole.water_km2
    assert table.other_water_km2.iloc[3] == whole.water_km2
    assert table.water_km2.iloc[:-1].sum() == whole.water_km2
    for row in (table.iloc[2], whole):
        figures = (row.median_difference_m, row.median_absolute_m, row.p90_absolute_m)
        assert figures == (400, 400, 400)
    assert table.median_difference_m.iloc[[0, 1, 3, 4, 5]].isna().all()


def test_a_shallower_seabed_differs_downwards() -> None:
    whole = compare_depths(flat(700), flat(300)).iloc[-1]
    assert (whole.median_difference_m, whole.median_absolute_m) == (-400, 400)


def test_grids_must_be_the_same(theatre: Theatre, coarse: Theatre) -> None:
    with pytest.raises(SeabedError, match="different grids"):
        compare_depths(theatre, coarse)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 5)), min_size=1, max_size=30))
def test_weighted_quantiles_are_those_of_repeated_values(pairs: list[tuple[int, int]]) -> None:
    values, weight = (np.array(column, float) for column in zip(*pairs, strict=True))
    repeated = np.repeat(values, weight.astype(int))
    shares = [0.1, 0.5, 0.9]
    expected = np.quantile(repeated, shares, method="inverted_cdf")
    assert np.array_equal(quantiles(values, weight, shares), expected)


def test_the_api_has_both() -> None:
    assert okhotsk.compare_seabeds is compare_seabeds
    assert okhotsk.compare_depths is compare_depths
