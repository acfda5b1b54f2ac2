"""Who holds the shores of a strait and what is left open: straits whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from theatres import make_theatre

from okhotsk.errors import SeabedError
from okhotsk.measures.regimes import (
    check_exits,
    straits_under,
    survey_straits,
    uncounted_exits,
)
from okhotsk.measures.strait_section import JAPANESE, OPEN, RUSSIAN
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.sea import Sea
from okhotsk.theatre.straits import OPERATING_DEPTHS_M, Strait, Throat

A = Assumptions(soya_nm=12)
KM_PER_DEG = 111.195  # of latitude, good to 0.2 % here
WIDTH_KM = 60.0  # of the strait: wider than two territorial seas of 12 nautical miles
STEP_KM = 0.5


def lands(width_km: float = WIDTH_KM) -> dict[str, shapely.MultiPolygon]:
    """Two coasts that run east and west, a strait of some width between them."""
    half = width_km / KM_PER_DEG / 2
    return {
        "south": shapely.MultiPolygon([shapely.box(149, 47, 151, 48 - half)]),
        "north": shapely.MultiPolygon([shapely.box(149, 48 + half, 151, 49)]),
    }


def sea(
    width_km: float = WIDTH_KM,
    *,
    strait_id: str = "straight",
    resolved: bool = True,
    deep_at: float = 0.5,
) -> Theatre:
    """A theatre of one strait, whose throat runs north along 150 degrees east.

    It is 200 m deep, and 900 m within 5 km of some share of its width. The basin lies at its
    western end, the ocean at its eastern one.
    """
    strait = Strait(
        strait_id, "Straight", None, None, "south", "north", True, True, None, None, (), False
    )
    km = np.linspace(0, width_km, round(width_km / STEP_KM) + 1)
    half = width_km / KM_PER_DEG / 2

    def depth_at(off_km: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(np.abs(off_km - deep_at * width_km) <= 5, 900.0, 200.0)

    throat = Throat(
        strait=strait,
        width_km=width_km,
        line=shapely.LineString([(150, 48 - half), (150, 48 + half)]),
        throat_width_km=width_km,
        throat_area_km2=12.0,
        distance_km=km,
        depth_m=depth_at(km),
        resolved=resolved,
        sill_depth_m=150.0 if resolved else None,
        operating_areas_km2=(12.0,) * len(OPERATING_DEPTHS_M),
    )
    lat = 49 - (np.arange(60) + 0.5) / 30
    rows_m = depth_at((lat - 48 + half) * KM_PER_DEG)[:, None]
    depth_m = np.broadcast_to(rows_m, (60, 60)).astype(np.float32)
    theatre = make_theatre(lands(width_km), (149, 47, 151, 49), arcmin=2, depth_m=depth_m)
    ends = Sea(theatre.sea.mask, (30, 0), (30, 59), 0.0)
    return replace(theatre, throats=(throat,), sea=ends)


def held(theatre: Theatre, **holders: str) -> list[Part]:
    """The lands by who is sovereign; Russian unless named."""
    return [
        Part(unit, unit, holders.get(unit, "RU"), "RU", land)
        for unit, land in theatre.lands.items()
    ]


def under(theatre: Theatre, parts: list[Part], values: Assumptions = A) -> gpd.GeoDataFrame:
    return straits_under(theatre, parts, values, scenario_id="drawn").iloc[0]


def widths(theatre: Theatre, parts: list[Part], values: Assumptions) -> gpd.GeoDataFrame:
    """As ``under`` without depths: the area of Soya's claim is that of the real lands."""
    return survey_straits(theatre, parts, values, scenario_id="drawn", depths={}).table.iloc[0]


@pytest.mark.parametrize(
    ("holders", "regime"),
    [
        ({}, "russian"),
        ({"south": "JP"}, "shared"),
        ({"north": "JP"}, "shared"),
        ({"south": "JP", "north": "JP"}, "japanese"),
    ],
)
def test_both_shores_decide(holders: dict[str, str], regime: str) -> None:
    theatre = sea()
    row = under(theatre, held(theatre, **holders))
    assert row.regime == regime
    assert row.holder_a == holders.get("south", "RU")
    assert row.holder_b == holders.get("north", "RU")
    assert row.scenario_id == "drawn"


def test_the_part_nearest_to_the_end_decides() -> None:
    """Of a unit split along 150.5 degrees east, the western part faces the throat."""
    theatre = sea()
    west, east = (
        shapely.MultiPolygon([shapely.intersection(theatre.lands["south"].geoms[0], box)])
        for box in (shapely.box(149, 47, 150.5, 49), shapely.box(150.5, 47, 151, 49))
    )
    north = Part("north", "north", "RU", "RU", theatre.lands["north"])
    for facing, other in (("JP", "RU"), ("RU", "JP")):
        parts = [
            north,
            Part("south-east", "south", other, "RU", east),
            Part("south-west", "south", facing, "RU", west),
        ]
        row = under(theatre, parts)
        assert row.holder_a == facing
        assert row.regime == ("shared" if facing == "JP" else "russian")


@pytest.mark.parametrize("width_km", [46.0, 60.0, 90.0])
def test_corridor_is_what_two_belts_leave(width_km: float) -> None:
    """Its width less twice 12 nautical miles."""
    theatre = sea(width_km)
    row = under(theatre, held(theatre, south="JP"))
    expected = width_km - 2 * 12 * KM_PER_NM
    assert row.corridor_km == pytest.approx(expected, rel=0.002, abs=0.1)
    # Cells are 3.7 km high: a corridor of 1.5 km passes between the middles of two.
    assert str(row.corridor_depth_m) == ("nan" if width_km == 46 else "900.0")


