"""The island sets that a command searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import okhotsk

if TYPE_CHECKING:
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
