"""Which pieces of the chain may be handed over together."""

from __future__ import annotations

import numpy as np
import pytest

from okhotsk.errors import ScenarioError
from okhotsk.scenario.island_sets import (
    members,
    names,
    parse_blocks,
    prefixes,
    read_blocks,
    subsets,
    to_scenario,
    to_unit_sets,
)
from okhotsk.theatre.coast import read_islands


def test_the_pieces_are_the_chain_once_and_in_order() -> None:
    units = [unit for block in read_blocks() for unit in block.units]
    assert sorted(units) == sorted(read_islands())
    first = [list(read_islands()).index(block.units[0]) for block in read_blocks()]
    assert first == sorted(first)
    assert len(subsets(read_blocks())) == 2**20


def test_names_may_be_units_groups_and_pieces() -> None:
    blocks = parse_blocks("habomai, chirpoy-group ,kunashir+iturup")
    assert [block.block_id for block in blocks] == ["habomai", "chirpoy-group", "kunashir+iturup"]
    assert len(blocks[0].units) == 8
    assert blocks[1].units == ("chirpoy", "broughton")  # the block of the data
    assert blocks[2].units == ("kunashir", "iturup")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shikotan,atlantis", "unknown unit 'atlantis'"),
        ("shikotan,shikotan", "shikotan is in two pieces"),
        ("habomai,yuri", "yuri is in two pieces"),
        (",", "there are 0 pieces"),
    ],
)
def test_what_is_wrong_is_named(text: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        parse_blocks(text)


def test_sets_of_pieces_are_sets_of_units() -> None:
    blocks, order = parse_blocks("shikotan,kunashir+iturup"), tuple(read_islands())
    found = [members(int(s), order) for s in to_unit_sets(subsets(blocks), blocks)]
    assert found == [[], ["shikotan"], ["kunashir", "iturup"], ["shikotan", "kunashir", "iturup"]]
    assert prefixes(blocks).tolist() == [0, 1, 3]
    assert names(2, blocks) == ["kunashir+iturup"]


def test_a_cession_is_an_option_like_any_other() -> None:
    blocks = parse_blocks("shikotan,kunashir")
    option = to_scenario(3, blocks, demilitarised=True)
    assert option.scenario_id == "cede-shikotan-kunashir-demilitarised"
    assert {(c.unit, c.forces) for c in option.cessions} == {
        ("shikotan", "none"),
        ("kunashir", "none"),
    }
    assert to_scenario(int(np.uint64(0)), blocks).scenario_id == "cede-nothing"
