"""What the tables of the interval are kept by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from okhotsk.assessment import index
from okhotsk.cache import READERS, reached_modules
from okhotsk.maps.explorer import intervals, solved
from okhotsk.scenario.island_sets import read_blocks
from okhotsk.scenario.read import scenario_ids
from okhotsk.theatre import build
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.storage import INPUTS


def test_the_key_follows_everything_the_tables_do(
    coarse: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, draws = intervals._draws(3)
    blocks = read_blocks()

    def key(**changed: object) -> Path:
        given = {"theatre": coarse, "blocks": blocks, "values": values, "draws": draws} | changed
        return intervals._path(*given.values())  # type: ignore[arg-type]

    found = {
        key(),
        key(theatre=replace(coarse, key="another")),
        key(blocks=blocks[1:]),
        key(values=[*values[:-1], replace(values[-1], transit_depth_m=51)]),
        key(draws=draws | {"floors": draws["floors"] + 0.01}),
        key(draws=draws | {"weights": np.roll(draws["weights"], 1)}),
    }
    with monkeypatch.context() as patch:
        patch.setattr(intervals, "scenario_ids", lambda: scenario_ids()[1:])  # another core
        found.add(key())
    recipe = index.read_recipe()
    with monkeypatch.context() as patch:
        patch.setattr(index, "read_recipe", lambda: replace(recipe, floor=recipe.floor / 2))
        found.add(key())
    monkeypatch.setattr("okhotsk.cache.code_digest", lambda module, figures_only: "other code")
    found.add(key())
    assert len(found) == 9


@pytest.mark.parametrize("name", [intervals.__name__, solved.__name__, build.__name__])
def test_the_key_outlives_other_words_and_readers(name: str) -> None:
    """And nothing that computes: every module of the rooms that do is behind it."""
    behind = reached_modules(name, READERS)
    assert not behind & READERS
    left_out = reached_modules(name) - behind
    assert left_out
    assert left_out <= {*READERS, "okhotsk.scenario.border"}  # which only the reader imports


def test_what_is_left_out_computes_no_figure() -> None:
    rooms = ("raster", "theatre", "measures", "sweep", "assessment")
    assert not [name for name in READERS if name.split(".")[1] in rooms]
    assert [name for name in READERS if ".scenario." in name] == ["okhotsk.scenario.read"]


def test_theatre_and_tables_are_read_by_what_they_were_read_from() -> None:
    """Citations and findings are none of that: ``known`` has all that the tables take from data."""
    assert not {"claims.toml", "sources.toml"} & set(INPUTS)


def test_draws_are_those_of_assess() -> None:
    """The defaults first, then one set of assumptions, floor and weights of a draw at a time."""
    values, draws = intervals._draws(5)
    assert len(values) == 6
    assert values[0] == type(values[0])()
    assert len(draws["floors"]) == 5
    assert len(draws["weights"]) % intervals.WEIGHTINGS == 0
