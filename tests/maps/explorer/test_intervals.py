"""What the tables of the interval are kept by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from okhotsk.maps.explorer import intervals
from okhotsk.scenario.island_sets import read_blocks
from okhotsk.theatre.model import Theatre


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
    monkeypatch.setattr(intervals, "data_digest", lambda: "other options")
    found.add(key())
    monkeypatch.setattr("okhotsk.cache.code_digest", lambda module: "other code")
    found.add(key())
    assert len(found) == 8


def test_draws_are_those_of_assess() -> None:
    """The defaults first, then one set of assumptions, floor and weights of a draw at a time."""
    values, draws = intervals._draws(5)
    assert len(values) == 6
    assert values[0] == type(values[0])()
    assert len(draws["floors"]) == 5
    assert len(draws["weights"]) % intervals.WEIGHTINGS == 0
