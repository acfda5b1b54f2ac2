"""Where sensors could stand: as many as are needed, on deep water, evenly, told as counted."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from okhotsk.assessment.sensor_sites import SWEEP_KM, sensor_answer, sensor_sites, spread_sites
from okhotsk.raster import geodesy
from okhotsk.raster.grid import Grid
from okhotsk.style import SENSORS
from okhotsk.theatre.bathymetry import Seabed


@pytest.fixture(scope="module")
def seabed():
    """Four degrees of the 50th parallel: land in the west, deep water in the east."""
    depth_m = np.full((20, 40), 100.0, np.float32)
    depth_m[:, :20] = 0
    grid = Grid((150.0, 49.0, 154.0, 51.0), depth_m.shape)
    return Seabed(depth_m=depth_m, grid=grid, native_km=10.0, name="made up", sha256="")


def test_sites_stand_in_the_middle_of_equal_stretches_of_deep_water(seabed):
    line = shapely.LineString([(150.0, 50.05), (154.0, 50.05)])
    sites = spread_sites(seabed, line, count=4, least_m=50)
    assert [p.x for p in sites.geoms] == pytest.approx([152.25, 152.75, 153.25, 153.75], abs=0.01)
    assert {round(p.y, 6) for p in sites.geoms} == {50.05}


def test_pieces_of_a_line_count_together(seabed):
    line = shapely.MultiLineString([[(152, 50.05), (153, 50.05)], [(153, 49.55), (154, 49.55)]])
    sites = spread_sites(seabed, line, count=2, least_m=50)
    assert [p.x for p in sites.geoms] == pytest.approx([152.5, 153.5], abs=0.02)


@pytest.mark.parametrize("least_m", [50, 200])
def test_no_sensor_stands_where_none_is_needed(seabed, least_m):
    line = shapely.LineString([(150.0, 50.05), (151.0, 50.05)])
    assert spread_sites(seabed, line, count=3, least_m=least_m).is_empty


def test_the_sites_of_an_option_are_those_of_the_table_of_forces(results):
    for result in results:
        (needed,) = result.force.sensors[result.force.sweep_km == SWEEP_KM]
        sites = sensor_sites(result)
        assert len(sites.geoms) == needed
        away = [
            geodesy.length_km(shapely.shortest_line(result.barrier.lines["barrier_km"], p))
            for p in sites.geoms
        ]
        assert max(away) < 1


def test_the_sentence_places_every_sensor(results):
    for result in results:
        text = sensor_answer(result, sensor_sites(result))
        (needed,) = result.force.sensors[result.force.sweep_km == SWEEP_KM]
        where = text.split(" fixed sensors")[1].split(". How wide")[0]
        placed = 0
        for number, each, names in re.findall(r"(\d+) (each )?(at [^;(]+|in open water)", where):
            placed += int(number) * (names.count(",") + 1 if each else 1)
        assert f"at least {needed} fixed sensors" in text
        assert placed == needed


def test_the_layer_is_called_by_the_width_that_its_sites_have():
    assert f"every {SWEEP_KM:g} km" in SENSORS.label
