"""The catalogue of style: an entry for all that is drawn, told apart, the same in every medium."""

from __future__ import annotations

import re

import folium
import pytest

from okhotsk import colours, style
from okhotsk.maps.scenario_map import draw_map
from okhotsk.maps.widgets.legend import Legend, Section, regimes
from okhotsk.measures.strait_section import JAPANESE, OPEN, RUSSIAN
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.model import FORCES
from okhotsk.style import BASELINE, LOOKS, SECTION_WATER, SENSORS, Swatch

SWATCHES = [swatch for look in LOOKS.values() for swatch in look.swatches.values()]
# Layers that stand for several classes, or for none.
GROUND = {"Seabed", "Land", "Straits by regime", "Names"}


def drawn_colours(layer: folium.GeoJson) -> set[str]:
    return {feature["properties"]["style"]["color"] for feature in layer.data["features"]}


@pytest.fixture(scope="module")
def drawn(results):
    return draw_map(results[1], baseline=results[0])


@pytest.fixture(scope="module")
def sections(drawn) -> dict[str, Section]:
    legend = next(e for e in drawn._children.values() if isinstance(e, Legend))
    return {section.layer.layer_name: section for section in legend.sections}


@pytest.mark.parametrize("swatch", [*SWATCHES, BASELINE, *SECTION_WATER.values()])
def test_colours_are_colours_and_opacities_shares(swatch: Swatch):
    for colour in (swatch.fill, swatch.line, swatch.screen.colour):
        assert colour is None or re.fullmatch("#[0-9a-f]{6}", colour)
    assert 0 <= swatch.opacity <= 1
    assert 0 < swatch.screen.opacity <= 1
    assert swatch.colour in (swatch.screen.colour, swatch.line, swatch.fill)
    assert swatch.legend(vars(Assumptions()))
    if swatch.paper:
        assert 0 < swatch.paper.opacity <= 1
        assert 0 < swatch.paper.key_opacity <= 1


def test_a_class_without_any_colour_is_refused():
    with pytest.raises(ValueError, match="'Fog' has no colour"):
        _ = Swatch("Fog").colour


def test_every_layer_of_a_map_has_an_entry_of_its_name_and_colour(drawn):
    known = {swatch.name: swatch for swatch in (*SWATCHES, BASELINE, SENSORS)}
    layers = [e for e in drawn._children.values() if isinstance(e, folium.GeoJson)]
    assert len(layers) == 20
    for layer in layers:
        if layer.layer_name in GROUND:
            continue
        swatch = known[layer.layer_name]
        assert drawn_colours(layer) - {"#fff"} == {swatch.colour}  # lines have a white casing
        assert layer.show is swatch.screen.shown


def test_the_legend_says_what_the_catalogue_says(results, sections):
    figures = vars(results[1].assumptions)
    for swatch in (*SWATCHES, BASELINE, SENSORS):
        if swatch.name not in sections:
            continue
        (entry,) = sections[swatch.name].items
        assert entry.label == swatch.legend(figures)
        assert entry.colour == swatch.colour
        if swatch.screen.dash and not entry.edge:
            assert entry.kind == "dash"
    assert len(set(sections) - GROUND) == 18
    assert [entry.colour for entry in regimes()] == list(colours.REGIME.values())


def test_land_is_drawn_as_the_legend_and_the_files_say(results, drawn, sections):
    land = next(e for e in drawn._children.values() if getattr(e, "layer_name", "") == "Land")
    own, *ceded = sections["Land"].items
    assert (own.colour, own.edge) == (colours.LAND, colours.COAST)
    assert len(ceded) == results[1].land[results[1].land.ceded].forces.nunique()
    edges = {feature["properties"]["style"]["color"] for feature in land.data["features"]}
    assert edges == {colours.COAST, colours.JAPAN}


def test_every_status_of_land_has_a_class():
    for forces in FORCES:
        status = style.land_status(forces, "JP", True)
        assert LOOKS["land"].of(status).fill == colours.CEDED[forces]
        assert style.CEDED_COLOURS[forces]


def test_every_zone_of_a_section_has_a_colour():
    assert set(SECTION_WATER) == {RUSSIAN, JAPANESE, OPEN}
    assert len({water.fill for water in SECTION_WATER.values()}) == 3


def test_straits_differ_in_grey_too():
    """Japanese and shared exits have a white core each of its own; Russian ones have none."""
    assert set(colours.CORE_OF) == set(colours.REGIME) - {"russian"}
    assert set(colours.CORE_OF.values()) == set(style.CORES)
