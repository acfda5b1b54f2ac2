"""The seal: a made-up basin with one strait, and what must hold for every option."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from theatres import held, make_theatre, nested_chains, nested_options, shut

from okhotsk.errors import AssumptionError
from okhotsk.measures.barrier import (
    LINES,
    Barrier,
    exposed_km,
    find_barrier,
    find_core,
    line_costs,
)
from okhotsk.measures.refuge import find_patrol
from okhotsk.raster import geodesy, planar_cut
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import Part, Scenario
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

A = Assumptions()


# A basin between 58 and 60.5 N in a mainland that ends in the south at 55.5 N, joined to the
# ocean by a passage from 148 to 152 E. The anchor of the real sea, 150 E 62.5 N, lies on it.
BOUNDS = (144.0, 54.0, 156.0, 64.0)
MAINLAND = shapely.difference(
    shapely.box(144, 55.5, 156, 64),
    shapely.union_all([shapely.box(146, 58, 154, 60.5), shapely.box(148, 55, 152, 58)]),
)
FAR = shapely.MultiPolygon([shapely.box(144.1, 54.1, 144.2, 54.2)])  # Japan, out of the way


def box(*bounds: float) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.box(*bounds)])


def basin(depth_m: float = 500, **lands: shapely.MultiPolygon) -> Theatre:
    """The made-up sea with some islands in it, on cells of 3 minutes."""
    all_lands = {"mainland": shapely.MultiPolygon([MAINLAND]), "japan": FAR, **lands}
    return make_theatre(all_lands, BOUNDS, arcmin=3, depth_m=depth_m, south=55.5)


def core_of(theatre: Theatre, assumptions: Assumptions = A) -> np.ndarray:
    """The core of a theatre."""
    return find_core(theatre, find_patrol(theatre, assumptions), exposed_km(theatre), assumptions)


def sealed(
    theatre: Theatre, assumptions: Assumptions = A, *, size: int = 12, **forces: str
) -> Barrier:
    """The seal of the middle of the basin, some islands being Japanese."""
    core = np.zeros(theatre.grid.shape, bool)
    row, col = theatre.grid.index(150, 59.4)
    core[row - size : row + size + 1, col - 2 * size : col + 2 * size + 1] = True
    parts = held(theatre, {"japan": "JP", **forces})
    return find_barrier(theatre, shut(theatre, parts, assumptions), core, assumptions)


def width_km(lat: float, degrees: float) -> float:
    """Length of a piece of a parallel; the geodesic over 4 degrees is 0.02 % shorter."""
    return float(geodesy.distance_km(150 - degrees / 2, lat, 150 + degrees / 2, lat))


def test_barrier_of_a_passage_is_its_width() -> None:
    barrier = sealed(basin())
    # The passage narrows northwards, so the line runs at its head.
    assert barrier.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)
    assert barrier.figures["barrier_area_km2"] == pytest.approx(
        0.5 * barrier.figures["barrier_km"], rel=1e-3
    )
    # Of 500 m of water boats use the upper 450.
    assert barrier.figures["operating_area_km2"] == pytest.approx(
        0.45 * barrier.figures["barrier_km"], rel=1e-3
    )
    assert barrier.proven
    for line in barrier.lines.values():
        assert geodesy.length_km(line) == pytest.approx(barrier.figures["barrier_km"], rel=0.03)
        assert line.bounds[1] == pytest.approx(57.95, abs=0.1)


def test_section_counts_depth_where_the_line_counts_length() -> None:
    # A sill across the passage in the south draws the section; the line stays at the head.
    shape = basin().grid
    depth_m = np.full(shape.shape, 500, np.float32)
    depth_m[(shape.lat > 56) & (shape.lat < 56.3)] = 100
    barrier = sealed(basin(depth_m=depth_m))  # type: ignore[arg-type]
    assert barrier.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)
    assert barrier.figures["barrier_area_km2"] == pytest.approx(0.1 * width_km(56.3, 4), rel=0.01)
    assert barrier.figures["operating_area_km2"] == barrier.figures["barrier_area_km2"]
    for name in ("barrier_area_km2", "operating_area_km2"):
        assert barrier.lines[name].bounds[3] < 56.4
    assert barrier.lines["barrier_km"].bounds[1] > 57.7


def test_water_below_the_operating_depth_needs_no_sealing() -> None:
    # A trench at the head of the passage costs what is above it alone, so the section stays there.
    grid = basin().grid
    depth_m = np.full(grid.shape, 500, np.float32)
    depth_m[grid.lat > 57.2] = 5000
    barrier = sealed(basin(depth_m=depth_m))  # type: ignore[arg-type]
    head_km = barrier.figures["barrier_km"]
    assert barrier.figures["operating_area_km2"] == pytest.approx(0.45 * head_km, rel=1e-3)
    assert barrier.lines["operating_area_km2"].bounds[1] > 57.7
    # The section down to the bottom avoids it.
    assert barrier.figures["barrier_area_km2"] == pytest.approx(0.5 * width_km(57.2, 4), rel=0.01)
    assert barrier.lines["barrier_area_km2"].bounds[3] < 57.3


def test_an_operating_depth_below_all_water_counts_it_to_the_bottom() -> None:
    theatre = basin(depth_m=300)
    costs = line_costs(theatre, Assumptions(operating_depth_m=300))
    np.testing.assert_array_equal(costs["operating_area_km2"], costs["barrier_area_km2"])
    barrier = sealed(theatre, Assumptions(operating_depth_m=600))
    assert barrier.figures["operating_area_km2"] == barrier.figures["barrier_area_km2"]
    assert barrier.lines["operating_area_km2"].equals(barrier.lines["barrier_area_km2"])


def test_shallows_cost_nothing() -> None:
    depth_m = np.full(basin().grid.shape, 500, np.float32)
    west = basin().grid.lon < 150
    depth_m[:, west] = 49
    barrier = sealed(basin(depth_m=depth_m))  # type: ignore[arg-type]
    assert barrier.figures["barrier_km"] == pytest.approx(width_km(58, 2), rel=0.02)
    deeper = sealed(basin(depth_m=depth_m), Assumptions(transit_depth_m=40))  # type: ignore[arg-type]
    assert deeper.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)


# An island in the passage leaves a degree of water on each side of it.
ISLE = box(149, 55.6, 151, 57.0)


def test_island_narrows_the_passage_while_it_is_russian() -> None:
    barrier = sealed(basin(isle=ISLE))
    assert barrier.figures["barrier_km"] == pytest.approx(2 * width_km(57, 1), rel=0.02)
    assert barrier.proven


def test_island_that_turns_japanese_moves_the_line_to_the_head_of_the_passage() -> None:
    theatre = basin(isle=ISLE)
    quo = sealed(theatre)
    for forces in ("JP", "none"):
        barrier = sealed(theatre, isle=forces)
        assert barrier.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)
        assert barrier.figures["barrier_km"] > quo.figures["barrier_km"]
        # North of the island's territorial sea.
        assert barrier.lines["barrier_km"].bounds[1] > 57 + 12 / 60
    kept = sealed(theatre, isle="RU")
    assert kept.figures["barrier_km"] == quo.figures["barrier_km"]


def test_narrower_territorial_sea_lets_the_line_come_nearer() -> None:
    # A passage that widens above the island: the nearer the line, the shorter.
    wide = shapely.union_all(
        [
            shapely.box(146, 58.6, 154, 60.5),
            shapely.Polygon([(148, 55), (152, 55), (152, 57), (154, 58.7), (146, 58.7), (148, 57)]),
        ]
    )
    lands = {
        "mainland": shapely.MultiPolygon(
            [shapely.difference(shapely.box(144, 55.5, 156, 64), wide)]
        ),
        "japan": FAR,
        "isle": ISLE,
    }
    theatre = make_theatre(lands, BOUNDS, arcmin=3, depth_m=500, south=55.5)
    lines = [
        sealed(theatre, Assumptions(territorial_sea_nm=nm), isle="JP").figures["barrier_km"]
        for nm in (3, 6, 12)
    ]
    # A taut string from corner to corner of the passage, over the round ends of the island's
    # waters: on each side a tangent and an arc, and the length of the island between.
    assert lines[0] < lines[1] < lines[2]
    side_km, isle_km = width_km(57, 1), width_km(57, 2)
    for nm, found in zip((3, 6, 12), lines, strict=True):
        reach_km = nm * 1.852
        arc_km = reach_km * np.arcsin(reach_km / side_km)
        taut_km = 2 * (side_km**2 - reach_km**2) ** 0.5 + 2 * arc_km + isle_km
        assert found == pytest.approx(taut_km, rel=0.015)


def test_island_ceded_alone_in_the_basin_is_ringed() -> None:
    # Its territorial sea meets neither the ocean nor the core.
    speck = box(149.95, 58.45, 150.05, 58.5)
    theatre = basin(isle=speck)
    quo, alone = sealed(theatre), sealed(theatre, isle="JP")
    radius_km = 12 * 1.852
    around = 2 * np.pi * radius_km + geodesy.perimeter_km(speck)
    assert alone.proven
    assert quo.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)
    # The ring round its waters, or one line that leaves them out: whichever is shorter.
    assert (
        quo.figures["barrier_km"]
        < alone.figures["barrier_km"]
        <= quo.figures["barrier_km"] + around * 1.03
    )
    ringed = sealed(basin(isle=box(147.0, 60.0, 147.1, 60.05)), isle="JP")
    assert ringed.figures["barrier_km"] > quo.figures["barrier_km"]


def test_ring_round_the_core_in_open_water_is_owned_up_to() -> None:
    # A core so small that to ring it costs less than the passage: not found, but not hidden.
    small = sealed(basin(), size=2)
    assert small.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)
    assert not small.proven


def test_line_may_leave_the_sea_by_24_miles_and_no_more() -> None:
    # Between an island along the mouth and the sea lies water up to 21 miles from land, or 30.
    for lat, serves in ((55.05, True), (54.9, False)):
        theatre = basin(isle=box(148.3, lat, 151.7, lat + 0.1))
        barrier = sealed(theatre)
        if serves:
            assert barrier.figures["barrier_km"] < 0.5 * width_km(58, 4)
        else:
            assert barrier.figures["barrier_km"] == pytest.approx(width_km(58, 4), rel=0.01)


def test_closed_water_of_the_made_up_sea() -> None:
    theatre = basin(isle=ISLE)
    parts = held(theatre, {"japan": "JP", "isle": "JP"})
    closed = shut(theatre, parts, A)
    at = theatre.grid.index
    assert closed[at(150, 56)]  # the island itself
    assert closed[at(150, 57.1)]  # its territorial sea
    assert not closed[at(150, 57.3)]
    assert not closed[at(148.1, 56.5)]  # beyond the median line
    assert closed[at(150, 54.5)]  # the ocean
    assert not closed[at(153, 55.3)]  # Russia's belt
    assert not closed[at(150, 59)]


# The real sea


class Coarse:
    """Seals of the coarse sea, each found once."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.core = core_of(theatre)
        self.known: dict[tuple, Barrier] = {}

    def parts(self, scenario: str | Scenario) -> tuple[Part, ...]:
        given = load_scenario(scenario) if isinstance(scenario, str) else scenario
        return resolve(given, self.theatre.lands)

    def closed(self, scenario: str | Scenario) -> np.ndarray:
        return shut(self.theatre, self.parts(scenario), A)

    def pieces(self, scenario: str | Scenario) -> int:
        """Pieces of closed water that do not reach the edge."""
        return len(planar_cut.outer_pieces(self.closed(scenario) & ~self.core))

    def barrier(self, scenario: str | Scenario) -> Barrier:
        parts = self.parts(scenario)
        key = tuple((p.part_id, p.sovereign, p.forces) for p in parts)
        if key not in self.known:
            self.known[key] = find_barrier(self.theatre, shut(self.theatre, parts, A), self.core, A)
        return self.known[key]


