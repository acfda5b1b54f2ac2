"""The figures of every island set on the coarsened theatre, against each measured alone."""

from __future__ import annotations

import numpy as np
import pytest

from okhotsk.assessment.uncertainty import CoarseScenario, draw
from okhotsk.maps.explorer.samples import find_sample
from okhotsk.maps.explorer.tables import UNARMED
from okhotsk.measures.barrier import SEALS
from okhotsk.measures.context import Context
from okhotsk.scenario.assumptions import from_unit
from okhotsk.scenario.island_sets import parse_blocks, subsets, to_scenario, to_unit_sets
from okhotsk.sweep.allocation import find_allocation
from okhotsk.sweep.enclaves import find_enclaves
from okhotsk.sweep.passage_bounds import EXPOSURES
from okhotsk.theatre.coarsen import coarsen
from okhotsk.theatre.model import Theatre

BLOCKS = parse_blocks(
    "habomai+shikotan,kunashir,iturup,urup,srednego-rocks,paramushir-group,shumshu"
)
POINTS = draw(48)[[1, 6], :-1]  # transit passage and a wide range of sight; a core far from shores


@pytest.fixture(scope="module")
def coarser(theatre: Theatre) -> Theatre:
    """The coarsened theatre that intervals are computed on."""
    return coarsen(theatre, 10)


@pytest.mark.parametrize("point", POINTS, ids=("near", "far"))
def test_every_island_set_is_as_if_measured_alone(
    theatre: Theatre, coarse: Theatre, coarser: Theatre, point: np.ndarray
) -> None:
    assumptions = from_unit(point)
    sets = subsets(BLOCKS)
    allocation = find_allocation(coarser, assumptions)
    kinds, enclaves = find_enclaves(allocation, to_unit_sets(sets, BLOCKS))
    assert len(enclaves) > 1
    # Passages on finer cells than barriers, as intervals have them.
    sample = find_sample(coarser, coarse, BLOCKS, assumptions, kinds=kinds, enclaves=enclaves)
    contexts = [Context(ground, assumptions) for ground in (coarser, coarse)]
    for ceded, kind in zip(sets[::3], kinds[::3], strict=True):
        for off in (False, True):
            scenario = to_scenario(int(ceded), BLOCKS, demilitarised=off)
            known = CoarseScenario.of(contexts, theatre, scenario).measure(assumptions)
            barriers = {name: sample.families[name][kind].costs(ceded[None])[0] for name in SEALS}
            # Russia's ways are barred by what is ceded and watched by forces there; others' ways
            # are barred by what is not.
            exposures = {
                name: still_open(
                    sample.passages[
                        name + UNARMED if off and name != "intruder_exposure" else name
                    ],
                    ~ceded if name == "intruder_exposure" else ceded,
                )
                for name in EXPOSURES
            }
            for name, value in {**barriers, **exposures}.items():
                assert value == pytest.approx(known[name], rel=3e-6, abs=1e-9), (int(ceded), name)


def still_open(rows: list[list[float]], taken: np.uint64) -> float:
    """Figure of the cheapest row that nothing taken bars."""
    return next((figure for _, bars, figure in rows if not int(bars) & int(taken)), np.inf)
