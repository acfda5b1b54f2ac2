"""How wide the water outside all territorial seas is: drawn chains of land, real straits."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from theatres import held, islet

from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.measures.corridor import corridor_km, near_gaps, territorial_sea_near
from okhotsk.measures.passage import exit_depths
from okhotsk.measures.regimes import straits_under, survey_straits
from okhotsk.measures.strait_section import OPEN, NearPart, near_parts
from okhotsk.measures.zones import JP_SEA, RU_SEA, find_zones, part_distances
from okhotsk.raster.geodesy import KM_PER_NM
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part
from okhotsk.scenario.read import load_scenario, scenario_ids
from okhotsk.scenario.split import resolve
from okhotsk.theatre.exits import exit_sill_depths
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import (
    JOINED_KM,
    Gaps,
    Shore,
    Strait,
    Throat,
    find_gaps,
    find_shores,
    near_box,
)

A = Assumptions(soya_nm=12)
BELT_KM = 12 * KM_PER_NM
KM_PER_DEG = 111.195  # of latitude, good to 0.2 % here
# The shortest gap between opposing belts of 12 nautical miles on the full coast.
WIDTHS = {"bussol": 24.2, "kruzenshtern": 4.9, "fourth-kuril": 8.7}


# Chains of land


def near(*reach_km: float) -> list[NearPart]:
    """Parts named 0, 1 and so on, by how far their territorial sea reaches."""
    land = shapely.MultiPolygon()
    shore = Shore(np.zeros(2), (0.0, 0.0))
    return [
        NearPart(Part(str(n), str(n), "RU", "RU", land), shore, reach)
        for n, reach in enumerate(reach_km)
    ]


def gaps(km: list[list[float]] | np.ndarray) -> Gaps:
    """Distances between pieces of their own land; the throat runs from the first to the last."""
    owner = tuple(str(n) for n in range(len(km)))
    return Gaps(owner, np.array(km, float), (0, len(km) - 1))


def by_every_chain(found: Gaps, parts: list[NearPart]) -> float:
    """The least greatest gap over all chains, one after the other."""
    count = len(parts)
    inner = range(1, count - 1)
    chains = [
        (0, *way, count - 1) for size in range(count - 1) for way in permutations(inner, size)
    ]

    def widest(chain: tuple[int, ...]) -> float:
        pairs = zip(chain, chain[1:], strict=False)
        return max(found.km[a, b] - parts[a].reach_km - parts[b].reach_km for a, b in pairs)

    return max(0.0, min(map(widest, chains)))


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Gaps, list[NearPart]]:
    count = draw(st.integers(2, 6))
    points = draw(
        st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=count, max_size=count)
    )
    x, y = np.array(points).T
    reach_km = draw(st.lists(st.floats(0, 30), min_size=count, max_size=count))
    return gaps(np.hypot(x[:, None] - x, y[:, None] - y)), near(*reach_km)


@given(drawn())
def test_no_chain_is_forgotten(case: tuple[Gaps, list[NearPart]]) -> None:
    assert corridor_km(*case) == pytest.approx(by_every_chain(*case), abs=1e-9)


@given(drawn(), st.floats(0, 10))
def test_wider_territorial_sea_never_widens_a_corridor(
    case: tuple[Gaps, list[NearPart]], more_km: float
) -> None:
    found, parts = case
    for n, one in enumerate(parts):
        wider = [*parts[:n], replace(one, reach_km=one.reach_km + more_km), *parts[n + 1 :]]
        assert corridor_km(found, wider) <= corridor_km(found, parts)


# Two coasts, and what lies between


def coasts(
    *islets: tuple[float, float], width_km: float = 60.0, east_deg: float = 0.0
) -> tuple[Throat, dict[str, shapely.MultiPolygon]]:
    """A strait between two coasts that run east and west, with islets off its throat's middle.

    ``islets`` are degrees east of 150 and km from the southern coast; the throat ends
    ``east_deg`` further east than it begins.
    """
    half = width_km / KM_PER_DEG / 2
    lands = {
        "south": shapely.MultiPolygon([shapely.box(147, 46, 153, 48 - half)]),
        "north": shapely.MultiPolygon([shapely.box(147, 48 + half, 153, 50)]),
    }
    for n, (east, km) in enumerate(islets):
        lands[f"islet {n}"] = islet(150 + east, 48 - half + km / KM_PER_DEG)
    strait = Strait(
        "drawn", "Drawn", None, None, "south", "north", True, True, None, None, (), False
    )
    line = shapely.LineString([(150, 48 - half), (150 + east_deg, 48 + half)])
    km = np.linspace(0, width_km, 121)
    throat = Throat(strait, width_km, line, width_km, 12.0, km, np.full(len(km), 900.0), True)
    return throat, lands


def wide_km(throat: Throat, lands: dict[str, shapely.MultiPolygon], values=A, **holders) -> float:
    parts = [Part(u, u, holders.get(u, "RU"), "RU", land) for u, land in lands.items()]
    close = near_parts(throat, find_shores(throat, lands), parts, values)
    return corridor_km(near_gaps(throat, close, find_gaps(throat, lands)), close)


@pytest.mark.parametrize("width_km", [40.0, 44.3, 44.6, 60.0, 90.0])
def test_between_two_coasts_it_is_what_two_belts_leave(width_km: float) -> None:
    expected = max(0, width_km - 2 * BELT_KM)
    assert wide_km(*coasts(width_km=width_km)) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("east_deg", [-0.5, 0.0, 0.3, 0.8])
def test_a_throat_that_runs_obliquely_changes_nothing(east_deg: float) -> None:
    assert wide_km(*coasts(east_deg=east_deg)) == pytest.approx(60 - 2 * BELT_KM, abs=0.1)


def test_an_islet_in_the_middle_has_a_belt_too() -> None:
    """Of 100 km, 55.6 are left without it, 5.6 on either side with it."""
    bare, belted = coasts(width_km=100), coasts((0.0, 50), width_km=100)
    assert wide_km(*bare) == pytest.approx(100 - 2 * BELT_KM, abs=0.2)
    assert wide_km(*belted) == pytest.approx(50 - 2 * BELT_KM, abs=0.1)


def test_beside_the_middle_the_wider_side_counts() -> None:
    """An islet at 45 of 100 km leaves 10.6 km on its far side, next to nothing on the near one."""
    assert wide_km(*coasts((0.0, 45), width_km=100)) == pytest.approx(55 - 2 * BELT_KM, abs=0.1)


def test_an_islet_in_the_middle_closes_a_strait_of_four_belts() -> None:
    assert wide_km(*coasts((0.0, 30))) == 0
    assert wide_km(*coasts((0.0, 43), (0.1, 86), width_km=129)) == 0  # one after the other
    assert wide_km(*coasts((0.0, 43), width_km=129)) > 40  # and not one alone


def test_an_islet_off_the_throat_closes_the_strait_where_it_lies() -> None:
    """On the way in or out a belt bars as well as in the throat; far from it, it is none."""
    assert wide_km(*coasts((0.5, 30))) == 0
    assert wide_km(*coasts((2.0, 30))) == pytest.approx(60 - 2 * BELT_KM, abs=0.1)


def test_islands_of_one_land_bar_only_where_their_belts_meet() -> None:
    """Two islets of one unit 30 km apart: a way of 3-mile belts leads between, one of 12 none."""
    throat, lands = coasts((0.0, 15), (0.0, 45), width_km=60)
    both = [*lands.pop("islet 0").geoms, *lands.pop("islet 1").geoms]
    lands["islets"] = shapely.MultiPolygon(both)
    three = A.with_values({"territorial_sea_nm": 3})
    assert wide_km(throat, lands, three) == pytest.approx(30 - 6 * KM_PER_NM, abs=0.1)
    assert wide_km(throat, lands) == 0
    near_km = JOINED_KM / KM_PER_DEG
    pair = shapely.MultiPolygon([*islet(150, 48).geoms, *islet(150, 48 + 0.9 * near_km).geoms])
    found = find_gaps(throat, {"south": lands["south"], "north": lands["north"], "pair": pair})
    assert found.owner.count("pair") == 1


def test_whose_land_it_is_makes_no_difference() -> None:
    drawn_coasts = coasts((0.2, 50), width_km=100)
    assert wide_km(*drawn_coasts, south="JP") == wide_km(*drawn_coasts)


def test_a_land_that_is_split_is_as_far_away_as_the_whole() -> None:
    throat, lands = coasts()
    whole_km = wide_km(throat, lands)
    south = lands["south"]
    for at in (149.9, 150.0, 150.4):
        west, east = (
            shapely.MultiPolygon([shapely.intersection(south.geoms[0], side)])
            for side in (shapely.box(147, 40, at, 50), shapely.box(at, 40, 153, 50))
        )
        parts = [
            Part("south-west", "south", "JP", "JP", west),
            Part("south-east", "south", "RU", "RU", east),
            Part("north", "north", "RU", "RU", lands["north"]),
        ]
        close = near_parts(throat, find_shores(throat, lands), parts, A)
        found = near_gaps(throat, close, find_gaps(throat, lands))
        assert set(found.owner) == {part.part_id for part in parts}
        assert corridor_km(found, close) == pytest.approx(whole_km, abs=1e-6)


# The real straits


def parts_of(theatre: Theatre, name: str) -> list[Part]:
    return list(resolve(load_scenario(name), theatre.lands))


@pytest.fixture(scope="module")
def today(theatre: Theatre):
    table = straits_under(theatre, parts_of(theatre, "status-quo"), A, scenario_id="today")
    return table.set_index("strait_id")


def test_throats_end_on_the_lands_that_they_lie_between(theatre: Theatre) -> None:
    for throat, found in zip(theatre.throats, theatre.gaps, strict=True):
        sides = [throat.strait.side_a, throat.strait.side_b]
        assert [found.owner[end] for end in found.ends] == sides


def test_gaps_bear_out_the_widths(theatre: Theatre) -> None:
    """The lands of both sides are as far apart as the strait is wide.

    Nemuro is sought near a place, and its lands are nearer to each other elsewhere.
    """
    for throat, found in zip(theatre.throats, theatre.gaps, strict=True):
        km = found.km[found.ends]
        if throat.strait.strait_id == "nemuro":
            assert km < throat.width_km
        else:
            assert km == pytest.approx(throat.width_km, abs=0.05), throat.strait.strait_id


def test_widths_are_the_gaps_between_opposing_belts(theatre: Theatre, today) -> None:
    """Bussol between Chirpoy and Simushir, Kruzenshtern off the Lovushki."""
    exits = today[today.exit & (today.corridor_km > 0)].corridor_km
    assert exits.to_dict() == pytest.approx(WIDTHS, abs=0.3)
    three = A.with_values({"soya_nm": 3})
    parts = parts_of(theatre, "status-quo")
    narrow = straits_under(theatre, parts, three, scenario_id="x").set_index("strait_id")
    assert narrow.corridor_km["la-perouse"] == pytest.approx(14.8, abs=0.3)
    # In all three the belts of the sides themselves come nearest.
    for strait_id, km in exits.items():
        assert km == pytest.approx(today.width_km[strait_id] - 2 * BELT_KM, abs=0.05)


def test_the_throat_of_bussol_runs_obliquely_through_its_corridor(theatre: Theatre) -> None:
    """Its stretch outside both belts is 33 km long, as docs/method.md says."""
    parts = parts_of(theatre, "status-quo")
    survey = survey_straits(theatre, parts, A, scenario_id="x", depths={})
    for row, section in zip(survey.table.itertuples(), survey.sections, strict=True):
        step_km = section.distance_km[1]
        stretch_km = (section.zone == OPEN).sum() * step_km
        assert stretch_km >= row.corridor_km - step_km
        if row.strait_id == "bussol":
            assert round(stretch_km) == 33


def test_widest_paths_over_cells_agree(theatre: Theatre, today) -> None:
    """A second method: a flood over the clearance beyond territorial sea, one throat open."""
    soya = A.with_values({"soya_nm": 3})
    parts = parts_of(theatre, "status-quo")
    distances = part_distances(theatre, parts)
    zones = find_zones(theatre, parts, distances, A)
    narrow = straits_under(theatre, parts, soya, scenario_id="x").set_index("strait_id")
    row_km, col_km = (float(np.mean(size)) for size in theatre.grid.cell_size_km())
    cell_km = np.hypot(row_km, col_km)
    japanese_km = zones.jp_km - 3 * KM_PER_NM
    seen = 0
    for clear_km, table in (
        (theatre.shore_km - BELT_KM, today),
        (np.minimum(zones.ru_km - BELT_KM, japanese_km), narrow.loc[["la-perouse"]]),
    ):
        # A hundred "metres" stand for a km: the flood rounds clearance to a metre.
        beyond = np.where(theatre.near_throats, 100 * np.clip(clear_km, 0, None), 1e5)
        beyond = np.where(theatre.water_km2 > 0, beyond, 0).astype(np.float32)
        found = exit_sill_depths(theatre.exit_cells, beyond)
        for strait_id in table.index[table.exit & table.resolved]:
            expected = table.corridor_km[strait_id]
            assert 2 * found[strait_id] / 100 == pytest.approx(expected, abs=cell_km), strait_id
            seen += expected > 0
    assert seen == len(WIDTHS) + 1


def test_depths_are_those_of_a_boat_that_enters_no_territorial_sea(theatre: Theatre, today) -> None:
    """No deeper than the sill; and those of a context."""
    scenario = ScenarioContext.of(Context(theatre, A), load_scenario("status-quo"))
    depths = scenario.corridor_depths
    known = today[today.corridor_depth_m.notna()]
    assert set(known.index) == set(WIDTHS)
    assert (known.corridor_depth_m <= known.sill_depth_m).all()
    assert known.corridor_depth_m.to_dict() == {key: depths[key] for key in known.index}
    assert 0 < known.corridor_depth_m["kruzenshtern"] < known.sill_depth_m["kruzenshtern"]


def test_la_perouse_is_not_shut_by_the_tsugaru_strait(theatre: Theatre) -> None:
    """With all territorial sea closed it would have no depth, for no other way leads on."""
    soya, parts = A.with_values({"soya_nm": 3}), parts_of(theatre, "status-quo")
    row = straits_under(theatre, parts, soya, scenario_id="x").set_index("strait_id")
    assert row.corridor_depth_m["la-perouse"] == row.sill_depth_m["la-perouse"] > 0
    zones = find_zones(theatre, parts, part_distances(theatre, parts), soya)
    closed = territorial_sea_near(theatre, zones)
    everywhere = np.isin(zones.code, (RU_SEA, JP_SEA))
    assert (closed <= everywhere).all()
    assert exit_depths(theatre, everywhere)["la-perouse"] == 0


@pytest.mark.parametrize("name", [n for n in scenario_ids() if n != "status-quo"])
def test_handing_land_over_moves_no_corridor(theatre: Theatre, today, name: str) -> None:
    """All belts are 12 miles wide, whoever holds the land; halves of an island too."""
    table = straits_under(theatre, parts_of(theatre, name), A, scenario_id=name)
    table = table.set_index("strait_id")
    assert table.corridor_km.to_dict() == pytest.approx(today.corridor_km.to_dict(), abs=1e-4)
    np.testing.assert_array_equal(table.corridor_depth_m, today.corridor_depth_m)


def test_narrower_belts_open_corridors(theatre: Theatre, today) -> None:
    parts = parts_of(theatre, "status-quo")
    wide_km = today.corridor_km
    for nm in (9, 6, 3):
        values = A.with_values({"territorial_sea_nm": nm})
        table = straits_under(theatre, parts, values, scenario_id="x").set_index("strait_id")
        assert (table.corridor_km >= wide_km).all()
        assert (table.corridor_km <= table.throat_width_km).all()
        wide_km = table.corridor_km


def test_far_land_makes_no_chain(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes from half to twice the size give the exits the same corridors."""
    exits = {"bussol", "kruzenshtern", "fourth-kuril", "friza"}
    for near_deg in (0.3, 1.2):
        monkeypatch.setattr("okhotsk.theatre.straits.NEAR_DEG", near_deg)
        for throat in theatre.throats:
            if throat.strait.strait_id in exits:
                box = near_box(throat)
                assert box[0] == throat.line.bounds[0] - near_deg
                shores, parts = find_shores(throat, theatre.lands), held(theatre)
                close = near_parts(throat, shores, parts, A)
                km = corridor_km(find_gaps(throat, theatre.lands), close)
                assert km == pytest.approx(WIDTHS.get(throat.strait.strait_id, 0), abs=0.3)
