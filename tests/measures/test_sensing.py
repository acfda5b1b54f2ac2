"""Sensed water: a straight coast, islands as unions, and the laws of who may stand where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from theatres import held, make_theatre, nested_options

from okhotsk.measures import sensing
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.sensing import (
    RANGES_KM,
    part_viewsheds,
    seen_from,
    sensed_curve,
    sight_km,
)
from okhotsk.measures.zones import part_distances
from okhotsk.raster.viewshed import DEPTHS_M, Viewshed
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre

A = Assumptions()


def sensed_cells(
    theatre: Theatre,
    parts: tuple[Part, ...],
    viewsheds: Mapping[str, Viewshed],
    values: Assumptions,
) -> np.ndarray:
    """Cells in sight of a hostile shore within the range, as an option has them."""
    context = Context(theatre, values)
    return ScenarioContext(
        context, load_scenario("status-quo"), parts, theatre.distances, viewsheds
    ).sensed


def cells(theatre: Theatre, scenario: Scenario, values: Assumptions = A) -> np.ndarray:
    """Sensed cells of an option."""
    parts = resolve(scenario, theatre.lands)
    return sensed_cells(
        theatre, parts, part_viewsheds(theatre, parts, part_distances(theatre, parts)), values
    )


@pytest.fixture(scope="module")
def strait() -> Theatre:
    """Two straight coasts 5 degrees of latitude apart, 1000 m of water between."""
    lands = {
        "south": shapely.MultiPolygon([shapely.box(148, 44.5, 156, 45)]),
        "north": shapely.MultiPolygon([shapely.box(148, 50, 156, 50.5)]),
    }
    return make_theatre(lands, (148, 44.5, 156, 50.5), arcmin=3)


def test_water_before_a_straight_coast(strait: Theatre) -> None:
    parts = held(strait, {"south": "JP"})
    lat = np.broadcast_to(strait.grid.lat[:, None], strait.grid.shape)
    middle = np.zeros(strait.grid.shape, bool)
    middle[:, 50:110] = True  # where the coast goes on to both sides
    sensing = sensed_cells(strait, parts, strait.viewsheds, A)
    off_km = (lat - 45) * 111.2
    water = middle & (lat > 45) & (lat < 50)
    assert sensing[water & (off_km < 94)].all()
    assert not sensing[water & (off_km > 103)].any()


def test_curve_grows_with_range_and_falls_with_depth(strait: Theatre) -> None:
    parts = held(strait, {"south": "JP"})
    patrol = strait.water_km2 > 0
    curve = sensed_curve(strait, parts, strait.viewsheds, patrol)
    table = curve.pivot(index="range_km", columns="boat_depth_m", values="sensed_km2")
    assert list(table.index) == list(RANGES_KM)
    assert list(table.columns) == list(DEPTHS_M)
    assert (np.diff(table, axis=0) > 0).all()
    assert (np.diff(table, axis=1) <= 0).all()
    whole = float(strait.water_km2[patrol].sum(dtype=float))
    assert np.allclose(curve.sensed_share * whole, curve.sensed_km2)
    sensing = sensed_cells(strait, parts, strait.viewsheds, A)
    at_100 = curve[(curve.range_km == 100) & (curve.boat_depth_m == A.sensed_depth_m)]
    assert at_100.sensed_km2.item() == pytest.approx(strait.water_km2[sensing].sum(dtype=float))


def test_shallow_water_hides_no_boat() -> None:
    """A boat looked for at 100 m runs at 50 m where the water is 60 m deep."""
    land = {"isle": shapely.MultiPolygon([shapely.box(151.9, 46.9, 152.1, 47.1)])}
    for depth_m, is_sensed in ((60, True), (25, False)):
        theatre = make_theatre(land, (151, 46, 153, 48), arcmin=2, depth_m=depth_m)
        seen = seen_from(theatre, theatre.viewsheds, depth_m=100)
        km = sight_km(theatre, held(theatre), seen, forces="RU")
        assert np.isfinite(km).any() == is_sensed


def test_sensed_water_is_the_union_over_the_parts(coarse: Theatre) -> None:
    parts = resolve(load_scenario("four-islands"), coarse.lands)
    seen = seen_from(coarse, coarse.viewsheds, depth_m=100)
    together = sight_km(coarse, parts, seen, forces="JP")
    each = [sight_km(coarse, [part], seen, forces="JP") for part in parts if part.forces == "JP"]
    assert len(each) > 10
    assert np.array_equal(together, np.minimum.reduce(each))


def test_a_split_unit_looks_from_its_sides(coarse: Theatre) -> None:
    parts = resolve(load_scenario("half-area-2006"), coarse.lands)
    viewsheds = part_viewsheds(coarse, parts, part_distances(coarse, parts))
    both = set(viewsheds["iturup-south"].cells) | set(viewsheds["iturup-north"].cells)
    whole = set(coarse.viewsheds["iturup"].cells)
    assert set(viewsheds["iturup-south"].cells) < whole | both
    assert len(whole ^ both) < 0.02 * len(whole)  # the cut adds lookouts on its line
    assert len(viewsheds["iturup-south"].cells) < len(whole)


def test_what_the_sides_of_a_line_look_at_is_kept(
    coarse: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    parts = resolve(load_scenario("half-area-2006"), coarse.lands)
    distances = part_distances(coarse, parts)
    first = part_viewsheds(coarse, parts, distances)
    kept = sorted(tmp_path.glob("sight-*"))
    assert len(kept) == 2
    monkeypatch.setattr(sensing, "find_viewshed", lambda *_: pytest.fail("asked again"))
    again = part_viewsheds(coarse, parts, distances)
    for part, sight in first.items():
        np.testing.assert_array_equal(again[part].cells, sight.cells)
        np.testing.assert_array_equal(again[part].km, sight.km)


@settings(max_examples=15)
@given(nested_options())
def test_ceding_more_to_forces_never_hides_water(
    coarse: Theatre, pair: tuple[Scenario, Scenario]
) -> None:
    fewer, more = (cells(coarse, option) for option in pair)
    assert not (fewer & ~more).any()


@pytest.mark.parametrize("name", ["four-islands-demilitarised", "kawana-1998"])
def test_without_japanese_forces_nothing_more_is_sensed(coarse: Theatre, name: str) -> None:
    today = cells(coarse, load_scenario("status-quo"))
    assert np.array_equal(cells(coarse, load_scenario(name)), today)


def test_coarse_and_fine_theatre_agree(theatre: Theatre, coarse: Theatre) -> None:
    """The share of the sea in sight differs little between cells of 1' and 6'."""
    shares = []
    for sea in (theatre, coarse):
        sensing = cells(sea, load_scenario("four-islands")) & sea.sea.mask
        shares.append(sea.water_km2[sensing].sum(dtype=float) / sea.sea_km2)
    assert shares[1] == pytest.approx(shares[0], rel=0.08)
