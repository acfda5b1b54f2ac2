"""What figures find, as their titles: each sentence is made of the figures that it stands over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from okhotsk.assessment import index
from okhotsk.assessment.record import Result
from okhotsk.raster.arrays import FloatArray
from okhotsk.report.captions import short_title
from okhotsk.report.sentences import WHOLE, capital, count, number
from okhotsk.scenario.assumptions import in_words
from okhotsk.theatre.model import Theatre

LEAST_SHARE = 0.0005  # of the patrol water: less does not show in the figures as they are written
LEAST_POINTS = 1.0  # of the index, for a step that is worth naming
ROUND = 10  # thousand km²


def theatre_finding(theatre: Theatre) -> str:
    """Which exit is the deepest, of those that the seabed resolves."""
    exits = [
        (throat.sill_depth_m, throat.strait.name.split(" (")[0])
        for throat in theatre.throats
        if throat.strait.exit and throat.sill_depth_m is not None
    ]
    if not exits:
        return "The seabed resolves none of the exits of the sea"
    (sill_m, name), number_of = max(exits), count(len(exits), "exit")
    return f"{name} is the deepest of the {number_of} with a known sill: {sill_m:,.0f} m"


def line_finding(result: Result) -> str:
    """What an option makes of the shortest seal line."""
    before_km, after_km = result.today["barrier_km"], result.record["barrier_km"]
    if not result.land.ceded.any():
        return f"The shortest seal line is {after_km:,.0f} km long today"
    if round(after_km) == round(before_km):
        return f"The shortest seal line stays at {after_km:,.0f} km"
    verb = "grows" if after_km > before_km else "shrinks"
    return f"The shortest seal line {verb} from {before_km:,.0f} to {after_km:,.0f} km"


def lines_finding(results: Sequence[Result]) -> str:
    """Under which option the shortest seal line is longest."""
    today_km = results[0].today["barrier_km"]
    longest = max(results, key=lambda result: result.record["barrier_km"])
    long_km = longest.record["barrier_km"]
    if round(long_km) <= round(today_km):
        return f"No option here makes the shortest seal line longer than today's {today_km:,.0f} km"
    return (
        f"The shortest seal line grows most under {in_sentence(longest)}: from {today_km:,.0f} to "
        f"{long_km:,.0f} km"
    )


def exits_finding(result: Result) -> str:
    """How many deep exits have Russian shores on both sides."""
    numbers = [int(result.record[f"exits_{who}"]) for who in ("russian", "shared", "japanese")]
    whole, russian = sum(numbers), numbers[0]
    if not whole:
        return f"No exit has a sill of {result.assumptions.transit_depth_m:g} m or more"
    if russian == whole:
        first = f"All {number(whole)} deep exits" if whole > 1 else "The one deep exit"
    else:
        first = f"{capital(number(russian) if russian else 'none')} of {count(whole, 'deep exit')}"
    verb = "have" if russian > 1 or not russian else "has"
    return f"{first} {verb} Russian shores on both sides"


def refuge_finding(results: Sequence[Result]) -> str:
    """Which option leaves the least refuge."""
    km = results[0].assumptions.refuge_standoff_km
    today = results[0].today["refuge_share"]
    least = min(results, key=lambda result: result.record["refuge_share"])
    share = least.record["refuge_share"]
    if share > today - LEAST_SHARE:
        return f"No option here lowers the refuge at {km:g} km below today's {today:.1%}"
    kept = f"{share:.1%} of the patrol water, against {today:.1%} today"
    return f"{capital(in_sentence(least))} leaves least refuge at {km:g} km: {kept}"


def enclosure_finding(curves: Sequence[tuple[str, FloatArray, FloatArray]]) -> str:
    """Under which option the line that encloses one area is longest.

    ``curves`` are names of options, lengths of lines (km) and what they enclose (thousand km²).
    """
    if not curves:
        return "No line encloses patrol water here"
    level = np.floor(min(y.max() for _, _, y in curves) / ROUND) * ROUND
    # Of a curve that starts above that area, its first line is already more than enough.
    needed = [(float(np.interp(level, y, x)), name) for name, x, y in curves]
    long_km, worst = max(needed)
    best, x, y = min(curves, key=lambda curve: curve[1].min())
    if len(curves) == 1 or best == worst:
        return f"A line of {x[-1]:,.0f} km encloses {y[-1]:,.0f} thousand km² of patrol water"
    return (
        f"To enclose {level:,.0f} thousand km² takes a line of {long_km:,.0f} km under {worst}; "
        f"under {best}, one of {x[0]:,.0f} km encloses {y[0]:,.0f} thousand"
    )


def depths_finding(result: Result) -> str:
    """How deep the water is, all the way, on the deepest ways outside the other side's waters."""
    ways = (
        ("the way in for foreign boats", result.record["access_depth_m"]),
        ("the way out for Russian boats", result.record["egress_depth_m"]),
    )
    told = [
        f"{way} is nowhere shallower than {depth_m:,.0f} m" if depth_m > 0 else f"{way} is closed"
        for way, depth_m in ways
    ]
    return f"Outside the other side's territorial sea, {told[0]}, {told[1]}"


