"""Seabeds of the ensemble: none when nothing is perturbed, and as far apart as was measured."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest
import rasterio

from okhotsk.datasets import data_folder
from okhotsk.raster.geodesy import KM_PER_DEG
from okhotsk.raster.grid import Grid
from okhotsk.raster.widest_path import widest_path_depth
from okhotsk.theatre import ensemble
from okhotsk.theatre.bathymetry import Seabed
from okhotsk.theatre.ensemble import (
    ERRORS,
    Ensemble,
    SeabedErrors,
    StraitSpread,
    count_members,
    depth_bounds,
    read_errors,
    strait_intervals,
)
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import OPERATING_DEPTHS_M, Throat, read_straits

STRAITS = [strait.strait_id for strait in read_straits()]


@pytest.fixture(scope="module")
def seabeds(theatre: Theatre) -> Ensemble:
    """The ensemble of the shipped seabed."""
    return Ensemble(theatre)


def of(strait_id: str, theatre: Theatre) -> Throat:
    """Throat of a strait."""
    return theatre.throats[STRAITS.index(strait_id)]


def test_there_are_as_many_members_as_are_asked_for(theatre: Theatre) -> None:
    assert count_members(theatre) == 24


def test_the_member_without_error_is_the_seabed_to_the_bit(
    theatre: Theatre, seabeds: Ensemble
) -> None:
    """And what is found on it is what the theatre found, but for how shares of water are kept."""
    assert seabeds.member(0) is theatre
    np.testing.assert_array_equal(seabeds.depths(0), theatre.seabed.depth_m)
    figures = seabeds.straits(0)
    for throat, row in zip(theatre.throats, figures, strict=True):
        sill = np.nan if throat.sill_depth_m is None else throat.sill_depth_m
        known = [throat.throat_area_km2, sill, *throat.operating_areas_km2]
        np.testing.assert_allclose(row, known, rtol=1e-6, err_msg=throat.strait.strait_id)


def test_twice_the_same_bytes(theatre: Theatre, seabeds: Ensemble) -> None:
    again = Ensemble(theatre)
    for number in (1, 8, 24):
        digests = {
            hashlib.sha256(one.depths(number).tobytes()).hexdigest() for one in (seabeds, again)
        }
        assert len(digests) == 1


def test_members_differ(seabeds: Ensemble) -> None:
    deepest = {float(seabeds.depths(n).mean()) for n in range(1, 9)}
    assert len(deepest) == 8


def test_land_and_water_are_kept(theatre: Theatre, seabeds: Ensemble) -> None:
    for number in (1, 2, 17):
        depth_m = seabeds.depths(number)
        np.testing.assert_array_equal(depth_m > 0, theatre.seabed.depth_m > 0)
        assert np.isfinite(depth_m).all()
        assert depth_m.dtype == np.float32


def test_both_signs_of_a_field(theatre: Theatre, seabeds: Ensemble) -> None:
    """The geometric mean of a pair is the seabed, but where straits are set between bounds."""
    one, other = seabeds.depths(5).astype(float), seabeds.depths(6).astype(float)
    own = theatre.seabed.depth_m.astype(float)
    wet = own > 0
    apart = np.abs(np.sqrt(one[wet] * other[wet]) / own[wet] - 1) > 1e-4
    assert 0 < apart.mean() < 0.01


def test_size_of_the_errors_by_hand() -> None:
    """On a plane that slopes to the east: error in depth and error in place, by Pythagoras."""
    grid = Grid((150.0, 45.0, 152.0, 46.0), (60, 120))
    depth_m = np.broadcast_to(1000 + 10 * np.arange(120, dtype=np.float32), grid.shape).copy()
    errors = SeabedErrors(
        fields=np.zeros((1, 2, 2), np.float32),
        depth_m=np.array([100.0, 10000.0]),
        log_sd=np.array([0.1, 0.1]),
        place_km=4.0,
        largest=1.0,
    )
    size = errors.size(Seabed(depth_m, grid, 9.3, "plane", ""))
    wide_km = grid.cell_size_km()[0][30]
    steep = 10 / wide_km * 4.0 / depth_m[30, 60]
    assert size[30, 60] == pytest.approx(np.hypot(0.1, steep), rel=1e-5)
    assert replace(errors, place_km=1e6).size(Seabed(depth_m, grid, 9.3, "", "")).max() == 1


def test_fields_have_the_variogram_of_their_tags(theatre: Theatre) -> None:
    """Between neighbours and far apart, from all fields, by the definition of a variogram."""
    errors = read_errors()
    row_km = 0.1 * KM_PER_DEG
    with rasterio.open(data_folder() / ERRORS) as source:
        tags = source.tags()
    variance, nugget, length_km = (
        float(tags[name]) for name in ("variance", "nugget", "length_km")
    )
    half_squares = [
        0.5 * np.mean((errors.fields[:, n:] - errors.fields[:, :-n]) ** 2) for n in (1, 2, 5, 20)
    ]
    expected = [nugget + variance * (1 - np.exp(-n * row_km / length_km)) for n in (1, 2, 5, 20)]
    np.testing.assert_allclose(half_squares, expected, rtol=0.12)
    assert abs(errors.fields.mean()) < 0.1
    assert errors.fields.shape[1] == 231


def test_nodes_lie_where_they_were_measured(seabeds: Ensemble, theatre: Theatre) -> None:
    """The corners of the window are nodes; half-way between two nodes stands their mean."""
    drawn, grid = seabeds.errors.fields[0], theatre.grid
    field = seabeds.errors.field(1, grid)
    # The cell whose middle is 0.5' from both edges: bilinear by hand.
    share = 0.5 / 6
    corner = (
        drawn[0, 0] * (1 - share) ** 2
        + (drawn[0, 1] + drawn[1, 0]) * share * (1 - share)
        + drawn[1, 1] * share**2
    )
    assert field[0, 0] == pytest.approx(corner, abs=1e-5)
    np.testing.assert_array_equal(seabeds.errors.field(2, grid), -field)


def test_sills_of_a_member_by_a_search_of_its_own(seabeds: Ensemble) -> None:
    """The deepest way from the basin to the ocean through any exit, on the depths of a member."""
    number, theatre = 7, seabeds.theatre
    depth_m = seabeds.depths(number)
    deepest = np.nanmax(seabeds.spread.sills_m[number - 1])
    reached = widest_path_depth(depth_m, theatre.sea.basin)[theatre.sea.ocean]
    # Ways through straits that no exit counts, and across land that touches no cell's middle.
    assert deepest == pytest.approx(reached, rel=0.01)


def test_straits_that_are_not_resolved_lie_between_their_published_bounds(
    seabeds: Ensemble, theatre: Theatre
) -> None:
    bounds = {theatre.throats[n].strait.strait_id: b for n, b in seabeds.bounds.items()}
    assert bounds["krenitsyn"] == (50, 70)
    assert not {"bussol", "friza"} & set(bounds)
    throat, found = of("krenitsyn", theatre), []
    for number in range(1, 25, 4):
        depth_m = seabeds.depths(number)
        found.append(max(depth_m[theatre.grid.index(*p)] for p in throat.line.coords))
    assert min(found) == pytest.approx(50, abs=6)
    assert max(found) == pytest.approx(70, abs=6)
    assert all(50 - 1e-3 <= depth <= 70 + 1e-3 for depth in found)


def test_bounds_are_the_least_and_the_greatest_published_depth() -> None:
    known = {strait.strait_id: depth_bounds(strait) for strait in read_straits()}
    assert known["second-kuril"] == (10, 50)
    assert known["snow"] is None


def test_figures_of_a_member_theatre_are_its_own(seabeds: Ensemble) -> None:
    theatre = seabeds.member(3)
    assert theatre.key != seabeds.theatre.key
    same = {f.name for f in fields(Throat)} - {
        "throat_area_km2",
        "sill_depth_m",
        "operating_areas_km2",
    }
    for throat, own, row in zip(
        theatre.throats, seabeds.theatre.throats, seabeds.spread.figures[2], strict=True
    ):
        assert throat.throat_area_km2 == row[0]
        assert throat.operating_area_km2(450) == pytest.approx(row[2 + 3], rel=1e-12)
        assert all(getattr(throat, name) is getattr(own, name) for name in same)
    assert theatre.shores is seabeds.theatre.shores


def test_sections_between_operating_depths() -> None:
    figures = np.zeros((2, 1, 2 + len(OPERATING_DEPTHS_M)))
    figures[0, 0, 2:], figures[1, 0, 2:] = OPERATING_DEPTHS_M, 10
    spread = StraitSpread(figures)
    for depth_m in (300, 325, 450, 587, 600):
        np.testing.assert_allclose(spread.operating_areas_km2(depth_m)[:, 0], (depth_m, 10))


def test_intervals_of_the_straits(seabeds: Ensemble, theatre: Theatre) -> None:
    table = strait_intervals(theatre, operating_depth_m=450).set_index(np.array(STRAITS))
    for strait_id in ("bussol", "friza", "yekaterina", "kruzenshtern"):
        row, throat = table.loc[strait_id], of(strait_id, theatre)
        assert row.throat_area_km2_low < throat.throat_area_km2 < row.throat_area_km2_high
        assert row.sill_depth_m_low < throat.sill_depth_m < row.sill_depth_m_high
        assert row.operating_area_km2_high <= row.throat_area_km2_high
    assert np.isnan(table.loc["second-kuril"].astype(float)).all()
    areas = seabeds.spread.areas_km2[:, STRAITS.index("bussol")]
    low, high = np.percentile(areas, (5, 95))
    assert tuple(table.loc["bussol", ["throat_area_km2_low", "throat_area_km2_high"]]) == (
        low,
        high,
    )


def test_a_seabed_of_ones_own_has_no_intervals(theatre: Theatre) -> None:
    own = replace(theatre, seabed=replace(theatre.seabed, name="mine.tif"))
    assert count_members(own) == 0
    table = strait_intervals(own, operating_depth_m=450)
    assert table.isna().all(axis=None)
    assert len(table) == len(STRAITS)


# Published values that a member's figure can be compared with: sections (km2) of Kuril straits.
PUBLISHED: Mapping[str, float] = {"friza": 17.85, "bussol": 83.83}


@pytest.mark.parametrize(("strait_id", "area_km2"), PUBLISHED.items())
def test_intervals_hold_published_sections(
    theatre: Theatre, strait_id: str, area_km2: float
) -> None:
    row = strait_intervals(theatre, operating_depth_m=450).iloc[STRAITS.index(strait_id)]
    assert row.throat_area_km2_low < area_km2 < row.throat_area_km2_high


def test_percentiles_are_those_of_every_interval() -> None:
    assert ensemble.INTERVAL == (5, 95)