@pytest.fixture(scope="module")
def sea(coarse: Theatre) -> Coarse:
    return Coarse(coarse)


def test_core_is_deep_far_and_in_one_piece(sea: Coarse) -> None:
    from scipy import ndimage

    core = sea.core
    assert ndimage.label(core, np.ones((3, 3)))[1] == 1
    assert not (core & ~find_patrol(sea.theatre, A)).any()
    # No option, not even all of them, closes any of it.
    assert not (sea.closed("portsmouth-1905") & core).any()


def test_assumptions_that_leave_no_core(coarse: Theatre) -> None:
    empty = make_theatre(coarse.lands, coarse.grid.bounds, arcmin=30, depth_m=60)
    with pytest.raises(AssumptionError, match=r"no patrol water of 200 m .* lower"):
        core_of(empty)


def test_further_standoff_gives_a_smaller_core_and_no_longer_line(coarse: Theatre) -> None:
    near, far = (core_of(coarse, Assumptions(core_standoff_km=km)) for km in (150, 250))
    assert far.sum() < near.sum()
    parts = resolve(load_scenario("four-islands"), coarse.lands)
    closed = shut(coarse, parts, A)
    near_km, far_km = (
        find_barrier(coarse, closed, core, A).figures["barrier_km"] for core in (near, far)
    )
    assert not (far & ~near).any()
    assert far_km <= near_km * (1 + 1e-6)


