"""Island sets: which blocks of islands are ceded together, as bit sets.

A block is a group of land units that change hands together. A set of blocks is a number whose bit
n stands for the n-th block; a set of units is a number whose bits are in the order of the island
list.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from okhotsk.datasets import ID, read_table
from okhotsk.errors import ScenarioError
from okhotsk.raster.arrays import SetArray
from okhotsk.scenario.model import Cession, Scenario
from okhotsk.schema import TABLES, TEXTS, Key, Schema
from okhotsk.theatre.coast import groups, read_islands
from okhotsk.theatre.names import find_id, suggest, unit_names

MAX_BLOCKS = 24


@dataclass(frozen=True)
class Block:
    """Land units that change hands together.

    Attributes
    ----------
    block_id, title
        Name in tables, and in sentences.
    units
        Ids of land units.
    """

    block_id: str
    title: str
    units: tuple[str, ...]


def read_blocks() -> tuple[Block, ...]:
    """Return the blocks of the chain that are swept by default, south to north."""
    return tuple(
        Block(record["id"], record["title"], tuple(record["units"]))
        for record in read_table("cessions.toml", blocks_schema())["piece"]
    )


def blocks_schema() -> Schema:
    """Return what ``cessions.toml`` may hold; its blocks are made of known units."""
    block = {"id": ID, "title": Key(), "units": Key(TEXTS, choices=tuple(read_islands()))}
    return Schema({"piece": Key(TABLES, table=Schema(block, label="id"))})


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Make blocks of a text such as ``habomai,shikotan,kunashir+iturup``.

    The text names units, groups of the island list, or blocks of the data. A plus joins them into
    one block.

    Raises
    ------
    ScenarioError
        Naming everything wrong: unknown names, units named twice, too many blocks.
    """
    known = {block.block_id: block.units for block in read_blocks()} | dict(groups())
    words = [
        [_known_as(name.strip(), known) for name in word.split("+")]
        for word in text.split(",")
        if word.strip()
    ]
    problems = [
        f"unknown unit {n!r}{suggest(n, unit_names())}"
        for word in words
        for n in word
        if n not in known
    ]
    if problems:
        raise ScenarioError(f"pieces: {'; '.join(problems)}; expected some of {', '.join(known)}")
    blocks = tuple(
        Block("+".join(word), "+".join(word), tuple(unit for name in word for unit in known[name]))
        for word in words
    )
    units = [unit for block in blocks for unit in block.units]
    problems = [f"{u} is in two pieces" for u in dict.fromkeys(units) if units.count(u) > 1]
    if not 0 < len(blocks) <= MAX_BLOCKS:
        problems.append(f"there are {len(blocks)} pieces, expected 1 to {MAX_BLOCKS}")
    if problems:
        raise ScenarioError(f"pieces: {'; '.join(problems)}")
    return blocks


def _known_as(name: str, known: Container[str]) -> str:
    """The id that a name stands for; the name itself where it is one, or stands for none."""
    return name if name in known else find_id(name, unit_names()) or name


def prefixes(blocks: Sequence[Block]) -> SetArray:
    """Return the sets that grow along the chain from its south: none, the first block, two, all.

    Returns
    -------
    numpy.ndarray
        Sets of blocks, ascending; one more than there are blocks.
    """
    return np.array([(1 << n) - 1 for n in range(len(blocks) + 1)], np.uint64)


def subsets(blocks: Sequence[Block]) -> SetArray:
    """Return every set of blocks, ascending, from none to all."""
    return np.arange(1 << len(blocks), dtype=np.uint64)


def set_of(units: Iterable[str], order: Sequence[str]) -> int:
    """Return some units as a set: bits in the order given."""
    return sum(1 << order.index(unit) for unit in units)


def members(unit_set: int, order: Sequence[str]) -> list[str]:
    """Return the units of a set whose bits are in the order given."""
    return [unit for n, unit in enumerate(order) if unit_set >> n & 1]


def block_units(blocks: Sequence[Block]) -> list[int]:
    """Return the units of each block as a set."""
    order = list(read_islands())
    return [set_of(block.units, order) for block in blocks]


def to_unit_sets(island_sets: SetArray, blocks: Sequence[Block]) -> SetArray:
    """Return the units of some sets of blocks, as sets."""
    unit_sets = np.zeros(len(island_sets), np.uint64)
    for number, units in enumerate(block_units(blocks)):
        ceded = island_sets >> np.uint64(number) & np.uint64(1)
        unit_sets |= np.where(ceded, np.uint64(units), np.uint64(0))
    return unit_sets


def names(island_set: int, blocks: Sequence[Block]) -> list[str]:
    """Return the ids of the blocks in a set."""
    return [block.block_id for block in _members(island_set, blocks)]


def to_scenario(
    island_set: int, blocks: Sequence[Block], *, demilitarised: bool = False
) -> Scenario:
    """Return the scenario that cedes a set of blocks."""
    forces = "none" if demilitarised else "JP"
    ceded = _members(island_set, blocks)
    suffix = ["demilitarised"] if demilitarised else []
    return Scenario(
        scenario_id="-".join(["cede", *(names(island_set, blocks) or ["nothing"]), *suffix]),
        title=f"Ceded: {', '.join(block.title for block in ceded)}",
        cessions=tuple(Cession(unit=unit, forces=forces) for b in ceded for unit in b.units),
    )


def _members(island_set: int, blocks: Sequence[Block]) -> list[Block]:
    return [block for n, block in enumerate(blocks) if island_set >> n & 1]


def name_runs(ceded: str, blocks: Sequence[Block]) -> str:
    """Titles of blocks by their ids, neighbours as one: ``Habomai to Kunashir; Shumshu``."""
    ids, runs = set(ceded.split()), list[list[str]]()
    before = False
    for block in blocks:
        now = block.block_id in ids
        if now and before:
            runs[-1].append(block.title)
        elif now:
            runs.append([block.title])
        before = now
    words = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return "; ".join(words) or "nothing"
