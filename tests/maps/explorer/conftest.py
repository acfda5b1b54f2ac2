"""The explorer of seven blocks on the coarse sea."""

from __future__ import annotations

from pathlib import Path

import pytest

from okhotsk.maps.explorer.page import explorer_page
from okhotsk.scenario.island_sets import Block, read_blocks
from okhotsk.theatre.model import Theatre

# The waters of Srednego are an enclave on the coarsened theatre where the rest is kept, but not on
# the theatre.
SREDNEGO = 11
JOINED = ((0, 1, 2), (3,), (4,), (5, 6, 7), (8,), (SREDNEGO,), (9, 10, *range(12, 20)))


@pytest.fixture(scope="package")
def blocks() -> tuple[Block, ...]:
    """The chain in seven blocks."""
    known = read_blocks()
    return tuple(
        Block(
            "-".join(known[n].block_id for n in some[:2]),
            " and ".join(known[n].title for n in some[:2]),
            tuple(unit for n in some for unit in known[n].units),
        )
        for some in JOINED
    )


@pytest.fixture(scope="package")
def page(
    coarse: Theatre, blocks: tuple[Block, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The explorer of them, as a file."""
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer_page(coarse, blocks=blocks, samples=1), "utf-8")
    return path