@settings(max_examples=40)
@given(options=nested_options())
def test_ceding_more_closes_more_water(sea: Coarse, options: tuple[Scenario, Scenario]) -> None:
    fewer, more = (sea.closed(scenario) for scenario in options)
    assert not (fewer & ~more).any()


def never_shorter(sea: Coarse, options: tuple[Scenario, Scenario]) -> None:
    fewer, more = (sea.barrier(scenario) for scenario in options)
    for name in LINES:
        assert more.figures[name] >= fewer.figures[name] * (1 - 1e-5), name


@settings(max_examples=12)
@given(options=nested_chains())
def test_ceding_more_of_the_chain_never_shortens_the_line(
    sea: Coarse, options: tuple[Scenario, Scenario]
) -> None:
    never_shorter(sea, options)


@settings(max_examples=8)
@given(options=nested_options())
def test_ceding_any_more_never_shortens_the_line(
    sea: Coarse, options: tuple[Scenario, Scenario]
) -> None:
    # Each piece of closed water off the edge doubles the search, so few of them here.
    if max(sea.pieces(scenario) for scenario in options) <= 1:
        never_shorter(sea, options)


def test_two_pieces_off_the_edge_cost_no_less_than_one(sea: Coarse) -> None:
    options = [cede([]), cede(["atlasov"]), cede(["atlasov", "broughton"])]
    assert [sea.pieces(scenario) for scenario in options] == [0, 1, 2]
    for fewer, more in zip(options, options[1:], strict=False):
        never_shorter(sea, (fewer, more))


