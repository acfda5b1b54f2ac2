"""Zones: areas and limits against circles, and what must hold for every option."""

from __future__ import annotations

from math import acos, cos, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from pyproj import Geod
from rasterio.features import shapes
from theatres import held, islet, make_theatre, nested_options

from okhotsk.measures import zones as module
from okhotsk.measures.zones import (
    COLUMNS,
    HIGH_SEAS,
    JP_EEZ,
    JP_SEA,
    NAMES,
    RU_EEZ,
    RU_SEA,
    Zones,
    find_zones,
    high_seas_shape,
    part_distances,
    soya_area,
    zone_areas_km2,
    zones_table,
)
from okhotsk.raster import geodesy
from okhotsk.raster.geodesy import KM_PER_NM, MEAN_RADIUS_KM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Scenario
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coast import read_coast
from okhotsk.theatre.model import Theatre

LAW = Assumptions()
SOYA_12 = LAW.with_values({"soya_nm": 12})


def zones_of(theatre: Theatre, parts: tuple, assumptions: Assumptions = LAW) -> Zones:
    return find_zones(theatre, parts, part_distances(theatre, parts), assumptions)


def under(theatre: Theatre, scenario: str | Scenario, assumptions: Assumptions = LAW) -> Zones:
    option = load_scenario(scenario) if isinstance(scenario, str) else scenario
    return zones_of(theatre, resolve(option, theatre.lands), assumptions)


def cap_km2(radius_nm: float) -> float:
    """Area of a disc on the sphere."""
    return 2 * pi * MEAN_RADIUS_KM**2 * (1 - cos(radius_nm * KM_PER_NM / MEAN_RADIUS_KM))


def lens_km2(radius_km: float, apart_km: float) -> float:
    """Area that two equal circles share."""
    half = apart_km / 2
    return 2 * (radius_km**2 * acos(half / radius_km) - half * sqrt(radius_km**2 - half**2))


# Circles


def test_islet_alone_has_a_disc_of_12_and_of_200_miles() -> None:
    # Off the corners of cells, whose symmetry would make the rim err all one way.
    theatre = make_theatre({"islet": islet(150.007, 48.004)}, (149, 47.5, 151, 48.5), arcmin=0.5)
    areas = zone_areas_km2(theatre, zones_of(theatre, held(theatre)))
    assert areas["ru_territorial_sea_km2"] == pytest.approx(cap_km2(12), rel=5e-3)
    wide = make_theatre({"islet": islet(150, 48)}, (144, 44, 156, 52), arcmin=3)
    areas = zone_areas_km2(wide, zones_of(wide, held(wide)))
    eez_km2 = cap_km2(200) - cap_km2(12)
    assert areas["ru_eez_km2"] == pytest.approx(eez_km2, rel=3e-3)
    assert areas["jp_territorial_sea_km2"] == areas["jp_eez_km2"] == 0
    rest = areas["high_seas_km2"]
    assert rest == pytest.approx(wide.sea_km2 - cap_km2(200), rel=5e-3)
    japanese = zone_areas_km2(wide, zones_of(wide, held(wide, {"islet": "JP"})))
    assert japanese["jp_eez_km2"] == areas["ru_eez_km2"]
    assert japanese["ru_eez_km2"] == 0


@pytest.mark.parametrize("apart_nm", [5, 10, 20, 30])
def test_median_line_halves_what_two_islets_share(apart_nm: float) -> None:
    lon, lat, _ = Geod(ellps="WGS84").fwd(150, 48, 70, apart_nm * KM_PER_NM * 1000)
    lands = {"one": islet(150, 48), "other": islet(lon, lat)}
    theatre = make_theatre(lands, (149, 47.5, 152, 48.8), arcmin=0.5)
    zones = zones_of(theatre, held(theatre, {"other": "JP"}))
    areas = zone_areas_km2(theatre, zones)
    radius_km, apart_km = 12 * KM_PER_NM, apart_nm * KM_PER_NM
    shared = lens_km2(radius_km, apart_km) if apart_nm < 24 else 0.0
    for column in ("ru_territorial_sea_km2", "jp_territorial_sea_km2"):
        assert areas[column] == pytest.approx(cap_km2(12) - shared / 2, rel=5e-3)
    table = zones_table(theatre, zones, LAW).set_index("zone")
    for zone in ("ru-territorial-sea", "jp-territorial-sea"):
        drawn = geodesy.area_km2(table.geometry[zone])
        assert drawn == pytest.approx(cap_km2(12) - shared / 2, rel=5e-3)


