"""Grids as GeoTIFF: cloud-optimised, and the analysis itself."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from okhotsk.measures.context import Context, ScenarioContext


def test_grids_are_cloud_optimised_and_hold_the_analysis(files, result):
    alone = ScenarioContext.of(Context(result.theatre, result.assumptions), result.scenario)
    water = result.theatre.water_km2 > 0
    wanted = {
        "depth": {"depth_m": result.theatre.seabed.depth_m},
        "zones": {"zone": alone.zones.code},
        "waters": {
            "patrol": alone.context.patrol,
            "refuge": alone.refuge,
            "sensed": result.theatre.sea.mask & alone.sensed,
            "core": alone.context.core,
        },
    }
    for name, bands in wanted.items():
        with rasterio.open(files["cog"] / f"{name}.tif") as source:
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert source.overviews(1)
            assert source.crs == "EPSG:4326"
            assert source.bounds == pytest.approx(result.theatre.grid.bounds)
            assert source.descriptions == tuple(bands)
            assert source.tags()["SCENARIO_ID"] == result.scenario.scenario_id
            for number, values in enumerate(bands.values(), 1):
                read = source.read(number, masked=True)
                assert np.array_equal(read.mask, ~water)
                assert np.array_equal(read.data[water], values[water])


def test_zone_colours_are_those_of_the_maps(files):
    with rasterio.open(files["cog"] / "zones.tif") as source:
        colours, tags = source.colormap(1), source.tags()
    red, _, blue, _ = colours[1]
    assert tags["class_1"] == "Russian territorial sea"
    assert red > blue
    assert colours[2][2] > colours[2][0]
    assert len({colours[code] for code in range(5)}) == 5
