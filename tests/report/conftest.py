"""Made-up frontiers and intervals, and the figures and the briefing drawn from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from legible import spread_of

from okhotsk.assessment import index
from okhotsk.report.briefing import make_briefing
from okhotsk.report.figures import FIGURES, draw
from okhotsk.sweep.frontier import Frontier


@pytest.fixture(scope="session")
def frontier():
    """A made-up frontier of five steps."""
    steps = pd.DataFrame({"up_to": ["nothing", "Shikotan", "Kunashir", "Iturup", "Urup"]})
    steps["ceded_land_km2"] = [0.0, 367.0, 1887.0, 5112.0, 6553.0]
    for n, c in enumerate(index.read_recipe().components):
        steps[f"{c.component_id}_percent"] = np.linspace(100, 20 + 10 * n, 5)
    steps["index"] = [100, 99.9, 95, 59, 56]
    steps["index_low"], steps["index_high"] = steps["index"] - 9, steps["index"].clip(upper=96) + 4
    return Frontier(pd.DataFrame(), steps, (), 32)


@pytest.fixture(scope="session")
def spread(results):
    """Made-up ranks and drivers of the shared options."""
    return spread_of([r.scenario.scenario_id for r in results])


@pytest.fixture(scope="session")
def made(theatre, results, frontier, spread):
    """Draw any figure."""

    def make(name, width="column"):
        needs = FIGURES[name].needs
        chosen = results[1:2] if needs == "option" else results
        return draw(
            name, theatre=theatre, results=chosen, frontier=frontier, spread=spread, width=width
        )

    return make


@pytest.fixture(scope="session")
def steps():
    """Five made-up steps up the chain."""
    frame = pd.DataFrame({"up_to": ["nothing", "Shikotan", "Kunashir", "Iturup", "Urup"]})
    frame["ceded_land_km2"] = [0.0, 367.0, 1887.0, 5112.0, 6553.0]
    frame["ceded_population"] = [0, 1, 11487, 18403, 18403]
    for n, c in enumerate(index.read_recipe().components):
        frame[f"{c.component_id}_percent"] = np.linspace(100, 20 + 10 * n, 5)
    frame["index"] = [100, 99.9, 95, 59, 40]
    frame["index_low"], frame["index_high"] = frame["index"] - 9, frame["index"].clip(upper=96) + 4
    return frame


@pytest.fixture(scope="session")
def document(results, steps):
    """The briefing on the shared options."""
    return make_briefing(results, results[0], Frontier(pd.DataFrame(), steps, (), 32))