def discs(land: shapely.MultiPolygon, radius_nm: float) -> shapely.Geometry:
    """All within a distance of a shore, from geodesic circles round its points."""
    points = shapely.get_coordinates(shapely.segmentize(land, 0.004))
    turns = np.linspace(0, 360, 181)[:-1]
    lon, lat, turn = (
        np.repeat(points[:, 0], 180),
        np.repeat(points[:, 1], 180),
        np.tile(turns, len(points)),
    )
    far = np.full(len(lon), radius_nm * KM_PER_NM * 1000)
    x, y, _ = Geod(ellps="WGS84").fwd(lon, lat, turn, far)
    rings = np.stack([x, y], axis=-1).reshape(len(points), 180, 2)
    return shapely.union_all([*shapely.polygons(rings), land])


def test_limit_lies_within_half_a_cell_of_geodesic_circles() -> None:
    land = read_coast()["atlasov"]
    theatre = make_theatre({"atlasov": land}, (154.5, 50.3, 156.5, 51.4))
    zones = zones_of(theatre, held(theatre))
    table = zones_table(theatre, zones, LAW).set_index("zone")
    drawn, exact = table.geometry["ru-territorial-sea"], discs(land, 12)
    squeeze = np.array([np.cos(np.radians(50.85)), 1.0]) * 60  # in minutes of latitude
    flat = [shapely.transform(shapely.boundary(g), squeeze.__mul__) for g in (drawn, exact)]
    assert shapely.hausdorff_distance(*flat) < 0.5
    assert geodesy.area_km2(drawn) == pytest.approx(geodesy.area_km2(exact), rel=1e-3)


# The real sea


def test_names_and_codes_are_complete() -> None:
    codes = {HIGH_SEAS, RU_SEA, JP_SEA, RU_EEZ, JP_EEZ}
    assert set(COLUMNS) == set(NAMES) == codes == set(range(5))


def test_zones_table_of_the_real_sea(coarse: Theatre) -> None:
    zones = under(coarse, "four-islands")
    table = zones_table(coarse, zones, LAW)
    assert list(table.columns) == ["zone", "holder", "name", "area_km2", "geometry"]
    assert list(table.zone) == [
        "ru-territorial-sea",
        "jp-territorial-sea",
        "ru-eez",
        "jp-eez",
        "high-seas",
    ]
    assert list(table.holder) == ["RU", "JP", "RU", "JP", ""]
    assert table.crs.to_epsg() == 4326
    assert shapely.is_valid(table.geometry.array).all()
    assert table.area_km2.sum() == pytest.approx(coarse.sea_km2, rel=1e-9)
    # Polygons do not overlap: together they are as large as their union.
    whole = shapely.union_all(table.geometry.array)
    assert shapely.area(table.geometry.array).sum() == pytest.approx(whole.area, rel=1e-4)


def test_the_high_seas_are_the_same_whoever_holds_the_land(coarse: Theatre) -> None:
    ours = high_seas_shape(coarse, LAW)
    for name in ("status-quo", "st-petersburg-1875"):
        table = zones_table(coarse, under(coarse, name), LAW).set_index("zone")
        assert table.geometry["high-seas"].equals(ours)
        shared = zones_table(coarse, under(coarse, name), LAW, high_seas=ours).set_index("zone")
        assert shared.geometry.equals(table.geometry)
    # The line at sea between the halves of an island measures a little nearer than its shores.
    half = zones_table(coarse, under(coarse, "half-area-2006"), LAW).set_index("zone")
    apart = half.geometry["high-seas"].symmetric_difference(ours)
    assert apart.area < 1e-4 * ours.area


