"""Admissible cessions: which pieces of the chain may be handed over together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from okhotsk.datasets import ID, read_table
from okhotsk.errors import ScenarioError
from okhotsk.raster.arrays import SetArray
from okhotsk.scenario.model import Cession, Scenario
from okhotsk.schema import TABLES, TEXTS, Key, Schema
from okhotsk.theatre.coast import groups, read_islands

MOST_PIECES = 24


@dataclass(frozen=True)
class Block:
    """Units that are handed over together.

    Attributes
    ----------
    piece_id, title
        Name in tables, and in sentences.
    units
        Ids of land units.
    """

    piece_id: str
    title: str
    units: tuple[str, ...]


def read_blocks() -> tuple[Block, ...]:
    """Return the pieces of the chain that are swept by default, south to north."""
    return tuple(
        Block(record["id"], record["title"], tuple(record["units"]))
        for record in read_table("cessions.toml", blocks_schema())["piece"]
    )


def blocks_schema() -> Schema:
    """Return what ``cessions.toml`` may hold; its pieces are made of known units."""
    piece = {"id": ID, "title": Key(), "units": Key(TEXTS, choices=tuple(read_islands()))}
    return Schema({"piece": Key(TABLES, table=Schema(piece, label="id"))})


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Make pieces of a text such as ``habomai,shikotan,kunashir+iturup``.

    Units, groups of the island list and pieces of the data may be named; a plus joins them into
    one piece.

    Raises
    ------
    ScenarioError
        Naming everything wrong: unknown names, units named twice, too many pieces.
    """
    known = {piece.piece_id: piece.units for piece in read_blocks()} | dict(groups())
    words = [[name.strip() for name in word.split("+")] for word in text.split(",") if word.strip()]
    problems = [f"unknown unit {n!r}" for word in words for n in word if n not in known]
    if problems:
        raise ScenarioError(f"pieces: {'; '.join(problems)}; expected some of {', '.join(known)}")
    pieces = tuple(
        Block("+".join(word), "+".join(word), tuple(unit for name in word for unit in known[name]))
        for word in words
    )
    units = [unit for piece in pieces for unit in piece.units]
    problems = [f"{u} is in two pieces" for u in dict.fromkeys(units) if units.count(u) > 1]
    if not 0 < len(pieces) <= MOST_PIECES:
        problems.append(f"there are {len(pieces)} pieces, expected 1 to {MOST_PIECES}")
    if problems:
        raise ScenarioError(f"pieces: {'; '.join(problems)}")
    return pieces


def prefixes(pieces: Sequence[Block]) -> SetArray:
    """Return the cessions that run up the chain from its south: nothing, one piece, two, all.

    Returns
    -------
    numpy.ndarray
        Sets of pieces: bit n stands for the n-th piece.
    """
    return np.array([(1 << n) - 1 for n in range(len(pieces) + 1)], np.uint64)


def subsets(pieces: Sequence[Block]) -> SetArray:
    """Return every combination of pieces, from none to all, as :func:`prefixes` does."""
    return np.arange(1 << len(pieces), dtype=np.uint64)


def block_units(pieces: Sequence[Block]) -> list[int]:
    """Return the units of each piece as a set: bits in the order of the island list."""
    order = list(read_islands())
    return [sum(1 << order.index(unit) for unit in piece.units) for piece in pieces]


def unit_sets(chosen: SetArray, pieces: Sequence[Block]) -> SetArray:
    """Return the units of some sets of pieces, as bits in the order of the island list."""
    sets = np.zeros(len(chosen), np.uint64)
    for number, units in enumerate(block_units(pieces)):
        given = chosen >> np.uint64(number) & np.uint64(1)
        sets |= np.where(given, np.uint64(units), np.uint64(0))
    return sets


def names(chosen: int, pieces: Sequence[Block]) -> list[str]:
    """Ids of the pieces in a set."""
    return [piece.piece_id for number, piece in enumerate(pieces) if chosen >> number & 1]


def to_scenario(chosen: int, pieces: Sequence[Block], *, demilitarised: bool = False) -> Scenario:
    """Return the option that hands a set of pieces over."""
    forces = "none" if demilitarised else "JP"
    units = [u for n, piece in enumerate(pieces) if chosen >> n & 1 for u in piece.units]
    suffix = ["demilitarised"] if demilitarised else []
    return Scenario(
        scenario_id="-".join(["cede", *(names(chosen, pieces) or ["nothing"]), *suffix]),
        title=f"Ceded: {', '.join(p.title for n, p in enumerate(pieces) if chosen >> n & 1)}",
        cessions=tuple(Cession(unit=unit, forces=forces) for unit in units),
    )


def name_runs(ceded: str, pieces: Sequence[Block]) -> str:
    """Titles of pieces by their ids, neighbours as one: ``Habomai to Kunashir; Shumshu``."""
    chosen, runs = set(ceded.split()), list[list[str]]()
    before = False
    for piece in pieces:
        now = piece.piece_id in chosen
        if now and before:
            runs[-1].append(piece.title)
        elif now:
            runs.append([piece.title])
        before = now
    words = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return "; ".join(words) or "nothing"
