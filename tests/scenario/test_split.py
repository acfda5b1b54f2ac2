"""Lines across a unit: equal land on both sides, parallels, and lines that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import shapely

from okhotsk.errors import ScenarioError
from okhotsk.raster import geodesy
from okhotsk.scenario.model import Cession, Part, Scenario
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


@pytest.mark.parametrize("unit", ["urup", "simushir", "kunashir", "shumshu", "oskolki"])
def test_equal_land_of_one_island_halves_it(lands: Lands, unit: str) -> None:
    south, north = halves(split(unit=unit, rule="equal-land", among=(unit,)), lands, unit)
    makes_up(south, north, lands[unit])
    half = geodesy.area_km2(lands[unit]) / 2
    assert geodesy.area_km2(south.land) == pytest.approx(half, rel=1e-3)