def test_too_many_islands_ceded_alone_are_refused(
    sea: Coarse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planar_cut, "MAX_PIECES", 2)
    lone = cede(["atlasov", "broughton", "chirinkotan"])
    assert sea.pieces(lone) == 3
    with pytest.raises(ValueError, match="lies in 3 pieces, at most 2"):
        sea.barrier(lone)


def test_habomai_and_shikotan_leave_both_lines(sea: Coarse) -> None:
    quo, two = sea.barrier("status-quo"), sea.barrier("habomai-shikotan-1956")
    assert two.figures == quo.figures
    assert all(two.lines[name].equals(quo.lines[name]) for name in LINES)


def test_forces_decide_whether_the_line_moves(sea: Coarse) -> None:
    quo, four = sea.barrier("status-quo"), sea.barrier("four-islands")
    kawana, none = sea.barrier("kawana-1998"), sea.barrier("four-islands-demilitarised")
    assert kawana.figures == quo.figures
    assert none.figures == four.figures
    assert four.figures["barrier_km"] > quo.figures["barrier_km"] * 1.05


def test_nothing_ceded_is_the_status_quo(sea: Coarse) -> None:
    assert sea.barrier(cede([])) is sea.barrier("status-quo")
    parts = resolve(cede([]), sea.theatre.lands)
    assert parts == resolve(load_scenario("status-quo"), sea.theatre.lands)


@pytest.mark.parametrize("scenario", ["status-quo", "four-islands"])
def test_the_section_above_the_operating_depth_grows_with_it(sea: Coarse, scenario: str) -> None:
    """Concave, as a least value of sections that are: each 150 m more add no more than the last."""
    closed = sea.closed(scenario)
    known = [
        find_barrier(sea.theatre, closed, sea.core, Assumptions(operating_depth_m=depth_m)).figures
        for depth_m in (300, 450, 600)
    ]
    sections = [figures["operating_area_km2"] for figures in known]
    assert sections[0] < sections[1] < sections[2] < known[0]["barrier_area_km2"]
    first, second = np.diff(sections)
    assert second <= first * (1 + 1e-5)
    assert known[1] == sea.barrier(scenario).figures
    for name in ("barrier_km", "barrier_area_km2"):
        assert len({figures[name] for figures in known}) == 1


def test_line_shuts_the_core_off(sea: Coarse) -> None:
    # By another way: water deep enough, less what the drawn line touches, no longer joins them.
    from rasterio.features import rasterize
    from scipy import ndimage

    theatre = sea.theatre
    for name in ("status-quo", "four-islands", "st-petersburg-1875"):
        for line in sea.barrier(name).lines.values():
            crossed = rasterize(
                [line], theatre.grid.shape, transform=theatre.grid.transform, all_touched=True
            )
            open_water = (theatre.seabed.depth_m >= A.transit_depth_m) & (crossed == 0)
            labels, _ = ndimage.label(open_water)
            inside = set(labels[sea.core]) - {0}
            outside = set(labels[sea.closed(name)]) - {0}
            assert inside
            assert outside
            assert not inside & outside, name


@pytest.mark.slow
def test_atlasov_alone_costs_the_old_line_and_a_ring(theatre: Theatre) -> None:
    # On the real grid the same holds, 701 and 866 km, but takes the better part of a minute.
    sea = Coarse(coarsen(theatre, 4))
    quo, alone = sea.barrier("status-quo"), sea.barrier(cede(["atlasov"]))
    assert quo.proven
    assert alone.proven
    assert all(alone.figures[name] > quo.figures[name] for name in LINES)
    # Never dearer than the old line and a full ring round the island's territorial sea.
    ring_km = 2 * np.pi * 12 * 1.852 + geodesy.perimeter_km(theatre.lands["atlasov"])
    assert alone.figures["barrier_km"] < quo.figures["barrier_km"] + 1.05 * ring_km