def components_finding(results: Sequence[Result]) -> str:
    """Which component of the index loses most, and under which options."""
    titles = {c.component_id: c.title for c in index.read_recipe().components}
    kept = {(name, n): r.components[name] for n, r in enumerate(results) for name in titles}
    (name, n), least = min(kept.items(), key=lambda item: item[1])
    if least >= WHOLE / 100:
        return "No component of the index loses anything"
    under = [r for r in results if f"{100 * r.components[name]:.0f}" == f"{100 * least:.0f}"]
    several = f"{number(len(under))} of {count(len(results), 'option')}"
    where = in_sentence(results[n]) if len(under) == 1 else several
    return f"{titles[name]} loses most: {100 * least:.0f}% of today's is left under {where}"


def step_finding(steps: pd.DataFrame) -> str:
    """Which step up the chain costs most of the index."""
    losses = -np.diff(steps["index"].to_numpy())
    worst = int(losses.argmax()) if len(losses) else 0
    if not len(losses) or losses[worst] < LEAST_POINTS:
        return "No step up the chain costs a point of the index"
    before, after = steps["index"].iloc[worst], steps["index"].iloc[worst + 1]
    name = first_island(steps.up_to.iloc[worst + 1])
    return (
        f"With these assumptions the step to {name} lowers the index most: from {before:.0f} to "
        f"{after:.0f}"
    )


def first_island(block: str) -> str:
    """The first island of a block."""
    return capital(block.replace("the ", "").split(",")[0].split(" and ")[0])


def ranks_finding(ranks: pd.DataFrame, shorts: Mapping[str, str]) -> str:
    """Which option is last for the bastion most often."""
    last = ranks.iloc[:, -1]
    name = str(last.idxmax())
    return f"“{shorts[name]}” comes last in {last[name]:.0%} of the draws"


def drivers_finding(drivers: pd.DataFrame, shorts: Mapping[str, str]) -> str:
    """Which assumption drives the index of most options."""
    table = drivers[(drivers.result == "index") & drivers.scenario_id.isin(list(shorts))]
    if table.empty:
        return "No assumption drives the index"
    first = table.loc[table.groupby("scenario_id", sort=False).total.idxmax()]
    leads = first.assumption.value_counts(sort=False)
    name, options = str(leads.idxmax()), count(len(first), "option")
    if len(first) == 1:
        return f"{capital(in_words(name))} drives the index of this option most"
    return f"{capital(in_words(name))} drives the index most in {number(leads.max())} of {options}"


def in_sentence(result: Result) -> str:
    """An option inside a sentence."""
    return f"“{short_title(result)}”" if result.land.ceded.any() else "the status quo"
