"""The island sets that a command searches, and the islands and straits that it lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

import okhotsk

if TYPE_CHECKING:
    import pandas as pd

    from okhotsk.cli.progress import Tell
    from okhotsk.cli.session import Session
    from okhotsk.raster.arrays import SetArray
    from okhotsk.scenario.island_sets import Block


def choose_sets(pieces: str | None, family: str) -> tuple[tuple[Block, ...], SetArray]:
    """Return the blocks of --pieces (all by default) and the sets of them in a family.

    Raises
    ------
    ScenarioError
        For pieces that name no unit, or one twice.
    """
    from okhotsk.scenario.island_sets import parse_blocks, prefixes, read_blocks, subsets

    blocks = read_blocks() if pieces is None else parse_blocks(pieces)
    return blocks, (prefixes if family == "chain" else subsets)(blocks)


def make_sweep(
    session: Session, tell: Tell, *, pieces: str | None = None, family: str = "chain"
) -> okhotsk.Sweep:
    """Return the sweep over the island sets of a family."""
    blocks, chosen = choose_sets(pieces, family)
    return okhotsk.Sweep(
        session.theatre(),
        blocks=blocks,
        island_sets=chosen,
        assumptions=session.assumptions(),
        demilitarised=session.demilitarised,
        progress=tell,
    )


def choose_rows(
    kind: str,
    names: Iterable[str],
    known: Mapping[str, str],
    members: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what keeps the rows of named islands or straits; all rows where none is named.

    Parameters
    ----------
    kind
        What is named, as the tables call it: ``island``, ``strait``.
    names
        As people type them.
    known
        Ids by names (:mod:`okhotsk.theatre.names`).
    members
        What each id stands for, where it may stand for several.

    Raises
    ------
    click.UsageError
        For a name that stands for none.
    """
    from okhotsk.theatre.names import find_id, suggest

    found: list[str] = []
    for name in names:
        one = find_id(name, known)
        if one is None:
            raise click.UsageError(
                f"unknown {kind} {name!r}{suggest(name, known)}; `okhotsk {kind}s` lists all"
            )
        found += (members or {}).get(one, (one,))
    return lambda table: table[table[f"{kind}_id"].isin(found)] if found else table