def test_the_deep_inside_a_belt_is_not_the_depth_of_the_corridor() -> None:
    theatre = sea(deep_at=0.0)
    row = under(theatre, held(theatre, south="JP"))
    assert row.corridor_depth_m == 200.0


def test_no_corridor_between_two_belts_that_meet() -> None:
    theatre = sea(40.0)
    row = under(theatre, held(theatre))
    assert row.corridor_km == 0
    assert np.isnan(row.corridor_depth_m)


def test_japan_claims_three_miles_in_the_soya_strait_only() -> None:
    values = Assumptions()
    for strait_id, japanese_nm in (("la-perouse", 3), ("straight", 12)):
        theatre = sea(strait_id=strait_id)
        row = widths(theatre, held(theatre, south="JP"), values)
        expected = WIDTH_KM - (12 + japanese_nm) * KM_PER_NM
        assert row.corridor_km == pytest.approx(expected, abs=0.1), strait_id
    theatre = sea(strait_id="la-perouse")
    both_russian = widths(theatre, held(theatre), values)
    assert both_russian.corridor_km == pytest.approx(WIDTH_KM - 24 * KM_PER_NM, abs=0.1)
    wide = A.with_values({"soya_nm": 12, "territorial_sea_nm": 3})  # no claim beyond the general
    row = widths(theatre, held(theatre, south="JP"), wide)
    assert row.corridor_km == pytest.approx(WIDTH_KM - 6 * KM_PER_NM, abs=0.1)


def test_a_strait_that_is_not_resolved_has_a_width_and_no_depth() -> None:
    theatre = sea(resolved=False)
    row = under(theatre, held(theatre))
    assert row.corridor_km > 0
    assert np.isnan(row.corridor_depth_m)
    assert not row.resolved


# Sections


def test_the_section_shows_the_corridor_of_the_table() -> None:
    """From side a: Japanese water, the corridor, Russian water, each as wide as it should be."""
    theatre = sea()
    survey = survey_straits(theatre, held(theatre, south="JP"), A, scenario_id="drawn", depths={})
    (section,), row = survey.sections, survey.table.iloc[0]
    assert list(dict.fromkeys(section.zone)) == [JAPANESE, OPEN, RUSSIAN]
    step_km = section.distance_km[1]
    for zone, km in ((JAPANESE, 12 * KM_PER_NM), (RUSSIAN, 12 * KM_PER_NM)):
        assert (section.zone == zone).sum() * step_km == pytest.approx(km, abs=1.5 * step_km)
    assert (section.zone == OPEN).sum() * step_km == pytest.approx(row.corridor_km, abs=1)
    assert section.distance_km[-1] == WIDTH_KM
    assert section.depth_m.max() == 900.0


def test_water_between_two_near_shores_is_that_of_the_nearer() -> None:
    theatre = sea(30.0)
    parts = held(theatre, north="JP")
    (section,) = survey_straits(theatre, parts, A, scenario_id="drawn", depths={}).sections
    russian, japanese = section.zone == RUSSIAN, section.zone == JAPANESE
    assert (russian | japanese).all()
    assert section.distance_km[russian].max() == pytest.approx(15, abs=0.3)
    assert section.distance_km[japanese].min() == pytest.approx(15, abs=0.3)


def test_the_section_of_a_japanese_strait_is_of_one_colour() -> None:
    theatre = sea(30.0)
    parts = held(theatre, north="JP", south="JP")
    (section,) = survey_straits(theatre, parts, A, scenario_id="drawn", depths={}).sections
    assert set(section.zone) == {JAPANESE}


# Exits that no figure counts


def exits(*rows: tuple[str, bool, bool, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, columns=["name", "exit", "resolved", "sill_depth_m"])


def test_exits_that_are_not_counted_are_named() -> None:
    straits = exits(
        ("Deep", True, True, 500.0),
        ("Hidden", True, False, np.nan),
        ("Buried", True, False, np.nan),
        ("Shallow", True, True, 31.4),
        ("Side", False, True, 10.0),
        ("Aside", False, False, np.nan),
    )
    assert uncounted_exits(straits, A) == [
        "Not counted as exits, because the seabed is too coarse for them: Hidden, Buried.",
        "Not counted as an exit, because its sill of 31 m on this seabed is shallower than 50 m: "
        "Shallow.",
    ]
    deeper = A.with_values({"transit_depth_m": 100})
    assert uncounted_exits(exits(("Bar", True, True, 99.0)), deeper) == [
        "Not counted as an exit, because its sill of 99 m on this seabed is shallower than 100 m: "
        "Bar."
    ]


def test_where_every_exit_counts_nothing_is_said() -> None:
    """A sill as deep as a passage must be is deep enough."""
    assert uncounted_exits(exits(("Deep", True, True, A.transit_depth_m)), A) == []
    assert uncounted_exits(exits(("Side", False, False, np.nan)), A) == []


def test_seabed_too_coarse_for_every_exit_is_refused(theatre: Theatre) -> None:
    check_exits(theatre, Assumptions())
    hidden = tuple(replace(throat, sill_depth_m=None) for throat in theatre.throats)
    seabed = replace(theatre.seabed, native_km=50.0, name="coarse.tif")
    said = r"^coarse.tif: its cells of 50 km resolve no exit of the sea of 50 m and more, .*finer"
    with pytest.raises(SeabedError, match=said):
        check_exits(replace(theatre, throats=hidden, seabed=seabed), Assumptions())