def test_distances_to_the_sides_of_a_line_are_kept(
    coarse: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKHOTSK_CACHE_DIR", str(tmp_path))
    parts = resolve(load_scenario("half-area-2006"), coarse.lands)
    first = part_distances(coarse, parts)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 2
    monkeypatch.setattr(module, "distance_field", lambda *_: pytest.fail("measured again"))
    again = part_distances(coarse, parts)
    for part, field in first.items():
        np.testing.assert_array_equal(again[part].cells, field.cells)
        np.testing.assert_array_equal(again[part].km, field.km)


def test_polygons_agree_with_cells(theatre: Theatre) -> None:
    # A second way to the same areas: geodesic polygons of the outlines, cut to the sea.
    zones = under(theatre, "four-islands")
    table = zones_table(theatre, zones, LAW)
    outline = shapely.union_all(
        [
            shapely.geometry.shape(ring)
            for ring, _ in shapes(
                theatre.sea.mask.astype(np.uint8),
                mask=theatre.sea.mask,
                transform=theatre.grid.transform,
            )
        ]
    )
    near = shapely.box(*outline.bounds)
    land = shapely.union_all([shapely.intersection(g, near) for g in theatre.lands.values()])
    sea = shapely.difference(outline, land)
    assert geodesy.area_km2(sea) == pytest.approx(theatre.sea_km2, rel=2e-3)
    for row in table.itertuples():
        drawn = geodesy.area_km2(shapely.intersection(row.geometry, sea))
        assert drawn == pytest.approx(row.area_km2, rel=0.01), row.zone


def test_pocket_of_high_seas_is_of_the_published_size(theatre: Theatre) -> None:
    # Published for the seabed of the pocket: 50 to 52 thousand km2, which counts straight
    # baselines out; normal baselines leave a pocket of that order.
    area = zone_areas_km2(theatre, under(theatre, "status-quo"))["high_seas_km2"]
    assert 40_000 < area < 60_000


def test_soya_option_changes_only_the_strait(coarse: Theatre) -> None:
    for name in ("status-quo", "portsmouth-1905"):
        wide, with_three = under(coarse, name, SOYA_12), under(coarse, name)
        changed = wide.code != with_three.code
        assert changed.any()
        assert not (changed & ~soya_area(coarse, LAW)).any()
        assert set(wide.code[changed]) == {JP_SEA}
        assert set(with_three.code[changed]) == {JP_EEZ}
        rows, cols = np.nonzero(changed)
        assert np.abs(coarse.grid.lat[rows] - 45.7).max() < 0.7
        assert np.abs(coarse.grid.lon[cols] - 142).max() < 1.2
        table = zones_table(coarse, with_three, LAW)
        assert table.area_km2.sum() == pytest.approx(coarse.sea_km2, rel=1e-9)


def test_narrower_zones_leave_more_high_seas(coarse: Theatre) -> None:
    areas = [
        zone_areas_km2(coarse, under(coarse, "four-islands", LAW.with_values(values)))
        for values in ({}, {"territorial_sea_nm": 6}, {"eez_nm": 100})
    ]
    for zone in ("ru", "jp"):
        wide, narrow, short = areas
        sea, eez = f"{zone}_territorial_sea_km2", f"{zone}_eez_km2"
        assert narrow[sea] < wide[sea]
        assert narrow[sea] + narrow[eez] == pytest.approx(wide[sea] + wide[eez], rel=1e-9)
        assert short[eez] < wide[eez]
        assert short[sea] == wide[sea]
    assert areas[1]["high_seas_km2"] == areas[0]["high_seas_km2"] < areas[2]["high_seas_km2"]


# Laws


@settings(max_examples=40)
@given(options=nested_options())
@pytest.mark.parametrize("assumptions", [LAW, SOYA_12], ids=["soya-3", "soya-12"])
def test_zones_are_the_sea_and_ceding_more_moves_them_one_way(
    coarse: Theatre, options: tuple[Scenario, Scenario], assumptions: Assumptions
) -> None:
    fewer, more = (under(coarse, option, assumptions) for option in options)
    for zones in (fewer, more):
        areas = zone_areas_km2(coarse, zones)
        assert set(areas) == set(COLUMNS.values())
        assert min(areas.values()) >= 0
        assert sum(areas.values()) == pytest.approx(coarse.sea_km2, rel=1e-9)
    # Cell by cell, not only in sum: Russia gains no cell of either zone, Japan loses none, and
    # the high seas stay as they are, since the same shores reach as far as before.
    for code in (RU_SEA, RU_EEZ):
        assert not ((more.code == code) & (fewer.code != code)).any()
    for code in (JP_SEA, JP_EEZ):
        assert not ((fewer.code == code) & (more.code != code)).any()
    assert np.array_equal(fewer.code == HIGH_SEAS, more.code == HIGH_SEAS)
    assert (more.jp_km <= fewer.jp_km).all()
    assert (more.ru_km >= fewer.ru_km).all()


def test_split_moves_zones_between_none_and_all_of_the_unit(coarse: Theatre) -> None:
    three, half, four = (
        under(coarse, name) for name in ("three-islands", "half-area-2006", "four-islands")
    )
    for less, more in ((three, half), (half, four)):
        for code in (RU_SEA, RU_EEZ):
            assert not ((more.code == code) & (less.code != code)).any()
            assert (less.code == code).sum() > (more.code == code).sum()


def test_nothing_ceded_is_the_status_quo(coarse: Theatre) -> None:
    assert np.array_equal(under(coarse, cede([])).code, under(coarse, "status-quo").code)


def test_forces_do_not_move_zones(coarse: Theatre) -> None:
    four = under(coarse, "four-islands").code
    for name in ("four-islands-demilitarised", "kawana-1998"):
        assert np.array_equal(under(coarse, name).code, four)
