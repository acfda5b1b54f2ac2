"""The twin's figures of every cession, against the twin measured one cession at a time."""

from __future__ import annotations

import numpy as np
import pytest

from okhotsk.assessment.uncertainty import CoarseScenario, draw
from okhotsk.maps.explorer.samples import UNARMED, find_sample
from okhotsk.measures.barrier import LINES
from okhotsk.measures.context import Context
from okhotsk.scenario.assumptions import from_unit
from okhotsk.scenario.island_sets import parse_blocks, subsets, to_scenario, unit_sets
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.enclaves import find_enclaves
from okhotsk.sweep.engine import EXPOSURES
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

PIECES = parse_blocks(
    "habomai+shikotan,kunashir,iturup,urup,srednego-rocks,paramushir-group,shumshu"
)
POINTS = draw(48)[[1, 6], :-1]  # transit passage and a wide range of sight; a core far from shores


@pytest.fixture(scope="module")
def twin(theatre: Theatre) -> Theatre:
    """The twin that intervals are computed on."""
    return coarsen(theatre, 10)


@pytest.mark.parametrize("point", POINTS, ids=("near", "far"))
def test_every_cession_is_as_if_measured_alone(
    theatre: Theatre, twin: Theatre, point: np.ndarray
) -> None:
    assumptions = from_unit(point)
    sets = subsets(PIECES)
    kinds, pockets = find_enclaves(find_allocation(twin, assumptions), unit_sets(sets, PIECES))
    assert len(pockets) > 1
    sample = find_sample(twin, PIECES, assumptions, kinds=kinds, pockets=pockets)
    ground = Context(twin, assumptions)
    for ceded, kind in zip(sets[::3], kinds[::3], strict=True):
        for off in (False, True):
            scenario = to_scenario(int(ceded), PIECES, demilitarised=off)
            known = CoarseScenario.of(ground, theatre, scenario).measure(assumptions)
            lines = {name: sample.lines[name][kind].costs(ceded[None])[0] for name in LINES}
            ways = {
                name: stands(sample.ways[UNARMED if off and name == EXPOSURES[0] else name], taken)
                for name, taken in zip(EXPOSURES, (ceded, ~ceded), strict=True)
            }
            for name, value in {**lines, **ways}.items():
                assert value == pytest.approx(known[name], rel=3e-6, abs=1e-9), (int(ceded), name)


def stands(rows: list[list[float]], taken: np.uint64) -> float:
    """Figure of the cheapest row that nothing taken bars."""
    return next((figure for _, bars, figure in rows if not int(bars) & int(taken)), np.inf)
