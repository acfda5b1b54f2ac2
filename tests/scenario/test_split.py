"""Lines across a unit: equal land on both sides, parallels, and lines that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import shapely

from okhotsk.errors import ScenarioError
from okhotsk.raster import geodesy
from okhotsk.scenario.model import SIDES, Cession, Part, Scenario
from okhotsk.scenario.read import load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.coast import read_coast

Lands = Mapping[str, shapely.MultiPolygon]


@pytest.fixture(scope="module")
def lands() -> Lands:
    return read_coast()


def ceded(scenario: Scenario, lands: Lands) -> dict[str, Part]:
    """What an option hands over, by part."""
    japanese = {"hokkaido", "honshu"}
    parts = resolve(scenario, lands)
    return {p.part_id: p for p in parts if p.sovereign == "JP" and p.unit not in japanese}


def halves(scenario: Scenario, lands: Lands, unit: str) -> tuple[Part, Part]:
    parts = {p.part_id: p for p in resolve(scenario, lands)}
    return parts[f"{unit}-south"], parts[f"{unit}-north"]


def makes_up(south: Part, north: Part, land: shapely.MultiPolygon) -> None:
    """Two parts are the land, without overlap or gap."""
    assert shapely.is_valid(south.land)
    assert shapely.is_valid(north.land)
    whole = geodesy.area_km2(land)
    pieces = [geodesy.area_km2(part.land) for part in (south, north)]
    assert sum(pieces) == pytest.approx(whole, rel=1e-6)
    overlap = shapely.intersection(south.land, north.land).area
    assert overlap < 1e-5 * land.area
    rest = shapely.symmetric_difference(shapely.union(south.land, north.land), land).area
    # The cut is straight in the plane of equal areas, the coast straight in longitude, latitude.
    assert rest < 1e-5 * land.area


def test_half_area_gives_both_sides_equal_land(lands: Lands) -> None:
    scenario = load_scenario("half-area-2006")
    south, north = halves(scenario, lands, "iturup")
    assert (south.sovereign, south.forces, north.sovereign) == ("JP", "JP", "RU")
    japanese = sum(geodesy.area_km2(part.land) for part in ceded(scenario, lands).values())
    russian = geodesy.area_km2(north.land)
    assert japanese == pytest.approx(russian, rel=1e-3)
    makes_up(south, north, lands["iturup"])
    # "three islands and about a quarter of Etorofu"
    share = geodesy.area_km2(south.land) / geodesy.area_km2(lands["iturup"])
    assert 0.15 < share < 0.3


def test_half_area_line_runs_across_the_island(lands: Lands) -> None:
    south, north = halves(load_scenario("half-area-2006"), lands, "iturup")
    line = shapely.intersection(shapely.boundary(south.land), shapely.boundary(north.land))
    line = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    assert 3 < geodesy.length_km(line) < 45
    box = shapely.oriented_envelope(lands["iturup"])
    corners = shapely.get_coordinates(box)
    squeeze = np.array([np.cos(np.radians(45)), 1])
    sides = np.diff(corners[:3] * squeeze, axis=0)
    along = sides[np.hypot(*sides.T).argmax()]
    cut = np.ptp(shapely.get_coordinates(line), axis=0) * squeeze
    # Perpendicular to the long axis, which runs to the north-east, so the cut runs south-east.
    ends = shapely.get_coordinates(line) * squeeze
    first, last = ends[ends[:, 0].argmin()], ends[ends[:, 0].argmax()]
    cosine = np.dot(last - first, along) / np.hypot(*(last - first)) / np.hypot(*along)
    assert abs(cosine) < 0.15
    assert np.hypot(*cut) > 0
    # The ceded part is the end that faces Kunashir.
    kunashir = lands["kunashir"]
    assert shapely.distance(south.land, kunashir) < shapely.distance(north.land, kunashir)


def test_parallel_splits_at_its_latitude(lands: Lands) -> None:
    south, north = halves(load_scenario("portsmouth-1905"), lands, "sakhalin")
    assert south.land.bounds[3] == pytest.approx(50, abs=1e-9)
    assert north.land.bounds[1] == pytest.approx(50, abs=1e-9)
    makes_up(south, north, lands["sakhalin"])


def split(**options: object) -> Scenario:
    cessions = (Cession(**({"forces": "JP"} | options)),)  # type: ignore[arg-type]
    return Scenario(scenario_id="mine", title="Mine", cessions=cessions)


@pytest.mark.parametrize("lat", [40.0, 60.0, 45.95])
def test_line_that_misses(lands: Lands, lat: float) -> None:
    scenario = split(unit="urup", rule="parallel", lat=lat)
    if lat == 45.95:
        makes_up(*halves(scenario, lands, "urup"), lands["urup"])
        return
    with pytest.raises(ScenarioError, match="'mine': the line does not cross urup"):
        resolve(scenario, lands)


def test_equal_land_that_cannot_be(lands: Lands) -> None:
    scenario = split(unit="matua", rule="equal-land", among=("matua", "iturup"))
    with pytest.raises(ScenarioError, match=r"'mine': no line across matua leaves equal halves"):
        resolve(scenario, lands)
    given = Cession(unit="iturup", forces="JP")
    over = replace(scenario, cessions=(*scenario.cessions, given))
    with pytest.raises(ScenarioError, match=r"equal halves: -\d+ km2"):
        resolve(over, lands)


ACROSS_ITURUP = ((147.0, 45.3), (148.5, 44.5))


@pytest.mark.parametrize(
    ("side", "line"),
    [
        ("south", ACROSS_ITURUP),
        ("west", ACROSS_ITURUP[::-1]),
        ("north", ACROSS_ITURUP),
        ("east", ACROSS_ITURUP),
        # A line that ends on land is drawn on; a bend stays a bend.
        ("south", ((147.0, 45.4), (147.8223, 45.0853))),
        ("south", ((147.0, 45.3), (147.8, 44.9), (148.0, 44.9), (148.5, 44.4))),
    ],
)
def test_any_line_divides_land(lands: Lands, side: str, line: tuple[tuple[float, float]]) -> None:
    scenario = split(unit="iturup", rule="line", line=line, side=side)
    parts = {p.part_id: p for p in resolve(scenario, lands) if p.unit == "iturup"}
    given, kept = parts[f"iturup-{side}"], parts[f"iturup-{SIDES[side]}"]
    assert (given.sovereign, kept.sovereign) == ("JP", "RU")
    makes_up(given, kept, lands["iturup"])
    beyond = kept.land.centroid.y - given.land.centroid.y
    assert (beyond > 0) == (side in ("south", "west"))
    # Both sides end at the line.
    drawn = shapely.LineString(line)
    inside = shapely.intersection(drawn, lands["iturup"])
    for part in (given, kept):
        assert shapely.distance(part.land, inside) < 1e-9
    shared = shapely.intersection(shapely.boundary(given.land), shapely.boundary(kept.land))
    assert shapely.hausdorff_distance(shapely.intersection(inside, shared), inside) < 0.05


def test_line_along_a_parallel_divides_as_the_parallel(lands: Lands) -> None:
    one = halves(split(unit="urup", rule="parallel", lat=46.0), lands, "urup")
    line = ((149.0, 46.0), (151.0, 46.0))
    other = halves(split(unit="urup", rule="line", line=line), lands, "urup")
    for a, b in zip(one, other, strict=True):
        assert geodesy.area_km2(a.land) == pytest.approx(geodesy.area_km2(b.land), rel=1e-9)


def test_line_that_cannot_divide(lands: Lands) -> None:
    # Drawn on, the second would meet the island.
    for line in (((150.0, 44.0), (151.0, 45.0)), ((146.0, 46.0), (146.5, 45.7))):
        with pytest.raises(ScenarioError, match="does not cross iturup"):
            resolve(split(unit="iturup", rule="line", line=line), lands)
    north_south = ((147.8, 44.0), (147.8, 46.0))
    middle = lands["ketoi"].centroid.x
    meridian = ((middle, 46.0), (middle, 49.0))
    with pytest.raises(ScenarioError, match=r"no clear south.*write west or east"):
        resolve(split(unit="ketoi", rule="line", line=meridian), lands)
    resolve(split(unit="iturup", rule="line", line=north_south, side="west"), lands)
    spiral = ((147.0, 45.0), (148.5, 45.0), (148.5, 45.5), (147.5, 45.5), (147.5, 45.2))
    with pytest.raises(ScenarioError, match="meets itself where its ends are drawn on"):
        resolve(split(unit="iturup", rule="line", line=spiral), lands)


@pytest.mark.parametrize("side", ["south", "north"])
def test_share_of_land(lands: Lands, side: str) -> None:
    scenario = split(unit="iturup", rule="land-share", share=0.25, side=side)
    parts = {p.part_id: p for p in resolve(scenario, lands) if p.unit == "iturup"}
    given, kept = parts[f"iturup-{side}"], parts[f"iturup-{SIDES[side]}"]
    makes_up(given, kept, lands["iturup"])
    share = geodesy.area_km2(given.land) / geodesy.area_km2(lands["iturup"])
    assert share == pytest.approx(0.25, rel=1e-3)


def test_share_of_the_land_of_several_counts_what_is_ceded_whole(lands: Lands) -> None:
    half = load_scenario("half-area-2006")
    (cut,) = (c for c in half.cessions if c.rule)
    cessions = (
        *(c for c in half.cessions if not c.rule),
        replace(cut, rule="land-share", share=0.5),
    )
    same = replace(half, cessions=cessions)
    assert halves(same, lands, "iturup") == halves(half, lands, "iturup")
    with pytest.raises(ScenarioError, match=r"leaves a share of 0\.1: -"):
        resolve(replace(half, cessions=(*cessions[:-1], replace(cessions[-1], share=0.1))), lands)


@pytest.mark.parametrize("unit", ["urup", "simushir", "kunashir", "shumshu", "oskolki"])
def test_equal_land_of_one_island_halves_it(lands: Lands, unit: str) -> None:
    south, north = halves(split(unit=unit, rule="equal-land", among=(unit,)), lands, unit)
    makes_up(south, north, lands[unit])
    half = geodesy.area_km2(lands[unit]) / 2
    assert geodesy.area_km2(south.land) == pytest.approx(half, rel=1e-3)
