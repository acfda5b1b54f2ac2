"""Land handed over against a square measured on the ellipsoid."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
import shapely
from theatres import held, islet

from okhotsk.measures.ceded import ceded_figures, ceded_survey
from okhotsk.raster.geodesy import GEOD
from okhotsk.scenario.read import cede, load_scenario
from okhotsk.scenario.split import resolve
from okhotsk.theatre.model import Theatre


def test_ceded_land_of_known_size(coarse: Theatre) -> None:
    """A square ceded whole, one held by Russia, and one that was Japan's all along."""
    square = shapely.MultiPolygon([shapely.box(150, 48, 150.1, 48.1)])
    lands = {"iturup": square, "urup": islet(152, 46), "hokkaido": islet(145, 43)}
    theatre = replace(coarse, lands=MappingProxyType(lands))
    found = ceded_figures(held(theatre, {"iturup": "JP", "hokkaido": "JP"}), theatre)
    area_m2, perimeter_m = GEOD.geometry_area_perimeter(square)
    assert found["ceded_land_km2"] == pytest.approx(abs(area_m2) / 1e6, rel=1e-3)
    assert found["ceded_coast_km"] == pytest.approx(perimeter_m / 1e3, rel=1e-6)
    people = coarse.islands.set_index("island_id").population
    assert found["ceded_population"] == people["iturup"]


def test_a_survey_is_of_just_what_is_ceded(coarse: Theatre) -> None:
    """The three sets with a survey have it; more, less, or a part of an island has none."""

    def survey_km2(name: str) -> float | None:
        found = ceded_survey(resolve(load_scenario(name), coarse.lands))
        return found.km2 if found else None

    assert survey_km2("habomai-shikotan-1956") == 346
    assert survey_km2("three-islands") == 1836.41
    assert survey_km2("four-islands") == survey_km2("kawana-1998") == 5003.05
    for name in ("status-quo", "half-area-2006", "urup-line"):
        assert survey_km2(name) is None
    assert ceded_survey(resolve(cede(["kunashir"]), coarse.lands)) is None
