"""What is lost when a strait turns Japanese or shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from okhotsk.assessment import index, uncertainty
from okhotsk.assessment.uncertainty import Sampler
from okhotsk.raster.arrays import FloatArray
from okhotsk.scenario.assumptions import Assumptions
from okhotsk.scenario.island_sets import Block
from okhotsk.sweep.areas import exits_of
from okhotsk.sweep.engine import Sweep
from okhotsk.sweep.frontier_samples import sample_sets
from okhotsk.sweep.passage_bounds import Progress
from okhotsk.theatre.coast import FIXED_HOLDERS, read_islands
from okhotsk.theatre.model import Theatre
from okhotsk.theatre.straits import Strait

JAPANESE, SHARED = "japanese", "shared"


@dataclass(frozen=True)
class Turn:
    """A strait, the regime that it turns to, and the least land that must be ceded for it."""

    strait: Strait
    regime: str
    units: tuple[str, ...]


def strait_losses(
    theatre: Theatre,
    *,
    assumptions: Assumptions | None = None,
    samples: int | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return what the index and each component lose when a deep exit changes hands.

    A strait changes hands with its shores. So each row cedes the least land that turns the strait:
    both its sides (``japanese``), or the side nearer to Hokkaido alone (``shared``). What is lost
    is lost by the strait and by this land together.

    Parameters
    ----------
    theatre
        From :func:`okhotsk.load`.
    assumptions
        The defaults, unless given.
    samples
        Samples of the assumptions behind intervals and ranks
        (:data:`okhotsk.assessment.uncertainty.SAMPLES` by default).
    workers
        Threads; the answer does not depend on their number.
    progress
        Called with what is being prepared, how much of it is done, and how much there is.

    Returns
    -------
    pandas.DataFrame
        A row a strait and regime, the greatest loss of the index first under each regime:
        ``strait_id``, ``strait``, ``turns``, ``ceded``, ``ceded_land_km2``, ``index``,
        ``index_low``, ``index_high``, ``index_loss``; ``first_share``, the share of samples and
        weightings in which it costs the most of the index under this regime (ties share it); and
        what each component loses, as a share of today's (``loss_<component>``).

    Raises
    ------
    AssumptionError
        Where the assumptions leave nothing to protect.
    SeabedError
        Where the seabed resolves no exit.
    """
    chosen = assumptions or Assumptions()
    deep = [t.strait for t in exits_of(theatre.throats, chosen.transit_depth_m)]
    turns = [*_turns(deep, JAPANESE), *_turns(deep, SHARED)]
    units = [unit for unit in read_islands() if any(unit in turn.units for turn in turns)]
    sets = [sum(1 << units.index(unit) for unit in turn.units) for turn in turns]
    distinct, which = np.unique(np.array(sets, np.uint64), return_inverse=True)
    sweep = Sweep(
        theatre,
        blocks=[Block(unit, read_islands()[unit].name, (unit,)) for unit in units],
        island_sets=distinct,
        assumptions=chosen,
        workers=workers,
        progress=progress,
    )
    return _table(sweep, turns, which, samples or uncertainty.SAMPLES)


def _table(
    sweep: Sweep, turns: Sequence[Turn], which: NDArray[np.int64], samples: int
) -> pd.DataFrame:
    """The table of some turns; ``which`` is the number of each one's set in the sweep."""
    columns = sweep.figures(sweep.island_sets)
    records = [
        {name: values[n] for name, values in columns.items()} for n in range(len(sweep.island_sets))
    ]
    sampler = Sampler(sweep.theatre, workers=sweep.workers)
    scores = sample_sets(sweep, sampler, sweep.island_sets, records, samples).scores
    kept = sweep.components(columns)
    low, high = index.interval(scores).T
    rows = [
        _row(turn, records[n], kept[n], index_low=low[n], index_high=high[n])
        for turn, n in zip(turns, which, strict=True)
    ]
    table = pd.DataFrame(rows)
    table["first_share"] = _first_shares(table.turns, scores[:, which])
    return table.sort_values(["turns", "index_loss"], ascending=[True, False], ignore_index=True)


def _turns(straits: Iterable[Strait], regime: str) -> list[Turn]:
    """How straits turn to a regime, where a cession of the chain does it."""
    found = []
    for strait in straits:
        sides = (strait.side_a, strait.side_b)
        units = sides if regime == JAPANESE else (_southern(sides),)
        if all(unit in read_islands() for unit in units):
            found.append(Turn(strait, regime, units))
    return found


def _southern(sides: tuple[str, str]) -> str:
    """The side nearer to Hokkaido that Japan does not hold: the data name that side first."""
    first, second = sides
    return second if FIXED_HOLDERS.get(first) == "JP" else first


def _row(
    turn: Turn, record: Mapping[str, Any], kept: FloatArray, **interval: float
) -> dict[str, Any]:
    islands = read_islands()
    components = index.read_recipe().components
    return {
        "strait_id": turn.strait.strait_id,
        "strait": turn.strait.name,
        "turns": turn.regime,
        "ceded": " and ".join(islands[unit].name for unit in turn.units),
        "ceded_land_km2": record["ceded_land_km2"],
        "index": record["index"],
        **interval,
        "index_loss": 100 - record["index"],
        "first_share": np.nan,
        **{f"loss_{c.component_id}": 1 - kept[n] for n, c in enumerate(components)},
    }


def _first_shares(regimes: pd.Series, scores: FloatArray) -> FloatArray:
    """In what share of samples and weightings each row has the least index of its regime."""
    shares = np.empty(len(regimes))
    for regime in regimes.unique():
        own = np.flatnonzero(regimes == regime)
        shares[own] = index.rank_probabilities(-scores[:, own])[:, 0]
    return shares
