"""Grids as GeoTIFF: cloud-optimised, and the analysis itself."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio

from okhotsk.colours import DEPTHS, channels
from okhotsk.measures.context import Context, ScenarioContext
from okhotsk.style import LOOKS


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
    more = {"waters": ["waters"]}
    for name, bands in wanted.items():
        with rasterio.open(files["cog"] / f"{name}.tif") as source:
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert source.overviews(1)
            assert source.crs == "EPSG:4326"
            assert source.bounds == pytest.approx(result.theatre.grid.bounds)
            assert source.descriptions == (*bands, *more.get(name, ()))
            assert set(source.units) == {"m" if name == "depth" else None}
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
    # Numbers of no class are white: GDAL fills a colour table with black.
    assert {colours[code][:3] for code in range(5, 256)} == {(255, 255, 255)}


def test_a_zone_has_one_name_in_every_file(files, bundle):
    zones = next(layer.frame for layer in bundle.layers if layer.name == "zones")
    labels = {name: swatch.label for name, swatch in LOOKS["zones"].swatches.items()}
    assert dict(zip(zones.zone, zones.name, strict=True)) == labels
    with rasterio.open(files["cog"] / "zones.tif") as source:
        tags = source.tags()
    assert {tags[f"class_{code}"] for code in range(5)} == set(labels.values())
    assert sorted(_labels(files["cog"] / "zones.qml")) == sorted(labels.values())


def test_the_last_band_of_the_waters_tells_all_of_them(files):
    with rasterio.open(files["cog"] / "waters.tif") as source:
        *bands, whole = source.read()
        tags = source.tags()
    land = bands[0] == 255
    assert np.array_equal(whole == 255, land)
    added = sum(band.astype(int) << place for place, band in enumerate(bands))
    assert np.array_equal(whole[~land], added[~land])
    codes = {int(code) for code in np.unique(whole)} - {0, 255}
    assert {f"waters_{code}" for code in codes} == {t for t in tags if t.startswith("waters_")}
    assert _labels(files["cog"] / "waters.qml") == [
        tags[f"waters_{code}"] for code in sorted(codes)
    ]
    assert tags["waters_11"] == "Patrol water, refuge, core"


def _labels(path):
    return [entry.get("label") for entry in ElementTree.parse(path).iter("paletteEntry")]


def test_depth_is_drawn_darker_the_deeper_it_is(files):
    items = [*ElementTree.parse(files["cog"] / "depth.qml").iter("item")]
    assert [float(item.get("value")) for item in items] == sorted(d for d, _ in DEPTHS)
    light = [sum(channels(item.get("color"))) for item in items]
    assert light == sorted(light, reverse=True)
    assert items[-1].get("label") == "6000 m and more"
