"""The layers themselves: valid, of one kind, and what the record says."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from okhotsk.export.layers import make_bundle
from okhotsk.raster import geodesy
from okhotsk.style import LOOKS, land_status


def test_layers_are_valid_of_one_kind_and_in_degrees(bundle):
    for layer in bundle.layers:
        shapes = layer.frame.geometry
        assert layer.frame.crs == "EPSG:4326", layer.name
        assert shapes.is_valid.all(), layer.name
        assert not shapes.is_empty.any(), layer.name
        assert shapes.geom_type.nunique() == 1, layer.name
        assert layer.note, layer.name


def test_every_layer_has_a_look_for_every_value(bundle):
    assert {layer.name for layer in bundle.layers} == set(LOOKS)
    for layer in bundle.layers:
        look = LOOKS[layer.name]
        values = layer.frame[look.column] if look.column else [""]
        assert set(values) <= set(look.swatches), layer.name


def test_zones_share_no_water_with_each_other_nor_with_land(bundle):
    layers = {layer.name: layer.frame for layer in bundle.layers}
    land = shapely.union_all(layers["land"].geometry.to_numpy())
    zones = layers["zones"].geometry.to_numpy()
    assert shapely.area(shapely.intersection(zones, land)).sum() < 1e-9
    whole = shapely.union_all(zones)
    assert shapely.area(zones).sum() == pytest.approx(whole.area, rel=2e-3)


def test_outlines_have_the_areas_that_cells_add_up_to(bundle, result):
    frames = {layer.name: layer.frame for layer in bundle.layers}
    for name in ("patrol", "refuge"):
        row = frames[name].iloc[0]
        assert row.area_km2 == result.record[f"{name}_km2"]
        assert geodesy.area_km2(row.geometry) == pytest.approx(row.area_km2, rel=0.01)


def test_land_handed_over_is_told_from_land_held_before(bundle):
    land = next(layer.frame for layer in bundle.layers if layer.name == "land")
    status = land.set_index("part_id").status
    assert status["kunashir"] == "ceded, demilitarised"
    assert status["hokkaido"] == "JP"
    assert status["urup"] == "RU"
    assert land_status("JP", "JP", True) == "ceded"
    assert land_status("RU", "JP", True) == "ceded, Russian forces"


def test_every_file_can_say_what_it_was_computed_from(bundle, result):
    about = bundle.about
    assert about["scenario_id"] == result.scenario.scenario_id
    assert "okhotsk" in about["software"]
    assert result.theatre.seabed.sha256 == about["seabed_sha256"]
    assert "LGPL-3.0" in about["coast"]
    assert all(key in about["option_sources"] for key in result.scenario.sources)
    values = next(t.frame for t in bundle.tables if t.name == "assumptions")
    assert dict(zip(values.assumption, values.value, strict=True)) == result.assumptions.as_dict()


def test_what_is_known_of_an_option_goes_with_it(result):
    """Free text as a source stands as it is; a key with what it stands for."""
    scenario = replace(
        result.scenario,
        date="2026-11-28",
        proponent="A memo | of ours",
        context="Why.",
        sources=("My memo of 2026", "S137"),
    )
    about = make_bundle(replace(result, scenario=scenario)).about
    assert (about["date"], about["proponent"], about["context"]) == (
        "2026-11-28",
        "A memo | of ours",
        "Why.",
    )
    assert about["option_sources"].startswith("My memo of 2026; S137: ")
